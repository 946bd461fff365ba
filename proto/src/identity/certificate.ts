/**
 * The certificate: the channel key says that a session key speaks for it in a range of epochs. Epochs are the
 * Unix milliseconds at which a run of the broadcast began, so the range is also the certificate's lifetime, and
 * a machine that holds only the session key can go through several runs.
 */

import { KEY_BYTES } from '../limits.js';
import { decodeWith, isBytes, isCount } from '../wire/decode.js';
import { freshet } from '../wire/generated/wire.js';
import { type SignEffect, signedMessage } from './signing.js';

const WireCertificate = freshet.v1.Certificate;

/** Longest encoded certificate that is read. */
const CERTIFICATE_BYTES_MAX = 256;

/** A decoded certificate; worth nothing until its signature has been verified. */
export type Certificate = {
  readonly channelKey: Uint8Array;
  readonly sessionKey: Uint8Array;
  /** First and last epoch in which the session key speaks for the channel. */
  readonly epochFirst: number;
  readonly epochLast: number;
};

/** Encoded certificate and the channel key's signature over it. */
export type SignedCertificate = { readonly certificate: Uint8Array; readonly signature: Uint8Array };

/** Certifies a session key with the channel key. */
export function signCertificate(certificate: Certificate, sign: SignEffect): SignedCertificate {
  const encoded = WireCertificate.encode(certificate).finish();
  return { certificate: encoded, signature: sign(signedMessage('certificate', encoded)) };
}

/** Reads a certificate; `undefined` for anything malformed. Does not verify it. */
export function decodeCertificate(bytes: Uint8Array): Certificate | undefined {
  const wire = decodeWith((b) => WireCertificate.decode(b), bytes, CERTIFICATE_BYTES_MAX);
  if (!wire || !isBytes(wire.channelKey, KEY_BYTES) || !isBytes(wire.sessionKey, KEY_BYTES)) return undefined;
  const { channelKey, sessionKey, epochFirst, epochLast } = wire;
  if (!isCount(epochFirst) || !isCount(epochLast) || epochLast < epochFirst) return undefined;
  return { channelKey, sessionKey, epochFirst, epochLast };
}
