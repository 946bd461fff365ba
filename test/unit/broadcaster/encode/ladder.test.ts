import { describe, expect, it } from 'vitest';
import type { EncodePlan } from '../../../../broadcaster/src/encode/encode-plan.js';
import { type LadderChoice, parseLadder, planLadder } from '../../../../broadcaster/src/encode/ladder.js';

const plan: EncodePlan = {
  video: 'encode',
  audio: 'encode',
  reasons: [],
  frameRateMilli: 30_000,
  width: 1280,
  height: 720,
  bitrate: 0,
  isInterlaced: false,
};

const choiceOf = (text: string): LadderChoice => {
  const parsed = parseLadder(text);
  if (!parsed.ok) throw new Error(parsed.why);
  return parsed.choice;
};

const namesOf = (choice: LadderChoice, of: EncodePlan = plan, pixelsPerSecond = 0): string[] => {
  const ladder = planLadder({ choice, plan: of, pixelsPerSecond });
  const rungs = ladder.rungs.map(({ name, isCopy }) => (isCopy ? `${name} copy` : name));
  return [...rungs, ...(ladder.hasAudio ? ['audio'] : [])];
};

describe('parseLadder', () => {
  it('reads a list in any order, largest first', () => {
    expect(parseLadder('480p:1200, audio,720P')).toEqual({
      ok: true,
      choice: { rungs: [{ height: 720 }, { height: 480, kbps: 1200 }], hasAudio: true },
    });
  });

  it('says in one sentence what it takes', () => {
    for (const text of ['', 'audio', '721p', '720', '720p:9', '720p,720p:900', '99p', 'on', '4000p'])
      expect(parseLadder(text)).toMatchObject({
        ok: false,
        why: expect.stringMatching(/^--ladder takes .*\.$/),
      });
    const many = [1080, 900, 720, 540, 480, 360, 240].map((lines) => `${lines}p`).join();
    expect(parseLadder(many)).toMatchObject({ ok: false, why: expect.stringContaining('at most 6') });
  });
});

describe('planLadder', () => {
  it('makes one rendition when it is off, with the number it has always had', () => {
    expect(planLadder({ choice: 'off', plan })).toMatchObject({ rungs: [{ id: 1 }], hasAudio: false });
  });

  it('makes nothing larger than the source, and the source’s own size for what would be', () => {
    expect(namesOf(choiceOf('1080p:5000,480p,audio'))).toEqual(['720p', '480p', 'audio']);
    expect(planLadder({ choice: choiceOf('1080p:5000'), plan }).rungs[0]).toMatchObject({
      kbps: 5000,
      width: 1280,
    });
    expect(namesOf(choiceOf('480p,360p'))).toEqual(['480p', '360p']);
  });

  it('keeps a source that can be passed through as the best one', () => {
    const copy = { ...plan, video: 'copy' as const, bitrate: 3_000_000 };
    expect(namesOf(choiceOf('720p,360p'), copy)).toEqual(['720p copy', '360p']);
    expect(namesOf(choiceOf('360p'), copy)).toEqual(['720p copy', '360p']);
  });

  it('gives the same lines the same number in every run', () => {
    const large = { ...plan, width: 1920, height: 1080 };
    const numberOf = (of: EncodePlan): number | undefined =>
      planLadder({ choice: choiceOf('1080p,720p,480p'), plan: of }).rungs.find(({ name }) => name === '480p')
        ?.id;
    expect(numberOf(large)).toBe(numberOf(plan));
  });

  it('has no sound by itself where the source has none', () => {
    expect(namesOf(choiceOf('720p,360p,audio'), { ...plan, audio: 'none' })).toEqual(['720p', '360p']);
  });

  it('is one rendition as long as the size of the source is not known', () => {
    expect(
      planLadder({ choice: choiceOf('720p,360p'), plan: { ...plan, width: 0, height: 0 } }).rungs,
    ).toHaveLength(1);
  });

  it('chooses as much as half of the machine encodes', () => {
    const large = { ...plan, width: 1920, height: 1080 };
    const pixels = 1920 * 1080 * 30;
    expect(namesOf('auto', large, pixels)).toEqual(['1080p', 'audio']);
    expect(namesOf('auto', large, pixels * 3)).toEqual(['1080p', '720p', 'audio']);
    expect(namesOf('auto', large, pixels * 9)).toEqual(['1080p', '720p', '480p', '360p', '240p', 'audio']);
    expect(namesOf('auto', { ...large, video: 'copy' }, pixels)).toEqual(['1080p copy', '720p', 'audio']);
  });

  it('makes a source that is too large smaller first', () => {
    const huge = { ...plan, width: 3840, height: 2160 };
    expect(namesOf('auto', huge, 1e12)[0]).toBe('1080p');
  });
});
