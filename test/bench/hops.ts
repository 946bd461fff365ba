/**
 * The delay that each relay adds: a chain of five on loopback, listened to behind the first and behind the last. Both
 * listeners are in one process, so one clock measures both; what verification, the socket engines and the kernel take is in
 * it, each relay being a process of its own.
 */

import { decodePiece, encodeControl, socketUrl } from '@freshet/proto';
import { WebSocket } from 'ws';
import { FreshetProcess } from '../freshet-process.js';
import { startSyntheticPublisher } from '../synthetic-publisher.js';
import { type Bench, percentile, round } from './bench.js';

const RELAYS = 5;
const SECONDS = 30;
/** H.264 at 2.6 Mbit/s and 30 frames a second: a piece per frame. */
const CHUNK_BYTES = 10_800;
const CHUNKS_PER_S = 30;

/** Measures what a relay hop costs. */
export const benchHops: Bench = {
  about: 'the delay that a relay adds, over a chain of five',
  async run({ note, seconds = SECONDS }) {
    const publisher = await startSyntheticPublisher({ chunkBytes: CHUNK_BYTES, chunksPerS: CHUNKS_PER_S });
    const relays: FreshetProcess[] = [];
    const listeners: Listener[] = [];
    try {
      let parent = publisher.link;
      for (let index = 0; index < RELAYS; index++) {
        const relay = new FreshetProcess([
          'relay',
          ...['--parent', parent, '--port', '0', '--host', '127.0.0.1', '--json'],
        ]);
        relays.push(relay);
        const { port, address } = await relay.waitFor(({ event }) => event === 'ready');
        await relay.waitFor(({ event, state }) => event === 'state' && state === 'live');
        parent = `http://127.0.0.1:${port}/watch/${address}`;
        if (index === 0 || index === RELAYS - 1)
          listeners.push(await Listener.open(`http://127.0.0.1:${port}`, publisher.channelKey));
        note(`relay ${index + 1} of ${RELAYS} plays`);
      }
      await sleep(2_000);
      for (const listener of listeners) listener.arrivals.clear();
      await sleep(seconds * 1000);
      return [resultOf(listeners)];
    } finally {
      for (const listener of listeners) listener.close();
      for (const relay of relays.reverse()) await relay.stop();
      await publisher.close();
    }
  },
};

/** A viewer that notes when each piece came. */
class Listener {
  readonly arrivals = new Map<number, number>();
  readonly #ws: WebSocket;

  private constructor(ws: WebSocket) {
    this.#ws = ws;
    ws.on('message', (data) => {
      const now = performance.now();
      const piece = Buffer.isBuffer(data) ? decodePiece(data) : undefined;
      if (piece) this.arrivals.set(piece.header.sequence, now);
    });
  }

  static async open(origin: string, channelKey: Uint8Array): Promise<Listener> {
    const ws = new WebSocket(socketUrl(origin, channelKey), { perMessageDeflate: false });
    const listener = new Listener(ws);
    await new Promise((resolve, reject) => ws.once('open', resolve).once('error', reject));
    const hello = { capabilities: [], channelKey, role: 'viewer', agent: 'bench' } as const;
    ws.send(encodeControl({ kind: 'hello', versionMin: 1, versionMax: 1, ...hello }));
    ws.send(encodeControl({ kind: 'subscribe', renditionId: 0, stripeMask: 0 }));
    return listener;
  }

  close(): void {
    this.#ws.terminate();
  }
}

function resultOf([near, far]: readonly Listener[]): object {
  const perHop: number[] = [];
  for (const [sequence, at] of near?.arrivals ?? []) {
    const farAt = far?.arrivals.get(sequence);
    if (farAt !== undefined) perHop.push((farAt - at) / (RELAYS - 1));
  }
  return {
    perHopMs: { p50: round(percentile(perHop, 0.5), 2), p99: round(percentile(perHop, 0.99), 2) },
    pieces: perHop.length,
    lacking: (near?.arrivals.size ?? 0) - perHop.length,
  };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
