/** Going live from a browser and by WHIP, end to end: the real command, real ffmpeg, a real browser on both sides. */

import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type TestBrowser, untilTrue } from '../browser.js';
import { describeIfReal } from '../require-real.js';
import { PlayerPage } from './player-page.js';
import {
  ffmpegsOf,
  goLiveIn,
  openStudioBrowser,
  publishByWhip,
  type StudioReady,
  startStudio,
  untilOnAir,
} from './studio-rig.js';

describeIfReal('the studio', ['ffmpeg', 'chromium'], () => {
  let browser: TestBrowser;
  const studios: StudioReady[] = [];
  const pages: (Page | PlayerPage)[] = [];

  const start = async (...args: string[]): Promise<StudioReady> => {
    const studio = await startStudio(...args);
    studios.push(studio);
    return studio;
  };
  const keep = <T extends Page | PlayerPage>(page: T): T => {
    pages.push(page);
    return page;
  };
  const watch = async (studio: StudioReady): Promise<PlayerPage> =>
    keep(await PlayerPage.open(browser, studio.watch));
  const said = (studio: StudioReady, event: string): readonly string[] =>
    studio.process.events.filter((each) => each.event === event).map(({ reason }) => String(reason));

  beforeAll(async () => {
    browser = await openStudioBrowser();
  });
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.close();
    for (const studio of studios.splice(0)) await studio.process.stop();
  });
  afterAll(() => browser.close());

  it('puts camera and microphone on air, passed through, and viewers see and hear them', async () => {
    const studio = await start('--title', 'Evening show');
    const page = keep(await goLiveIn(browser, studio));
    const { describe } = await studio.process.waitFor(({ event }) => event === 'live');
    expect(describe).toMatch(/^1280x720 H\.264 \+ AAC, video passed through/);
    const player = await watch(studio);
    await player.untilStatus('live');
    await player.untilFramesAdvance(60);
    expect((await player.stats()).hasSound).toBe(true);
    expect(player.errors).toEqual([]);
    await untilTrue(page, "document.querySelector('#viewers').textContent === '1'");
    await untilTrue(page, "document.querySelector('#bitrate').textContent.includes('Mbit/s')");
    expect(await page.textContent('#title')).toBe('Evening show');
  });

  it('goes on with a still picture without the camera, with the screen, and with both', async () => {
    const studio = await start();
    const page = keep(await goLiveIn(browser, studio));
    const player = await watch(studio);
    await player.untilFramesAdvance(30);
    await page.click('#camera-off');
    await untilTrue(page, "document.querySelector('#source-text').textContent === 'Still picture'");
    await player.untilFramesAdvance(20);
    await page.click('#share-screen');
    await untilTrue(page, "document.querySelector('#source-text').textContent === 'Screen'");
    await player.untilFramesAdvance(30);
    await page.click('#camera-off');
    await untilTrue(page, "document.querySelector('#source-text').textContent === 'Screen and camera'");
    await player.untilFramesAdvance(30);
    expect(await player.status()).toBe('live');
    expect(said(studio, 'waiting')).toHaveLength(1);
  });

  it('says what is wrong when the camera is unplugged, and stays on air', async () => {
    const studio = await start();
    const page = keep(await goLiveIn(browser, studio));
    const player = await watch(studio);
    await player.untilFramesAdvance(30);
    // Chromium's fake camera cannot be pulled out: its track says what a real one says.
    await page.evaluate(() => {
      const preview = document.querySelector('video');
      const stream = preview?.srcObject;
      if (!(stream instanceof MediaStream)) return;
      for (const track of stream.getVideoTracks()) {
        track.stop();
        track.dispatchEvent(new Event('ended'));
      }
    });
    await untilTrue(page, "document.querySelector('#notices').textContent.includes('unplugged')");
    await player.untilFramesAdvance(20);
    expect(await page.textContent('#badge-text')).toMatch(/^On air/);
  });

  it('takes a WHIP client, tells a stranger to go, and ends with DELETE', async () => {
    const studio = await start();
    const stranger = await publishByWhip(browser, studio, 'not-the-key');
    keep(stranger.page);
    expect(stranger.outcome).toMatchObject({ status: 401, text: expect.stringContaining('stream key') });
    const client = await publishByWhip(browser, studio);
    keep(client.page);
    expect(client.outcome.status).toBe(201);
    const player = await watch(studio);
    await player.untilStatus('live');
    await player.untilFramesAdvance(60);
    expect((await player.stats()).hasSound).toBe(true);
    const second = await publishByWhip(browser, studio);
    keep(second.page);
    expect(second.outcome).toMatchObject({ status: 409, text: expect.stringContaining('--takeover') });
    const headers = { Authorization: `Bearer ${studio.streamKey}` };
    expect((await fetch(client.outcome.session, { method: 'DELETE', headers })).status).toBe(200);
    await player.untilStatus('waiting');
  });

  it('lets a second publisher take over where that is wished, and tells the first', async () => {
    const studio = await start('--takeover');
    const page = keep(await goLiveIn(browser, studio));
    const player = await watch(studio);
    await player.untilFramesAdvance(30);
    const client = await publishByWhip(browser, studio);
    keep(client.page);
    expect(client.outcome.status).toBe(201);
    await untilTrue(page, "document.querySelector('#notices').textContent.includes('taken over')");
    await untilTrue(page, "document.querySelector('#badge-text').textContent === 'Off air'");
    await player.untilStatus('live');
    await player.untilFramesAdvance(30);
  });

  it('takes a publisher back into the same broadcast, and begins again when ffmpeg is killed', async () => {
    const studio = await start();
    const page = await goLiveIn(browser, studio);
    const player = await watch(studio);
    await player.untilFramesAdvance(30);
    await page.close();
    await player.untilStatus('waiting');
    const again = keep(await goLiveIn(browser, studio));
    await player.untilStatus('live');
    await player.untilFramesAdvance(30);
    const from = studio.process.events.length;
    for (const id of ffmpegsOf(studio)) process.kill(id, 'SIGKILL');
    await studio.process.waitFor(({ event }) => event === 'live', from, 10_000);
    await player.untilFramesAdvance(30);
    await untilOnAir(again);
  });
});
