import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createKeyPair, verifyNow } from '../../../../relay-node/src/crypto/ed25519.js';
import {
  createNodeEngine,
  createSodiumEngine,
  type SignatureEngine,
} from '../../../../relay-node/src/crypto/signature-engine.js';

const sodium = createSodiumEngine();
const engines: [string, SignatureEngine][] = [['node:crypto', createNodeEngine()]];
if (sodium) engines.push(['libsodium', sodium]);

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, 'hex'));

describe.each(engines)('signatures by %s', (_, { verify, createSigner }) => {
  // RFC 8032 §7.1, test 2.
  const secret = bytes('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb');
  const publicKey = bytes('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c');
  const message = bytes('72');
  const signature = bytes(
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  );

  it('make the signature of the vector of RFC 8032', () => {
    expect(Buffer.from(createSigner(secret, publicKey)(message))).toEqual(Buffer.from(signature));
  });

  it('hold for that vector', () => {
    expect(verify(publicKey, message, signature)).toBe(true);
  });

  it('do not hold with any one bit changed', () => {
    for (let bit = 0; bit < signature.length * 8; bit += 7) {
      const changed = Uint8Array.from(signature);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(verify(publicKey, message, changed)).toBe(false);
    }
    expect(verify(publicKey, bytes('73'), signature)).toBe(false);
  });
});

describe('a verification request', () => {
  it('holds for what a key pair has signed, and for nothing else', () => {
    const pair = createKeyPair();
    const message = new Uint8Array(randomBytes(100));
    const request = { publicKey: pair.publicKey, message, signature: pair.sign(message) };
    expect(verifyNow(request)).toBe(true);
    expect(verifyNow({ ...request, publicKey: createKeyPair().publicKey })).toBe(false);
  });

  it('does not hold, and does not throw, for a key or signature of the wrong length', () => {
    const pair = createKeyPair();
    const message = new Uint8Array(4);
    const signature = pair.sign(message);
    expect(verifyNow({ publicKey: pair.publicKey.subarray(1), message, signature })).toBe(false);
    expect(verifyNow({ publicKey: pair.publicKey, message, signature: signature.subarray(1) })).toBe(false);
    expect(verifyNow({ publicKey: new Uint8Array(32).fill(255), message, signature })).toBe(false);
  });

  it('does not hold for a payload whose digest is another or is missing', () => {
    const pair = createKeyPair();
    const message = new Uint8Array(4);
    const request = { publicKey: pair.publicKey, message, signature: pair.sign(message) };
    const payload = new Uint8Array(10);
    expect(verifyNow({ ...request, payload, digest: new Uint8Array(32) })).toBe(false);
    expect(verifyNow({ ...request, payload })).toBe(false);
  });
});
