/** The planner of a cell: stripe trees over the viewers of one rendition. */

export { type Capacity, capacityOf, strengthOf } from './capacity.js';
export * as PlanLimits from './limits.js';
export { isOffererOf } from './links.js';
export { CellPlanner } from './planner.js';
export { demotionMs, isGuilty, isSuspect, mayMeet, type Reach, reachOf } from './trust.js';
export {
  type KeptEdge,
  type PeerId,
  type PlanLink,
  type PlanMessage,
  type PlannerOptions,
  type PlannerStats,
  RELAY,
  type ReportKind,
  type TreeQuality,
  type ViewerProfile,
} from './types.js';
