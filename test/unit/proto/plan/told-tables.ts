/** Viewers as the plan's messages make them: the model against which the planner is checked. */

import { expect } from 'vitest';
import { type CellPlanner, type PlanLink, RELAY } from '../../../../proto/src/plan/index.js';

/** Every viewer's table of neighbours, built from nothing but the messages. */
export class ToldTables {
  readonly tables = new Map<number, Map<number, PlanLink>>();
  readonly #planner: CellPlanner;
  readonly #stripeCount: number;

  constructor(planner: CellPlanner, stripeCount: number) {
    this.#planner = planner;
    this.#stripeCount = stripeCount;
  }

  /** A viewer has come, and knows nobody. */
  joined(peer: number): void {
    if (!this.tables.has(peer)) this.tables.set(peer, new Map());
  }

  /** A viewer has left. */
  left(peer: number): void {
    this.tables.delete(peer);
  }

  /** A viewer took a stripe from another by itself: its own table says so before the plan does. */
  took(peer: number, stripe: number, parent: number): void {
    const table = this.tables.get(peer);
    if (!table) return;
    const bit = 1 << stripe;
    for (const [other, link] of table)
      table.set(other, { ...link, parentMask: (link.parentMask & ~bit) >>> 0 });
    const link = table.get(parent) ?? NOTHING;
    table.set(parent, { ...link, peer: parent, parentMask: (link.parentMask | bit) >>> 0 });
  }

  /** Takes all news; returns how many links were told. */
  drain(): number {
    let told = 0;
    for (let message = this.#planner.poll(); message; message = this.#planner.poll()) {
      const table = this.tables.get(message.peer);
      expect(table, `news for ${message.peer}, who is not here`).toBeDefined();
      for (const link of message.links) {
        told++;
        expect(link.peer).not.toBe(message.peer);
        if ((link.parentMask | link.childMask | link.standbyMask) === 0) table?.delete(link.peer);
        else table?.set(link.peer, link);
      }
    }
    return told;
  }

  /** Checks what everybody was told against the planner's own view, and that view for soundness. */
  check(): void {
    expect(this.#planner.size).toBe(this.tables.size);
    for (const [peer, table] of this.tables) {
      for (let stripe = 0; stripe < this.#stripeCount; stripe++) this.#checkSeat(peer, stripe, table);
      this.#checkLinks(peer, table);
      const load = this.#planner.loadOf(peer);
      expect(load?.used, `load of ${peer}`).toBeLessThanOrEqual(load?.slotsHard ?? 0);
    }
  }

  #checkSeat(peer: number, stripe: number, table: ReadonlyMap<number, PlanLink>): void {
    const bit = 1 << stripe;
    const parent = this.#planner.parentOf(peer, stripe);
    const told = [...table.values()].filter(({ parentMask }) => (parentMask & bit) !== 0);
    expect(told.length, `sources of ${peer} in ${stripe}`).toBeLessThanOrEqual(1);
    expect(told[0]?.peer ?? RELAY).toBe(parent);
    const children = [...table.values()].filter(({ childMask }) => (childMask & bit) !== 0);
    const asTold = children.map((link) => link.peer).sort((a, b) => a - b);
    expect(asTold).toEqual([...this.#planner.childrenOf(peer, stripe)].sort((a, b) => a - b));
    let size = 1;
    for (const child of asTold) {
      expect(this.#planner.parentOf(child, stripe)).toBe(peer);
      size += this.#planner.subtreeSizeOf(child, stripe) ?? 0;
    }
    expect(this.#planner.subtreeSizeOf(peer, stripe)).toBe(size);
    this.#checkRoot(peer, stripe);
  }

  #checkRoot(peer: number, stripe: number): void {
    let depth = 1;
    for (let at = this.#planner.parentOf(peer, stripe); at !== RELAY; depth++) {
      expect(at, `${peer} hangs on nobody in ${stripe}`).toBeDefined();
      expect(depth, `${peer} is in a cycle of ${stripe}`).toBeLessThanOrEqual(this.tables.size);
      at = this.#planner.parentOf(at ?? RELAY, stripe);
    }
    expect(this.#planner.depthOf(peer, stripe)).toBe(depth);
  }

  #checkLinks(peer: number, table: ReadonlyMap<number, PlanLink>): void {
    for (const link of table.values()) {
      if (link.peer === RELAY) continue;
      const back = this.tables.get(link.peer)?.get(peer);
      if (link.parentMask | link.childMask) {
        expect(back?.childMask, `${link.peer} feeds ${peer}`).toBe(link.parentMask);
        expect(back?.parentMask).toBe(link.childMask);
      }
      if (back) expect(back.isOfferer, `offer between ${peer} and ${link.peer}`).toBe(!link.isOfferer);
      expect(link.standbyMask & link.parentMask).toBe(0);
      this.#checkWeight(link);
    }
  }

  #checkWeight(link: PlanLink): void {
    let largest = 0;
    for (let stripe = 0; stripe < this.#stripeCount; stripe++)
      if (link.childMask & (1 << stripe))
        largest = Math.max(largest, this.#planner.subtreeSizeOf(link.peer, stripe) ?? 0);
    expect(link.weight, 'the weight told is right by a factor of two').toBeLessThan(Math.max(1, 2 * largest));
    expect(2 * link.weight).toBeGreaterThan(largest - 1);
  }
}

const NOTHING: PlanLink = {
  peer: RELAY,
  parentMask: 0,
  childMask: 0,
  standbyMask: 0,
  weight: 0,
  isOfferer: false,
};
