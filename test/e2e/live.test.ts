/** Going live and watching, end to end: the real command, real ffmpeg, a real browser. */

import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { openBrowser, type TestBrowser } from '../browser.js';
import { FreshetProcess } from '../freshet-process.js';
import { describeIfReal } from '../require-real.js';
import { startFlippingRelay } from './flipping-relay.js';
import { PlayerPage } from './player-page.js';

const run = promisify(execFile);

describeIfReal('going live', ['ffmpeg', 'chromium'], () => {
  let browser: TestBrowser;
  let folder: string;
  const running: FreshetProcess[] = [];
  const pages: PlayerPage[] = [];

  const freshet = (...args: string[]): FreshetProcess => {
    const started = new FreshetProcess([...args, '--json']);
    running.push(started);
    return started;
  };
  const live = (...args: string[]): FreshetProcess =>
    freshet('live', ...args, '--port', '0', '--host', '127.0.0.1');
  const watchLink = async (process: FreshetProcess): Promise<string> =>
    String((await process.waitFor(({ event }) => event === 'ready')).watch);
  const open = async (link: string): Promise<PlayerPage> => {
    const page = await PlayerPage.open(browser, link);
    pages.push(page);
    return page;
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'freshet-e2e-'));
    browser = await openBrowser();
  });
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.close();
    for (const process of running.splice(0)) await process.stop();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('plays the test picture with sound, every piece verified', async () => {
    const broadcaster = live();
    const player = await open(await watchLink(broadcaster));
    await player.untilStatus('live');
    await player.untilFramesAdvance(60);
    // The figures follow the picture by up to half a second.
    await expect.poll(async () => (await player.stats()).piecesVerified).toBeGreaterThan(60);
    const stats = await player.stats();
    expect(stats.piecesRefused).toBe(0);
    expect(stats.hasSound).toBe(true);
    expect(player.errors).toEqual([]);
    const { viewers } = await broadcaster.waitFor(
      ({ event, viewers }) => event === 'status' && viewers === 1,
    );
    expect(viewers).toBe(1);
    expect(await broadcaster.stop()).toBe(0);
  });

  it('plays a file through two relays in a row, and says when it has ended', async () => {
    const clip = join(folder, 'clip.mp4');
    const input = '-f lavfi -i testsrc2=s=320x240:r=30 -f lavfi -i sine=r=48000 -t 12'.split(' ');
    const output = '-c:v libx264 -preset ultrafast -bf 0 -g 30 -pix_fmt yuv420p -c:a aac'.split(' ');
    execFileSync('ffmpeg', ['-loglevel', 'error', ...input, ...output, clip]);
    const broadcaster = live(clip);
    const near = freshet(
      'relay',
      '--parent',
      await watchLink(broadcaster),
      '--port',
      '0',
      '--host',
      '127.0.0.1',
    );
    const far = freshet('relay', '--parent', await watchLink(near), '--port', '0', '--host', '127.0.0.1');
    const player = await open(await watchLink(far));
    await player.untilFramesAdvance(60);
    const { describe } = await broadcaster.waitFor(({ event }) => event === 'live');
    expect(describe).toMatch(/passed through/);
    expect((await player.stats()).piecesRefused).toBe(0);
    await broadcaster.waitFor(({ viewers }) => viewers === 1);
    await player.untilStatus('ended', 30_000);
    await expect.poll(() => player.words(), { timeout: 10_000 }).toMatch(/ended/i);
    expect(await broadcaster.exitCode()).toBe(0);
  });

  it('carries on in the same page when an RTMP publisher stops and comes back', async () => {
    const port = await freePort();
    const broadcaster = live('--rtmp', String(port));
    const { push, watch } = await broadcaster.waitFor(({ event }) => event === 'ready');
    const { streamKey } = push as { streamKey: string };
    const player = await open(String(watch));
    await player.untilStatus('not-started');
    const target = `rtmp://127.0.0.1:${port}/live/${streamKey}`;
    const first = publish(target);
    await player.untilFramesAdvance(45);
    const before = await player.stats();
    await first.stop();
    await player.untilStatus('waiting');
    const mark = broadcaster.events.length;
    const second = publish(target);
    await broadcaster.waitFor(({ event }) => event === 'live', mark);
    await player.untilStatus('live');
    await player.untilFramesAdvance(45);
    const after = await player.stats();
    expect(after.epoch).toBeGreaterThan(Number(before.epoch));
    expect(after.piecesRefused).toBe(0);
    await second.stop();
  });

  it('plays again in the same page, near to live, when an ended broadcast starts anew', async () => {
    const key = join(folder, 'again.key');
    await run(process.execPath, ['scripts/freshet.mjs', 'keys', 'new', '--key', key]);
    const port = String(await freePort());
    const again = (): FreshetProcess => freshet('live', '--key', key, '--port', port, '--host', '127.0.0.1');
    const first = again();
    const player = await open(await watchLink(first));
    await player.untilFramesAdvance(30);
    // Long enough that the beginning is no longer buffered: an element that ended goes back there by itself.
    await player.page.waitForTimeout(32_000);
    await first.stop();
    await player.untilStatus('ended');
    const second = again();
    await second.waitFor(({ event }) => event === 'live');
    await player.untilStatus('live', 30_000);
    await player.untilFramesAdvance(30, 10_000);
    expect(Number((await player.stats()).behindLiveMs)).toBeLessThan(1_500);
  });

  it('never shows a piece of which a relay changed one bit, and plays on from an honest one', async () => {
    const broadcaster = live();
    const link = new URL(await watchLink(broadcaster));
    const dishonest = await startFlippingRelay(link.origin, 60);
    try {
      const player = await open(`${dishonest.origin}${link.pathname}?relay=${link.origin}`);
      await expect.poll(() => dishonest.flippedCount, { timeout: 20_000 }).toBeGreaterThan(0);
      await expect.poll(async () => (await player.stats()).piecesRefused).toBeGreaterThan(0);
      await player.untilStatus('live');
      await player.untilFramesAdvance(60);
    } finally {
      await dishonest.close();
    }
  });

  it('stops and says why when the only relay changes what it passes on', async () => {
    const broadcaster = live();
    const link = new URL(await watchLink(broadcaster));
    const dishonest = await startFlippingRelay(link.origin, 60);
    try {
      const player = await open(`${dishonest.origin}${link.pathname}`);
      await player.untilStatus('untrusted');
      expect(await player.words()).toMatch(/did not sign/);
      await expect.poll(async () => (await player.stats()).piecesRefused).toBeGreaterThan(0);
    } finally {
      await dishonest.close();
    }
  });

  it('counts and drops what a dishonest relay changed, and goes on from another relay', async () => {
    const broadcaster = live();
    const link = await watchLink(broadcaster);
    const dishonest = await startFlippingRelay(new URL(link).origin, 60);
    const relay = freshet(
      ...['relay', '--parent', link.replace(new URL(link).origin, dishonest.origin), '--parent', link],
      ...['--port', '0', '--host', '127.0.0.1'],
    );
    try {
      const player = await open(await watchLink(relay));
      await player.untilFramesAdvance(30);
      await expect.poll(() => dishonest.flippedCount, { timeout: 20_000 }).toBeGreaterThan(0);
      await relay.waitFor(({ event, code }) => event === 'parent-lost' && code === 4401);
      await player.untilFramesAdvance(60);
      const metrics = await (await fetch(`${new URL(await watchLink(relay)).origin}/metrics`)).text();
      expect(metrics).toMatch(/freshet_refused_total\{why="bad-signature"\} [1-9]/);
      expect((await player.stats()).piecesRefused).toBe(0);
    } finally {
      await dishonest.close();
    }
  });

  it('says in plain words why nothing plays', async () => {
    const broadcaster = live();
    const link = await watchLink(broadcaster);
    const wrong = `${link.slice(0, -1)}${link.endsWith('q') ? 'p' : 'q'}`;
    const mistyped = await open(wrong);
    await mistyped.untilStatus('bad-address');
    expect(await mistyped.words()).toMatch(/wrong character/);
    const { stdout } = await run(process.execPath, [
      'scripts/freshet.mjs',
      'keys',
      'new',
      '--json',
      '--key',
      join(folder, 'other.key'),
    ]);
    const stranger = await open(`${new URL(link).origin}/watch/${JSON.parse(stdout).address}`);
    await stranger.untilStatus('unknown-channel');
  });

  /** What OBS does: pushes H.264 and AAC over RTMP, a keyframe each second, and tries again until it is let in. */
  function publish(target: string): { stop(): Promise<void> } {
    const input = '-re -f lavfi -i testsrc2=s=320x240:r=30 -f lavfi -i sine=r=48000'.split(' ');
    const output =
      '-c:v libx264 -preset ultrafast -tune zerolatency -g 30 -pix_fmt yuv420p -c:a aac -f flv'.split(' ');
    let isStopped = false;
    let child: ChildProcess;
    const start = (): void => {
      child = spawn('ffmpeg', ['-loglevel', 'error', ...input, ...output, target], { stdio: 'ignore' });
      child.once('exit', () => {
        if (!isStopped) setTimeout(start, 300);
      });
    };
    start();
    return {
      async stop() {
        isStopped = true;
        const exited = once(child, 'exit');
        if (child.kill('SIGKILL')) await exited;
      },
    };
  }
});

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
