/**
 * What each viewer knows of its stripes' sources: how far they lag, when a piece of theirs is overdue, and when they have
 * failed. The rules and the limits are the core's (`proto/src/repair`); a lag is reckoned from the time when the relay has
 * the piece, since the times at which others of the same viewer come are not all computed yet.
 */

import { Limits } from '@freshet/proto';
import { isCommonLateness, lagAllowanceMs, RepairLimits } from '../../../proto/src/repair/index.js';

const {
  COMMON_LATE_MS,
  COMMON_SPAN_MS,
  LAG_DEVIATION_GAIN,
  LAG_GAIN,
  LAG_TOLERANCE_MS_MAX,
  LATE_RUN,
  LATE_RUN_TALKING,
  LATE_SPACING_MS,
  PEAK_DECAY,
  PEAK_MARGIN,
  REORDER_MS,
  SWITCH_GRACE_MS,
  SWITCH_HOLD_MS,
} = RepairLimits;

/** Lag of the first source of all, until a piece shows it. */
const UNKNOWN_LAG_MS = 100;

/** A late piece as its viewer sees it. */
export type LatePiece = {
  readonly captureMs: number;
  readonly lateMs: number;
  /** When its source is heard of next: by this piece after all, or by the answer to a ping. */
  readonly heardMs: number;
};

/** By stripe and viewer; an entry is `stripe * count + viewer`. */
export class Lateness {
  /** Lag beyond which a piece is worth a closer look. */
  readonly limitMs: Float64Array;
  readonly #count: number;
  readonly #stripeCount: number;
  readonly #lagMs: Float64Array;
  readonly #deviationMs: Float64Array;
  readonly #excessMs: Float64Array;
  readonly #reorderMs: Float64Array;
  readonly #isKnown: Uint8Array;
  readonly #graceUntilMs: Float64Array;
  readonly #holdUntilMs: Float64Array;
  /** Chunks late in a row, the capture of the newest, and the first word of the source since the oldest. */
  readonly #run: Uint8Array;
  readonly #runCaptureMs: Float64Array;
  readonly #heardMs: Float64Array;
  readonly #lateMs: Float64Array;
  /** Pieces in a row that left hardly any time. */
  readonly #tightRun: Uint8Array;
  /** By viewer: since when, and until when, its sources are late together. */
  readonly #commonSinceMs: Float64Array;
  readonly #commonMs: Float64Array;

  constructor(count: number, stripeCount: number) {
    const column = (value = 0): Float64Array => new Float64Array(count * stripeCount).fill(value);
    this.#count = count;
    this.#stripeCount = stripeCount;
    this.limitMs = column();
    this.#lagMs = column(UNKNOWN_LAG_MS);
    this.#deviationMs = column();
    this.#excessMs = column();
    this.#reorderMs = column();
    this.#isKnown = new Uint8Array(count * stripeCount);
    this.#graceUntilMs = column();
    this.#holdUntilMs = column();
    this.#run = new Uint8Array(count * stripeCount);
    this.#runCaptureMs = column();
    this.#heardMs = column();
    this.#lateMs = column(Number.NEGATIVE_INFINITY);
    this.#tightRun = new Uint8Array(count * stripeCount);
    this.#commonSinceMs = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
    this.#commonMs = new Float64Array(count).fill(Number.NEGATIVE_INFINITY);
  }

  /** How far the stripe usually is behind the relay at this viewer. */
  lagMs(entry: number): number {
    return this.#lagMs[entry] ?? 0;
  }

  /** Until then a new source is being told from where to begin, and nobody else is asked. */
  holdUntilMs(entry: number): number {
    return this.#holdUntilMs[entry] ?? 0;
  }

  /** The shortest lag of any stripe of the viewer: by that one it learns which pieces there are. */
  shortestLagMs(viewer: number): number {
    let shortest = Number.POSITIVE_INFINITY;
    for (let stripe = 0; stripe < this.#stripeCount; stripe++)
      shortest = Math.min(shortest, this.lagMs(stripe * this.#count + viewer));
    return shortest;
  }

  /** Beyond the usual lag, how late a piece may be. */
  toleranceMs(entry: number): number {
    const deviation = this.#isKnown[entry] ? this.#deviationMs[entry] : undefined;
    return lagAllowanceMs(0, deviation, this.#excessMs[entry] ?? 0);
  }

  /** After a later piece of the same source, how long one is waited for. */
  reorderMs(entry: number): number {
    const seen = (this.#reorderMs[entry] ?? 0) * PEAK_MARGIN;
    return Math.min(LAG_TOLERANCE_MS_MAX, Math.max(REORDER_MS, seen));
  }

  /** Somebody else feeds the stripe from now on. What the viewer's other stripes lag is the first guess. */
  reset(entry: number, nowMs: number): void {
    const viewer = entry % this.#count;
    let guess = Number.POSITIVE_INFINITY;
    for (let other = viewer; other < this.#lagMs.length; other += this.#count)
      if (other !== entry && this.#isKnown[other]) guess = Math.min(guess, this.lagMs(other));
    this.#isKnown[entry] = 0;
    this.#lagMs[entry] = Number.isFinite(guess) ? guess : UNKNOWN_LAG_MS;
    this.#excessMs[entry] = 0;
    this.#reorderMs[entry] = 0;
    this.#holdUntilMs[entry] = nowMs + SWITCH_HOLD_MS;
    this.limitMs[entry] = this.lagMs(entry) + LAG_TOLERANCE_MS_MAX;
    this.excuse(entry, nowMs);
  }

  /** Nothing is held against the source for a while. */
  excuse(entry: number, nowMs: number): void {
    this.#graceUntilMs[entry] = nowMs + SWITCH_GRACE_MS;
    this.#run[entry] = 0;
    this.#tightRun[entry] = 0;
  }

  /** A piece came from the source; so long after a later one of it, 0 if in order. */
  learn(entry: number, lagMs: number, reorderMs: number): void {
    const peak = (this.#reorderMs[entry] ?? 0) * PEAK_DECAY;
    this.#reorderMs[entry] = Math.max(peak, Math.min(reorderMs, LAG_TOLERANCE_MS_MAX));
    if (!this.#isKnown[entry]) {
      this.#isKnown[entry] = 1;
      this.#lagMs[entry] = lagMs;
      this.#deviationMs[entry] = LAG_TOLERANCE_MS_MAX / 4;
    } else {
      const mean = this.#lagMs[entry] ?? 0;
      const deviation = this.#deviationMs[entry] ?? 0;
      const difference = lagMs - mean;
      const excess = (this.#excessMs[entry] ?? 0) * PEAK_DECAY;
      this.#excessMs[entry] = Math.max(excess, Math.min(difference, LAG_TOLERANCE_MS_MAX));
      this.#deviationMs[entry] = deviation + LAG_DEVIATION_GAIN * (Math.abs(difference) - deviation);
      this.#lagMs[entry] = mean + LAG_GAIN * difference;
    }
    this.limitMs[entry] = (this.#lagMs[entry] ?? 0) + this.toleranceMs(entry);
  }

  /** A piece came from its source in time. */
  onTime(entry: number): void {
    this.#run[entry] = 0;
  }

  /**
   * A piece from a neighbour left so much time until it is played. Returns whether the stripe should come from the relay:
   * pieces have been cutting it fine for too long.
   */
  isTight(entry: number, spareMs: number): boolean {
    if (spareMs >= Limits.SPARE_MS_MIN) {
      this.#tightRun[entry] = 0;
      return false;
    }
    const run = (this.#tightRun[entry] ?? 0) + 1;
    this.#tightRun[entry] = run % Limits.TIGHT_RUN_MAX;
    return run === Limits.TIGHT_RUN_MAX;
  }

  /** A piece of a neighbour's is late. Returns why that neighbour is to be left, if it is. */
  late(entry: number, piece: LatePiece): 'late' | 'silent' | undefined {
    const { captureMs, lateMs, heardMs } = piece;
    if (lateMs < (this.#graceUntilMs[entry] ?? 0)) return undefined;
    this.#lateMs[entry] = lateMs;
    const run = this.#run[entry] ?? 0;
    if (run === 0) this.#heardMs[entry] = heardMs;
    else if (captureMs - (this.#runCaptureMs[entry] ?? 0) < LATE_SPACING_MS) return undefined;
    this.#run[entry] = Math.min(255, run + 1);
    this.#runCaptureMs[entry] = captureMs;
    const isHeard = (this.#heardMs[entry] ?? 0) <= lateMs;
    this.#heardMs[entry] = Math.min(this.#heardMs[entry] ?? 0, heardMs);
    if (run + 1 < LATE_RUN) return undefined;
    if (!isHeard) return this.#leave(entry, lateMs, 'silent');
    if (run + 1 < LATE_RUN_TALKING || this.#isHeldAsCommon(entry % this.#count, lateMs)) return undefined;
    return this.#leave(entry, lateMs, 'late');
  }

  #leave(entry: number, nowMs: number, why: 'late' | 'silent'): 'late' | 'silent' {
    this.excuse(entry, nowMs);
    return why;
  }

  #isHeldAsCommon(viewer: number, nowMs: number): boolean {
    let lateCount = 0;
    for (let stripe = 0; stripe < this.#stripeCount; stripe++)
      if (nowMs - (this.#lateMs[stripe * this.#count + viewer] ?? 0) <= COMMON_SPAN_MS) lateCount++;
    if (!isCommonLateness(lateCount, this.#stripeCount)) return false;
    if (nowMs - (this.#commonMs[viewer] ?? 0) > COMMON_LATE_MS) this.#commonSinceMs[viewer] = nowMs;
    this.#commonMs[viewer] = nowMs;
    return nowMs - (this.#commonSinceMs[viewer] ?? 0) < COMMON_LATE_MS;
  }
}
