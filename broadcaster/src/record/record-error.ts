/** Why something cannot be recorded. */
export type RecordErrorKind = 'disk-full' | 'not-writable' | 'write-failed' | 'bad-format';

/** A recording cannot begin or go on; the message is one sentence with the way out. */
export class RecordError extends Error {
  override readonly name: string = 'RecordError';
  readonly kind: RecordErrorKind;
  constructor(kind: RecordErrorKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}

/** A failed write or creation of `path`, in words. */
export function recordErrorFrom(cause: unknown, path: string): RecordError {
  if (cause instanceof RecordError) return cause;
  const code = systemCodeOf(cause);
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return new RecordError(
      'disk-full',
      `The disk is full: the recording ${path} stops here and keeps what it has. The broadcast goes on.`,
      cause,
    );
  if (['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR'].includes(code))
    return new RecordError(
      'not-writable',
      `Nothing is recorded: ${path} cannot be written. Choose another folder with --record.`,
      cause,
    );
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new RecordError(
    'write-failed',
    `The recording ${path} stops: writing failed (${detail}). The broadcast goes on.`,
    cause,
  );
}

/** The `code` of a system error (`ENOSPC`), '' for anything else. */
export function systemCodeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
}
