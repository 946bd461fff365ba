/** What cutting yields, and what it is made of. */

import type { FlvPacket } from './flv-reader.js';

/** One chunk as it was cut; `moof` + `mdat`. */
export type CutChunk = {
  readonly bytes: Uint8Array;
  /** Decoding can begin here. */
  readonly isKeyframe: boolean;
  /** Presentation time of the first frame since the start of the run. */
  readonly mediaTimeUs: number;
  /** Length of the chunk's media. */
  readonly durationUs: number;
};

/** One frame of picture. */
export type VideoPacket = Extract<FlvPacket, { kind: 'video' }>;

/** One frame of sound, as ffmpeg states its time. */
export type AudioPacket = Extract<FlvPacket, { kind: 'audio' }>;

/** One frame of sound with its place in the run. */
export type PlacedSound = {
  readonly bytes: Uint8Array;
  /** Since the start of the run, in units of the sample rate. */
  readonly ticks: number;
  /** Since the start of the run. */
  readonly ms: number;
};

/** `track_ID` of the picture in every initialisation segment. */
export const VIDEO_TRACK = 1;

/** `track_ID` of the sound in every initialisation segment. */
export const AUDIO_TRACK = 2;

/** Ticks per second of the picture. */
export const VIDEO_TIMESCALE = 90_000;

/** Bytes that may wait for a chunk to be full; more end the chunk at once. */
export const PENDING_BYTES_MAX = 16 * 1024 * 1024;
