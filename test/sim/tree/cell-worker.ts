/** A thread of a composed run: plays the cells that it is handed, one after the other. */

import { parentPort, workerData } from 'node:worker_threads';
import { playCell, scheduleOf } from './cell-run.js';
import type { CellJob, WorkerStart } from './compose.js';

const { run }: WorkerStart = workerData;
const schedule = scheduleOf(run);

parentPort?.on('message', (job: CellJob) => {
  parentPort?.postMessage(playCell(run, job, schedule));
});
