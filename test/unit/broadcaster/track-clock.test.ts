import { describe, expect, it } from 'vitest';
import { TrackClock } from '../../../broadcaster/src/chunk/track-clock.js';

const FRAME_MS = (1024 * 1000) / 44_100;

describe('TrackClock', () => {
  it('lays frames end to end although their stated times are rounded', () => {
    const clock = new TrackClock(44_100, 1024);
    const ticks = Array.from({ length: 100 }, (_, index) => clock.place(Math.round(index * FRAME_MS)));
    expect(ticks).toEqual(Array.from({ length: 100 }, (_, index) => index * 1024));
  });

  it('leaves a hole where the source has one', () => {
    const clock = new TrackClock(48_000, 1024);
    clock.place(0);
    expect(clock.place(500)).toBe(24_000);
  });

  it('leaves frames out whose time is taken, until the source has caught up', () => {
    const clock = new TrackClock(48_000, 1024);
    for (let index = 0; index < 50; index++) clock.place((index * 1024) / 48);
    expect(clock.place(500)).toBeUndefined();
    expect(clock.place((50 * 1024) / 48)).toBe(50 * 1024);
  });
});
