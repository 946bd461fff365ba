import { Limits, monoMs } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { ClockSync } from '../../../../proto/src/session/clock-sync.js';

/** A ping sent at `sentMs` that took `outMs` and `backMs`, answered by a clock that is `offsetMs` ahead. */
function sample(clock: ClockSync, sentMs: number, outMs: number, backMs: number, offsetMs: number): void {
  clock.addSample(sentMs, monoMs(sentMs + outMs + backMs), sentMs + outMs + offsetMs);
}

const OFFSET = 1_800_000_000_000;

describe('the broadcast clock', () => {
  it('is unknown before the first answer', () => {
    expect(new ClockSync().broadcastAt(monoMs(5))).toBeUndefined();
    expect(new ClockSync().rttMs).toBeUndefined();
  });

  it('is exact over a symmetric path', () => {
    const clock = new ClockSync();
    sample(clock, 1_000, 40, 40, OFFSET);
    expect(clock.broadcastAt(monoMs(5_000))).toBe(OFFSET + 5_000);
    expect(clock.rttMs).toBe(80);
  });

  it('is wrong by at most half the shortest round trip', () => {
    const clock = new ClockSync();
    sample(clock, 0, 300, 10, OFFSET);
    sample(clock, 500, 10, 30, OFFSET);
    sample(clock, 900, 10, 900, OFFSET);
    const error = Math.abs((clock.broadcastAt(monoMs(2_000)) ?? 0) - OFFSET - 2_000);
    expect(error).toBeLessThanOrEqual(20);
  });

  it('forgets old samples, so that it follows a drift', () => {
    const clock = new ClockSync();
    sample(clock, 0, 1, 1, OFFSET);
    for (let i = 1; i <= Limits.CLOCK_SAMPLES_MAX; i++) sample(clock, i * 1_000, 20, 20, OFFSET + 100);
    expect(clock.broadcastAt(monoMs(0))).toBe(OFFSET + 100);
  });

  it('starts anew when another clock answers', () => {
    const clock = new ClockSync();
    for (let i = 0; i < 5; i++) sample(clock, i * 1_000, 5, 5, OFFSET);
    sample(clock, 6_000, 50, 50, OFFSET + 60_000);
    expect(clock.broadcastAt(monoMs(0))).toBe(OFFSET + 60_000);
  });

  it('is not moved by an answer to the future, from long ago, or of no possible time', () => {
    const clock = new ClockSync();
    clock.addSample(2_000, monoMs(1_000), OFFSET);
    clock.addSample(0, monoMs(Limits.CLOCK_RTT_MS_MAX + 1), OFFSET);
    clock.addSample(-1e308, monoMs(1_000), 1e308);
    clock.addSample(999, monoMs(1_000), 1e308);
    clock.addSample(999, monoMs(1_000), -1);
    expect(clock.broadcastAt(monoMs(1_000))).toBeUndefined();
  });

  it('of the publisher is its own', () => {
    const clock = new ClockSync();
    clock.setSource(OFFSET);
    sample(clock, 0, 5, 5, 0);
    expect(clock.broadcastAt(monoMs(10))).toBe(OFFSET + 10);
    expect(clock.isSettled).toBe(true);
  });

  it('is settled after half the samples that it keeps', () => {
    const clock = new ClockSync();
    for (let i = 0; i < Limits.CLOCK_SAMPLES_MAX / 2; i++) {
      expect(clock.isSettled).toBe(false);
      sample(clock, i, 5, 5, OFFSET);
    }
    expect(clock.isSettled).toBe(true);
  });
});
