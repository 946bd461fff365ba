/**
 * A relay in the middle of the tree goes: once by SIGKILL, once drained by SIGTERM. Two relays take the stream from the
 * broadcaster, a third takes it from one of them and keeps the other warm; a page and an app watch at the third.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseLink } from '@freshet/proto';
import type { Page } from 'playwright-core';
import { openBrowser, type TestBrowser, untilTrue } from '../browser.js';
import { FreshetProcess } from '../freshet-process.js';
import { type Bench, percentile, round } from './bench.js';
import { readerScript } from './latency.js';
import { PieceListener } from './piece-listener.js';

const ROUNDS = 3;
/** Before and after the middle relay goes. */
const SETTLE_MS = 5_000;
const WATCH_MS = 6_000;

type Round = { readonly gapMs: number; readonly stalls: number; readonly lacking: number };

/** Measures what viewers and the child relay notice. */
export const benchFailover: Bench = {
  about: 'a middle relay is killed, then drained: the gap at its child, stalls in a page and an app',
  async run({ note, seconds = WATCH_MS / 1000 }) {
    const browser = await openBrowser();
    try {
      await browser.context.addInitScript(await readerScript());
      const kills: Round[] = [];
      const drains: Round[] = [];
      for (let round = 0; round < ROUNDS; round++)
        for (const [signal, rounds] of [
          ['SIGKILL', kills],
          ['SIGTERM', drains],
        ] as const) {
          rounds.push(await loseMiddle(browser, signal, seconds * 1000));
          note(`${signal}: ${JSON.stringify(rounds.at(-1))}`);
        }
      return [
        {
          killGapMs: worst(kills, ({ gapMs }) => gapMs),
          killGapP50Ms: round(percentile(gapsOf(kills), 0.5), 0),
          killStalls: sum(kills, ({ stalls }) => stalls),
          killLacking: sum(kills, ({ lacking }) => lacking),
          drainGapMs: worst(drains, ({ gapMs }) => gapMs),
          drainStalls: sum(drains, ({ stalls }) => stalls),
          drainLacking: sum(drains, ({ lacking }) => lacking),
          rounds: ROUNDS,
        },
      ];
    } finally {
      await browser.close();
    }
  },
};

const gapsOf = (rounds: readonly Round[]): number[] => rounds.map(({ gapMs }) => gapMs);
const worst = (rounds: readonly Round[], read: (r: Round) => number): number =>
  Math.round(Math.max(...rounds.map(read)));
const sum = (rounds: readonly Round[], read: (r: Round) => number): number =>
  rounds.reduce((total, each) => total + read(each), 0);

async function loseMiddle(browser: TestBrowser, signal: NodeJS.Signals, watchMs: number): Promise<Round> {
  const ends: (() => Promise<unknown>)[] = [];
  try {
    const live = new FreshetProcess(['live', '--port', '0', '--host', '127.0.0.1', '--json']);
    ends.push(() => live.stop());
    const { watch } = await live.waitFor(({ event }) => event === 'ready');
    const parsed = parseLink(String(watch));
    if (!parsed.ok) throw new Error(parsed.why);
    await live.waitFor(({ event }) => event === 'live');
    const middles = [await startRelay(ends, [String(watch)]), await startRelay(ends, [String(watch)])];
    const child = await startRelay(
      ends,
      middles.map(({ link }) => link),
    );
    const listener = await PieceListener.open(child.origin, parsed.link.channelKey);
    ends.push(async () => listener.close());
    const page = await browser.context.newPage();
    ends.push(() => page.close());
    await page.goto(child.link);
    const folder = mkdtempSync(join(tmpdir(), 'freshet-app-'));
    ends.push(async () => rmSync(folder, { recursive: true, force: true }));
    const app = new FreshetProcess(['watch', child.link, '--json', '--out', join(folder, 'recording.mp4')]);
    ends.push(() => app.stop());
    await untilTrue(page, 'globalThis.freshetBench?.firstFrameMs !== undefined');
    await sleep(SETTLE_MS);
    const middle = await feeder(middles);
    const gapsBefore = gapCountOf(app);
    await page.evaluate('freshetBench.reset()');
    const since = performance.now();
    middle.process.child.kill(signal);
    await sleep(watchMs);
    const stalls = (await stallsOf(page)) + gapCountOf(app) - gapsBefore;
    return { gapMs: round(listener.longestGapMs(since), 0), stalls, lacking: listener.lacking };
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

type RelayProcess = { readonly process: FreshetProcess; readonly origin: string; readonly link: string };

async function startRelay(
  ends: (() => Promise<unknown>)[],
  parents: readonly string[],
): Promise<RelayProcess> {
  const process = new FreshetProcess([
    'relay',
    ...parents.flatMap((parent) => ['--parent', parent]),
    ...['--port', '0', '--host', '127.0.0.1', '--json'],
  ]);
  ends.push(() => process.stop());
  const { port, address } = await process.waitFor(({ event }) => event === 'ready');
  await process.waitFor(({ event, state }) => event === 'state' && state === 'live');
  const origin = `http://127.0.0.1:${port}`;
  return { process, origin, link: `${origin}/watch/${address}` };
}

/** The one of the two that feeds the child: its egress grows. */
async function feeder(relays: readonly RelayProcess[]): Promise<RelayProcess> {
  const before = await Promise.all(relays.map(egressBytes));
  await sleep(1_000);
  const grown = await Promise.all(
    relays.map(async (relay, index) => (await egressBytes(relay)) - (before[index] ?? 0)),
  );
  const most = grown.indexOf(Math.max(...grown));
  const found = relays[most];
  if (!found || (grown[most] ?? 0) < 10_000) throw new Error('neither relay feeds the child');
  return found;
}

async function egressBytes({ origin }: RelayProcess): Promise<number> {
  const text = await (await fetch(`${origin}/metrics`)).text();
  return Number(/^freshet_sent_bytes_total\S* (\S+)$/m.exec(text)?.[1] ?? 0);
}

const stallsOf = (page: Page): Promise<number> => page.evaluate<number>('freshetBench.stalls');

const gapCountOf = (app: FreshetProcess): number =>
  Number(app.events.findLast(({ event }) => event === 'stats')?.gapCount ?? 0);

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
