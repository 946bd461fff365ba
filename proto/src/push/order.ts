/**
 * In which order a node serves its children. Pure rules; the queue applies them.
 *
 * - *Earliest deadline first*, where the deadline of a copy takes into account how many hops it still has to go:
 *   deadline-based schedulers reach all N nodes in the optimal log2 N + 1 steps (Abeni, Kiraly, Lo Cigno 2009).
 * - *The biggest subtree first* within a piece: who serves others is served before who does not, and everybody's
 *   delay falls (Liu 2007).
 * - *Latest useful first* for what has missed its time: a queue that has fallen behind and goes on with the oldest
 *   makes everything late. The newest first is rate- and delay-optimal up to a constant (Bonald et al. 2008).
 */

import { PUSH_BUCKET_MS, PUSH_HOP_MS } from './limits.js';

/** What decides the place of a job. */
export type PushRank = {
  /** When it should have left, {@link dueMs}. */
  readonly dueMs: number;
  readonly deadlineMs: number;
  /** Viewers in the child's subtree, itself included; 0 for a repair, which nobody else waits for. */
  readonly weight: number;
  /** Running number of the push: earlier ones first, all else being equal. */
  readonly order: number;
};

/**
 * When a copy should arrive at the child so that the deepest viewer below it has it by the deadline. A tree of n
 * viewers is at least log2(n) hops deep. For a leaf or a repair that is the deadline itself.
 */
export function dueMs(deadlineMs: number, weight: number): number {
  return weight > 1 ? deadlineMs - PUSH_HOP_MS * Math.log2(weight) : deadlineMs;
}

/** Orders jobs that are in time: negative when `a` goes first. */
export function comparePush(a: PushRank, b: PushRank): number {
  const buckets = Math.floor(a.dueMs / PUSH_BUCKET_MS) - Math.floor(b.dueMs / PUSH_BUCKET_MS);
  if (buckets !== 0) return buckets;
  if (a.weight !== b.weight) return b.weight - a.weight;
  return a.order - b.order;
}

/** Orders jobs that are past their due time but not past their deadline: negative when `a` goes first. */
export function compareTardy(a: PushRank, b: PushRank): number {
  if (a.deadlineMs !== b.deadlineMs) return b.deadlineMs - a.deadlineMs;
  if (a.weight !== b.weight) return b.weight - a.weight;
  return a.order - b.order;
}
