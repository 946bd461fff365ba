/** What an association sends: fragments in order, never more than the network and the other end take. */

import { DATA_HEADER_BYTES, DataFlag, distance, PayloadKind } from './sctp-wire.js';

/**
 * Payload of a DATA chunk. With headers of SCTP, DTLS, UDP and IPv6 a datagram has 1,265 bytes, which is below the
 * 1,280 that every path carries.
 */
export const FRAGMENT_BYTES = 1_152;

/** Bytes that may be in flight: 20 Mbit/s at 100 ms. It bounds what a link keeps for sending again. */
export const CWND_BYTES_MAX: number = 256 * 1024;

/** Bytes in flight at the start: ten packets, as TCP has it (RFC 6928). */
const CWND_BYTES_FIRST = 10 * FRAGMENT_BYTES;

/** Bytes in flight after time-outs: with four packets out a loss still shows without another one. */
const CWND_BYTES_MIN = 4 * FRAGMENT_BYTES;

/** What is left of the window after a loss (RFC 9438). */
const WINDOW_AFTER_LOSS = 0.7;

/** Shortest time over which the rate of delivery is measured: pieces come in bursts, some 30 ms apart. */
const RATE_SPAN_MS_MIN = 100;

/** A fragment is lost when one sent this many later has arrived (RFC 9002 §6.1.1). */
const REORDERED_MAX = 3;

/** Shortest time-out: longer than the 200 ms for which an end may keep its acknowledgement. */
const RTO_MS_MIN = 250;
const RTO_MS_FIRST = 1_000;
const RTO_MS_MAX = 8_000;

/** Time-outs in a row after which the other end is taken for gone. */
const TIMEOUTS_MAX = 8;

/** Gap blocks looked at in one acknowledgement; the rest is news for the next one. */
const GAPS_MAX = 64;

type Fragment = {
  readonly tsn: number;
  readonly flags: number;
  readonly sequence: number;
  readonly payload: Uint8Array;
  sentAtMs: number;
  /** Counts everything sent, so that what was sent later is known also of what is sent again. */
  sendNumber: number;
  isAgain: boolean;
  isAcknowledged: boolean;
  isLost: boolean;
};

type Waiting = { readonly bytes: Uint8Array; readonly sequence: number; offset: number };

/** An acknowledgement as it came. */
export type Sack = {
  readonly cumulativeTsn: number;
  readonly windowBytes: number;
  /** Blocks that have arrived, as offsets from the cumulative number. */
  readonly gaps: readonly (readonly [number, number])[];
};

/** Sends on the one stream of an association. Time comes from outside, in milliseconds. */
export class SctpSender {
  readonly #emit: (chunkBytes: number, flags: number, write: (into: Buffer, at: number) => void) => void;
  #nextTsn: number;
  #lastCumulative: number;
  #nextSequence = 0;
  readonly #waiting: Waiting[] = [];
  #waitingBytes = 0;
  /** Sent and not acknowledged to the end, numbers without a gap. */
  #flight: Fragment[] = [];
  #flightBytes = 0;
  #lostCount = 0;
  #cwnd = CWND_BYTES_FIRST;
  #threshold = CWND_BYTES_MAX;
  #peerWindow = 0;
  #sendNumber = 0;
  #recoveryUntil = 0;
  #smoothedMs: number | undefined;
  #variationMs = 0;
  #shortestMs = Number.POSITIVE_INFINITY;
  /** Bytes delivered per millisecond, and the sample that is being taken. */
  #rate = 0;
  #sampleBytes = 0;
  #sampleStartMs = 0;
  #timeoutCount = 0;
  #deadlineMs: number | undefined;

  /** `emit` takes a DATA chunk: its length with the header, its flags, and what writes the rest behind the first word. */
  constructor(
    firstTsn: number,
    emit: (chunkBytes: number, flags: number, write: (into: Buffer, at: number) => void) => void,
  ) {
    this.#emit = emit;
    this.#nextTsn = firstTsn;
    this.#lastCumulative = (firstTsn - 1) >>> 0;
  }

  /** Bytes given to `send` that have not been sent once. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Nothing waits and everything has arrived. */
  get isIdle(): boolean {
    return this.#waiting.length === 0 && this.#flight.length === 0;
  }

  /** When to call `handleTimeout`; `undefined` while nothing is in flight. */
  get deadlineMs(): number | undefined {
    return this.#deadlineMs;
  }

  /** So many time-outs in a row that nobody is there. */
  get isDead(): boolean {
    return this.#timeoutCount > TIMEOUTS_MAX;
  }

  /** What the other end said it has room for. */
  open(windowBytes: number): void {
    this.#peerWindow = windowBytes;
  }

  /** Takes a message, not empty, and sends as much as may be sent now. */
  send(nowMs: number, bytes: Uint8Array): void {
    this.#waiting.push({ bytes, sequence: this.#nextSequence, offset: 0 });
    this.#nextSequence = (this.#nextSequence + 1) & 0xffff;
    this.#waitingBytes += bytes.length;
    this.#pump(nowMs);
  }

  /** Takes an acknowledgement, whatever it says. */
  handleSack(nowMs: number, { cumulativeTsn, windowBytes, gaps }: Sack): void {
    const advance = distance(this.#lastCumulative, cumulativeTsn);
    if (advance < 0 || advance > this.#flight.length) return;
    this.#peerWindow = windowBytes;
    const wasFull = this.#flightBytes + 2 * FRAGMENT_BYTES > this.#cwnd;
    let ackedBytes = 0;
    let newest = 0;
    const take = (fragment: Fragment): void => {
      if (fragment.isAcknowledged) return;
      fragment.isAcknowledged = true;
      ackedBytes += fragment.payload.length;
      newest = Math.max(newest, fragment.sendNumber);
      if (fragment.isLost) this.#lostCount -= 1;
      else this.#flightBytes -= fragment.payload.length;
      fragment.isLost = false;
      if (!fragment.isAgain) this.#measure(nowMs - fragment.sentAtMs);
    };
    for (const fragment of this.#flight.splice(0, advance)) take(fragment);
    this.#lastCumulative = cumulativeTsn;
    let from = 0;
    for (const [first, last] of gaps.slice(0, GAPS_MAX)) {
      for (from = Math.max(from, first - 1); from < Math.min(last, this.#flight.length); from += 1) {
        const fragment = this.#flight[from];
        if (fragment) take(fragment);
      }
    }
    if (gaps.length > 0) this.#findLost(newest);
    if (ackedBytes > 0) {
      this.#timeoutCount = 0;
      this.#measureRate(nowMs, ackedBytes);
      if (wasFull) this.#grow(ackedBytes);
      this.#deadlineMs = undefined;
    }
    this.#pump(nowMs);
    if (this.#flight.length === 0) this.#deadlineMs = undefined;
    else this.#deadlineMs ??= nowMs + this.#timeoutMs;
  }

  /** Sends again what was not acknowledged in time: first one fragment as a probe, then everything. */
  handleTimeout(nowMs: number): void {
    if (this.#deadlineMs === undefined || nowMs < this.#deadlineMs) return;
    this.#timeoutCount += 1;
    // The first in flight cannot have arrived: the other end has taken back what it said.
    if (this.#flight[0]?.isAcknowledged) this.#takeBack();
    const isProbe = this.#timeoutCount === 1;
    for (const fragment of isProbe ? this.#flight.slice(0, 1) : this.#flight) this.#lose(fragment);
    if (!isProbe) {
      this.#threshold = Math.max(this.#cwnd / 2, CWND_BYTES_MIN);
      this.#cwnd = CWND_BYTES_MIN;
      this.#recoveryUntil = this.#sendNumber;
    }
    this.#deadlineMs = nowMs + this.#timeoutMs;
    this.#pump(nowMs, isProbe);
  }

  get #timeoutMs(): number {
    const base =
      this.#smoothedMs === undefined
        ? RTO_MS_FIRST
        : Math.max(RTO_MS_MIN, this.#smoothedMs + 4 * this.#variationMs);
    return Math.min(RTO_MS_MAX, base * 2 ** this.#timeoutCount);
  }

  #measureRate(nowMs: number, ackedBytes: number): void {
    this.#sampleBytes += ackedBytes;
    const spanMs = nowMs - this.#sampleStartMs;
    if (spanMs < Math.max(RATE_SPAN_MS_MIN, this.#smoothedMs ?? 0)) return;
    const sample = this.#sampleBytes / spanMs;
    this.#rate = Math.max(sample, (7 * this.#rate + sample) / 8);
    this.#sampleBytes = 0;
    this.#sampleStartMs = nowMs;
  }

  #measure(roundTripMs: number): void {
    this.#shortestMs = Math.min(this.#shortestMs, roundTripMs);
    if (this.#smoothedMs === undefined) {
      this.#smoothedMs = roundTripMs;
      this.#variationMs = roundTripMs / 2;
      return;
    }
    this.#variationMs += (Math.abs(this.#smoothedMs - roundTripMs) - this.#variationMs) / 4;
    this.#smoothedMs += (roundTripMs - this.#smoothedMs) / 8;
  }

  #grow(ackedBytes: number): void {
    const isSlowStart = this.#cwnd < this.#threshold;
    this.#cwnd += isSlowStart ? ackedBytes : (FRAGMENT_BYTES * ackedBytes) / this.#cwnd;
    this.#cwnd = Math.min(this.#cwnd, CWND_BYTES_MAX);
  }

  #findLost(newest: number): void {
    let lastLost = 0;
    for (const fragment of this.#flight) {
      if (fragment.isAcknowledged || fragment.isLost || fragment.sendNumber + REORDERED_MAX > newest)
        continue;
      lastLost = Math.max(lastLost, fragment.sendNumber);
      this.#lose(fragment);
    }
    // One burst of losses narrows the window once (RFC 6582).
    if (lastLost <= this.#recoveryUntil) return;
    // Not below what the path has just carried without a queue (TCP Westwood, 2001): many losses are the radio's, and a
    // window that shrank with each would not carry a live stream over 60 ms.
    const carried = Number.isFinite(this.#shortestMs) ? this.#rate * this.#shortestMs : 0;
    this.#cwnd = Math.max(this.#cwnd * WINDOW_AFTER_LOSS, Math.min(carried, this.#cwnd), CWND_BYTES_FIRST);
    this.#threshold = this.#cwnd;
    this.#recoveryUntil = this.#sendNumber;
  }

  #lose(fragment: Fragment): void {
    if (fragment.isAcknowledged || fragment.isLost) return;
    fragment.isLost = true;
    this.#lostCount += 1;
    this.#flightBytes -= fragment.payload.length;
  }

  #takeBack(): void {
    for (const fragment of this.#flight) {
      if (!fragment.isAcknowledged) continue;
      fragment.isAcknowledged = false;
      this.#flightBytes += fragment.payload.length;
    }
  }

  #pump(nowMs: number, isProbe: boolean = false): void {
    if (this.#lostCount > 0) this.#sendAgain(nowMs, isProbe);
    for (;;) {
      const message = this.#waiting[0];
      if (message === undefined) return;
      const length = Math.min(FRAGMENT_BYTES, message.bytes.length - message.offset);
      const limit = Math.min(this.#cwnd, this.#peerWindow);
      // With nothing in flight one fragment goes out whatever the window: its acknowledgement says how wide it is.
      if (this.#flight.length > 0 && this.#flightBytes + length > limit) return;
      this.#sendNext(nowMs, message, length);
    }
  }

  #sendNext(nowMs: number, message: Waiting, length: number): void {
    const start = message.offset;
    message.offset += length;
    this.#waitingBytes -= length;
    const isEnd = message.offset === message.bytes.length;
    if (isEnd) this.#waiting.shift();
    const fragment: Fragment = {
      tsn: this.#nextTsn,
      flags: (start === 0 ? DataFlag.begin : 0) | (isEnd ? DataFlag.end | DataFlag.immediate : 0),
      sequence: message.sequence,
      payload: message.bytes.subarray(start, start + length),
      sentAtMs: 0,
      sendNumber: 0,
      isAgain: false,
      isAcknowledged: false,
      isLost: false,
    };
    this.#nextTsn = (this.#nextTsn + 1) >>> 0;
    this.#flight.push(fragment);
    this.#transmit(nowMs, fragment);
  }

  #sendAgain(nowMs: number, isProbe: boolean): void {
    let isFirst = isProbe;
    for (const fragment of this.#flight) {
      if (this.#lostCount === 0) return;
      if (!fragment.isLost) continue;
      if (!isFirst && this.#flightBytes > 0 && this.#flightBytes + fragment.payload.length > this.#cwnd)
        return;
      isFirst = false;
      fragment.isLost = false;
      fragment.isAgain = true;
      this.#lostCount -= 1;
      this.#transmit(nowMs, fragment);
    }
  }

  #transmit(nowMs: number, fragment: Fragment): void {
    this.#sendNumber += 1;
    fragment.sendNumber = this.#sendNumber;
    fragment.sentAtMs = nowMs;
    this.#flightBytes += fragment.payload.length;
    this.#deadlineMs ??= nowMs + this.#timeoutMs;
    const flags = fragment.isAgain ? fragment.flags | DataFlag.immediate : fragment.flags;
    this.#emit(DATA_HEADER_BYTES + fragment.payload.length, flags, (into, at) => {
      into.writeUInt32BE(fragment.tsn, at);
      // Stream 0.
      into.writeUInt32BE(fragment.sequence, at + 4);
      into.writeUInt32BE(PayloadKind.binary, at + 8);
      into.set(fragment.payload, at + 12);
    });
  }
}
