/** What a source says while it runs. */

import type { Rendition } from '@freshet/proto';
import type { CutChunk } from '../chunk/cut-chunk.js';
import type { EncoderHealth } from '../encode/encoder-health.js';
import type { SourceError } from './source-error.js';

/** The encoding of a run; of its best rendition where there are several. */
export type MediaFormat = {
  /** For `MediaSource.isTypeSupported`: `video/mp4; codecs="avc1.64001e,mp4a.40.2"`. */
  readonly mimeType: string;
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** Frames per 1,000 seconds; 0 when unknown. */
  readonly frameRateMilli: number;
  /** Bits per second as chosen or measured; 0 when unknown. */
  readonly bitrate: number;
  /** `ftyp` + `moov`. */
  readonly initSegment: Uint8Array;
  readonly mode: 'pass-through' | 'encoded';
  /** For people: `1280x720 H.264 + AAC, passed through`. */
  readonly describe: string;
  /** All renditions, best first; left out where there is no more than one. */
  readonly renditions?: readonly Rendition[];
};

/** One step of a source's life. `ended` and `failed` are the last. */
export type MediaEvent =
  /** A run begins: its first chunk is a keyframe, and its media time starts near 0. */
  | { readonly kind: 'format'; readonly format: MediaFormat }
  /** `renditionId` is left out where there is no more than one rendition. */
  | { readonly kind: 'chunk'; readonly chunk: CutChunk; readonly renditionId?: number }
  /** About once a second. `speed` 1 is real time, `bitrate` bits per second. */
  | {
      readonly kind: 'progress';
      readonly speed: number;
      readonly fps: number;
      readonly bitrate: number;
      readonly health?: EncoderHealth;
    }
  /** Encoding was too much for the machine, and something was given up: a sentence for people. A new run follows. */
  | { readonly kind: 'shrunk'; readonly reason: string }
  /** The source is not there, yet or any more, and is waited for. */
  | { readonly kind: 'waiting'; readonly reason: string }
  /** A clean end: the file is over, standard input closed. */
  | { readonly kind: 'ended' }
  /** Cannot go on. */
  | { readonly kind: 'failed'; readonly error: SourceError };

/** Something that delivers media. */
export interface MediaSource {
  /** Once. Events come later, never before this returns. */
  start(onEvent: (event: MediaEvent) => void): void;
  /** Idempotent; resolves when no process of the source is left. No event comes after the call. */
  stop(): Promise<void>;
}
