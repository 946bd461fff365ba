import { describe, expect, it } from 'vitest';
import type { OriginRefusal } from '../../../../relay-node/src/tree/ask-origin.js';
import {
  AGAIN_MS_MAX,
  AGAIN_MS_MIN,
  CLAIMS_MAX,
  CLAIMS_PER_NETWORK_MAX,
  OriginProver,
} from '../../../../relay-node/src/tree/origin-prover.js';

type Verdict = 'proven' | OriginRefusal;

/** A prover whose questions are answered by hand. */
class Rig {
  nowMs = 0;
  readonly asked: string[] = [];
  readonly proven: number[] = [];
  readonly #answers: ((verdict: Verdict) => void)[] = [];
  readonly prover = new OriginProver({
    ask: ({ origin }) => {
      this.asked.push(origin);
      return new Promise((resolve) => this.#answers.push(resolve));
    },
    now: () => this.nowMs,
  });

  claim(link: number, network = `network ${link}`): void {
    const claim = { origin: `https://r${link}.example`, token: 'token', from: '203.0.113.7', network };
    this.prover.add(link, { ...claim, onProven: () => this.proven.push(link) });
  }

  async answer(verdict: Verdict): Promise<void> {
    this.#answers.shift()?.(verdict);
    await Promise.resolve();
    await Promise.resolve();
  }

  pass(ms: number): void {
    this.nowMs += ms;
    this.prover.tick();
  }
}

describe('claimed origins', () => {
  it('are asked one after the other, and proven once', async () => {
    const rig = new Rig();
    rig.claim(1);
    rig.claim(2);
    expect(rig.asked).toEqual(['https://r1.example']);
    await rig.answer('proven');
    expect(rig.asked).toEqual(['https://r1.example', 'https://r2.example']);
    await rig.answer('proven');
    rig.pass(AGAIN_MS_MAX * 2);
    expect(rig.asked).toHaveLength(2);
    expect(rig.proven).toEqual([1, 2]);
  });

  it('that do not answer are asked less and less often, after those that were never asked', async () => {
    const rig = new Rig();
    rig.claim(1);
    await rig.answer('origin-unreachable');
    rig.pass(AGAIN_MS_MIN - 1);
    expect(rig.asked).toHaveLength(1);
    rig.pass(1);
    rig.claim(2);
    rig.claim(3);
    await rig.answer('origin-foreign');
    expect(rig.asked.at(-1)).toBe('https://r2.example');
    await rig.answer('proven');
    await rig.answer('proven');
    rig.pass(AGAIN_MS_MIN);
    expect(rig.asked).toHaveLength(4);
    rig.pass(AGAIN_MS_MIN);
    expect(rig.asked).toHaveLength(5);
    expect(rig.prover.refused).toMatchObject({ 'origin-unreachable': 1, 'origin-foreign': 1 });
  });

  it('at private addresses are not asked again', async () => {
    const rig = new Rig();
    rig.claim(1);
    await rig.answer('origin-private');
    rig.pass(AGAIN_MS_MAX);
    expect(rig.asked).toHaveLength(1);
  });

  it('of children that have gone are forgotten, answered or not', async () => {
    const rig = new Rig();
    rig.claim(1);
    rig.claim(2);
    rig.prover.forget(1);
    rig.prover.forget(2);
    await rig.answer('proven');
    expect(rig.proven).toEqual([]);
    expect(rig.asked).toHaveLength(1);
  });

  it('beyond the limits, of one network or of all, are counted and not asked', () => {
    const rig = new Rig();
    for (let link = 0; link <= CLAIMS_PER_NETWORK_MAX; link++) rig.claim(link, 'one');
    expect(rig.prover.refused['origin-overflow']).toBe(1);
    for (let link = 100; link < 100 + CLAIMS_MAX; link++) rig.claim(link);
    expect(rig.prover.refused['origin-overflow']).toBe(1 + CLAIMS_PER_NETWORK_MAX);
  });
});
