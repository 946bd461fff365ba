/** What a viewer sends to its children. */

export type { PushJob } from './child-queue.js';
export * as PushLimits from './limits.js';
export { comparePush, compareTardy, dueMs, type PushRank } from './order.js';
export { inFlightBytesMax, PushQueue, type PushStats } from './push-queue.js';
