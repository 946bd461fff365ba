import { Cmaf } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { box, bytes, moof, tfdt, u32 } from './boxes.js';

const NON_SYNC = 0x0101_0000;

/** Sizes, flags and signed offsets per sample; durations from the header. */
const trun = (samples: readonly (readonly [number, number, number])[]): Uint8Array =>
  box(
    'trun',
    ...[1, 0, 0x0e, 0x01],
    u32(samples.length),
    u32(100),
    ...samples.flatMap(([size, flags, offset]) => [u32(size), u32(flags), u32(offset)]),
  );

const simple = moof({
  trackId: 1,
  decodeTime: tfdt(1, 2 ** 33 + 5),
  defaultDuration: 512,
  trun: trun([
    [700, 0, 1024],
    [300, NON_SYNC, -512],
  ]),
});

describe('parseMoof', () => {
  it('sums up the samples of a track', () => {
    expect(Cmaf.parseMoof(simple)).toEqual({
      sequenceNumber: 7,
      tracks: [
        {
          trackId: 1,
          baseMediaDecodeTime: 2 ** 33 + 5,
          sampleCount: 2,
          duration: 1024,
          maxSampleDuration: 512,
          sampleBytes: 1000,
          startsWithSync: true,
          firstCompositionOffset: 1024,
          minCompositionOffset: -512,
          maxCompositionOffset: 1024,
          hasCompositionOffsets: true,
        },
      ],
    });
  });

  it('lets first-sample flags go before the defaults', () => {
    const run = box('trun', 0, 0, 0, 0x04, u32(2), u32(NON_SYNC));
    const fragment = Cmaf.parseMoof(
      moof({ trackId: 1, decodeTime: tfdt(0, 0), defaultDuration: 1, trun: run }),
    );
    expect(fragment?.tracks[0]?.startsWithSync).toBe(false);
  });

  it('refuses a run that announces more samples than its limit, without walking them', () => {
    const run = box('trun', 0, 0, 0, 0, u32(Cmaf.FRAGMENT_SAMPLES_MAX + 1));
    const fragment = moof({ trackId: 1, decodeTime: tfdt(0, 0), defaultDuration: 1, trun: run });
    expect(Cmaf.parseMoof(fragment)).toBeUndefined();
  });

  it('refuses a run that is shorter than its sample count says', () => {
    const run = box('trun', 0, 0, 1, 0, u32(3), u32(512));
    const fragment = moof({ trackId: 1, decodeTime: tfdt(0, 0), defaultDuration: 1, trun: run });
    expect(Cmaf.parseMoof(fragment)).toBeUndefined();
  });
});

describe('shiftDecodeTimes', () => {
  const chunk = bytes(simple, box('mdat', 1, 2, 3));
  const timeOf = (fragment: Uint8Array | undefined): number | undefined =>
    fragment && Cmaf.parseMoof(fragment)?.tracks[0]?.baseMediaDecodeTime;

  it('moves the decode time and nothing else, on a copy', () => {
    const before = chunk.slice();
    const moved = Cmaf.shiftDecodeTimes(chunk, new Map([[1, 2 ** 34]]));
    expect(timeOf(moved)).toBe(2 ** 34 + 2 ** 33 + 5);
    expect(chunk).toEqual(before);
    const back = moved && Cmaf.shiftDecodeTimes(moved, new Map([[1, -(2 ** 34)]]));
    expect(back).toEqual(chunk);
  });

  it('leaves tracks alone that are not named', () => {
    expect(Cmaf.shiftDecodeTimes(chunk, new Map([[2, 99]]))).toEqual(chunk);
  });

  it('moves every fragment of a chunk that has several', () => {
    const moved = Cmaf.shiftDecodeTimes(bytes(chunk, chunk), new Map([[1, 10]]));
    expect(timeOf(moved)).toBe(2 ** 33 + 15);
    expect(timeOf(moved?.subarray(chunk.length))).toBe(2 ** 33 + 15);
  });

  it('refuses a time that would leave its field', () => {
    const short = moof({ trackId: 1, decodeTime: tfdt(0, 10), defaultDuration: 1, trun: trun([[1, 0, 0]]) });
    expect(timeOf(Cmaf.shiftDecodeTimes(short, new Map([[1, 5]])))).toBe(15);
    expect(Cmaf.shiftDecodeTimes(short, new Map([[1, 2 ** 32]]))).toBeUndefined();
    expect(Cmaf.shiftDecodeTimes(short, new Map([[1, -11]]))).toBeUndefined();
  });
});
