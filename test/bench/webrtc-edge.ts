/**
 * What a relay's core carries over WebRTC data channels, against WebSocket: the same messages at the same pace to the
 * same number of clients, from one process each, in turns. CPU is the kernel's account of the serving process alone.
 *
 * `werift` is the relay's edge as it runs: werift shakes hands, records and SCTP are the relay's own. `weriftAlone` is a
 * whole werift connection for each client, `@roamhq/wrtc` one of libwebrtc.
 */

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Bench, percentile, round } from './bench.js';
import { BenchChild } from './bench-child.js';
import { cpuSeconds } from './process-cpu.js';

const CLIENTS = 16;
const SECONDS = 5;
const ROUNDS = 3;
const MESSAGE_BYTES = 16 * 1024;
const MESSAGES_PER_S = 60;
/** Time for channels to reach their pace before it is measured. */
const WARM_UP_MS = 2_000;

type Round = { readonly gbitPerCore: number; readonly deliveredShare: number };
type Engine = {
  readonly name: string;
  readonly measure: (clients: number, seconds: number) => Promise<Round>;
};

const planJson = (seconds: number): string =>
  JSON.stringify({
    port: 0,
    messageBytes: [MESSAGE_BYTES],
    ratePerS: MESSAGES_PER_S,
    durationS: seconds + 120,
  });

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const measureRunning = async (
  server: BenchChild,
  crowd: BenchChild,
  clients: number,
  seconds: number,
): Promise<Round> => {
  server.tell('publish');
  await sleep(WARM_UP_MS);
  await crowd.ask('reset');
  const cpuBefore = cpuSeconds(server.pid);
  const startedMs = performance.now();
  await sleep(seconds * 1_000);
  const cpu = cpuSeconds(server.pid) - cpuBefore;
  const elapsedS = (performance.now() - startedMs) / 1_000;
  const received = Number((await crowd.ask('report')).bytesTotal);
  const expected = MESSAGES_PER_S * elapsedS * MESSAGE_BYTES * clients;
  return { gbitPerCore: (received * 8) / 1e9 / cpu, deliveredShare: received / expected };
};

const measureSocket = async (engine: string, clients: number, seconds: number): Promise<Round> => {
  const server = new BenchChild('./fanout-links.ts', [planJson(seconds), engine]);
  const { port } = await server.next();
  const crowd = new BenchChild('./ws-crowd.ts', [
    JSON.stringify({ port, path: '/link', clientCount: clients }),
  ]);
  try {
    await crowd.next();
    return await measureRunning(server, crowd, clients, seconds);
  } finally {
    await crowd.kill();
    await server.kill();
  }
};

const measureChannels = async (engine: string, clients: number, seconds: number): Promise<Round> => {
  const server = new BenchChild('./webrtc-edge-server.ts', [planJson(seconds), engine]);
  const { url } = await server.next();
  const crowd = new BenchChild('./webrtc-edge-crowd.ts', [String(url)]);
  try {
    await crowd.next();
    for (let count = 0; count < clients; count += 1) {
      crowd.tell('open');
      if (url === '') {
        const { sdp } = await crowd.next();
        server.tell(`offer ${JSON.stringify(sdp)}`);
        crowd.tell(`answer ${String((await server.next()).answer)}`);
      }
      const { event, reason } = await crowd.next();
      if (event !== 'opened') throw new Error(`a client of ${engine} did not open: ${String(reason)}`);
    }
    return await measureRunning(server, crowd, clients, seconds);
  } finally {
    await crowd.kill();
    await server.kill();
  }
};

const ENGINES: readonly Engine[] = [
  { name: 'werift', measure: (clients, seconds) => measureChannels('edge', clients, seconds) },
  { name: 'weriftAlone', measure: (clients, seconds) => measureChannels('werift', clients, seconds) },
  { name: '@roamhq/wrtc', measure: (clients, seconds) => measureChannels('wrtc', clients, seconds) },
  {
    name: 'uWebSockets.js',
    measure: (clients, seconds) => measureSocket('uWebSockets.js', clients, seconds),
  },
  { name: 'ws', measure: (clients, seconds) => measureSocket('ws', clients, seconds) },
];

const isInstalled = (name: string): boolean => {
  try {
    return existsSync(createRequire(import.meta.url).resolve(name));
  } catch {
    // Optional, and not there.
    return false;
  }
};

/** Gbit/s per core of each engine, the median of the rounds. */
export const benchWebrtcEdge: Bench = {
  about: "CPU of the relay's WebRTC edge, against WebSocket, for 16 KiB messages",
  async run({ note, viewers = [CLIENTS], seconds = SECONDS }) {
    const clients = viewers[0] ?? CLIENTS;
    const engines = ENGINES.filter(({ name }) => {
      const isThere = name !== '@roamhq/wrtc' || isInstalled(name);
      if (!isThere) note(`${name} is not installed and is left out.`);
      return isThere;
    });
    const rounds = new Map<string, Round[]>(engines.map(({ name }) => [name, []]));
    for (let index = 0; index < ROUNDS; index += 1) {
      for (const { name, measure } of engines) {
        const measured = await measure(clients, seconds);
        rounds.get(name)?.push(measured);
        note(
          `${name}: ${round(measured.gbitPerCore, 3)} Gbit/s per core, delivered ${round(measured.deliveredShare, 3)}`,
        );
      }
    }
    const results = [...rounds].map(([name, list]) => [
      name,
      {
        gbitPerCore: round(
          percentile(
            list.map(({ gbitPerCore }) => gbitPerCore),
            0.5,
          ),
          3,
        ),
        deliveredShare: round(Math.min(...list.map(({ deliveredShare }) => deliveredShare)), 3),
      },
    ]);
    return [{ ...Object.fromEntries(results), clients, messageBytes: MESSAGE_BYTES }];
  },
};
