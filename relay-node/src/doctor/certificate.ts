/** The certificate that the settings name. */

import { X509Certificate } from 'node:crypto';
import { statSync } from 'node:fs';
import { isIP } from 'node:net';
import { CertificateError } from '../tls/certificate-error.js';
import { expiresSoon } from '../tls/certificate-keeper.js';
import { dayOf, expiryOf, readTlsIdentity, type TlsFiles, type TlsIdentity } from '../tls/tls-identity.js';
import { type Finding, fail, ok, warn } from './finding.js';

/** Reads the files and judges them; `publicUrl` is what they should speak for. */
export function checkCertificate(files: TlsFiles, publicUrl: string | undefined, nowMs: number): Finding {
  let identity: TlsIdentity;
  try {
    identity = readTlsIdentity(files);
  } catch (cause) {
    if (!(cause instanceof CertificateError)) throw cause;
    const [what, ...rest] = cause.message.split(/(?<=\.) (?=[A-Z])/);
    return fail('certificate', what ?? cause.message, rest.join(' '));
  }
  const expired = expiryOf(identity, nowMs);
  if (expired !== undefined)
    return fail('certificate', expired, 'Get a new one, and look at what should have.');
  const soon = expiresSoon(identity, nowMs);
  if (soon !== undefined) return warn('certificate', soon, 'Look at what should have renewed it.');
  const host = publicUrl === undefined ? undefined : new URL(publicUrl).hostname.replace(/^\[|\]$/g, '');
  if (host !== undefined && !speaksFor(identity, host)) {
    const what = `The certificate is for ${identity.names.join(', ')}, not for ${host}.`;
    return fail('certificate', what, 'Get one for the name in public-url.');
  }
  if (isReadByOthers(files.keyFile))
    return warn(
      'certificate',
      `Everybody on this machine can read ${files.keyFile}.`,
      `Run "chmod 640" on it.`,
    );
  return ok('certificate', `The certificate is valid until ${dayOf(identity.notAfterMs)}.`);
}

function speaksFor({ certPem }: TlsIdentity, host: string): boolean {
  const certificate = new X509Certificate(certPem);
  return (isIP(host) === 0 ? certificate.checkHost(host) : certificate.checkIP(host)) !== undefined;
}

function isReadByOthers(path: string): boolean {
  return process.platform !== 'win32' && (statSync(path).mode & 0o004) !== 0;
}
