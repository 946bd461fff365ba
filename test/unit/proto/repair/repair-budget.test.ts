import { monoMs } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { RepairBudget, RepairLimits, repairRates } from '../../../../proto/src/repair/index.js';
import { TokenBucket } from '../../../../proto/src/repair/token-bucket.js';

const PIECE_BYTES = 16_000;
const at = monoMs;

/** Bytes served of `piecesPerS` asked by each of `links` for `seconds`. */
function ask(budget: RepairBudget, links: readonly number[], piecesPerS: number, seconds: number): number[] {
  const served = links.map(() => 0);
  for (let i = 0; i < piecesPerS * seconds; i++)
    for (const [index, link] of links.entries())
      if (budget.allow(at((i * 1000) / piecesPerS), link, PIECE_BYTES))
        served[index] = (served[index] ?? 0) + PIECE_BYTES;
  return served;
}

describe('the repair budget', () => {
  it('serves what an honest asker may ask for at once', () => {
    const budget = new RepairBudget({ uplinkBps: 5_000_000 });
    for (let i = 0; i < RepairLimits.REQUEST_BURST; i++)
      expect(budget.allow(at(0), 2, PIECE_BYTES)).toBe(true);
    expect(budget.refused).toBe(0);
  });

  it('gives no asker more than its part, and all together no more than repair’s share', () => {
    const uplinkBps = 8_000_000;
    const [one] = ask(new RepairBudget({ uplinkBps }), [2], 30, 60);
    expect(one).toBeLessThanOrEqual(repairRates(uplinkBps).asker * 60 + RepairLimits.ASKER_BURST_BYTES);
    expect(one).toBeGreaterThan(repairRates(uplinkBps).asker * 55);
    const all = ask(new RepairBudget({ uplinkBps }), [2, 3, 4, 5, 6], 30, 60);
    const burst = RepairLimits.ASKER_BURST_BYTES * RepairLimits.BURST_ASKERS;
    expect(all.reduce((a, b) => a + b)).toBeLessThanOrEqual(repairRates(uplinkBps).all * 60 + burst);
    expect(Math.min(...all)).toBeGreaterThan(0);
  });

  it('does not take an honest asker of a weak node for a flood', () => {
    const budget = new RepairBudget({ uplinkBps: 500_000 });
    // A quarter of an 8 Mbit/s stream.
    ask(budget, [2], 16, 120);
    expect(budget.isFlood(2)).toBe(false);
    expect(budget.refused).toBeGreaterThan(100);
  });

  it('tells a flood, sticks to it, and serves others on', () => {
    const budget = new RepairBudget({ uplinkBps: 50_000_000 });
    ask(budget, [2], 500, 2);
    expect(budget.isFlood(2)).toBe(true);
    expect(budget.allow(at(60_000), 2, 1)).toBe(false);
    expect(budget.isFlood(3)).toBe(false);
    expect(budget.allow(at(60_000), 3, PIECE_BYTES)).toBe(true);
    budget.forget(2);
    expect(budget.isFlood(2)).toBe(false);
    expect(budget.allow(at(60_001), 2, PIECE_BYTES)).toBe(true);
  });

  it('follows the uplink', () => {
    const budget = new RepairBudget({ uplinkBps: 1_000_000 });
    ask(budget, [2], 30, 10);
    budget.setUplink(at(10_000), 0);
    for (let t = 10_000; t < 60_000; t += 1_000) budget.allow(at(t), 2, PIECE_BYTES);
    expect(budget.allow(at(60_000), 2, PIECE_BYTES)).toBe(false);
    budget.setUplink(at(60_000), 8_000_000);
    expect(budget.allow(at(61_000), 2, PIECE_BYTES)).toBe(true);
  });

  it('keeps account of so many askers and refuses further ones', () => {
    const budget = new RepairBudget({ uplinkBps: 1e9 });
    for (let link = 0; link < RepairLimits.ASKERS_MAX; link++) budget.allow(at(0), link, 1);
    expect(budget.allow(at(0), -1, 1)).toBe(false);
    budget.forget(7);
    expect(budget.allow(at(0), -1, 1)).toBe(true);
  });
});

describe('a token bucket', () => {
  it('fills at its rate up to its burst, and says how long to wait', () => {
    const bucket = new TokenBucket({ ratePerS: 10, burst: 5 });
    expect(bucket.take(at(0), 5)).toBe(true);
    expect(bucket.take(at(0), 1)).toBe(false);
    expect(bucket.waitMs(at(0), 2)).toBe(200);
    expect(bucket.take(at(200), 2)).toBe(true);
    expect(bucket.available(at(100_000))).toBe(5);
    expect(bucket.waitMs(at(100_000), 6)).toBe(Number.POSITIVE_INFINITY);
  });

  it('is not filled by a clock that goes back', () => {
    const bucket = new TokenBucket({ ratePerS: 10, burst: 5 });
    bucket.take(at(1_000), 5);
    expect(bucket.available(at(500))).toBe(0);
  });
});
