/** How regularly chunks arrive: what the playout target is made from. Pure: no DOM, no clock. */

import type { MediaChunk, MonoMs } from '@freshet/proto';

/** Arrivals remembered: about 8 s of 33 ms chunks. Overflow: the oldest is forgotten. */
export const ARRIVALS_MAX = 256;

/** The share of arrivals that the jitter covers; the rest is left to the stall penalty. */
const JITTER_QUANTILE = 0.95;
/** The first arrivals say more of a page that is still loading than of the network. */
const WARM_UP = 10;

/** Taken for the jitter until `ARRIVALS_TRUSTED` arrivals have shown it, in milliseconds. */
export const JITTER_UNKNOWN_MS = 30;
/** See `JITTER_UNKNOWN_MS`. */
export const ARRIVALS_TRUSTED = 60;

/** Steps longer than this are an outage of the source or the network, not jitter. */
const OUTAGE_MS = 1000;

/**
 * Measures how late chunks come against their own timeline. A catch-up burst says nothing about the network's
 * regularity, so chunks that follow their predecessor at less than half their duration are not counted; the first
 * of a late batch is, and it carries the batch's whole lateness.
 */
export class ArrivalMeter {
  #transitMs: number[] = [];
  #warmUp = WARM_UP;
  #lastMs: MonoMs | undefined;
  #chunkMs = 0;

  /** Duration of the chunks, smoothed, in milliseconds; 0 before the first. */
  get chunkMs(): number {
    return this.#chunkMs;
  }

  /** A guess at first, then the spread between the earliest and nearly the latest arrival of the last seconds, in milliseconds. */
  get jitterMs(): number {
    if (this.#transitMs.length < 2) return JITTER_UNKNOWN_MS;
    const sorted = this.#transitMs.toSorted((a, b) => a - b);
    const high = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * JITTER_QUANTILE))];
    const measuredMs = (high ?? 0) - (sorted[0] ?? 0);
    return this.#transitMs.length < ARRIVALS_TRUSTED ? Math.max(JITTER_UNKNOWN_MS, measuredMs) : measuredMs;
  }

  /** Notes the arrival of a chunk. */
  note(nowMs: MonoMs, chunk: MediaChunk): void {
    const durationMs = chunk.durationUs / 1000;
    this.#chunkMs = this.#chunkMs === 0 ? durationMs : this.#chunkMs + (durationMs - this.#chunkMs) / 8;
    const stepMs = this.#lastMs === undefined ? 0 : nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    if (stepMs < durationMs / 2 || stepMs > OUTAGE_MS) return;
    if (this.#warmUp > 0) {
      this.#warmUp -= 1;
      return;
    }
    this.#transitMs.push(nowMs - (chunk.mediaTimeUs + chunk.durationUs) / 1000);
    if (this.#transitMs.length > ARRIVALS_MAX) this.#transitMs.shift();
  }

  /** Forgets the timeline: a new epoch, or a gap after which the chunks are placed anew. */
  restart(): void {
    this.#transitMs = [];
  }
}
