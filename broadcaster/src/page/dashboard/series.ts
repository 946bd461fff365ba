/** The history as the page holds it: what was there when it came, and each second since. Pure. */

import { HISTORY_COLUMNS, type HistoryColumn, type HistorySample } from '../../audience/dashboard-wire.js';

/** Samples held; with more, the older half is thinned to every second one. */
export const SAMPLES_MAX = 6_000;

/** Time over which joins and leaves are summed for a rate. */
export const RATE_SPAN_MS = 10_000;

const AT = HISTORY_COLUMNS.indexOf('atMs');

/** Columns over time. */
export class Series {
  #samples: HistorySample[] = [];

  /** Takes the history; what came meanwhile and is newer stays. */
  begin(samples: readonly HistorySample[]): void {
    const last = samples.at(-1)?.[AT] ?? 0;
    this.#samples = [...samples, ...this.#samples.filter((sample) => (sample[AT] ?? 0) > last)];
  }

  /** Adds the newest second. */
  add(sample: HistorySample): void {
    this.#samples.push(sample);
    if (this.#samples.length <= SAMPLES_MAX) return;
    const half = this.#samples.length / 2;
    this.#samples = this.#samples.filter((_, index) => index >= half || index % 2 === 0);
  }

  /** Times in Unix seconds, from `spanMs` before the newest on. */
  times(spanMs: number): number[] {
    return this.#within(spanMs).map((sample) => (sample[AT] ?? 0) / 1_000);
  }

  /** A column beside {@link Series.times}. */
  column(name: HistoryColumn, spanMs: number): (number | null)[] {
    const at = HISTORY_COLUMNS.indexOf(name);
    return this.#within(spanMs).map((sample) => sample[at] ?? null);
  }

  /** A column of counts as a rate a minute, over the {@link RATE_SPAN_MS} before each moment. */
  perMinute(name: 'joins' | 'leaves', spanMs: number): number[] {
    const at = HISTORY_COLUMNS.indexOf(name);
    const rates: number[] = [];
    let [sum, first] = [0, 0];
    const begin = this.#samples.length - this.#within(spanMs).length;
    for (const [index, sample] of this.#samples.entries()) {
      const now = sample[AT] ?? 0;
      sum += sample[at] ?? 0;
      while (first < index && now - (this.#samples[first]?.[AT] ?? 0) >= RATE_SPAN_MS)
        sum -= this.#samples[first++]?.[at] ?? 0;
      // Older samples stand for more than a second each.
      const stepMs = index === 0 ? 1_000 : now - (this.#samples[index - 1]?.[AT] ?? 0);
      if (index >= begin) rates.push((sum * 60_000) / Math.max(RATE_SPAN_MS, stepMs));
    }
    return rates;
  }

  /** Counts of the last minute. */
  lastMinute(name: 'joins' | 'leaves'): number {
    return this.column(name, 60_000).reduce<number>((sum, count) => sum + (count ?? 0), 0);
  }

  #within(spanMs: number): HistorySample[] {
    const from = (this.#samples.at(-1)?.[AT] ?? 0) - spanMs;
    const index = this.#samples.findIndex((sample) => (sample[AT] ?? 0) > from);
    return index < 0 ? [] : this.#samples.slice(index);
  }
}
