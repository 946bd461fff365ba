import { describe, expect, it } from 'vitest';
import { CaptureClock } from '../../../../broadcaster/src/live/capture-clock.js';

const CHUNK_US = 40_000;

describe('the capture clock', () => {
  /** Chunks of 40 ms whose media begins at wall time 1,000; each comes complete `delayMs(n)` after its end. */
  const capture = (count: number, delayMs: (n: number) => number, speed = 1): number[] => {
    const clock = new CaptureClock();
    return Array.from({ length: count }, (_, n) => {
      const mediaTimeUs = n * CHUNK_US;
      const arrivalMs = 1_000 + ((n + 1) * CHUNK_US) / 1000 / speed + delayMs(n);
      return clock.capturedAt({ mediaTimeUs, durationUs: CHUNK_US }, arrivalMs);
    });
  };

  it('places chunks that come at a steady pace where they began', () => {
    expect(capture(5, () => 0)).toEqual([1_000, 1_040, 1_080, 1_120, 1_160]);
  });

  it('is not moved by a chunk that comes late', () => {
    const times = capture(10, (n) => (n === 6 ? 300 : 0));
    expect(times[6]).toBe(1_000 + 6 * 40);
  });

  it('takes a beginning that arrives all at once for what it is: captured before', () => {
    const clock = new CaptureClock();
    for (let n = 0; n < 50; n++) clock.capturedAt({ mediaTimeUs: n * CHUNK_US, durationUs: CHUNK_US }, 9_000);
    const next = clock.capturedAt({ mediaTimeUs: 50 * CHUNK_US, durationUs: CHUNK_US }, 9_040);
    expect(next).toBe(9_000);
  });

  it('follows a source whose clock runs slower, within ten seconds', () => {
    const times = capture(2_000, () => 0, 0.999);
    const lastBegan = 1_000 + (1_999 * 40) / 0.999;
    expect(Math.abs((times.at(-1) ?? 0) - lastBegan)).toBeLessThan(11);
  });
});
