import { Cmaf, Recording } from '@freshet/proto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chunkOf, initOf } from '../../viewer/app/broadcast.js';

const init = Recording.readMovieInit(initOf()) ?? { bytes: new Uint8Array(0), tracks: [] };

test('every sample is found where its bytes are', () => {
  const { bytes } = chunkOf(3);
  const runs = Recording.readSampleRuns(bytes, init) ?? [];
  expect(runs.map(({ trackId, samples }) => [trackId, samples.length])).toEqual([
    [1, 3],
    [2, 5],
  ]);
  for (const { offset, samples } of runs) {
    let at = offset;
    samples.forEach((sample, index) => {
      expect([...new Set(bytes.subarray(at, at + sample.bytes))]).toEqual([3 * 8 + index]);
      at += sample.bytes;
    });
  }
});

test('a chunk of several fragments gives the runs of all of them', () => {
  const bytes = Buffer.concat([chunkOf(0).bytes, chunkOf(1).bytes]);
  const runs = Recording.readSampleRuns(bytes, init) ?? [];
  expect(runs.map(({ decodeTime }) => decodeTime)).toEqual([0, 0, 9000, 4800]);
  const [, , third] = runs;
  expect(bytes[third?.offset ?? 0]).toBe(8);
});

test('a track that the init segment does not have is left out', () => {
  const stray = Cmaf.writeFragment(1, [
    {
      trackId: 7,
      baseMediaDecodeTime: 0,
      samples: [{ bytes: new Uint8Array(9), duration: 1, compositionOffset: 0, isSync: true }],
    },
  ]);
  expect(Recording.readSampleRuns(stray, init)).toBeUndefined();
  expect(Recording.readSampleRuns(Buffer.concat([chunkOf(0).bytes, stray]), init)).toHaveLength(2);
});

test('a fragment whose samples reach past its bytes is refused', () => {
  const { bytes } = chunkOf(0);
  const cut = bytes.slice(0, bytes.length - 60);
  expect(Recording.readSampleRuns(cut, init)).toBeUndefined();
});

test('altered bytes never make it throw, and never point outside the chunk', () => {
  const { bytes } = chunkOf(0);
  const change = fc.record({ at: fc.nat(bytes.length - 1), value: fc.nat(255) });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), fc.nat(bytes.length), (changes, length) => {
      const altered = bytes.slice(0, length);
      for (const { at, value } of changes) if (at < length) altered[at] = value;
      for (const { offset, samples } of Recording.readSampleRuns(altered, init) ?? []) {
        const size = samples.reduce((total, sample) => total + sample.bytes, 0);
        expect(offset).toBeGreaterThanOrEqual(0);
        expect(offset + size).toBeLessThanOrEqual(altered.length);
      }
    }),
    { numRuns: 500, seed: 1 },
  );
});

test('altered init segments never make it throw', () => {
  const bytes = initOf();
  const change = fc.record({ at: fc.nat(bytes.length - 1), value: fc.nat(255) });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), fc.nat(bytes.length), (changes, length) => {
      const altered = bytes.slice(0, length);
      for (const { at, value } of changes) if (at < length) altered[at] = value;
      Recording.readMovieInit(altered);
    }),
    { numRuns: 500, seed: 1 },
  );
});
