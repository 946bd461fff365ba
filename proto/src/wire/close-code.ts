/**
 * Why a link ends. One table for every transport: WebSocket close codes and, later, the same numbers on data
 * channels. PROTOCOL.md lists the same table; a check compares the two.
 */
export const CloseCode = {
  /** The node that closes is done with this link: it stops, or found a better one. */
  goingAway: 4000,
  /** A message that does not decode, or that this side may not send. */
  protocolViolation: 4400,
  /** A piece, catalog or certificate whose signature does not hold. */
  badSignature: 4401,
  /** The relay does not carry this channel. */
  unknownChannel: 4404,
  /** The two sides share no protocol version. */
  versionUnsupported: 4406,
  /** No hello, or nothing at all, for too long. */
  timeout: 4408,
  /** A message longer than the limit. */
  messageTooLarge: 4413,
  /** More messages than the limit allows. */
  tooManyMessages: 4429,
  /** A fault of the node that closes. */
  internalError: 4500,
  /** The relay has no room for another link. */
  full: 4503,
  /** The parent is below the relay that closes, or too far from the publisher. */
  loop: 4508,
} as const;

/** One of the numbers of {@link CloseCode}. */
export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];

const nameByCode: ReadonlyMap<number, string> = new Map(
  Object.entries(CloseCode).map(([name, code]) => [code, name]),
);

/** The name of a close code for logs and metrics; `unknown` for a number that is not in the table. */
export function closeCodeName(code: number): string {
  return nameByCode.get(code) ?? 'unknown';
}
