import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openBrowser, type TestBrowser } from '../browser.js';
import type { Noted } from './playback/upload-page.js';

const pathOf = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const SOON = { timeout: 10_000, interval: 50 };
const UNLIMITED = 1_000_000_000;

let browser: TestBrowser;
let server: Server;
let address: string;
let page: Page;

beforeAll(async () => {
  const bundle = await build({
    entryPoints: [pathOf('./playback/upload-page.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    alias: { '@freshet/proto': pathOf('../../proto/src/index.ts') },
  });
  server = createServer((request, response) => {
    const isScript = request.url === '/page.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(
      isScript
        ? bundle.outputFiles[0]?.text
        : '<!doctype html><link rel="icon" href="data:,"><body><script type="module" src="/page.js"></script>',
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  // A secure context, which the battery wants.
  address = `http://127.0.0.1:${port}/`;
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  server?.close();
});

afterEach(async () => {
  await page.close();
});

/** Opens the page with these attributes on the player, on a device whose battery the test holds in `battery`. */
async function open(attributes: string, battery = 'charging: true, level: 1'): Promise<void> {
  page = await browser.context.newPage();
  await page.addInitScript(`
    globalThis.battery = Object.assign(new EventTarget(), { ${battery} });
    navigator.getBattery = async () => globalThis.battery;
  `);
  await page.goto(`${address}#${attributes}`);
}

const evaluate = <T>(expression: string): Promise<T> => page.evaluate<T>(expression);
const asked = (): Promise<Noted['asked']> => evaluate('noted.asked');
const offers = (): Promise<Noted['offers']> => evaluate('noted.offers');

test('a player asks for all that can be used, and for other viewers, unless it is told otherwise', async () => {
  await open('');
  expect(await asked()).toMatchObject({ uploadBps: UNLIMITED, isRelayOnly: false });
});

test('a player takes its limits from its attributes', async () => {
  await open('upload=2.5&relay-only=');
  expect(await asked()).toMatchObject({ uploadBps: 2_500_000, isRelayOnly: true });
  expect(await evaluate('[player.upload, player.relayOnly]')).toEqual(['2.5', true]);
});

test('another limit takes effect at once, without a new start', async () => {
  await open('upload=off');
  expect(await asked()).toMatchObject({ uploadBps: 0 });
  await evaluate('void (player.upload = 3)');
  await evaluate('void (player.upload = null)');
  expect(await offers()).toEqual([3_000_000, UNLIMITED]);
  expect(await evaluate('noted.starts')).toBe(1);
});

test('a player that may use the relay alone from now on starts again', async () => {
  await open('');
  await evaluate('void (player.relayOnly = true)');
  await expect.poll(() => evaluate('noted.starts'), SOON).toBe(2);
  expect(await asked()).toMatchObject({ isRelayOnly: true });
});

test('a low battery ends uploading, and a charger brings it back', async () => {
  await open('upload=4', 'charging: false, level: 0.2');
  await expect.poll(offers, SOON).toEqual([0]);
  await evaluate("(battery.charging = true, battery.dispatchEvent(new Event('chargingchange')))");
  expect(await offers()).toEqual([0, 4_000_000]);
});

test('a sign says how many viewers are helped, only while there are any, and opens the statistics', async () => {
  await open('');
  const sign = "player.shadowRoot.querySelector('.helping')";
  await evaluate('noted.reportHelped(0)');
  expect(await evaluate(`${sign}.hidden`)).toBe(true);
  await evaluate('noted.reportHelped(3)');
  expect(await evaluate(`[${sign}.hidden, ${sign}.textContent]`)).toEqual([false, 'helping3']);
  expect(await evaluate(`${sign}.getAttribute('aria-label')`)).toContain('3 other viewers');
  await evaluate(`${sign}.click()`);
  const panel = "player.shadowRoot.querySelector('.stats')";
  await expect.poll(() => evaluate(`${panel}.textContent`), SOON).toContain('75 %from other viewers');
  expect(await evaluate(`${panel}.hidden`)).toBe(false);
  expect(await evaluate(`${panel}.querySelector('[role=img].origin-bar').getAttribute('aria-label')`)).toBe(
    '75 % came from other viewers, 25 % from the relay.',
  );
  await evaluate('noted.reportHelped(0)');
  expect(await evaluate(`${sign}.hidden`)).toBe(true);
});
