/** The dashboard of a real broadcast with a real viewer, in a real browser. */

import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser, type TestBrowser, untilTrue } from '../browser.js';
import { FreshetProcess } from '../freshet-process.js';
import { describeIfReal } from '../require-real.js';
import { PlayerPage } from './player-page.js';

const WATCHING = "document.querySelector('.tile .figure')?.textContent";

describeIfReal('the dashboard', ['ffmpeg', 'chromium'], () => {
  let browser: TestBrowser;
  let live: FreshetProcess;

  beforeAll(async () => {
    browser = await openBrowser();
    live = new FreshetProcess([
      'live',
      '--size',
      '320x180',
      '--port',
      '0',
      '--host',
      '127.0.0.1',
      '--control-port',
      '0',
      '--json',
    ]);
  });
  afterAll(async () => {
    await live.stop();
    await browser.close();
  });

  it('shows a viewer come, how it is fed and what it sees, and shows it go', async () => {
    const { watch, control } = await live.waitFor(({ event }) => event === 'ready');
    await live.waitFor(({ event }) => event === 'live');
    const errors: string[] = [];
    const page = await browser.context.newPage();
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(String(control));
    expect(new URL(page.url()).pathname).toBe('/dashboard');
    await untilTrue(page, `${WATCHING} === '0' && document.body.innerText.includes('Nobody watches yet')`);
    const player = await PlayerPage.open(browser, String(watch));
    await player.untilFramesAdvance(30);
    await untilTrue(page, `${WATCHING} === '1'`);
    await untilTrue(page, "document.querySelector('.stage canvas').dataset.nodes === '2'");
    expect(await page.evaluate("document.querySelectorAll('.plot canvas').length")).toBe(5);
    // The viewer has told how it plays.
    await untilTrue(page, "/\\d+ ms/.test(document.querySelectorAll('.tile .figure')[4].textContent)");
    const state = await (await fetch(`${String(control)}/api/state`)).json();
    expect(state).toMatchObject({ state: 'live', viewers: 1, joins: 1 });
    const csv = await (await fetch(`${String(control)}/api/history.csv`)).text();
    expect(csv.split('\r\n')[0]).toMatch(/^at,viewers,/);
    expect(csv.split('\r\n').some((row) => /Z,1,1,/.test(row))).toBe(true);
    const history = await (await fetch(`${String(control)}/api/history.json?points=2`)).json();
    expect(history.samples.length).toBeLessThanOrEqual(3);
    await player.close();
    await untilTrue(page, `${WATCHING} === '0'`);
    await untilTrue(page, "document.querySelector('.stage canvas').dataset.nodes === '1'");
    expect(errors).toEqual([]);
  });

  it('says that the figures are old when the control room is gone', async () => {
    const { control } = await live.waitFor(({ event }) => event === 'ready');
    const page = await browser.context.newPage();
    await page.goto(String(control));
    await untilTrue(page, `${WATCHING} === '0'`);
    await live.stop();
    await untilTrue(page, "document.body.classList.contains('is-lost')");
    await untilTrue(page, "document.querySelector('.lost').textContent.length > 20");
  });
});
