/** The dashboard with thousands of nodes: how long the page takes to draw the tree, and what the broadcaster pays. */

import { setTimeout as delay } from 'node:timers/promises';
import { openBrowser, untilTrue } from '../browser.js';
import { type Bench, percentile, round } from './bench.js';
import { BenchChild } from './bench-child.js';
import { cpuSeconds } from './process-cpu.js';

const NODES = 5_000;
const SECONDS = 20;
/** Before counting begins: the history is loaded, code is compiled. */
const SETTLE_MS = 4_000;

/**
 * Each frame in which the tree is drawn, and right behind it the reading of a pixel, which waits until everything is really drawn: without a graphics
 * card the browser otherwise draws, uncounted, at the end of the frame. The page clears its measure right after the redraw.
 */
const OBSERVE = `
  globalThis.freshetRedraws = [];
  const clear = performance.clearMeasures.bind(performance);
  performance.clearMeasures = (name) => {
    const drawn = performance.getEntriesByName('tree frame').at(-1)?.duration ?? 0;
    const start = performance.now();
    document.querySelector('.stage canvas').getContext('2d').getImageData(0, 0, 1, 1);
    freshetRedraws.push([drawn, performance.now() - start]);
    clear(name);
  };`;

/** Feeds the real page from a real control room, with a changed tree each second. */
export const benchDashboard: Bench = {
  about: 'the dashboard with 5,000 nodes: frames that draw the tree in Chromium, CPU of the broadcaster',
  async run({ viewers = [NODES], seconds = SECONDS, note }) {
    const results: object[] = [];
    for (const nodes of viewers) {
      const server = new BenchChild('./dashboard-server.ts', [String(nodes)]);
      const browser = await openBrowser();
      try {
        const { origin } = await server.next();
        const page = await browser.context.newPage();
        await page.addInitScript(OBSERVE);
        await page.goto(`${String(origin)}/dashboard`);
        await untilTrue(
          page,
          `Number(document.querySelector('.stage canvas')?.dataset.nodes) > ${nodes * 0.9}`,
        );
        await delay(SETTLE_MS);
        await page.evaluate('freshetRedraws.length = 0');
        const [cpuBefore, startedAt] = [cpuSeconds(server.pid), performance.now()];
        await delay(seconds * 1_000);
        const spanS = (performance.now() - startedAt) / 1_000;
        const cpuShare = (cpuSeconds(server.pid) - cpuBefore) / spanS;
        const redraws = await page.evaluate<[number, number][]>('freshetRedraws');
        const shown = await page.evaluate<number>(
          "Number(document.querySelector('.stage canvas').dataset.nodes)",
        );
        note(`${redraws.length} frames drew ${shown} nodes in ${round(spanS, 1)} s`);
        const p = (values: readonly number[], q: number): number => round(percentile(values, q), 2);
        const draws = redraws.map(([draw]) => draw);
        const flushed = redraws.map(([draw, flush]) => draw + flush);
        results.push({
          nodes,
          shown,
          redraws: redraws.length,
          redrawMs: { p50: p(draws, 0.5), p95: p(draws, 0.95) },
          redrawAndRasterMs: { p50: p(flushed, 0.5), p95: p(flushed, 0.95) },
          broadcasterCpuShare: round(cpuShare, 4),
        });
      } finally {
        await browser.close();
        await server.end();
      }
    }
    return results;
  },
};
