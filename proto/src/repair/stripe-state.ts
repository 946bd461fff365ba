/** One stripe at one viewer: who owes it, how far it lags, and which of its last pieces were late. */

import type { LinkId } from '../session/io.js';
import { addMs, type MonoMs, monoMs } from '../time.js';
import { areApart, type CaptureRange, type Gap } from './gap.js';
import { FadingPeak, lagAllowanceMs, RunningMean, reorderWindowMs } from './lag.js';
import { LAG_TOLERANCE_MS_MAX, LATE_RUN, SWITCH_GRACE_MS, SWITCH_HOLD_MS } from './limits.js';

/** Pieces of a stripe whose outcome is remembered: enough for a run, and for the order to settle. */
const OUTCOMES = 32;

type Outcome = {
  readonly sequence: number;
  readonly knownAt: number;
  /** When it may have been captured, of a late one. */
  readonly late: CaptureRange | undefined;
};

/** A run of late pieces, long enough to leave the source for. */
export type LateRun = {
  /** When the oldest of them was known to exist. */
  readonly knownAt: number;
  /** Chunks that they belong to. */
  readonly chunks: number;
};

/** See the module's header. */
export class StripeState {
  readonly #stripeCount: number;
  readonly #lag = new RunningMean();
  /** Of lag above the mean. */
  readonly #excess = new FadingPeak();
  readonly #reorder = new FadingPeak();
  #outcomes: (Outcome | undefined)[] = [];
  #source: LinkId | undefined;
  /** When the source was set: what was known before it is not its debt. */
  #since: MonoMs = monoMs(0);
  #graceUntil: MonoMs = monoMs(0);
  #holdUntil: MonoMs = monoMs(0);

  constructor(stripeCount: number) {
    this.#stripeCount = stripeCount;
  }

  /** Who owes the stripe. */
  get source(): LinkId | undefined {
    return this.#source;
  }

  /** Until then nothing is held against the source. */
  get graceUntil(): MonoMs {
    return this.#graceUntil;
  }

  /** Until then the source is being told from where to begin, and nobody else is asked. */
  get holdUntil(): MonoMs {
    return this.#holdUntil;
  }

  /** Smoothed lag. */
  get meanLagMs(): number {
    return this.#lag.mean;
  }

  /** See `lagAllowanceMs`; `isUnsettled`: the lags of the stripes are shifting against each other. */
  allowanceMs(isUnsettled: boolean): number {
    return lagAllowanceMs(this.#lag.mean, isUnsettled ? undefined : this.#lag.deviation, this.#excess.peak);
  }

  /** Another source, or none. */
  setSource(now: MonoMs, link: LinkId | undefined): void {
    this.#source = link;
    this.#since = now;
    this.#graceUntil = addMs(now, SWITCH_GRACE_MS);
    this.#holdUntil = link === undefined ? now : addMs(now, SWITCH_HOLD_MS);
    this.#lag.reset();
    this.#excess.reset();
    this.#reorder.reset();
    this.#outcomes = [];
  }

  /** The owner was told to leave the source: it is not told again at once. */
  excuse(now: MonoMs): void {
    this.#graceUntil = addMs(now, SWITCH_GRACE_MS);
    this.#outcomes = [];
  }

  /** Whether a piece known at that time is owed by the present source. */
  isOwed(knownAt: number): boolean {
    return this.#source !== undefined && knownAt >= this.#since;
  }

  /** See `reorderWindowMs`. */
  get reorderMs(): number {
    return reorderWindowMs(this.#reorder.peak);
  }

  /** The source delivered a piece: so long after it was known, and after a later one of its own (0: in order). */
  addLag(knownAt: number, lagMs: number, reorderMs: number): void {
    if (!this.isOwed(knownAt)) return;
    if (this.#lag.deviation !== undefined) this.#excess.add(lagMs - this.#lag.mean, LAG_TOLERANCE_MS_MAX);
    this.#lag.add(lagMs);
    this.#reorder.add(reorderMs, LAG_TOLERANCE_MS_MAX);
  }

  /** A piece came from its source in time. */
  onTime(sequence: number, knownAt: number): void {
    this.#note({ sequence, knownAt, late: undefined });
  }

  /**
   * A piece is late. The run that it completes, if any: {@link LATE_RUN} late pieces in a row of different chunks. One
   * lost piece is no run, and neither is a keyframe, all of whose pieces wait behind each other.
   */
  markLate(now: MonoMs, { sequence, knownAt, captured }: Gap): LateRun | undefined {
    if (now < this.#graceUntil || !this.isOwed(knownAt)) return undefined;
    this.#note({ sequence, knownAt, late: captured });
    let first = sequence;
    while (this.#lateAt(first - this.#stripeCount)) first -= this.#stripeCount;
    let chunks = 0;
    let last: CaptureRange | undefined;
    for (let next = this.#lateAt(first); next?.late; next = this.#lateAt(next.sequence + this.#stripeCount)) {
      if (last && !areApart(last, next.late)) continue;
      last = next.late;
      chunks++;
    }
    return chunks >= LATE_RUN ? { knownAt: this.#lateAt(first)?.knownAt ?? knownAt, chunks } : undefined;
  }

  #note(outcome: Outcome): void {
    this.#outcomes[this.#slot(outcome.sequence)] = outcome;
  }

  #lateAt(sequence: number): Outcome | undefined {
    const outcome = sequence < 0 ? undefined : this.#outcomes[this.#slot(sequence)];
    return outcome?.sequence === sequence && outcome.late ? outcome : undefined;
  }

  #slot(sequence: number): number {
    return Math.floor(sequence / this.#stripeCount) % OUTCOMES;
  }
}
