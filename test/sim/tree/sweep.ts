/** Which parameters are best: the tree model over one parameter at a time. */

import { Limits, PlanLimits } from '@freshet/proto';
import { playCell, RUN_DEFAULT, type RunOptions, scheduleOf } from './cell-run.js';
import { relayArrivals } from './relay-tree.js';
import { addTally, createTally, quantileMs, type Tally } from './tally.js';
import { CALM_NETWORK } from './tree-cell.js';

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
const SWEEP_CENTRE: SweepPoint = {
  stripes: Limits.STRIPES_DEFAULT,
  framesPerChunk: 1,
  degreeMax: PlanLimits.SLOTS_MAX,
  heads: 8,
  hasParity: false,
  isHedged: false,
};

type Axis = Exclude<keyof SweepPoint, 'hasParity'>;

const AXES: { readonly [Name in Axis]: readonly SweepPoint[Name][] } = {
  stripes: [1, 2, 3, 4, 6],
  framesPerChunk: [1, 2, 3],
  degreeMax: [8, 12, 16, 24],
  heads: [4, 8, 16],
  isHedged: [false, true],
};

/** How the sweep is run. */
export type SweepArguments = {
  readonly viewers: number;
  readonly seeds: readonly string[];
  /** No loss, no spikes. */
  readonly isCalm: boolean;
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
  /** Of each seed: the worst delay over its bound. Only the calm network has a meaningful one. */
  readonly boundRatios: readonly number[];
  readonly stallFree: number;
  readonly onTime: number;
  readonly relayEgressX: number;
  /** Repaired and pushed pieces that came twice, of all. */
  readonly duplicateShare: number;
  readonly switches: number;
  readonly depthMax: number;
};

/** What makes no sense on an axis alone: parity takes a stripe of its own, and six stripes need more children each. */
const FURTHER: readonly Partial<SweepPoint>[] = [
  { stripes: 6, degreeMax: 24 },
  { stripes: 3, hasParity: true },
  { stripes: 4, hasParity: true },
];

/** The points of a sweep. */
function sweepPoints(): SweepPoint[] {
  const vary = <Name extends Axis>(name: Name): SweepPoint[] =>
    AXES[name].map((value) => ({ ...SWEEP_CENTRE, [name]: value }));
  const names = ['stripes', 'framesPerChunk', 'degreeMax', 'heads', 'isHedged'] as const;
  const all = [
    SWEEP_CENTRE,
    ...names.flatMap(vary),
    ...FURTHER.map((point) => ({ ...SWEEP_CENTRE, ...point })),
  ];
  return [...new Map(all.map((point) => [JSON.stringify(point), point])).values()];
}

/** Runs the sweep, one point after the other. */
export function runSweep(args: SweepArguments): SweepRow[] {
  return sweepPoints().map((point) => {
    const total = createTally();
    const boundRatios: number[] = [];
    for (const seed of args.seeds) {
      const tally = playPoint(point, seed, args);
      boundRatios.push(tally.boundRatioMax);
      addTally(total, tally);
    }
    const row = rowOf(point, total, boundRatios);
    args.onRow?.(row);
    return row;
  });
}

function playPoint(point: SweepPoint, seed: string, args: SweepArguments): Tally {
  const network = args.isCalm ? CALM_NETWORK : RUN_DEFAULT.cell.network;
  const cell = {
    ...RUN_DEFAULT.cell,
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

function rowOf(point: SweepPoint, tally: Tally, boundRatios: readonly number[]): SweepRow {
  const { traffic } = tally;
  const received = Math.max(1, traffic.fromViewersBytes + traffic.fromRelayBytes);
  return {
    ...point,
    offload: traffic.fromViewersBytes / received,
    delayMsP50: quantileMs(tally.delays, 0.5),
    delayMsP99: quantileMs(tally.delays, 0.99),
    delayMsMax: tally.delayMsMax,
    boundMs: tally.boundMs,
    boundRatios,
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
  ' S chunk degree heads parity hedged | offload delay p50  p99  max bound max/bound      | stallFree onTime  egress dup   switches depth';

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
    row.boundRatios
      .map((ratio) => ratio.toFixed(2))
      .join(' ')
      .padEnd(14),
    '|',
    share(row.stallFree, 1).padStart(9),
    share(row.onTime, 3).padStart(8),
    row.relayEgressX.toFixed(1).padStart(5),
    share(row.duplicateShare, 1).padStart(5),
    row.switches.toFixed(0).padStart(6),
    String(row.depthMax).padStart(5),
  ].join(' ');
}
