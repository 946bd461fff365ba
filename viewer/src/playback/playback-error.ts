/** Why playback failed. */

/** Kinds of playback failure. */
export type PlaybackErrorKind =
  /** This browser has no media source extensions. */
  | 'no-media-source'
  /** This browser does not decode the broadcast's codecs. */
  | 'unsupported-codec'
  /** The browser's buffer has no room, even after everything old was removed. */
  | 'buffer-full'
  /** The browser's decoder or parser refused the media. */
  | 'decode';

/** A failure of the browser's media stack, translated at the adapter; `message` is for people. */
export class PlaybackError extends Error {
  readonly kind: PlaybackErrorKind;

  constructor(kind: PlaybackErrorKind, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'PlaybackError';
    this.kind = kind;
  }
}
