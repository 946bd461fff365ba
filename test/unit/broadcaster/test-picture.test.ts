import { describe, expect, it, vi } from 'vitest';
import { readClock } from '../../../broadcaster/src/ingest/clock-strip.js';
import { TestPicture } from '../../../broadcaster/src/ingest/test-picture.js';

const SIZE = { width: 160, height: 120 };
const FRAME_BYTES = (160 * 120 * 3) / 2;

/** Runs a picture against fake timers; `read` decides after each millisecond whether ffmpeg takes what is there. */
function play(
  forMs: number,
  read: (ms: number) => boolean,
  lateMs = 0,
): { chunks: Buffer[]; picture: TestPicture } {
  vi.useFakeTimers({ now: 1_700_000_000_000 });
  let mono = 0;
  const clock = { mono: () => mono, wall: () => 1_700_000_000_000 + mono };
  const picture = new TestPicture(SIZE, clock);
  const chunks: Buffer[] = [];
  const take = (): void => {
    for (let chunk = picture.read(); chunk !== null; chunk = picture.read()) chunks.push(chunk);
  };
  picture.read(0);
  for (let ms = 0; ms < forMs; ms++) {
    mono += 1;
    if (!(mono > 300 && mono < 300 + lateMs)) vi.advanceTimersByTime(1);
    if (read(ms)) take();
  }
  picture.destroy();
  vi.useRealTimers();
  return { chunks, picture };
}

const framesIn = (chunks: readonly Buffer[]): number =>
  Math.floor(chunks.reduce((sum, chunk) => sum + chunk.length, 0) / FRAME_BYTES);

describe('TestPicture', () => {
  it('draws 30 frames in a second, each with the time it was drawn at', () => {
    const { chunks, picture } = play(990, () => true);
    expect(picture.skippedFrames).toBe(0);
    const whole = Buffer.concat(chunks);
    const times: number[] = [];
    // A video block's header: SimpleBlock, its size, track 1.
    const mark = Buffer.from([0xa3, 0x01, 0, 0, 0, 0, 0, 0x70, 0x84, 0x81]);
    for (let at = whole.indexOf(mark); at >= 0; at = whole.indexOf(mark, at + 1)) {
      times.push(readClock(whole.subarray(at + 13, at + 13 + FRAME_BYTES), 160, 120) ?? -1);
    }
    expect(times).toHaveLength(30);
    expect(times[0]).toBe(1_700_000_000_000);
    expect(times[29]).toBeGreaterThanOrEqual(1_700_000_000_966);
    expect(times[29]).toBeLessThanOrEqual(1_700_000_000_969);
  });

  it('leaves frames out instead of falling behind when this process was late', () => {
    const { chunks, picture } = play(1000, () => true, 200);
    expect(picture.skippedFrames).toBeGreaterThanOrEqual(5);
    expect(picture.skippedFrames).toBeLessThanOrEqual(7);
    expect(framesIn(chunks)).toBeGreaterThanOrEqual(23);
  });

  it('holds only a few frames while ffmpeg does not read', () => {
    const { picture } = play(2000, () => false);
    expect(picture.readableLength).toBeLessThan(5 * FRAME_BYTES + 2 * 200_000);
    expect(picture.skippedFrames).toBeGreaterThan(40);
  });
});
