import { Cmaf } from '@freshet/proto';
import { describe, expect, it } from 'vitest';

const avcConfig = Uint8Array.from(
  Buffer.from('0142c00dffe100176742c00dda05067e7c0440000003004000000f03c50aa801000468ce0fc8', 'hex'),
);
const init = Cmaf.writeInit([
  { kind: 'video', id: 1, timescale: 90_000, width: 320, height: 180, avcConfig },
  { kind: 'audio', id: 2, timescale: 48_000, channels: 2, aacConfig: Uint8Array.of(0x11, 0x90) },
]);

describe('writeInit', () => {
  it('is read back as it was meant', () => {
    const read = Cmaf.parseInit(init);
    expect(read?.tracks[0]).toMatchObject({
      id: 1,
      kind: 'video',
      timescale: 90_000,
      codec: 'avc1.42c00d',
      width: 320,
      height: 180,
      rotation: 0,
    });
    expect(read?.tracks[1]).toMatchObject({
      id: 2,
      kind: 'audio',
      timescale: 48_000,
      codec: 'mp4a.40.2',
      sampleRate: 48_000,
      channels: 2,
    });
    expect(read && Cmaf.mimeTypeOf(read)).toBe('video/mp4; codecs="avc1.42c00d,mp4a.40.2"');
  });

  it('states no duration, so that players take the stream for a live one', () => {
    expect(Cmaf.parseInit(init)?.hasDuration).toBe(false);
  });
});

describe('writeFragment', () => {
  const sample = (fill: number, isSync: boolean, offset: number): Cmaf.SampleToWrite => ({
    bytes: new Uint8Array(fill).fill(fill),
    duration: 3000,
    compositionOffset: offset,
    isSync,
  });
  const fragment = Cmaf.writeFragment(42, [
    { trackId: 1, baseMediaDecodeTime: 2 ** 33, samples: [sample(5, true, 0), sample(6, false, -7)] },
    { trackId: 2, baseMediaDecodeTime: 1024, samples: [sample(3, true, 0)] },
  ]);

  it('is read back as it was meant', () => {
    const read = Cmaf.parseMoof(fragment);
    expect(read?.sequenceNumber).toBe(42);
    expect(read?.tracks[0]).toMatchObject({
      trackId: 1,
      baseMediaDecodeTime: 2 ** 33,
      sampleCount: 2,
      duration: 6000,
      sampleBytes: 11,
      startsWithSync: true,
      minCompositionOffset: -7,
    });
    expect(read?.tracks[1]).toMatchObject({
      trackId: 2,
      baseMediaDecodeTime: 1024,
      hasCompositionOffsets: false,
    });
  });

  it("puts each track's frames where its data offset says", () => {
    const boxes = Cmaf.childBoxes(fragment, 0, fragment.length);
    expect(boxes.map((box) => box.type)).toEqual(['moof', 'mdat']);
    const moof = boxes[0];
    const view = new DataView(fragment.buffer, fragment.byteOffset);
    const offsets = Cmaf.childBoxes(fragment, moof?.bodyStart ?? 0, moof?.end ?? 0)
      .filter((box) => box.type === 'traf')
      .map((traf) => Cmaf.findBox(fragment, traf.bodyStart, traf.end, 'trun')?.bodyStart ?? 0)
      .map((bodyStart) => view.getUint32(bodyStart + 8));
    expect(offsets.map((offset) => fragment[offset])).toEqual([5, 3]);
    expect(offsets[0]).toBe(boxes[1]?.bodyStart);
  });
});
