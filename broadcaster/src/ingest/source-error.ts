/** What can be wrong with a source. */

import { FfmpegError } from '../encode/ffmpeg-error.js';

/** Kinds of trouble with a source. */
export type SourceErrorKind =
  /** No such file. */
  | 'not-found'
  /** A folder, or a file that may not be read. */
  | 'not-readable'
  /** There is nothing in it. */
  | 'empty'
  /** Nothing that ffmpeg can read. */
  | 'not-media'
  /** Media, but without moving pictures. */
  | 'no-video'
  /** Nobody answers at the address, or it knows of no such stream. */
  | 'unreachable'
  /** Another program has the port. */
  | 'port-taken'
  /** The options contradict each other or are out of range. */
  | 'bad-option'
  /** There is no ffmpeg. */
  | 'ffmpeg-missing'
  /** This ffmpeg cannot do it. */
  | 'ffmpeg-cannot'
  /** ffmpeg ended by itself, with an error. */
  | 'ffmpeg-died';

/** One sentence with the way out as its message; fit to be shown as it is. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
  readonly kind: SourceErrorKind;

  /** `cause` is what was caught, where anything was. */
  constructor(kind: SourceErrorKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}

/** An error of the ffmpeg layer as one of the source; others are rethrown. */
export function asSourceError(error: unknown): SourceError {
  if (error instanceof SourceError) return error;
  if (error instanceof FfmpegError) return new SourceError(error.kind, error.message, error);
  throw error;
}
