/**
 * Exact sound times out of FLV's whole milliseconds.
 *
 * Counts samples instead of trusting rounded times, and follows the stated time where both are more than two frames
 * apart: there the source left something out, sent it twice, or its clock has drifted.
 */
export class TrackClock {
  /** Length of every frame, in ticks. */
  readonly frameTicks: number;
  readonly #ticksPerMs: number;
  #nextTicks: number | undefined;

  /** `sampleRate` in Hz is also the timescale; every frame has `frameSamples`. */
  constructor(sampleRate: number, frameSamples: number) {
    this.frameTicks = frameSamples;
    this.#ticksPerMs = sampleRate / 1000;
  }

  /**
   * The ticks at which a frame with this stated time begins, never before the end of the one placed last;
   * `undefined` for a frame to leave out because that time is taken.
   */
  place(statedMs: number): number | undefined {
    const stated = Math.max(0, Math.round(statedMs * this.#ticksPerMs));
    const expected = this.#nextTicks ?? stated;
    const distance = stated - expected;
    if (distance < -2 * this.frameTicks) return undefined;
    const ticks = distance > 2 * this.frameTicks ? stated : expected;
    this.#nextTicks = ticks + this.frameTicks;
    return ticks;
  }
}
