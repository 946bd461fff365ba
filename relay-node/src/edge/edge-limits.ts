/** The limits of the relay's edge. Each says what happens at its border. */
export type EdgeLimits = {
  /** Clients at once, those that still shake hands included. One more is not answered. */
  readonly clientsMax: number;
  /** Clients of one IP address (of one /64 in IPv6). One more is not answered. */
  readonly clientsPerSourceMax: number;
  /** Handshakes under way at once. One more is not answered; browsers ask again. */
  readonly handshakesMax: number;
  /** From a client's first word until it has said which channel it wants; it is let go of after that. */
  readonly handshakeMs: number;
  /** An end that says nothing for this long is gone (1006). Browsers check their consent every 5 s (RFC 7675). */
  readonly silenceMs: number;
  /** Longest message taken from a client. A longer one closes the link. */
  readonly messageBytesMax: number;
  /**
   * Bytes that a link may have waiting. A message that finds more than this waiting is dropped for that link and
   * `onOverflow` follows. What is in flight comes on top: at most `CWND_BYTES_MAX`.
   */
  readonly bufferedBytesMax: number;
  /** How long a closed link lives on, so that the reason arrives. */
  readonly lingerMs: number;
};

/** The limits that an edge runs with unless it is told otherwise. */
export const EDGE_LIMITS: EdgeLimits = {
  clientsMax: 2_000,
  clientsPerSourceMax: 64,
  handshakesMax: 128,
  handshakeMs: 10_000,
  silenceMs: 20_000,
  messageBytesMax: 64 * 1024,
  bufferedBytesMax: 256 * 1024,
  lingerMs: 500,
};

/** The limits with some replaced. Throws a RangeError, at start, for one that makes no sense. */
export function resolveEdgeLimits(overrides: Partial<EdgeLimits>): EdgeLimits {
  const limits = { ...EDGE_LIMITS, ...overrides };
  for (const [name, value] of Object.entries(limits)) {
    if (!Number.isSafeInteger(value) || value < 1)
      throw new RangeError(`The limit ${name} must be a whole number above 0, not ${value}.`);
  }
  return limits;
}
