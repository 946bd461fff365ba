import { describe, expect, it } from 'vitest';
import { CellPlanner, RELAY, type ReportKind, type ViewerProfile } from '../../../../proto/src/plan/index.js';
import { Prng } from '../../../../proto/src/prng.js';
import { monoMs } from '../../../../proto/src/time.js';
import { ToldTables } from './told-tables.js';

const KINDS: readonly ReportKind[] = ['unreachable', 'silent', 'late', 'forged', 'overloaded'];

const profileOf = (prng: Prng): ViewerProfile => ({
  uplinkBps:
    prng.next() < 0.3 ? 0 : ([0.7, 3.5, 10.5, 28, 70][prng.below(5)] ?? 0) * 1e6 * (0.8 + prng.next() / 5),
  linksMax: prng.next() < 0.1 ? prng.below(6) : 16,
  rttMs: 5 + prng.below(150),
  network: prng.next() < 0.2 ? '' : `n${prng.below(8)}`,
});

/** Random operations on one planner, and the tables that its messages make. */
class Storm {
  readonly planner: CellPlanner;
  readonly tables: ToldTables;
  readonly #prng: Prng;
  readonly #stripeCount: number;
  readonly #sizeMax: number;
  readonly #here: number[] = [];
  #now = 1_000;
  #nextPeer = 1;

  constructor(seed: string, stripeCount: number, sizeMax: number, headsMax: number) {
    this.#prng = new Prng(seed);
    this.#stripeCount = stripeCount;
    this.#sizeMax = sizeMax;
    const prng = this.#prng.fork('planner');
    this.planner = new CellPlanner({ stripeCount, stripeBps: 4e6 / stripeCount, headsMax, prng });
    this.tables = new ToldTables(this.planner, stripeCount);
  }

  step(): void {
    const prng = this.#prng;
    this.#now += prng.below(120);
    const lot = prng.next();
    const isGrowing = this.#here.length < this.#sizeMax;
    if (lot < (isGrowing ? 0.35 : 0.1)) this.#join();
    else if (lot < 0.45) this.#leave();
    else if (lot < 0.55) this.planner.update(monoMs(this.#now), this.#any(), profileOf(prng));
    else if (lot < 0.68) this.#report();
    else if (lot < 0.78) this.#move();
    else if (lot < 0.785) for (let i = 0; i < this.#sizeMax * 0.3; i++) this.#leave();
    else this.planner.tick(monoMs(this.#now));
    // Mostly at once; sometimes several operations are told together.
    if (prng.next() < 0.7) this.tables.drain();
  }

  #any(): number {
    return this.#here[this.#prng.below(Math.max(1, this.#here.length))] ?? 999_999;
  }

  #join(): void {
    // Some come back under the name that they had.
    const peer = this.#prng.next() < 0.2 ? 1 + this.#prng.below(this.#nextPeer) : this.#nextPeer++;
    this.#nextPeer = Math.max(this.#nextPeer, peer + 1);
    const kept = [];
    if (this.#prng.next() < 0.3)
      for (let stripe = 0; stripe <= this.#stripeCount; stripe++)
        kept.push({ stripe, parent: this.#prng.below(this.#nextPeer + 20) });
    if (this.tables.tables.has(peer)) return;
    this.planner.join(monoMs(this.#now), peer, profileOf(this.#prng), kept);
    this.tables.joined(peer);
    this.#here.push(peer);
  }

  #leave(): void {
    const peer = this.#any();
    if (!this.tables.tables.has(peer)) return;
    this.planner.leave(monoMs(this.#now), peer);
    this.tables.left(peer);
    this.#here.splice(this.#here.indexOf(peer), 1);
  }

  #report(): void {
    const peer = this.#any();
    const links = [...(this.tables.tables.get(peer)?.keys() ?? [])];
    const accused =
      this.#prng.next() < 0.1 ? this.#any() : (links[this.#prng.below(links.length + 1)] ?? peer);
    const kind = KINDS[this.#prng.below(KINDS.length)] ?? 'late';
    this.planner.report(monoMs(this.#now), peer, accused, kind);
  }

  #move(): void {
    // What the viewer acts on is what it has been told, so its table must be up to date here.
    this.tables.drain();
    const peer = this.#any();
    const table = this.tables.tables.get(peer);
    if (!table) return;
    const stripe = this.#prng.below(this.#stripeCount);
    const standbys = [...table.values()].filter(({ standbyMask }) => standbyMask & (1 << stripe));
    const lot = this.#prng.next();
    const parent = lot < 0.3 ? RELAY : lot < 0.4 ? this.#any() : standbys[0]?.peer;
    if (parent === undefined || parent === peer) return;
    // A stranger is asked for too: no viewer may choose whom it hangs on.
    if (parent === RELAY || table.has(parent)) this.tables.took(peer, stripe, parent);
    this.planner.moved(monoMs(this.#now), peer, stripe, parent);
  }
}

describe('the planner under random joins, leaves, updates, reports, moves and ticks', () => {
  it.each([
    ['a', 4, 60, 4],
    ['b', 4, 150, 8],
    ['c', 1, 80, 4],
    ['d', 8, 60, 2],
    ['e', 2, 12, 1],
    ['f', 32, 10, 2],
  ] as const)(
    'keeps trees and tables sound (seed %s, %i stripes, %i viewers)',
    (seed, stripes, size, heads) => {
      const storm = new Storm(seed, stripes, size, heads);
      for (let i = 0; i < 1_200; i++) {
        storm.step();
        if (i % 120 === 0) {
          storm.tables.drain();
          storm.tables.check();
        }
      }
      storm.tables.drain();
      storm.tables.check();
      expect(storm.planner.stats.moves).toBeGreaterThan(150);
      expect(storm.planner.stats.demotions).toBeGreaterThan(0);
    },
  );

  it('is the same for the same seed', () => {
    const runOf = (): string => {
      const storm = new Storm('same', 4, 50, 4);
      for (let i = 0; i < 800; i++) storm.step();
      storm.tables.drain();
      return JSON.stringify([...storm.tables.tables].map(([peer, table]) => [peer, [...table]]));
    };
    expect(runOf()).toBe(runOf());
  });
});
