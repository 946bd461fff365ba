import { describe, expect, it } from 'vitest';
import {
  APPEND_BYTES_MAX,
  AppendQueue,
  QUEUE_BYTES_MAX,
  QUEUE_CHUNKS_MAX,
  type QueuedMedia,
} from '../../../../viewer/src/playback/append-queue.js';

const format = { mimeType: 'video/mp4', initSegment: new Uint8Array(1) };
const media = (isKeyframe: boolean, over: Partial<QueuedMedia & { size: number }> = {}): QueuedMedia => ({
  parts: [new Uint8Array(over.size ?? 10)],
  isKeyframe,
  offsetS: over.offsetS ?? 0,
});
const filled = (count: number): AppendQueue => {
  const queue = new AppendQueue();
  queue.pushFormat(format);
  for (let i = 0; i < count; i += 1) queue.pushMedia(media(i % 30 === 0));
  return queue;
};
const chunksIn = (queue: AppendQueue): number => {
  let count = 0;
  for (let step = queue.take(); step !== undefined; step = queue.take()) {
    if (step.kind === 'media') count += step.parts.length;
  }
  return count;
};

describe('append queue', () => {
  it('hands out the format before the media that needs it', () => {
    const queue = filled(2);
    expect(queue.take()).toEqual({ kind: 'format', format });
    expect(queue.take()).toMatchObject({ kind: 'media', offsetS: 0 });
    expect(queue.take()).toBeUndefined();
  });

  it('joins chunks of one offset into one append', () => {
    const queue = filled(5);
    queue.take();
    const step = queue.take();
    expect(step?.kind === 'media' && step.parts.length).toBe(5);
  });

  it('starts a new append where the offset changes', () => {
    const queue = filled(2);
    queue.pushMedia(media(true, { offsetS: 7 }));
    queue.take();
    expect(queue.take()).toMatchObject({ offsetS: 0 });
    expect(queue.take()).toMatchObject({ offsetS: 7 });
  });

  it('keeps one append within its byte limit', () => {
    const queue = new AppendQueue();
    queue.pushMedia(media(true, { size: APPEND_BYTES_MAX - 1 }));
    queue.pushMedia(media(false, { size: 2 }));
    const step = queue.take();
    expect(step?.kind === 'media' && step.parts.length).toBe(1);
  });

  it('lets a chunk larger than one append pass alone', () => {
    const queue = new AppendQueue();
    queue.pushMedia(media(true, { size: APPEND_BYTES_MAX + 1 }));
    expect(queue.take()).toMatchObject({ kind: 'media' });
  });

  it('leaves out everything before the first keyframe', () => {
    const queue = new AppendQueue();
    expect(queue.pushMedia(media(false))).toBe(false);
    expect(queue.pushMedia(media(true))).toBe(true);
    expect(queue.pushMedia(media(false))).toBe(true);
    expect(queue.droppedCount).toBe(1);
  });

  it('drops up to the newest keyframe when there are too many chunks, and keeps the format', () => {
    const queue = filled(QUEUE_CHUNKS_MAX + 1);
    expect(queue.droppedCount).toBe(QUEUE_CHUNKS_MAX);
    expect(queue.take()).toEqual({ kind: 'format', format });
    expect(chunksIn(queue)).toBe(1);
  });

  it('drops up to the newest keyframe when there are too many bytes', () => {
    const queue = new AppendQueue();
    const size = QUEUE_BYTES_MAX / 4;
    for (const isKeyframe of [true, false, false, true, false]) queue.pushMedia(media(isKeyframe, { size }));
    expect(chunksIn(queue)).toBe(2);
  });

  it('waits for a keyframe when even the newest group is too much', () => {
    const queue = new AppendQueue();
    queue.pushMedia(media(true, { size: QUEUE_BYTES_MAX }));
    queue.pushMedia(media(false, { size: 1 }));
    expect(queue.take()).toBeUndefined();
    expect(queue.pushMedia(media(false))).toBe(false);
    expect(queue.pushMedia(media(true))).toBe(true);
  });

  it('sends the format in force again after a restart, then waits for a keyframe', () => {
    const queue = filled(3);
    chunksIn(queue);
    queue.restart();
    expect(queue.take()).toEqual({ kind: 'format', format });
    expect(queue.pushMedia(media(false))).toBe(false);
  });

  it('keeps only the newest of two formats without media between them', () => {
    const queue = new AppendQueue();
    queue.pushFormat(format);
    queue.pushFormat({ ...format, mimeType: 'video/mp4; codecs="hvc1"' });
    expect(queue.take()).toMatchObject({ format: { mimeType: 'video/mp4; codecs="hvc1"' } });
    expect(queue.take()).toBeUndefined();
  });
});
