/** Why finding relays could not start. */
export type DiscoveryErrorKind = 'bad-option' | 'port-taken' | 'port-denied' | 'listen-failed';

/** Options that contradict each other, or a port that could not be opened; the message says so in one sentence, with the way out. */
export class DiscoveryError extends Error {
  override readonly name: string = 'DiscoveryError';
  readonly kind: DiscoveryErrorKind;

  constructor(kind: DiscoveryErrorKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}
