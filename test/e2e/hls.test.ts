/** HLS in players that are not ours: ffmpeg as the plain one, hls.js in Chromium as the low-latency one. */

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { openBrowser, type TestBrowser, untilTrue } from '../browser.js';
import { FreshetProcess } from '../freshet-process.js';
import { bars, ffmpegPath, ffmpegText, PLAIN_VIDEO, RunningFfmpeg, TONE } from '../media.js';
import { describeIfReal } from '../require-real.js';
import { type HlsRig, startHlsRig } from './hls-rig.js';

const run = promisify(execFile);
const VIDEO = "document.querySelector('video')";

describeIfReal('HLS of a real broadcast', ['ffmpeg', 'chromium'], () => {
  let browser: TestBrowser;
  let live: FreshetProcess;
  let link: string;
  const rigs: HlsRig[] = [];

  const serve = async (engine: 'ws' | 'uWebSockets.js', watch: string = link): Promise<HlsRig> => {
    const rig = await startHlsRig({ link: watch, engine });
    rigs.push(rig);
    return rig;
  };

  beforeAll(async () => {
    browser = await openBrowser();
    live = new FreshetProcess(['live', '--port', '0', '--host', '127.0.0.1', '--json']);
    link = String((await live.waitFor(({ event }) => event === 'ready')).watch);
    await live.waitFor(({ event }) => event === 'live');
  });
  afterEach(async () => {
    for (const rig of rigs.splice(0)) await rig.close();
  });
  afterAll(async () => {
    await browser.close();
    await live.stop();
  });

  it.each(['ws', 'uWebSockets.js'] as const)('is read by ffmpeg as plain HLS, over %s', async (engine) => {
    const rig = await serve(engine);
    const report = await ffmpegText(['-i', rig.url, '-t', '6', '-c', 'copy', '-f', 'framemd5', '-']);
    const frames = report.split('\n').filter((line) => /^\d/.test(line));
    const picture = frames.filter((line) => line.startsWith('0,'));
    const sound = frames.filter((line) => line.startsWith('1,'));
    expect(picture.length).toBeGreaterThanOrEqual(170);
    expect(sound.length).toBeGreaterThanOrEqual(250);
    // Decode times are gapless: each frame follows the one before it by its length.
    const times = picture.map((line) => Number(line.split(',')[1]));
    const steps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(Math.max(...steps)).toBeLessThan(2 * Math.min(...steps));
  });

  it('is described by ffprobe as what it is', async () => {
    const rig = await serve('ws');
    const ffprobe = ffmpegPath.replace(/ffmpeg([^/]*)$/, 'ffprobe$1');
    const show = ['-v', 'error', '-show_entries', 'stream=codec_name,width,height', '-of', 'csv=p=0'];
    const { stdout } = await run(ffprobe, [...show, rig.url]);
    expect(stdout).toMatch(/h264,640,360/);
    expect(stdout).toMatch(/aac/);
  });

  it('plays in hls.js with low latency', async () => {
    const rig = await serve('uWebSockets.js');
    const page = await browser.context.newPage();
    await page.goto(`${rig.origin}/play?src=${rig.url}`);
    await untilTrue(page, `${VIDEO}.currentTime > 0 && ${VIDEO}.videoWidth === 640`, 40_000);
    await untilTrue(page, 'hlsPlayer.latestLevelDetails?.partList?.length > 0', 20_000);
    const frames = `${VIDEO}.getVideoPlaybackQuality().totalVideoFrames`;
    const before = await page.evaluate<number>(frames);
    await untilTrue(page, `${frames} > ${before + 150}`, 40_000);
    const seen = await page.evaluate<{ latency: number; target: number; fatal: string | null }>(
      '({ latency: hlsPlayer.latency, target: hlsPlayer.targetLatency, fatal: globalThis.hlsFatal ?? null })',
    );
    expect(seen.fatal).toBeNull();
    expect(seen.target).toBeLessThan(2);
    expect(seen.latency).toBeLessThan(3);
    // It asks as a low-latency player does, and nobody is left waiting when it goes.
    expect(rig.hls.waitingCount).toBeLessThanOrEqual(2);
    await page.close();
  });

  it('goes on in hls.js when the source breaks off and comes back', async () => {
    const port = await freePort();
    const pushed = new FreshetProcess([
      'live',
      '--rtmp',
      String(port),
      '--port',
      '0',
      '--host',
      '127.0.0.1',
      '--json',
    ]);
    const { watch, push } = await pushed.waitFor(({ event }) => event === 'ready');
    const { streamKey } = push as { streamKey: string };
    const target = `rtmp://127.0.0.1:${port}/live/${streamKey}`;
    const publisher = new Publisher(['-re', ...bars(), ...TONE, ...PLAIN_VIDEO, '-f', 'flv', target]);
    const page = await browser.context.newPage();
    try {
      publisher.start();
      await pushed.waitFor(({ event }) => event === 'live', 0, 60_000);
      const rig = await serve('ws', String(watch));
      await page.goto(`${rig.origin}/play?src=${rig.url}`);
      const frames = `${VIDEO}.getVideoPlaybackQuality().totalVideoFrames`;
      await untilTrue(page, `${frames} > 60`, 60_000);
      const mark = pushed.events.length;
      await publisher.stop();
      await pushed.waitFor(({ event }) => event === 'waiting', mark, 60_000);
      publisher.start();
      await pushed.waitFor(({ event }) => event === 'live', mark, 60_000);
      const before = await page.evaluate<number>(frames);
      await untilTrue(page, `${frames} > ${before + 120}`, 60_000);
      const playlist = await (await fetch(rig.url.replace('index', '1/live'))).text();
      expect(playlist.match(/#EXT-X-DISCONTINUITY\n/g)).toHaveLength(1);
      expect(await page.evaluate('globalThis.hlsFatal ?? null')).toBeNull();
    } finally {
      await page.close();
      await publisher.stop();
      await pushed.stop();
    }
  });
});

/** What OBS does: pushes until it is told to stop, and tries again until it is let in. */
class Publisher {
  readonly #args: readonly string[];
  #isStopped = true;
  #running: Promise<void> = Promise.resolve();
  #ffmpeg: RunningFfmpeg | undefined;

  constructor(args: readonly string[]) {
    this.#args = args;
  }

  start(): void {
    this.#isStopped = false;
    this.#running = this.#run();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#ffmpeg?.stop();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      this.#ffmpeg = new RunningFfmpeg(this.#args);
      await this.#ffmpeg.ended();
      await delay(200);
    }
  }
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
