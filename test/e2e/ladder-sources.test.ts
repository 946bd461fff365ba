import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { parseLadder } from '../../broadcaster/src/encode/ladder.js';
import type { MediaEvent, MediaSourceOptions } from '../../broadcaster/src/ingest/media-source.js';
import { bars, ClipFolder, PLAIN_VIDEO, RunningFfmpeg, TONE } from '../media.js';
import { describeIfReal } from '../require-real.js';
import { encoderPid, ffmpegChildren, SourceWatch } from './source-watch.js';

const ladderOf = (text: string) => {
  const parsed = parseLadder(text);
  if (!parsed.ok) throw new Error(parsed.why);
  return parsed.choice;
};

type Chunk = Extract<MediaEvent, { kind: 'chunk' }>;

/** Media times in microseconds of a rendition's keyframes, in the last run. */
function keyframesOf(events: readonly MediaEvent[], id: number): number[] {
  return chunksOf(events, id)
    .filter(({ chunk }) => chunk.isKeyframe)
    .map(({ chunk }) => chunk.mediaTimeUs);
}

function chunksOf(events: readonly MediaEvent[], id: number): Chunk[] {
  const start = events.findLastIndex((event) => event.kind === 'format');
  return events
    .slice(start)
    .filter((event): event is Chunk => event.kind === 'chunk' && event.renditionId === id);
}

const HOST = '127.0.0.1';
const KEY = 'a-stream-key-1';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function kill(pid: number): void {
  if (pid > 0) process.kill(pid, 'SIGKILL');
}

describeIfReal('a ladder out of real ffmpeg', ['ffmpeg'], () => {
  const clips = new ClipFolder();
  let plain = '';
  let watch: SourceWatch | undefined;
  let publisher: RunningFfmpeg | undefined;

  const start = async (options: MediaSourceOptions): Promise<SourceWatch> => {
    watch = await SourceWatch.start(options);
    return watch;
  };

  /** ffmpeg's own listener may not be there yet when the first publisher comes. */
  const publishTo = async (port: number, seen: SourceWatch): Promise<RunningFfmpeg> => {
    for (;;) {
      const running = new RunningFfmpeg([
        ...['-re', '-stream_loop', '-1', '-i', plain, '-c', 'copy', '-f', 'flv'],
        `rtmp://${HOST}:${port}/live/${KEY}`,
      ]);
      const isOver = running.ended().then(() => true);
      const isSeen = seen.until(() => seen.chunks.length > 0).then(() => false);
      if (!(await Promise.race([isOver, isSeen]))) return running;
    }
  };

  beforeAll(async () => {
    plain = await clips.make('plain.mp4', [...bars(), ...TONE, '-t', '4', ...PLAIN_VIDEO]);
  });

  afterEach(async () => {
    await watch?.stop();
    await publisher?.stop();
    watch = undefined;
    publisher = undefined;
    expect(ffmpegChildren()).toEqual([]);
  });

  afterAll(() => clips.remove());

  it('has the same keyframe and frame times in all renditions of the test picture', async () => {
    const seen = await start({ ladder: ladderOf('360p,240p:300,audio') });
    await seen.until(
      () => keyframesOf(seen.events, 2).length >= 4 && keyframesOf(seen.events, 240).length >= 4,
    );
    await seen.stop();
    const [format] = seen.formats;
    expect(format?.renditions).toMatchObject([
      { id: 360, name: '360p', width: 640, height: 360 },
      { id: 240, name: '240p', width: 426, height: 240 },
      { id: 2, name: 'audio', width: 0, height: 0, mimeType: 'audio/mp4; codecs="mp4a.40.2"' },
    ]);
    const groups = keyframesOf(seen.events, 360).slice(0, 4);
    expect(groups[0]).toBe(0);
    expect(keyframesOf(seen.events, 240).slice(0, 4)).toEqual(groups);
    const sound = keyframesOf(seen.events, 2).slice(0, 4);
    for (const [index, us] of sound.entries()) expect(us - (groups[index] ?? 0)).toBeLessThan(50_000);
    const timesOf = (id: number): number[] =>
      chunksOf(seen.events, id)
        .map(({ chunk }) => chunk.mediaTimeUs)
        .slice(0, 90);
    expect(timesOf(240)).toEqual(timesOf(360));
  });

  it('passes a source through as its best rendition, with the same groups below it', async () => {
    const seen = await start({ source: plain, loop: true, ladder: ladderOf('120p:200,audio') });
    await seen.until(() => keyframesOf(seen.events, 120).length >= 6);
    await seen.stop();
    const [format] = seen.formats;
    expect(format?.renditions?.map(({ name }) => name)).toEqual(['180p', '120p', 'audio']);
    expect(format?.describe).toBe('320x180 H.264 + AAC, passed through; also 120p, audio');
    const groups = keyframesOf(seen.events, 180);
    const below = keyframesOf(seen.events, 120).slice(0, 6);
    expect(below).toEqual(groups.slice(0, 6));
    const timesOf = (id: number): number[] =>
      chunksOf(seen.events, id)
        .map(({ chunk }) => chunk.mediaTimeUs)
        .slice(0, 150);
    expect(timesOf(120)).toEqual(timesOf(180));
  });

  it('has one more rendition made of a source that comes by RTMP, and goes on when ffmpeg is killed', async () => {
    const rtmpPort = await freePort();
    const seen = await start({ rtmpPort, listenHost: HOST, streamKey: KEY, ladder: ladderOf('120p:200') });
    await seen.until(() => seen.waitingReasons.length === 1);
    publisher = await publishTo(rtmpPort, seen);
    await seen.until(() => keyframesOf(seen.events, 120).length >= 3);
    const chunksBefore = seen.chunks.length;
    const killedAt = Date.now();
    kill(encoderPid());
    await seen.until(() => seen.formats.length === 2 && keyframesOf(seen.events, 120).length >= 1);
    expect(Date.now() - killedAt).toBeLessThan(5_000);
    expect(chunksBefore).toBeGreaterThan(0);
    // The publisher has noticed nothing.
    expect(seen.waitingReasons).toHaveLength(1);
    await seen.until(() => keyframesOf(seen.events, 120).length >= 3);
  });

  it('goes on with a looped file and with the test picture when ffmpeg is killed', async () => {
    for (const options of [{ source: plain, loop: true }, {}]) {
      const seen = await start(options);
      await seen.until(() => seen.chunks.length >= 40);
      kill(encoderPid());
      await seen.until(() => seen.formats.length === 2);
      const again = seen.events.slice(seen.events.findLastIndex((event) => event.kind === 'format'));
      await seen.until(() => seen.events.at(-1) !== again.at(-1));
      expect(seen.story.slice(0, 4)).toEqual(['format', 'chunk', 'format', 'chunk']);
      await seen.stop();
    }
  });

  it('gives up a step at a time what is too much for the machine, and goes on', async () => {
    const seen = await start({ ladder: ladderOf('360p,240p:300'), readSpeed: () => 0.5 });
    const reasons = (): string[] =>
      seen.events.flatMap((event) => (event.kind === 'shrunk' ? [event.reason] : []));
    await seen.until(() => reasons().length === 2 && seen.formats.length >= 3);
    expect(reasons()).toEqual([
      'Encoding is too much for this machine: x264 was set to superfast.',
      'Encoding is too much for this machine: x264 was set to ultrafast.',
    ]);
    const told = seen.events.findLast((event) => event.kind === 'progress' && event.health !== undefined);
    expect(told).toMatchObject({
      speed: 0.5,
      health: { encoder: 'x264', ladder: ['360p', '240p'], shrunk: 'x264 was set to superfast' },
    });
    expect(seen.formats.at(-1)?.renditions?.map(({ id }) => id)).toEqual([360, 240]);
  });
});
