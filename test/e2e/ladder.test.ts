/** A broadcast of several renditions, end to end: the real command, Chromium, HLS players, the terminal viewer. */

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { openBrowser, type TestBrowser, untilTrue } from '../browser.js';
import { FreshetProcess } from '../freshet-process.js';
import { ffmpegPath } from '../media.js';
import { describeIfReal } from '../require-real.js';
import { type HlsRig, startHlsRig } from './hls-rig.js';
import { PlayerPage } from './player-page.js';
import { encoderPid } from './source-watch.js';

const run = promisify(execFile);
const VIDEO = "document.querySelector('video')";
const LADDER = '360p:800,240p:300,audio';

describeIfReal('a broadcast of several renditions', ['ffmpeg', 'chromium'], () => {
  let browser: TestBrowser;
  let live: FreshetProcess;
  let link: string;
  let folder: string;
  let rig: HlsRig | undefined;
  let player: PlayerPage | undefined;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'freshet-ladder-'));
    browser = await openBrowser();
    live = new FreshetProcess(['live', '--ladder', LADDER, '--port', '0', '--host', '127.0.0.1', '--json']);
    link = String((await live.waitFor(({ event }) => event === 'ready')).watch);
    await live.waitFor(({ event }) => event === 'live');
  });
  afterEach(async () => {
    await rig?.close();
    await player?.close();
    rig = undefined;
    player = undefined;
  });
  afterAll(async () => {
    await browser.close();
    await live.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('says what it is made of', async () => {
    const { describe: said } = await live.waitFor(({ event }) => event === 'live');
    expect(said).toBe('640x360 H.264 + AAC, encoded; also 240p, audio');
  });

  it('plays in a page, the best rendition with its sound', async () => {
    player = await PlayerPage.open(browser, link);
    await player.untilStatus('live');
    await player.untilFramesAdvance(60);
    const stats = await player.stats();
    expect(stats).toMatchObject({ renditionName: '360p', piecesRefused: 0, hasSound: true });
    expect(player.errors).toEqual([]);
  });

  it('plays in a page on a thin connection what that brings', async () => {
    const page = await browser.context.newPage();
    await page.addInitScript(
      "Object.defineProperty(navigator, 'connection', { value: Object.assign(new EventTarget(), { downlink: 0.7 }) })",
    );
    await page.goto(link);
    const stats = "document.querySelector('freshet-player')?.stats";
    await untilTrue(page, `${stats}?.renditionName === '240p'`);
    const frames = `document.querySelector('freshet-player').shadowRoot.querySelector('video')`;
    await untilTrue(page, `${frames}.videoHeight === 240 && ${frames}.currentTime > 1`);
    await page.close();
  });

  it('is an HLS of variants that ffprobe reads, all of them', async () => {
    rig = await startHlsRig({ link });
    const ffprobe = ffmpegPath.replace(/ffmpeg([^/]*)$/, 'ffprobe$1');
    const show = ['-v', 'error', '-show_entries', 'stream=codec_name,width,height', '-of', 'csv=p=0'];
    const { stdout } = await run(ffprobe, [...show, rig.url], { timeout: 40_000 });
    expect(stdout).toMatch(/h264,640,360/);
    expect(stdout).toMatch(/h264,426,240/);
    expect(stdout.match(/aac/g)?.length).toBeGreaterThanOrEqual(3);
    const playlist = await (await fetch(rig.url)).text();
    expect(playlist.match(/RESOLUTION=\S+?(?=,)|AVERAGE-BANDWIDTH=\d+/g)).toEqual([
      'AVERAGE-BANDWIDTH=928000',
      'RESOLUTION=640x360',
      'AVERAGE-BANDWIDTH=428000',
      'RESOLUTION=426x240',
      'AVERAGE-BANDWIDTH=128000',
    ]);
  });

  it('plays in hls.js, which goes from one rendition to another without a break', async () => {
    rig = await startHlsRig({ link });
    const page = await browser.context.newPage();
    await page.goto(`${rig.origin}/play?src=${rig.url}`);
    await untilTrue(page, `${VIDEO}.currentTime > 0 && ${VIDEO}.videoWidth > 0`, 40_000);
    for (const height of [240, 360]) {
      const level = `hlsPlayer.levels.findIndex(({ height }) => height === ${height})`;
      await page.evaluate(`void (hlsPlayer.nextLevel = ${level})`);
      await untilTrue(page, `${VIDEO}.videoHeight === ${height}`, 40_000);
    }
    const before = await page.evaluate<number>(`${VIDEO}.currentTime`);
    await untilTrue(page, `${VIDEO}.currentTime > ${before + 2}`, 20_000);
    expect(await page.evaluate<string | null>('globalThis.hlsFatal ?? null')).toBeNull();
    await page.close();
  });

  it('is recorded by the terminal viewer in its best rendition', async () => {
    const file = join(folder, 'out.mp4');
    const watch = new FreshetProcess(['watch', link, '--out', file, '--duration', '3', '--json']);
    expect(await watch.exitCode()).toBe(0);
    const ffprobe = ffmpegPath.replace(/ffmpeg([^/]*)$/, 'ffprobe$1');
    const show = ['-v', 'error', '-show_entries', 'stream=codec_name,width,height', '-of', 'csv=p=0'];
    const { stdout } = await run(ffprobe, [...show, file]);
    expect(stdout.trim().split('\n')).toEqual(['h264,640,360', 'aac']);
  });

  it('goes on in the page that plays it when ffmpeg is killed', async () => {
    player = await PlayerPage.open(browser, link);
    await player.untilFramesAdvance(60);
    const { epoch, stallCount } = await player.stats();
    process.kill(encoderPid(live.pid), 'SIGKILL');
    await untilTrue(player.page, `document.querySelector('freshet-player').stats.epoch > ${epoch}`);
    await player.untilFramesAdvance(60);
    expect(await player.status()).toBe('live');
    expect((await player.stats()).stallCount - stallCount).toBeLessThanOrEqual(1);
    expect(live.events.filter(({ event }) => event === 'waiting')).toEqual([]);
  });
});
