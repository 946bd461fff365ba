/** Sees to it that every viewer has neighbours that can stand in. */

import type { Cell } from './cell.js';
import {
  CANDIDATES_PER_LEVEL,
  STANDBY_LINKS_MAX,
  STANDBY_SERVED_MAX,
  STANDBYS_PER_TICK,
  STANDBYS_WANTED,
  TRIES_MAX,
} from './limits.js';
import { isLive, standbyMaskOf } from './links.js';
import type { LinkEnd, Member } from './member.js';
import { PARENT_LEVEL_MAX } from './stripe-tree.js';

/** Sees to at most {@link STANDBYS_PER_TICK} of the viewers whose links changed; returns the links it began or ended. */
export function keepStandbys(cell: Cell): number {
  let changes = 0;
  let left = Math.min(STANDBYS_PER_TICK, cell.standbys.size);
  for (const member of cell.standbys) {
    if (left-- <= 0) break;
    cell.standbys.delete(member);
    if (member.isHere) changes += keepStandbysOf(cell, member);
  }
  return changes;
}

/** Neighbours that may stand in for at least one stripe, counted up to `max`. */
export function countStandbys(cell: Cell, member: Member, max: number): number {
  let count = 0;
  for (const end of member.links.values()) {
    if (count >= max) break;
    if (standbyMaskOf(end, cell.work) !== 0) count++;
  }
  return count;
}

function keepStandbysOf(cell: Cell, member: Member): number {
  const wanted: LinkEnd[] = [];
  let regular = 0;
  for (const end of member.links.values()) {
    cell.work.steps++;
    if (end.isWanted) wanted.push(end);
    if (regular < STANDBYS_WANTED && isRegular(end) && standbyMaskOf(end, cell.work) !== 0) regular++;
  }
  let changes = 0;
  let standing = 0;
  for (const end of wanted) {
    const isNeeded = regular + standing < STANDBYS_WANTED && standbyMaskOf(end, cell.work) !== 0;
    if (isNeeded && !isRegular(end)) standing++;
    else {
      cell.links.want(cell.now, member, end.other, false);
      changes++;
    }
  }
  while (regular + standing < STANDBYS_WANTED && standing < STANDBY_LINKS_MAX) {
    const other = findStandby(cell, member);
    if (!other) break;
    cell.links.want(cell.now, member, other, true);
    standing++;
    changes++;
  }
  if (regular + standing < STANDBYS_WANTED && ++member.standbyTries < TRIES_MAX) cell.standbys.add(member);
  return changes;
}

/** The link would live without its being wanted by its owner. */
function isRegular(end: LinkEnd): boolean {
  return end.feeds !== 0 || (end.twin?.feeds ?? 0) !== 0 || (end.twin?.isWanted ?? false);
}

/** A viewer with a free slot as near to a root as can be found by a few draws: what it has, it has early. */
function findStandby(cell: Cell, member: Member): Member | undefined {
  const first = cell.prng.below(cell.trees.length);
  for (let i = 0; i < cell.trees.length; i++) {
    const rows = cell.trees[(first + i) % cell.trees.length]?.rows;
    for (let level = 1; rows && level <= PARENT_LEVEL_MAX; level++) {
      const count = rows.freeAt(level);
      for (let draw = 0; draw < Math.min(count, CANDIDATES_PER_LEVEL); draw++) {
        const other = rows.free(level, count <= CANDIDATES_PER_LEVEL ? draw : cell.prng.below(count))?.member;
        if (other && mayServe(cell, other, member)) return other;
      }
    }
  }
  return undefined;
}

function mayServe(cell: Cell, other: Member, member: Member): boolean {
  cell.work.steps++;
  if (other === member || other.standbysServed >= STANDBY_SERVED_MAX) return false;
  const end = cell.links.find(member, other);
  if (end && isLive(end)) return false;
  return cell.trust.mayPair(cell.now, member, other);
}
