import { decodeCertificate, equalBytes, signCertificate, signedMessage } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { Ed25519Scheme } from '../../../sim/signing-scheme.js';
import { plainBytes } from '../plain-bytes.js';

const scheme = new Ed25519Scheme();
const channel = scheme.createKeys('channel');
const sessionKey = scheme.createKeys('session').publicKey;
const plain = { channelKey: channel.publicKey, sessionKey, epochFirst: 5, epochLast: 9 };

describe('a certificate', () => {
  it('says who certified whom for which epochs', () => {
    const { certificate } = signCertificate(plain, channel.sign);
    expect(plainBytes(decodeCertificate(certificate))).toEqual(plain);
  });

  it('is signed by the channel key, as a certificate and nothing else', () => {
    const { certificate, signature } = signCertificate(plain, channel.sign);
    const verify = (kind: 'certificate' | 'catalog'): boolean =>
      scheme.isValid({ publicKey: channel.publicKey, message: signedMessage(kind, certificate), signature });
    expect(verify('certificate')).toBe(true);
    expect(verify('catalog')).toBe(false);
  });

  it('is refused with a key of another length, or epochs that are none', () => {
    const refused = [
      { channelKey: new Uint8Array(31) },
      { sessionKey: new Uint8Array(33) },
      { epochFirst: 10 },
      { epochFirst: -1 },
      { epochFirst: 5.5 },
      { epochLast: 2 ** 53 },
      { epochLast: Number.NaN },
    ];
    for (const change of refused) {
      const { certificate } = signCertificate({ ...plain, ...change }, channel.sign);
      expect(decodeCertificate(certificate), JSON.stringify(change)).toBeUndefined();
    }
  });

  it('longer than it can be is refused', () => {
    const { certificate } = signCertificate(plain, channel.sign);
    const padded = new Uint8Array(300);
    padded.set(certificate);
    expect(decodeCertificate(padded)).toBeUndefined();
  });
});

describe('the three kinds of statement', () => {
  it('never sign the same bytes', () => {
    const bytes = Uint8Array.of(1, 2, 3);
    const messages = (['certificate', 'catalog', 'piece'] as const).map((kind) => signedMessage(kind, bytes));
    for (const [index, message] of messages.entries())
      for (const other of messages.slice(index + 1)) expect(equalBytes(message, other)).toBe(false);
  });
});
