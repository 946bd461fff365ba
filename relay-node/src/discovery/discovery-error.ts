/** Why finding relays could not start. */
export type DiscoveryErrorKind = 'port-taken' | 'port-denied' | 'listen-failed';

/** The DHT's port could not be opened; the message says so in one sentence, with the way out. */
export class DiscoveryError extends Error {
  override readonly name: string = 'DiscoveryError';
  readonly kind: DiscoveryErrorKind;

  constructor(kind: DiscoveryErrorKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}
