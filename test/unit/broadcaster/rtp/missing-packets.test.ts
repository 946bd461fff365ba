import { describe, expect, it } from 'vitest';
import { MISSING_MAX } from '../../../../broadcaster/src/ingest/rtp/limits.js';
import { MissingPackets, RoundTrip } from '../../../../broadcaster/src/ingest/rtp/missing-packets.js';

const create = (roundTripMs = 50): MissingPackets => {
  const roundTrip = new RoundTrip();
  roundTrip.handleSample(roundTripMs);
  return new MissingPackets(roundTrip);
};

describe('MissingPackets', () => {
  it('asks at once, and again after a round trip and a little, each time later', () => {
    const missing = create();
    missing.add(0, 10, 12);
    expect(missing.takeDue(0, 9)).toEqual([10, 11]);
    const times: number[] = [];
    for (let now = 1; now < 400; now++) if (missing.takeDue(now, 9).length > 0) times.push(now);
    const expected = [60, 135, 225, 330];
    expect(times).toHaveLength(expected.length);
    times.forEach((time, i) => {
      expect(Math.abs(time - (expected[i] ?? 0))).toBeLessThanOrEqual(1);
    });
  });

  it('gives up asking after ten times', () => {
    const missing = create(0);
    missing.add(0, 1, 2);
    let asked = 0;
    for (let now = 0; now < 5000; now++) asked += missing.takeDue(now, 9).length;
    expect(asked).toBe(10);
    expect(missing.nextDue()).toBeUndefined();
    expect(missing.since(1)).toBe(0);
  });

  it('learns the round trip from first answers only', () => {
    const roundTrip = new RoundTrip();
    const missing = new MissingPackets(roundTrip);
    missing.add(0, 1, 3);
    missing.takeDue(0, 9);
    expect(missing.remove(80, 1, false)).toBe(true);
    expect(roundTrip.ms).toBe(80);
    missing.takeDue(200, 9);
    missing.remove(201, 2, false);
    expect(roundTrip.ms).toBe(80);
  });

  it('waits a little with its requests once packets have overtaken each other, until some are lost', () => {
    const missing = create();
    missing.add(0, 1, 2);
    expect(missing.takeDue(0, 9)).toEqual([1]);
    expect(missing.remove(7, 1, true)).toBe(false);
    missing.add(100, 2, 3);
    expect(missing.takeDue(100, 9)).toEqual([]);
    expect(missing.takeDue(108, 9)).toEqual([2]);
    for (let i = 3; i < 40; i++) {
      missing.add(1000 * i, i, i + 1);
      missing.takeDue(1000 * i + 20, 9);
      missing.remove(1000 * i + 70, i, false);
    }
    missing.add(90_000, 50, 51);
    expect(missing.takeDue(90_000, 9)).toEqual([50]);
  });

  it('notes no more than its limit', () => {
    const missing = create();
    missing.add(0, 0, 5000);
    expect(missing.size).toBe(MISSING_MAX);
    expect(missing.since(MISSING_MAX)).toBeUndefined();
  });
});
