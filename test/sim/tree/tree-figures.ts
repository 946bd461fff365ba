/**
 * The scenario `steady` for any audience: a relay tree, and below it as many cells of a thousand viewers as are needed.
 * The figures are those of the event simulator, so that both are reported and judged alike.
 */

import { availableParallelism } from 'node:os';
import type { Figures } from '../figures.js';
import { Histogram } from '../histogram.js';
import { RUN_DEFAULT, type RunOptions } from './cell-run.js';
import { compose } from './compose.js';
import type { Tally } from './tally.js';
import { CALM_NETWORK } from './tree-cell.js';

/** Relays that a relay feeds beside its cell: eight times the bitrate. */
const RELAY_FAN_OUT = 8;

/** What a run of the model is started with. */
export type TreeOptions = {
  readonly seed: string;
  readonly viewers: number;
  /** What is measured after everybody has joined; 10 if left out. */
  readonly seconds: number | undefined;
  /** How far behind the capture all players are; by their distance to the relay if left out. */
  readonly lagMs: number | undefined;
  /** No loss and no spikes. */
  readonly isCalm: boolean;
};

/** A run of the model. */
export type TreeRun = {
  readonly figures: Figures;
  /** The greatest lower bound of a cell below a relay that has the pieces when this one had them. */
  readonly boundMs: number;
};

/** Plays the model on all processors. */
export async function playTree(options: TreeOptions): Promise<TreeRun> {
  const { cell } = RUN_DEFAULT;
  const network = options.isCalm ? CALM_NETWORK : cell.network;
  const run: RunOptions = {
    ...RUN_DEFAULT,
    seed: options.seed,
    measuredSec: options.seconds ?? RUN_DEFAULT.measuredSec,
    cell: { ...cell, network, playoutLagMs: options.lagMs },
  };
  const workers = options.viewers > run.viewersPerCell ? availableParallelism() : 0;
  const { tally } = await compose({ run, viewers: options.viewers, fanOut: RELAY_FAN_OUT, workers });
  return { figures: figuresOfTally(tally, run.stream.bitrate), boundMs: tally.boundMs };
}

/**
 * A tally as figures. Nobody forges in this model, and nobody refuses; its events are deliveries, and its hash is one of
 * everything that was counted. It keeps no hosts: a million are of no use.
 */
export function figuresOfTally(tally: Tally, bitrate: number): Figures {
  const { traffic } = tally;
  return {
    cells: tally.cells,
    joined: tally.viewers,
    starts: expand(tally.starts),
    delays: bucketsOf(tally.delays),
    spanMs: tally.spanMs,
    bitrate,
    peerBytes: traffic.fromViewersBytes,
    relayBytes: traffic.fromRelayBytes,
    relayEgressBytes: traffic.relayEgressBytes,
    present: tally.viewers,
    stallFree: tally.viewers - tally.stalled,
    stalledMs: tally.stalledMs,
    expected: tally.chunksDue,
    onTime: tally.chunksOnTime,
    forgedPlayed: 0,
    delivered: tally.chunksDue - tally.chunksMissed,
    skipped: tally.chunksMissed,
    refused: {},
    peersOpened: tally.opened,
    peersFailed: tally.unreachable,
    seconds: tally.seconds,
    hosts: [],
    events: tally.deliveries,
    traceHash: hashOf(tally),
    worldMs: tally.seconds.length * 1000,
    unmet: [],
  };
}

function expand(histogram: Float64Array): number[] {
  const values: number[] = [];
  for (const [ms, count] of histogram.entries()) for (let index = 0; index < count; index++) values.push(ms);
  return values;
}

function bucketsOf(histogram: Float64Array): Uint32Array {
  const { buckets } = new Histogram();
  for (const [ms, count] of histogram.entries()) buckets[ms] = count;
  return buckets;
}

/** FNV-1a over the counts, twice with different offsets. */
function hashOf(tally: Tally): string {
  let [low, high] = [2166136261, 0x9e3779b9];
  const counts = [...tally.delays, ...Object.values(tally.traffic), tally.changes, tally.switches];
  for (const char of counts.join()) {
    low = Math.imul(low ^ char.charCodeAt(0), 16777619);
    high = Math.imul(high ^ char.charCodeAt(0) ^ (low >>> 15), 0x85ebca6b);
  }
  return [high, low].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}
