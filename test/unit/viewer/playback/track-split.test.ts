import { concatBytes } from '@freshet/proto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitChunk, splitRendition } from '../../../../viewer/src/playback/track-split.js';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const u32 = (value: number): Uint8Array => new Uint8Array([value >>> 24, value >>> 16, value >>> 8, value]);
const box = (type: string, ...parts: Uint8Array[]): Uint8Array => {
  const body = concatBytes(...parts);
  return concatBytes(u32(body.length + 8), text(type), body);
};
const traf = (trackId: number): Uint8Array => box('traf', box('tfhd', u32(0), u32(trackId)));
const fragment = (trackIds: readonly number[], data: string): Uint8Array =>
  concatBytes(box('moof', box('mfhd', u32(0), u32(1)), ...trackIds.map(traf)), box('mdat', text(data)));
const asText = (parts: readonly Uint8Array[]): string =>
  new TextDecoder('latin1').decode(concatBytes(...parts));
const countOf = (haystack: string, needle: string): number => haystack.split(needle).length - 1;

describe('splitting a chunk', () => {
  it('keeps the fragments of one track', () => {
    const chunk = concatBytes(fragment([1], 'picture'), fragment([2], 'sound'));
    expect(asText(splitChunk(chunk, 1))).toContain('picture');
    expect(asText(splitChunk(chunk, 1))).not.toContain('sound');
    expect(asText(splitChunk(chunk, 2))).toContain('sound');
  });

  it('blanks the other track of a common fragment without moving a byte', () => {
    const chunk = fragment([1, 2], 'both');
    const picture = asText(splitChunk(chunk, 1));
    expect(picture).toHaveLength(chunk.length);
    expect(countOf(picture, 'traf')).toBe(1);
    expect(countOf(picture, 'free')).toBe(1);
  });

  it('leaves the chunk as it was', () => {
    const chunk = fragment([1, 2], 'both');
    const before = chunk.slice();
    splitChunk(chunk, 2);
    expect(chunk).toEqual(before);
  });

  it('gives nothing for a track that is not there', () => {
    expect(splitChunk(fragment([1], 'picture'), 7)).toEqual([]);
    expect(splitChunk(box('mdat', text('loose')), 1)).toEqual([]);
  });

  it('survives any bytes', () => {
    const chunk = concatBytes(fragment([1, 2], 'both'), fragment([2], 'sound'));
    void fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(chunk.length - 1), fc.nat(255)), { maxLength: 8 }), (changes) => {
        const bytes = chunk.slice();
        for (const [index, value] of changes) bytes[index] = value;
        const size = splitChunk(bytes, 1).reduce((sum, part) => sum + part.length, 0);
        expect(size).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 300 },
    );
  });
});

describe('splitting a rendition', () => {
  const rendition = (initSegment: Uint8Array): Parameters<typeof splitRendition>[0] => ({
    id: 1,
    name: '720p',
    mimeType: 'video/mp4; codecs="avc1.42c01e,mp4a.40.2"',
    width: 1280,
    height: 720,
    frameRateMilli: 30_000,
    bitrate: 0,
    initSegment,
  });

  it('refuses an init segment that it cannot read', () => {
    expect(splitRendition(rendition(new Uint8Array(40)))).toBeUndefined();
    expect(splitRendition(rendition(new Uint8Array()))).toBeUndefined();
  });
});
