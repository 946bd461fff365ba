/** How encoding goes, for whoever shows it. */

import type { EncoderProgress } from './progress-meter.js';
import type { Preset, VideoEncoder } from './video-encoder.js';

/** Told about once a second while ffmpeg runs. */
export type EncoderHealth = EncoderProgress & {
  /** Frames that ffmpeg left out to keep the rate, since it was started. */
  readonly droppedFrames: number;
  /** What encodes the picture; `none` where it is passed through and nothing else is made of it. */
  readonly encoder: VideoEncoder | 'none';
  /** Of x264. */
  readonly preset: Preset | undefined;
  /** Names of the renditions, best first: `720p`, `360p`, `audio`. */
  readonly ladder: readonly string[];
  /** What was last given up because the machine was too slow, for people; `undefined` when nothing was. */
  readonly shrunk: string | undefined;
};
