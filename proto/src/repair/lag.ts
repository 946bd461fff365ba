/**
 * How far a stripe usually is behind the earliest one, and from when on a piece of it is overdue. Pure rules.
 *
 * No clock but this node's own is needed: the lag of a piece is the time from when it is known to exist (a piece with
 * its number or a higher one came, over any stripe) to its arrival. What holds up all stripes alike, at the source or
 * on this node's downlink, therefore makes nothing overdue.
 */

import {
  ALL_SILENT_MS,
  ALL_SILENT_MS_MAX,
  LAG_DEVIATION_GAIN,
  LAG_GAIN,
  LAG_MEAN_MS_MAX,
  LAG_TOLERANCE_MS_MAX,
  LAG_TOLERANCE_MS_MIN,
  PEAK_DECAY,
  PEAK_MARGIN,
  QUIET_MARGIN,
  QUIET_MS,
  REORDER_MS,
  REPAIR_RESERVE_MS,
} from './limits.js';

/** A running mean and its mean deviation, as RFC 6298 §2 keeps them of round trips. */
export class RunningMean {
  #mean = 0;
  #deviation = 0;
  #isKnown = false;

  /** 0 before the first sample. */
  get mean(): number {
    return this.#mean;
  }

  /** `undefined` before the first sample. */
  get deviation(): number | undefined {
    return this.#isKnown ? this.#deviation : undefined;
  }

  /** Takes a sample. */
  add(sample: number): void {
    if (!this.#isKnown) {
      this.#isKnown = true;
      this.#mean = sample;
      this.#deviation = sample / 2;
      return;
    }
    this.#deviation += LAG_DEVIATION_GAIN * (Math.abs(sample - this.#mean) - this.#deviation);
    this.#mean += LAG_GAIN * (sample - this.#mean);
  }

  /** Forgets everything. */
  reset(): void {
    this.#isKnown = false;
    this.#mean = 0;
    this.#deviation = 0;
  }
}

/** The highest of late, fading by {@link PEAK_DECAY} with every sample. */
export class FadingPeak {
  #peak = 0;

  /** 0 before the first sample. */
  get peak(): number {
    return this.#peak;
  }

  /** Takes a sample; one above `most` counts as that. */
  add(sample: number, most: number): void {
    this.#peak = Math.max(Math.min(sample, most), this.#peak * PEAK_DECAY);
  }

  /** Forgets everything. */
  reset(): void {
    this.#peak = 0;
  }
}

/**
 * How long after it is known a piece is overdue: the mean and four deviations, as a TCP sender waits for an
 * acknowledgement (RFC 6298 §2). A running deviation forgets within a group that the keyframe's pieces come slowly, so
 * the peak of late counts too. Between a least and a most; the most where nothing is known.
 */
export function lagAllowanceMs(meanMs: number, deviationMs: number | undefined, peakMs: number): number {
  const usual = deviationMs === undefined ? LAG_TOLERANCE_MS_MAX : 4 * deviationMs;
  const tolerance = Math.max(LAG_TOLERANCE_MS_MIN, usual, peakMs * PEAK_MARGIN);
  return Math.min(meanMs, LAG_MEAN_MS_MAX) + Math.min(LAG_TOLERANCE_MS_MAX, tolerance);
}

/**
 * How long a piece may come after a later one of its stripe from the same source: a source pushes a stripe in order, so
 * only reordering on the way is waited for, as far as it was seen (RACK's reordering window, RFC 8985 §6.2).
 */
export function reorderWindowMs(peakMs: number): number {
  return Math.min(LAG_TOLERANCE_MS_MAX, Math.max(REORDER_MS, peakMs * PEAK_MARGIN));
}

/**
 * When a missing piece is asked for: when it is late, or sooner if its deadline is near (push-pull as in GridMedia,
 * Zhang et al. 2007, and New Coolstreaming, Li et al. 2008), but not before jitter can explain it.
 */
export function requestAt(
  knownAt: number,
  lateAt: number,
  deadlineAt: number,
  reserveMs: number = REPAIR_RESERVE_MS,
): number {
  return Math.min(lateAt, Math.max(knownAt + LAG_TOLERANCE_MS_MIN, deadlineAt - reserveMs));
}

/** How long nothing at all may come before all sources count as silent, by the usual time between two pieces. */
export function allSilentMs(meanMs: number, deviationMs: number): number {
  return Math.min(ALL_SILENT_MS_MAX, Math.max(ALL_SILENT_MS, meanMs + 4 * deviationMs));
}

/**
 * How long nothing at all may come before it is worth asking about: well beyond what the usual spacing of pieces explains,
 * so that a stream of few frames a second is not asked about at every frame.
 */
export function quietMs(meanMs: number, deviationMs: number): number {
  return Math.min(ALL_SILENT_MS_MAX, Math.max(QUIET_MS, QUIET_MARGIN * (meanMs + 4 * deviationMs)));
}
