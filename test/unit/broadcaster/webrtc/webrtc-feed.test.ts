import { afterEach, describe, expect, it } from 'vitest';
import type { MediaFrame } from '../../../../broadcaster/src/ingest/rtp/index.js';
import { SOUND_LATE_US_MAX, SoundKeeper } from '../../../../broadcaster/src/ingest/webrtc/opus-silence.js';
import type { Publisher } from '../../../../broadcaster/src/ingest/webrtc/publisher-gate.js';
import { BACKLOG_BYTES_MAX, WebrtcFeed } from '../../../../broadcaster/src/ingest/webrtc/webrtc-feed.js';

/** A parameter set of Chromium's at 1280x720, and one of 320x240. */
const LARGE = Buffer.from('6742c01f8c8d402802dd350606060784423500', 'hex');
const SMALL = Buffer.from('6742c00dd90141fb016a020202800000030080000018478a1524', 'hex');

const videoFrame = (timeMs: number, options: Partial<MediaFrame> = {}): MediaFrame => ({
  kind: 'video',
  timeUs: timeMs * 1000,
  arrivedAt: timeMs,
  bytes: new Uint8Array(50),
  isKeyframe: false,
  ...options,
});
const soundFrame = (timeMs: number): MediaFrame => ({
  kind: 'audio',
  timeUs: timeMs * 1000,
  arrivedAt: timeMs,
  bytes: new Uint8Array(20),
  isKeyframe: true,
});
const keyframe = (timeMs: number, sps?: Uint8Array): MediaFrame =>
  videoFrame(timeMs, {
    isKeyframe: true,
    ...(sps && { parameterSets: { sps, pps: [Buffer.from('68ce3c80', 'hex')] } }),
  });

describe('the feed of frames', () => {
  const feeds: WebrtcFeed[] = [];
  afterEach(() => {
    for (const feed of feeds.splice(0)) feed.close();
  });
  const open = () => {
    let asked = 0;
    let now = 0;
    const feed = new WebrtcFeed(() => now);
    feeds.push(feed);
    const publisher: Publisher = {
      id: 'a',
      via: 'studio',
      dismiss: () => undefined,
      requestKeyframe: () => {
        asked += 1;
      },
    };
    feed.onEnter(publisher);
    return { feed, asked: () => asked, wait: (ms: number) => (now += ms) };
  };

  it('begins a run with the first keyframe, and asks for one until it is there', async () => {
    const { feed, asked, wait } = open();
    feed.onFrame(videoFrame(0));
    wait(50);
    feed.onFrame(videoFrame(33));
    expect(asked()).toBe(1);
    wait(1_000);
    feed.onFrame(videoFrame(66));
    expect(asked()).toBe(2);
    feed.onFrame(keyframe(100, LARGE));
    expect(await feed.nextRun()).toMatchObject({ plan: { video: 'copy', width: 1280, height: 720 } });
  });

  it('begins a new run when the picture changes its size, and ends the one before', async () => {
    const { feed } = open();
    feed.onFrame(keyframe(0, LARGE));
    const first = await feed.nextRun();
    feed.onFrame(keyframe(1_000));
    expect(feed.hasNextRun).toBe(false);
    feed.onFrame(keyframe(2_000, SMALL));
    expect(feed.hasNextRun).toBe(true);
    expect(first).toMatchObject({ stream: { writableEnded: true }, why: undefined });
    expect(await feed.nextRun()).toMatchObject({ plan: { width: 320, height: 240 } });
  });

  it('begins again with the parameters it knows when ffmpeg is gone', async () => {
    const { feed, asked } = open();
    feed.onFrame(keyframe(0, LARGE));
    const run = await feed.nextRun();
    if (run) feed.finish(run);
    expect(asked()).toBe(1);
    feed.onFrame(keyframe(500));
    expect(await feed.nextRun()).toMatchObject({ plan: { width: 1280 } });
  });

  it('says why a run has ended when the publisher leaves', async () => {
    const { feed } = open();
    feed.onFrame(keyframe(0, LARGE));
    const run = await feed.nextRun();
    feed.onLeave('the studio stopped');
    expect(run).toMatchObject({ why: 'the studio stopped; waiting for it to come back' });
  });

  it('encodes when keyframes stay far apart though they were asked for', async () => {
    const { feed } = open();
    feed.onFrame(keyframe(0, LARGE));
    await feed.nextRun();
    for (const timeMs of [5_000, 10_000]) feed.onFrame(keyframe(timeMs));
    expect(await feed.nextRun()).toMatchObject({ plan: { video: 'encode' } });
  });

  it('drops up to a keyframe instead of growing when ffmpeg stands still', async () => {
    const { feed } = open();
    feed.onFrame(keyframe(0, LARGE));
    const run = await feed.nextRun();
    const bytes = new Uint8Array(1024 * 1024);
    for (let index = 1; index < 40; index++) feed.onFrame(videoFrame(index * 33, { bytes }));
    const held = run?.stream.readableLength ?? 0;
    expect(held).toBeGreaterThan(BACKLOG_BYTES_MAX / 2);
    expect(held).toBeLessThan(BACKLOG_BYTES_MAX + 2 * bytes.length);
  });
});

describe('the keeper of the sound', () => {
  it('leaves sound alone that is there', () => {
    const keeper = new SoundKeeper();
    const out = [0, 20, 40, 60].flatMap((timeMs) => [
      ...keeper.pass(videoFrame(timeMs)),
      ...keeper.pass(soundFrame(timeMs)),
    ]);
    expect(out).toHaveLength(8);
  });

  it('fills in silence without a hole while none comes, and takes up the sound when it is back', () => {
    const keeper = new SoundKeeper();
    keeper.pass(soundFrame(0));
    const filled = Array.from({ length: 60 }, (_, index) => keeper.pass(videoFrame(index * 33))).flat();
    const silence = filled.filter(({ kind }) => kind === 'audio').map(({ timeUs }) => timeUs);
    expect(silence[0]).toBe(20_000);
    expect(silence.at(-1)).toBeGreaterThan(59 * 33_000 - SOUND_LATE_US_MAX - 40_000);
    for (const [index, timeUs] of silence.entries()) expect(timeUs).toBe(20_000 * (index + 1));
    // Sound that is back is late by the wait that it needs itself: silence has its place, until it has caught up.
    expect(keeper.pass(soundFrame(1_900))).toEqual([]);
    expect(keeper.pass(videoFrame(2_000))).toHaveLength(1);
    expect(keeper.pass(soundFrame(2_000))).toHaveLength(1);
  });
});
