/** Repair: what a viewer misses, whom it asks, which source has failed, and what it serves to those that ask. */

export { type Choice, chooseServer, type NeighbourView, type Standing, type Want } from './choose.js';
export { isCommonLateness, silencePatienceMs } from './failure-watch.js';
export { allSilentMs, lagAllowanceMs, reorderWindowMs, requestAt } from './lag.js';
export * as RepairLimits from './limits.js';
export { RepairBudget, repairRates } from './repair-budget.js';
export { requestRate } from './requester.js';
export { type RepairAction, type RepairStats, type SeenPiece, StripeWatch } from './stripe-watch.js';
