/**
 * Glass-to-glass latency and start-up in a real browser: the test picture carries a clock that machines can read, and
 * the playing page's pixels are read back. Source, relay and page share this machine's clock.
 */

import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { openBrowser, untilTrue } from '../browser.js';
import { FreshetProcess } from '../freshet-process.js';
import { type Bench, percentile, round } from './bench.js';

/** Joins that are timed, and frames that are read in all. */
const JOINS = 12;
const SAMPLES_PER_JOIN = 40;

/** Frames of each join that are not counted: the player settles on its target first. */
const SETTLE_MS = 4_000;

type JoinResult = {
  readonly startupMs: number;
  readonly latenciesMs: readonly number[];
  readonly stalls: number;
};

/** Measures from the creation of a frame to its presentation by the page. */
export const benchLatency: Bench = {
  about: 'glass-to-glass latency and start-up of the page in Chromium, from the pixels',
  async run({ note, seconds }) {
    const script = await readerScript();
    const live = new FreshetProcess(['live', '--port', '0', '--host', '127.0.0.1', '--json']);
    const browser = await openBrowser();
    try {
      const { watch } = await live.waitFor(({ event }) => event === 'ready');
      await live.waitFor(({ event }) => event === 'live');
      await browser.context.addInitScript(script);
      const joins: JoinResult[] = [];
      for (let join = 0; join < JOINS; join++) {
        const page = await browser.context.newPage();
        const result = await measureJoin(page, String(watch), seconds);
        await page.close();
        joins.push(result);
        note(
          `join ${join + 1}: first frame ${round(result.startupMs, 0)} ms, latency p50 ${round(percentile(result.latenciesMs, 0.5), 0)} ms, p99 ${round(percentile(result.latenciesMs, 0.99), 0)} ms, ${result.stalls} stalls`,
        );
      }
      return [summarize(joins)];
    } finally {
      await browser.close();
      await live.stop();
    }
  },
};

function summarize(joins: readonly JoinResult[]): object {
  const latencies = joins.flatMap(({ latenciesMs }) => latenciesMs);
  const startups = joins.map(({ startupMs }) => startupMs);
  const p = (values: readonly number[], q: number): number => round(percentile(values, q), 1);
  return {
    glassToGlassMs: { p50: p(latencies, 0.5), p99: p(latencies, 0.99) },
    startupMs: { p50: p(startups, 0.5), p95: p(startups, 0.95) },
    samples: latencies.length,
    joins: joins.length,
    stalls: joins.reduce((total, { stalls }) => total + stalls, 0),
  };
}

async function measureJoin(page: Page, watch: string, seconds: number | undefined): Promise<JoinResult> {
  await page.goto(watch);
  await untilTrue(page, 'globalThis.freshetBench?.firstFrameMs !== undefined');
  await page.waitForTimeout(SETTLE_MS);
  await page.evaluate('freshetBench.reset()');
  if (seconds !== undefined) await page.waitForTimeout(seconds * 1000);
  await untilTrue(page, `freshetBench.latenciesMs.length >= ${SAMPLES_PER_JOIN}`);
  return page.evaluate<JoinResult>(
    '({ startupMs: freshetBench.firstFrameMs, latenciesMs: freshetBench.latenciesMs, stalls: freshetBench.stalls })',
  );
}

/** What runs in the page, with the clock's reader bundled in. */
export async function readerScript(): Promise<string> {
  const entry = fileURLToPath(new URL('./latency-page.ts', import.meta.url));
  const bundle = await build({ entryPoints: [entry], bundle: true, write: false, format: 'iife' });
  return bundle.outputFiles[0]?.text ?? '';
}
