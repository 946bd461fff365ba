import { Cmaf, type MediaChunk, Recording } from '@freshet/proto';
import { expect, test } from 'vitest';
import { AUDIO_TIMESCALE, chunkOf, chunksOf, initOf, VIDEO_TIMESCALE } from '../../viewer/app/broadcast.js';

const init: Recording.MovieInit = Recording.readMovieInit(initOf()) ?? {
  bytes: new Uint8Array(0),
  tracks: [],
};
const timelineOf = (gapUsMax = 1_000_000): Recording.FragmentTimeline =>
  new Recording.FragmentTimeline({ init, gapUsMax });
const addAll = (
  timeline: Recording.FragmentTimeline,
  chunks: readonly MediaChunk[],
): readonly Recording.PlacedChunk[] => chunks.flatMap((chunk) => timeline.add(chunk));

/** Decode times in seconds as the written bytes say them, by track. */
const timesOf = (placed: readonly Recording.PlacedChunk[], trackId: number): readonly number[] =>
  placed.flatMap(({ bytes }) => {
    const track = Cmaf.parseMoof(bytes)?.tracks.find((candidate) => candidate.trackId === trackId);
    return track ? [track.baseMediaDecodeTime / (trackId === 1 ? VIDEO_TIMESCALE : AUDIO_TIMESCALE)] : [];
  });
const sequenceNumbers = (placed: readonly Recording.PlacedChunk[]): readonly (number | undefined)[] =>
  placed.map(({ bytes }) => Cmaf.parseMoof(bytes)?.sequenceNumber);

test('a timeline begins at 0 wherever the broadcast is', () => {
  const placed = addAll(timelineOf(), chunksOf(70_000, 70_003));
  expect(timesOf(placed, 1).map((time) => time.toFixed(4))).toEqual(['0.0000', '0.1000', '0.2000']);
  expect(timesOf(placed, 2).map((time) => time.toFixed(4))).toEqual(['0.0000', '0.1000', '0.2000']);
  expect(sequenceNumbers(placed)).toEqual([1, 2, 3]);
});

test('the first chunks are held until every track has shown where it begins', () => {
  const timeline = timelineOf();
  expect(timeline.add(chunkOf(10, { hasAudio: false }))).toEqual([]);
  const placed = timeline.add(chunkOf(11, { hasVideo: false, laterBy: -0.15 }));
  expect(timesOf(placed, 2)).toEqual([0]);
  expect(timesOf(placed, 1)[0]).toBeCloseTo(0.05, 5);
});

test('a track that stays silent does not hold the others back for ever', () => {
  const placed = addAll(timelineOf(), chunksOf(0, 6, { hasAudio: false }));
  expect(placed.length).toBe(6);
  expect(Recording.HELD_CHUNKS_MAX).toBeGreaterThan(6);
});

test('a new run follows the one before it, with picture and sound together', () => {
  const timeline = timelineOf();
  const before = addAll(timeline, chunksOf(50, 55));
  expect(timeline.startRun()).toEqual([]);
  const placed = [...before, ...addAll(timeline, chunksOf(0, 3, { epoch: 2 }))];
  expect(
    timesOf(placed, 1)
      .slice(5)
      .map((time) => time.toFixed(4)),
  ).toEqual(['0.5000', '0.6000', '0.7000']);
  expect(
    timesOf(placed, 2)
      .slice(5)
      .map((time) => time.toFixed(4)),
  ).toEqual(['0.5000', '0.6000', '0.7000']);
  expect(sequenceNumbers(placed)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(timeline.durationMs).toBe(800);
});

test('a short gap stays, for both tracks alike; a long one is closed', () => {
  const timeline = timelineOf(1_000_000);
  const placed = addAll(timeline, [chunkOf(0), chunkOf(10), chunkOf(110)]);
  expect(timesOf(placed, 1).map((time) => time.toFixed(4))).toEqual(['0.0000', '1.0000', '1.1000']);
  expect(timesOf(placed, 2).map((time) => time.toFixed(4))).toEqual(['0.0000', '1.0000', '1.1000']);
});

test('times that go back within a run never go back on the timeline', () => {
  const placed = addAll(timelineOf(), [chunkOf(20), chunkOf(21), chunkOf(22, { laterBy: -2 })]);
  expect(timesOf(placed, 1).map((time) => time.toFixed(4))).toEqual(['0.0000', '0.1000', '0.2000']);
});

test('after a chunk that cannot be read nothing comes until the next keyframe', () => {
  const timeline = timelineOf();
  const broken = { ...chunkOf(1), bytes: chunkOf(1).bytes.subarray(0, 60) };
  const placed = addAll(timeline, [chunkOf(0), broken, chunkOf(2), chunkOf(3), chunkOf(10), chunkOf(11)]);
  expect(timesOf(placed, 1).map((time) => time.toFixed(4))).toEqual(['0.0000', '1.0000', '1.1000']);
  expect(timeline.chunksRefused).toBe(3);
});

test('a run does not begin in the middle of a group', () => {
  const timeline = timelineOf();
  expect(addAll(timeline, chunksOf(5, 10))).toEqual([]);
  expect(addAll(timeline, chunksOf(10, 12))).toHaveLength(2);
  timeline.startRun();
  expect(addAll(timeline, chunksOf(1, 3, { epoch: 2 }))).toEqual([]);
});

test('the chunk that was handed in is not changed', () => {
  const chunk = chunkOf(700);
  const copy = chunk.bytes.slice();
  timelineOf().add(chunk);
  expect(chunk.bytes).toEqual(copy);
});

/** Older muxers write 32-bit decode times; a long recording outgrows them. */
test('a timeline whose times have outgrown their field is full', () => {
  const timeline = timelineOf(Number.MAX_SAFE_INTEGER);
  const withShortTime = (chunkNumber: number, ticks: number): MediaChunk => {
    const chunk = chunkOf(chunkNumber, { hasAudio: false });
    const bytes = Buffer.from(chunk.bytes);
    const tfdt = bytes.indexOf('tfdt');
    // Version 0 with the same box size: 4 bytes of time, 4 that nobody reads.
    bytes.writeUInt32BE(0, tfdt + 4);
    bytes.writeUInt32BE(ticks, tfdt + 8);
    return { ...chunk, bytes };
  };
  addAll(timeline, [withShortTime(0, 0), ...[1, 2, 3, 4, 5].map((n) => withShortTime(n, n * 9000))]);
  timeline.add(withShortTime(10, 0xffff_0000));
  expect(timeline.isFull).toBe(false);
  timeline.startRun();
  addAll(
    timeline,
    [0, 1, 2, 3, 4, 5, 6, 7, 8].map((n) => withShortTime(n, 100_000 + n * 9000)),
  );
  expect(timeline.isFull).toBe(true);
});
