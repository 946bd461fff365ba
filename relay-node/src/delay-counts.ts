/** Counts delays by size, as Prometheus wants them: a few additions for each, no list to keep. */

/** Upper ends of the classes in milliseconds, from one hop on a LAN to far too late. What is above is counted, too. */
export const DELAY_MS_BOUNDS: readonly number[] = [
  1, 2, 5, 10, 20, 30, 50, 75, 100, 150, 200, 300, 500, 750, 1_000, 2_000, 5_000, 10_000,
];

/** See the file's header. */
export class DelayCounts {
  readonly #counts: number[] = new Array<number>(DELAY_MS_BOUNDS.length + 1).fill(0);
  #sumMs = 0;

  /** Counts one delay in milliseconds. Below zero, as of a clock that is ahead, it counts as zero. */
  observe(delayMs: number): void {
    if (!Number.isFinite(delayMs)) return;
    const bound = DELAY_MS_BOUNDS.findIndex((ms) => delayMs <= ms);
    const index = bound < 0 ? DELAY_MS_BOUNDS.length : bound;
    this.#counts[index] = (this.#counts[index] ?? 0) + 1;
    this.#sumMs += Math.max(0, delayMs);
  }

  /** How many there were in each class; the last one is what lies above all bounds. */
  get counts(): readonly number[] {
    return this.#counts;
  }

  /** All of them together, in milliseconds. */
  get sumMs(): number {
    return this.#sumMs;
  }
}
