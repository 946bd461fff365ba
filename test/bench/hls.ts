/**
 * Glass-to-glass latency of low-latency HLS: the test picture's clock, through a relay's HLS, hls.js and Chromium, read
 * back from the pixels. Source, relay and page share this machine's clock.
 */

import { openBrowser, untilTrue } from '../browser.js';
import { startHlsRig } from '../e2e/hls-rig.js';
import { FreshetProcess } from '../freshet-process.js';
import { type Bench, percentile, round } from './bench.js';
import { readerScript } from './latency.js';

/** Times that a page is opened. */
const JOINS = 3;

/** Length of each one's measurement unless told otherwise. */
const SECONDS_DEFAULT = 20;

/** Not counted at the start of each: hls.js settles on its distance first. */
const SETTLE_MS = 6_000;

type PageFigures = {
  readonly startupMs: number;
  readonly latenciesMs: readonly number[];
  readonly stalls: number;
  readonly fatal: string | null;
};

/** Measures from the creation of a frame to its presentation by a page with hls.js. */
export const benchHls: Bench = {
  about: 'glass-to-glass latency of LL-HLS in hls.js in Chromium, from the pixels',
  async run({ note, seconds }) {
    const script = await readerScript();
    const live = new FreshetProcess(['live', '--port', '0', '--host', '127.0.0.1', '--json']);
    const browser = await openBrowser();
    try {
      const { watch } = await live.waitFor(({ event }) => event === 'ready');
      await live.waitFor(({ event }) => event === 'live');
      const rig = await startHlsRig({ link: String(watch) });
      try {
        await browser.context.addInitScript(script);
        const joins: PageFigures[] = [];
        for (let join = 0; join < JOINS; join++) {
          const figures = await measure(
            browser,
            `${rig.origin}/play?src=${rig.url}`,
            seconds ?? SECONDS_DEFAULT,
          );
          joins.push(figures);
          note(
            `join ${join + 1}: first frame ${round(figures.startupMs, 0)} ms, latency p50 ${round(percentile(figures.latenciesMs, 0.5), 0)} ms, p99 ${round(percentile(figures.latenciesMs, 0.99), 0)} ms, ${figures.stalls} stalls`,
          );
        }
        return [summarize(joins)];
      } finally {
        await rig.close();
      }
    } finally {
      await browser.close();
      await live.stop();
    }
  },
};

async function measure(
  browser: Awaited<ReturnType<typeof openBrowser>>,
  url: string,
  seconds: number,
): Promise<PageFigures> {
  const page = await browser.context.newPage();
  await page.goto(url);
  await untilTrue(page, 'globalThis.freshetBench?.firstFrameMs !== undefined', 40_000);
  await page.waitForTimeout(SETTLE_MS);
  await page.evaluate('freshetBench.reset()');
  await page.waitForTimeout(seconds * 1000);
  const figures = await page.evaluate<PageFigures>(
    '({ startupMs: freshetBench.firstFrameMs, latenciesMs: freshetBench.latenciesMs, stalls: freshetBench.stalls, fatal: globalThis.hlsFatal ?? null })',
  );
  await page.close();
  if (figures.fatal !== null) throw new Error(`hls.js gave up: ${figures.fatal}`);
  return figures;
}

function summarize(joins: readonly PageFigures[]): object {
  const latencies = joins.flatMap(({ latenciesMs }) => latenciesMs);
  return {
    glassToGlassMs: { p50: round(percentile(latencies, 0.5), 1), p99: round(percentile(latencies, 0.99), 1) },
    startupMs: {
      p50: round(
        percentile(
          joins.map(({ startupMs }) => startupMs),
          0.5,
        ),
        1,
      ),
    },
    samples: latencies.length,
    joins: joins.length,
    stalls: joins.reduce((total, { stalls }) => total + stalls, 0),
  };
}
