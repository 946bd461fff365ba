/** Which parameters are best: the tree model over one parameter at a time, or over all of them together. */

import { playCell, RUN_DEFAULT, type RunOptions, scheduleOf } from './cell-run.js';
import { relayArrivals } from './relay-tree.js';
import { addTally, createTally, quantileMs, type Tally } from './tally.js';
import { CALM_NETWORK, type CellOptions } from './tree-cell.js';

/** One point of the sweep. */
export type SweepPoint = {
  readonly stripes: number;
  /** 1, 2 or 3 frames of 1/30 s: 33, 66 or 100 ms. */
  readonly framesPerChunk: number;
  readonly degreeMax: number;
  readonly heads: number;
  readonly hasParity: boolean;
  readonly isHedged: boolean;
};

/** What the other parameters are while one is varied. */
export const SWEEP_CENTRE: SweepPoint = {
  stripes: 4,
  framesPerChunk: 1,
  degreeMax: 16,
  heads: 8,
  hasParity: false,
  isHedged: false,
};

const AXES: { readonly [Name in keyof SweepPoint]: readonly SweepPoint[Name][] } = {
  stripes: [1, 2, 4, 6, 8],
  framesPerChunk: [1, 2, 3],
  degreeMax: [8, 12, 16, 24],
  heads: [4, 8, 16],
  hasParity: [false, true],
  isHedged: [false, true],
};

/** How the sweep is run. */
export type SweepArguments = {
  readonly viewers: number;
  readonly seeds: readonly string[];
  /** Every combination rather than one parameter at a time: 720 points. */
  readonly isFull: boolean;
  /** No loss, no spikes. */
  readonly isCalm: boolean;
  /** What differs from the defaults at every point. */
  readonly cell?: Partial<CellOptions>;
  /** Called with each row as it is done. */
  readonly onRow?: (row: SweepRow) => void;
};

/** The figures of one point: means over the seeds, but for `delayMsMax` and `boundMs`, which are the greatest. */
export type SweepRow = SweepPoint & {
  readonly offload: number;
  readonly delayMsP50: number;
  readonly delayMsP99: number;
  readonly delayMsMax: number;
  readonly boundMs: number;
  readonly stallFree: number;
  readonly onTime: number;
  readonly relayEgressX: number;
  /** Repaired and pushed pieces that came twice, of all. */
  readonly duplicateShare: number;
  readonly switches: number;
  readonly depthMax: number;
};

/** The points of a sweep. Parity with fewer than two stripes is left out: there is nothing to protect. */
export function sweepPoints(isFull: boolean): SweepPoint[] {
  let points: SweepPoint[] = [SWEEP_CENTRE];
  const seen = new Set<string>();
  const vary = <Name extends keyof SweepPoint>(point: SweepPoint, name: Name): SweepPoint[] =>
    AXES[name].map((value) => ({ ...point, [name]: value }));
  const names = ['stripes', 'framesPerChunk', 'degreeMax', 'heads', 'hasParity', 'isHedged'] as const;
  if (isFull) for (const name of names) points = points.flatMap((point) => vary(point, name));
  else points = [SWEEP_CENTRE, ...names.flatMap((name) => vary(SWEEP_CENTRE, name))];
  return points.filter((point) => {
    const key = JSON.stringify(point);
    const isNew = !seen.has(key) && !(point.hasParity && point.stripes < 2);
    seen.add(key);
    return isNew;
  });
}

/** Runs the sweep, one point after the other. */
export function runSweep(args: SweepArguments): SweepRow[] {
  return sweepPoints(args.isFull).map((point) => {
    const total = createTally();
    for (const seed of args.seeds) addTally(total, playPoint(point, seed, args));
    const row = rowOf(point, total);
    args.onRow?.(row);
    return row;
  });
}

function playPoint(point: SweepPoint, seed: string, args: SweepArguments): Tally {
  const network = args.isCalm ? CALM_NETWORK : RUN_DEFAULT.cell.network;
  const cell = {
    ...RUN_DEFAULT.cell,
    ...args.cell,
    headsMax: point.heads,
    linksMax: point.degreeMax,
    isHedged: point.isHedged,
    network,
  };
  const { framesPerChunk, hasParity } = point;
  const stream = { ...RUN_DEFAULT.stream, framesPerChunk, hasParity, stripeCount: point.stripes };
  const run: RunOptions = { ...RUN_DEFAULT, seed, viewersPerCell: args.viewers, cell, stream };
  const schedule = scheduleOf(run);
  const { arrivals } = relayArrivals(schedule, {
    seed,
    relays: 1,
    fanOut: 1,
    publisherFanOut: 1,
    network,
    relayBps: cell.relayBps,
  });
  const [relayMs = schedule.publishMs] = arrivals;
  return playCell(run, { number: 0, viewers: args.viewers, relayMs }, schedule);
}

function rowOf(point: SweepPoint, tally: Tally): SweepRow {
  const { traffic } = tally;
  const received = Math.max(1, traffic.fromViewersBytes + traffic.fromRelayBytes);
  return {
    ...point,
    offload: traffic.fromViewersBytes / received,
    delayMsP50: quantileMs(tally.delays, 0.5),
    delayMsP99: quantileMs(tally.delays, 0.99),
    delayMsMax: tally.delayMsMax,
    boundMs: tally.boundMs,
    stallFree: 1 - tally.stalled / Math.max(1, tally.viewers),
    onTime: tally.chunksOnTime / Math.max(1, tally.chunksDue),
    relayEgressX: tally.relayEgressX / Math.max(1, tally.cells),
    duplicateShare: traffic.duplicateBytes / received,
    switches: tally.switches / Math.max(1, tally.cells),
    depthMax: tally.depthMax,
  };
}

/** The table's heading. */
export const SWEEP_HEADING =
  ' S chunk degree heads parity hedged | offload delay p50  p99  max bound | stallFree onTime  egress dup   switches depth';

/** One line of the table. */
export function formatRow(row: SweepRow): string {
  const yes = (is: boolean): string => (is ? 'yes' : '-').padStart(6);
  const share = (value: number, digits: number): string => `${(100 * value).toFixed(digits)}%`;
  return [
    String(row.stripes).padStart(2),
    `${Math.floor((row.framesPerChunk * 100) / 3)}ms`.padStart(5),
    String(row.degreeMax).padStart(6),
    String(row.heads).padStart(5),
    yes(row.hasParity),
    yes(row.isHedged),
    '|',
    share(row.offload, 2).padStart(7),
    String(row.delayMsP50).padStart(9),
    String(row.delayMsP99).padStart(4),
    row.delayMsMax.toFixed(0).padStart(4),
    row.boundMs.toFixed(0).padStart(5),
    '|',
    share(row.stallFree, 1).padStart(9),
    share(row.onTime, 3).padStart(8),
    row.relayEgressX.toFixed(1).padStart(5),
    share(row.duplicateShare, 1).padStart(5),
    row.switches.toFixed(0).padStart(6),
    String(row.depthMax).padStart(5),
  ].join(' ');
}
