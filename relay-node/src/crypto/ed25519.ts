/** Ed25519 and SHA-256 by node:crypto, with raw 32-byte keys as Freshet uses them. */

import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { type DigestEffect, Limits, type SignEffect, type VerifyRequest } from '@freshet/proto';
import {
  createNodeEngine,
  createSodiumEngine,
  PRIVATE_KEY_PREFIX,
  PUBLIC_KEY_PREFIX,
} from './signature-engine.js';

const engine = createSodiumEngine() ?? createNodeEngine();

/** SHA-256. */
export const sha256: DigestEffect = (bytes) => createHash('sha256').update(bytes).digest();

/** Answers a session's verification request at once. `false` for anything that does not hold; never throws. */
export function verifyNow(request: VerifyRequest): boolean {
  const { publicKey, message, signature, payload, digest } = request;
  if (publicKey.length !== Limits.KEY_BYTES || signature.length !== Limits.SIGNATURE_BYTES) return false;
  try {
    if (payload && !(digest && sha256(payload).every((byte, index) => byte === digest[index]))) return false;
    return engine.verify(publicKey, message, signature);
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
  const der = Buffer.concat([PRIVATE_KEY_PREFIX, secret]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicDer = createPublicKey(key).export({ format: 'der', type: 'spki' });
  const publicKey = new Uint8Array(publicDer.subarray(PUBLIC_KEY_PREFIX.length));
  return { publicKey, secret, sign: engine.createSigner(secret, publicKey) };
}

/** A new key pair from the platform's secure generator. */
export function createKeyPair(): KeyPair {
  const der = generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' });
  return keyPairOf(new Uint8Array(der.subarray(PRIVATE_KEY_PREFIX.length)));
}
