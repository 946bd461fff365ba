/** Counts of delays in buckets of one millisecond. */

/** Delays beyond this count as this. */
const MS_MAX = 60_000;

/** Bounded, whatever is added. */
export class Histogram {
  readonly #buckets: Uint32Array;
  #count = 0;

  /** An empty one, or one that goes on from `buckets`. */
  constructor(buckets: Uint32Array = new Uint32Array(MS_MAX + 1)) {
    this.#buckets = buckets;
    for (const count of buckets) this.#count += count;
  }

  /** Everything that was added. */
  get count(): number {
    return this.#count;
  }

  /** The counts by milliseconds: to be drawn, or sent to another thread. */
  get buckets(): Uint32Array {
    return this.#buckets;
  }

  add(ms: number): void {
    const bucket = Math.min(MS_MAX, Math.max(0, Math.round(ms)));
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1;
    this.#count++;
  }

  /** Forgets everything. */
  clear(): void {
    this.#buckets.fill(0);
    this.#count = 0;
  }

  merge(other: Histogram): void {
    for (const [ms, count] of other.#buckets.entries())
      if (count > 0) this.#buckets[ms] = (this.#buckets[ms] ?? 0) + count;
    this.#count += other.#count;
  }

  /** Milliseconds that a share of everything kept; 0 when nothing was added. */
  quantile(share: number): number {
    const wanted = Math.ceil(this.#count * share);
    let seen = 0;
    for (const [ms, count] of this.#buckets.entries()) {
      seen += count;
      if (count > 0 && seen >= wanted) return ms;
    }
    return 0;
  }
}
