/** What the planner of a cell takes and tells. */

import type { Prng } from '../prng.js';

/** Stands for the cell's relay wherever a {@link PeerId} stands. */
export const RELAY = 0;

/** Names a viewer within its cell: a whole number in [1, 2^53). */
export type PeerId = number;

/** What the relay knows of a viewer. */
export type ViewerProfile = {
  /** Usable uplink in bits per second as proven so far; 0: download-only. */
  readonly uplinkBps: number;
  /** How many neighbours it may feed at once. */
  readonly linksMax: number;
  /** Round trip to the relay. */
  readonly rttMs: number;
  /** Coarse place in the net, `''` when unknown: the parents of one viewer should differ in it. */
  readonly network: string;
};

/** What a {@link CellPlanner} is made with. */
export type PlannerOptions = {
  /** Stripes of the rendition, 1..32. */
  readonly stripeCount: number;
  /** Bits per second of one stripe. */
  readonly stripeBps: number;
  /** Edges of the relay per stripe that the plan may use. */
  readonly headsMax: number;
  /** Where every choice by lot comes from. */
  readonly prng: Prng;
  /** Children of one viewer over all stripes, at most; for sweeps. `SLOTS_MAX` when absent. */
  readonly slotsMax?: number;
};

/** Why a viewer complains of another. */
export type ReportKind = 'unreachable' | 'silent' | 'late' | 'forged' | 'overloaded';

/** An edge that a viewer brought from an earlier relay. */
export type KeptEdge = { readonly stripe: number; readonly parent: PeerId };

/**
 * One neighbour of a viewer as the viewer is told of it; bit s of a mask is stripe s. All masks 0: drop the link.
 * With `peer` {@link RELAY} the relay itself feeds the stripes of `parentMask`, as head or as guest. A stripe in no
 * `parentMask` at all goes on as it is: an edge kept from an earlier relay for which the parent is awaited.
 */
export type PlanLink = {
  readonly peer: PeerId;
  /** Stripes that the neighbour feeds to this viewer. */
  readonly parentMask: number;
  /** Stripes that this viewer feeds to the neighbour. */
  readonly childMask: number;
  /**
   * Stripes for which the neighbour may stand in. Worked out when the link or one of its ends moved, so it may be
   * stale: the neighbour refuses when it is full, and a cycle that it closes falls silent and is left like any source.
   */
  readonly standbyMask: number;
  /** Viewers in the neighbour's subtree with itself, the largest of the stripes in `childMask`; told by factors of two. */
  readonly weight: number;
  /** This side makes the connection's offer; true at exactly one end, the same one for as long as the pair exists. */
  readonly isOfferer: boolean;
};

/** News for one viewer: only the links that changed. */
export type PlanMessage = { readonly peer: PeerId; readonly links: readonly PlanLink[] };

/** Work and changes since the planner was made. */
export type PlannerStats = {
  /** Elementary steps: candidates looked at, edges walked, children scanned. */
  readonly steps: number;
  /** Edges that changed for a viewer that was fed already. */
  readonly moves: number;
  /** Moves by `tick` to make the trees better. */
  readonly improvements: number;
  /** Moves by `tick` of guests below viewers. */
  readonly guestsMoved: number;
  /** Viewers made leaves for what others report of them. */
  readonly demotions: number;
  /** Messages handed out by `poll`. */
  readonly messages: number;
  /** Links in these messages. */
  readonly linksTold: number;
};

/** The shape of the trees, for measurements. */
export type TreeQuality = {
  /** Per stripe: how many viewers have depth i; 1 is fed by the relay. */
  readonly depths: readonly (readonly number[])[];
  /** Per stripe: viewers with children. */
  readonly interior: readonly number[];
  /** Per stripe: viewers fed by the relay outside the plan. */
  readonly guests: readonly number[];
  /** Viewers with children in more than one stripe. */
  readonly interiorInSeveral: number;
  /** Share of the viewers that no other viewer feeds in two stripes. */
  readonly distinctParents: number;
  /** Share of the viewers with at least two neighbours that may stand in. */
  readonly withTwoStandbys: number;
  /** Estimated delay from the relay to the worst placed viewer, milliseconds. */
  readonly delayMsMax: number;
};
