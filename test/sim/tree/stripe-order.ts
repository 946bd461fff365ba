/** One stripe's tree as columns in the order in which a piece comes by: parents first, biggest subtree first. */

import { RELAY } from './cell-plan.js';

/** A viewer that is not there has this as its source. */
export const ABSENT = -1;

/** The order of one stripe, made anew whenever a source in it has changed. */
export class StripeOrder {
  /** How many viewers the tree holds. */
  length = 0;
  /** Links from the relay to its viewers, summed up, and of the deepest. */
  hops = 0;
  hopsMax = 0;
  /** Viewers in order. */
  readonly viewers: Int32Array;
  /** The parent of each, as a viewer; -1 for the relay. */
  readonly parents: Int32Array;
  /** By viewer: how many children it has. */
  readonly childCount: Int32Array;
  readonly #weight: Int32Array;
  readonly #depth: Int32Array;
  /** Lists of children: by peer, and by viewer. */
  readonly #firstChild: Int32Array;
  readonly #nextSibling: Int32Array;

  constructor(count: number) {
    this.viewers = new Int32Array(count);
    this.parents = new Int32Array(count);
    this.childCount = new Int32Array(count);
    this.#weight = new Int32Array(count);
    this.#depth = new Int32Array(count);
    this.#firstChild = new Int32Array(count + 1);
    this.#nextSibling = new Int32Array(count);
  }

  /** Viewers below and including `viewer`. */
  weightOf(viewer: number): number {
    return this.#weight[viewer] ?? 0;
  }

  /** Orders the tree that `sources` (peer by viewer, from `offset`) describes. What hangs on nothing is left out. */
  rebuild(sources: Int32Array, offset: number): void {
    const count = this.viewers.length;
    this.#firstChild.fill(-1);
    this.childCount.fill(0);
    this.#weight.fill(1);
    for (let viewer = count - 1; viewer >= 0; viewer--) {
      const source = sources[offset + viewer] ?? ABSENT;
      if (source === ABSENT) continue;
      this.#nextSibling[viewer] = this.#firstChild[source] ?? -1;
      this.#firstChild[source] = viewer;
      if (source !== RELAY) this.childCount[source - 1] = (this.childCount[source - 1] ?? 0) + 1;
    }
    this.#walk();
    this.#weigh();
    this.#sortChildren();
    this.#walk();
    this.#measure();
  }

  #walk(): void {
    let end = this.#append(RELAY, 0);
    for (let index = 0; index < end; index++) end = this.#append((this.viewers[index] ?? 0) + 1, end);
    this.length = end;
  }

  #append(peer: number, at: number): number {
    let end = at;
    for (let child = this.#firstChild[peer] ?? -1; child >= 0; child = this.#nextSibling[child] ?? -1) {
      this.viewers[end] = child;
      this.parents[end] = peer - 1;
      end++;
    }
    return end;
  }

  #measure(): void {
    this.hops = 0;
    this.hopsMax = 0;
    for (let index = 0; index < this.length; index++) {
      const parent = this.parents[index] ?? -1;
      const depth = parent < 0 ? 1 : (this.#depth[parent] ?? 0) + 1;
      this.#depth[this.viewers[index] ?? 0] = depth;
      this.hops += depth;
      if (depth > this.hopsMax) this.hopsMax = depth;
    }
  }

  #weigh(): void {
    for (let index = this.length - 1; index >= 0; index--) {
      const parent = this.parents[index] ?? -1;
      if (parent < 0) continue;
      const weight = this.#weight[this.viewers[index] ?? 0] ?? 1;
      this.#weight[parent] = (this.#weight[parent] ?? 1) + weight;
    }
  }

  /** Rewrites the lists of children. Siblings lie side by side in the order just walked. */
  #sortChildren(): void {
    let from = 0;
    while (from < this.length) {
      const parent = this.parents[from] ?? -1;
      let to = from + 1;
      while (to < this.length && this.parents[to] === parent) to++;
      this.#relink(parent + 1, this.viewers.subarray(from, to));
      from = to;
    }
  }

  #relink(peer: number, children: Int32Array): void {
    // Leaves of equal weight keep their order; the sort is only paid for where there is something to sort.
    if (children.length > 1) children.sort((a, b) => this.weightOf(b) - this.weightOf(a) || a - b);
    let previous = -1;
    for (const child of children) {
      if (previous < 0) this.#firstChild[peer] = child;
      else this.#nextSibling[previous] = child;
      previous = child;
    }
    if (previous >= 0) this.#nextSibling[previous] = -1;
  }
}
