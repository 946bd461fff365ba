/** A bounded window of samples over time, with percentiles. Pure: no DOM, no clock. */

import type { MonoMs } from '@freshet/proto';

/** Holds the samples of the last `spanMs`, at most `countMax`; overflow: the oldest is forgotten. */
export class SampleWindow {
  readonly #spanMs: number;
  readonly #countMax: number;
  #samples: { readonly atMs: number; readonly value: number }[] = [];

  constructor(options: { readonly spanMs: number; readonly countMax: number }) {
    this.#spanMs = options.spanMs;
    this.#countMax = options.countMax;
  }

  /** Samples held. */
  get count(): number {
    return this.#samples.length;
  }

  /** Adds a sample taken at `nowMs`; times never go back. */
  add(nowMs: MonoMs, value: number): void {
    this.#samples.push({ atMs: nowMs, value });
    this.expire(nowMs);
  }

  /** Forgets what is older than the span. */
  expire(nowMs: MonoMs): void {
    const tooMany = Math.max(0, this.#samples.length - this.#countMax);
    let from = tooMany;
    while (from < this.#samples.length && nowMs - (this.#samples[from]?.atMs ?? nowMs) > this.#spanMs)
      from += 1;
    if (from > 0) this.#samples.splice(0, from);
  }

  /** The value that the share `quantile` (0 to 1) of the samples does not exceed; `undefined` without samples. */
  quantile(quantile: number): number | undefined {
    const sorted = this.#samples.map((sample) => sample.value).toSorted((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))];
  }

  /** Forgets every sample. */
  clear(): void {
    this.#samples = [];
  }
}
