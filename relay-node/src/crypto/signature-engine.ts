/**
 * What makes and checks Ed25519 signatures: libsodium where its binary loads, at half the CPU, else node:crypto. That is
 * most of what a broadcaster and a relay compute for a piece. RFC 8032 leaves nothing to chance: both make the same
 * signature. Neither throws on any bytes of the right length, but for a public key that is none under node:crypto.
 */

import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { createRequire } from 'node:module';
import type { SignEffect } from '@freshet/proto';

/** One implementation. */
export type SignatureEngine = {
  /** Whether `signature` (64 bytes) over `message` was made with the key of `publicKey` (32 bytes). */
  readonly verify: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;
  /** Signs with the key of a 32-byte secret (the seed of RFC 8032 §5.1.5) and its public key. */
  readonly createSigner: (secret: Uint8Array, publicKey: Uint8Array) => SignEffect;
};

/** The part of sodium-native that is used. A secret key there is seed and public key in one. */
type Sodium = {
  readonly crypto_sign_verify_detached: (
    signature: Uint8Array,
    message: Uint8Array,
    publicKey: Uint8Array,
  ) => boolean;
  readonly crypto_sign_detached: (signature: Uint8Array, message: Uint8Array, secretKey: Uint8Array) => void;
};

/** What stands in front of a raw public key in its DER form (RFC 8410 §4). */
export const PUBLIC_KEY_PREFIX: Uint8Array = Buffer.from('302a300506032b6570032100', 'hex');
/** What stands in front of a 32-byte secret in its DER form (RFC 8410 §7). */
export const PRIVATE_KEY_PREFIX: Uint8Array = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Parsed public keys kept; the oldest is dropped. A relay needs two per channel. */
const PUBLIC_KEYS_MAX = 1024;

/** By node:crypto, which every Node has. */
export function createNodeEngine(): SignatureEngine {
  const keys = new Map<string, KeyObject>();
  const keyOf = (raw: Uint8Array): KeyObject => {
    const name = Buffer.from(raw.buffer, raw.byteOffset, raw.length).toString('latin1');
    const known = keys.get(name);
    if (known) return known;
    const key = createPublicKey({
      key: Buffer.concat([PUBLIC_KEY_PREFIX, raw]),
      format: 'der',
      type: 'spki',
    });
    const oldest = keys.size >= PUBLIC_KEYS_MAX ? keys.keys().next().value : undefined;
    if (oldest !== undefined) keys.delete(oldest);
    keys.set(name, key);
    return key;
  };
  return {
    verify: (publicKey, message, signature) => verify(null, message, keyOf(publicKey), signature),
    createSigner: (secret) => {
      const der = Buffer.concat([PRIVATE_KEY_PREFIX, secret]);
      const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
      return (message) => sign(null, message, key);
    },
  };
}

/** By libsodium; `undefined` where its binary does not load. */
export function createSodiumEngine(): SignatureEngine | undefined {
  try {
    const sodium: Sodium = createRequire(import.meta.url)('sodium-native');
    return {
      verify: (publicKey, message, signature) =>
        sodium.crypto_sign_verify_detached(signature, message, publicKey),
      createSigner: (secret, publicKey) => {
        const secretKey = Buffer.concat([secret, publicKey]);
        return (message) => {
          const signature = new Uint8Array(64);
          sodium.crypto_sign_detached(signature, message, secretKey);
          return signature;
        };
      },
    };
  } catch {
    // An optional package: without it everything works, at more CPU.
    return undefined;
  }
}
