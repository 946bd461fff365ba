/** Who watches, in sums: what relays tell each other of their viewers. */

export { AudienceBook, type Watcher } from './audience-book.js';
export * from './buckets.js';
export * from './summary.js';
export { decodeSummary, encodeSummary } from './summary-wire.js';
export type { TreeNode, TreeNodeKind, TreeSample } from './topology.js';
export { joinTrees } from './topology.js';
