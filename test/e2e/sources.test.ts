import { createReadStream, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { PassThrough } from 'node:stream';
import { Cmaf } from '@freshet/proto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { findFfmpeg } from '../../broadcaster/src/encode/find-ffmpeg.js';
import { readClock } from '../../broadcaster/src/ingest/clock-strip.js';
import { createMediaSource, type MediaSourceOptions } from '../../broadcaster/src/ingest/media-source.js';
import {
  bars,
  ClipFolder,
  ffmpegText,
  PLAIN_VIDEO,
  RunningFfmpeg,
  TONE,
  videoFrameHashes,
} from '../media.js';
import { describeIfReal } from '../require-real.js';
import { ffmpegChildren, SourceWatch } from './source-watch.js';

const HOST = '127.0.0.1';
const KEY = 'a-stream-key-1';

async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describeIfReal('sources', ['ffmpeg'], () => {
  const clips = new ClipFolder();
  let plain = '';
  let watch: SourceWatch | undefined;
  let publisher: RunningFfmpeg | undefined;

  const start = async (options: MediaSourceOptions): Promise<SourceWatch> => {
    watch = await SourceWatch.start(options);
    return watch;
  };

  beforeAll(async () => {
    plain = await clips.make('plain.mp4', [
      ...bars(),
      ...TONE,
      '-t',
      '3',
      ...PLAIN_VIDEO,
      '-movflags',
      '+faststart',
    ]);
  });

  afterEach(async () => {
    await watch?.stop();
    await publisher?.stop();
    watch = undefined;
    publisher = undefined;
    expect(ffmpegChildren()).toEqual([]);
  });

  afterAll(() => clips.remove());

  describe('the test picture', () => {
    it('delivers every frame in chunks that play, each later than its creation', async () => {
      const seen = await start({});
      await seen.until(() => seen.chunks.length >= 120 && seen.events.some((one) => one.kind === 'progress'));
      await seen.stop();
      const format = seen.formats[0];
      expect(format).toMatchObject({ mode: 'encoded', width: 640, height: 360, frameRateMilli: 30_000 });
      expect(format?.mimeType).toMatch(/^video\/mp4; codecs="avc1\.64[0-9a-f]{4},mp4a\.40\.2"$/);
      expect(Cmaf.parseInit(format?.initSegment ?? new Uint8Array(0))?.hasDuration).toBe(false);
      expect(seen.chunks[0]).toMatchObject({ isKeyframe: true, mediaTimeUs: 0 });
      const keyframes = seen.chunks.filter((chunk) => chunk.isKeyframe).map((chunk) => chunk.mediaTimeUs);
      expect(Math.abs((keyframes[1] ?? 0) - 1_000_000)).toBeLessThan(2_000);

      const path = clips.of('picture.mp4');
      seen.save(path);
      const raw = clips.of('picture.gray');
      await ffmpegText([
        '-i',
        path,
        '-map',
        '0:v',
        '-vsync',
        'passthrough',
        '-f',
        'rawvideo',
        '-pix_fmt',
        'gray',
        raw,
      ]);
      const delays = await clockDelays(raw, seen.chunkTimes);
      expect(delays.length).toBeGreaterThanOrEqual(seen.chunks.length - 5);
      expect(Math.min(...delays)).toBeGreaterThan(0);
    });

    it('stops at once, even before it has begun, and more than once', async () => {
      const source = await createMediaSource({});
      source.start(() => undefined);
      await Promise.all([source.stop(), source.stop()]);
      await source.stop();
      expect(ffmpegChildren()).toEqual([]);
    });
  });

  describe('findFfmpeg', () => {
    const fakeFfmpeg = (mode: number): string => {
      const path = clips.of(`fake-ffmpeg-${mode.toString(8)}`);
      writeFileSync(path, '#!/bin/sh\necho "ffmpeg version 6.0 Copyright"\n', { mode });
      return path;
    };

    it('prefers FFMPEG_PATH, and never passes over one that does not work', async () => {
      const wanted = fakeFfmpeg(0o755);
      expect(await findFfmpeg({ env: { FFMPEG_PATH: wanted } })).toMatchObject({
        path: wanted,
        origin: 'FFMPEG_PATH',
        version: '6.0',
        hasX264: false,
        hasFpsMode: true,
      });
      for (const wrong of [clips.of('no-such-program'), '/bin/true']) {
        const error = await findFfmpeg({ env: { ...process.env, FFMPEG_PATH: wrong } }).catch(
          (reason) => reason,
        );
        expect(error).toMatchObject({ kind: 'ffmpeg-missing', message: expect.stringContaining(wrong) });
      }
    });

    it('makes the bundled one executable when npm did not', async () => {
      const bundled = fakeFfmpeg(0o644);
      const found = await findFfmpeg({ env: { PATH: '' }, bundledPath: () => bundled });
      expect(found).toMatchObject({ path: bundled, origin: 'bundled' });
      expect(statSync(bundled).mode & 0o111).not.toBe(0);
    });

    it('says so when there is none', async () => {
      const error = await findFfmpeg({ env: { PATH: '' }, bundledPath: () => undefined }).catch(
        (reason) => reason,
      );
      expect(error).toMatchObject({
        kind: 'ffmpeg-missing',
        message: expect.stringContaining('set FFMPEG_PATH'),
      });
    });

    it('tells in one sentence what it cannot do', async () => {
      const ffmpeg = await findFfmpeg({ env: { PATH: '' }, bundledPath: () => fakeFfmpeg(0o755) });
      const error = await createMediaSource({ ffmpeg }).catch((reason: unknown) => reason);
      expect(error).toMatchObject({
        kind: 'ffmpeg-cannot',
        message: expect.stringMatching(/^The ffmpeg that npm brought cannot do H.264 encoding; install/),
      });
    });
  });

  describe('a file', () => {
    it('is passed through without a bit of its frames changed, in real time, and ends', async () => {
      const startedAt = performance.now();
      const seen = await start({ source: plain });
      expect((await seen.untilOver())?.kind).toBe('ended');
      const tookMs = performance.now() - startedAt;
      expect(seen.formats[0]).toMatchObject({
        mode: 'pass-through',
        describe: '320x180 H.264 + AAC, passed through',
      });
      const path = clips.of('passed.mp4');
      seen.save(path);
      expect(await videoFrameHashes(path)).toEqual(await videoFrameHashes(plain));
      expect(tookMs).toBeGreaterThan(2_500);
      expect(tookMs).toBeLessThan(7_000);
    });

    it('goes on from its beginning when it is looped, without a new run', async () => {
      const short = await clips.make('short.mp4', ['-i', plain, '-t', '1', '-c', 'copy']);
      const seen = await start({ source: short, loop: true });
      await seen.until(() => (seen.chunks.at(-1)?.mediaTimeUs ?? 0) > 2_200_000);
      expect(seen.formats).toHaveLength(1);
    });

    it.each([
      [
        'HEVC and Opus',
        ['-c:v', 'libx265', '-x265-params', 'log-level=error', '-c:a', 'libopus'],
        'hevc.mp4',
        'encoded because',
      ],
      [
        'VP8, which MP4 cannot hold',
        ['-c:v', 'libvpx', '-deadline', 'realtime', '-an'],
        'vp8.webm',
        'no sound, encoded',
      ],
      [
        'B-frames',
        ['-c:v', 'libx264', '-bf', '2', '-pix_fmt', 'yuv420p', '-g', '30', '-an'],
        'b.mp4',
        'B-frames',
      ],
      ['10 bits', ['-c:v', 'libx264', '-bf', '0', '-pix_fmt', 'yuv420p10le', '-an'], 'ten.mp4', '8-bit'],
      ['one keyframe only', [...PLAIN_VIDEO, '-g', '300', '-an'], 'long.mp4', 'far apart'],
      [
        'an odd size',
        [...PLAIN_VIDEO, '-vf', 'scale=321:181', '-pix_fmt', 'yuv444p', '-an'],
        'odd.mp4',
        '320x180',
      ],
      ['PCM sound', [...PLAIN_VIDEO, '-c:a', 'pcm_s16le'], 'pcm.mov', 'video passed through, sound encoded'],
    ])('is encoded where it must be: %s', async (_name, args, name, why) => {
      const path = await clips.make(name, [...bars(), ...TONE, '-t', '2.5', ...args]);
      const seen = await start({ source: path });
      await seen.until(() => seen.chunks.filter((chunk) => chunk.isKeyframe).length >= 2);
      const format = seen.formats[0];
      expect(format?.mode).toBe('encoded');
      expect(format?.describe).toContain(why);
      expect(format?.mimeType).toMatch(/avc1\.(42|4d|64)/);
    });

    it('is turned upright when it is rotated', async () => {
      const rotated = await clips.make('rotated.mp4', [
        '-i',
        plain,
        '-c',
        'copy',
        '-metadata:s:v:0',
        'rotate=90',
      ]);
      const seen = await start({ source: rotated });
      await seen.until(() => seen.chunks.length > 0);
      expect(seen.formats[0]).toMatchObject({ width: 180, height: 320, mode: 'encoded' });
    });

    it.each([
      ['forward', ['plain', 'later']],
      ['backward', ['later', 'plain']],
    ])('with a jump of an hour %s neither stalls nor breaks', async (direction, order) => {
      const first = await clips.make('plain.ts', ['-i', plain, '-t', '2', '-c', 'copy']);
      const later = await clips.make('later.ts', ['-i', first, '-c', 'copy', '-output_ts_offset', '3600']);
      const path = clips.of(`${direction}.ts`);
      const parts = order.map((name) => (name === 'later' ? later : first));
      writeFileSync(path, Buffer.concat(await Promise.all(parts.map(readAll))));
      const seen = await start({ source: path });
      expect((await seen.untilOver())?.kind).toBe('ended');
      const framesMs = seen.chunks.reduce((sum, chunk) => sum + chunk.durationUs / 1000, 0);
      expect(framesMs).toBeGreaterThan(3_700);
      expect(seen.chunks.at(-1)?.mediaTimeUs).toBeLessThan(5_000_000);
    });

    it('that cannot be sent is refused at once with one sentence', async () => {
      mkdirSync(clips.of('folder'));
      writeFileSync(clips.of('empty.mp4'), '');
      writeFileSync(clips.of('noise.mp4'), Buffer.alloc(100_000, 'not a film'));
      const song = await clips.make('song.m4a', [...TONE, '-t', '1', '-c:a', 'aac']);
      const cases: [string, string, RegExp][] = [
        [clips.of('none.mp4'), 'not-found', /There is no file .*none\.mp4; check/],
        [clips.of('folder'), 'not-readable', /is a folder; give a video file/],
        [clips.of('empty.mp4'), 'empty', /is empty; choose another/],
        [clips.of('noise.mp4'), 'not-media', /not a video that ffmpeg can read whole/],
        [song, 'no-video', /has sound but no video track/],
      ];
      for (const [source, kind, message] of cases) {
        const error = await createMediaSource({ source }).catch((reason: unknown) => reason);
        expect(error).toMatchObject({ name: 'SourceError', kind, message: expect.stringMatching(message) });
      }
    });
  });

  describe('standard input', () => {
    it('is sent until its end', async () => {
      const piped = await clips.make('piped.ts', ['-i', plain, '-c', 'copy']);
      const seen = await start({ source: '-', stdin: createReadStream(piped) });
      expect((await seen.untilOver())?.kind).toBe('ended');
      expect(seen.formats[0]?.mode).toBe('pass-through');
      seen.save(clips.of('from-pipe.mp4'));
      expect(await videoFrameHashes(clips.of('from-pipe.mp4'))).toHaveLength(90);
    });

    it('that is empty, or no media, fails with one sentence', async () => {
      const nothing = new PassThrough();
      nothing.end();
      const empty = await start({ source: '-', stdin: nothing });
      expect(await empty.untilOver()).toMatchObject({ kind: 'failed', error: { kind: 'empty' } });
      const noise = new PassThrough();
      noise.end(Buffer.alloc(200_000, 'noise'));
      const broken = await start({ source: '-', stdin: noise });
      expect(await broken.untilOver()).toMatchObject({ kind: 'failed', error: { kind: 'not-media' } });
    });
  });

  describe('a URL', () => {
    let server: Server | undefined;
    afterEach(() => void server?.close());

    it('that is not there yet is waited for, then played to its end', async () => {
      let isThere = false;
      server = createServer((_request, response) => {
        if (!isThere) response.writeHead(503).end();
        else createReadStream(plain).pipe(response.writeHead(200, { 'content-type': 'video/mp4' }));
      });
      const listening = server;
      await new Promise<void>((resolve) => listening.listen(0, HOST, resolve));
      const { port } = listening.address() as AddressInfo;
      const seen = await start({ source: `http://user:secret@${HOST}:${port}/film.mp4?token=secret` });
      await seen.until(() => seen.waitingReasons.length > 0);
      expect(seen.waitingReasons[0]).toContain('trying again in 1 s');
      expect(seen.waitingReasons[0]).not.toContain('secret');
      isThere = true;
      expect((await seen.untilOver())?.kind).toBe('ended');
      expect(seen.story).toEqual(['waiting', 'format', 'chunk', 'ended']);
    });
  });

  it('a URL that is refused from the start fails at once, with its reason', async () => {
    const server = createServer((_request, response) => void response.writeHead(404).end());
    await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
    const { port } = server.address() as AddressInfo;
    const missing = await start({ source: `http://${HOST}:${port}/no.mp4` });
    expect(await missing.untilOver()).toMatchObject({ kind: 'failed', error: { kind: 'unreachable' } });
    server.close();
    const closed = await start({ source: `http://${HOST}:${await freePort()}/no.mp4` });
    const last = await closed.untilOver();
    expect(last).toMatchObject({ kind: 'failed', error: { kind: 'unreachable' } });
    expect(last?.kind === 'failed' && last.error.message).toMatch(/not there .*refused.*check the address/);
  });

  describe('an RTMP listener', () => {
    const push = (port: number, key: string, seconds: number): RunningFfmpeg =>
      new RunningFfmpeg([
        ...['-re', '-stream_loop', '-1', '-i', plain, '-t', String(seconds), '-c', 'copy', '-f', 'flv'],
        `rtmp://${HOST}:${port}/live/${key}`,
      ]);

    it('takes a publisher, waits when it goes, and starts a new run when it comes back', async () => {
      const rtmpPort = await freePort();
      const seen = await start({ rtmpPort, listenHost: HOST, streamKey: KEY });
      await seen.until(() => seen.waitingReasons.length === 1);
      publisher = await pushUntil(
        () => push(rtmpPort, KEY, 60),
        () => seen.chunks.length > 0,
        seen,
      );
      await seen.until(() => seen.chunks.length > 40);
      expect(seen.formats[0]?.mode).toBe('pass-through');
      await publisher.stop();
      await seen.until(() => seen.waitingReasons.length >= 2);
      expect(seen.waitingReasons.at(-1)).toContain('the stream stopped');
      publisher = await pushUntil(
        () => push(rtmpPort, KEY, 60),
        () => seen.formats.length === 2,
        seen,
      );
      await seen.until(() => seen.story.length >= 6);
      expect(seen.story.slice(0, 6)).toEqual(['waiting', 'format', 'chunk', 'waiting', 'format', 'chunk']);
      const second = seen.events.slice(seen.events.findLastIndex((event) => event.kind === 'format'));
      expect(second[1]).toMatchObject({ kind: 'chunk', chunk: { isKeyframe: true, mediaTimeUs: 0 } });
    });

    it('refuses a wrong key, without a chunk of it, and goes on listening', async () => {
      const rtmpPort = await freePort();
      const seen = await start({ rtmpPort, listenHost: HOST, streamKey: KEY });
      const isRefused = (): boolean => seen.waitingReasons.some((reason) => reason.includes('wrong key'));
      publisher = await pushUntil(() => push(rtmpPort, 'another-key', 60), isRefused, seen);
      await publisher.stop();
      expect(seen.formats).toEqual([]);
      expect(seen.chunks).toEqual([]);
      publisher = await pushUntil(
        () => push(rtmpPort, KEY, 60),
        () => seen.formats.length > 0,
        seen,
      );
    });

    it('names a port that is taken before anything is started', async () => {
      const server = createTcpServer();
      await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
      const { port } = server.address() as AddressInfo;
      const error = await createMediaSource({ rtmpPort: port, listenHost: HOST, streamKey: KEY }).catch(
        (reason: unknown) => reason,
      );
      server.close();
      expect(error).toMatchObject({
        kind: 'port-taken',
        message: `RTMP port ${port} is already in use by another program; stop that one or choose another port with --rtmp PORT.`,
      });
    });
  });

  describe('an SRT listener', () => {
    it('takes a publisher that knows the key', async () => {
      const srtPort = await freePort();
      const seen = await start({ srtPort, listenHost: HOST, streamKey: KEY });
      const push = (): RunningFfmpeg =>
        new RunningFfmpeg([
          ...['-re', '-stream_loop', '-1', '-i', plain, '-c', 'copy', '-f', 'mpegts'],
          `srt://${HOST}:${srtPort}?passphrase=${KEY}`,
        ]);
      publisher = await pushUntil(push, () => seen.chunks.length > 30, seen);
      expect(seen.formats[0]).toMatchObject({ mode: 'pass-through', width: 320 });
    });

    it('refuses a key that SRT cannot take', async () => {
      const error = await createMediaSource({ srtPort: 9000, streamKey: 'short' }).catch(
        (reason: unknown) => reason,
      );
      expect(error).toMatchObject({
        kind: 'bad-option',
        message: expect.stringContaining('SRT needs 10 to 79'),
      });
    });
  });
});

/** Publishes until the source has noticed: the listener may be a moment from being ready, and then refuses. */
async function pushUntil(
  push: () => RunningFfmpeg,
  isDone: () => boolean,
  seen: SourceWatch,
): Promise<RunningFfmpeg> {
  let publisher = push();
  let isOver = false;
  const keepPushing = async (): Promise<void> => {
    while (!isOver) {
      await publisher.ended();
      await new Promise((resolve) => setTimeout(resolve, 200));
      if (!isOver && !isDone()) publisher = push();
    }
  };
  void keepPushing();
  await seen.until(isDone);
  isOver = true;
  return publisher;
}

async function readAll(path: string): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of createReadStream(path)) parts.push(part);
  return Buffer.concat(parts);
}

/** For each frame of a raw grey film, how much later than its clock says its chunk came. */
async function clockDelays(path: string, chunkTimes: readonly number[]): Promise<number[]> {
  const raw = await readAll(path);
  const frameBytes = 640 * 360;
  const delays: number[] = [];
  for (let index = 0; (index + 1) * frameBytes <= raw.length; index++) {
    const shown = readClock(raw.subarray(index * frameBytes, (index + 1) * frameBytes), 640, 360);
    const cameAt = chunkTimes[index];
    if (shown !== undefined && cameAt !== undefined) delays.push(cameAt - shown);
  }
  return delays;
}
