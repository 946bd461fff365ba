/** How much of a broadcast has come. */

import type { MediaChunk } from '@freshet/proto';

/** Adds up the media of all runs, and counts gaps. */
export class MediaProgress {
  #us = 0;
  #epoch: number | undefined;
  #nextChunk = 0;
  #endUs = 0;
  #gapCount = 0;

  /** Media from the first chunk to the newest one's end, gaps within a run included, in milliseconds. */
  get watchedMs(): number {
    return this.#us / 1000;
  }

  /** Jumps in the chunk numbers. */
  get gapCount(): number {
    return this.#gapCount;
  }

  /** Takes the next chunk of the feed. */
  add({ epoch, chunkNumber, mediaTimeUs, durationUs }: MediaChunk): void {
    const endUs = mediaTimeUs + durationUs;
    const isSameRun = epoch === this.#epoch;
    if (isSameRun && chunkNumber !== this.#nextChunk) this.#gapCount++;
    this.#us += isSameRun ? Math.max(0, endUs - this.#endUs) : durationUs;
    this.#endUs = isSameRun ? Math.max(endUs, this.#endUs) : endUs;
    this.#epoch = epoch;
    this.#nextChunk = chunkNumber + 1;
  }
}
