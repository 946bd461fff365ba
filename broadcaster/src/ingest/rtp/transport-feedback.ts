/**
 * Tells the sender when each of its packets arrived (draft-holmer-rmcat-transport-wide-cc-extensions-01), from
 * which it works out how much the way carries. Advertised and not sent, it makes Chrome fall to 45 kbit/s.
 */

import { unwrap16 } from './byte-read.js';
import { FEEDBACK_ARRIVALS_MAX, FEEDBACK_PACKETS_MAX } from './limits.js';

/** Arrival times are in quarter milliseconds, the reference in 256 of these. */
const TICKS_PER_MS = 4;
const TICKS_PER_REFERENCE = 256;
const DELTA_MAX = 0x7fff;
const SMALL_DELTA_MAX = 0xff;
const VECTOR_SYMBOLS = 7;
const RUN_MAX = 0x1fff;
const FEEDBACK_HEAD_BYTES = 20;
const TRANSPORT_FEEDBACK = 205;
const TRANSPORT_WIDE = 15;

const LOST = 0;
const SMALL = 1;
const LARGE = 2;

/** Remembers arrivals and writes them down. */
export class TransportFeedback {
  readonly #localSsrc: number;
  readonly #sequences = new Float64Array(FEEDBACK_ARRIVALS_MAX).fill(Number.NaN);
  readonly #ticks = new Float64Array(FEEDBACK_ARRIVALS_MAX);
  #highest: number | undefined;
  /** The first packet of the next feedback. */
  #start = 0;
  #count = 0;

  /** `localSsrc` names this receiver in the packets. */
  constructor(localSsrc: number) {
    this.#localSsrc = localSsrc;
  }

  /** Notes a packet; a duplicate keeps its first time. */
  handleArrival(now: number, transportSequence: number): void {
    if (this.#highest === undefined) {
      this.#highest = transportSequence - 1;
      this.#start = transportSequence;
    }
    const sequence = unwrap16(transportSequence, this.#highest);
    const slot = sequence & (FEEDBACK_ARRIVALS_MAX - 1);
    if (this.#sequences[slot] === sequence || sequence <= this.#highest - FEEDBACK_ARRIVALS_MAX) return;
    this.#sequences[slot] = sequence;
    this.#ticks[slot] = Math.round(now * TICKS_PER_MS);
    // One that was reported as lost and came after all is reported again, with what follows it.
    if (sequence < this.#start) this.#start = sequence;
    if (sequence > this.#highest) this.#highest = sequence;
    this.#start = Math.max(this.#start, this.#highest - FEEDBACK_ARRIVALS_MAX + 1);
  }

  /** Whether anything is to be reported. */
  get hasNews(): boolean {
    return this.#highest !== undefined && this.#start <= this.#highest;
  }

  /** The next feedback about packets not reported yet; call until `undefined`. `mediaSsrc` is any track's. */
  poll(mediaSsrc: number): Uint8Array | undefined {
    const highest = this.#highest ?? -1;
    // The report begins with a packet that arrived, since its time is the reference.
    while (this.#start <= highest && this.#arrival(this.#start) === undefined) this.#start += 1;
    if (this.#start > highest) return undefined;
    const base = this.#start;
    const reference = Math.floor((this.#arrival(base) ?? 0) / TICKS_PER_REFERENCE);
    const symbols: number[] = [];
    const deltas: number[] = [];
    let before = reference * TICKS_PER_REFERENCE;
    let sequence = base;
    for (; sequence <= highest && symbols.length < FEEDBACK_PACKETS_MAX; sequence++) {
      const ticks = this.#arrival(sequence);
      if (ticks === undefined) {
        symbols.push(LOST);
        continue;
      }
      const delta = ticks - before;
      if (Math.abs(delta) > DELTA_MAX) break;
      symbols.push(delta >= 0 && delta <= SMALL_DELTA_MAX ? SMALL : LARGE);
      deltas.push(delta);
      before = ticks;
    }
    this.#start = sequence;
    return this.#encode({ mediaSsrc, base, reference, symbols, deltas });
  }

  #arrival(sequence: number): number | undefined {
    const slot = sequence & (FEEDBACK_ARRIVALS_MAX - 1);
    return this.#sequences[slot] === sequence ? this.#ticks[slot] : undefined;
  }

  #encode(report: Report): Uint8Array {
    const chunks = encodeStatuses(report.symbols);
    const deltaBytes = report.deltas.reduce((sum, delta) => sum + (isSmall(delta) ? 1 : 2), 0);
    const used = FEEDBACK_HEAD_BYTES + chunks.length * 2 + deltaBytes;
    const padding = (4 - (used % 4)) % 4;
    const packet = new Uint8Array(used + padding);
    const view = new DataView(packet.buffer);
    view.setUint8(0, 0x80 | (padding > 0 ? 0x20 : 0) | TRANSPORT_WIDE);
    view.setUint8(1, TRANSPORT_FEEDBACK);
    view.setUint16(2, packet.length / 4 - 1);
    view.setUint32(4, this.#localSsrc);
    view.setUint32(8, report.mediaSsrc);
    view.setUint16(12, report.base & 0xffff);
    view.setUint16(14, report.symbols.length);
    view.setUint32(16, (((report.reference & 0xffffff) << 8) | (this.#count & 0xff)) >>> 0);
    this.#count += 1;
    let at = FEEDBACK_HEAD_BYTES;
    for (const chunk of chunks) {
      view.setUint16(at, chunk);
      at += 2;
    }
    for (const delta of report.deltas) {
      if (isSmall(delta)) view.setUint8(at, delta);
      else view.setInt16(at, delta);
      at += isSmall(delta) ? 1 : 2;
    }
    if (padding > 0) packet[packet.length - 1] = padding;
    return packet;
  }
}

type Report = {
  readonly mediaSsrc: number;
  readonly base: number;
  /** In 64 ms. */
  readonly reference: number;
  readonly symbols: readonly number[];
  readonly deltas: readonly number[];
};

const isSmall = (delta: number): boolean => delta >= 0 && delta <= SMALL_DELTA_MAX;

/** Runs where seven or more are alike, vectors of seven two-bit symbols elsewhere (draft §3.1.3 and 3.1.4). */
function encodeStatuses(symbols: readonly number[]): number[] {
  const chunks: number[] = [];
  let at = 0;
  while (at < symbols.length) {
    const symbol = symbols[at] ?? LOST;
    let run = 1;
    while (run < RUN_MAX && at + run < symbols.length && symbols[at + run] === symbol) run += 1;
    if (run >= VECTOR_SYMBOLS || at + run === symbols.length) {
      chunks.push((symbol << 13) | run);
      at += run;
      continue;
    }
    let chunk = 0xc000;
    for (let i = 0; i < VECTOR_SYMBOLS; i++) chunk |= (symbols[at + i] ?? LOST) << (12 - 2 * i);
    chunks.push(chunk);
    at += VECTOR_SYMBOLS;
  }
  return chunks;
}
