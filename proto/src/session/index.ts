/** The session: the state machine that publisher, relay, viewer and simulator run. */

export { createAudience } from './audience-side.js';
export { createCell } from './cell-side.js';
export type {
  AudienceOptions,
  CellOptions,
  MeshOptions,
  SessionOptions,
  SessionRole,
  TreeOptions,
} from './context.js';
export * from './io.js';
export { NEIGHBOUR_LINK_FIRST } from './mesh/neighbours.js';
export { playoutLagMs } from './mesh/playout-lag.js';
export { PARENT_LINK_FIRST } from './parent-side.js';
export { type RunnerEffects, SessionRunner } from './runner.js';
export { Session } from './session.js';
