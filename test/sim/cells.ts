/**
 * A network of several cells. Each cell is a world of its own with its own publisher, relay and viewers: what cells
 * share is the publisher alone, whose uplink is divided among them, so a relay never gets its pieces earlier than it
 * would below the one publisher. Cells therefore run one after the other or at the same time, with the same result.
 */

import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { SafetyError } from './checkers/checker.js';
import { type Figures, mergeFigures } from './figures.js';
import { SCENARIOS } from './scenarios/index.js';
import { play, type Scenario, ScenarioError, type ScenarioOptions } from './scenarios/scenario.js';

/** One cell to be run by a worker thread. */
export type CellTask = {
  readonly scenario: string;
  readonly seed: string;
  readonly viewers: number;
  readonly cells: number;
  readonly seconds: number | undefined;
  readonly lagMs: number | undefined;
};

/** What a worker thread answers. */
export type CellAnswer =
  | { readonly figures: Figures }
  | { readonly failure: { readonly kind: 'safety' | 'scenario'; readonly message: string } };

/** Plays one cell in this thread. */
export function runCell(task: CellTask): CellAnswer {
  const scenario = SCENARIOS.find(({ name }) => name === task.scenario);
  if (!scenario) throw new RangeError(`There is no scenario ${task.scenario}.`);
  try {
    return { figures: play(scenario, task) };
  } catch (error) {
    if (!(error instanceof SafetyError) && !(error instanceof ScenarioError)) throw error;
    return { failure: { kind: error.kind, message: error.message } };
  }
}

/** The cells that a run is split into; one, with the run's own seed, when the audience is small enough. */
export function cellsOf(scenario: Scenario, options: ScenarioOptions): readonly CellTask[] {
  const { seed, viewers, seconds, lagMs } = options;
  const cells = Math.ceil(viewers / (scenario.cellViewersMax ?? viewers));
  return Array.from({ length: cells }, (_, index) => ({
    scenario: scenario.name,
    seed: cells === 1 ? seed : `${seed}/cell-${index}`,
    viewers: Math.floor((viewers * (index + 1)) / cells) - Math.floor((viewers * index) / cells),
    cells,
    seconds,
    lagMs,
  }));
}

function inWorker(task: CellTask): Promise<CellAnswer> {
  return new Promise((resolve, reject) => {
    // Threads of Node 20 don't inherit the loader of TypeScript: each registers it before it loads anything.
    const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
    const entry = JSON.stringify(new URL('./cell-worker.ts', import.meta.url).href);
    const script = `import(${loader}).then(({ register }) => { register(); return import(${entry}); });`;
    const worker = new Worker(script, { workerData: task, eval: true });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`The worker of ${task.seed} ended with ${code}.`)));
  });
}

/** Plays every cell, as many at a time as there are processors, and puts them together in their order. */
export async function playCells(scenario: Scenario, options: ScenarioOptions): Promise<Figures> {
  const tasks = cellsOf(scenario, options);
  const [only] = tasks;
  if (tasks.length === 1 && only) return play(scenario, { ...options, cells: 1 });
  // A trace is read from the beginning to the end, cell by cell.
  const { onLine } = options;
  if (onLine) return mergeFigures(tasks.map((task) => play(scenario, { ...task, onLine })));
  const figures: Figures[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next++; index < tasks.length; index = next++) {
      const task = tasks[index];
      if (!task) return;
      const answer = await inWorker(task);
      if ('failure' in answer) {
        const { kind, message } = answer.failure;
        throw kind === 'safety' ? new SafetyError(message, task.seed) : new ScenarioError(message, task.seed);
      }
      figures[index] = answer.figures;
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), tasks.length) }, work));
  return mergeFigures(figures);
}
