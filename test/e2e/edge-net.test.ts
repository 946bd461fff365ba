import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openBrowser, type TestBrowser } from '../browser.js';
import { until } from '../contract/edge-rig.js';
import type { PublishOrder } from './edge-net-relay.js';
import type { Host } from './net/host.js';
import { createNet, type Net } from './net/net.js';
import { describeIfNet } from './net/require-net.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** 2.6 Mbit/s in pieces as they come from 30 frames a second. */
const STREAM: PublishOrder = { count: 200, byteLength: 10_800, gapMs: 33 };

/** What a page has seen. */
type Seen = { readonly openCount: number; readonly delaysMs: readonly number[]; readonly wrongCount: number };

type Said = { readonly event: string; readonly address?: string; readonly remoteAddress?: string };

const bundle = async (options: BuildOptions): Promise<string> => {
  const { outputFiles } = await build({
    alias: { '@freshet/proto': join(root, 'proto/src/index.ts') },
    bundle: true,
    write: false,
    target: 'es2022',
    logLevel: 'silent',
    ...options,
  });
  return outputFiles?.[0]?.text ?? '';
};

const PAGE_SCRIPT = `
  import { createBrowserEdgeDial } from '../../viewer/src/link/rtc-relay-browser.ts';
  const dial = createBrowserEdgeDial();
  const seen = { openCount: 0, delaysMs: [], wrongCount: 0 };
  window.seen = seen;
  window.openHere = (url) => {
    window.link = dial(url, {
      onOpen: () => { seen.openCount += 1; },
      onMessage: (bytes) => {
        const at = new DataView(bytes.buffer, bytes.byteOffset).getFloat64(2);
        // Each message is filled with its number.
        if (bytes[20] !== (seen.delaysMs.length & 0xff)) seen.wrongCount += 1;
        seen.delaysMs.push(Date.now() - at);
      },
      onClose: () => undefined,
    });
  };
`;

describeIfNet(
  'an edge across a network',
  'nat',
  () => {
    let net: Net;
    let relay: ChildProcess;
    const said: Said[] = [];
    const browsers: TestBrowser[] = [];
    beforeAll(async () => {
      net = await createNet({
        seed: 'edge',
        hosts: [
          { name: 'vps', delayMs: 15 },
          { name: 'home', delayMs: 15, loss: 0.01, upBps: 2_000_000, downBps: 20_000_000, nat: 'symmetric' },
        ],
      });
      relay = await startRelayProcess(net.host('vps'), said);
    });
    afterAll(async () => {
      for (const browser of browsers) await browser.close();
      await net?.close();
    });

    it('serves a page behind a symmetric NAT, over losses, whole, in order and without delay to speak of', async () => {
      const home = net.host('home');
      const browser = await openBrowser({ wrap: (argv) => home.namespace.commandOf(argv) });
      browsers.push(browser);
      const page = await browser.context.newPage();
      await page.addScriptTag({
        content: await bundle({
          stdin: { contents: PAGE_SCRIPT, resolveDir: join(root, 'test/e2e'), loader: 'ts' },
          format: 'iife',
        }),
      });
      await page.evaluate(`window.openHere('${said[0]?.address}/channel/test')`);
      await until('open at both ends', async () => (await seenIn(page)).openCount === 1 && said.length > 1);
      // The NAT's address, not the one at home.
      expect(said[1]?.remoteAddress).not.toBe(home.address);
      relay.send(STREAM);
      await until('all messages', async () => (await seenIn(page)).delaysMs.length === STREAM.count, 60_000);
      const { delaysMs, wrongCount } = await seenIn(page);
      const sorted = [...delaysMs].sort((a, b) => a - b);
      expect(wrongCount).toBe(0);
      // 30 ms are the way itself; a busy machine adds to it.
      expect(sorted[STREAM.count / 2]).toBeLessThan(250);
      expect(said.filter(({ event }) => event === 'overflown')).toEqual([]);
    });
  },
  ['chromium'],
);

const seenIn = (page: Page): Promise<Seen> => page.evaluate<Seen>('window.seen');

const startRelayProcess = async (host: Host, said: Said[]): Promise<ChildProcess> => {
  // Beside the packages, so that it finds werift.
  const folder = join(root, 'node_modules/.cache');
  mkdirSync(folder, { recursive: true });
  const place = mkdtempSync(join(folder, 'edge-net-'));
  const script = join(place, 'relay.mjs');
  const text = await bundle({
    entryPoints: [join(root, 'test/e2e/edge-net-relay.ts')],
    format: 'esm',
    platform: 'node',
    external: ['werift'],
  });
  writeFileSync(script, text);
  const child = host.spawn([process.execPath, script, host.address], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  child.on('message', (message: Said) => said.push(message));
  await until('the relay is there', () => said.length > 0);
  rmSync(place, { recursive: true, force: true });
  return child;
};
