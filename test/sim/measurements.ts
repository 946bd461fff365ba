/** What a run is judged by: who saw how much, how soon, how late. */

import type { MediaChunk } from '@freshet/proto';
import { WALL_START_MS } from './source.js';

/** One viewer's record. */
export type ViewerRecord = {
  readonly joinedMs: number;
  firstChunkMs: number | undefined;
  delivered: number;
  /** Capture time of the newest chunk, in the world's time. */
  newestCaptureMs: number;
  epoch: number;
  delayMsMax: number;
};

/** Delays beyond this count as this. */
const DELAY_BUCKETS = 60_000;

/** Collects the deliveries of every viewer. Delays are counted in buckets of one millisecond. */
export class Measurements {
  readonly viewers: Map<string, ViewerRecord> = new Map();
  readonly #delays = new Uint32Array(DELAY_BUCKETS + 1);
  #delivered = 0;
  #refused = 0;

  /** Chunks delivered to all viewers together. */
  get delivered(): number {
    return this.#delivered;
  }

  /** Refusals that sessions reported. */
  get refused(): number {
    return this.#refused;
  }

  /** A viewer was started. */
  join(name: string, atMs: number): void {
    this.viewers.set(name, {
      joinedMs: atMs,
      firstChunkMs: undefined,
      delivered: 0,
      newestCaptureMs: Number.NEGATIVE_INFINITY,
      epoch: 0,
      delayMsMax: 0,
    });
  }

  /** A viewer that was never meant to see anything is taken out of the count. */
  exclude(name: string): void {
    this.viewers.delete(name);
  }

  /** A session refused something. */
  refuse(): void {
    this.#refused++;
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
    record.delayMsMax = Math.max(record.delayMsMax, delayMs);
    this.#delivered++;
    const bucket = Math.min(DELAY_BUCKETS, Math.max(0, Math.round(delayMs)));
    this.#delays[bucket] = (this.#delays[bucket] ?? 0) + 1;
  }

  /** Milliseconds from capture to delivery that a share of all deliveries kept; 0 when nothing was delivered. */
  delayMs(share: number): number {
    const wanted = Math.ceil(this.#delivered * share);
    let seen = 0;
    for (const [delayMs, count] of this.#delays.entries()) {
      seen += count;
      if (count > 0 && seen >= wanted) return delayMs;
    }
    return 0;
  }

  /** Milliseconds from start to first chunk that a share of the viewers kept; those without one count as never. */
  startMs(share: number): number {
    const starts = [...this.viewers.values()]
      .map(({ joinedMs, firstChunkMs }) => (firstChunkMs ?? Number.POSITIVE_INFINITY) - joinedMs)
      .sort((a, b) => a - b);
    return starts[Math.max(0, Math.ceil(starts.length * share) - 1)] ?? 0;
  }
}
