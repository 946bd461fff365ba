import { describe, expect, it } from 'vitest';
import {
  CellPlanner,
  type KeptEdge,
  PlanLimits,
  RELAY,
  type ReportKind,
} from '../../../../proto/src/plan/index.js';
import { Prng } from '../../../../proto/src/prng.js';
import { monoMs } from '../../../../proto/src/time.js';
import { ToldTables } from './told-tables.js';

const STRIPES = 4;

/** A planner with a clock. */
class Rig {
  readonly planner: CellPlanner;
  readonly tables: ToldTables;
  now = 0;

  constructor(stripeCount = STRIPES, headsMax = 4) {
    const prng = new Prng('rig');
    this.planner = new CellPlanner({ stripeCount, stripeBps: 1e6, headsMax, prng });
    this.tables = new ToldTables(this.planner, stripeCount);
  }

  join(peer: number, uplinkMbps: number, kept: readonly KeptEdge[] = [], rttMs = 30): void {
    const profile = { uplinkBps: uplinkMbps * 1e6, linksMax: 16, rttMs, network: '' };
    this.planner.join(monoMs(this.now), peer, profile, kept);
    this.tables.joined(peer);
    this.tables.drain();
  }

  leave(peer: number): void {
    this.planner.leave(monoMs(this.now), peer);
    this.tables.left(peer);
    this.tables.drain();
  }

  report(reporter: number, accused: number, why: ReportKind): void {
    this.planner.report(monoMs(this.now), reporter, accused, why);
    this.tables.drain();
  }

  moved(peer: number, stripe: number, parent: number): void {
    this.planner.moved(monoMs(this.now), peer, stripe, parent);
    this.tables.drain();
  }

  run(ms: number): void {
    for (const end = this.now + ms; this.now < end; ) {
      this.now += 100;
      this.planner.tick(monoMs(this.now));
      this.tables.drain();
    }
  }

  /** The stripe in which the viewer has most children. */
  homeOf(peer: number): number {
    const counts = Array.from(
      { length: STRIPES },
      (_, stripe) => this.planner.childrenOf(peer, stripe).length,
    );
    return counts.indexOf(Math.max(...counts));
  }

  parents(peer: number): number[] {
    return Array.from({ length: STRIPES }, (_, stripe) => this.planner.parentOf(peer, stripe) ?? -1);
  }
}

/** `count` viewers, of which every third only receives, settled. */
function settledCell(count: number): Rig {
  const rig = new Rig();
  for (let peer = 1; peer <= count; peer++) rig.join(peer, peer % 3 === 0 ? 0 : 4 + (peer % 5) * 6);
  rig.run(60_000);
  return rig;
}

/** A viewer with at least that many children in its home stripe, at least so deep in that tree. */
function parentIn(
  rig: Rig,
  childCount: number,
  depthMin = 1,
): { peer: number; stripe: number; children: readonly number[] } {
  for (const peer of rig.planner.peers) {
    const stripe = rig.homeOf(peer);
    const children = rig.planner.childrenOf(peer, stripe);
    if (children.length >= childCount && (rig.planner.depthOf(peer, stripe) ?? 0) >= depthMin)
      return { peer, stripe, children };
  }
  throw new Error('nobody has so many children');
}

describe('a cell at rest', () => {
  const rig = settledCell(150);

  it('needs no guests', () => expect(rig.planner.guests).toBe(0));

  it('has shallow trees', () => {
    for (const row of rig.planner.quality().depths) expect(row.length - 1).toBeLessThanOrEqual(3);
  });

  it('gives everybody different parents and two standbys', () => {
    expect(rig.planner.quality()).toMatchObject({ distinctParents: 1, withTwoStandbys: 1 });
  });

  // Where one stripe's own viewers cannot carry it, one of another stripe helps out.
  it('has nearly everybody interior in one stripe at most', () =>
    expect(rig.planner.quality().interiorInSeveral).toBeLessThanOrEqual(1));

  it('gives those that only receive no children and no place at the root', () => {
    for (let peer = 3; peer <= 150; peer += 3) {
      expect(rig.planner.loadOf(peer)).toEqual({ used: 0, slots: 0, slotsHard: 0 });
      expect(rig.parents(peer)).not.toContain(RELAY);
    }
  });

  it('stops changing, and asks to be woken less often', () => {
    const still = settledCell(150);
    still.run(240_000);
    const { moves } = still.planner.stats;
    still.run(60_000);
    expect(still.planner.stats.moves - moves).toBeLessThanOrEqual(6);
    expect(Number(still.planner.nextTimeout()) - still.now).toBeGreaterThan(PlanLimits.TICK_MS);
  });

  it('never changes more edges in a tick than it may', () => {
    const busy = new Rig();
    for (let peer = 1; peer <= 300; peer++) busy.join(peer, peer % 3 === 0 ? 0 : 4 + (peer % 5) * 6);
    for (let i = 0; i < 200; i++) {
      const { moves } = busy.planner.stats;
      busy.run(100);
      const most = PlanLimits.GUESTS_PER_TICK + PlanLimits.MOVES_PER_TICK;
      expect(busy.planner.stats.moves - moves).toBeLessThanOrEqual(most);
    }
  });
});

describe('the root', () => {
  it('is for the first that come while the cell is young', () => {
    const rig = new Rig();
    for (let peer = 1; peer <= 4; peer++) rig.join(peer, 20);
    const homes = [1, 2, 3, 4].map((peer) =>
      [0, 1, 2, 3].filter((stripe) => rig.planner.isHead(peer, stripe)),
    );
    expect(homes.flat().sort()).toEqual([0, 1, 2, 3]);
  });

  it('is not for newcomers once there are others', () => {
    const rig = new Rig(1, 2);
    rig.join(1, 20);
    rig.run(20_000);
    rig.join(2, 90);
    rig.run(1_000);
    expect(rig.planner.isHead(2, 0)).toBe(false);
    rig.run(10_000);
    expect(rig.planner.isHead(2, 0)).toBe(true);
  });

  it('is taken over by the strong from the weak, who become their children', () => {
    const rig = new Rig(1, 1);
    rig.join(1, 2.4);
    for (let peer = 2; peer <= 9; peer++) rig.join(peer, peer === 5 ? 90 : 2.4);
    rig.run(30_000);
    expect(rig.planner.isHead(5, 0)).toBe(true);
    expect(rig.planner.parentOf(1, 0)).toBe(5);
  });
});

describe('a viewer that leaves', () => {
  it('leaves its place to the strongest of its children, and all find parents', () => {
    const rig = new Rig(1, 1);
    rig.join(1, 90);
    for (let peer = 2; peer <= 12; peer++) rig.join(peer, peer === 7 ? 40 : 0);
    rig.leave(1);
    expect(rig.planner.isHead(7, 0)).toBe(true);
    expect(rig.planner.childrenOf(7, 0)).toHaveLength(10);
    rig.tables.check();
  });

  it('costs a bounded number of steps for each of its edges, whatever the size of the cell', () => {
    const stepsIn = (count: number): number => {
      const rig = settledCell(count);
      let edges = 0;
      const { steps } = rig.planner.stats;
      for (let i = 0; i < 15; i++) {
        const { peer, children } = parentIn(rig, 3);
        edges += STRIPES + children.length;
        rig.leave(peer);
      }
      return (rig.planner.stats.steps - steps) / edges;
    };
    for (const count of [200, 800]) expect(stepsIn(count)).toBeLessThan(6 * PlanLimits.CANDIDATES_MAX);
  });
});

describe('a report', () => {
  it('of a pair that cannot connect parts it for minutes, though there is nobody else, and not for ever', () => {
    const rig = new Rig(1, 1);
    rig.join(1, 20);
    rig.join(2, 0);
    expect(rig.planner.parentOf(2, 0)).toBe(1);
    rig.report(2, 1, 'unreachable');
    rig.run(PlanLimits.UNREACHABLE_MS - 5_000);
    expect(rig.planner.parentOf(2, 0)).toBe(RELAY);
    rig.run(10_000);
    expect(rig.planner.parentOf(2, 0)).toBe(1);
  });

  it('of a forgery parts the pair, and a share of the children as accusers make a leaf, for a time', () => {
    const rig = settledCell(60);
    const { peer, children } = parentIn(rig, 3);
    rig.report(children[0] ?? 0, peer, 'forged');
    expect(rig.parents(children[0] ?? 0)).not.toContain(peer);
    expect(rig.planner.loadOf(peer)?.slots).toBeGreaterThan(0);
    rig.report(children[1] ?? 0, peer, 'forged');
    // Two of ten may be liars.
    expect(rig.planner.loadOf(peer)?.slots).toBeGreaterThan(0);
    for (const child of children.slice(2, 5)) rig.report(child, peer, 'forged');
    expect(rig.planner.loadOf(peer)).toMatchObject({ used: 0, slots: 0 });
    rig.run(PlanLimits.DEMOTION_MS + 1_000);
    expect(rig.planner.loadOf(peer)?.slots).toBeGreaterThan(0);
  });

  it('is remembered of a viewer that comes back', () => {
    const rig = settledCell(60);
    const { peer, children } = parentIn(rig, 3);
    for (const child of children.slice(0, 5)) rig.report(child, peer, 'forged');
    rig.leave(peer);
    rig.join(peer, 50);
    expect(rig.planner.loadOf(peer)?.slots).toBe(0);
    rig.run(PlanLimits.DEMOTION_MS + 1_000);
    expect(rig.planner.loadOf(peer)?.slots).toBeGreaterThan(0);
  });

  it('of slowness makes a leaf when a share of the children agree', () => {
    const rig = settledCell(60);
    const { peer, children } = parentIn(rig, 3);
    rig.now += PlanLimits.EXCUSE_MS;
    for (const child of children) rig.report(child, peer, 'late');
    rig.run(1_000);
    expect(rig.planner.loadOf(peer)?.slots).toBe(0);
  });

  it('of slowness is not held against one whose own parent failed', () => {
    const rig = settledCell(150);
    const { peer, stripe, children } = parentIn(rig, 3, 2);
    const above = rig.planner.parentOf(peer, stripe) ?? 0;
    rig.now += PlanLimits.EXCUSE_GAP_MS;
    for (const child of children) rig.report(child, peer, 'silent');
    rig.now += 100;
    rig.report(peer, above, 'silent');
    rig.run(2_000);
    expect(rig.planner.loadOf(peer)?.slots).toBeGreaterThan(0);
  });

  it('of slowness does not part a pair just after the plan moved the parent', () => {
    const rig = new Rig(1, 1);
    rig.join(1, 40);
    rig.join(2, 20);
    rig.run(20_000);
    for (let peer = 3; peer <= 40; peer++) rig.join(peer, 0);
    const child = rig.planner.childrenOf(2, 0)[0] ?? 0;
    rig.leave(1);
    rig.now += 100;
    rig.report(child, 2, 'silent');
    expect(rig.planner.parentOf(child, 0)).toBe(2);
    rig.now += PlanLimits.EXCUSE_MS;
    rig.report(child, 2, 'silent');
    expect(rig.planner.parentOf(child, 0)).not.toBe(2);
  });

  it('on a stranger is not heard', () => {
    const rig = settledCell(60);
    const { peer, stripe } = parentIn(rig, 3);
    const strangers = rig.planner.peers.filter(
      (each) => each !== peer && !rig.tables.tables.get(peer)?.has(each),
    );
    for (const stranger of strangers.slice(0, 5)) rig.report(stranger, peer, 'forged');
    expect(rig.planner.childrenOf(peer, stripe).length).toBeGreaterThanOrEqual(3);
    expect(rig.planner.loadOf(peer)?.slots).toBeGreaterThan(0);
  });

  it('by one that accuses parent after parent counts no more, and makes itself a leaf', () => {
    const rig = settledCell(60);
    const { peer: liar } = parentIn(rig, 3);
    for (let i = 0; i < 12; i++) {
      const parent = rig.parents(liar).find((other) => other !== RELAY);
      if (parent) rig.report(liar, parent, 'forged');
      rig.run(100);
    }
    expect(rig.planner.loadOf(liar)?.slots).toBe(0);
    const before = rig.parents(liar);
    rig.report(liar, before.find((other) => other !== RELAY) ?? 0, 'forged');
    expect(rig.parents(liar)).toEqual(before);
  });

  it('of overload takes a child away, and the slot comes back', () => {
    const rig = settledCell(60);
    const { peer, stripe, children } = parentIn(rig, 3);
    const full = rig.planner.loadOf(peer)?.slots ?? 0;
    rig.report(peer, children[0] ?? 0, 'overloaded');
    expect(rig.planner.parentOf(children[0] ?? 0, stripe)).not.toBe(peer);
    expect(rig.planner.loadOf(peer)?.slots).toBe(children.length - 1);
    rig.run(PlanLimits.OVERLOAD_RECOVERY_MS * (full + 2));
    expect(rig.planner.loadOf(peer)?.slots).toBe(full);
  });
});

describe('a viewer that moves by itself', () => {
  it('stays with a neighbour that may stand in', () => {
    const rig = settledCell(60);
    const child = 3;
    const standby = [...(rig.tables.tables.get(child)?.values() ?? [])].find((link) => link.standbyMask & 1);
    const parent = standby?.peer ?? 0;
    rig.tables.took(child, 0, parent);
    rig.moved(child, 0, parent);
    expect(rig.planner.parentOf(child, 0)).toBe(parent);
    rig.tables.check();
  });

  it('to one that is no carrier of the stripe gets a parent that is one, after a while', () => {
    const rig = settledCell(60);
    // With children elsewhere it has none here.
    const isElsewhere = (peer: number): boolean =>
      [1, 2, 3].some((stripe) => rig.planner.childrenOf(peer, stripe).length > 0);
    const links = [...(rig.tables.tables.get(3)?.values() ?? [])];
    const standIn = links.find(({ peer, standbyMask }) => standbyMask & 1 && isElsewhere(peer))?.peer ?? 0;
    rig.moved(3, 0, standIn);
    expect(rig.planner.parentOf(3, 0)).toBe(standIn);
    rig.run(PlanLimits.REST_MS - 500);
    expect(rig.planner.parentOf(3, 0)).toBe(standIn);
    rig.run(1_000);
    expect(rig.planner.parentOf(3, 0)).not.toBe(standIn);
    expect(rig.planner.quality().interiorInSeveral).toBe(0);
  });

  it('is sent elsewhere from a stranger', () => {
    const rig = settledCell(60);
    const stranger =
      rig.planner.peers.find((each) => each !== 3 && !rig.tables.tables.get(3)?.has(each)) ?? 0;
    rig.moved(3, 0, stranger);
    expect(rig.planner.parentOf(3, 0)).not.toBe(stranger);
  });

  it('to the relay is its guest until it is moved below a viewer', () => {
    const rig = settledCell(60);
    rig.tables.took(3, 0, RELAY);
    rig.moved(3, 0, RELAY);
    expect(rig.planner.parentOf(3, 0)).toBe(RELAY);
    rig.run(1_000);
    expect(rig.planner.parentOf(3, 0)).not.toBe(RELAY);
  });
});

it('names no neighbour as a standby that is below the viewer', () => {
  const rig = new Rig(1, 1);
  for (let peer = 1; peer <= 8; peer++) rig.join(peer, 20);
  rig.run(200);
  const links = [...(rig.tables.tables.get(1)?.values() ?? [])];
  expect(links.length).toBeGreaterThan(1);
  for (const link of links) expect(link.standbyMask).toBe(0);
});

describe('an edge from an earlier relay', () => {
  it('is adopted when its parent is here', () => {
    const rig = new Rig(1, 1);
    for (let peer = 1; peer <= 6; peer++) rig.join(peer, 20);
    rig.join(9, 0, [{ stripe: 0, parent: 4 }]);
    expect(rig.planner.parentOf(9, 0)).toBe(4);
  });

  it('awaits its parent, whose home it decides', () => {
    const rig = new Rig();
    rig.join(9, 0, [{ stripe: 2, parent: 4 }]);
    expect([...(rig.tables.tables.get(9)?.values() ?? [])].some((link) => link.parentMask & 4)).toBe(false);
    rig.join(4, 20);
    expect(rig.planner.parentOf(9, 2)).toBe(4);
    expect(rig.planner.isHead(4, 2)).toBe(true);
  });

  it('is given up when its parent does not come', () => {
    const rig = new Rig(1, 1);
    rig.join(1, 20);
    rig.join(9, 0, [{ stripe: 0, parent: 4 }]);
    expect(rig.planner.parentOf(9, 0)).toBe(RELAY);
    rig.run(PlanLimits.KEPT_WAIT_MS + 500);
    expect(rig.planner.parentOf(9, 0)).toBe(1);
  });
});

it('sheds the children that a viewer can no longer carry', () => {
  const rig = settledCell(60);
  const { peer } = parentIn(rig, 4);
  const profile = { uplinkBps: 2.3e6, linksMax: 16, rttMs: 30, network: '' };
  rig.planner.update(monoMs(rig.now), peer, profile);
  rig.tables.drain();
  expect(rig.planner.loadOf(peer)?.used).toBeLessThanOrEqual(2);
  rig.planner.update(monoMs(rig.now), peer, { ...profile, uplinkBps: 0 });
  rig.tables.drain();
  expect(rig.planner.loadOf(peer)?.used).toBe(0);
  rig.tables.check();
});
