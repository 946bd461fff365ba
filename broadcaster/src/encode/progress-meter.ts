/** Speeds over the last second or so, out of ffmpeg's totals. */

import type { FfmpegTotals } from './ffmpeg-run.js';

/** How fast an ffmpeg is. */
export type EncoderProgress = {
  /** 1 is real time. */
  readonly speed: number;
  readonly fps: number;
  /** Bits per second of what came out, of all renditions together. */
  readonly bitrate: number;
};

const PROGRESS_EVERY_MS = 1_000;

/** One run of ffmpeg. */
export class ProgressMeter {
  #bytes = 0;
  #last: { readonly at: number; readonly totals: FfmpegTotals } | undefined;

  /** Counts what came out. */
  addBytes(count: number): void {
    this.#bytes += count;
  }

  /** Takes ffmpeg's totals at a monotonic time in milliseconds; a result about once a second. */
  take(totals: FfmpegTotals, now: number): EncoderProgress | undefined {
    const last = this.#last;
    if (totals.mediaSeconds === undefined) return undefined;
    if (last === undefined || last.totals.mediaSeconds === undefined) {
      this.#last = { at: now, totals };
      this.#bytes = 0;
      return undefined;
    }
    const seconds = (now - last.at) / 1000;
    if (seconds * 1000 < PROGRESS_EVERY_MS * 0.9) return undefined;
    const speed = (totals.mediaSeconds - last.totals.mediaSeconds) / seconds;
    const fps = (totals.frames - last.totals.frames) / seconds;
    const bitrate = (this.#bytes * 8) / seconds;
    this.#last = { at: now, totals };
    this.#bytes = 0;
    return { speed: round2(speed), fps: round2(fps), bitrate: Math.round(bitrate) };
  }
}

const round2 = (value: number): number => Math.max(0, Math.round(value * 100) / 100);
