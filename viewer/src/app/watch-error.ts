/** What can end `freshet watch` other than well. */

/** Kinds of {@link WatchError}. */
export type WatchErrorKind =
  | 'bad-option'
  | 'bad-link'
  | 'no-relay'
  | 'unreachable'
  | 'unknown-channel'
  | 'incompatible'
  | 'untrusted'
  | 'nothing-received'
  | 'player-missing'
  | 'player-failed'
  | 'disk-full'
  | 'not-writable'
  | 'file-exists'
  | 'write-failed'
  | 'format-changed';

/** A failure for the person who watches; the message is one sentence (or two) with the way out. */
export class WatchError extends Error {
  readonly kind: WatchErrorKind;
  constructor(kind: WatchErrorKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'WatchError';
    this.kind = kind;
  }

  /** What the process ends with: 2 for a mistake in the command line, 1 for everything else. */
  get exitCode(): number {
    return ['bad-option', 'bad-link', 'no-relay', 'file-exists'].includes(this.kind) ? 2 : 1;
  }
}

/** The `code` of a system error (`ENOSPC`), '' for anything else. */
export function systemCodeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
}

/** A failed write or creation of `path`, in words. */
export function fileErrorFrom(cause: unknown, path: string): WatchError {
  switch (systemCodeOf(cause)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new WatchError(
        'disk-full',
        `The disk is full: the recording ${path} stops here and keeps what it has. Make room and record again.`,
        cause,
      );
    case 'EEXIST':
      return new WatchError(
        'file-exists',
        `${path} exists already. Choose another name, or replace it with --force.`,
        cause,
      );
    case 'ENOENT':
    case 'ENOTDIR':
      return new WatchError(
        'not-writable',
        `${path} cannot be created: its folder does not exist. Make the folder first or choose another.`,
        cause,
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
    case 'EISDIR':
      return new WatchError(
        'not-writable',
        `${path} cannot be written here. Choose another place with --out.`,
        cause,
      );
    default: {
      const detail = cause instanceof Error ? cause.message : String(cause);
      return new WatchError('write-failed', `Writing ${path} failed (${detail}). Check the disk.`, cause);
    }
  }
}
