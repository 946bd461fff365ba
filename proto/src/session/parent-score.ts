/** Which of two parents is the better one: a pure function of what is known of them. */

/** What is known of a parent; `undefined` while it is not. */
export type ParentView = {
  /** Dials in a row that led to nothing. */
  readonly failures: number;
  readonly rttMs: number | undefined;
  /** Links between it and the publisher. */
  readonly hopCount: number | undefined;
  /** Of the children that it takes at most, in thousandths. */
  readonly loadPermille: number | undefined;
  /** It is reached by WebRTC without signalling. */
  readonly isEdge: boolean;
};

/** What a parent counts of which nothing is known yet: neither near nor far. */
const RTT_MS_UNKNOWN = 50;
const HOPS_UNKNOWN = 2;

/** A failure weighs more than any distance. */
const FAILURE_MS = 10_000;
/** A hop more is a relay more that can fail, and its delay. */
const HOP_MS = 10;
/** The last place at a parent, against an empty one. */
const LOAD_MS = 40;

/** An edge costs the relay sixteen times what a WebSocket does (ARCHITECTURE.md): it is for those who have nothing else. */
const EDGE_MS = 30;

/** By so much of its own score, and at least so many milliseconds, must another parent be better to be exchanged for. */
const BETTER_SHARE = 0.3;
const BETTER_MS = 20;

/** How far away a parent counts, in milliseconds: less is better. */
export function scoreParent({ failures, rttMs, hopCount, loadPermille, isEdge }: ParentView): number {
  const distanceMs = (rttMs ?? RTT_MS_UNKNOWN) + (hopCount ?? HOPS_UNKNOWN) * HOP_MS + (isEdge ? EDGE_MS : 0);
  return failures * FAILURE_MS + distanceMs + ((loadPermille ?? 0) / 1000) * LOAD_MS;
}

/** Whether `other` is so much better than `used` that changing is worth the while. */
export function isClearlyBetter(other: ParentView, used: ParentView): boolean {
  const usedMs = scoreParent(used);
  return scoreParent(other) + Math.max(BETTER_MS, usedMs * BETTER_SHARE) < usedMs;
}
