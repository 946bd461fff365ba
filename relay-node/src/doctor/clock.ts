/** The machine's clock, against its parents' and by what the system says of it. No third party is asked. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Finding, fail, ok, warn } from './finding.js';

/** Off by more than this is worth a word; an HTTP date counts whole seconds. */
const OFFSET_WARN_MS = 3_000;

/** Off by more than this, certificates and announcements of others look wrong. */
const OFFSET_FAIL_MS = 60_000;

/** Longest wait for a parent, and for the system. */
const ANSWER_MS_MAX = 5_000;

/** Parents that are asked; one is enough, another is for one that is gone. */
const PARENTS_ASKED_MAX = 3;

const WAY_OUT = 'Switch time synchronisation on: "timedatectl set-ntp true".';

/** Judges an offset in milliseconds to a parent's clock, as far as one was asked, and the system's own word. */
export function judgeClock(offsetMs: number | undefined, isSynchronised: boolean | undefined): Finding {
  if (offsetMs !== undefined && Math.abs(offsetMs) > OFFSET_WARN_MS) {
    const seconds = Math.round(Math.abs(offsetMs) / 1_000);
    const what = `This clock is ${seconds} s ${offsetMs > 0 ? 'behind' : 'ahead of'} the parent's.`;
    return Math.abs(offsetMs) > OFFSET_FAIL_MS ? fail('clock', what, WAY_OUT) : warn('clock', what, WAY_OUT);
  }
  if (isSynchronised === false)
    return warn('clock', 'The system does not keep its clock synchronised.', WAY_OUT);
  if (offsetMs !== undefined) return ok('clock', "The clock agrees with the parent's.");
  if (isSynchronised) return ok('clock', 'The system keeps its clock synchronised.');
  const wayOut = 'Compare "date -u" with a clock that you trust.';
  return warn('clock', 'Nobody here can say whether the clock is right.', wayOut);
}

/** Looks at the clock. `parents` are origins. */
export async function checkClock(parents: readonly string[]): Promise<Finding> {
  const [offsetMs, isSynchronised] = await Promise.all([offsetTo(parents), readSynchronised()]);
  return judgeClock(offsetMs, isSynchronised);
}

/** What has to be added to this clock to get a parent's, from the first parent that answers. */
async function offsetTo(parents: readonly string[]): Promise<number | undefined> {
  for (const origin of parents.slice(0, PARENTS_ASKED_MAX)) {
    try {
      const sentMs = Date.now();
      const { headers } = await fetch(`${origin}/health`, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
      const dateMs = Date.parse(headers.get('date') ?? '');
      // The date was cut to whole seconds: half of one more is the likeliest.
      if (Number.isFinite(dateMs)) return Math.round(dateMs + 500 - (sentMs + Date.now()) / 2);
    } catch {
      // Whether a parent is there is another line's matter.
    }
  }
  return undefined;
}

async function readSynchronised(): Promise<boolean | undefined> {
  try {
    const args = ['show', '--property=NTPSynchronized', '--value'];
    const { stdout } = await promisify(execFile)('timedatectl', args, { timeout: ANSWER_MS_MAX });
    return stdout.trim() === 'yes' ? true : stdout.trim() === 'no' ? false : undefined;
  } catch {
    // No systemd here, as in a container.
    return undefined;
  }
}
