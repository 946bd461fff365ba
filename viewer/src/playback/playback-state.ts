/** What playback tells of itself. */

import type { PlaybackError } from './playback-error.js';

/** How playback stands, for the controls. */
export type PlaybackState = {
  /** `idle`: no media yet. `blocked`: the browser wants a tap before it plays. */
  readonly phase: 'idle' | 'buffering' | 'playing' | 'paused' | 'blocked' | 'failed';
  /** With phase `failed`: its message is one sentence for people. */
  readonly failure: PlaybackError | undefined;
  /** The playhead follows the live edge; false after a pause, until `goLive`. */
  readonly isFollowing: boolean;
  readonly isMuted: boolean;
  /** From 0 to 1. */
  readonly volume: number;
  /** The browser refused to start with sound, so it plays without. */
  readonly isMutedByBrowser: boolean;
  /** The broadcast has sound, as far as known. */
  readonly hasSound: boolean;
};

/** Playback's figures for the overlay and for measurements. Times in milliseconds; `undefined` is not known yet. */
export type PlaybackStats = {
  readonly latencyP50Ms: number | undefined;
  readonly latencyP99Ms: number | undefined;
  readonly bufferMs: number;
  readonly targetMs: number;
  readonly jitterMs: number;
  readonly rate: number;
  readonly behindLiveMs: number;
  /** How much later the sound is than the picture; `undefined` when one element plays both, or none sounds. */
  readonly soundLagMs: number | undefined;
  readonly soundStallCount: number;
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  readonly framesDropped: number;
  readonly stallCount: number;
  readonly jumpCount: number;
  readonly rebuildCount: number;
  readonly chunksDropped: number;
  readonly epoch: number | undefined;
  /** From construction to the first frame on the screen. */
  readonly firstFrameMs: number | undefined;
};
