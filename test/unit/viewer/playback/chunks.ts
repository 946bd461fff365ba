/** Chunks and arrivals for the playback tests. */

import { type MediaChunk, type MonoMs, mediaUs, monoMs, wallMs } from '@freshet/proto';

/** Duration of a test chunk: one frame at 30 per second. */
export const CHUNK_MS = 100 / 3;

/** A chunk of one frame; every 30th is a keyframe unless said otherwise. */
export const makeChunk = (chunkNumber: number, over: Partial<MediaChunk> = {}): MediaChunk => ({
  epoch: 1,
  renditionId: 1,
  chunkNumber,
  isKeyframe: chunkNumber % 30 === 0,
  mediaTimeUs: mediaUs(Math.round(chunkNumber * CHUNK_MS * 1000)),
  durationUs: Math.round(CHUNK_MS * 1000),
  captureMs: wallMs(1_000_000 + chunkNumber * CHUNK_MS),
  bytes: new Uint8Array(10),
  ...over,
});

/** Brands a time. */
export const at = (ms: number): MonoMs => monoMs(ms);
