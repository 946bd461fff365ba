/** What reaches the screen: glass-to-glass latency, frame rate, start time. */

import { type MonoMs, monoMs, type WallMs } from '@freshet/proto';
import { SampleWindow } from './sample-window.js';

/** Latency samples cover this many milliseconds. */
export const LATENCY_SPAN_MS = 5000;
const FRAMES_MAX = 600;

/** What a frame meter asks about the frame on the screen. */
export type FrameSource = {
  /** Capture time of the frame at this player time. */
  readonly captureMsAt: (playerS: number) => WallMs | undefined;
  /** The broadcaster's clock now. */
  readonly broadcastNowMs: () => WallMs | undefined;
};

/** Observes every presented frame through `requestVideoFrameCallback`; does nothing where that is missing. */
export class FrameMeter {
  readonly #video: HTMLVideoElement;
  readonly #source: FrameSource;
  readonly #latency = new SampleWindow({ spanMs: LATENCY_SPAN_MS, countMax: FRAMES_MAX });
  readonly #frames = new SampleWindow({ spanMs: 1000, countMax: FRAMES_MAX });
  #handle: number | undefined;
  #firstFrameMs: MonoMs | undefined;

  constructor(video: HTMLVideoElement, source: FrameSource) {
    this.#video = video;
    this.#source = source;
    if ('requestVideoFrameCallback' in video) this.#request();
  }

  /** When the first frame was presented; `undefined` before. */
  get firstFrameMs(): MonoMs | undefined {
    return this.#firstFrameMs;
  }

  /** Frames presented over the last second. */
  framesPerSecond(nowMs: MonoMs): number {
    this.#frames.expire(nowMs);
    return this.#frames.count;
  }

  /** Glass-to-glass latency in milliseconds at this quantile over the last seconds; `undefined` when not measured. */
  latencyMs(nowMs: MonoMs, quantile: number): number | undefined {
    this.#latency.expire(nowMs);
    return this.#latency.quantile(quantile);
  }

  /** Ends the observation. Idempotent. */
  stop(): void {
    if (this.#handle !== undefined) this.#video.cancelVideoFrameCallback(this.#handle);
    this.#handle = undefined;
  }

  #request(): void {
    this.#handle = this.#video.requestVideoFrameCallback((nowMs, metadata) => {
      this.#note(monoMs(nowMs), metadata);
      this.#request();
    });
  }

  #note(nowMs: MonoMs, metadata: VideoFrameCallbackMetadata): void {
    this.#firstFrameMs ??= nowMs;
    this.#frames.add(nowMs, 1);
    const captureMs = this.#source.captureMsAt(metadata.mediaTime);
    const broadcastMs = this.#source.broadcastNowMs();
    if (captureMs === undefined || broadcastMs === undefined || this.#video.paused) return;
    // The frame is on its way: it reaches the glass at the expected display time, a moment from now.
    const untilShownMs = Math.max(0, metadata.expectedDisplayTime - performance.now());
    this.#latency.add(nowMs, broadcastMs + untilShownMs - captureMs);
  }
}
