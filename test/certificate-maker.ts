/** Self-signed certificates for tests, made here so that no test needs another program. */

import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** A certificate and its key in PEM; the key is of no use where the certificate is for somebody else's. */
export type MadeCertificate = { readonly certPem: string; readonly keyPem: string };

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  if (body.length < 128) return Buffer.concat([Buffer.from([tag, body.length]), body]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(body.length);
  const short = length.subarray(length.findIndex((byte) => byte !== 0));
  return Buffer.concat([Buffer.from([tag, 0x80 | short.length]), short, body]);
};
const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));

const COMMON_NAME = oid('550403');
const SUBJECT_ALT_NAME = oid('551d11');
const ECDSA_WITH_SHA256 = sequence(oid('2a8648ce3d040302'));

const nameOf = (commonName: string): Buffer =>
  sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from(commonName)))));

const timeOf = (ms: number): Buffer =>
  der(0x18, Buffer.from(`${new Date(ms).toISOString().replace(/[-:T]|\.\d+Z/g, '')}Z`));

const pem = (label: string, bytes: Uint8Array): string => {
  const lines = Buffer.from(bytes)
    .toString('base64')
    .replace(/(.{64})(?=.)/g, '$1\n');
  return `-----BEGIN ${label}-----\n${lines}\n-----END ${label}-----\n`;
};

/** Makes a certificate for `localhost` and 127.0.0.1, or for `domains`; times in Unix milliseconds. */
export const makeCertificate = (options: {
  readonly commonName: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly domains?: readonly string[];
  /** The public key of somebody else, who asked for a certificate. */
  readonly publicKeyDer?: Uint8Array;
}): MadeCertificate => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const address = der(0x87, Buffer.from([127, 0, 0, 1]));
  const domains = (options.domains ?? ['localhost']).map((domain) => der(0x82, Buffer.from(domain)));
  const altNames = sequence(...domains, ...(options.domains ? [] : [address]));
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    ECDSA_WITH_SHA256,
    nameOf(options.commonName),
    sequence(timeOf(options.notBeforeMs), timeOf(options.notAfterMs)),
    nameOf(options.commonName),
    options.publicKeyDer ?? publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(sequence(SUBJECT_ALT_NAME, der(0x04, altNames)))),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  const bits = der(0x03, Buffer.concat([Buffer.from([0]), signature]));
  return {
    certPem: pem('CERTIFICATE', sequence(toBeSigned, ECDSA_WITH_SHA256, bits)),
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
};
