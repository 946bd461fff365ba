import { Cmaf } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { Chunker, type ChunkerEvent } from '../../../broadcaster/src/chunk/chunker.js';
import type { CutChunk } from '../../../broadcaster/src/chunk/cut-chunk.js';
import {
  audioConfigTag,
  audioTag,
  flv,
  flvHeader,
  OTHER_AVC_CONFIG,
  videoConfigTag,
  videoTag,
} from './flv-bytes.js';

/** 30 frames per second from `startMs`, a keyframe every `group`. */
const frames = (startMs: number, count: number, group = 30): Uint8Array[] =>
  Array.from({ length: count }, (_, index) =>
    videoTag({ ms: startMs + Math.round((index * 100) / 3), isKeyframe: index % group === 0, fill: index }),
  );

const intro = (hasAudio: boolean): Uint8Array =>
  flv(flvHeader({ hasAudio }), videoConfigTag(), ...(hasAudio ? [audioConfigTag()] : []));

function feed(chunker: Chunker, ...parts: Uint8Array[]): ChunkerEvent[] {
  return parts.flatMap((part) => {
    const result = chunker.push(part);
    return result.ok ? [...result.events] : [];
  });
}

const chunksOf = (events: readonly ChunkerEvent[]): CutChunk[] =>
  events.flatMap((event) => (event.kind === 'chunk' ? [event.chunk] : []));

const tracksOf = (chunk: CutChunk | undefined): readonly Cmaf.TrackFragment[] =>
  (chunk && Cmaf.parseMoof(chunk.bytes)?.tracks) ?? [];

describe('Chunker', () => {
  it('sends a frame the moment it is there, a keyframe first and media time from 0', () => {
    const chunker = new Chunker();
    expect(feed(chunker, intro(false))).toEqual([]);
    const events = feed(chunker, videoTag({ ms: 70_000, isKeyframe: true }));
    expect(events.map((event) => event.kind)).toEqual(['format', 'chunk']);
    expect(chunksOf(events)[0]).toMatchObject({ isKeyframe: true, mediaTimeUs: 0, durationUs: 33_333 });
    const second = chunksOf(feed(chunker, videoTag({ ms: 70_033, isKeyframe: false })))[0];
    expect(second).toMatchObject({ isKeyframe: false, mediaTimeUs: 33_000 });
  });

  it('states the format that its initialisation segment has', () => {
    const events = feed(new Chunker(), intro(true), ...frames(0, 1), audioTag(0));
    const format = events[0]?.kind === 'format' ? events[0].format : undefined;
    const init = format && Cmaf.parseInit(format.initSegment);
    expect(format).toMatchObject({ width: 320, height: 180, frameRateMilli: 30_000, hasAudio: true });
    expect(format?.mimeType).toBe('video/mp4; codecs="avc1.42c00d,mp4a.40.2"');
    expect(init && Cmaf.mimeTypeOf(init)).toBe(format?.mimeType);
  });

  it('puts as many frames into a chunk as make up its length, and a keyframe always first', () => {
    const chunker = new Chunker(100);
    const events = [...feed(chunker, intro(false), ...frames(0, 7, 4)), ...chunker.finish()];
    const counts = chunksOf(events).map((chunk) => tracksOf(chunk)[0]?.sampleCount);
    expect(counts).toEqual([3, 1, 3]);
    expect(chunksOf(events).map((chunk) => chunk.isKeyframe)).toEqual([true, false, true]);
  });

  it('leaves out frames before the first keyframe', () => {
    const early = videoTag({ ms: 0, isKeyframe: false });
    const chunks = chunksOf(feed(new Chunker(), intro(false), early, ...frames(33, 1)));
    expect(chunks).toHaveLength(1);
    expect(chunks[0]).toMatchObject({ isKeyframe: true, mediaTimeUs: 0 });
  });

  it('sends sound with the next frame, timed by counting samples', () => {
    const chunker = new Chunker();
    feed(chunker, intro(true), ...frames(0, 1));
    const tags = [audioTag(0), audioTag(21), audioTag(43), videoTag({ ms: 33, isKeyframe: false })];
    const chunk = chunksOf(feed(chunker, ...tags))[0];
    expect(tracksOf(chunk)[1]).toMatchObject({
      trackId: 2,
      baseMediaDecodeTime: 0,
      sampleCount: 3,
      duration: 3072,
    });
    const next = chunksOf(feed(chunker, audioTag(64), videoTag({ ms: 67, isKeyframe: false })))[0];
    expect(tracksOf(next)[1]?.baseMediaDecodeTime).toBe(3072);
  });

  it('takes back the time by which the sound was written ahead', () => {
    const chunker = new Chunker(undefined, { outputCount: 1, hasSoundRendition: false }, 100);
    feed(chunker, intro(true), ...frames(0, 1));
    // What belongs before the first frame is left out; what is stamped 107 ms belongs to 7 ms.
    const tags = [audioTag(64), audioTag(107), videoTag({ ms: 33, isKeyframe: false })];
    const chunk = chunksOf(feed(chunker, ...tags))[0];
    expect(tracksOf(chunk)[1]).toMatchObject({ baseMediaDecodeTime: 7 * 48, sampleCount: 1 });
  });

  it('never holds a frame back for sound that does not come', () => {
    const chunker = new Chunker();
    const events = feed(chunker, intro(true), ...frames(0, 10));
    expect(chunksOf(events)).toHaveLength(10);
  });

  it('sends sound alone when no frame has come for half a second', () => {
    const chunker = new Chunker();
    feed(chunker, intro(true), ...frames(0, 1));
    const sound = Array.from({ length: 30 }, (_, index) => audioTag(Math.round(index * 21.33)));
    const chunks = chunksOf(feed(chunker, ...sound));
    expect(chunks).toHaveLength(1);
    expect(chunks[0]?.isKeyframe).toBe(false);
    expect(tracksOf(chunks[0]).map((track) => track.trackId)).toEqual([2]);
  });

  it.each([
    ['an hour forward', 3_600_000],
    ['an hour back', -3_600_000],
  ])('starts a new run at a step of %s, with time from 0 again', (_name, stepMs) => {
    const chunker = new Chunker();
    const start = 5_000_000;
    feed(chunker, intro(true), ...frames(start, 10));
    const delta = videoTag({ ms: start + stepMs, isKeyframe: false });
    expect(feed(chunker, delta)).toEqual([]);
    const events = feed(chunker, ...frames(start + stepMs + 33, 2), audioTag(start + stepMs + 33));
    expect(events.map((event) => event.kind)).toEqual(['format', 'chunk', 'chunk']);
    expect(chunksOf(events)[0]).toMatchObject({ isKeyframe: true, mediaTimeUs: 0 });
  });

  it('starts a new run when the encoding changes, not when its configuration is only repeated', () => {
    const chunker = new Chunker();
    feed(chunker, intro(false), ...frames(0, 3));
    expect(
      feed(chunker, videoConfigTag(), videoTag({ ms: 100, isKeyframe: false })).map((e) => e.kind),
    ).toEqual(['chunk']);
    const events = feed(chunker, videoConfigTag(OTHER_AVC_CONFIG), videoTag({ ms: 133, isKeyframe: true }));
    expect(events[0]).toMatchObject({ kind: 'format', format: { width: 322, height: 182 } });
  });

  it('lets decode times rise even where the source repeats one', () => {
    const chunker = new Chunker();
    feed(chunker, intro(false), ...frames(0, 1));
    const times = [33, 33, 30, 66].map((ms) => {
      const chunk = chunksOf(feed(chunker, videoTag({ ms, isKeyframe: false })))[0];
      return tracksOf(chunk)[0]?.baseMediaDecodeTime ?? -1;
    });
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(new Set(times).size).toBe(4);
  });

  it('leaves out sound from another timeline', () => {
    const chunker = new Chunker();
    feed(chunker, intro(true), ...frames(0, 1));
    const chunk = chunksOf(feed(chunker, audioTag(3_600_000), videoTag({ ms: 33, isKeyframe: false })))[0];
    expect(tracksOf(chunk)).toHaveLength(1);
  });

  it('waits for announced sound before the first chunk, but not for ever', () => {
    const chunker = new Chunker();
    const announced = flv(flvHeader({ hasAudio: true }), videoConfigTag());
    expect(feed(chunker, announced, ...frames(0, 30))).toEqual([]);
    const events = feed(chunker, ...frames(1000, 40));
    expect(events[0]).toMatchObject({ kind: 'format', format: { hasAudio: false } });
    expect(chunksOf(events).length).toBeGreaterThan(60);
  });

  it('says why it cannot go on', () => {
    expect(new Chunker().push(new Uint8Array(100))).toEqual({ ok: false, reason: 'malformed' });
  });
});
