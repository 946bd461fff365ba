/**
 * The relay's fan-out against the least that any server could do: a bare uWebSockets.js `publish` of the same bytes.
 *
 * A publisher in this process feeds a real `freshet relay`, which verifies every piece and serves a crowd of WebSocket
 * viewers; then a bare process publishes messages of the same sizes at the same pace to the same crowd. Both take turns,
 * since a shared machine is never equally fast twice. CPU is the kernel's account of the serving process alone; on
 * loopback it includes the receivers' network work, for both alike.
 */

import { encodeControl } from '@freshet/proto';
import { FreshetProcess } from '../freshet-process.js';
import { startSyntheticPublisher } from '../synthetic-publisher.js';
import { type Bench, percentile, round } from './bench.js';
import { BenchChild } from './bench-child.js';
import { cpuSeconds, rssBytes } from './process-cpu.js';

const VIEWERS = [200, 2000];
const ROUNDS = 3;
const SECONDS = 8;
/** H.264 at 2.6 Mbit/s and 30 frames a second: a piece per frame. */
const CHUNK_BYTES = 10_800;
const CHUNKS_PER_S = 30;
/** Bytes of header, signature and framing that a piece adds, for the bare server's messages. */
const PIECE_OVERHEAD_BYTES = 160;

type Round = { readonly cpuSecPerGB: number; readonly rssPerViewer: number; readonly deliveredShare: number };

/** Measures relay and bare server in turns, at each size of audience. */
export const benchFanout: Bench = {
  about: 'CPU and memory of a relay per viewer, against a bare uWebSockets.js publish',
  async run({ note, viewers = VIEWERS, seconds = SECONDS }) {
    const results: object[] = [];
    for (const viewerCount of viewers) {
      const relayRounds: Round[] = [];
      const bareRounds: Round[] = [];
      for (let index = 0; index < ROUNDS; index++) {
        bareRounds.push(await measureBare(viewerCount, seconds));
        relayRounds.push(await measureRelay(viewerCount, seconds));
        note(`${viewerCount} viewers: bare ${describe(bareRounds)}, relay ${describe(relayRounds)}`);
      }
      results.push(summarize(viewerCount, relayRounds, bareRounds));
    }
    return results;
  },
};

function describe(rounds: readonly Round[]): string {
  const last = rounds.at(-1);
  return `${round(last?.cpuSecPerGB ?? 0, 3)} CPU-s/GB (delivered ${round((last?.deliveredShare ?? 0) * 100, 1)} %)`;
}

function summarize(viewers: number, relay: readonly Round[], bare: readonly Round[]): object {
  const median = (rounds: readonly Round[], read: (r: Round) => number): number =>
    percentile(rounds.map(read), 0.5);
  const relayCpu = median(relay, (r) => r.cpuSecPerGB);
  const bareCpu = median(bare, (r) => r.cpuSecPerGB);
  return {
    viewers,
    relayCpuSecPerGB: round(relayCpu, 3),
    bareCpuSecPerGB: round(bareCpu, 3),
    ratio: round(bareCpu / relayCpu, 3),
    gbitPerCore: round(8 / relayCpu, 1),
    rssBytesPerViewer: Math.round(median(relay, (r) => r.rssPerViewer)),
    bareRssBytesPerViewer: Math.round(median(bare, (r) => r.rssPerViewer)),
    deliveredShare: round(Math.min(...relay.map((r) => r.deliveredShare)), 4),
  };
}

async function measureRelay(viewerCount: number, seconds: number): Promise<Round> {
  const publisher = await startSyntheticPublisher({ chunkBytes: CHUNK_BYTES, chunksPerS: CHUNKS_PER_S });
  const server = new FreshetProcess([
    'relay',
    '--parent',
    publisher.link,
    '--port',
    '0',
    '--host',
    '127.0.0.1',
    '--json',
  ]);
  try {
    const { port, address } = await server.waitFor(({ event }) => event === 'ready');
    await server.waitFor(({ event, state }) => event === 'state' && state === 'live');
    const hellos = [
      encodeControl({
        kind: 'hello',
        versionMin: 1,
        versionMax: 1,
        capabilities: [],
        channelKey: publisher.channelKey,
        role: 'viewer',
        agent: 'bench',
      }),
      encodeControl({ kind: 'subscribe', renditionId: 0, stripeMask: 0 }),
    ];
    return await measure(server.pid, Number(port), `/channel/${address}`, viewerCount, seconds, {
      hellos,
      start: async () => undefined,
    });
  } finally {
    await server.stop();
    await publisher.close();
  }
}

async function measureBare(viewerCount: number, seconds: number): Promise<Round> {
  const messageBytes = [CHUNK_BYTES + PIECE_OVERHEAD_BYTES];
  const plan = { port: 0, messageBytes, ratePerS: CHUNKS_PER_S, durationS: seconds + 60 };
  const server = new BenchChild('./fanout-bare.ts', [JSON.stringify(plan)]);
  try {
    const { port } = await server.next();
    return await measure(server.pid, Number(port), '/bare', viewerCount, seconds, {
      hellos: [],
      start: async () => server.tell('publish'),
    });
  } finally {
    await server.kill();
  }
}

type Served = { readonly hellos: readonly Uint8Array[]; readonly start: () => Promise<void> };

async function measure(
  pid: number,
  port: number,
  path: string,
  viewerCount: number,
  seconds: number,
  { hellos, start }: Served,
): Promise<Round> {
  await sleep(1_500);
  const rssBefore = rssBytes(pid);
  const helloHex = hellos.map((bytes) => Buffer.from(bytes).toString('hex'));
  const crowd = new BenchChild('./ws-crowd.ts', [
    JSON.stringify({ port, path, clientCount: viewerCount, helloHex }),
  ]);
  try {
    await crowd.next();
    await start();
    await sleep(2_000);
    const rssPerViewer = (rssBytes(pid) - rssBefore) / viewerCount;
    await crowd.ask('reset');
    const cpuBefore = cpuSeconds(pid);
    const timeBefore = performance.now();
    await sleep(seconds * 1000);
    const cpu = cpuSeconds(pid) - cpuBefore;
    const elapsedS = (performance.now() - timeBefore) / 1000;
    const received = Number((await crowd.ask('report')).bytesTotal);
    const expected = CHUNKS_PER_S * elapsedS * (CHUNK_BYTES + PIECE_OVERHEAD_BYTES) * viewerCount;
    return { cpuSecPerGB: cpu / (received / 1e9), rssPerViewer, deliveredShare: received / expected };
  } finally {
    await crowd.end();
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
