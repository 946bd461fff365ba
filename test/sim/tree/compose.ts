/**
 * Any audience: a relay tree computed once, and below it cells that know nothing of each other, shared out over worker
 * threads. Only histograms and sums come back, so the result does not depend on the number of threads.
 */

import { Worker } from 'node:worker_threads';
import { playCell, type RunOptions, scheduleOf } from './cell-run.js';
import { relayArrivals } from './relay-tree.js';
import { addTally, createTally, type Tally } from './tally.js';

/** A composed run. */
export type ComposeOptions = {
  readonly run: RunOptions;
  readonly viewers: number;
  /** Relays that a relay feeds. */
  readonly fanOut: number;
  /** Threads; 0 plays everything in this one. */
  readonly workers: number;
  /** Called after each cell. */
  readonly onCell?: (done: number, of: number) => void;
};

/** What the publisher feeds: at most twice the bitrate leaves it. */
const PUBLISHER_FAN_OUT = 2;

/** One cell's share of a composed run. */
export type CellJob = { readonly number: number; readonly viewers: number; readonly relayMs: Float64Array };

/** What a worker is started with. */
export type WorkerStart = { readonly run: RunOptions };

/** Cuts the audience into cells of at most `viewersPerCell`, as even as can be, each with its relay's arrival times. */
export function createJobs(options: ComposeOptions): { jobs: CellJob[]; relayDepth: number } {
  const { run, viewers, fanOut } = options;
  const cells = Math.ceil(viewers / run.viewersPerCell);
  const { arrivals, depthMax } = relayArrivals(scheduleOf(run), {
    seed: run.seed,
    relays: cells,
    fanOut,
    publisherFanOut: PUBLISHER_FAN_OUT,
    network: run.cell.network,
    relayBps: run.cell.relayBps,
  });
  const jobs = arrivals.map((relayMs, number) => ({
    number,
    viewers: Math.floor((viewers * (number + 1)) / cells) - Math.floor((viewers * number) / cells),
    relayMs,
  }));
  return { jobs, relayDepth: depthMax };
}

/** Plays a composed run. Rejects with the error of the first worker that fails. */
export async function compose(options: ComposeOptions): Promise<{ tally: Tally; relayDepth: number }> {
  const { jobs, relayDepth } = createJobs(options);
  const tally = createTally();
  let done = 0;
  const take = (part: Tally): void => {
    addTally(tally, part);
    options.onCell?.(++done, jobs.length);
  };
  if (options.workers === 0) {
    const schedule = scheduleOf(options.run);
    for (const job of jobs) take(playCell(options.run, job, schedule));
    return { tally, relayDepth };
  }
  const queue = jobs.values();
  const threads = Math.min(options.workers, jobs.length);
  await Promise.all(Array.from({ length: threads }, () => playInWorker(options.run, queue, take)));
  return { tally, relayDepth };
}

/** One thread, which takes a cell from the queue whenever it has finished one. */
function playInWorker(run: RunOptions, queue: Iterator<CellJob>, take: (part: Tally) => void): Promise<void> {
  const workerData: WorkerStart = { run };
  // A thread's first file is not loaded by the loader that lets this one run TypeScript, so a line of JavaScript loads it.
  const loader = JSON.stringify(import.meta.resolve('tsx/esm/api'));
  const entry = JSON.stringify(new URL('./cell-worker.ts', import.meta.url).href);
  const script = `import(${loader}).then(({ register }) => { register(); return import(${entry}); });`;
  const worker = new Worker(script, { workerData, eval: true });
  return new Promise((resolve, reject) => {
    const next = (): void => {
      const job = queue.next();
      if (!job.done) return worker.postMessage(job.value);
      worker.terminate().then(() => resolve(), reject);
    };
    worker.on('message', (part: Tally) => {
      take(part);
      next();
    });
    worker.on('error', reject);
    next();
  });
}
