/** How far behind the capture a viewer in the mesh should play. */

import { PLAYOUT_LAG_MS, PLAYOUT_LAG_MS_MAX, PLAYOUT_NEAR_RTT_MS } from '../../limits.js';

/**
 * Playout distance to the capture for a viewer so far from its relay. A piece takes a few hops to its last viewer, and a
 * repair one round trip more; for one that is far away each of these is longer by its own way to everybody else.
 */
export function playoutLagMs(rttMs: number): number {
  return Math.min(PLAYOUT_LAG_MS_MAX, PLAYOUT_LAG_MS + 2 * Math.max(0, rttMs - PLAYOUT_NEAR_RTT_MS));
}
