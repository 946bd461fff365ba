/** Steps that make the trees better: few at a time, and none that the next step would undo. */

import { addMs } from '../time.js';
import type { Cell } from './cell.js';
import {
  DUPLICATE_COST_MS,
  DUPLICATES_PER_TICK,
  GAIN_MS_MIN,
  GAIN_SHARE_MIN,
  GUESTS_PER_TICK,
  LOOKS_PER_TICK,
  MOVES_PER_TICK,
  PROMOTION_MOVES_MAX,
  PROMOTION_RATIO,
  REST_MS,
  SPREAD_COST_MS_MAX,
  TRIES_MAX,
} from './limits.js';
import { isInterior, type Member, type Seat, seatStrength } from './member.js';
import { canPair, chooseParent, place } from './placement.js';
import { PARENT_LEVEL_MAX, type StripeTree } from './stripe-tree.js';
import { RELAY } from './types.js';

/**
 * Moves guests of the relay below viewers, at most {@link GUESTS_PER_TICK}; returns how many found a place. They are
 * drawn by lot, so that those for whom there is no parent don't stand in the way of the others.
 */
export function placeGuests(cell: Cell): number {
  const most = Math.max(1, Math.floor(GUESTS_PER_TICK / cell.trees.length));
  let placed = 0;
  for (const tree of cell.trees)
    for (let left = Math.min(most, tree.guests.length); left > 0 && tree.guests.length > 0; left--) {
      const guest = tree.guests[cell.prng.below(tree.guests.length)];
      cell.work.steps++;
      if (guest && guest.awaits === RELAY && place(cell, guest)) placed++;
    }
  return placed;
}

/** Changes at most {@link MOVES_PER_TICK} edges for the better; returns how many. */
export function improve(cell: Cell): number {
  let left = MOVES_PER_TICK;
  const first = cell.prng.below(cell.trees.length);
  left -= spreadParents(cell);
  left -= endStrays(cell, left);
  for (let i = 0; i < cell.trees.length; i++) {
    const tree = cell.trees[(first + i) % cell.trees.length];
    if (!tree) continue;
    for (const seat of drawDeep(cell, tree))
      if (left >= PROMOTION_MOVES_MAX) left -= promote(cell, tree, seat);
    for (let look = 0; look < LOOKS_PER_TICK && left > 0; look++) left -= lift(cell, tree);
  }
  for (let look = 0; look < LOOKS_PER_TICK && left > 0; look++) left -= moveByLot(cell);
  return MOVES_PER_TICK - left;
}

/** Interior viewers below the first level, a few of each. */
function drawDeep(cell: Cell, { rows }: StripeTree): Seat[] {
  const drawn: Seat[] = [];
  for (let level = 2; level <= PARENT_LEVEL_MAX; level++) {
    const count = rows.countAt(level);
    for (let i = 0; i < Math.min(count, LOOKS_PER_TICK); i++) {
      const seat = rows.seat(level, cell.prng.below(count));
      if (seat) drawn.push(seat);
    }
  }
  return drawn;
}

/**
 * A viewer that stayed takes the place of a leaf or of a much weaker one nearer to the root, which becomes its child
 * (mTreebone 2007: stable nodes rise; Lobb 2009: fast peers near the source). Returns the edges changed.
 */
function promote(cell: Cell, tree: StripeTree, seat: Seat): number {
  if (!isInterior(seat) || !cell.isSettled(seat.member)) return 0;
  const { level } = tree.placeOf(seat);
  if (level < 2) return 0;
  if (cell.canHead(seat)) {
    cell.toRelay(seat, 'head');
    return 1;
  }
  for (let target = 1; target < level; target++) {
    // Without children it is only worth it when others are deep enough to come up to it.
    if (seat.children.length === 0 && tree.rows.deepestParents() <= target) return 0;
    const victim = weakestAt(cell, tree, target);
    const moves = victim ? displace(cell, tree, seat, victim) : 0;
    if (moves > 0) return moves;
  }
  return 0;
}

function weakestAt(cell: Cell, tree: StripeTree, level: number): Seat | undefined {
  if (level === 1) return weakest(cell, tree.heads);
  const count = tree.rows.parentsAt(level - 1);
  const parent = count > 0 ? tree.rows.parent(level - 1, cell.prng.below(count)) : undefined;
  return parent && tree.placeOf(parent).level === level - 1 ? weakest(cell, parent.children) : undefined;
}

function weakest(cell: Cell, seats: readonly Seat[]): Seat | undefined {
  let found: Seat | undefined;
  for (const seat of seats) {
    cell.work.steps++;
    if (!found || seatStrength(seat) < seatStrength(found)) found = seat;
  }
  return found;
}

function displace(cell: Cell, tree: StripeTree, seat: Seat, victim: Seat): number {
  const { parent } = victim;
  const former = seat.parent;
  if (!former || victim === seat || parent === seat) return 0;
  if (seatStrength(seat) <= PROMOTION_RATIO * seatStrength(victim)) return 0;
  if (!cell.trust.mayPair(cell.now, seat.member, victim.member)) return 0;
  if (cell.feeds(seat.member, victim.member, seat.stripe)) return 0;
  if (parent && parent !== former) {
    if (!canPair(cell, seat, parent) || cell.feeds(parent.member, seat.member, seat.stripe)) return 0;
  }
  const isFull = seat.member.used >= seat.member.slots;
  const spare = isFull ? spareChild(cell, seat, former) : undefined;
  if (isFull && !spare) return 0;
  const wasHead = victim.feed === 'head';
  tree.toRelay(victim, 'guest');
  if (parent && parent !== former) cell.toViewer(seat, parent);
  else if (!parent) cell.toRelay(seat, wasHead ? 'head' : 'guest');
  if (spare) cell.toViewer(spare, former);
  cell.toViewer(victim, seat);
  return spare ? PROMOTION_MOVES_MAX : PROMOTION_MOVES_MAX - 1;
}

/** A child that can take the seat's old place, so that there is room for the one it displaces. */
function spareChild(cell: Cell, seat: Seat, former: Seat): Seat | undefined {
  let lightest: Seat | undefined;
  for (const child of seat.children) {
    cell.work.steps++;
    if (lightest && child.size >= lightest.size) continue;
    if (cell.feeds(former.member, child.member, child.stripe)) continue;
    if (cell.trust.mayPair(cell.now, child.member, former.member)) lightest = child;
  }
  return lightest;
}

/** Takes one of the deepest subtrees to a free slot nearer to the root. */
function lift(cell: Cell, tree: StripeTree): number {
  const level = tree.rows.deepestParents();
  if (level < 2) return 0;
  const parent = tree.rows.parent(level, cell.prng.below(tree.rows.parentsAt(level)));
  let heaviest: Seat | undefined;
  for (const child of parent?.children ?? []) {
    cell.work.steps++;
    if (!heaviest || child.size > heaviest.size) heaviest = child;
  }
  return heaviest ? moveIfBetter(cell, heaviest, level - 1) : 0;
}

/** Looks at any viewer in any stripe: the trees also age where they are shallow. */
function moveByLot(cell: Cell): number {
  const member = cell.list[cell.prng.below(Math.max(1, cell.list.length))];
  const seat = member?.seats[cell.prng.below(cell.trees.length)];
  return seat?.parent && !isResting(cell, seat.member) ? moveIfBetter(cell, seat, PARENT_LEVEL_MAX) : 0;
}

function moveIfBetter(cell: Cell, seat: Seat, levelMax: number): number {
  const choice = chooseParent(cell, seat, levelMax);
  if (!choice || choice.costMs >= DUPLICATE_COST_MS) return 0;
  const delayMs = cell.treeOf(seat).placeOf(seat).delayMs - seat.member.hopMs;
  const gainMs = delayMs - choice.delayMs;
  if (gainMs < GAIN_MS_MIN || gainMs < GAIN_SHARE_MIN * delayMs) return 0;
  cell.toViewer(seat, choice.parent);
  return 1;
}

/** One change at a time: the viewer's last one is to have settled first. */
function isResting(cell: Cell, member: Member): boolean {
  return cell.now < addMs(member.disturbedAt, REST_MS);
}

/** Gives viewers that one other feeds in several stripes a further parent instead (SplitStream 2003: independent failures). */
function spreadParents(cell: Cell): number {
  let moves = 0;
  let left = Math.min(DUPLICATES_PER_TICK, cell.duplicates.size);
  for (const member of cell.duplicates) {
    if (left-- <= 0) break;
    cell.duplicates.delete(member);
    const seat = member.seats.find((each) => cell.hasDuplicate(each));
    if (!seat) continue;
    if (isResting(cell, member)) {
      cell.duplicates.add(member);
      continue;
    }
    const choice = chooseParent(cell, seat);
    const { level, delayMs } = cell.treeOf(seat).placeOf(seat);
    const isSpread = choice !== undefined && choice.costMs < DUPLICATE_COST_MS && choice.level <= level;
    if (isSpread && choice.delayMs + member.hopMs <= delayMs + SPREAD_COST_MS_MAX) {
      cell.toViewer(seat, choice.parent);
      moves++;
    }
    if (++member.duplicateTries < TRIES_MAX) cell.duplicates.add(member);
  }
  return moves;
}

/** Gives viewers below a stand-in a parent of the stripe's own, once they have had time to catch breath. */
function endStrays(cell: Cell, movesMax: number): number {
  let moves = 0;
  for (const seat of cell.strays) {
    if (moves >= movesMax) break;
    cell.work.steps++;
    if (!seat.parent || isInterior(seat.parent)) {
      cell.strays.delete(seat);
      continue;
    }
    if (isResting(cell, seat.member)) continue;
    const choice = chooseParent(cell, seat);
    if (!choice) continue;
    cell.toViewer(seat, choice.parent);
    cell.strays.delete(seat);
    moves++;
  }
  return moves;
}
