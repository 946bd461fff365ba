/** Ed25519 and SHA-256 in JavaScript, for pages and browsers without WebCrypto's. */

import { equalBytes } from '@freshet/proto';
import { hashes, verify } from '@noble/ed25519';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import type { VerifyEffect } from './verify-effect.js';

hashes.sha512 = sha512;

/** Answers a verification request in this thread: about 1 ms each on a slow machine. */
export const verifyByNoble: VerifyEffect = async ({ publicKey, message, signature, payload, digest }) => {
  if (payload && !(digest && equalBytes(sha256(payload), digest))) return false;
  return verify(signature, message, publicKey);
};
