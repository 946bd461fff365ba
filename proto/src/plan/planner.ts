/** The planner of a cell: a state machine without clock, randomness or effects of its own. */

import { addMs, type MonoMs, monoMs } from '../time.js';
import { Cell } from './cell.js';
import { improve, placeGuests } from './improve.js';
import { KeptEdges } from './kept.js';
import { assertPlanLimits, CELL_VIEWERS_MAX, TICK_CALM_MS, TICK_MS } from './limits.js';
import { createMember, isInterior, type Member, type Seat } from './member.js';
import { canPair, fitToCapacity, place, placeOrphans } from './placement.js';
import { treeQuality } from './quality.js';
import { Reports } from './reports.js';
import { keepStandbys } from './standby.js';
import {
  type KeptEdge,
  type PeerId,
  type PlanMessage,
  type PlannerOptions,
  type PlannerStats,
  RELAY,
  type ReportKind,
  type TreeQuality,
  type ViewerProfile,
} from './types.js';

/**
 * Plans the stripe trees of one cell and tells each viewer only its own neighbours.
 *
 * Drain {@link CellPlanner.poll} after every other call, or after several: news that a later call has overtaken is not
 * told. Call {@link CellPlanner.tick} when {@link CellPlanner.nextTimeout} has come. Times must not go backwards. Calls
 * about viewers that are not here are ignored: messages cross.
 *
 * The trees are SplitStream's (2003): a viewer has children in its home stripe only and is a leaf in the others, so that
 * the loss of one costs its children one stripe; where a stripe lacks capacity a viewer serves there as well. The strong
 * and settled are moved to the root (Liu 2007, mTreebone 2007). A join or a leave takes O(candidates * depth) per edge
 * concerned, whatever the size of the cell.
 */
export class CellPlanner {
  readonly #cell: Cell;
  readonly #reports: Reports;
  readonly #kept = new KeptEdges();
  #dueAt: MonoMs = monoMs(0);
  #improvements = 0;
  #guestsMoved = 0;

  constructor(options: PlannerOptions) {
    assertPlanLimits(options);
    this.#cell = new Cell(options);
    this.#reports = new Reports(this.#cell);
  }

  /**
   * A viewer has come. `kept` are edges from an earlier relay: each is adopted if its parent is here or comes soon and
   * can carry it; until then the stripe is in no mask and counts as a guest. A viewer beyond `CELL_VIEWERS_MAX` is not
   * planned for; one that is here already is updated.
   */
  join(now: MonoMs, peer: PeerId, profile: ViewerProfile, kept: readonly KeptEdge[] = []): void {
    const cell = this.#begin(now);
    if (cell.members.has(peer)) return this.update(now, peer, profile);
    if (peer === RELAY || cell.list.length >= CELL_VIEWERS_MAX) return;
    const member = createMember(peer, now, profile, cell.trees.length);
    cell.add(member);
    if (cell.trust.isLeaf(now, peer)) cell.recovering.add(member);
    cell.measure(member);
    const children = this.#kept.take(peer);
    if (member.slots > 0) cell.setHome(member, mostFrequent(children) ?? cell.neediestStripe());
    for (const edge of kept) this.#keep(member, edge);
    for (const child of children) this.#adopt(child, member);
    const home = member.seats[member.home];
    if (home?.feed === 'guest' && home.awaits === RELAY) place(cell, home);
    for (const seat of member.seats) if (seat.feed === 'guest' && seat.awaits === RELAY) place(cell, seat);
  }

  /** A viewer has left: those whom it fed keep their subtrees and get other parents. */
  leave(now: MonoMs, peer: PeerId): void {
    const cell = this.#begin(now);
    const member = cell.members.get(peer);
    if (!member) return;
    placeOrphans(cell, member);
    cell.remove(member);
  }

  /** More is known of a viewer; it loses the children that it cannot carry. */
  update(now: MonoMs, peer: PeerId, profile: ViewerProfile): void {
    const cell = this.#begin(now);
    const member = cell.members.get(peer);
    if (!member) return;
    member.profile = profile;
    fitToCapacity(cell, member);
  }

  /**
   * A viewer's word on another. `overloaded` is a parent's word on its own children: the accused is the child that it
   * would rather lose, or itself.
   */
  report(now: MonoMs, reporter: PeerId, accused: PeerId, why: ReportKind): void {
    const cell = this.#begin(now);
    const from = cell.members.get(reporter);
    const about = cell.members.get(accused);
    if (from && why === 'overloaded') this.#reports.overloaded(from, about);
    else if (from && about && from !== about) this.#reports.hear(from, about, why);
  }

  /**
   * A viewer has taken a stripe from a standby, or from the relay, by itself. It stays there if that makes no cycle and
   * the new parent can carry it; else it is told of another.
   */
  moved(now: MonoMs, peer: PeerId, stripe: number, parent: PeerId): void {
    const cell = this.#begin(now);
    const seat = cell.members.get(peer)?.seats[stripe];
    if (!seat) return;
    const taken = cell.members.get(parent);
    if (parent === RELAY) {
      cell.stopAwaiting(seat);
      if (seat.parent) cell.toRelay(seat, 'guest');
    } else if (!taken || seat.parent?.member !== taken) this.#takeFrom(seat, taken);
    cell.links.took(seat.member, stripe, taken);
  }

  /**
   * Does a bounded number of improvements: guests below viewers, the strong upwards, better parents, standbys; passes
   * verdicts. Does nothing before {@link CellPlanner.nextTimeout}.
   */
  tick(now: MonoMs): void {
    if (this.#cell.list.length === 0 || now < this.#dueAt) return;
    const cell = this.#begin(now);
    this.#reports.tick();
    for (let seat = this.#kept.pollExpired(now); seat; seat = this.#kept.pollExpired(now)) place(cell, seat);
    const guests = placeGuests(cell);
    const improvements = improve(cell);
    const standbys = keepStandbys(cell);
    this.#guestsMoved += guests;
    this.#improvements += improvements;
    const isWaiting =
      this.#reports.isWaiting || cell.strays.size + cell.standbys.size + cell.duplicates.size > 0;
    const isCalm = guests + improvements + standbys === 0 && !isWaiting;
    this.#dueAt = addMs(now, isCalm ? TICK_CALM_MS : TICK_MS);
  }

  /** When to call {@link CellPlanner.tick} next; `undefined` while nobody is here. */
  nextTimeout(): MonoMs | undefined {
    return this.#cell.list.length === 0 ? undefined : this.#dueAt;
  }

  /** News for one viewer; call until `undefined`. */
  poll(): PlanMessage | undefined {
    return this.#cell.links.poll();
  }

  /** Viewers here. */
  get size(): number {
    return this.#cell.list.length;
  }

  /** Every viewer here, in no order. */
  get peers(): readonly PeerId[] {
    return this.#cell.list.map(({ peer }) => peer);
  }

  /** Stripe feeds by the relay outside the plan. */
  get guests(): number {
    return this.#cell.trees.reduce((sum, { guests }) => sum + guests.length, 0);
  }

  /** Work and changes so far. */
  get stats(): PlannerStats {
    const { work, moves, links } = this.#cell;
    return {
      steps: work.steps,
      moves,
      improvements: this.#improvements,
      guestsMoved: this.#guestsMoved,
      demotions: this.#reports.demotions,
      messages: links.messages,
      linksTold: links.linksTold,
    };
  }

  /** Who feeds the stripe to the viewer, {@link RELAY} for the relay; `undefined` when it is not here. */
  parentOf(peer: PeerId, stripe: number): PeerId | undefined {
    const seat = this.#seat(peer, stripe);
    return seat && (seat.parent?.member.peer ?? RELAY);
  }

  /** Whom the viewer feeds the stripe to, in no order. */
  childrenOf(peer: PeerId, stripe: number): readonly PeerId[] {
    return this.#seat(peer, stripe)?.children.map(({ member }) => member.peer) ?? [];
  }

  /** Edges between the relay and the viewer: 1 when the relay feeds it. */
  depthOf(peer: PeerId, stripe: number): number | undefined {
    const seat = this.#seat(peer, stripe);
    return seat && this.#cell.treeOf(seat).placeOf(seat).level;
  }

  /** Viewers below the viewer in the stripe's tree, itself included. */
  subtreeSizeOf(peer: PeerId, stripe: number): number | undefined {
    return this.#seat(peer, stripe)?.size;
  }

  /** The viewer is one of the relay's heads in the stripe. */
  isHead(peer: PeerId, stripe: number): boolean {
    return this.#seat(peer, stripe)?.feed === 'head';
  }

  /** Children that the viewer has over all stripes, may have in the plan, and may have with stand-ins. */
  loadOf(
    peer: PeerId,
  ): { readonly used: number; readonly slots: number; readonly slotsHard: number } | undefined {
    const member = this.#cell.members.get(peer);
    return member && { used: member.used, slots: member.slots, slotsHard: member.slotsHard };
  }

  /** The shape of the trees; looks at every viewer. */
  quality(): TreeQuality {
    return treeQuality(this.#cell);
  }

  #begin(now: MonoMs): Cell {
    this.#cell.now = now;
    // A calm planner is woken by whatever happens.
    if (this.#dueAt > addMs(now, TICK_MS)) this.#dueAt = addMs(now, TICK_MS);
    return this.#cell;
  }

  #seat(peer: PeerId, stripe: number): Seat | undefined {
    return this.#cell.members.get(peer)?.seats[stripe];
  }

  #keep(member: Member, { stripe, parent }: KeptEdge): void {
    const seat = member.seats[stripe];
    if (!seat || parent === RELAY || parent === member.peer || seat.awaits !== RELAY || seat.parent) return;
    const known = this.#cell.members.get(parent);
    if (known) this.#adopt(seat, known);
    else this.#kept.add(this.#cell.now, seat, parent);
  }

  /** The viewer took a stripe from this one: so be it, or it gets another parent. */
  #takeFrom(seat: Seat, taken: Member | undefined): void {
    const cell = this.#cell;
    const there = taken?.seats[seat.stripe];
    // The relay picks the neighbours, so nobody makes itself a child of a viewer of its own choice.
    const isNeighbour = taken !== undefined && cell.links.areNeighbours(cell.now, seat.member, taken);
    if (there && isNeighbour && hasRoom(there) && canPair(cell, seat, there)) this.#follow(seat, there);
    else place(cell, seat);
  }

  #adopt(seat: Seat, parent: Member): void {
    const cell = this.#cell;
    const there = parent.seats[seat.stripe];
    const canCarry = there && hasRoom(there) && canPair(cell, seat, there);
    if (!canCarry) {
      place(cell, seat);
      return;
    }
    if (parent.used === 0 && !isInterior(there)) cell.setHome(parent, seat.stripe);
    this.#follow(seat, there);
  }

  #follow(seat: Seat, parent: Seat): void {
    const cell = this.#cell;
    if (!isInterior(parent)) cell.strays.add(seat);
    cell.toViewer(seat, parent);
  }
}

function hasRoom({ member }: Seat): boolean {
  return member.slots > 0 && member.used < member.slotsHard;
}

function mostFrequent(seats: readonly Seat[]): number | undefined {
  const counts = new Map<number, number>();
  let best: number | undefined;
  for (const { stripe } of seats) {
    const count = (counts.get(stripe) ?? 0) + 1;
    counts.set(stripe, count);
    if (best === undefined || count > (counts.get(best) ?? 0)) best = stripe;
  }
  return best;
}
