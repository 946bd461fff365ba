import { describe, expect, it } from 'vitest';
import { FlvReader } from '../../../broadcaster/src/chunk/flv-reader.js';
import { StreamTail, TAIL_BYTES_MAX } from '../../../broadcaster/src/ingest/stream-tail.js';
import { audioConfigTag, audioTag, flv, flvHeader, flvTag, videoConfigTag, videoTag } from './flv-bytes.js';

/** Times of the packets that a new reader finds, after `rest`. */
function joinedTimes(tail: StreamTail, rest: Uint8Array = new Uint8Array(0)): (string | number)[] {
  const result = new FlvReader().push(flv(...(tail.begin() ?? []), rest));
  return result.ok ? result.packets.map((packet) => ('dtsMs' in packet ? packet.dtsMs : packet.kind)) : [];
}

const intro = flv(
  flvHeader({ hasAudio: true }),
  flvTag(18, 0, Uint8Array.of(2, 0, 0)),
  videoConfigTag(),
  audioConfigTag(),
);

describe('StreamTail', () => {
  it('lets a reader of FLV join at the last keyframe, however the bytes were cut', () => {
    const stream = flv(
      intro,
      ...[0, 33, 66].map((ms) => videoTag({ ms, isKeyframe: ms === 0 })),
      ...[100, 133].map((ms) => videoTag({ ms, isKeyframe: ms === 100 })),
      audioTag(140),
      videoTag({ ms: 166, isKeyframe: false }),
    );
    for (const cut of [1, 7, 100, 200, stream.length]) {
      const tail = new StreamTail();
      for (let at = 0; at < stream.length; at += cut) tail.push(stream.slice(at, at + cut));
      expect(joinedTimes(tail)).toEqual(['video-config', 'audio-config', 100, 133, 140, 166]);
    }
  });

  it('goes on in the middle of a tag', () => {
    const tail = new StreamTail();
    const last = videoTag({ ms: 33, isKeyframe: false });
    tail.push(flv(intro, videoTag({ ms: 0, isKeyframe: true }), last.slice(0, 15)));
    expect(joinedTimes(tail, last.slice(15))).toEqual(['video-config', 'audio-config', 0, 33]);
  });

  it('forgets a group that is too large, and begins again with the next', () => {
    const tail = new StreamTail();
    tail.push(flv(intro, videoTag({ ms: 0, isKeyframe: true })));
    const bodyBytes = TAIL_BYTES_MAX / 4;
    const large = new Uint8Array(bodyBytes + 15).fill(0x21);
    large.set([9, bodyBytes >> 16, (bodyBytes >> 8) & 0xff, bodyBytes & 0xff, 0, 0, 33, 0, 0, 0, 0]);
    for (let count = 0; count < 5; count++) tail.push(large);
    expect(joinedTimes(tail)).toEqual(['video-config', 'audio-config']);
    tail.push(videoTag({ ms: 66, isKeyframe: true }));
    expect(joinedTimes(tail)).toEqual(['video-config', 'audio-config', 66]);
  });

  it('lets a transport stream be joined anywhere, and nothing else at all', () => {
    const packets = new Uint8Array(188 * 3);
    for (const start of [0, 188, 376]) packets[start] = 0x47;
    const transport = new StreamTail();
    transport.push(packets);
    expect(transport.begin()).toEqual([]);
    const other = new StreamTail();
    other.push(new Uint8Array(500).fill(0x1a));
    expect(other.begin()).toBeUndefined();
    const endless = new StreamTail();
    endless.push(flv(intro, Uint8Array.of(9, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0)));
    expect(endless.begin()).toBeUndefined();
  });
});
