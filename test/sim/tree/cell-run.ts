/** One cell of a composed run, from plain data: what a worker thread is handed. */

import { joinMs } from '../scenarios/mesh.js';
import { drawCellHosts } from './cell-hosts.js';
import { createRealPlan } from './real-plan.js';
import { createSchedule, STREAM_DEFAULT, type StreamOptions } from './schedule.js';
import type { Tally } from './tally.js';
import { CELL_DEFAULT, type CellOptions, TreeCell } from './tree-cell.js';

/** A run of one or many cells of equal settings. */
export type RunOptions = {
  readonly seed: string;
  readonly viewersPerCell: number;
  /** How long is measured, from the first keyframe after everybody has joined. */
  readonly measuredSec: number;
  readonly cell: CellOptions;
  readonly stream: Omit<StreamOptions, 'seed' | 'seconds'>;
};

/** The scenario `steady`: joins as there, then 10 s that are measured. */
export const RUN_DEFAULT: Omit<RunOptions, 'seed'> = {
  viewersPerCell: 1_000,
  measuredSec: 10,
  cell: CELL_DEFAULT,
  stream: STREAM_DEFAULT,
};

/** After the last has joined: its first frame, and the next keyframe. */
const SETTLE_SEC = 3;

/** The pieces of a run; the same for all its cells. */
export function scheduleOf(run: RunOptions): ReturnType<typeof createSchedule> {
  const seconds = Math.ceil(joinMs(run.viewersPerCell) / 1000) + SETTLE_SEC + run.measuredSec;
  return createSchedule({ ...run.stream, seed: run.seed, seconds });
}

/** Plays cell number `cell` of a run, whose relay has the pieces at `relayMs`. */
export function playCell(
  run: RunOptions,
  cell: { readonly number: number; readonly viewers: number; readonly relayMs: Float64Array },
  schedule: ReturnType<typeof createSchedule>,
): Tally {
  const seed = `${run.seed}/cell ${cell.number}`;
  const hosts = drawCellHosts({ seed, count: cell.viewers, joinSpreadMs: joinMs(cell.viewers) });
  return new TreeCell({
    seed,
    hosts,
    schedule,
    relayMs: cell.relayMs,
    options: run.cell,
    measuredMs: run.measuredSec * 1000,
    createPlan: createRealPlan,
  }).play();
}
