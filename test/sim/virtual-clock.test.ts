import { Prng } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from './virtual-clock.js';

describe('the virtual clock', () => {
  it('wakes in order of time, and of scheduling where times are equal', () => {
    const clock = new VirtualClock();
    const prng = new Prng('clock');
    const woken: { at: number; tag: number }[] = [];
    const sleeper = { wake: (tag: number): void => void woken.push({ at: clock.now, tag }) };
    for (let tag = 0; tag < 3_000; tag++) clock.schedule(prng.below(200), sleeper, tag);
    while (clock.step());
    expect(woken).toHaveLength(3_000);
    for (const [index, { at, tag }] of woken.entries()) {
      const before = woken[index - 1];
      if (!before) continue;
      expect(before.at < at || (before.at === at && before.tag < tag)).toBe(true);
    }
  });

  it('takes what is scheduled while it runs, and never goes back', () => {
    const clock = new VirtualClock();
    const times: number[] = [];
    const sleeper = {
      wake: (tag: number): void => {
        times.push(clock.now);
        if (tag > 0) clock.schedule(clock.now + (tag % 2 === 0 ? 5 : -5), sleeper, tag - 1);
      },
    };
    clock.schedule(10, sleeper, 4);
    while (clock.step());
    expect(times).toEqual([10, 15, 15, 20, 20]);
  });

  it('is set forward only up to the next event', () => {
    const clock = new VirtualClock();
    clock.schedule(50, { wake: () => undefined }, 0);
    clock.advanceTo(80);
    expect(clock.now).toBe(50);
    clock.step();
    clock.advanceTo(80);
    expect(clock.now).toBe(80);
    expect(clock.nextAt).toBe(Number.POSITIVE_INFINITY);
  });
});
