/** One cell of a composed run, from plain data: what a worker thread is handed. */

import { drawCellHosts } from './cell-hosts.js';
import { createRealPlan } from './real-plan.js';
import { createSchedule, STREAM_DEFAULT, type StreamOptions } from './schedule.js';
import type { Tally } from './tally.js';
import { CELL_DEFAULT, type CellOptions, TreeCell } from './tree-cell.js';

/** A run of one or many cells of equal settings. */
export type RunOptions = {
  readonly seed: string;
  readonly viewersPerCell: number;
  /** Everybody joins within this. */
  readonly joinSpreadMs: number;
  readonly cell: CellOptions;
  readonly stream: Omit<StreamOptions, 'seed'>;
};

/** 14 s of the spec's stream: joins within 2 s, then at least 10 s that are measured. */
export const RUN_DEFAULT: Omit<RunOptions, 'seed'> = {
  viewersPerCell: 1_000,
  joinSpreadMs: 2_000,
  cell: CELL_DEFAULT,
  stream: { ...STREAM_DEFAULT, seconds: 14 },
};

/** The pieces of a run; the same for all its cells. */
export const scheduleOf = (run: RunOptions): ReturnType<typeof createSchedule> =>
  createSchedule({ ...run.stream, seed: run.seed });

/** Plays cell number `cell` of a run, whose relay has the pieces at `relayMs`. */
export function playCell(
  run: RunOptions,
  cell: { readonly number: number; readonly viewers: number; readonly relayMs: Float64Array },
  schedule: ReturnType<typeof createSchedule>,
): Tally {
  const seed = `${run.seed}/cell ${cell.number}`;
  const hosts = drawCellHosts({ seed, count: cell.viewers, joinSpreadMs: run.joinSpreadMs });
  return new TreeCell({
    seed,
    hosts,
    schedule,
    relayMs: cell.relayMs,
    options: run.cell,
    createPlan: createRealPlan,
  }).play();
}
