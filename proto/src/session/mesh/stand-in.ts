/** Who takes a stripe whose source has failed. Pure. */

import type { MonoMs } from '../../time.js';
import type { Neighbour } from './neighbour.js';
import type { Feeding } from './stripe-sources.js';

/**
 * The nearest neighbour that is planned to feed or to stand in for the stripe, does not take it from here, has not failed
 * of late and is not doubtful: many leave at once, and to wait for a second one that is gone costs the picture. Where
 * there is no relay to turn to, a doubtful one is better than none. `undefined`: nobody.
 */
export function chooseStandIn(
  neighbours: Iterable<Neighbour>,
  failed: Feeding,
  stripe: number,
  now: MonoMs,
  isRelayThere: boolean,
): Neighbour | undefined {
  const bit = 2 ** stripe;
  let best: Neighbour | undefined;
  for (const neighbour of neighbours) {
    if (neighbour === failed || !neighbour.isReady || (neighbour.servesMask & bit) === 0) continue;
    if ((neighbour.takenMask & bit) !== 0 || neighbour.hasFailed(stripe, now)) continue;
    if (isRelayThere && neighbour.isDoubtful(now)) continue;
    if (!best || neighbour.rttMs < best.rttMs) best = neighbour;
  }
  return best;
}
