/** Of whom a missing piece is asked. Pure. */

import type { LinkId } from '../session/io.js';
import {
  FAILURE_MS,
  FAILURES_MAX,
  REPAIR_MARGIN_MS,
  REPAIR_OVERTIME_MS,
  REPAIR_RTT_MS_MIN,
  SPREAD_MS,
} from './limits.js';

/** A neighbour as the session sees it at this moment. */
export type NeighbourView = {
  readonly link: LinkId;
  /** Stripes that it can serve, as a mask: those it pushes to this node or may stand in for. */
  readonly canServe: number;
  readonly rttMs: number;
  readonly isRelay: boolean;
};

/** How a neighbour did so far. */
export type Standing = {
  /** Sequences asked of it and not answered. */
  openCount: number;
  /** Requests in a row that it did not serve. */
  failures: number;
};

/** What is missing, for the choice of whom to ask. */
export type Want = {
  readonly stripe: number;
  /** Who owes it: asked by subscription already. */
  readonly source: LinkId | undefined;
  /** Asked before. */
  readonly tried: readonly LinkId[];
  /** Until it is to be shown; below 0 the picture waits for it. */
  readonly timeLeftMs: number;
};

/** Ask `link`; or nobody new can be asked; or nobody's answer can come in time. */
export type Choice =
  | { readonly kind: 'ask'; readonly link: LinkId; readonly rttMs: number }
  | { readonly kind: 'exhausted' }
  | { readonly kind: 'hopeless' };

const rttOf = ({ rttMs }: NeighbourView): number => Math.max(REPAIR_RTT_MS_MIN, rttMs);

/** How long to wait for an answer before another neighbour is asked. */
export function answerMs(rttMs: number): number {
  return Math.max(REPAIR_RTT_MS_MIN, rttMs) + REPAIR_MARGIN_MS;
}

/**
 * The nearest neighbour that has the stripe, requests spread and failures counted as distance, and the relay when
 * no other is left; the relay at once when the deadline is too near for two tries. Not the neighbour that owes the
 * piece, and nobody twice.
 */
export function chooseServer(
  want: Want,
  neighbours: readonly NeighbourView[],
  standings: ReadonlyMap<LinkId, Standing>,
): Choice {
  let nearest: NeighbourView | undefined;
  let nearestCost = Number.POSITIVE_INFINITY;
  let relay: NeighbourView | undefined;
  const usefulMs = want.timeLeftMs + REPAIR_OVERTIME_MS;
  let isAnyInTime = neighbours.length === 0 && usefulMs > 0;
  for (const neighbour of neighbours) {
    const { link, canServe, isRelay } = neighbour;
    const isInTime = rttOf(neighbour) <= usefulMs;
    isAnyInTime ||= isInTime;
    // The relay is asked though it owes the piece: its link loses nothing, so what is late there was never sent.
    if (!isInTime || (link === want.source && !isRelay) || want.tried.includes(link)) continue;
    if ((canServe & (1 << want.stripe)) === 0) continue;
    const standing = standings.get(link);
    const failures = Math.min(FAILURES_MAX, standing?.failures ?? 0);
    const cost = rttOf(neighbour) + (standing?.openCount ?? 0) * SPREAD_MS + failures * FAILURE_MS;
    if (isRelay) {
      if (!relay || rttOf(neighbour) < rttOf(relay)) relay = neighbour;
    } else if (cost < nearestCost) {
      nearest = neighbour;
      nearestCost = cost;
    }
  }
  if (!isAnyInTime) return { kind: 'hopeless' };
  const chosen = nearest && relay && isForRelay(nearest, relay, want.timeLeftMs) ? relay : (nearest ?? relay);
  return chosen ? { kind: 'ask', link: chosen.link, rttMs: rttOf(chosen) } : { kind: 'exhausted' };
}

/** No time for two tries: the relay's is the one, unless only the neighbour's would still be punctual. */
function isForRelay(nearest: NeighbourView, relay: NeighbourView, timeLeftMs: number): boolean {
  if (answerMs(nearest.rttMs) + answerMs(relay.rttMs) <= timeLeftMs) return false;
  return rttOf(relay) <= timeLeftMs || rttOf(nearest) > timeLeftMs;
}
