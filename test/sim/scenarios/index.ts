/** Every scenario, by name. */

import { flash, steady, twoRelays } from './calm.js';
import { longOutage, relayLoss, slowLink } from './faulty.js';
import { forger, garbage, newEpoch } from './hostile.js';
import type { Scenario } from './scenario.js';
import { swarm } from './swarm.js';

/** In the order in which `--list` shows them. */
export const SCENARIOS: readonly Scenario[] = [
  steady,
  twoRelays,
  slowLink,
  relayLoss,
  longOutage,
  forger,
  newEpoch,
  flash,
  garbage,
  swarm,
];
