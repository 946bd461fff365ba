/** What a cell is judged by, in a form that adds up: a million viewers are the sum of a thousand cells. */

import { noTraffic, type Traffic } from './delivery.js';

/** Delays and starts beyond this count as this. */
const BUCKETS = 10_000;

/** Counts of one or many cells. */
export type Tally = {
  viewers: number;
  cells: number;
  /** By millisecond. */
  readonly delays: Float64Array;
  delayMsMax: number;
  readonly starts: Float64Array;
  chunksDue: number;
  chunksOnTime: number;
  /** Viewers that had a chunk too late at least once. */
  stalled: number;
  readonly traffic: Traffic;
  /** Relays' egress in multiples of the bitrate, summed over the cells, and the greatest. */
  relayEgressX: number;
  relayEgressXMax: number;
  /** The greatest lower bound of a cell: of any algorithm below a relay that has the pieces when this one had them. */
  boundMs: number;
  /** Greatest delay over lower bound of a cell. */
  boundRatioMax: number;
  deliveries: number;
  changes: number;
  switches: number;
  circles: number;
  unreachable: number;
  /** Stripe feeds by relays at the end, and the greatest number of hops of any viewer then. */
  relayFeeds: number;
  depthMax: number;
};

/** Nothing counted yet. */
export function createTally(): Tally {
  return {
    viewers: 0,
    cells: 0,
    delays: new Float64Array(BUCKETS + 1),
    delayMsMax: 0,
    starts: new Float64Array(BUCKETS + 1),
    chunksDue: 0,
    chunksOnTime: 0,
    stalled: 0,
    traffic: noTraffic(),
    relayEgressX: 0,
    relayEgressXMax: 0,
    boundMs: 0,
    boundRatioMax: 0,
    deliveries: 0,
    changes: 0,
    switches: 0,
    circles: 0,
    unreachable: 0,
    relayFeeds: 0,
    depthMax: 0,
  };
}

/** Counts one duration in a histogram of milliseconds. */
export function countMs(histogram: Float64Array, ms: number): void {
  const bucket = Math.min(BUCKETS, Math.max(0, Math.round(ms)));
  histogram[bucket] = (histogram[bucket] ?? 0) + 1;
}

/** Milliseconds that a share of what was counted kept; 0 when nothing was. */
export function quantileMs(histogram: Float64Array, share: number): number {
  let total = 0;
  for (const count of histogram) total += count;
  const wanted = Math.ceil(total * share);
  let seen = 0;
  for (const [ms, count] of histogram.entries()) {
    seen += count;
    if (count > 0 && seen >= wanted) return ms;
  }
  return 0;
}

const GREATEST = ['delayMsMax', 'relayEgressXMax', 'boundMs', 'boundRatioMax', 'depthMax'] as const;
const SUMMED = [
  'viewers',
  'cells',
  'chunksDue',
  'chunksOnTime',
  'stalled',
  'relayEgressX',
  'deliveries',
  'changes',
  'switches',
  'circles',
  'unreachable',
  'relayFeeds',
] as const;
const TRAFFIC = [
  'fromViewersBytes',
  'fromRelayBytes',
  'duplicateBytes',
  'relayEgressBytes',
  'delivered',
  'lost',
  'repairedByViewer',
  'repairedByRelay',
  'repairedByParity',
  'missed',
] as const;

/** Adds another's counts to `into`. The order of adding makes no difference. */
export function addTally(into: Tally, other: Tally): void {
  for (const field of SUMMED) into[field] += other[field];
  for (const field of GREATEST) into[field] = Math.max(into[field], other[field]);
  for (const field of TRAFFIC) into.traffic[field] += other.traffic[field];
  for (let ms = 0; ms <= BUCKETS; ms++) {
    into.delays[ms] = (into.delays[ms] ?? 0) + (other.delays[ms] ?? 0);
    into.starts[ms] = (into.starts[ms] ?? 0) + (other.starts[ms] ?? 0);
  }
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

/**
 * The figures of a run: the fields of the event simulator's last line, then the tree model's own. `forgedPlayed` is 0 by
 * construction: nobody forges in this model.
 */
export function reportOf(
  tally: Tally,
  run: { scenario: string; seed: string; wallSec: number; rssMiB: number },
): Record<string, unknown> {
  const { traffic } = tally;
  const received = traffic.fromViewersBytes + traffic.fromRelayBytes;
  return {
    scenario: run.scenario,
    viewers: tally.viewers,
    seed: run.seed,
    offload: rounded(traffic.fromViewersBytes / Math.max(1, received), 5),
    stallFree: rounded(1 - tally.stalled / Math.max(1, tally.viewers), 5),
    startMs: { p50: quantileMs(tally.starts, 0.5), p95: quantileMs(tally.starts, 0.95) },
    delayMs: {
      p50: quantileMs(tally.delays, 0.5),
      p99: quantileMs(tally.delays, 0.99),
      max: rounded(tally.delayMsMax, 1),
    },
    boundMs: rounded(tally.boundMs, 1),
    relayEgressX: rounded(tally.relayEgressX / Math.max(1, tally.cells), 2),
    onTime: rounded(tally.chunksOnTime / Math.max(1, tally.chunksDue), 6),
    forgedPlayed: 0,
    wallSec: rounded(run.wallSec, 1),
    rssMiB: Math.round(run.rssMiB),
    cells: tally.cells,
    relayEgressXMax: rounded(tally.relayEgressXMax, 2),
    boundRatioMax: rounded(tally.boundRatioMax, 2),
    deliveries: tally.deliveries,
    lost: traffic.lost,
    missed: traffic.missed,
    repairedByViewer: traffic.repairedByViewer,
    repairedByRelay: traffic.repairedByRelay,
    repairedByParity: traffic.repairedByParity,
    duplicateShare: rounded(traffic.duplicateBytes / Math.max(1, received), 5),
    relayFeeds: tally.relayFeeds,
    depthMax: tally.depthMax,
    changes: tally.changes,
    switches: tally.switches,
    circles: tally.circles,
    unreachable: tally.unreachable,
  };
}
