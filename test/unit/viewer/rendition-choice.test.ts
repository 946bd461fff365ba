import type { Rendition } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { chooseRendition } from '../../../viewer/src/rendition-choice.js';

const rendition = (height: number, bitrate: number, mimeType = 'video/mp4'): Rendition => ({
  id: height || 2,
  name: `${height}p`,
  mimeType,
  width: height * 2,
  height,
  frameRateMilli: 30_000,
  bitrate,
  initSegment: new Uint8Array(1),
});

const ladder = [
  rendition(1080, 5e6),
  rendition(720, 3e6),
  rendition(360, 1e6),
  rendition(0, 128_000, 'audio/mp4'),
];
const choose = (downlinkBps?: number, canPlay = (_type: string): boolean => true): number | undefined =>
  chooseRendition(ladder, { canPlay, downlinkBps })?.height;

describe('chooseRendition', () => {
  it('takes the best picture that the connection brings, and the best where nobody knows', () => {
    expect(choose()).toBe(1080);
    expect(choose(6e6)).toBe(720);
    expect(choose(1.5e6)).toBe(360);
  });

  it('takes the smallest picture rather than none', () => {
    expect(choose(100_000)).toBe(360);
  });

  it('takes sound alone only where no picture can be played', () => {
    expect(choose(undefined, (type) => type.startsWith('audio'))).toBe(0);
    expect(choose(undefined, () => false)).toBe(1080);
    expect(chooseRendition([], { canPlay: () => true, downlinkBps: undefined })).toBeUndefined();
  });
});
