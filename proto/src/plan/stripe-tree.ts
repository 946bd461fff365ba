/** The tree of one stripe: who feeds whom. */

import { assert } from '../assert.js';
import { DEPTH_MAX } from './limits.js';
import { type Member, type Seat, takeOut } from './member.js';
import { Rows } from './rows.js';

/** Counts elementary steps. */
export type Work = { steps: number };

/** What a tree tells the link tables. */
export interface EdgeWatch {
  /** The stripe's edge between the two begins or ends. */
  edge(parent: Member, child: Member, stripe: number, isOn: boolean): void;
  /** The relay begins or ceases to feed the viewer. */
  relayEdge(child: Member): void;
  /** The subtree of the seat has another size by a factor of two than its parent was told. */
  weight(seat: Seat): void;
}

/** A place as seen from the root. */
export type Place = {
  /** Edges from the relay. */
  readonly level: number;
  /** Estimated delay of a piece from the relay. */
  readonly delayMs: number;
};

/**
 * One tree with the relay as its root. Subtree sizes are kept along the path to the root only, so that an edge is
 * changed in O(depth).
 */
export class StripeTree {
  readonly stripe: number;
  readonly heads: Seat[] = [];
  readonly guests: Seat[] = [];
  readonly rows: Rows = new Rows();
  /** Slots of the viewers whose home this stripe is. */
  capacity = 0;
  readonly #watch: EdgeWatch;
  readonly #work: Work;

  constructor(stripe: number, watch: EdgeWatch, work: Work) {
    this.stripe = stripe;
    this.#watch = watch;
    this.#work = work;
  }

  /** Another viewer feeds the seat from now on. It must not be below the seat. */
  toViewer(seat: Seat, parent: Seat): void {
    assert(parent !== seat && parent.stripe === this.stripe, 'a parent is another viewer of the same tree');
    this.#release(seat);
    seat.feed = 'viewer';
    seat.parent = parent;
    seat.slot = parent.children.push(seat) - 1;
    seat.level = parent.level + 1;
    parent.member.used++;
    this.#grow(parent, seat.size);
    this.#watch.edge(parent.member, seat.member, this.stripe, true);
    this.rows.review(seat);
  }

  /** The relay feeds the seat from now on. */
  toRelay(seat: Seat, feed: 'head' | 'guest'): void {
    this.#release(seat);
    const list = feed === 'head' ? this.heads : this.guests;
    seat.feed = feed;
    seat.slot = list.push(seat) - 1;
    seat.level = 1;
    this.#watch.relayEdge(seat.member);
    this.rows.review(seat);
  }

  /** Takes out a seat that has no children. */
  remove(seat: Seat): void {
    assert(seat.children.length === 0, 'a seat is taken out after its children');
    this.#release(seat);
    this.rows.remove(seat);
  }

  /** Whether `seat` is `top` or below it. O(depth). */
  isWithin(seat: Seat, top: Seat): boolean {
    for (let at: Seat | undefined = seat; at; at = at.parent) {
      this.#work.steps++;
      if (at === top) return true;
    }
    return false;
  }

  /** The seat's true level, and the estimated delay to it. O(depth). */
  placeOf(seat: Seat): Place {
    let level = 1;
    let at = seat;
    let delayMs = 0;
    for (; at.parent; at = at.parent) {
      this.#work.steps++;
      const parent = at.parent.member;
      delayMs += parent.hopMs + parent.pieceMs * parent.used + at.member.hopMs;
      level++;
    }
    this.rows.relevel(seat, level);
    return { level, delayMs: delayMs + at.member.hopMs };
  }

  #release(seat: Seat): void {
    if (seat.slot < 0) return;
    const { parent } = seat;
    const list = parent ? parent.children : seat.feed === 'head' ? this.heads : this.guests;
    const moved = takeOut(list, seat.slot);
    if (moved) moved.slot = seat.slot;
    seat.slot = -1;
    seat.parent = undefined;
    seat.weightTold = 0;
    if (!parent) return this.#watch.relayEdge(seat.member);
    parent.member.used--;
    this.#grow(parent, -seat.size);
    this.#watch.edge(parent.member, seat.member, this.stripe, false);
  }

  #grow(from: Seat, delta: number): void {
    let steps = 0;
    for (let at: Seat | undefined = from; at; at = at.parent) {
      at.size += delta;
      steps++;
      const told = at.weightTold;
      if (told > 0 && (at.size >= 2 * told || 2 * at.size <= told)) this.#watch.weight(at);
    }
    this.#work.steps += steps;
  }
}

/** The deepest level on which a seat may still have children. */
export const PARENT_LEVEL_MAX: number = DEPTH_MAX - 1;
