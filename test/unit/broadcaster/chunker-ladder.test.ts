import { describe, expect, it } from 'vitest';
import { Chunker, type ChunkerEvent } from '../../../broadcaster/src/chunk/chunker.js';
import {
  audioConfigTag,
  audioTag,
  flv,
  flvHeader,
  OTHER_AVC_CONFIG,
  videoConfigTag,
  videoTag,
} from './flv-bytes.js';

const frame = (index: number, startMs = 0): Uint8Array =>
  videoTag({ ms: startMs + index * 40, isKeyframe: index % 5 === 0 });
const frames = (from: number, to: number, startMs = 0): Uint8Array =>
  flv(...Array.from({ length: to - from }, (_, index) => frame(from + index, startMs)));

const FIRST = flv(flvHeader({ hasAudio: true }), videoConfigTag(), audioConfigTag());
const SECOND = flv(flvHeader({ hasAudio: false }), videoConfigTag(OTHER_AVC_CONFIG));

class Ladder {
  readonly events: ChunkerEvent[] = [];
  readonly chunker = new Chunker(40, { outputCount: 2, hasSoundRendition: true });

  push(output: number, bytes: Uint8Array): this {
    const result = this.chunker.push(bytes, output);
    if (!result.ok) throw new Error(result.reason);
    this.events.push(...result.events);
    return this;
  }

  /** Milliseconds at which a rendition's chunks, or its keyframes only, begin. */
  times(rendition: number, isKeyframe?: boolean): number[] {
    return this.events.flatMap((event) => {
      if (event.kind !== 'chunk' || event.rendition !== rendition) return [];
      return isKeyframe === undefined || event.chunk.isKeyframe === isKeyframe
        ? [event.chunk.mediaTimeUs / 1000]
        : [];
    });
  }

  get formats(): number[][] {
    return this.events.flatMap((event) =>
      event.kind === 'format' ? [event.formats.map(({ width }) => width)] : [],
    );
  }
}

describe('a Chunker of several outputs', () => {
  it('begins when all outputs have, and names all of them, the sound last', () => {
    const ladder = new Ladder().push(0, FIRST).push(0, frames(0, 3));
    expect(ladder.events).toEqual([]);
    ladder.push(1, flv(SECOND, frames(0, 3)));
    expect(ladder.formats).toEqual([[320, 322, 0]]);
    expect(ladder.times(0)).toEqual([0, 40, 80]);
    expect(ladder.times(1)).toEqual([0, 40, 80]);
  });

  it('counts time from the first keyframe that all outputs have', () => {
    const ladder = new Ladder().push(0, flv(FIRST, frames(0, 12)));
    ladder.push(1, flv(SECOND, frames(5, 12)));
    expect(ladder.times(0)).toEqual(ladder.times(1));
    expect(ladder.times(1, true)).toEqual([0, 200]);
  });

  it('has one sound in all renditions, and in groups of its own at the picture’s keyframes', () => {
    const sound = (from: number, to: number): Uint8Array =>
      flv(
        ...Array.from({ length: to - from }, (_, index) =>
          audioTag(Math.round((from + index) * (1024 / 48))),
        ),
      );
    const ladder = new Ladder().push(0, flv(FIRST, frames(0, 1))).push(1, flv(SECOND, frames(0, 1)));
    for (let index = 1; index < 20; index++)
      ladder.push(0, flv(frame(index), sound(index * 2, index * 2 + 2))).push(1, frame(index));
    const groups = ladder.times(2, true);
    expect(ladder.times(0, true)).toEqual([0, 200, 400, 600]);
    expect(groups).toHaveLength(4);
    for (const [index, ms] of groups.entries()) {
      expect(ms).toBeGreaterThanOrEqual(index * 200);
      expect(ms).toBeLessThan(index * 200 + 90);
    }
  });

  it('begins a new run in all outputs when the time of the source jumps, wherever each has come to', () => {
    const ladder = new Ladder().push(0, flv(FIRST, frames(0, 8))).push(1, flv(SECOND, frames(0, 4)));
    ladder.push(0, frames(0, 8, 60_000));
    ladder.push(1, frames(4, 8)).push(1, frames(0, 8, 60_000));
    expect(ladder.formats).toHaveLength(2);
    const second = ladder.events.slice(ladder.events.findLastIndex(({ kind }) => kind === 'format'));
    expect(second.filter(({ kind }) => kind === 'chunk')).toHaveLength(16);
    expect(ladder.times(1).slice(-8)).toEqual([0, 40, 80, 120, 160, 200, 240, 280]);
  });

  it('begins a new run in all outputs when one of them is encoded otherwise from now on', () => {
    const ladder = new Ladder().push(0, flv(FIRST, frames(0, 5))).push(1, flv(SECOND, frames(0, 5)));
    ladder.push(0, flv(videoConfigTag(OTHER_AVC_CONFIG), frames(5, 12))).push(1, frames(5, 12));
    expect(ladder.formats).toEqual([
      [320, 322, 0],
      [322, 322, 0],
    ]);
    expect(ladder.times(1).slice(-7)).toEqual(ladder.times(0).slice(-7));
  });
});
