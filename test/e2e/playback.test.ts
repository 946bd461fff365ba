import { fileURLToPath } from 'node:url';
import type { MediaChunk } from '@freshet/proto';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FeedServer } from './playback/feed-server.js';
import type { PageReport } from './playback/page.js';
import { TestSource } from './playback/source.js';

const pathOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const SOON = { timeout: 15_000, interval: 100 };

describe('playback in Chromium', () => {
  let browser: Browser;
  let page: Page;
  let server: FeedServer;
  let address: string;
  let source: TestSource | undefined;

  const startSource = (
    epoch: number,
    size: { width: number; height: number } = { width: 320, height: 180 },
  ): void => {
    const onEvent = server.handleSourceEvent.bind(server);
    source = new TestSource({ epoch, ...size, hasAudio: true, onEvent });
  };
  const stopSource = async (): Promise<void> => {
    await source?.stop();
    source = undefined;
  };
  const open = async (query = ''): Promise<void> => {
    await page.goto(`${address}/${query}`);
  };
  const read = (): Promise<PageReport> => page.evaluate('report()');
  const untilPlaying = async (): Promise<PageReport> => {
    await expect.poll(async () => (await read()).framesShown, SOON).toBeGreaterThan(10);
    return read();
  };
  const untilFrames = async (more: number): Promise<PageReport> => {
    const { framesShown } = await read();
    await expect.poll(async () => (await read()).framesShown, SOON).toBeGreaterThan(framesShown + more);
    return read();
  };

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
      args: [
        ...[
          '--headless',
          '--no-sandbox',
          '--disable-gpu',
          '--disable-quic',
          '--no-first-run',
          '--disable-sync',
        ],
        ...['--disable-background-networking', '--disable-component-update'],
      ],
    });
  });

  afterAll(async () => {
    await browser?.close();
  });

  beforeEach(async () => {
    const bundle = await build({
      entryPoints: [pathOf('./playback/page.ts')],
      bundle: true,
      write: false,
      format: 'esm',
      alias: { '@freshet/proto': pathOf('../../proto/src/index.ts') },
    });
    const html =
      '<!doctype html><link rel="icon" href="data:,"><body><script type="module" src="/page.js"></script>';
    server = new FeedServer(
      new Map([
        ['/', { type: 'text/html', body: html }],
        ['/page.js', { type: 'text/javascript', body: bundle.outputFiles[0]?.text ?? '' }],
      ]),
    );
    address = await server.listen();
    page = await browser.newPage();
  });

  afterEach(async () => {
    await page.close();
    await stopSource();
    await server.close();
  });

  it('shows the picture near to live, with its sound beside it', async () => {
    startSource(1);
    await expect.poll(() => server.chunkCount, SOON).toBeGreaterThan(75);
    await open('?apart=yes');
    await untilPlaying();
    await page.mouse.click(5, 5);
    const { stats, arrivalP50Ms, phase } = await untilFrames(200);
    expect(phase).toBe('playing');
    expect(stats).toMatchObject({ width: 320, height: 180, epoch: 1, rebuildCount: 0 });
    expect(stats.framesPerSecond).toBeGreaterThan(20);
    expect(Math.abs(stats.soundLagMs ?? Number.NaN)).toBeLessThan(400);
    const whole = (ms: number | undefined): string => `${ms?.toFixed(0)} ms`;
    console.log(
      `playback: glass to glass p50 ${whole(stats.latencyP50Ms)}, p99 ${whole(stats.latencyP99Ms)}, ` +
        `of which until arrival p50 ${whole(arrivalP50Ms)}; first frame ${whole(stats.firstFrameMs)}; ` +
        `sound ${whole(stats.soundLagMs)} later; target ${whole(stats.targetMs)}; jitter ${whole(stats.jitterMs)}; ` +
        `stalls ${stats.stallCount}`,
    );
    // The player's own share; far more than on a quiet machine, where it is below 100 ms.
    expect((stats.latencyP50Ms ?? Number.NaN) - (arrivalP50Ms ?? Number.NaN)).toBeLessThan(400);
  });

  it('plays picture and sound in one element where they are not split', async () => {
    startSource(1);
    await open('?apart=no');
    await untilPlaying();
    const { stats, audioBytesDecoded } = await untilFrames(60);
    expect(audioBytesDecoded).toBeGreaterThan(1000);
    expect(stats.soundLagMs).toBeUndefined();
    expect(stats.rebuildCount).toBe(0);
  });

  it.each(['yes', 'no'])(
    'starts silently where the browser refuses sound, and sounds on a tap (apart: %s)',
    async (apart) => {
      startSource(1);
      // Nothing may be evaluated in the page before: Playwright's evaluation counts as a person's gesture.
      const muted = page.waitForEvent('console', {
        predicate: (message) => message.text() === 'muted by browser',
      });
      await open(`?apart=${apart}`);
      await muted;
      expect(await untilPlaying()).toMatchObject({ isMuted: true, isMutedByBrowser: true });
      await page.mouse.click(5, 5);
      await expect.poll(async () => (await read()).isMuted, SOON).toBe(false);
      const after = await untilFrames(45);
      expect(after).toMatchObject({ isMuted: false, isMutedByBrowser: false, phase: 'playing' });
      if (apart === 'yes') expect(after.stats.soundLagMs).toBeDefined();
      else expect(after.audioBytesDecoded).toBeGreaterThan(1000);
    },
  );

  it('carries on in the same page when the source comes back with another picture size', async () => {
    startSource(1);
    await open();
    const before = await untilPlaying();
    await stopSource();
    startSource(2, { width: 480, height: 270 });
    await expect.poll(async () => (await read()).stats.width, SOON).toBe(480);
    const after = await untilFrames(30);
    expect(after.stats).toMatchObject({ epoch: 2, rebuildCount: 0 });
    expect(after.currentTime).toBeGreaterThan(before.currentTime);
    expect(after.stats.behindLiveMs).toBeLessThan(1500);
  });

  it('closes a gap without a jump of the clock', async () => {
    startSource(1);
    await open();
    await untilPlaying();
    let lost = 0;
    server.filter = (chunk) => {
      if (lost >= 45) return chunk;
      lost += 1;
      return undefined;
    };
    await expect.poll(() => lost, SOON).toBe(45);
    const after = await untilFrames(60);
    expect(after.phase).toBe('playing');
    expect(after.stats.rebuildCount).toBe(0);
    expect(after.stats.behindLiveMs).toBeLessThan(1500);
  });

  it('rebuilds the decoder after a chunk that breaks it, and goes on at the next keyframe', async () => {
    startSource(1);
    await open();
    await untilPlaying();
    let spoiled = 0;
    server.filter = (chunk) => {
      if (spoiled > 0) return chunk;
      spoiled += 1;
      return spoil(chunk);
    };
    await expect.poll(async () => (await read()).stats.rebuildCount, SOON).toBeGreaterThan(0);
    const after = await untilFrames(60);
    expect(after.phase).toBe('playing');
    expect(after.failure).toBeUndefined();
  });

  it('gives up with a sentence when nothing can be decoded', async () => {
    startSource(1);
    await open();
    await untilPlaying();
    server.filter = spoil;
    await expect.poll(async () => (await read()).phase, { timeout: 30_000, interval: 200 }).toBe('failed');
    expect((await read()).failure).toMatch(/^The browser could not decode the video/);
  });

  it('plays to the end, and on when the broadcast starts again', async () => {
    startSource(1);
    await open();
    await untilPlaying();
    await stopSource();
    server.sendStatus({ kind: 'ended' });
    await expect.poll(() => page.evaluate('document.querySelector("video").ended'), SOON).toBe(true);
    startSource(2);
    const after = await untilFrames(45);
    expect(after).toMatchObject({ phase: 'playing' });
    expect(after.stats.epoch).toBe(2);
    expect(after.stats.behindLiveMs).toBeLessThan(2000);
  });

  it('stays behind after a long pause, and goes live when asked', async () => {
    startSource(1);
    await open();
    await untilPlaying();
    await page.evaluate('playback.pause()');
    await expect.poll(async () => (await read()).stats.behindLiveMs, SOON).toBeGreaterThan(3000);
    await page.evaluate('playback.play()');
    const behind = await untilFrames(30);
    expect(behind).toMatchObject({ isFollowing: false, phase: 'playing' });
    expect(behind.stats.behindLiveMs).toBeGreaterThan(2500);
    await page.evaluate('playback.goLive()');
    const live = await untilFrames(30);
    expect(live.isFollowing).toBe(true);
    expect(live.stats.behindLiveMs).toBeLessThan(1500);
  });

  it('says so when the browser does not know the codec', async () => {
    await open();
    const rendition = {
      id: 1,
      name: '720p',
      mimeType: 'video/mp4; codecs="xyz1"',
      width: 1280,
      height: 720,
      frameRateMilli: 30_000,
      bitrate: 0,
      initSegment: new Uint8Array(8),
    };
    server.handleSourceEvent({ kind: 'format', epoch: 1, rendition });
    await page.reload();
    await expect.poll(async () => (await read()).phase, SOON).toBe('failed');
    expect((await read()).failure).toMatch(/cannot play the broadcast’s video format/);
  });
});

/** A chunk whose movie fragments promise what is not there: Chromium's parser refuses it. */
const spoil = (chunk: MediaChunk): MediaChunk => {
  const bytes = chunk.bytes.slice();
  const text = Buffer.from(bytes.buffer);
  for (let at = text.indexOf('trun'); at >= 0; at = text.indexOf('trun', at + 4))
    bytes.fill(0xff, at + 8, at + 12);
  return { ...chunk, bytes };
};
