/**
 * What checks an Ed25519 signature: libsodium where its binary loads, at half the CPU, else node:crypto. Verification is
 * most of what a relay computes for a piece. Neither throws on any bytes of the right length.
 */

import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { createRequire } from 'node:module';

/** Whether `signature` (64 bytes) over `message` was made with the key of `publicKey` (32 bytes). */
export type VerifySignature = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

/** The part of sodium-native that is used. */
type Sodium = {
  readonly crypto_sign_verify_detached: (
    signature: Uint8Array,
    message: Uint8Array,
    publicKey: Uint8Array,
  ) => boolean;
};

/** What stands in front of a raw public key in its DER form (RFC 8410 §4). */
export const PUBLIC_KEY_PREFIX: Uint8Array = Buffer.from('302a300506032b6570032100', 'hex');

/** Parsed public keys kept; the oldest is dropped. A relay needs two per channel. */
const PUBLIC_KEYS_MAX = 1024;

/** By node:crypto, which every Node has. */
export function createNodeVerifier(): VerifySignature {
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
  return (publicKey, message, signature) => verify(null, message, keyOf(publicKey), signature);
}

/** By libsodium; `undefined` where its binary does not load. */
export function createSodiumVerifier(): VerifySignature | undefined {
  try {
    const sodium: Sodium = createRequire(import.meta.url)('sodium-native');
    return (publicKey, message, signature) =>
      sodium.crypto_sign_verify_detached(signature, message, publicKey);
  } catch {
    // An optional package: without it everything works, at more CPU.
    return undefined;
  }
}
