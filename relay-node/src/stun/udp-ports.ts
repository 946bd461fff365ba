/** Which UDP port a relay takes. */

import { EdgeError } from '../edge/edge-error.js';
import type { PortRange } from '../settings/setting-kind.js';
import { StunError } from './stun-server.js';

/**
 * Opens the first port of the range that is free, and tells the operator which were not. Rejects as `open` does where it
 * fails for another reason, and when none is free.
 */
export async function onFirstFree<Opened>(
  { first, last }: PortRange,
  log: (line: string) => void,
  open: (port: number) => Promise<Opened>,
): Promise<Opened> {
  for (let port = first; ; port++) {
    try {
      const opened = await open(port);
      if (port > first) log(`${portsOf(first, port - 1)} taken; UDP port ${port} serves the viewers.`);
      return opened;
    } catch (cause) {
      const isTaken =
        (cause instanceof StunError || cause instanceof EdgeError) && cause.kind === 'port-taken';
      if (isTaken && port < last) continue;
      if (isTaken && last > first) log(`${portsOf(first, last)} all taken. Free one, or name others.`);
      throw cause;
    }
  }
}

function portsOf(first: number, last: number): string {
  return first === last ? `UDP port ${first} is` : `UDP ports ${first} to ${last} are`;
}
