import { describe, expect, it } from 'vitest';
import { H264Assembler, type H264Frame } from '../../../../broadcaster/src/ingest/rtp/h264-assembler.js';
import { aggregate, fragments, packetise, ppsUnit, sliceUnit, spsUnit, withLengths } from './h264-units.js';

const SPS = spsUnit(640, 368);
const PPS = ppsUnit();
const key = (frame: number, size = 300): Uint8Array => sliceUnit(frame, { isKeyframe: true, size });
const delta = (frame: number, size = 300): Uint8Array => sliceUnit(frame, { isKeyframe: false, size });

/** Feeds payloads of one picture, the last with the marker. */
function feed(assembler: H264Assembler, timestamp: number, payloads: readonly Uint8Array[]): H264Frame[] {
  payloads.forEach((payload, i) => {
    const hasMarker = i === payloads.length - 1;
    assembler.handlePacket({ timestamp, hasMarker, payload, arrivedAt: i });
  });
  const frames: H264Frame[] = [];
  for (let frame = assembler.pollFrame(); frame !== undefined; frame = assembler.pollFrame())
    frames.push(frame);
  return frames;
}

/** One that has got its first key frame. */
function begun(): H264Assembler {
  const assembler = new H264Assembler();
  expect(feed(assembler, 0, packetise([SPS, PPS, key(0)]))).toHaveLength(1);
  return assembler;
}

describe('H264Assembler', () => {
  it('joins single units, aggregates and fragments to units behind their lengths', () => {
    const slices = [key(1, 5000), key(1, 40), key(1, 60)];
    const [large = key(1), ...small] = slices;
    const payloads = [aggregate([SPS, PPS]), ...fragments(large, 1000), aggregate(small)];
    const [frame] = feed(new H264Assembler(), 90, payloads);
    expect(frame?.bytes).toEqual(withLengths(slices));
    expect(frame).toMatchObject({ isKeyframe: true, timestamp: 90, arrivedAt: payloads.length - 1 });
    expect(frame?.format).toMatchObject({ width: 640, height: 368, parameterSets: { sps: SPS, pps: [PPS] } });
  });

  it('gives nothing before the first key frame', () => {
    const assembler = new H264Assembler();
    expect(feed(assembler, 0, packetise([delta(0)]))).toEqual([]);
    expect(assembler.waitsForKeyframe).toBe(true);
    expect(feed(assembler, 1, packetise([SPS, PPS, key(1)]))).toHaveLength(1);
    expect(feed(assembler, 2, packetise([delta(2)]))).toHaveLength(1);
  });

  it('names the parameter sets again only when they have changed', () => {
    const assembler = begun();
    expect(feed(assembler, 1, packetise([SPS, PPS, key(1)]))[0]?.format).toBeUndefined();
    const larger = spsUnit(1280, 720);
    expect(feed(assembler, 2, packetise([larger, PPS, key(2)]))[0]?.format).toMatchObject({ width: 1280 });
    const format = feed(assembler, 3, packetise([larger, PPS, ppsUnit(1), key(3)]))[0]?.format;
    expect(format?.parameterSets.pps).toEqual([PPS, ppsUnit(1)]);
  });

  it('takes key frames without parameter sets of their own', () => {
    expect(feed(begun(), 1, packetise([key(1)]))[0]).toMatchObject({ isKeyframe: true });
  });

  it('ends a picture without a marker where the next begins', () => {
    const assembler = begun();
    assembler.handlePacket({ timestamp: 1, hasMarker: false, payload: delta(1), arrivedAt: 5 });
    expect(assembler.pollFrame()).toBeUndefined();
    expect(feed(assembler, 2, packetise([delta(2)])).map((frame) => frame.timestamp)).toEqual([1, 2]);
  });

  it('drops everything from a gap to the next key frame', () => {
    const assembler = begun();
    const [first = PPS, ...rest] = fragments(delta(1, 3000), 1000);
    assembler.handlePacket({ timestamp: 1, hasMarker: false, payload: first, arrivedAt: 0 });
    assembler.handleGap();
    expect(feed(assembler, 1, rest.slice(1))).toEqual([]);
    expect(feed(assembler, 2, packetise([delta(2)]))).toEqual([]);
    expect(assembler.waitsForKeyframe).toBe(true);
    expect(feed(assembler, 3, packetise([SPS, PPS, key(3)]))).toHaveLength(1);
    expect(assembler.droppedCount).toBe(2);
  });

  it('does not take the rest of a key frame for one', () => {
    const assembler = begun();
    assembler.handleGap();
    expect(feed(assembler, 1, fragments(key(1, 3000), 1000))).toEqual([]);
    expect(feed(assembler, 2, packetise([key(2)]))).toHaveLength(1);
  });

  it('ignores padding, delimiters and filler', () => {
    const delimiter = Uint8Array.of(9, 0xf0);
    const filler = Uint8Array.of(12, 0xff, 0x80);
    const payloads = [delimiter, new Uint8Array(0), filler, delta(1)];
    expect(feed(begun(), 1, payloads)[0]?.bytes).toEqual(withLengths([delta(1)]));
  });

  for (const [what, payloads] of [
    ['an aggregate that is cut short', [Uint8Array.of(24, 0, 9, 0x41, 1)]],
    ['a fragment without a beginning', fragments(delta(1, 3000), 1000).slice(1)],
    ['a fragment without an end', fragments(delta(1, 3000), 1000).slice(0, 2)],
    ['a unit in the midst of fragments', [...fragments(delta(1, 3000), 1000).slice(0, 2), delta(1)]],
    ['a packet of the interleaved mode', [Uint8Array.of(25, 0, 0, 0, 4, 0x41, 1, 2, 3)]],
    ['more than a picture may have', Array.from({ length: 5000 }, () => delta(1, 10))],
  ] as const) {
    it(`drops a picture with ${what}`, () => {
      const assembler = begun();
      expect(feed(assembler, 1, payloads)).toEqual([]);
      expect(assembler.waitsForKeyframe).toBe(true);
    });
  }
});
