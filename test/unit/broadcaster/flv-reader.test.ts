import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FlvReader } from '../../../broadcaster/src/chunk/flv-reader.js';
import {
  AVC_CONFIG,
  audioConfigTag,
  audioTag,
  flv,
  flvHeader,
  flvTag,
  videoConfigTag,
  videoTag,
} from './flv-bytes.js';

const stream = flv(
  flvHeader({ hasAudio: true }),
  flvTag(18, 0, Uint8Array.of(2, 0, 0)),
  videoConfigTag(),
  audioConfigTag(),
  videoTag({ ms: 1000, isKeyframe: true }),
  audioTag(1003),
  videoTag({ ms: 0x0123_4567, isKeyframe: false, compositionMs: -40 }),
);

describe('FlvReader', () => {
  it('gives the same packets however the stream is cut', () => {
    for (const step of [1, 7, 64, 5000]) {
      const reader = new FlvReader();
      const packets = [];
      for (let at = 0; at < stream.length; at += step) {
        const result = reader.push(stream.subarray(at, at + step));
        if (result.ok) packets.push(...result.packets);
      }
      expect(packets.map((packet) => packet.kind)).toEqual([
        'video-config',
        'audio-config',
        'video',
        'audio',
        'video',
      ]);
      expect(packets[0]).toEqual({ kind: 'video-config', config: AVC_CONFIG });
      expect(packets[2]).toMatchObject({ dtsMs: 1000, compositionMs: 0, isKeyframe: true });
      expect(packets[4]).toMatchObject({ dtsMs: 0x0123_4567, compositionMs: -40, isKeyframe: false });
    }
  });

  it('tells from the header whether there is sound', () => {
    const reader = new FlvReader();
    expect(reader.hasAudio).toBeUndefined();
    reader.push(flvHeader({ hasAudio: false }));
    expect(reader.hasAudio).toBe(false);
  });

  it('refuses what is not FLV, for good', () => {
    const reader = new FlvReader();
    expect(reader.push(new Uint8Array(13))).toEqual({ ok: false, reason: 'malformed' });
    expect(reader.push(stream)).toEqual({ ok: false, reason: 'malformed' });
  });

  it('refuses other codecs: HEVC in the extended header, MP3', () => {
    const header = flvHeader({ hasAudio: true });
    for (const tag of [
      flvTag(9, 0, Uint8Array.of(0x90, 0x68, 0x76, 0x63, 0x31)),
      flvTag(8, 0, Uint8Array.of(0x2f, 1, 1)),
    ]) {
      expect(new FlvReader().push(flv(header, tag))).toEqual({ ok: false, reason: 'codec' });
    }
  });

  it('never throws on changed bytes', () => {
    const change = fc.record({ at: fc.nat(stream.length - 1), value: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 6 }), (changes) => {
        const input = stream.slice();
        for (const { at, value } of changes) input[at] = value;
        new FlvReader().push(input);
      }),
      { numRuns: 300, seed: 3 },
    );
  });
});
