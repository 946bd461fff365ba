/**
 * Ten thousand WebSocket viewers on one relay: they join within ten seconds and are served for a minute, the second half
 * of it with one in a hundred that has stopped reading.
 */

import { encodeControl } from '@freshet/proto';
import { FreshetProcess } from '../freshet-process.js';
import { startSyntheticPublisher } from '../synthetic-publisher.js';
import { type Bench, round } from './bench.js';
import { BenchChild, type ChildMessage } from './bench-child.js';
import { cpuSeconds, rssBytes } from './process-cpu.js';

const VIEWERS = 10_000;
const SECONDS = 60;
const JOIN_MS = 10_000;
/** 240 kbit/s: with crowd and relay on two cores, the most of a picture that ten thousand readers on one machine can take. */
const CHUNK_BYTES = 3_000;
const CHUNKS_PER_S = 10;

/** Measures one relay with a crowd. */
export const benchCrowd: Bench = {
  about: 'ten thousand WebSocket viewers on one relay, some of which stop reading',
  async run({ note, viewers = [VIEWERS], seconds = SECONDS }) {
    const results: object[] = [];
    for (const count of viewers) results.push(await measureCrowd(count, seconds, note));
    return results;
  },
};

async function measureCrowd(count: number, seconds: number, note: (line: string) => void): Promise<object> {
  const publisher = await startSyntheticPublisher({ chunkBytes: CHUNK_BYTES, chunksPerS: CHUNKS_PER_S });
  const relay = new FreshetProcess([
    'relay',
    ...['--parent', publisher.link, '--port', '0', '--host', '127.0.0.1', '--json'],
  ]);
  try {
    const { port, address } = await relay.waitFor(({ event }) => event === 'ready');
    await relay.waitFor(({ event, state }) => event === 'state' && state === 'live');
    await sleep(1_500);
    const rssBefore = rssBytes(relay.pid);
    const crowd = new BenchChild('./crowd-clients.ts', [
      JSON.stringify({
        port,
        path: `/channel/${address}`,
        clientCount: count,
        joinMs: JOIN_MS,
        helloHex: hellosOf(publisher.channelKey),
        pingHex: Buffer.from(encodeControl({ kind: 'ping', sentMs: 0 })).toString('hex'),
      }),
    ]);
    try {
      const joined = await crowd.next();
      note(`joined: ${JSON.stringify(joined)}`);
      await sleep(2_000);
      const rssBytesPerViewer = Math.round((rssBytes(relay.pid) - rssBefore) / count);
      await crowd.ask('reset');
      const cpuBefore = cpuSeconds(relay.pid);
      await sleep((seconds * 1000) / 2);
      const all = await crowd.ask('report');
      note(`all read: ${JSON.stringify(all)}`);
      await crowd.ask('slow');
      await crowd.ask('reset');
      await sleep((seconds * 1000) / 2);
      const withSlow = await crowd.ask('report');
      note(`one in a hundred does not: ${JSON.stringify(withSlow)}`);
      const cpu = cpuSeconds(relay.pid) - cpuBefore;
      const pieces = sum(all, withSlow, 'pieces');
      return {
        viewers: count,
        joinP95Ms: joined.joinP95Ms,
        deliveredShare: round(pieces / sum(all, withSlow, 'expected'), 6),
        cpuSecPerGB: round(cpu / ((pieces * CHUNK_BYTES) / 1e9), 3),
        rssBytesPerViewer,
        dropped: Number(withSlow.lost),
        delayMs: all.delayMs,
        delayWithSlowMs: withSlow.delayMs,
      };
    } finally {
      await crowd.end();
    }
  } finally {
    await relay.stop();
    await publisher.close();
  }
}

/** What each client says once it is open, in hexadecimal. */
function hellosOf(channelKey: Uint8Array): string[] {
  const hello = encodeControl({
    kind: 'hello',
    versionMin: 1,
    versionMax: 1,
    capabilities: [],
    channelKey,
    role: 'viewer',
    agent: 'crowd',
  });
  const subscribe = encodeControl({ kind: 'subscribe', renditionId: 0, stripeMask: 0 });
  return [hello, subscribe].map((bytes) => Buffer.from(bytes).toString('hex'));
}

function sum(a: ChildMessage, b: ChildMessage, key: string): number {
  return Number(a[key]) + Number(b[key]);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
