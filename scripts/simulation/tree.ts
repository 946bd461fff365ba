/** `npx tsx scripts/simulation/tree.ts`: plays the tree model and prints its figures as one line of JSON. */

import { parseArgs } from 'node:util';
import { RUN_DEFAULT } from '../../test/sim/tree/cell-run.js';
import { compose } from '../../test/sim/tree/compose.js';
import { reportOf } from '../../test/sim/tree/tally.js';
import { CALM_NETWORK } from '../../test/sim/tree/tree-cell.js';

const { values } = parseArgs({
  options: {
    viewers: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: '2' },
    'fan-out': { type: 'string', default: '8' },
    proven: { type: 'string', default: '0.85' },
    links: { type: 'string', default: '16' },
    stripes: { type: 'string', default: '4' },
    'late-run': { type: 'string', default: '2' },
    'overdue-ms': { type: 'string', default: '40' },
    calm: { type: 'boolean', default: false },
  },
});
const startedMs = performance.now();
const { seed, calm } = values;
const cell = {
  ...RUN_DEFAULT.cell,
  provenShare: Number(values.proven),
  linksMax: Number(values.links),
  lateRunMax: Number(values['late-run']),
  overdueMsMin: Number(values['overdue-ms']),
  ...(calm ? { network: CALM_NETWORK } : {}),
};
const viewers = Number(values.viewers);
const { tally, relayDepth } = await compose({
  run: { ...RUN_DEFAULT, cell, seed, stream: { ...RUN_DEFAULT.stream, stripeCount: Number(values.stripes) } },
  viewers,
  fanOut: Number(values['fan-out']),
  workers: viewers > RUN_DEFAULT.viewersPerCell ? Number(values.workers) : 0,
});
const wallSec = (performance.now() - startedMs) / 1000;
// The peak, which the threads had before they ended.
const rssMiB = process.resourceUsage().maxRSS / 1024;
const scenario = calm ? 'calm' : 'steady';
console.log(JSON.stringify({ ...reportOf(tally, { scenario, seed, wallSec, rssMiB }), relayDepth }));
