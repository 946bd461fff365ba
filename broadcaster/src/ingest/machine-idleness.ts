/** Whether this machine has time to spare. */

import { cpus } from 'node:os';

/** Part of the machine's time that must be idle for slowness to be somebody else's fault. */
const IDLE_MIN = 0.25;

/** Tells, each time it is asked, whether a good part of the machine has been idle since it was asked before. */
export function machineIdleness(): () => boolean {
  let before = times();
  return () => {
    const now = times();
    const total = now.total - before.total;
    const idle = now.idle - before.idle;
    before = now;
    return total > 0 && idle / total >= IDLE_MIN;
  };
}

function times(): { readonly idle: number; readonly total: number } {
  let idle = 0;
  let total = 0;
  for (const { times: of } of cpus()) {
    idle += of.idle;
    total += of.idle + of.user + of.nice + of.sys + of.irq;
  }
  return { idle, total };
}
