/** What a cell is judged by, in a form that adds up: a million viewers are the sum of a thousand cells. */

import type { SecondRecord } from '../measurements.js';
import { noTraffic, type Traffic } from './delivery.js';

/** Delays and starts beyond this count as this. */
const BUCKETS = 10_000;

/** Counts of one or many cells. */
export type Tally = {
  viewers: number;
  cells: number;
  /** The longest time that a cell was measured for. */
  spanMs: number;
  /** By second of the stream, also of the time before it is measured. */
  readonly seconds: SecondRecord[];
  /** By millisecond. */
  readonly delays: Float64Array;
  delayMsMax: number;
  readonly starts: Float64Array;
  chunksDue: number;
  chunksOnTime: number;
  /** Those that never came. */
  chunksMissed: number;
  /** Viewers that had a chunk too late at least once. */
  stalled: number;
  stalledMs: number;
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
  opened: number;
  plans: number;
  /** Stripe feeds by relays at the end, and the greatest number of hops of any viewer then. */
  relayFeeds: number;
  depthMax: number;
};

/** Nothing counted yet. */
export function createTally(): Tally {
  return {
    viewers: 0,
    cells: 0,
    spanMs: 0,
    seconds: [],
    delays: new Float64Array(BUCKETS + 1),
    delayMsMax: 0,
    starts: new Float64Array(BUCKETS + 1),
    chunksDue: 0,
    chunksOnTime: 0,
    chunksMissed: 0,
    stalled: 0,
    stalledMs: 0,
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
    opened: 0,
    plans: 0,
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

const GREATEST = ['spanMs', 'delayMsMax', 'relayEgressXMax', 'boundMs', 'boundRatioMax', 'depthMax'] as const;
const SUMMED = [
  'viewers',
  'cells',
  'chunksDue',
  'chunksOnTime',
  'chunksMissed',
  'stalled',
  'stalledMs',
  'relayEgressX',
  'deliveries',
  'changes',
  'switches',
  'circles',
  'unreachable',
  'opened',
  'plans',
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

/** A second in which nothing has happened yet. */
export const noSecond = (): SecondRecord => ({
  peerBytes: 0,
  relayBytes: 0,
  pieces: 0,
  hops: 0,
  hopsMax: 0,
  planMessages: 0,
});

function addSeconds(into: SecondRecord[], other: readonly SecondRecord[]): void {
  for (const [index, second] of other.entries()) {
    const sum = into[index] ?? noSecond();
    into[index] = sum;
    for (const field of ['peerBytes', 'relayBytes', 'pieces', 'hops', 'planMessages'] as const)
      sum[field] += second[field];
    sum.hopsMax = Math.max(sum.hopsMax, second.hopsMax);
  }
}

/** Adds another's counts to `into`. The order of adding makes no difference. */
export function addTally(into: Tally, other: Tally): void {
  for (const field of SUMMED) into[field] += other[field];
  for (const field of GREATEST) into[field] = Math.max(into[field], other[field]);
  addSeconds(into.seconds, other.seconds);
  for (const field of TRAFFIC) into.traffic[field] += other.traffic[field];
  for (let ms = 0; ms <= BUCKETS; ms++) {
    into.delays[ms] = (into.delays[ms] ?? 0) + (other.delays[ms] ?? 0);
    into.starts[ms] = (into.starts[ms] ?? 0) + (other.starts[ms] ?? 0);
  }
}
