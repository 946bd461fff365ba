import { describe, expect, it } from 'vitest';
import { SpeedWatch } from '../../../../broadcaster/src/encode/speed-watch.js';

/** The second, counted from the start, at which it is time to do less. */
function slowAt(
  speeds: readonly number[],
  isInputLimiting: (second: number) => boolean = () => false,
): number {
  const watch = new SpeedWatch(0);
  return speeds.findIndex((speed, index) =>
    watch.take({ nowMs: (index + 1) * 1000, speed, isInputLimiting: isInputLimiting(index + 1) }),
  );
}

describe('SpeedWatch', () => {
  it('speaks up after three seconds below real time, not counting the start', () => {
    expect(slowAt([0.2, 0.5, 1, 1, 0.9, 0.9, 0.9, 0.9])).toBe(6);
    expect(slowAt([0.5, 0.5, 0.9, 0.9, 0.9])).toBe(4);
  });

  it('lets a moment pass that is caught up with', () => {
    expect(slowAt([1, 1, 0.5, 0.6, 1.4, 0.5, 0.6, 1.3, 1])).toBe(-1);
  });

  it('bears a speed just below real time, which is how clocks are read', () => {
    expect(slowAt([1, 1, 0.97, 0.98, 0.97, 0.99, 0.98])).toBe(-1);
  });

  it('blames nobody while there is nothing to encode', () => {
    expect(slowAt([1, 1, 0.2, 0.2, 0.2, 0.2, 0.2], () => true)).toBe(-1);
    expect(slowAt([1, 1, 0.2, 0.2, 0.2, 0.2, 0.2, 0.2], (second) => second < 5)).toBe(6);
  });
});
