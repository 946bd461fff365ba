/**
 * The delay that each relay adds: a chain of five on loopback, listened to behind the first and behind the last. Both
 * listeners are in one process, so one clock measures both; what verification, the socket engines and the kernel take is in
 * it, each relay being a process of its own.
 */

import { FreshetProcess } from '../freshet-process.js';
import { startSyntheticPublisher } from '../synthetic-publisher.js';
import { type Bench, percentile, round } from './bench.js';
import { PieceListener } from './piece-listener.js';

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
    const listeners: PieceListener[] = [];
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
          listeners.push(await PieceListener.open(`http://127.0.0.1:${port}`, publisher.channelKey));
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

function resultOf([near, far]: readonly PieceListener[]): object {
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
