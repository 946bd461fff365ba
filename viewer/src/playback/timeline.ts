/** Where chunks lie on the player's timeline, and when their frames were captured. Pure: no DOM, no clock. */

import { type MediaChunk, type WallMs, wallMs } from '@freshet/proto';

/** Chunks remembered: over 2 minutes of 33 ms chunks, more than is ever kept buffered. Overflow: oldest forgotten. */
export const PLACED_MAX = 4096;

/**
 * Player time of the very first chunk, in seconds: room for audio that starts a little before its keyframe and would
 * be cut at 0 otherwise. Below Chromium's 1 s within which playback starts without a seek.
 */
export const START_S = 0.2;

/** A run that would start this close to the end of the one before keeps its place: the timestamps simply go on. */
const CONTIGUOUS_S = 0.05;

type Placed = { readonly startS: number; readonly captureMs: number };

/**
 * The player's timeline never restarts, whatever epochs and gaps the broadcast has: each run of chunks is placed
 * right after the run before, by way of `SourceBuffer.timestampOffset`. Nobody waits for, or seeks over, what was
 * never sent.
 */
export class Timeline {
  #format: { readonly epoch: number; readonly renditionId: number } | undefined;
  #nextChunkNumber: number | undefined;
  #needsKeyframe = true;
  #offsetS = 0;
  #endS: number | undefined;
  #placed: Placed[] = [];
  #droppedCount = 0;

  /** End of the last chunk on the player's timeline, in seconds; `undefined` before the first. */
  get endS(): number | undefined {
    return this.#endS;
  }

  /** Chunks that had no place: not of the format in force, or after a gap and not a keyframe. */
  get droppedCount(): number {
    return this.#droppedCount;
  }

  /** A new format comes into force. */
  setFormat(format: { readonly epoch: number; readonly renditionId: number }): void {
    this.#format = format;
    this.#needsKeyframe = true;
    this.#nextChunkNumber = undefined;
  }

  /** The `timestampOffset` in seconds for this chunk; `undefined` when it has to be left out. */
  place(chunk: MediaChunk): number | undefined {
    if (chunk.epoch !== this.#format?.epoch || chunk.renditionId !== this.#format.renditionId) {
      this.#droppedCount += 1;
      return undefined;
    }
    const isGap = this.#nextChunkNumber !== undefined && chunk.chunkNumber !== this.#nextChunkNumber;
    this.#needsKeyframe ||= isGap;
    this.#nextChunkNumber = chunk.chunkNumber + 1;
    if (this.#needsKeyframe && !chunk.isKeyframe) {
      this.#droppedCount += 1;
      return undefined;
    }
    if (this.#needsKeyframe) this.#startRun(chunk);
    this.#needsKeyframe = false;
    const startS = this.#offsetS + chunk.mediaTimeUs / 1e6;
    this.#endS = Math.max(this.#endS ?? 0, startS + chunk.durationUs / 1e6);
    this.#placed.push({ startS, captureMs: chunk.captureMs });
    if (this.#placed.length > PLACED_MAX) this.#placed.shift();
    return this.#offsetS;
  }

  /** Capture time of the frame at `playerS`, on the broadcaster's clock; `undefined` when it is not known. */
  captureMsAt(playerS: number): WallMs | undefined {
    // Half a millisecond of slack: browsers round media times to microseconds or ticks.
    const placed = this.#placed.findLast((entry) => entry.startS <= playerS + 0.0005);
    if (placed === undefined) return undefined;
    return wallMs(placed.captureMs + Math.max(0, playerS - placed.startS) * 1000);
  }

  #startRun(first: MediaChunk): void {
    const endS = this.#endS ?? START_S;
    const mediaS = first.mediaTimeUs / 1e6;
    const goesOn = Math.abs(this.#offsetS + mediaS - endS) <= CONTIGUOUS_S;
    if (!goesOn) this.#offsetS = endS - mediaS;
  }
}
