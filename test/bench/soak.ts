/** The studio for a long time: whether sound and picture stay together, and whether memory grows anywhere. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { openBrowser, untilTrue } from '../browser.js';
import { ffmpegsOf, goLiveIn, type StudioReady, startStudio } from '../e2e/studio-rig.js';
import { type Bench, round } from './bench.js';
import { readerScript } from './latency.js';
import { rssBytes } from './process-cpu.js';
import { clockScript, recordedOffset } from './studio.js';

const SECONDS_DEFAULT = 1_800;
/** Between two looks at sound against picture: each records eight seconds. */
const OFFSETS = 7;
const SAMPLE_MS = 5_000;
/** What grows at the beginning is caches and code that is compiled. */
const WARM_SHARE = 0.2;
const MIB = 1024 * 1024;

type Sample = { readonly atS: number; readonly mib: Readonly<Record<string, number>> };

/** Publishes a clock from the studio page, watches it, and looks at both now and then. */
export const benchSoak: Bench = {
  about: 'the studio for half an hour: drift of sound against picture, and the slope of memory',
  async run({ note, seconds = SECONDS_DEFAULT }) {
    const folder = mkdtempSync(join(tmpdir(), 'freshet-soak-'));
    const ready = await startStudio('--no-record');
    const publishing = await openBrowser();
    const watching = await openBrowser({ flags: ['--enable-precise-memory-info'] });
    try {
      await publishing.context.addInitScript(await clockScript());
      await watching.context.addInitScript(await readerScript());
      const studio = await goLiveIn(publishing, ready);
      await ready.process.waitFor(({ event }) => event === 'live');
      const page = await watching.context.newPage();
      await page.goto(ready.watch);
      await untilTrue(page, 'globalThis.freshetBench?.firstFrameMs !== undefined');
      const pages = { studio, watch: page };
      const offsets: number[] = [];
      const samples: Sample[] = [];
      const startedAt = performance.now();
      const elapsedS = (): number => (performance.now() - startedAt) / 1000;
      while (elapsedS() < seconds) {
        samples.push({ atS: elapsedS(), mib: await memoryOf(ready, pages) });
        if (elapsedS() >= (offsets.length * seconds) / (OFFSETS - 1)) {
          const offset = await recordedOffset(ready, join(folder, `${offsets.length}.mp4`));
          if (offset !== undefined) offsets.push(round(offset, 1));
          note(
            `${Math.round(elapsedS())} s: sound ${offset} ms late, ${JSON.stringify(samples.at(-1)?.mib)}`,
          );
          // Latencies of each frame are the bench's own memory.
          await page.evaluate('freshetBench.latenciesMs = []');
        }
        await delay(SAMPLE_MS);
      }
      const stalls = await page.evaluate<number>('freshetBench.stalls');
      const avDriftMs = round(Math.max(...offsets) - Math.min(...offsets), 1);
      const rssMiB = samples.at(-1)?.mib;
      return [
        {
          minutes: round(seconds / 60, 1),
          avOffsetMs: offsets,
          avDriftMs,
          stalls,
          rssMiB,
          slopeMiBPerHour: slopesOf(samples),
        },
      ];
    } finally {
      await publishing.close();
      await watching.close();
      await ready.process.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function memoryOf(
  ready: StudioReady,
  pages: Readonly<Record<string, Page>>,
): Promise<Record<string, number>> {
  const mib: Record<string, number> = {
    broadcaster: round(rssBytes(ready.process.pid) / MIB, 1),
    ffmpeg: round(ffmpegsOf(ready).reduce((sum, pid) => sum + rssBytes(pid), 0) / MIB, 1),
  };
  for (const [name, page] of Object.entries(pages))
    mib[`${name} page`] = round((await page.evaluate<number>('performance.memory.usedJSHeapSize')) / MIB, 1);
  return mib;
}

/** Least squares over all but the first fifth, in MiB an hour. */
function slopesOf(samples: readonly Sample[]): Record<string, number> {
  const settled = samples.slice(Math.floor(samples.length * WARM_SHARE));
  const meanS = settled.reduce((sum, { atS }) => sum + atS, 0) / settled.length;
  const slopes: Record<string, number> = {};
  for (const name of Object.keys(settled[0]?.mib ?? {})) {
    let [above, below] = [0, 0];
    for (const { atS, mib } of settled) {
      above += (atS - meanS) * (mib[name] ?? 0);
      below += (atS - meanS) ** 2;
    }
    slopes[name] = round((above / below) * 3600, 1);
  }
  return slopes;
}
