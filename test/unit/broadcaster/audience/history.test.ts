import { describe, expect, it } from 'vitest';
import { HISTORY_COLUMNS, type HistorySample } from '../../../../broadcaster/src/audience/dashboard-wire.js';
import {
  COARSE_SAMPLES_MAX,
  COARSE_STEP,
  FINE_SAMPLES_MAX,
  History,
  historyCsv,
  mergeSamples,
} from '../../../../broadcaster/src/audience/history.js';

const sample = (values: Partial<Record<(typeof HISTORY_COLUMNS)[number], number | null>>): HistorySample =>
  HISTORY_COLUMNS.map((column) => values[column] ?? (column === 'atMs' ? 0 : null));
const second = (at: number): HistorySample =>
  sample({ atMs: at * 1_000, viewers: 7, joins: 1, leaves: 0, latencyP95Ms: at % 10 });
const sumOf = (samples: readonly HistorySample[], column: (typeof HISTORY_COLUMNS)[number]): number =>
  samples.reduce((sum, values) => sum + (values[HISTORY_COLUMNS.indexOf(column)] ?? 0), 0);

describe('the history of a broadcast', () => {
  it('keeps an hour by the second, and of what is older every join', () => {
    const history = new History();
    for (let at = 0; at < FINE_SAMPLES_MAX + 995; at++) history.add(second(at));
    const samples = history.samples();
    expect(sumOf(samples, 'joins')).toBe(FINE_SAMPLES_MAX + 995);
    expect(samples.length).toBeLessThanOrEqual(FINE_SAMPLES_MAX + 100);
    expect(samples.slice(-FINE_SAMPLES_MAX + COARSE_STEP)).toEqual(
      Array.from({ length: FINE_SAMPLES_MAX - COARSE_STEP }, (_, index) => second(995 + COARSE_STEP + index)),
    );
  });

  it('never takes more memory than it says, however long the broadcast', () => {
    const history = new History();
    const days = 3 * 86_400;
    for (let at = 0; at < days; at++) history.add(second(at));
    expect(history.size).toBeLessThanOrEqual(FINE_SAMPLES_MAX + COARSE_SAMPLES_MAX + 4 * COARSE_STEP);
    const samples = history.samples();
    expect(samples[0]?.[0]).toBe(0);
    expect(sumOf(samples, 'joins')).toBe(days);
    const times = samples.map(([atMs]) => atMs ?? 0);
    expect(times.every((time, index) => index === 0 || time > (times[index - 1] ?? 0))).toBe(true);
  });

  it('can be had in few points that still count everybody', () => {
    const history = new History();
    for (let at = 0; at < 3_000; at++) history.add(second(at));
    const points = history.samples(100);
    expect(points.length).toBeLessThanOrEqual(101);
    expect(sumOf(points, 'joins')).toBe(3_000);
  });

  it('averages gauges, adds counts, keeps the worst latency, and knows what is not known', () => {
    const merged = mergeSamples([
      sample({ atMs: 5, viewers: 1, joins: 2, latencyP95Ms: 900, speed: null }),
      sample({ atMs: 6, viewers: 2, joins: 3, latencyP95Ms: 300, speed: null }),
    ]);
    expect(merged).toEqual(sample({ atMs: 5, viewers: 1.5, joins: 5, latencyP95Ms: 900 }));
  });

  it('is a table with a head and a time in each row', () => {
    const csv = historyCsv([sample({ atMs: Date.UTC(2030, 0, 2, 3, 4, 5), viewers: 12 })]);
    const [head, row, end] = csv.split('\r\n');
    expect(head).toBe(['at', ...HISTORY_COLUMNS.slice(1)].join(','));
    expect(row).toBe(`2030-01-02T03:04:05.000Z,12${','.repeat(HISTORY_COLUMNS.length - 2)}`);
    expect(end).toBe('');
  });
});
