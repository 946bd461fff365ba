/** What every viewer has been told of its neighbours, and what there is to tell. */

import { addMs, type MonoMs } from '../time.js';
import { RECENT_MAX, RECENT_MS } from './limits.js';
import { type LinkEnd, type Member, remember, type Seat } from './member.js';
import type { Work } from './stripe-tree.js';
import { type PeerId, type PlanLink, type PlanMessage, RELAY } from './types.js';

/** Exactly one of two viewers makes the offer, always the same one; spread so that the old don't make all of them. */
export function isOffererOf(self: PeerId, other: PeerId): boolean {
  return (self + other) % 2 === 0 ? self < other : self > other;
}

/** The link carries a stripe, or one of its ends wants it as a standby. */
export function isLive(end: LinkEnd): boolean {
  const twin = end.twin;
  return twin !== undefined && (end.feeds !== 0 || twin.feeds !== 0 || end.isWanted || twin.isWanted);
}

/**
 * The stripes for which `end.other` may stand in for `end.owner`: it has spare uplink, does not feed the stripe already
 * and is not below the owner there. O(stripes + depth), since a viewer is interior in two trees at most.
 */
export function standbyMaskOf(end: LinkEnd, work: Work): number {
  const { owner, other } = end;
  if (!isLive(end) || other.used >= other.slotsHard) return 0;
  let mask = 0;
  for (const seat of owner.seats) {
    work.steps++;
    if (seat.parent?.member === other) continue;
    const theirs = other.seats[seat.stripe];
    if (theirs && (seat.children.length === 0 || !isBelow(theirs, seat, work))) mask |= 1 << seat.stripe;
  }
  return mask >>> 0;
}

function isBelow(seat: Seat, top: Seat, work: Work): boolean {
  for (let at: Seat | undefined = seat; at; at = at.parent) {
    work.steps++;
    if (at === top) return true;
  }
  return false;
}

/** Both ends of every link, and a queue of the viewers for which there is news. */
export class LinkTable {
  /** Messages handed out, and links in them. */
  messages = 0;
  linksTold = 0;
  readonly #work: Work;
  #queue: Member[] = [];
  #next = 0;

  constructor(work: Work) {
    this.#work = work;
  }

  /** The owner's end of its link with the other, which may be dead. */
  find(owner: Member, other: Member): LinkEnd | undefined {
    const end = owner.links.get(other.peer);
    return end?.other === other ? end : undefined;
  }

  /** The two are neighbours, or were so until lately: messages cross. */
  areNeighbours(now: MonoMs, one: Member, other: Member): boolean {
    const end = this.find(one, other);
    return (end !== undefined && isLive(end)) || (one.recent.get(other.peer) ?? 0) > now;
  }

  /** The parent begins or ceases to feed the stripe to the child. */
  edge(now: MonoMs, parent: Member, child: Member, stripe: number, isOn: boolean): void {
    const end = this.#both(parent, child);
    end.feeds = (isOn ? end.feeds | (1 << stripe) : end.feeds & ~(1 << stripe)) >>> 0;
    this.#changed(now, end);
  }

  /** The owner wants the other as a standby, or no longer. */
  want(now: MonoMs, owner: Member, other: Member, isWanted: boolean): void {
    const end = this.#both(owner, other);
    if (end.isWanted === isWanted) return;
    end.isWanted = isWanted;
    other.standbysServed += isWanted ? 1 : -1;
    this.#changed(now, end);
  }

  /** The link is to be looked at again, at both ends. */
  touch(end: LinkEnd): void {
    this.touchEnd(end);
    if (end.twin) this.touchEnd(end.twin);
  }

  /** The link is to be looked at again at this end. */
  touchEnd(end: LinkEnd): void {
    if (end.isDirty || !end.owner.isHere) return;
    end.isDirty = true;
    end.owner.dirty.push(end);
    this.enqueue(end.owner);
  }

  /** There may be news for the viewer. */
  enqueue(member: Member): void {
    if (member.isQueued || !member.isHere) return;
    member.isQueued = true;
    this.#queue.push(member);
  }

  /**
   * The viewer took the stripe from another source by itself, so what its table says now is not known: it is told anew
   * of every link that had, has or is said to have to do with it. O(degree).
   */
  took(owner: Member, stripe: number, taken: Member | undefined): void {
    const bit = 1 << stripe;
    const parent = owner.seats[stripe]?.parent?.member;
    for (const end of owner.links.values()) {
      this.#work.steps++;
      if ((end.toldParent & bit) === 0 && end.other !== parent && end.other !== taken) continue;
      end.isRetold = true;
      this.touchEnd(end);
    }
    owner.isRelayRetold = true;
    this.enqueue(owner);
  }

  /** The viewer is gone, without children or parents: its neighbours drop their links with it. */
  drop(member: Member): void {
    for (const end of member.links.values()) {
      const twin = end.twin;
      if (end.isWanted) end.other.standbysServed--;
      if (!twin) continue;
      twin.twin = undefined;
      twin.isWanted = false;
      this.touchEnd(twin);
    }
    member.links.clear();
    member.dirty = [];
  }

  /** News for one viewer, or `undefined` when there is none. */
  poll(): PlanMessage | undefined {
    for (let member = this.#queue[this.#next]; member; member = this.#queue[this.#next]) {
      this.#next++;
      member.isQueued = false;
      if (!member.isHere) continue;
      const links = this.#newsFor(member);
      if (links.length === 0) continue;
      this.messages++;
      this.linksTold += links.length;
      return { peer: member.peer, links };
    }
    this.#queue = [];
    this.#next = 0;
    return undefined;
  }

  #newsFor(member: Member): PlanLink[] {
    const links: PlanLink[] = [];
    const fed = relayMaskOf(member);
    if (fed !== member.relayTold || member.isRelayRetold)
      links.push({ peer: RELAY, parentMask: fed, childMask: 0, standbyMask: 0, weight: 0, isOfferer: false });
    member.relayTold = fed;
    member.isRelayRetold = false;
    const dirty = member.dirty;
    member.dirty = [];
    for (const end of dirty) {
      end.isDirty = false;
      // A later link with a viewer that came back under the same name has taken this one's place.
      if (member.links.get(end.other.peer) !== end) continue;
      const link = this.#linkOf(end);
      if (link) links.push(link);
      if (!isLive(end)) member.links.delete(end.other.peer);
    }
    return links;
  }

  #linkOf(end: LinkEnd): PlanLink | undefined {
    this.#work.steps++;
    const parentMask = end.twin?.feeds ?? 0;
    const standbyMask = standbyMaskOf(end, this.#work);
    const { weight, isNews } = weightOf(end);
    const isSame =
      parentMask === end.toldParent && end.feeds === end.toldChild && standbyMask === end.toldStandby;
    if (isSame && !isNews && !end.isRetold) return undefined;
    end.isRetold = false;
    end.toldParent = parentMask;
    end.toldChild = end.feeds;
    end.toldStandby = standbyMask;
    const { owner, other } = end;
    for (const seat of other.seats) if (seat.parent?.member === owner) seat.weightTold = seat.size;
    const isOfferer = isOffererOf(owner.peer, other.peer);
    return { peer: other.peer, parentMask, childMask: end.feeds, standbyMask, weight, isOfferer };
  }

  #changed(now: MonoMs, end: LinkEnd): void {
    if (!isLive(end)) {
      remember(end.owner.recent, end.other.peer, addMs(now, RECENT_MS), RECENT_MAX);
      remember(end.other.recent, end.owner.peer, addMs(now, RECENT_MS), RECENT_MAX);
    }
    this.touch(end);
  }

  #both(owner: Member, other: Member): LinkEnd {
    const known = this.find(owner, other);
    const knownTwin = this.find(other, owner);
    if (known && knownTwin && known.twin === knownTwin) return known;
    if (!known && !knownTwin) {
      owner.tried++;
      other.tried++;
    }
    const end = known ?? createEnd(owner, other);
    const twin = knownTwin ?? createEnd(other, owner);
    end.twin = twin;
    twin.twin = end;
    return end;
  }
}

/** Stripes that the relay feeds to the viewer in the plan's eyes: not those for which an earlier parent is awaited. */
function relayMaskOf(member: Member): number {
  let mask = 0;
  for (const seat of member.seats)
    if (!seat.parent && seat.slot >= 0 && seat.awaits === RELAY) mask |= 1 << seat.stripe;
  return mask >>> 0;
}

function weightOf(end: LinkEnd): { readonly weight: number; readonly isNews: boolean } {
  let weight = 0;
  let isNews = false;
  if (end.feeds !== 0)
    for (const { parent, size, weightTold } of end.other.seats)
      if (parent?.member === end.owner) {
        weight = Math.max(weight, size);
        isNews ||= size >= 2 * weightTold || 2 * size <= weightTold;
      }
  return { weight, isNews };
}

function createEnd(owner: Member, other: Member): LinkEnd {
  const earlier = owner.links.get(other.peer);
  const end: LinkEnd = {
    owner,
    other,
    twin: undefined,
    feeds: 0,
    isWanted: false,
    isDirty: false,
    isRetold: false,
    // What was told of a viewer that left and came back still stands in the owner's table.
    toldParent: earlier?.toldParent ?? 0,
    toldChild: earlier?.toldChild ?? 0,
    toldStandby: earlier?.toldStandby ?? 0,
  };
  owner.links.set(other.peer, end);
  return end;
}
