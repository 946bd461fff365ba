/**
 * Glass to glass from a browser: the studio page, and a WHIP client, publish a picture with a clock; a watch page reads
 * it back from its pixels. Publisher, broadcaster and page share this machine and its clock.
 */

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { openBrowser, type TestBrowser, untilTrue } from '../browser.js';
import { ffmpegsOf, goLiveIn, publishByWhip, type StudioReady, startStudio } from '../e2e/studio-rig.js';
import { FreshetProcess } from '../freshet-process.js';
import { avOffsetMs } from './av-offset.js';
import { type Bench, percentile, round } from './bench.js';
import { readerScript } from './latency.js';
import { LossyUdp, redirectScript } from './lossy-udp.js';
import { cpuSeconds } from './process-cpu.js';

/** The player settles on its target, and the sender's estimate of the line on its bitrate. */
const SETTLE_MS = 8_000;
const SECONDS_DEFAULT = 12;
const RECORD_SECONDS = 8;

const LOSS_SECONDS_DEFAULT = 30;

type Seen = {
  readonly latenciesMs: readonly number[];
  readonly stalls: number;
  readonly longestGapMs: number;
};

type Way = {
  readonly glassToGlassMs: { readonly p50: number; readonly p99: number };
  readonly avOffsetMs: number | undefined;
  readonly samples: number;
  readonly stalls: number;
  readonly longestGapMs: number;
  readonly mbitPerSecond: number;
  readonly serverCpuShare: number;
};

/** Measures both ways in, one after the other. */
export const benchStudio: Bench = {
  about:
    'glass-to-glass latency from the studio page and by WHIP, sound against picture, CPU of the broadcaster',
  async run({ note, seconds = SECONDS_DEFAULT }) {
    const studio = await measure(seconds, note, 'studio', (browser, ready) => goLiveIn(browser, ready));
    const whip = await measure(seconds, note, 'whip', (browser, ready) => publishByWhip(browser, ready));
    return [{ studio, whip, serverCpuShare: studio.serverCpuShare }];
  },
};

type Line = { readonly loss: number; readonly delayMs: number };

/** Losses on the way in, at a round trip of 50 ms; the studio's page publishes. */
export const benchStudioLoss: Bench = {
  about:
    'glass-to-glass latency and the longest freeze with 1 % and 5 % packet loss on the way into the studio',
  async run({ note, seconds = LOSS_SECONDS_DEFAULT }) {
    const at = (loss: number): Promise<Way> =>
      measure(seconds, note, `studio at ${loss * 100} % loss`, goLiveIn, { loss, delayMs: 25 });
    const none = await at(0);
    const loss1 = await at(0.01);
    return [{ none, loss1, loss5: await at(0.05) }];
  },
};

async function measure(
  seconds: number,
  note: (line: string) => void,
  name: string,
  publish: (browser: TestBrowser, ready: StudioReady) => Promise<unknown>,
  line?: Line,
): Promise<Way> {
  const folder = mkdtempSync(join(tmpdir(), 'freshet-bench-'));
  const webrtcPort = line && (await freeUdpPort());
  const ready = await startStudio(...(webrtcPort === undefined ? [] : ['--webrtc-port', String(webrtcPort)]));
  const lossy =
    line && webrtcPort !== undefined ? await LossyUdp.open({ ...line, to: webrtcPort }) : undefined;
  const publishing = await openBrowser();
  const watching = await openBrowser();
  try {
    await publishing.context.addInitScript(await clockScript());
    if (lossy && webrtcPort !== undefined)
      await publishing.context.addInitScript(redirectScript(webrtcPort, lossy.port));
    await watching.context.addInitScript(await readerScript());
    await publish(publishing, ready);
    await ready.process.waitFor(({ event }) => event === 'live');
    const page = await watching.context.newPage();
    await page.goto(ready.watch);
    await untilTrue(page, 'globalThis.freshetBench?.firstFrameMs !== undefined');
    await delay(SETTLE_MS);
    await page.evaluate('freshetBench.reset()');
    const before = serverCpu(ready);
    const startedAt = performance.now();
    await delay(seconds * 1000);
    const serverCpuShare = (serverCpu(ready) - before) / ((performance.now() - startedAt) / 1000);
    const { latenciesMs, stalls, longestGapMs } = await page.evaluate<Seen>('({ ...freshetBench })');
    const bitrate = Number(ready.process.events.findLast(({ event }) => event === 'status')?.bitrate);
    await page.close();
    const offset = await recordedOffset(ready, join(folder, 'recording.mp4'));
    const p = (q: number): number => round(percentile(latenciesMs, q), 1);
    note(
      `${name}: p50 ${p(0.5)} ms, p99 ${p(0.99)} ms, sound ${offset} ms late, ${serverCpuShare} of a core`,
    );
    return {
      glassToGlassMs: { p50: p(0.5), p99: p(0.99) },
      avOffsetMs: offset === undefined ? undefined : round(offset, 1),
      samples: latenciesMs.length,
      stalls,
      longestGapMs: round(longestGapMs, 0),
      mbitPerSecond: round(bitrate / 1e6, 2),
      serverCpuShare: round(serverCpuShare, 3),
    };
  } finally {
    await publishing.close();
    await watching.close();
    await ready.process.stop();
    lossy?.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The broadcaster with its relay, and its ffmpeg. */
function serverCpu(ready: StudioReady): number {
  return [ready.process.pid, ...ffmpegsOf(ready)].reduce((sum, id) => sum + cpuSeconds(id), 0);
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}

/** By how much the sound is late in a recording of a few seconds. */
export async function recordedOffset(ready: StudioReady, file: string): Promise<number | undefined> {
  const local = ['--relay-only', '--no-dht', '--no-mdns'];
  const duration = ['--duration', String(RECORD_SECONDS)];
  const recorder = new FreshetProcess(['watch', ready.watch, '--out', file, ...duration, ...local, '--json']);
  await recorder.exitCode();
  return avOffsetMs(file);
}

/** Runs in the publishing page: its camera is a picture with a clock, its microphone beeps each second. */
export async function clockScript(): Promise<string> {
  const entry = fileURLToPath(new URL('./studio-clock-page.ts', import.meta.url));
  const bundle = await build({ entryPoints: [entry], bundle: true, write: false, format: 'iife' });
  return bundle.outputFiles[0]?.text ?? '';
}
