/** The self-signed certificate that browsers know a relay by: its fingerprint stands in the relay's edge address. */

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EdgeError, systemCodeOf } from './edge-error.js';

/** A certificate with its key. */
export type EdgeCertificate = {
  readonly certPem: string;
  readonly keyPem: string;
  /** SHA-256 of the certificate. */
  readonly fingerprint: Uint8Array;
};

/** A longer file is not looked at for a certificate. */
const FILE_BYTES_MAX = 16 * 1024;

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/;
const PRIVATE_KEY = /-----BEGIN PRIVATE KEY-----[\s\S]+?-----END PRIVATE KEY-----/;

/** Makes a certificate (ECDSA on P-256, for ten years) that nobody has seen yet. */
export async function createEdgeCertificate(): Promise<EdgeCertificate> {
  const { CipherContext, HashAlgorithm, NamedCurveAlgorithm, SignatureAlgorithm } = await import('werift');
  const { certPem, keyPem } = await CipherContext.createSelfSignedCertificateWithKey(
    { signature: SignatureAlgorithm.ecdsa_3, hash: HashAlgorithm.sha256_4 },
    NamedCurveAlgorithm.secp256r1_23,
  );
  return { certPem, keyPem, fingerprint: fingerprintOf(certPem) };
}

/**
 * The certificate in a file; one is made and put there, readable by this user alone, when there is no such file. So
 * the edge address survives a restart. Rejects with an EdgeError.
 */
export async function keepEdgeCertificate(path: string): Promise<EdgeCertificate> {
  const text = await readText(path);
  if (text !== undefined) return parseCertificate(text, path);
  const certificate = await createEdgeCertificate();
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, `${certificate.certPem.trim()}\n${certificate.keyPem.trim()}\n`, {
      mode: 0o600,
      flag: 'wx',
    });
  } catch (cause) {
    const message = `The WebRTC certificate could not be written to ${path}. Name another file for it.`;
    throw new EdgeError('certificate-not-kept', message, cause);
  }
  return certificate;
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (systemCodeOf(cause) === 'ENOENT') return undefined;
    const message = `The WebRTC certificate in ${path} cannot be read. Check who may read the file.`;
    throw new EdgeError('certificate-unreadable', message, cause);
  }
}

function parseCertificate(text: string, path: string): EdgeCertificate {
  const [certPem] = text.length > FILE_BYTES_MAX ? [] : (CERTIFICATE.exec(text) ?? []);
  const [keyPem] = text.length > FILE_BYTES_MAX ? [] : (PRIVATE_KEY.exec(text) ?? []);
  const message = `There is no WebRTC certificate with its key in ${path}. Remove the file to get a new one.`;
  if (certPem === undefined || keyPem === undefined) throw new EdgeError('certificate-unreadable', message);
  try {
    const certificate = new X509Certificate(certPem);
    const isPair = certificate.checkPrivateKey(createPrivateKey(keyPem));
    const isP256 = certificate.publicKey.asymmetricKeyDetails?.namedCurve === 'prime256v1';
    if (isPair && isP256) return { certPem, keyPem, fingerprint: fingerprintOf(certPem) };
  } catch (cause) {
    throw new EdgeError('certificate-unreadable', message, cause);
  }
  throw new EdgeError('certificate-unreadable', message);
}

function fingerprintOf(certPem: string): Uint8Array {
  return Buffer.from(new X509Certificate(certPem).fingerprint256.replaceAll(':', ''), 'hex');
}
