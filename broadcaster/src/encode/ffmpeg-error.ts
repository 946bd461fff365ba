/** What can be wrong with ffmpeg itself. */
export type FfmpegErrorKind =
  /** None found, or what `FFMPEG_PATH` names is not one. */
  | 'ffmpeg-missing'
  /** This build cannot do what was asked for. */
  | 'ffmpeg-cannot';

/** One sentence with the way out as its message. */
export class FfmpegError extends Error {
  override readonly name = 'FfmpegError';
  readonly kind: FfmpegErrorKind;

  /** `cause` is the operating system's error, where there is one. */
  constructor(kind: FfmpegErrorKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}
