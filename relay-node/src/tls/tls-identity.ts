/** A certificate and its key, read and found to belong together. */

import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { CertificateError } from './certificate-error.js';

/** Where a certificate lies. */
export type TlsFiles = {
  /** PEM: the certificate, then its chain. */
  readonly certFile: string;
  /** PEM, without a passphrase. */
  readonly keyFile: string;
};

/** What a port needs to speak TLS. */
export type TlsIdentity = TlsFiles & {
  readonly certPem: Buffer;
  readonly keyPem: Buffer;
  /** Unix milliseconds between which it is valid. */
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** The names and addresses that it speaks for, as it states them: `DNS:relay.example.org`. */
  readonly names: readonly string[];
};

/** Where a port gets its certificate from, for as long as it is open. */
export interface TlsSource {
  readonly current: TlsIdentity;
  /** Calls back for every new one that is fit to be served; it is `current` then. */
  onRenewed(listener: (identity: TlsIdentity) => void): void;
}

/** Longest certificate or key file. A longer one is refused: chains have a few kilobytes. */
export const PEM_BYTES_MAX = 256 * 1024;

/** Reads and checks both files. Throws a CertificateError; whether it has expired is the caller's to judge. */
export function readTlsIdentity({ certFile, keyFile }: TlsFiles): TlsIdentity {
  const certPem = readPem(certFile, 'certificate');
  const keyPem = readPem(keyFile, 'key');
  const certificate = parsed(certFile, 'certificate', () => new X509Certificate(certPem));
  const key = parsed<KeyObject>(keyFile, 'private key', () => createPrivateKey(keyPem));
  if (!certificate.checkPrivateKey(key))
    throw new CertificateError(
      'certificate-mismatch',
      `The key in ${keyFile} is not the one of the certificate in ${certFile}. Use the pair that was made together.`,
    );
  return {
    certFile,
    keyFile,
    certPem,
    keyPem,
    notBeforeMs: Date.parse(certificate.validFrom),
    notAfterMs: Date.parse(certificate.validTo),
    names: (certificate.subjectAltName ?? certificate.subject).split(/,\s*|\n/),
  };
}

/** One sentence about a certificate that is not valid at this time, or `undefined`. */
export function expiryOf(identity: TlsIdentity, nowMs: number): string | undefined {
  const { certFile, notBeforeMs, notAfterMs } = identity;
  if (nowMs > notAfterMs)
    return `The certificate in ${certFile} expired on ${dayOf(notAfterMs)}. Renew it; browsers refuse it.`;
  if (nowMs < notBeforeMs)
    return `The certificate in ${certFile} is valid from ${dayOf(notBeforeMs)} on. Check this machine's clock.`;
  return undefined;
}

/** The day of a time, as a person writes it. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function readPem(path: string, what: string): Buffer {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : 'error';
    const wayOut =
      why === 'EACCES' ? 'Let the user that runs the relay read it.' : 'Check the path in the settings.';
    throw new CertificateError(
      'certificate-unreadable',
      `The ${what} file ${path} cannot be read (${why}). ${wayOut}`,
      cause,
    );
  }
  if (bytes.length <= PEM_BYTES_MAX) return bytes;
  throw new CertificateError(
    'certificate-unparsable',
    `The ${what} file ${path} is longer than ${PEM_BYTES_MAX} bytes. Name the PEM file.`,
  );
}

function parsed<Value>(path: string, what: string, parse: () => Value): Value {
  try {
    return parse();
  } catch (cause) {
    throw new CertificateError(
      'certificate-unparsable',
      `The file ${path} holds no ${what} in PEM that can be read without a passphrase. Name another file.`,
      cause,
    );
  }
}
