import { describe, expect, it } from 'vitest';
import { Playout } from './playout.js';

const LAG_MS = 600;
const INTERVAL_MS = 100;
const always = { fromMs: 0, untilMs: Number.POSITIVE_INFINITY };

/** A player that got chunk n, captured at n * 100 ms, `delayOf(n)` later. */
function play(
  chunks: readonly number[],
  delayOf: (chunk: number) => number,
  span = always,
  endMs = 2_500,
): Playout {
  const playout = new Playout({ lagMs: LAG_MS, intervalMs: INTERVAL_MS, span });
  for (const chunk of chunks)
    playout.deliver(chunk * INTERVAL_MS + delayOf(chunk), 1, chunk, chunk * INTERVAL_MS);
  playout.finish(endMs, (chunks.at(-1) ?? 0) * INTERVAL_MS);
  return playout;
}

const twenty = Array.from({ length: 20 }, (_, index) => index);

describe('a playout', () => {
  it('that gets everything within its lag never stalls', () => {
    const playout = play(twenty, () => LAG_MS);
    expect([playout.stalls, playout.expected, playout.onTime]).toEqual([0, 20, 20]);
  });

  it('holds its first frame without calling it a stall', () => {
    const playout = play(twenty, () => 50);
    expect([playout.stalls, playout.stalledMs]).toEqual([0, 0]);
  });

  it('stalls for as long as a chunk is late, once for those held up behind it', () => {
    // Chunk 5 is 250 ms late; 6 and 7 came behind it, at the same time.
    const playout = play(twenty, (chunk) => (chunk >= 5 && chunk <= 7 ? 850 - (chunk - 5) * 100 : 100));
    expect([playout.stalls, playout.stalledMs]).toEqual([1, 250]);
    expect(playout.expected - playout.onTime).toBe(3);
  });

  it('stalls again and again while it tries to catch up and everything stays late', () => {
    const playout = play(twenty, (chunk) => (chunk < 5 ? 100 : 650));
    expect([playout.stalls, playout.onTime]).toEqual([15, 5]);
  });

  it('stalls where chunks were given up, until the one that came is due', () => {
    const playout = play(
      twenty.filter((chunk) => chunk < 5 || chunk > 7),
      () => 100,
    );
    expect([playout.stalls, playout.stalledMs]).toEqual([1, 300]);
    expect([playout.expected, playout.onTime]).toEqual([20, 17]);
  });

  it('that begins with an old keyframe catches up at 1.1 times the speed', () => {
    // The first chunk is 1,100 ms old: 500 ms to make up, which takes 5,500 ms.
    const chunks = Array.from({ length: 80 }, (_, index) => index);
    const lagOf = (chunk: number): number => Math.max(LAG_MS, 1_100 - (chunk * INTERVAL_MS) / 11);
    expect(play(chunks, (chunk) => lagOf(chunk) - (chunk === 0 ? 0 : 0.001), always, 9_000).stalls).toBe(0);
    expect(
      play(chunks, (chunk) => lagOf(chunk) + (chunk === 40 ? 1 : chunk === 0 ? 0 : -0.001), always, 9_000)
        .stalls,
    ).toBe(1);
  });

  it('that gets nothing more stalls when the next chunk was due', () => {
    const playout = new Playout({ lagMs: LAG_MS, intervalMs: INTERVAL_MS, span: always });
    playout.deliver(0, 1, 0, 0);
    playout.finish(1_000, 900);
    expect([playout.stalls, playout.stalledMs]).toEqual([1, 300]);
    // Chunks 0 to 3 were due by then, the last of them at 900 ms.
    expect([playout.expected, playout.onTime]).toEqual([4, 1]);
  });

  it('counts what was due within its span only', () => {
    const late = (chunk: number): number => (chunk === 3 || chunk === 15 ? LAG_MS + 20 : 100);
    const playout = play(twenty, late, { fromMs: 1_650, untilMs: 2_200 });
    expect([playout.stalls, playout.expected, playout.onTime]).toEqual([1, 5, 4]);
  });

  it('begins anew with a new epoch', () => {
    const playout = new Playout({ lagMs: LAG_MS, intervalMs: INTERVAL_MS, span: always });
    playout.deliver(100, 1, 0, 0);
    playout.deliver(9_000, 2, 0, 8_900);
    playout.deliver(9_100, 2, 1, 9_000);
    expect(playout.stalls).toBe(0);
  });
});
