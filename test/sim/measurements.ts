/** What a run is judged by: who saw how much, how soon, how late, and where it came from. */

import type { MediaChunk, RefusalKind } from '@freshet/proto';
import { Histogram } from './histogram.js';
import { PLAYOUT_LAG_MS, Playout, type Span } from './playout.js';
import { WALL_START_MS } from './source.js';

/** One viewer's record. */
export type ViewerRecord = {
  readonly joinedMs: number;
  /** When it left; `undefined` while it is there. */
  leftMs: number | undefined;
  firstChunkMs: number | undefined;
  delivered: number;
  /** Capture time of the newest chunk, in the world's time. */
  newestCaptureMs: number;
  epoch: number;
  delayMsMax: number;
  /** Whether it does to others what it should. */
  readonly isHonest: boolean;
  readonly playout: Playout;
};

/** What happened in one second of the world. */
export type SecondRecord = {
  /** Bytes that viewers got from viewers, and from relays. */
  peerBytes: number;
  relayBytes: number;
  /** Pieces that viewers got, the sum of the hops that they took, and the most. */
  pieces: number;
  hops: number;
  hopsMax: number;
  planMessages: number;
};

/** What is measured, and from when on. */
export type MeasurementOptions = {
  readonly lagMs: number;
  readonly chunkMs: number;
};

const OPTIONS_DEFAULT: MeasurementOptions = { lagMs: PLAYOUT_LAG_MS, chunkMs: 1000 / 30 };

/**
 * Collects the deliveries of every viewer. Everything but the first chunks is counted within the measured span, which
 * is the whole run unless {@link measureFrom} says otherwise. Delays are those from a chunk's capture to its being
 * complete, verified and in order at a viewer; what was captured before the viewer joined tells nothing of delay and
 * is left out.
 */
export class Measurements {
  readonly viewers: Map<string, ViewerRecord> = new Map();
  readonly delays: Histogram = new Histogram();
  readonly seconds: SecondRecord[] = [];
  readonly refusedByKind: Map<RefusalKind, number> = new Map();
  /** Chunks handed to a player that were not as published. */
  forgedPlayed = 0;
  readonly #options: MeasurementOptions;
  readonly #span = { fromMs: 0, untilMs: Number.POSITIVE_INFINITY };
  #delivered = 0;
  #refused = 0;
  #relayEgressBytes = 0;
  #peerBytes = 0;
  #relayBytes = 0;

  constructor(options: Partial<MeasurementOptions> = {}) {
    this.#options = { ...OPTIONS_DEFAULT, ...options };
  }

  /** Chunks delivered to all viewers together, in the whole run. */
  get delivered(): number {
    return this.#delivered;
  }

  /** Refusals that sessions reported. */
  get refused(): number {
    return this.#refused;
  }

  /** The measured span. */
  get span(): Span {
    return this.#span;
  }

  /** Bytes that relays sent to anybody within the span. */
  get relayEgressBytes(): number {
    return this.#relayEgressBytes;
  }

  /** Bytes that viewers got from viewers within the span. */
  get peerBytes(): number {
    return this.#peerBytes;
  }

  /** Bytes that viewers got from relays within the span. */
  get relayBytes(): number {
    return this.#relayBytes;
  }

  /** Counts from this time on, which is now, and forgets what was counted before; first chunks stay. */
  measureFrom(nowMs: number): void {
    this.#span.fromMs = nowMs;
    this.delays.clear();
    this.#relayEgressBytes = 0;
    this.#peerBytes = 0;
    this.#relayBytes = 0;
    for (const { playout } of this.viewers.values()) playout.clear();
  }

  /** A viewer was started, whose player plays so far behind the capture. */
  join(name: string, atMs: number, isHonest = true, lagMs: number = this.#options.lagMs): void {
    const { chunkMs } = this.#options;
    this.viewers.set(name, {
      joinedMs: atMs,
      leftMs: undefined,
      firstChunkMs: undefined,
      delivered: 0,
      newestCaptureMs: Number.NEGATIVE_INFINITY,
      epoch: 0,
      delayMsMax: 0,
      isHonest,
      playout: new Playout({ lagMs, intervalMs: chunkMs, span: this.#span }),
    });
  }

  /** A viewer is gone; chunks up to `newestCaptureMs` had been published by then. */
  leave(name: string, atMs: number, newestCaptureMs: number): void {
    const record = this.viewers.get(name);
    if (!record || record.leftMs !== undefined) return;
    record.leftMs = atMs;
    record.playout.finish(atMs, newestCaptureMs);
  }

  /** The run is over: what is due by now and not there never comes. */
  finish(atMs: number, newestCaptureMs: number): void {
    this.#span.untilMs = Math.min(this.#span.untilMs, atMs);
    for (const { leftMs, playout } of this.viewers.values())
      if (leftMs === undefined) playout.finish(atMs, newestCaptureMs);
  }

  /** A viewer that was never meant to see anything is taken out of the count. */
  exclude(name: string): void {
    this.viewers.delete(name);
  }

  /** A session refused something. */
  refuse(why: RefusalKind): void {
    this.#refused++;
    this.refusedByKind.set(why, (this.refusedByKind.get(why) ?? 0) + 1);
  }

  /** A viewer got a message, over a peer's link or a relay's. */
  receive(atMs: number, bytes: number, isFromPeer: boolean): void {
    const second = this.#second(atMs);
    if (isFromPeer) second.peerBytes += bytes;
    else second.relayBytes += bytes;
    if (atMs < this.#span.fromMs) return;
    if (isFromPeer) this.#peerBytes += bytes;
    else this.#relayBytes += bytes;
  }

  /** A viewer got a piece that had come over so many links. */
  travel(atMs: number, hops: number): void {
    const second = this.#second(atMs);
    second.pieces++;
    second.hops += hops;
    if (hops > second.hopsMax) second.hopsMax = hops;
  }

  /** A relay sent a message. */
  sendFromRelay(atMs: number, bytes: number): void {
    if (atMs >= this.#span.fromMs) this.#relayEgressBytes += bytes;
  }

  /** A relay told a viewer its neighbours. */
  plan(atMs: number): void {
    this.#second(atMs).planMessages++;
  }

  /** A viewer got a chunk. */
  deliver(name: string, atMs: number, chunk: MediaChunk): void {
    const record = this.viewers.get(name);
    if (!record) return;
    const captureMs = chunk.captureMs - WALL_START_MS;
    const delayMs = atMs - captureMs;
    record.firstChunkMs ??= atMs;
    record.delivered++;
    record.newestCaptureMs = captureMs;
    record.epoch = chunk.epoch;
    record.playout.deliver(atMs, chunk.epoch, chunk.chunkNumber, captureMs);
    this.#delivered++;
    if (captureMs < record.joinedMs) return;
    record.delayMsMax = Math.max(record.delayMsMax, delayMs);
    if (atMs >= this.#span.fromMs) this.delays.add(delayMs);
  }

  /** Milliseconds from capture to delivery that a share of the deliveries kept; 0 when nothing was delivered. */
  delayMs(share: number): number {
    return this.delays.quantile(share);
  }

  /** Milliseconds from start to first chunk that a share of the viewers kept; those without one count as never. */
  startMs(share: number): number {
    const starts = this.starts().sort((a, b) => a - b);
    return starts[Math.max(0, Math.ceil(starts.length * share) - 1)] ?? 0;
  }

  /** Milliseconds from start to first chunk of each viewer; one that left before it was there is not counted. */
  starts(): number[] {
    const starts: number[] = [];
    for (const { joinedMs, firstChunkMs, leftMs } of this.viewers.values()) {
      if (firstChunkMs !== undefined) starts.push(firstChunkMs - joinedMs);
      else if (leftMs === undefined) starts.push(Number.POSITIVE_INFINITY);
    }
    return starts;
  }

  #second(atMs: number): SecondRecord {
    const index = Math.floor(atMs / 1000);
    while (this.seconds.length <= index)
      this.seconds.push({ peerBytes: 0, relayBytes: 0, pieces: 0, hops: 0, hopsMax: 0, planMessages: 0 });
    const second = this.seconds[index];
    if (!second) throw new RangeError(`There is no second ${index}.`);
    return second;
  }
}
