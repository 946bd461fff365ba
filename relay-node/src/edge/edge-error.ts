/** Why the edge did not start. */
export type EdgeErrorKind =
  | 'port-taken'
  | 'port-denied'
  | 'listen-failed'
  | 'certificate-unreadable'
  | 'certificate-not-kept';

/** The edge cannot serve; the message says so in one sentence, with the way out. */
export class EdgeError extends Error {
  readonly kind: EdgeErrorKind;
  constructor(kind: EdgeErrorKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'EdgeError';
    this.kind = kind;
  }
}

/** The system's name of what went wrong; empty when it has none. */
export function systemCodeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
}
