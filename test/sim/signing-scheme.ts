/** How things are signed in a simulated world: by a cheap tag, or by Ed25519 as in the real one. */

import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import {
  concatBytes,
  type DigestEffect,
  equalBytes,
  type SignEffect,
  type VerifyRequest,
} from '@freshet/proto';

/** Keys and checks of one world. Both schemes refuse whatever was changed or signed with another key. */
export interface SigningScheme {
  /** A key pair that depends on nothing but `seed`. */
  createKeys(seed: string): { readonly publicKey: Uint8Array; readonly sign: SignEffect };
  readonly digest: DigestEffect;
  isValid(request: VerifyRequest): boolean;
}

/** Four 32-bit sums over the bytes; not secure, only certain to notice a change. */
function tagOf(length: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const tag = new Uint8Array(length);
  const sums = [2166136261, 0x9e3779b9, 0x85ebca6b, 0xc2b2ae35];
  for (const part of parts) {
    let [a = 0, b = 0] = sums;
    for (let i = 0; i < part.length; i++) {
      a = Math.imul(a ^ (part[i] ?? 0), 16777619);
      b = (b + a) | 0;
    }
    sums[0] = a;
    sums[1] = b ^ part.length;
    sums[2] = Math.imul((sums[2] ?? 0) ^ a, 0x01000193);
    sums[3] = Math.imul((sums[3] ?? 0) ^ b, 0x85ebca6b);
  }
  for (let i = 0; i < length; i++) tag[i] = (sums[i & 3] ?? 0) >>> ((i >> 2) & 24);
  return tag;
}

/** Signatures are tags over key and message: whoever knows the public key could sign, and nobody in the world does. */
export class TagScheme implements SigningScheme {
  readonly digest: DigestEffect = (bytes) => tagOf(32, bytes);

  createKeys(seed: string): { readonly publicKey: Uint8Array; readonly sign: SignEffect } {
    const publicKey = tagOf(32, new TextEncoder().encode(seed));
    return { publicKey, sign: (message) => tagOf(64, publicKey, message) };
  }

  isValid({ publicKey, message, signature, payload, digest }: VerifyRequest): boolean {
    if (!equalBytes(tagOf(64, publicKey, message), signature)) return false;
    return !payload || !digest || equalBytes(this.digest(payload), digest);
  }
}

const PRIVATE_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const PUBLIC_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** Ed25519 and SHA-256 of the platform. */
export class Ed25519Scheme implements SigningScheme {
  readonly digest: DigestEffect = (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest());

  createKeys(seed: string): { readonly publicKey: Uint8Array; readonly sign: SignEffect } {
    const secret = createHash('sha256').update(seed).digest();
    const der = Buffer.concat([PRIVATE_PREFIX, secret]);
    const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
    const publicKey = new Uint8Array(spki.subarray(PUBLIC_PREFIX.length));
    return { publicKey, sign: (message) => new Uint8Array(sign(null, message, privateKey)) };
  }

  isValid({ publicKey, message, signature, payload, digest }: VerifyRequest): boolean {
    const der = Buffer.from(concatBytes(PUBLIC_PREFIX, publicKey));
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    if (!verify(null, message, key, signature)) return false;
    return !payload || !digest || equalBytes(this.digest(payload), digest);
  }
}

/**
 * Answers for one buffer and key are remembered: the same message object goes to every node of a world, and whoever
 * changes it works on a copy.
 */
export class CachedScheme implements SigningScheme {
  readonly #inner: SigningScheme;
  readonly #known = new WeakMap<ArrayBufferLike, { readonly publicKey: Uint8Array; readonly ok: boolean }>();

  constructor(inner: SigningScheme) {
    this.#inner = inner;
  }

  get digest(): DigestEffect {
    return this.#inner.digest;
  }

  createKeys(seed: string): { readonly publicKey: Uint8Array; readonly sign: SignEffect } {
    return this.#inner.createKeys(seed);
  }

  isValid(request: VerifyRequest): boolean {
    const buffer = request.payload?.buffer;
    if (!buffer) return this.#inner.isValid(request);
    const known = this.#known.get(buffer);
    if (known && equalBytes(known.publicKey, request.publicKey)) return known.ok;
    const ok = this.#inner.isValid(request);
    this.#known.set(buffer, { publicKey: request.publicKey, ok });
    return ok;
  }
}
