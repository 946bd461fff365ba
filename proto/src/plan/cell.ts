/** The state of a planner, and the few ways to change it. */

import type { Prng } from '../prng.js';
import { addMs, type MonoMs, monoMs } from '../time.js';
import { capacityOf, hopMsOf, pieceMsOf, strengthOf } from './capacity.js';
import { EXCUSE_GAP_MS, SETTLED_MS, SLOTS_MAX } from './limits.js';
import { LinkTable } from './links.js';
import { isInterior, type Member, type Seat, takeOut } from './member.js';
import { type EdgeWatch, StripeTree, type Work } from './stripe-tree.js';
import { TrustBook } from './trust.js';
import { type PeerId, type PlannerOptions, RELAY } from './types.js';

/** The trees, the viewers, what they were told and what is known of their conduct. */
export class Cell implements EdgeWatch {
  readonly options: PlannerOptions;
  readonly prng: Prng;
  readonly work: Work = { steps: 0 };
  readonly trees: readonly StripeTree[];
  readonly links: LinkTable;
  readonly trust: TrustBook = new TrustBook();
  readonly members: Map<PeerId, Member> = new Map<PeerId, Member>();
  /** The same, unordered, to draw from. */
  readonly list: Member[] = [];
  /** Viewers that one other feeds in several stripes, to be bettered. */
  readonly duplicates: Set<Member> = new Set<Member>();
  /** Viewers whose standbys are to be seen to. */
  readonly standbys: Set<Member> = new Set<Member>();
  /** Viewers whose capacity is to be looked at again: after an overload or a verdict. */
  readonly recovering: Set<Member> = new Set<Member>();
  /** Seats below a stand-in that is no interior viewer of the stripe. */
  readonly strays: Set<Seat> = new Set<Seat>();
  now: MonoMs = monoMs(0);
  moves = 0;
  /** When the cell last began with its first viewer. */
  #bornAt: MonoMs = monoMs(0);

  constructor(options: PlannerOptions) {
    this.options = options;
    this.prng = options.prng;
    this.links = new LinkTable(this.work);
    this.trees = Array.from(
      { length: options.stripeCount },
      (_, stripe) => new StripeTree(stripe, this, this.work),
    );
  }

  /** Takes the viewer in; all its seats are guests of the relay. */
  add(member: Member): void {
    if (this.list.length === 0) this.#bornAt = this.now;
    this.members.set(member.peer, member);
    member.index = this.list.push(member) - 1;
    for (const seat of member.seats) this.treeOf(seat).toRelay(seat, 'guest');
  }

  /** Lets the viewer go, which has no children any more. */
  remove(member: Member): void {
    for (const seat of member.seats) this.treeOf(seat).remove(seat);
    if (member.home >= 0) this.#addCapacity(member.home, -member.slots);
    member.isHere = false;
    this.members.delete(member.peer);
    const moved = takeOut(this.list, member.index);
    if (moved) moved.index = member.index;
    for (const { other } of member.links.values()) this.standbys.add(other);
    this.links.drop(member);
    this.trust.left(member);
    this.duplicates.delete(member);
    this.standbys.delete(member);
    this.recovering.delete(member);
    for (const seat of member.seats) this.strays.delete(seat);
  }

  /** The tree that the seat belongs to. */
  treeOf(seat: Seat): StripeTree {
    const tree = this.trees[seat.stripe];
    if (!tree) throw new RangeError(`there is no stripe ${seat.stripe}`);
    return tree;
  }

  /** Has another viewer feed the seat. */
  toViewer(seat: Seat, parent: Seat): void {
    if (seat.parent === parent) return;
    this.stopAwaiting(seat);
    this.treeOf(seat).toViewer(seat, parent);
    this.#moved(seat);
    if (this.hasDuplicate(seat)) this.duplicates.add(seat.member);
  }

  /** Has the relay feed the seat. */
  toRelay(seat: Seat, feed: 'head' | 'guest'): void {
    if (!seat.parent && seat.feed === feed) return;
    const wasFedByRelay = !seat.parent;
    this.treeOf(seat).toRelay(seat, feed);
    if (!wasFedByRelay) this.#moved(seat);
  }

  /** A parent from an earlier relay is no longer awaited. */
  stopAwaiting(seat: Seat): void {
    if (seat.awaits === RELAY) return;
    seat.awaits = RELAY;
    this.links.enqueue(seat.member);
  }

  /** The source of this seat changed or is at fault, so its children do without for a moment. */
  excuse(seat: Seat): void {
    if (this.now >= addMs(seat.excusedAt, EXCUSE_GAP_MS)) seat.excusedAt = this.now;
  }

  /** Stayed long enough for a place at the root, or is among the first, when nobody has. */
  isSettled(member: Member): boolean {
    return this.now >= addMs(member.joinedAt, SETTLED_MS) || this.now < addMs(this.#bornAt, SETTLED_MS);
  }

  /** The relay may feed the seat within the plan now. */
  canHead(seat: Seat): boolean {
    const { heads } = this.treeOf(seat);
    return isInterior(seat) && heads.length < this.options.headsMax && this.isSettled(seat.member);
  }

  /** The seat's parent feeds its viewer in another stripe too. */
  hasDuplicate(seat: Seat): boolean {
    return seat.parent !== undefined && this.feeds(seat.parent.member, seat.member, seat.stripe);
  }

  /** Whether `parent` feeds `child` in a stripe other than `except`. */
  feeds(parent: Member, child: Member, except: number): boolean {
    const end = this.links.find(parent, child);
    return end !== undefined && (end.feeds & ~(1 << except)) !== 0;
  }

  /** Works out anew what the viewer may carry. The caller sheds what is too much, see `shed`. */
  measure(member: Member): void {
    const { stripeBps, slotsMax = SLOTS_MAX } = this.options;
    const { profile } = member;
    const isBarred =
      this.trust.isLeaf(this.now, member.peer) || this.trust.reach(this.now, member) === 'cut-off';
    const full = capacityOf(profile, stripeBps, slotsMax);
    const slots = isBarred ? 0 : Math.min(full.slots, member.slotsCut);
    const slotsHard = isBarred ? 0 : Math.min(full.slotsHard, member.slotsCut);
    if (member.home >= 0) this.#addCapacity(member.home, slots - member.slots);
    member.slots = slots;
    member.slotsHard = slotsHard;
    member.hopMs = hopMsOf(profile);
    member.pieceMs = pieceMsOf(profile);
    member.strength = strengthOf(profile, slots);
    this.review(member);
  }

  /** Makes the stripe the viewer's home, where it has children; -1: it has none anywhere. */
  setHome(member: Member, stripe: number): void {
    if (member.home >= 0) this.#addCapacity(member.home, -member.slots);
    const earlier = member.home;
    member.home = stripe;
    if (member.second === stripe) member.second = -1;
    if (stripe >= 0) this.#addCapacity(stripe, member.slots);
    this.#reviewSeat(member, earlier);
    this.review(member);
  }

  /** Lets the viewer have children in a second stripe too; -1: no longer. */
  setSecond(member: Member, stripe: number): void {
    const earlier = member.second;
    member.second = stripe;
    this.#reviewSeat(member, earlier);
    this.review(member);
  }

  /** The stripe whose viewers carry least. SplitStream 2003: each node is interior in one tree. */
  neediestStripe(): number {
    let neediest = 0;
    for (const { stripe, capacity } of this.trees)
      if (capacity < (this.trees[neediest]?.capacity ?? 0)) neediest = stripe;
    return neediest;
  }

  /** Puts the seats where the viewer may have children into their rows. */
  review(member: Member): void {
    this.#reviewSeat(member, member.home);
    this.#reviewSeat(member, member.second);
  }

  edge(parent: Member, child: Member, stripe: number, isOn: boolean): void {
    this.links.edge(this.now, parent, child, stripe, isOn);
    if (!isOn && parent.second === stripe && parent.seats[stripe]?.children.length === 0)
      this.setSecond(parent, -1);
    this.review(parent);
    child.standbyTries = 0;
    child.duplicateTries = 0;
    this.standbys.add(child);
  }

  relayEdge(child: Member): void {
    this.links.enqueue(child);
  }

  weight(seat: Seat): void {
    const parent = seat.parent?.member;
    const end = parent && this.links.find(parent, seat.member);
    if (end) this.links.touchEnd(end);
  }

  #moved(seat: Seat): void {
    this.moves++;
    seat.member.disturbedAt = this.now;
    this.excuse(seat);
    if (seat.children.length === 0 && seat.member.links.size <= this.trees.length) return;
    // Neighbours with children in this tree: the viewer may have come below them, or out from below them.
    for (const end of seat.member.links.values()) {
      this.work.steps++;
      if ((end.other.seats[seat.stripe]?.children.length ?? 0) > 0 && end.twin) this.links.touchEnd(end.twin);
    }
  }

  #addCapacity(stripe: number, delta: number): void {
    const tree = this.trees[stripe];
    if (tree) tree.capacity += delta;
  }

  #reviewSeat(member: Member, stripe: number): void {
    const seat = member.seats[stripe];
    if (seat && seat.slot >= 0) this.trees[stripe]?.rows.review(seat);
  }
}
