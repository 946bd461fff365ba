import { mediaUs, wallMs } from '@freshet/proto';
import { beforeEach, describe, expect, it } from 'vitest';
import { PLACED_MAX, START_S, Timeline } from '../../../../viewer/src/playback/timeline.js';
import { CHUNK_MS, makeChunk } from './chunks.js';

describe('timeline', () => {
  let timeline: Timeline;
  const placeAll = (
    numbers: readonly number[],
    over: Parameters<typeof makeChunk>[1] = {},
  ): (number | undefined)[] => numbers.map((number) => timeline.place(makeChunk(number, over)));

  beforeEach(() => {
    timeline = new Timeline();
    timeline.setFormat({ epoch: 1, renditionId: 1 });
  });

  it('puts the first chunk of a late join near the beginning', () => {
    const offsetS = timeline.place(makeChunk(9000));
    expect((offsetS ?? 0) + 300).toBeCloseTo(START_S, 6);
  });

  it('keeps one offset while chunks follow each other', () => {
    expect(new Set(placeAll([0, 1, 2, 3])).size).toBe(1);
  });

  it('lets a new epoch go on where the old one ended', () => {
    placeAll([0, 1, 2]);
    const endS = timeline.endS ?? 0;
    timeline.setFormat({ epoch: 2, renditionId: 1 });
    expect(timeline.place(makeChunk(0, { epoch: 2 }))).toBeCloseTo(endS, 6);
  });

  it('closes a gap, so that nobody waits for what was never sent', () => {
    placeAll([0, 1, 2]);
    const endS = timeline.endS ?? 0;
    const offsetS = timeline.place(makeChunk(60)) ?? 0;
    expect(offsetS + 2).toBeCloseTo(endS, 6);
  });

  it('leaves out what follows a gap until the keyframe', () => {
    placeAll([0, 1]);
    expect(placeAll([5, 6])).toEqual([undefined, undefined]);
    expect(timeline.place(makeChunk(30))).toBeDefined();
    expect(timeline.droppedCount).toBe(2);
  });

  it('leaves out chunks of another epoch or rendition', () => {
    expect(timeline.place(makeChunk(0, { epoch: 9 }))).toBeUndefined();
    expect(timeline.place(makeChunk(0, { renditionId: 2 }))).toBeUndefined();
  });

  it('keeps the place of a rendition that continues another', () => {
    const before = placeAll(Array.from({ length: 30 }, (_, index) => index)).at(-1);
    timeline.setFormat({ epoch: 1, renditionId: 2 });
    // Numbers of another rendition, the same media time.
    const next = makeChunk(7, { renditionId: 2, isKeyframe: true, mediaTimeUs: mediaUs(1_000_000) });
    expect(timeline.place(next)).toBe(before);
  });

  it('knows when the frame at a player time was captured', () => {
    placeAll([0, 1, 2]);
    const captureMs = timeline.captureMsAt(START_S + (1.5 * CHUNK_MS) / 1000);
    expect(captureMs).toBeCloseTo(1_000_000 + 1.5 * CHUNK_MS, 3);
  });

  it('knows capture times across epochs', () => {
    placeAll([0, 1]);
    timeline.setFormat({ epoch: 2, renditionId: 1 });
    timeline.place(makeChunk(0, { epoch: 2, captureMs: wallMs(2_000_000) }));
    expect(timeline.captureMsAt(timeline.endS ?? 0)).toBeCloseTo(2_000_000 + CHUNK_MS, 1);
    expect(timeline.captureMsAt(START_S)).toBe(1_000_000);
  });

  it('does not guess the capture time before the first chunk', () => {
    placeAll([0]);
    expect(timeline.captureMsAt(0)).toBeUndefined();
  });

  it('forgets the oldest capture times when there are too many', () => {
    placeAll(Array.from({ length: PLACED_MAX + 2 }, (_, index) => index));
    expect(timeline.captureMsAt(START_S + CHUNK_MS / 1000)).toBeUndefined();
    expect(timeline.captureMsAt(timeline.endS ?? 0)).toBeDefined();
  });
});
