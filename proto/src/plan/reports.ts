/** What follows from a viewer's word on another. The rules themselves are in trust.ts. */

import { addMs, type MonoMs } from '../time.js';
import type { Cell } from './cell.js';
import { APART_MS, EXCUSE_MS, OVERLOAD_ONCE_MS, OVERLOAD_RECOVERY_MS, VERDICT_MS } from './limits.js';
import type { Member, Seat } from './member.js';
import { fitToCapacity, place } from './placement.js';
import { isGuilty, isSuspect } from './trust.js';
import type { PeerId, ReportKind } from './types.js';

type Verdict = { readonly accused: PeerId; readonly due: MonoMs };

/** Hears reports, keeps pairs apart, and takes the children from those whom enough others accuse. */
export class Reports {
  /** Viewers made leaves so far. */
  demotions = 0;
  readonly #cell: Cell;
  /** In the order of their time; at most one per viewer. */
  readonly #verdicts = new Map<PeerId, Verdict>();

  constructor(cell: Cell) {
    this.#cell = cell;
  }

  /** One viewer's word on another that is or lately was its neighbour; about anybody else it is not heard. */
  hear(reporter: Member, accused: Member, why: ReportKind): void {
    if (!this.#cell.links.areNeighbours(this.#cell.now, reporter, accused)) return;
    if (why === 'unreachable') return this.#unreachable(reporter, accused);
    const { trust, now } = this.#cell;
    if (this.#isSuspect(reporter)) return;
    const isForgery = why === 'forged';
    if (!isForgery && this.#isExcused(accused, now)) return;
    trust.keepApart(reporter.peer, accused.peer, addMs(now, APART_MS));
    trust.accuse(now, reporter.peer, accused.peer, isForgery);
    for (const seat of reporter.seats) if (seat.parent?.member === accused) this.#cell.excuse(seat);
    this.#separate(reporter, accused);
    if (this.#isSuspect(reporter)) this.#demote(reporter);
    if (isForgery) this.#judge(accused);
    else if (!this.#verdicts.has(accused.peer))
      this.#verdicts.set(accused.peer, { accused: accused.peer, due: addMs(now, VERDICT_MS) });
  }

  /** The viewer cannot feed as many as it does: it has one slot less, and gets it back with time. */
  overloaded(member: Member, child: Member | undefined): void {
    const cell = this.#cell;
    // What it says of several children in one breath is one overload.
    if (addMs(member.cutUntil, OVERLOAD_ONCE_MS - OVERLOAD_RECOVERY_MS) > cell.now) return;
    member.slotsCut = Math.max(0, Math.min(member.slots, member.used) - 1);
    member.cutUntil = addMs(cell.now, OVERLOAD_RECOVERY_MS);
    cell.recovering.add(member);
    const seat = child?.seats.find(({ parent }) => parent?.member === member);
    cell.measure(member);
    if (seat && member.used > member.slotsHard) place(cell, seat);
    fitToCapacity(cell, member);
  }

  /** A verdict is still to be passed. */
  get isWaiting(): boolean {
    return this.#verdicts.size > 0;
  }

  /** Passes the verdicts that are due, and gives viewers their slots back whose time has come. */
  tick(): void {
    const cell = this.#cell;
    for (const { accused, due } of this.#verdicts.values()) {
      if (due > cell.now) break;
      this.#verdicts.delete(accused);
      const member = cell.members.get(accused);
      if (member) this.#judge(member);
    }
    for (const member of cell.recovering) this.#recover(member);
  }

  #recover(member: Member): void {
    const cell = this.#cell;
    cell.work.steps++;
    if (member.cutUntil <= cell.now && Number.isFinite(member.slotsCut)) {
      const before = member.slots;
      member.slotsCut++;
      member.cutUntil = addMs(cell.now, OVERLOAD_RECOVERY_MS);
      fitToCapacity(cell, member);
      const isBack = member.slots === before && !cell.trust.isLeaf(cell.now, member.peer);
      if (isBack) member.slotsCut = Number.POSITIVE_INFINITY;
    }
    if (cell.trust.isLeaf(cell.now, member.peer) || Number.isFinite(member.slotsCut)) return;
    cell.recovering.delete(member);
    fitToCapacity(cell, member);
  }

  #unreachable(reporter: Member, accused: Member): void {
    const cell = this.#cell;
    cell.trust.unreachable(cell.now, reporter, accused);
    this.#separate(reporter, accused);
    for (const member of [reporter, accused])
      if (cell.trust.reach(cell.now, member) === 'cut-off') {
        fitToCapacity(cell, member);
        for (const seat of member.seats) if (seat.parent) place(cell, seat);
      }
  }

  /** Neither feeds the other from now on, nor stands by. */
  #separate(one: Member, other: Member): void {
    const cell = this.#cell;
    for (const [child, parent] of [
      [one, other],
      [other, one],
    ] as const) {
      for (const seat of child.seats) if (seat.parent?.member === parent) place(cell, seat);
      if (cell.links.find(child, parent)?.isWanted) cell.links.want(cell.now, child, parent, false);
      cell.standbys.add(child);
    }
  }

  /** Its own feed of what it passes on was disturbed near this time, or that of one above it: then it is not to blame. */
  #isExcused(member: Member, at: MonoMs): boolean {
    for (const stripe of [member.home, member.second])
      for (
        let seat: Seat | undefined = member.seats[stripe];
        seat;
        seat = seat.parent?.member.seats[stripe]
      ) {
        this.#cell.work.steps++;
        if (Math.abs(seat.excusedAt - at) < EXCUSE_MS) return true;
      }
    return false;
  }

  #isSuspect(reporter: Member): boolean {
    const { trust, now, members } = this.#cell;
    return isSuspect(trust.accusedCount(now, reporter.peer, (peer) => members.has(peer)));
  }

  #judge(member: Member): void {
    const { trust, now } = this.#cell;
    let forgery = 0;
    let slow = 0;
    for (const { at, isForgery } of trust.accusations(now, member.peer)) {
      this.#cell.work.steps++;
      if (isForgery) forgery++;
      else if (!this.#isExcused(member, at)) slow++;
    }
    if (isGuilty({ forgery, slow, served: member.used + forgery + slow })) this.#demote(member);
  }

  #demote(member: Member): void {
    const cell = this.#cell;
    if (cell.trust.isLeaf(cell.now, member.peer)) return;
    this.demotions++;
    cell.trust.demote(cell.now, member.peer);
    cell.recovering.add(member);
    fitToCapacity(cell, member);
  }
}
