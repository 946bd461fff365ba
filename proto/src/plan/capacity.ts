/** How much a viewer can carry, and how good a carrier it is. Pure. */

import { HEADROOM, HOP_MS_MIN, PIECE_BITS_USUAL, STAND_IN_SLOTS_MAX } from './limits.js';
import type { ViewerProfile } from './types.js';

/** Children that a viewer may have over all stripes. */
export type Capacity = {
  /** As many as the plan gives it. */
  readonly slots: number;
  /** As many as it may come to have by stand-ins; never less than `slots`. */
  readonly slotsHard: number;
};

/**
 * The slots of an uplink. SplitStream 2003 (section 3.4): a node forwards at most as many stripes as it has outgoing
 * capacity for; the headroom keeps that true while the uplink varies.
 */
export function capacityOf(profile: ViewerProfile, stripeBps: number, slotsMax: number): Capacity {
  const uplinkBps = Number.isFinite(profile.uplinkBps) ? Math.max(0, profile.uplinkBps) : 0;
  const bound = Math.max(0, Math.min(slotsMax, Math.floor(profile.linksMax)));
  const slots = Math.min(bound, Math.floor((uplinkBps * HEADROOM) / stripeBps));
  const slotsHard = Math.min(bound + STAND_IN_SLOTS_MAX, Math.floor(uplinkBps / stripeBps));
  return bound === 0 ? { slots: 0, slotsHard: 0 } : { slots, slotsHard: Math.max(slots, slotsHard) };
}

/** Milliseconds that one usual piece keeps the uplink busy. */
export function pieceMsOf(profile: ViewerProfile): number {
  return profile.uplinkBps > 0 ? Math.min(1_000, (PIECE_BITS_USUAL * 1_000) / profile.uplinkBps) : 1_000;
}

/** One-way delay between the viewer and the middle of the net: half its round trip to the relay. */
export function hopMsOf(profile: ViewerProfile): number {
  return Math.max(0, Math.min(1_000, profile.rttMs)) / 2;
}

/**
 * Children per millisecond that the viewer adds to a tree: the more and the sooner, the nearer it belongs to the root.
 * Liu 2007: with unequal peers everybody's delay falls when the fast are served first. 0 for one that only receives.
 */
export function strengthOf(profile: ViewerProfile, slots: number): number {
  if (slots === 0) return 0;
  // On average a child waits for half of the others.
  return slots / (HOP_MS_MIN + hopMsOf(profile) + (slots * pieceMsOf(profile)) / 2);
}
