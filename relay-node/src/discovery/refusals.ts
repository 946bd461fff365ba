/** What is refused while relays look for each other, counted by kind. */

/** Every kind, so that each has its own line in the metrics from the start. */
export const REFUSALS = [
  /** A datagram that no DHT node sends. */
  'malformed-message',
  /** A datagram longer than any that is needed. */
  'oversized-message',
  /** A datagram of an address that sends too many. */
  'too-many-messages',
  /** A datagram that the DHT library choked on. */
  'library-threw',
  /** A datagram that would have gone to a private address. */
  'private-destination',
  /** A datagram that the system did not send. */
  'not-sent',
  /** An item without a signature. */
  'unsigned-item',
  /** An item whose signature does not hold, for another salt for instance. */
  'bad-signature',
  /** An item of another key. */
  'foreign-key',
  /** An item longer than allowed. */
  'oversized-item',
  /** An item that does not decode. */
  'malformed-item',
  /** An item that was made too long ago. */
  'stale-item',
  /** An item that says it is made in the future. */
  'future-item',
  /** An announced relay at a private address. */
  'private-address',
  /** An announced relay that cannot be one. */
  'malformed-address',
  /** Announced relays beyond what one node may name. */
  'too-many-announced',
  /** A search beyond those that run at once. */
  'too-many-searches',
  /** A channel beyond those that one relay announces. */
  'too-many-channels',
  /** A record of the LAN that no relay sends. */
  'malformed-record',
  /** A record of an address that is not in a LAN. */
  'foreign-record',
] as const;

/** One kind. */
export type Refusal = (typeof REFUSALS)[number];

/** Counts of all kinds since the start. */
export class RefusalCounts {
  readonly #counts = new Map<Refusal, number>(REFUSALS.map((kind) => [kind, 0]));

  /** Counts one more. */
  add(kind: Refusal): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }

  /** How many there were of one kind. */
  of(kind: Refusal): number {
    return this.#counts.get(kind) ?? 0;
  }

  /** All of them, by kind. */
  all(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}
