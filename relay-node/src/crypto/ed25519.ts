/** Ed25519 and SHA-256 by node:crypto, with raw 32-byte keys as Freshet uses them. */

import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import type { DigestEffect, SignEffect, VerifyRequest } from '@freshet/proto';

/** What stands in front of the raw key in its DER form (RFC 8410 §4 and §7). */
const PUBLIC_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const PRIVATE_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Parsed public keys kept; the oldest is dropped. A relay needs two per channel. */
const PUBLIC_KEYS_MAX = 1024;
const publicKeys = new Map<string, KeyObject>();

function publicKeyOf(raw: Uint8Array): KeyObject {
  const name = Buffer.from(raw.buffer, raw.byteOffset, raw.length).toString('latin1');
  const known = publicKeys.get(name);
  if (known) return known;
  const key = createPublicKey({ key: Buffer.concat([PUBLIC_PREFIX, raw]), format: 'der', type: 'spki' });
  const oldest = publicKeys.size >= PUBLIC_KEYS_MAX ? publicKeys.keys().next().value : undefined;
  if (oldest !== undefined) publicKeys.delete(oldest);
  publicKeys.set(name, key);
  return key;
}

/** SHA-256. */
export const sha256: DigestEffect = (bytes) => createHash('sha256').update(bytes).digest();

/** Answers a session's verification request at once. `false` for anything that does not hold; never throws. */
export function verifyNow(request: VerifyRequest): boolean {
  const { publicKey, message, signature, payload, digest } = request;
  try {
    if (payload && !(digest && sha256(payload).every((byte, index) => byte === digest[index]))) return false;
    return verify(null, message, publicKeyOf(publicKey), signature);
  } catch {
    // Not a point on the curve: a key that nobody can have signed with.
    return false;
  }
}

/** A key pair of which the secret is the 32-byte seed of RFC 8032 §5.1.5. */
export type KeyPair = {
  readonly publicKey: Uint8Array;
  readonly secret: Uint8Array;
  readonly sign: SignEffect;
};

/** The key pair of a secret of 32 bytes. */
export function keyPairOf(secret: Uint8Array): KeyPair {
  const der = Buffer.concat([PRIVATE_PREFIX, secret]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicDer = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    publicKey: new Uint8Array(publicDer.subarray(PUBLIC_PREFIX.length)),
    secret,
    sign: (message) => sign(null, message, key),
  };
}

/** A new key pair from the platform's secure generator. */
export function createKeyPair(): KeyPair {
  const der = generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' });
  return keyPairOf(new Uint8Array(der.subarray(PRIVATE_PREFIX.length)));
}
