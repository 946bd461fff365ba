import { describe, expect, it } from 'vitest';
import { FrameOrder, type OrderedFrame } from '../../../../broadcaster/src/ingest/rtp/frame-order.js';

const frame = (kind: 'video' | 'audio', ms: number): OrderedFrame => ({ kind, timeUs: ms * 1000 });
const video = (ms: number): OrderedFrame => frame('video', ms);
const audio = (ms: number): OrderedFrame => frame('audio', ms);

function drain(order: FrameOrder<OrderedFrame>, now: number): string[] {
  const out: string[] = [];
  for (let next = order.poll(now); next !== undefined; next = order.poll(now))
    out.push(`${next.kind[0]}${next.timeUs / 1000}`);
  return out;
}

/** One in which both tracks are under way. */
function running(): FrameOrder<OrderedFrame> {
  const order = new FrameOrder<OrderedFrame>(true);
  order.push(0, video(0));
  order.push(0, audio(0));
  expect(drain(order, 0)).toEqual(['v0', 'a0']);
  return order;
}

describe('FrameOrder', () => {
  it('holds the sound until the first picture, and leaves out what is older', () => {
    const order = new FrameOrder<OrderedFrame>(true);
    for (const ms of [0, 20, 40, 60]) order.push(ms, audio(ms));
    expect(drain(order, 60)).toEqual([]);
    order.push(70, video(33));
    expect(drain(order, 70)).toEqual(['v33', 'a40', 'a60']);
    expect(order.droppedCount).toBe(2);
    expect(order.startTimeUs).toBe(33_000);
  });

  it('begins without a picture that does not come for two seconds', () => {
    const order = new FrameOrder<OrderedFrame>(true);
    order.push(0, audio(0));
    expect(order.nextTimeout()).toBe(2000);
    expect(drain(order, 1999)).toEqual([]);
    expect(drain(order, 2000)).toEqual(['a0']);
  });

  it('gives what is at most 40 ms ahead of the other track at once', () => {
    const order = running();
    order.push(33, video(33));
    expect(drain(order, 33)).toEqual(['v33']);
  });

  it('holds what is farther ahead for 60 ms, and no longer', () => {
    const order = running();
    order.push(100, audio(40));
    expect(drain(order, 100)).toEqual(['a40']);
    order.push(100, video(100));
    expect(order.nextTimeout()).toBe(160);
    expect(drain(order, 159)).toEqual([]);
    expect(drain(order, 160)).toEqual(['v100']);
  });

  it('sorts what waits', () => {
    const order = running();
    order.push(100, video(100));
    order.push(101, audio(80));
    order.push(102, audio(120));
    expect(drain(order, 102)).toEqual(['a80', 'v100', 'a120']);
  });

  it('does not wait for a track that has been silent', () => {
    const order = running();
    order.push(300, video(300));
    expect(drain(order, 300)).toEqual(['v300']);
  });

  it('drops the oldest when too many wait', () => {
    const order = new FrameOrder<OrderedFrame>(true);
    for (let i = 0; i < 300; i++) order.push(i, audio(i * 20));
    expect(order.droppedCount).toBe(44);
  });
});
