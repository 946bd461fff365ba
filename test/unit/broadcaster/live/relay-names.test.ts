import { ITEM_RELAYS_MAX, Limits } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import {
  CATALOG_RELAYS_MS,
  ITEM_RELAYS_MS,
  RelayNames,
} from '../../../../broadcaster/src/live/relay-names.js';

const OWN = 'https://live.example';
const A = 'https://a.example';
const B = 'https://b.example';
const AT_HOME = 'http://192.168.1.7:8080';

class Rig {
  nowMs = 0;
  below: readonly string[] = [];
  readonly catalog: (readonly string[])[] = [];
  readonly item: (readonly string[])[] = [];
  readonly #names: RelayNames;

  constructor(own?: string, isPrivateAllowed = false) {
    this.#names = new RelayNames({
      own,
      isPrivateAllowed,
      below: () => this.below,
      nameInCatalog: (relays) => this.catalog.push(relays),
      nameInItem: (relays) => this.item.push(relays),
      now: () => this.nowMs,
    });
  }

  see(...below: readonly string[]): void {
    this.below = below;
    this.#names.tick();
  }

  pass(ms: number): void {
    for (const untilMs = this.nowMs + ms; this.nowMs < untilMs; ) {
      this.nowMs += 1_000;
      this.#names.tick();
    }
  }
}

describe('the relays that a broadcaster names', () => {
  it('are its own first, then those below', () => {
    const rig = new Rig(OWN);
    rig.see(A, B);
    expect(rig.catalog).toEqual([[OWN, A, B]]);
    expect(rig.item).toEqual([[OWN, A, B]]);
  });

  it('are those below alone when nobody reaches its own', () => {
    const rig = new Rig();
    rig.see();
    expect([rig.catalog, rig.item]).toEqual([[], []]);
    rig.see(A);
    expect([rig.catalog, rig.item]).toEqual([[[A]], [[A]]]);
    rig.see();
    rig.pass(ITEM_RELAYS_MS);
    expect([rig.catalog, rig.item]).toEqual([
      [[A], []],
      [[A], []],
    ]);
  });

  it('are said anew when others are there, not when they change places, and not too often', () => {
    const rig = new Rig(OWN);
    rig.see(A);
    rig.see(B);
    rig.pass(CATALOG_RELAYS_MS);
    expect(rig.catalog).toEqual([
      [OWN, A],
      [OWN, B],
    ]);
    expect(rig.item).toHaveLength(1);
    rig.see(A, B);
    rig.pass(ITEM_RELAYS_MS);
    rig.see(B, A);
    rig.pass(2 * ITEM_RELAYS_MS);
    expect(rig.catalog).toHaveLength(3);
    expect(rig.item).toEqual([
      [OWN, A],
      [OWN, A, B],
    ]);
  });

  it('at private addresses are named to a house of its own alone, and in no public DHT', () => {
    const house = new Rig();
    house.see(AT_HOME);
    expect([house.catalog, house.item]).toEqual([[[AT_HOME]], []]);
    const mixed = new Rig();
    mixed.see(AT_HOME, A);
    expect([mixed.catalog, mixed.item]).toEqual([[[A]], [[A]]]);
    const open = new Rig(OWN);
    open.see(AT_HOME);
    expect([open.catalog, open.item]).toEqual([[[OWN]], [[OWN]]]);
    const ownDht = new Rig(undefined, true);
    ownDht.see(AT_HOME);
    expect(ownDht.item).toEqual([[AT_HOME]]);
  });

  it('are no more than catalog and item take', () => {
    const rig = new Rig(OWN);
    rig.see(...Array.from({ length: 40 }, (_, index) => `https://r${index}.example`));
    expect(rig.catalog[0]).toHaveLength(Limits.CATALOG_RELAYS_MAX);
    expect(rig.item[0]).toHaveLength(ITEM_RELAYS_MAX);
  });
});
