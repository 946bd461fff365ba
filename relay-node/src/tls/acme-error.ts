/** A certificate could not be had from its authority; the message is one sentence for a person, with the way out. */
export class AcmeError extends Error {
  readonly kind: 'acme-failed' = 'acme-failed';
  override readonly name: string = 'AcmeError';
}
