/** Every scenario, by name. */

import { flash, plain, twoRelays } from './calm.js';
import { longOutage, relayReturns, slowLink } from './faulty.js';
import { forger, garbage, newEpoch } from './hostile.js';
import { churn, flashCrowd, global, massLeave, relayLoss, steady, weakUplinks } from './mesh.js';
import { hostile, requestFlood, silentChannels, uplinkLies } from './mesh-hostile.js';
import { relayChain, relayChurn, relayDrain, relayLoop, relaySilent } from './relay-tree.js';
import type { Scenario } from './scenario.js';
import { swarm } from './swarm.js';

/** With a relay that feeds every viewer itself. */
export const RELAY_SCENARIOS: readonly Scenario[] = [
  plain,
  twoRelays,
  slowLink,
  relayReturns,
  longOutage,
  forger,
  newEpoch,
  flash,
  garbage,
  relayChain,
  relayChurn,
  relayLoop,
  relaySilent,
  swarm,
];

/** With viewers that feed each other. */
export const MESH_SCENARIOS: readonly Scenario[] = [
  steady,
  flashCrowd,
  massLeave,
  churn,
  weakUplinks,
  relayLoss,
  hostile,
  global,
  uplinkLies,
  requestFlood,
  silentChannels,
  relayDrain,
];

/** In the order in which `--list` shows them. */
export const SCENARIOS: readonly Scenario[] = [...MESH_SCENARIOS, ...RELAY_SCENARIOS];
