/** `npx tsx scripts/simulation/sweep.ts [--full] [--calm] [--viewers N] [--seeds 1,2,3]`: prints the parameter sweep. */

import { parseArgs } from 'node:util';
import { formatRow, runSweep, SWEEP_HEADING } from '../../test/sim/tree/sweep.js';

const { values } = parseArgs({
  options: {
    viewers: { type: 'string', default: '1000' },
    seeds: { type: 'string', default: '1,2,3' },
    full: { type: 'boolean', default: false },
    proven: { type: 'string', default: '0.85' },
    'late-run': { type: 'string', default: '2' },
    'overdue-ms': { type: 'string', default: '40' },
    calm: { type: 'boolean', default: false },
  },
});
console.log(SWEEP_HEADING);
runSweep({
  viewers: Number(values.viewers),
  seeds: values.seeds.split(','),
  isFull: values.full,
  isCalm: values.calm,
  cell: {
    provenShare: Number(values.proven),
    lateRunMax: Number(values['late-run']),
    overdueMsMin: Number(values['overdue-ms']),
  },
  onRow: (row) => console.log(formatRow(row)),
});
