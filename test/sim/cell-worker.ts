/** The other end of a worker thread of cells.ts: plays the cell that it is given. */

import { parentPort, workerData } from 'node:worker_threads';
import { type CellTask, runCell } from './cells.js';

const isTask = (data: unknown): data is CellTask =>
  typeof data === 'object' && data !== null && 'scenario' in data && 'seed' in data;

if (isTask(workerData)) parentPort?.postMessage(runCell(workerData));
