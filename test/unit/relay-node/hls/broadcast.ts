/** A broadcast without keys or ffmpeg: catalogs and piece messages as a relay's session hands them out. */

import { type Catalog, type MediaChunk, mediaUs, PieceCutter, type Rendition, wallMs } from '@freshet/proto';
import type { HlsClock } from '../../../../relay-node/src/hls/waiting-room.js';

/** When the first epoch begins: 2026-01-01. */
export const EPOCH = Date.UTC(2026, 0, 1);

/** A chunk of 33,333 us unless told otherwise. */
export const chunk = (more: Partial<MediaChunk>): MediaChunk => ({
  epoch: EPOCH,
  renditionId: 1,
  chunkNumber: 0,
  isKeyframe: false,
  mediaTimeUs: mediaUs(0),
  durationUs: 33_333,
  captureMs: wallMs(EPOCH),
  bytes: new Uint8Array(10),
  ...more,
});

/** A rendition of the test broadcast. */
export const rendition = (id: number): Rendition => ({
  id,
  name: '360p',
  mimeType: 'video/mp4; codecs="avc1.64001e,mp4a.40.2"',
  width: 640,
  height: 360,
  frameRateMilli: 30_000,
  bitrate: 800_000,
  initSegment: new Uint8Array([id, 1, 2, 3]),
});

/** A catalog of the test broadcast. */
export const catalog = (more: Partial<Catalog> = {}): Catalog => ({
  epoch: EPOCH,
  revision: 1,
  state: 'live',
  title: 'test',
  startedMs: wallMs(EPOCH),
  stripeCount: 2,
  renditions: [rendition(1)],
  relays: [],
  ...more,
});

/** Makes the messages of one rendition in one epoch: 30 chunks a second of which the first is a keyframe. */
export class TestPublisher {
  readonly epoch: number;
  readonly #cutter: PieceCutter;
  #chunks = 0;

  constructor(epoch: number = EPOCH, renditionId: number = 1) {
    this.epoch = epoch;
    this.#cutter = new PieceCutter({
      epoch,
      renditionId,
      sign: () => new Uint8Array(64),
      digest: () => new Uint8Array(32),
    });
  }

  /** The messages of the next `count` chunks. */
  next(count: number): Uint8Array[] {
    const messages: Uint8Array[] = [];
    for (let made = 0; made < count; made++) {
      const number = this.#chunks++;
      const timeUs = Math.round((number * 1e6) / 30);
      const bytes = new Uint8Array(100).fill(number);
      const captureMs = wallMs(this.epoch + Math.floor(timeUs / 1000));
      const isKeyframe = number % 30 === 0;
      const uncut = { isKeyframe, mediaTimeUs: mediaUs(timeUs), durationUs: 33_333, captureMs, bytes };
      messages.push(...this.#cutter.cut(uncut));
    }
    return messages;
  }
}

/** Time that passes when it is told to. */
export class TestClock implements HlsClock {
  #now = 0;
  readonly #timers = new Map<object, { readonly atMs: number; readonly callback: () => void }>();

  now(): number {
    return this.#now;
  }

  startTimer(delayMs: number, callback: () => void): () => void {
    const key = {};
    this.#timers.set(key, { atMs: this.#now + delayMs, callback });
    return () => this.#timers.delete(key);
  }

  /** Timers that have not gone off. */
  get timerCount(): number {
    return this.#timers.size;
  }

  /** Lets time pass, and goes off what is due. */
  advance(deltaMs: number): void {
    this.#now += deltaMs;
    for (const [key, { atMs, callback }] of [...this.#timers]) {
      if (atMs > this.#now) continue;
      this.#timers.delete(key);
      callback();
    }
  }
}
