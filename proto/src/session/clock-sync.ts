/**
 * The broadcaster's clock, estimated from pings to a parent as NTP does (RFC 5905 §8): of the last samples the one
 * with the shortest round trip is the least disturbed, and its error is at most half that round trip.
 */

import { BROADCAST_MS_MAX, CLOCK_RTT_MS_MAX, CLOCK_SAMPLES_MAX } from '../limits.js';
import { type MonoMs, type WallMs, wallMs } from '../time.js';

/** What drift and scheduling can add to the disagreement of two samples. */
const CLOCK_STEP_MS = 250;

type Sample = { readonly offsetMs: number; readonly rttMs: number };

/** Holds the difference between the broadcaster's clock and this node's own. */
export class ClockSync {
  #samples: Sample[] = [];
  #fixedOffsetMs: number | undefined;

  /** Makes this node's clock the broadcaster's: for the publisher. `wallAtZeroMs` is the wall time at mono 0. */
  setSource(wallAtZeroMs: number): void {
    this.#fixedOffsetMs = wallAtZeroMs;
  }

  /**
   * Takes the answer to a ping: sent and received on the own clock, answered on the broadcaster's. One that took longer
   * than {@link CLOCK_RTT_MS_MAX}, or names no possible time, is ignored: what is kept is told to children as well.
   */
  addSample(sentMs: number, receivedMs: MonoMs, broadcastMs: number): void {
    const rttMs = receivedMs - sentMs;
    if (rttMs < 0 || rttMs > CLOCK_RTT_MS_MAX) return;
    if (broadcastMs < 0 || broadcastMs > BROADCAST_MS_MAX) return;
    const offsetMs = broadcastMs + rttMs / 2 - receivedMs;
    const best = this.#best();
    // Further off than two round trips can explain: another clock answers now, and the old samples are void.
    if (best && Math.abs(offsetMs - best.offsetMs) > CLOCK_STEP_MS + rttMs + best.rttMs) this.#samples = [];
    this.#samples.push({ offsetMs, rttMs });
    if (this.#samples.length > CLOCK_SAMPLES_MAX) this.#samples.shift();
  }

  /** Whether enough samples are in for slow pings. */
  get isSettled(): boolean {
    return this.#fixedOffsetMs !== undefined || this.#samples.length >= CLOCK_SAMPLES_MAX / 2;
  }

  /** Shortest round trip of the kept samples. */
  get rttMs(): number | undefined {
    return this.#best()?.rttMs;
  }

  /** The broadcaster's wall clock at `now`; `undefined` before the first sample. */
  broadcastAt(now: MonoMs): WallMs | undefined {
    const offsetMs = this.#fixedOffsetMs ?? this.#best()?.offsetMs;
    return offsetMs === undefined ? undefined : wallMs(now + offsetMs);
  }

  #best(): Sample | undefined {
    let best: Sample | undefined;
    for (const sample of this.#samples) if (!best || sample.rttMs < best.rttMs) best = sample;
    return best;
  }
}
