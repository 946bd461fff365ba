/** What a viewer sends to its children. */

export * as PushLimits from './limits.js';
export { comparePush, compareTardy, dueMs, type PushRank } from './order.js';
export { PushQueue } from './push-queue.js';
