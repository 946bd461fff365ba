/** The tree of relays between the publisher and the cells: when each relay has each piece. */

import { Prng } from '@freshet/proto';
import { RELAY_ACCESS_MS } from '../population.js';
import { retransmitMs } from './delivery.js';
import { Draws } from './draws.js';
import type { Schedule } from './schedule.js';
import type { CellOptions } from './tree-cell.js';

/** The shape of the relay tree. */
export type RelayTreeOptions = {
  readonly seed: string;
  readonly relays: number;
  /** Relays that a relay feeds. */
  readonly fanOut: number;
  /** Relays that the publisher feeds: its uplink in multiples of the bitrate. */
  readonly publisherFanOut: number;
  readonly network: CellOptions['network'];
  readonly relayBps: number;
};

/** From relay to relay both access delays count, as in the event simulator. */
const RELAY_HOP_MS = 2 * RELAY_ACCESS_MS;

/**
 * Every relay serves a cell and feeds up to `fanOut` relays below it; relay i hangs below relay
 * `(i - publisherFanOut) / fanOut`. Links are WebSockets: a loss is a delay, and order is kept. Returns one column of
 * arrival times for each relay, and the greatest number of hops.
 */
export function relayArrivals(
  schedule: Schedule,
  options: RelayTreeOptions,
): { readonly arrivals: readonly Float64Array[]; readonly depthMax: number } {
  const draws = new Draws(new Prng(options.seed).fork('relays'), options.network);
  const arrivals: Float64Array[] = [];
  const depths: number[] = [];
  const msPerByte = 8000 / options.relayBps;
  for (let relay = 0; relay < options.relays; relay++) {
    const { publisherFanOut, fanOut } = options;
    const isTop = relay < publisherFanOut;
    const parent = isTop ? -1 : Math.floor((relay - publisherFanOut) / fanOut);
    // Siblings are served one after the other: this one waits for those before it.
    const place = isTop ? relay : (relay - publisherFanOut) % fanOut;
    const source = isTop ? schedule.publishMs : (arrivals[parent] ?? schedule.publishMs);
    arrivals.push(hop(schedule, source, { place, msPerByte, draws }));
    depths.push((depths[parent] ?? 0) + 1);
  }
  return { arrivals, depthMax: Math.max(0, ...depths) };
}

function hop(
  schedule: Schedule,
  source: Float64Array,
  link: { readonly place: number; readonly msPerByte: number; readonly draws: Draws },
): Float64Array {
  const column = new Float64Array(schedule.pieceCount);
  let socketMs = 0;
  let freeMs = 0;
  let lossLeft = 0;
  for (let piece = 0; piece < schedule.pieceCount; piece++) {
    const workMs = (schedule.bytes[piece] ?? 0) * link.msPerByte;
    freeMs = Math.max(freeMs, source[piece] ?? 0) + workMs * (link.place + 1);
    let atMs = freeMs + RELAY_HOP_MS + link.draws.hopMs();
    if (lossLeft === 0) lossLeft = link.draws.burst();
    if (lossLeft > 0) {
      lossLeft--;
      atMs += retransmitMs(RELAY_HOP_MS);
    }
    socketMs = Math.max(socketMs, atMs);
    column[piece] = socketMs;
  }
  return column;
}
