/**
 * The limits of the relay's port. Each says what happens at its edge; the two engines keep the same ones.
 */
export type LinkLimits = {
  /** Longest message taken from a link. A longer one closes the link (1009) before it is buffered. */
  readonly messageBytesMax: number;
  /**
   * Outgoing bytes a link may have waiting. A message that finds more than this waiting is dropped for that link and
   * `onOverflow` follows; so the buffer never exceeds this plus one message.
   */
  readonly bufferedBytesMax: number;
  /**
   * A link that says nothing for this long, not even a pong to the engine's pings, is closed (1006).
   * uWebSockets.js counts in steps of 4 s and takes 8 s to 960 s.
   */
  readonly idleMs: number;
  /** Time for a client to finish its request headers; the connection is closed after it. uWebSockets.js: always 10 s. */
  readonly handshakeMs: number;
  /** Links at once. One more is answered 503. */
  readonly linksMax: number;
  /** Connections at once that are not links (pages loading, handshakes under way). One more is closed unanswered. */
  readonly httpConnectionsMax: number;
  /**
   * Connections, links among them, that one address may open at once, and then in a second: an office, or a part of a
   * mobile network behind one address. One more is closed unanswered. Not asked of this machine's own addresses.
   */
  readonly connectsBurst: number;
  readonly connectsPerSecond: number;
  /** Longest body of a request. A longer one is answered 413. */
  readonly httpBodyBytesMax: number;
  /** Time that a graceful close leaves for close codes to travel; what is open after it is cut. */
  readonly closeGraceMs: number;
};

/** The limits a relay runs with unless it is told otherwise. */
export const LINK_LIMITS: LinkLimits = {
  messageBytesMax: 64 * 1024,
  bufferedBytesMax: 1024 * 1024,
  idleMs: 60_000,
  handshakeMs: 10_000,
  linksMax: 50_000,
  httpConnectionsMax: 8_192,
  connectsBurst: 1_000,
  connectsPerSecond: 100,
  httpBodyBytesMax: 256 * 1024,
  closeGraceMs: 500,
};

/** Shortest idle time that both engines can keep. */
export const IDLE_MS_MIN = 8_000;

/** Longest idle time that both engines can keep. */
export const IDLE_MS_MAX = 960_000;

/** The limits with some replaced. Throws a RangeError, at start, for one that the engines cannot keep. */
export const resolveLimits = (overrides: Partial<LinkLimits>): LinkLimits => {
  const limits = { ...LINK_LIMITS, ...overrides };
  for (const [name, value] of Object.entries(limits)) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new RangeError(`The limit ${name} must be a whole number above 0, not ${value}.`);
    }
  }
  if (limits.idleMs < IDLE_MS_MIN || limits.idleMs > IDLE_MS_MAX) {
    throw new RangeError(
      `The limit idleMs must lie between ${IDLE_MS_MIN} and ${IDLE_MS_MAX}, not at ${limits.idleMs}.`,
    );
  }
  return limits;
};
