import { describe, expect, it } from 'vitest';
import type { EncodePlan } from '../../../../broadcaster/src/encode/encode-plan.js';
import type { Ladder, Rung } from '../../../../broadcaster/src/encode/ladder.js';
import { FULL_EFFORT, shrink, withEffort } from '../../../../broadcaster/src/encode/shrink.js';
import type { VideoEncoder } from '../../../../broadcaster/src/encode/video-encoder.js';

const plan: EncodePlan = {
  video: 'encode',
  audio: 'encode',
  reasons: [],
  frameRateMilli: 30_000,
  width: 1920,
  height: 1080,
  bitrate: 0,
  isInterlaced: false,
};

const rung = (height: number, kbps: number, isCopy = false): Rung => ({
  id: height,
  name: `${height}p`,
  width: (height * 16) / 9,
  height,
  kbps,
  isCopy,
});

const ladderOf = (...rungs: Rung[]): Ladder => ({ rungs, hasAudio: true });

/** All steps down to the last, as they are told. */
function stepsOf(whole: Ladder, encoder: VideoEncoder = 'x264'): string[] {
  const steps: string[] = [];
  let effort = FULL_EFFORT;
  for (;;) {
    const next = shrink(withEffort(whole, effort, plan), effort, encoder);
    if (next === undefined) return steps;
    ({ effort } = next);
    steps.push(next.what);
    expect(steps.length).toBeLessThan(20);
  }
}

describe('shrink', () => {
  it('gives up what viewers miss least, and the smallest picture last', () => {
    const whole = ladderOf(
      rung(1080, 5500),
      rung(720, 3000),
      rung(480, 1200),
      rung(360, 1000),
      rung(240, 400),
    );
    expect(stepsOf(whole)).toEqual([
      'x264 was set to superfast',
      '480p was left out',
      '360p was left out',
      '720p was left out',
      'x264 was set to ultrafast',
      '1080p was left out',
    ]);
  });

  it('makes a picture that is alone smaller, but not without end', () => {
    const steps = stepsOf(ladderOf(rung(1080, 5500)));
    expect(steps.slice(0, 3)).toEqual([
      'x264 was set to superfast',
      'x264 was set to ultrafast',
      'the picture was made smaller, 720p',
    ]);
    expect(steps.at(-1)).toBe('the picture was made smaller, 240p');
  });

  it('leaves a copy of the source, which costs nothing', () => {
    const whole = ladderOf(rung(1080, 5500, true), rung(720, 3000), rung(360, 1000));
    expect(stepsOf(whole).slice(-2)).toEqual(['x264 was set to ultrafast', '360p was left out']);
    expect(stepsOf(ladderOf(rung(1080, 5500, true)))).toEqual([]);
  });

  it('has no presets to go through with hardware', () => {
    expect(stepsOf(ladderOf(rung(720, 3000), rung(360, 1000)), 'nvenc')).toEqual([
      '720p was left out',
      'the picture was made smaller, 240p',
    ]);
  });

  it('keeps the number of a picture that was made smaller, and asks no more bits for it', () => {
    const single = { ...rung(1080, 900), id: 1 };
    const effort = { ...FULL_EFFORT, heightMax: 720 };
    expect(withEffort(ladderOf(single), effort, plan).rungs).toMatchObject([
      { id: 1, height: 720, width: 1280, kbps: 900 },
    ]);
  });

  it('never leaves a broadcast without a picture when its source comes back smaller', () => {
    const effort = { ...FULL_EFFORT, droppedIds: [720, 360] };
    expect(withEffort(ladderOf(rung(720, 3000), rung(360, 900)), effort, plan).rungs).toHaveLength(1);
  });
});
