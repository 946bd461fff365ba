/** What one viewer's player would have shown: a model of a playhead, fed with the times at which chunks were there. */

import { Limits } from '@freshet/proto';

/** A span of the world's time in which is counted. */
export type Span = { readonly fromMs: number; readonly untilMs: number };

/** How far behind the capture a picture is shown, unless a run says otherwise. */
export const PLAYOUT_LAG_MS: number = Limits.PLAYOUT_LAG_MS;

/** A player that is further behind plays this much faster until it is not. */
const CATCH_UP_SPEED = 1.1;

const isIn = ({ fromMs, untilMs }: Span, atMs: number): boolean => atMs >= fromMs && atMs < untilMs;

/**
 * The first decodable frame is shown when it is there. If it is younger than the lag, the player holds it until it is
 * as old as that: a hold at the start, not a stall. If it is older, the player catches up at 1.1 times the speed. A
 * chunk is due when the playhead reaches it; one that is not there then is a stall, however short, and so is one that
 * never comes. After a stall the player catches up in the same way, so the next late chunk is the next stall.
 *
 * On time is a chunk that was there by the time at which a player that never stalled would have shown it, so one
 * stall does not make the chunks after it punctual.
 */
export class Playout {
  readonly #lagMs: number;
  readonly #intervalMs: number;
  readonly #span: Span;
  #epoch = -1;
  #chunk = -1;
  #captureMs = 0;
  /** Where and when the playhead went on from the last stall, or from the start. */
  #baseMs = 0;
  #baseCaptureMs = 0;
  #startMs = 0;
  #startCaptureMs = 0;
  #stalls = 0;
  #stalledMs = 0;
  #expected = 0;
  #onTime = 0;

  constructor(options: { lagMs: number; intervalMs: number; span: Span }) {
    this.#lagMs = options.lagMs;
    this.#intervalMs = options.intervalMs;
    this.#span = options.span;
  }

  /** Whether a first frame was shown. */
  get isStarted(): boolean {
    return this.#chunk >= 0;
  }

  /** Times the picture stood still within the span. */
  get stalls(): number {
    return this.#stalls;
  }

  /** How long it did, together. */
  get stalledMs(): number {
    return this.#stalledMs;
  }

  /** Chunks that were due within the span. */
  get expected(): number {
    return this.#expected;
  }

  /** Those of them that were there. */
  get onTime(): number {
    return this.#onTime;
  }

  /** A chunk is there, in order. Times are the world's; a new epoch begins anew. */
  deliver(atMs: number, epoch: number, chunk: number, captureMs: number): void {
    if (!this.isStarted || epoch !== this.#epoch) return this.#start(atMs, epoch, chunk, captureMs);
    const missed = chunk - this.#chunk - 1;
    if (missed > 0) this.#skip(atMs, missed, captureMs);
    const dueMs = this.#dueMs(captureMs);
    this.#count(captureMs, atMs);
    if (atMs > dueMs) {
      if (missed <= 0) this.#stall(dueMs, atMs);
      this.#baseMs = atMs;
      this.#baseCaptureMs = captureMs;
    }
    this.#chunk = chunk;
    this.#captureMs = captureMs;
  }

  /** Forgets what was counted; the playhead goes on. */
  clear(): void {
    this.#stalls = 0;
    this.#stalledMs = 0;
    this.#expected = 0;
    this.#onTime = 0;
  }

  /** The viewer leaves, or the run ends; chunks up to `newestCaptureMs` had been published. */
  finish(atMs: number, newestCaptureMs: number): void {
    if (!this.isStarted) return;
    const first = this.#captureMs + this.#intervalMs;
    for (let captureMs = first; captureMs <= newestCaptureMs; captureMs += this.#intervalMs)
      if (this.#plainDueMs(captureMs) < atMs) this.#count(captureMs, Number.POSITIVE_INFINITY);
    const dueMs = this.#dueMs(first);
    if (first <= newestCaptureMs && dueMs < atMs) this.#stall(dueMs, atMs);
  }

  #start(atMs: number, epoch: number, chunk: number, captureMs: number): void {
    this.#epoch = epoch;
    this.#chunk = chunk;
    this.#captureMs = captureMs;
    this.#baseMs = atMs;
    this.#baseCaptureMs = captureMs;
    this.#startMs = atMs;
    this.#startCaptureMs = captureMs;
    this.#count(captureMs, atMs);
  }

  /** Chunks that were given up: the picture stands still from the first of them to the chunk that came. */
  #skip(atMs: number, missed: number, captureMs: number): void {
    for (let index = 1; index <= missed; index++)
      this.#count(this.#captureMs + index * this.#intervalMs, Number.POSITIVE_INFINITY);
    const missingMs = this.#dueMs(this.#captureMs + this.#intervalMs);
    this.#stall(missingMs, Math.max(atMs, this.#dueMs(captureMs)));
  }

  #stall(fromMs: number, untilMs: number): void {
    if (!isIn(this.#span, fromMs)) return;
    this.#stalls++;
    this.#stalledMs += untilMs - fromMs;
  }

  #count(captureMs: number, atMs: number): void {
    const dueMs = this.#plainDueMs(captureMs);
    if (!isIn(this.#span, dueMs)) return;
    this.#expected++;
    if (atMs <= dueMs) this.#onTime++;
  }

  #dueMs(captureMs: number): number {
    return this.#dueAfter(captureMs, this.#baseMs, this.#baseCaptureMs);
  }

  /** When a player would show it that has not stalled since its first frame. */
  #plainDueMs(captureMs: number): number {
    return this.#dueAfter(captureMs, this.#startMs, this.#startCaptureMs);
  }

  #dueAfter(captureMs: number, baseMs: number, baseCaptureMs: number): number {
    return Math.max(baseMs + (captureMs - baseCaptureMs) / CATCH_UP_SPEED, captureMs + this.#lagMs);
  }
}
