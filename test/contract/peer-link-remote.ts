/** Stations inside hosts of the rig, and links between them. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import type { RtcEngineName } from '../../viewer/src/app/rtc-engine.js';
import type { Host } from '../e2e/net/host.js';
import { CHROMIUM_FLAGS, chromiumPath } from '../require-real.js';
import type { StationOrder, StationReport } from './peer-link-station.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Bundles a station from the sources, so that it needs no build. */
const bundle = async (name: string, platform: 'browser' | 'node'): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'test/contract', name)],
    alias: { '@freshet/proto': join(root, 'proto/src/index.ts') },
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    platform,
    external: ['werift', '@roamhq/wrtc'],
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? '';
};

/** A station somewhere else. */
export type Remote = {
  /** Set by whoever connects two stations. */
  onSignal: (signal: string) => void;
  follow(order: StationOrder): Promise<StationReport>;
  /** Ends it without a word: the page is closed, the process killed. */
  vanish(): Promise<void>;
};

/** Starts a station in Node inside a host. */
export const startNodeStation = async (host: Host, engine: RtcEngineName): Promise<Remote> => {
  // Beside the packages, so that it finds the engines.
  const folder = join(root, 'node_modules/.cache');
  mkdirSync(folder, { recursive: true });
  const place = mkdtempSync(join(folder, 'peer-link-'));
  const script = join(place, 'station.mjs');
  writeFileSync(script, await bundle('peer-link-node.ts', 'node'));
  const child = host.spawn([process.execPath, script, engine], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, (report: StationReport) => void>();
  let lastId = 0;
  const remote: Remote = {
    onSignal: () => undefined,
    follow: (order) =>
      new Promise((resolve) => {
        lastId += 1;
        waiting.set(lastId, resolve);
        child.send({ id: lastId, order });
      }),
    vanish: async () => {
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGKILL');
      await ended;
    },
  };
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the station ended with ${code}`)));
    child.on('message', (message: { signal?: string; id?: number; report?: StationReport }) => {
      if (message.signal !== undefined) remote.onSignal(message.signal);
      else if (message.id !== undefined && message.report) waiting.get(message.id)?.(message.report);
      else resolve();
    });
  });
  rmSync(place, { recursive: true, force: true });
  return remote;
};

/** A Chromium inside a host. */
export type HostBrowser = { openStation(): Promise<Remote>; close(): Promise<void> };

/** Starts Chromium inside a host; it is driven by pipes, which reach out of the namespace. */
export const openHostBrowser = async (host: Host): Promise<HostBrowser> => {
  const place = mkdtempSync(join(tmpdir(), 'freshet-host-browser-'));
  const wrapper = join(place, 'chromium.sh');
  const command = host.namespace.commandOf([chromiumPath ?? 'chromium']).join(' ');
  writeFileSync(wrapper, `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
  const context: BrowserContext = await chromium.launchPersistentContext(join(place, 'profile'), {
    executablePath: wrapper,
    args: CHROMIUM_FLAGS.filter((flag) => flag !== '--headless'),
  });
  const script = await bundle('peer-link-page.ts', 'browser');
  return {
    openStation: async () => openPageStation(await context.newPage(), script),
    close: async () => {
      await context.close();
      rmSync(place, { recursive: true, force: true });
    },
  };
};

const openPageStation = async (page: Page, script: string): Promise<Remote> => {
  const remote: Remote = {
    onSignal: () => undefined,
    follow: (order) => page.evaluate((given) => window.follow(given), order),
    vanish: () => page.close(),
  };
  await page.exposeFunction('tellSignal', (signal: string) => remote.onSignal(signal));
  await page.addScriptTag({ content: script, type: 'module' });
  await page.waitForFunction(() => typeof window.follow === 'function');
  return remote;
};

/** Waits until a station's report is as wanted, looking every 20 ms; gives that report. */
export const untilReport = async (
  what: string,
  remote: Remote,
  holds: (report: StationReport) => boolean,
  msMax: number = 15_000,
): Promise<StationReport> => {
  const deadline = performance.now() + msMax;
  for (;;) {
    const report = await remote.follow(['report']);
    if (holds(report)) return report;
    if (performance.now() > deadline) {
      throw new Error(`not within ${msMax} ms: ${what}; last ${JSON.stringify(report)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

/** Opens a link between two stations. */
export const connectStations = async (
  offerer: Remote,
  answerer: Remote,
  stunUrls: readonly string[] = [],
): Promise<void> => {
  // A station that has vanished takes no more signals, and needs none.
  const carry = (to: Remote) => (signal: string) => void to.follow(['signal', signal]).catch(() => undefined);
  await answerer.follow(['dial', { isOfferer: false, stunUrls }]);
  offerer.onSignal = carry(answerer);
  answerer.onSignal = carry(offerer);
  await offerer.follow(['dial', { isOfferer: true, stunUrls }]);
  await untilReport('the offering end is open', offerer, ({ openCount }) => openCount === 1);
  await untilReport('the answering end is open', answerer, ({ openCount }) => openCount === 1);
};
