import { mediaUs } from '@freshet/proto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PART_US_MAX, PART_US_MIN, SEGMENT_US_MAX } from '../../../../relay-node/src/hls/limits.js';
import { type CutEvent, SegmentCutter } from '../../../../relay-node/src/hls/segment-cutter.js';
import { chunk } from './broadcast.js';

/** Chunks of one frame, with a keyframe every `groupFrames`. */
const cutFrames = (options: { fps: number; groupFrames: number; count: number }): CutEvent[] => {
  const cutter = new SegmentCutter();
  const events: CutEvent[] = [];
  for (let frame = 0; frame < options.count; frame++) {
    const mediaTimeUs = mediaUs(Math.round((frame * 1e6) / options.fps));
    const durationUs = Math.round(1e6 / options.fps);
    const isKeyframe = frame % options.groupFrames === 0;
    events.push(...cutter.add(chunk({ mediaTimeUs, durationUs, isKeyframe })));
  }
  return events;
};

type Segment = {
  parts: number[];
  independent: boolean[];
  durationUs: number;
  isDiscontinuity: boolean;
  isIndependent: boolean;
};

/** The segments that are finished. */
const segmentsOf = (events: readonly CutEvent[]): Segment[] => {
  const segments: Segment[] = [];
  for (const event of events) {
    const last = segments.at(-1);
    if (event.kind === 'start') segments.push({ parts: [], independent: [], durationUs: 0, ...event.start });
    else if (event.kind === 'end' && last) last.durationUs = event.durationUs;
    else if (event.kind === 'part') {
      last?.parts.push(event.part.durationUs);
      last?.independent.push(event.part.isIndependent);
    }
  }
  return segments.filter(({ durationUs }) => durationUs > 0);
};

describe('the cutter of segments and parts', () => {
  it('joins two groups of a second to a segment of ten parts, and begins parts with the keyframes', () => {
    const [first, second] = segmentsOf(cutFrames({ fps: 30, groupFrames: 30, count: 130 }));
    expect(first?.durationUs).toBe(2_000_000);
    expect(second?.durationUs).toBe(2_000_000);
    expect(first?.parts).toEqual(new Array(10).fill(6 * 33_333));
    const pattern = [true, false, false, false, false, true, false, false, false, false];
    expect(first?.independent).toEqual(pattern);
    expect([first?.isDiscontinuity, second?.isDiscontinuity]).toEqual([true, false]);
  });

  it('hands a part out with its last frame, not with the next one', () => {
    const events = cutFrames({ fps: 30, groupFrames: 30, count: 6 });
    expect(events.map(({ kind }) => kind)).toEqual(['start', 'part']);
  });

  // draft-pantos-hls-rfc8216bis §4.4.3.7 and §4.4.4.9.
  it.each([10, 15, 20, 23.976, 24, 25, 29.97, 30, 48, 50, 59.94, 60])(
    'keeps the part target at %d frames a second',
    (fps) => {
      const segments = segmentsOf(
        cutFrames({ fps, groupFrames: Math.round(fps), count: Math.ceil(fps * 11) }),
      );
      expect(segments.length).toBeGreaterThanOrEqual(4);
      for (const { parts, durationUs } of segments) {
        expect(Math.max(...parts)).toBeLessThanOrEqual(PART_US_MAX);
        expect(Math.min(...parts.slice(0, -1))).toBeGreaterThanOrEqual(PART_US_MIN);
        expect(durationUs).toBeGreaterThan(1_900_000);
        expect(durationUs).toBeLessThanOrEqual(SEGMENT_US_MAX);
      }
    },
  );

  // hls.js begins to play with an independent part as it is, and finds a hole where frames wait for their keyframe.
  it('calls no part independent that has its keyframe in the middle', () => {
    const [first] = segmentsOf(cutFrames({ fps: 24, groupFrames: 24, count: 60 }));
    expect(first?.independent.filter((isIndependent) => isIndependent)).toHaveLength(1);
    expect(first?.independent[0]).toBe(true);
  });

  it('takes a group of two seconds as one segment, and three halves as two groups too many', () => {
    expect(segmentsOf(cutFrames({ fps: 30, groupFrames: 60, count: 130 })).map((s) => s.durationUs)).toEqual([
      2_000_000, 2_000_000,
    ]);
    expect(segmentsOf(cutFrames({ fps: 30, groupFrames: 45, count: 100 })).map((s) => s.durationUs)).toEqual([
      1_500_000, 1_500_000,
    ]);
  });

  it('cuts a group that is longer than a segment, and says that the rest begins without a keyframe', () => {
    const segments = segmentsOf(cutFrames({ fps: 30, groupFrames: 150, count: 160 }));
    expect(segments.map(({ isIndependent }) => isIndependent)).toEqual([true, false, false]);
    for (const { durationUs } of segments) expect(durationUs).toBeLessThanOrEqual(SEGMENT_US_MAX);
  });

  it('calls a hole in the times a discontinuity, and a lost frame none', () => {
    const cutter = new SegmentCutter();
    const at = (timeMs: number): readonly CutEvent[] =>
      cutter.add(chunk({ mediaTimeUs: mediaUs(timeMs * 1000), isKeyframe: true }));
    at(0);
    expect(at(100)).toEqual([]);
    const events = at(1_000);
    expect(events.map(({ kind }) => kind)).toEqual(['part', 'end', 'start']);
    expect(events[2]).toMatchObject({ start: { isDiscontinuity: true } });
    expect(at(0).at(-1)).toMatchObject({ start: { isDiscontinuity: true } });
  });

  it('ends what is open when nothing more comes', () => {
    const cutter = new SegmentCutter();
    cutter.add(chunk({ isKeyframe: true }));
    const events = cutter.finish();
    expect(events.map(({ kind }) => kind)).toEqual(['part', 'end']);
    expect(events[1]).toMatchObject({ durationUs: 33_333 });
    expect(cutter.finish()).toEqual([]);
  });

  it('keeps its bounds, and every byte in order, whatever the chunks say of themselves', () => {
    const arbitrary = fc.array(
      fc.record({
        isKeyframe: fc.boolean(),
        mediaTimeUs: fc.integer({ min: 0, max: 20_000_000 }).map(mediaUs),
        durationUs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 4_294_967_295 })),
      }),
      { maxLength: 200 },
    );
    fc.assert(
      fc.property(arbitrary, (chunks) => {
        const cutter = new SegmentCutter();
        const events: CutEvent[] = [];
        for (const [index, given] of chunks.entries()) {
          events.push(...cutter.add(chunk({ ...given, bytes: Uint8Array.of(index) })));
        }
        events.push(...cutter.finish());
        const bytes = events.flatMap((event) => (event.kind === 'part' ? [...event.part.bytes] : []));
        expect(bytes).toEqual(chunks.map((_, index) => index));
        for (const event of events) {
          if (event.kind === 'part') expect(event.part.durationUs).toBeLessThanOrEqual(PART_US_MAX);
          if (event.kind === 'end') expect(event.durationUs).toBeLessThanOrEqual(SEGMENT_US_MAX);
        }
      }),
      { seed: 7, numRuns: 100 },
    );
  });
});
