/** Every number of the planner, with its reason and with what follows when a bound is reached. */

import { assert } from '../assert.js';
import { STRIPES_MAX } from '../limits.js';
import type { PlannerOptions } from './types.js';

/** Viewers of one cell; one more is not planned for and stays with the relay alone. */
export const CELL_VIEWERS_MAX: number = 5_000;

/**
 * Children of one viewer over all stripes. A browser's connections cost memory and CPU each; besides 16 children there
 * are a parent per stripe and standbys. More would gain little: Bianchi 2009 has 3-4 targets within 14 % of the optimum.
 */
export const SLOTS_MAX: number = 16;

/** Share of the proven uplink that is planned with; the rest is for repair, for standing in and for error. */
export const HEADROOM: number = 0.75;

/** Slots beyond those planned that a stand-in may use while the uplink allows it. */
export const STAND_IN_SLOTS_MAX: number = 2;

/** Bits of a usual piece at 4 Mbit/s and 45 pieces a second: what one more child delays the next by. */
export const PIECE_BITS_USUAL: number = 90_000;

/** A delay that no viewer falls below in the reckoning of strength: keeps tiny round trips from ruling it. */
export const HOP_MS_MIN: number = 20;

/** A viewer must have stayed this long to be placed at the root (mTreebone 2007: who stayed will stay). */
export const SETTLED_MS: number = 5_000;

/** Levels of a tree; a viewer that would be deeper is the relay's guest. */
export const DEPTH_MAX: number = 16;

/** Candidates drawn on one level when a parent is sought. */
export const CANDIDATES_PER_LEVEL: number = 6;

/** Candidates looked at in all when a parent is sought; then the best so far is taken. */
export const CANDIDATES_MAX: number = 24;

/** What a parent that already feeds the viewer another stripe costs in the choice, milliseconds: nearly forbidden. */
export const DUPLICATE_COST_MS: number = 2_000;

/** What a parent in the same network as another parent costs in the choice. */
export const SAME_NETWORK_COST_MS: number = 30;

/** Between two rounds of improvement. */
export const TICK_MS: number = 200;

/** Between two rounds when the last one found nothing to do. */
export const TICK_CALM_MS: number = 1_000;

/** Guests moved below viewers in one tick; the others wait. */
export const GUESTS_PER_TICK: number = 64;

/** Edges that one tick may change to improve the trees; the rest waits for the next. */
export const MOVES_PER_TICK: number = 24;

/** Edges that one promotion may change: the promoted viewer's, its victim's, and one child's that makes room. */
export const PROMOTION_MOVES_MAX: number = 3;

/** Seats looked at per stripe and tick for each kind of improvement. */
export const LOOKS_PER_TICK: number = 6;

/** Viewers whose duplicate parents are looked at in one tick. */
export const DUPLICATES_PER_TICK: number = 12;

/** Viewers whose standbys are seen to in one tick. */
export const STANDBYS_PER_TICK: number = 64;

/** Tries to better one viewer's duplicates or standbys before it is left alone until its links change. */
export const TRIES_MAX: number = 6;

/** A promoted viewer must be this much stronger than the one it displaces: hysteresis, so that a calm cell is still. */
export const PROMOTION_RATIO: number = 1.5;

/** A move to a better parent must save this much of the estimated delay... */
export const GAIN_MS_MIN: number = 20;

/** ...and this share of it: hysteresis again. */
export const GAIN_SHARE_MIN: number = 0.2;

/** What a better spread of parents may cost in estimated delay. */
export const SPREAD_COST_MS_MAX: number = 40;

/** How long a viewer that changed a source is left alone before its other or better parents are sought. */
export const REST_MS: number = 2_000;

/** Neighbours that may stand in, which every viewer should have. */
export const STANDBYS_WANTED: number = 2;

/** Links that a viewer has only as standbys. */
export const STANDBY_LINKS_MAX: number = 2;

/** Standby-only links that one viewer serves; asked for more, it is passed over. */
export const STANDBY_SERVED_MAX: number = 4;

/** Edges from an earlier relay whose parents are awaited; further ones are placed as if new. */
export const KEPT_MAX: number = 20_000;

/** How long such a parent is awaited. */
export const KEPT_WAIT_MS: number = 5_000;

/** How long a pair that did not connect is not tried again. */
export const UNREACHABLE_MS: number = 300_000;

/** After this long half of a viewer's failed connections count no more. */
export const FAILURE_HALF_MS: number = 60_000;

/** How long a pair is kept apart after a report of silence, lateness or forgery. */
export const APART_MS: number = 60_000;

/** Pairs that one viewer is kept apart from; the oldest is forgotten first. */
export const APART_MAX: number = 128;

/** How long an accusation counts. */
export const ACCUSATION_MS: number = 30_000;

/** Accusers remembered of one viewer, and accused of one viewer; the oldest is forgotten first. */
export const ACCUSATIONS_MAX: number = 32;

/** Present viewers that one may accuse within {@link ACCUSATION_MS} before its word counts no more. */
export const ACCUSED_MAX: number = 6;

/** Share of those it serves that must call a viewer slow before it is demoted, and at least two. */
export const SLOW_ACCUSERS_SHARE: number = 0.3;

/** A verdict on slowness waits this long, so that the word of the accused on its own parent comes in first. */
export const VERDICT_MS: number = 500;

/** Slowness is not held against a viewer whose own feed of that stripe was disturbed this near in time. */
export const EXCUSE_MS: number = 1_000;

/** Between two such excuses: one that often changes its source, or says it must, has none. */
export const EXCUSE_GAP_MS: number = 10_000;

/** First time as a leaf after a verdict; doubles with each further one. */
export const DEMOTION_MS: number = 30_000;

/** Longest such time. */
export const DEMOTION_MS_MAX: number = 960_000;

/** Viewers whose conduct is remembered, also after they left; the oldest is forgotten first. */
export const RECORDS_MAX: number = 8_192;

/** Former neighbours of a viewer about which its word is still heard; the oldest is forgotten first. */
export const RECENT_MAX: number = 32;

/** How long after the link's end a report on a neighbour is heard. */
export const RECENT_MS: number = 10_000;

/** Failed pairs after which a viewer may be hard to reach. */
export const HARD_PAIRS_MIN: number = 3;

/** Share of the pairs tried that must have failed for that: one behind a NAT fails with every other such one. */
export const HARD_SHARE: number = 0.1;

/** Failed pairs after which a viewer may be cut off from all others... */
export const CUT_OFF_PAIRS_MIN: number = 6;

/** ...if this share of its pairs failed. */
export const CUT_OFF_SHARE: number = 0.8;

/** After an overload a viewer gets back one slot in this time. */
export const OVERLOAD_RECOVERY_MS: number = 10_000;

/** Overloads that a viewer reports within so long are one. */
export const OVERLOAD_ONCE_MS: number = 500;

/** Checks the options and the inequalities between the limits. */
export function assertPlanLimits(options: PlannerOptions): void {
  const { stripeCount, stripeBps, headsMax, slotsMax = SLOTS_MAX } = options;
  assert(Number.isInteger(stripeCount) && stripeCount >= 1 && stripeCount <= STRIPES_MAX, 'a stripe mask');
  assert(stripeBps > 0 && headsMax >= 1 && slotsMax >= 1, 'a stripe has a rate, and the relay feeds someone');
  assert(PROMOTION_MOVES_MAX <= MOVES_PER_TICK, 'a tick has room for a promotion');
  assert(VERDICT_MS <= EXCUSE_MS, 'an excuse that comes before the verdict is heard');
  assert(EXCUSE_MS < EXCUSE_GAP_MS, 'nobody is always excused');
  assert(ACCUSATION_MS <= DEMOTION_MS, 'nobody is demoted twice for the same accusations');
  assert(PROMOTION_RATIO > 1, 'two viewers never displace each other in turn');
}
