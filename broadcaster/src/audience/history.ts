/** The audience over a whole broadcast, in bounded memory: seconds for an hour, coarser steps before that. */

import {
  HISTORY_COLUMNS,
  type HistoryColumn,
  type HistoryDocument,
  type HistorySample,
} from './dashboard-wire.js';

/** Samples kept as they came: an hour of seconds. */
export const FINE_SAMPLES_MAX = 3_600;

/** Older samples, of {@link COARSE_STEP} each at first: a day. With more, two become one, and the steps twice as long. */
export const COARSE_SAMPLES_MAX = 8_640;

/** Fine samples in one coarse one. */
export const COARSE_STEP = 10;

/** How samples of one column become one; the others are averaged. */
const MERGES: Partial<Record<HistoryColumn, 'first' | 'sum' | 'most'>> = {
  atMs: 'first',
  joins: 'sum',
  leaves: 'sum',
  latencyP95Ms: 'most',
  framesDropped: 'most',
};

/** Keeps the samples. */
export class History {
  #fine: HistorySample[] = [];
  #coarse: HistorySample[] = [];
  #pending: HistorySample[] = [];
  #step = COARSE_STEP;

  /** Samples kept. */
  get size(): number {
    return this.#coarse.length + this.#pending.length + this.#fine.length;
  }

  /** Adds the newest. */
  add(sample: HistorySample): void {
    this.#fine.push(sample);
    if (this.#fine.length <= FINE_SAMPLES_MAX) return;
    // By steps: taking one off the front each second would move the whole hour.
    this.#pending.push(...this.#fine.splice(0, COARSE_STEP));
    while (this.#pending.length >= this.#step) this.#settle(this.#pending.splice(0, this.#step));
  }

  /** All of it, oldest first; with `points`, merged to at most about so many samples. */
  samples(points: number = Number.POSITIVE_INFINITY): readonly HistorySample[] {
    const all = [...this.#coarse, ...this.#pending, ...this.#fine];
    const first = all[0]?.[0] ?? 0;
    const last = all.at(-1)?.[0] ?? 0;
    if (all.length <= points) return all;
    // By time, not by number: early samples stand for longer than late ones.
    const spanMs = (last - first + 1) / points;
    const merged: HistorySample[] = [];
    const group: HistorySample[] = [];
    for (const sample of all) {
      const isNext =
        Math.floor(((sample[0] ?? 0) - first) / spanMs) !==
        Math.floor(((group[0]?.[0] ?? 0) - first) / spanMs);
      if (group.length > 0 && isNext) merged.push(mergeSamples(group.splice(0)));
      group.push(sample);
    }
    if (group.length > 0) merged.push(mergeSamples(group));
    return merged;
  }

  #settle(samples: readonly HistorySample[]): void {
    this.#coarse.push(mergeSamples(samples));
    if (this.#coarse.length <= COARSE_SAMPLES_MAX) return;
    const halved: HistorySample[] = [];
    for (let index = 0; index < this.#coarse.length; index += 2)
      halved.push(mergeSamples(this.#coarse.slice(index, index + 2)));
    this.#coarse = halved;
    this.#step *= 2;
  }
}

/** One sample for several, which are in order. */
export function mergeSamples(samples: readonly HistorySample[]): HistorySample {
  return HISTORY_COLUMNS.map((column, index) => {
    const known: number[] = [];
    for (const sample of samples) {
      const value = sample[index];
      if (value !== null && value !== undefined) known.push(value);
    }
    const [first] = known;
    if (first === undefined) return null;
    const merge = MERGES[column];
    if (merge === 'first') return first;
    const sum = known.reduce((total, value) => total + value, 0);
    if (merge === 'sum') return sum;
    return merge === 'most' ? Math.max(...known) : Math.round((sum / known.length) * 100) / 100;
  });
}

/** The samples as a table for spreadsheets (RFC 4180), times as ISO 8601. */
export function historyCsv(samples: readonly HistorySample[]): string {
  const rows = samples.map(([atMs, ...rest]) =>
    [new Date(atMs ?? 0).toISOString(), ...rest.map((value) => value ?? '')].join(','),
  );
  return `${[['at', ...HISTORY_COLUMNS.slice(1)].join(','), ...rows].join('\r\n')}\r\n`;
}

/** The samples for programs. */
export function historyDocument(samples: readonly HistorySample[]): HistoryDocument {
  return { columns: HISTORY_COLUMNS, samples };
}
