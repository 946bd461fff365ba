/** Repair: what a viewer misses, whom it asks, which source has failed, and what it serves to those that ask. */

export { answerMs, chooseServer, type NeighbourView } from './choose.js';
export { isCommonLateness } from './failure-watch.js';
export { allSilentMs, lagAllowanceMs, reorderWindowMs, requestAt } from './lag.js';
export * as RepairLimits from './limits.js';
export { RepairBudget, repairRates } from './repair-budget.js';
export { requestRate } from './requester.js';
export { StripeWatch } from './stripe-watch.js';
