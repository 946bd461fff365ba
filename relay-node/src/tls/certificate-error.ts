/** What is wrong with a certificate or its key. */
export type CertificateErrorKind =
  | 'certificate-unreadable'
  | 'certificate-unparsable'
  | 'certificate-mismatch'
  | 'certificate-expired';

/** A certificate cannot be served; the message is one sentence for a person, with the way out. */
export class CertificateError extends Error {
  readonly kind: CertificateErrorKind;
  constructor(kind: CertificateErrorKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'CertificateError';
    this.kind = kind;
  }
}
