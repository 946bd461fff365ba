/** Who becomes whose parent. */

import type { Cell } from './cell.js';
import { CANDIDATES_MAX, CANDIDATES_PER_LEVEL, DUPLICATE_COST_MS, SAME_NETWORK_COST_MS } from './limits.js';
import { type Feed, type Member, type Seat, seatStrength } from './member.js';
import type { Rows } from './rows.js';
import { PARENT_LEVEL_MAX, type Place } from './stripe-tree.js';

/** A possible parent, where it is, and the estimated delay of its next child without that child's own way. */
export type Choice = {
  readonly parent: Seat;
  readonly level: number;
  readonly delayMs: number;
  readonly costMs: number;
};

/** Where the estimated delay of a child of this parent would be, without the child's own way. */
export function delayBelow(parent: Seat, place: Place): number {
  const { hopMs, pieceMs, used } = parent.member;
  return place.delayMs + hopMs + pieceMs * (used + 1);
}

/** What speaks against a pair beyond the delay. */
function pairCost(cell: Cell, seat: Seat, parent: Member): number {
  const child = seat.member;
  let costMs = cell.feeds(parent, child, seat.stripe) ? DUPLICATE_COST_MS : 0;
  const { network } = parent.profile;
  if (network === '') return costMs;
  for (const other of child.seats)
    if (other !== seat && other.parent?.member.profile.network === network) costMs += SAME_NETWORK_COST_MS;
  return costMs;
}

/**
 * The parent for a seat: from the shallowest level with a free slot, of a few drawn there and on the next level the one
 * with the least estimated delay. O(candidates * depth), whatever the size of the cell. `undefined` when nobody
 * suitable with a free slot was met.
 */
export function chooseParent(
  cell: Cell,
  seat: Seat,
  levelMax: number = PARENT_LEVEL_MAX,
): Choice | undefined {
  const { rows } = cell.treeOf(seat);
  let best: Choice | undefined;
  let lookedAt = 0;
  let levelsSince = 0;
  for (let level = 1; level <= levelMax && lookedAt < CANDIDATES_MAX && levelsSince < 2; level++) {
    cell.work.steps++;
    if (best && best.costMs < DUPLICATE_COST_MS) levelsSince++;
    for (const candidate of drawFree(cell, rows, level)) {
      lookedAt++;
      const choice = weigh(cell, seat, candidate);
      if (choice && choice.level <= levelMax && (!best || choice.costMs < best.costMs)) best = choice;
    }
  }
  return best;
}

/** A few different seats of the level with a free slot. They are drawn before a walk moves them between levels. */
function drawFree(cell: Cell, rows: Rows, level: number): Seat[] {
  const count = rows.freeAt(level);
  const drawn: Seat[] = [];
  const isAll = count <= CANDIDATES_PER_LEVEL;
  for (let i = 0; i < Math.min(count, CANDIDATES_PER_LEVEL); i++) {
    const candidate = rows.free(level, isAll ? i : cell.prng.below(count));
    if (candidate) drawn.push(candidate);
  }
  return drawn;
}

/** What the candidate is worth as a parent of the seat; `undefined` when it can't be. */
export function weigh(cell: Cell, seat: Seat, candidate: Seat): Choice | undefined {
  const tree = cell.treeOf(seat);
  cell.work.steps++;
  if (candidate.member === seat.member || candidate === seat.parent) return undefined;
  const place = tree.placeOf(candidate);
  if (place.level > PARENT_LEVEL_MAX || !canPair(cell, seat, candidate)) return undefined;
  const delayMs = delayBelow(candidate, place);
  return {
    parent: candidate,
    level: place.level,
    delayMs,
    costMs: delayMs + pairCost(cell, seat, candidate.member),
  };
}

/** The two may be child and parent: not kept apart, and no cycle. */
export function canPair(cell: Cell, seat: Seat, parent: Seat): boolean {
  if (parent.member === seat.member) return false;
  if (!cell.trust.mayPair(cell.now, parent.member, seat.member)) return false;
  return seat.children.length === 0 || !cell.treeOf(seat).isWithin(parent, seat);
}

/**
 * Finds a source for a seat that has none or is a guest: a head's place if it is fit for one, else a parent, else a
 * parent that is interior elsewhere; else it stays the relay's guest. True when it has a place in the plan.
 */
export function place(cell: Cell, seat: Seat): boolean {
  cell.stopAwaiting(seat);
  if (cell.canHead(seat)) {
    cell.toRelay(seat, 'head');
    return true;
  }
  const parent = cell.trust.reach(cell.now, seat.member) === 'cut-off' ? undefined : findParent(cell, seat);
  if (parent) cell.toViewer(seat, parent);
  else cell.toRelay(seat, 'guest');
  return parent !== undefined;
}

function findParent(cell: Cell, seat: Seat): Seat | undefined {
  const choice = chooseParent(cell, seat);
  return choice?.parent ?? recruit(cell, seat);
}

/**
 * A viewer with slots to spare in the stripe that has most of them begins to have children here as well: interior in a
 * second tree, only because this stripe has no free slot. One without children changes its home instead.
 */
function recruit(cell: Cell, seat: Seat): Seat | undefined {
  const tree = cell.treeOf(seat);
  if (tree.rows.freeCount > 0) return undefined;
  const richest = cell.trees.reduce((a, b) => (b.rows.freeCount > a.rows.freeCount ? b : a));
  let best: Seat | undefined;
  for (let level = PARENT_LEVEL_MAX; level > 0 && !best; level--)
    for (const drawn of drawFree(cell, richest.rows, level)) {
      cell.work.steps++;
      const { member } = drawn;
      const here = member.seats[seat.stripe];
      if (!here || (member.second >= 0 && member.used > 0)) continue;
      if (!canPair(cell, seat, here)) continue;
      if (!best || member.strength > best.member.strength) best = here;
    }
  if (!best) return undefined;
  if (best.member.used === 0) cell.setHome(best.member, seat.stripe);
  else cell.setSecond(best.member, seat.stripe);
  return best;
}

/**
 * Takes children away, those with the smallest subtrees first, until the viewer carries no more than it may, and finds
 * them other parents. A viewer without slots gives up its home and its place at the root; one that has slots gets a home.
 */
export function fitToCapacity(cell: Cell, member: Member): void {
  cell.measure(member);
  const usedMax = member.slots === 0 ? 0 : member.slotsHard;
  while (member.used > usedMax) {
    const lightest = lightestChild(cell, member);
    if (!lightest) break;
    place(cell, lightest);
  }
  if (member.slots > 0 && member.home < 0) cell.setHome(member, cell.neediestStripe());
  if (member.slots > 0 || member.home < 0) return;
  cell.setSecond(member, -1);
  cell.setHome(member, -1);
  for (const seat of member.seats) if (seat.feed === 'head') place(cell, seat);
}

function lightestChild(cell: Cell, member: Member): Seat | undefined {
  let lightest: Seat | undefined;
  for (const seat of member.seats)
    for (const child of seat.children) {
      cell.work.steps++;
      if (!lightest || child.size < lightest.size) lightest = child;
    }
  return lightest;
}

/**
 * Finds other sources for those whom the viewer feeds, who keep their own subtrees: the strongest takes the viewer's
 * own place, the others are placed as newcomers are, the strong ones first.
 */
export function placeOrphans(cell: Cell, member: Member): void {
  cell.setSecond(member, -1);
  cell.setHome(member, -1);
  for (const seat of member.seats) {
    const { parent, feed } = seat;
    cell.treeOf(seat).toRelay(seat, 'guest');
    const orphans = seat.children.toSorted(byStrength);
    cell.work.steps += orphans.length;
    const heir = orphans[0];
    if (heir && !inherit(cell, heir, feed, parent)) place(cell, heir);
    for (const orphan of orphans) if (orphan.parent === seat) place(cell, orphan);
  }
}

function inherit(cell: Cell, heir: Seat, feed: Feed, parent: Seat | undefined): boolean {
  if (!parent) {
    if (feed === 'head' && cell.canHead(heir)) cell.toRelay(heir, 'head');
    return heir.feed === 'head';
  }
  const isFree = parent.member.used < parent.member.slotsHard;
  if (!isFree || !canPair(cell, heir, parent) || cell.feeds(parent.member, heir.member, heir.stripe))
    return false;
  cell.toViewer(heir, parent);
  return true;
}

/** Orders seats so that the strongest carrier with the largest subtree comes first. */
export function byStrength(a: Seat, b: Seat): number {
  return seatStrength(b) - seatStrength(a) || b.size - a.size || a.member.peer - b.member.peer;
}
