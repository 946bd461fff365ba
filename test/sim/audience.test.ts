/** The audience as the publisher hears of it, over a tree of relays. */

import {
  createAudience,
  createCell,
  decodeControl,
  encodeControl,
  encodeSummary,
  Limits,
  type Summary,
} from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { FULL_SUMMARY } from '../unit/proto/audience/summaries.js';
import { Stage } from './scenarios/scenario.js';
import type { NodeOptions, SimNode, Tamper } from './sim-node.js';

const START_MS = 1_000;
const counting = { audience: { create: createAudience } };

/** A publisher with three relays, the third below the first; the first two know each other's parent. */
class Rig {
  readonly stage: Stage;
  readonly publisher: SimNode;
  joins = 0;
  leaves = 0;
  #present = new Set<string>();

  constructor(seed: string, third: Partial<NodeOptions> = {}) {
    this.stage = new Stage({ seed, viewers: 0, publisher: counting });
    this.publisher = this.stage.world.node('publisher');
    const cell = { create: createCell, headsMax: 8, stunPort: 0 };
    this.stage.addRelay('relay-0', ['publisher'], { ...counting, cell });
    this.stage.addRelay('relay-1', ['publisher'], counting);
    this.stage.addRelay('relay-2', ['relay-0', 'relay-1'], { ...counting, ...third });
    this.stage.source.begin();
    this.run(START_MS);
  }

  /** Time passes; players tell how they play, every tenth at a standstill. */
  run(ms: number): void {
    const { world } = this.stage;
    const until = world.clock.now + ms;
    while (world.clock.now < until) {
      world.runUntil(Math.min(until, world.clock.now + 500));
      for (const name of this.#present)
        world.node(name).handle({
          kind: 'playing',
          latencyMs: 345,
          stallCount: 0,
          stallMs: name.endsWith('0') ? world.clock.now / 2 : 0,
        });
      const taken = this.publisher.session.takeAudience(this.publisher.now());
      this.joins += taken?.joins ?? 0;
      this.leaves += taken?.leaves ?? 0;
    }
  }

  join(from: number, count: number): void {
    for (let index = from; index < from + count; index++) {
      this.stage.addViewer(`viewer-${index}`, [`relay-${index % 3}`]);
      this.#present.add(`viewer-${index}`);
    }
  }

  leave(count: number): void {
    for (const name of [...this.#present].slice(0, count)) {
      this.#present.delete(name);
      this.stage.world.removeViewer(name, this.#present.size % 2 === 0 ? 'leaves' : 'vanishes');
    }
  }

  get present(): number {
    return this.#present.size;
  }

  take(): Summary {
    const taken = this.publisher.session.takeAudience(this.publisher.now());
    if (!taken) throw new Error('the publisher counts nobody');
    return taken;
  }

  /** The newest sample of the tree, which is there every two seconds. */
  takeTree(): NonNullable<Summary['tree']> {
    this.stage.world.runUntil(this.stage.world.clock.now + Limits.TOPOLOGY_MS + 1_000);
    const { tree } = this.take();
    if (!tree) throw new Error('no tree');
    return tree;
  }
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

describe('the audience that a publisher hears of', () => {
  it('is the truth once relays have told, through coming and going', () => {
    const rig = new Rig('audience');
    rig.join(0, 60);
    rig.run(8_000);
    rig.leave(25);
    rig.join(60, 15);
    rig.run(14_000);
    const { viewers, relays, latency, stalls, renditions, rows } = rig.take();
    expect(viewers).toBe(rig.present);
    expect(relays).toBe(4);
    expect([rig.joins, rig.joins - rig.leaves]).toEqual([75, rig.present]);
    expect(sum(latency)).toBe(rig.present);
    expect(latency[4]).toBe(rig.present);
    expect(sum(stalls)).toBe(rig.present);
    expect(rig.present - (stalls[0] ?? 0)).toBeGreaterThan(0);
    expect([...renditions.values()]).toEqual([rig.present]);
    expect(rows.map(({ depth }) => depth)).toEqual([0, 1, 1, 2]);
    expect(sum(rows.map((row) => row.viewers))).toBe(rig.present);
    const { nodes } = rig.takeTree();
    expect(nodes).toHaveLength(rig.present + 4);
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(nodes.length);
    for (const [index, { parents }] of nodes.entries())
      if (index > 0) expect(parents.every((parent) => parent >= 1 && parent <= nodes.length)).toBe(true);
  }, 60_000);

  it('counts a relay once that has gone over to its second parent, and nobody below one that is gone', () => {
    const rig = new Rig('second parent');
    rig.join(0, 30);
    rig.run(6_000);
    rig.stage.world.node('relay-0').crash();
    rig.run(12_000);
    const up = rig.take();
    // Those of the crashed relay are gone; those of the third came along with it.
    expect(up.viewers).toBe(20);
    expect(up.relays).toBe(3);
    rig.stage.world.node('relay-2').crash();
    rig.run(8_000);
    expect(rig.take().viewers).toBe(10);
  }, 60_000);

  it('holds what a lying relay claims within its bounds, and forgets it with the relay', () => {
    const lie = encodeControl({ kind: 'summary', body: encodeSummary(FULL_SUMMARY) });
    let isLying = true;
    const tamper: Tamper = (bytes) => (isLying && decodeControl(bytes)?.kind === 'summary' ? [lie] : [bytes]);
    const rig = new Rig('liar', { tamper });
    rig.join(0, 9);
    rig.run(5_000);
    const { viewers, relays, egressBps, latency } = rig.take();
    expect(relays).toBe(Limits.RELAYS_BELOW_MAX + 2);
    expect(viewers).toBeLessThanOrEqual(Limits.RELAYS_BELOW_MAX * Limits.RELAY_VIEWERS_MAX + rig.present);
    expect(egressBps).toBeLessThan(1e17);
    expect(sum(latency)).toBeLessThanOrEqual(viewers);
    expect(rig.takeTree().nodes.length).toBeLessThanOrEqual(Limits.TOPOLOGY_NODES_MAX);
    isLying = false;
    rig.stage.world.node('relay-2').crash();
    rig.run(8_000);
    expect(rig.take().viewers).toBe(6);
  }, 60_000);
});
