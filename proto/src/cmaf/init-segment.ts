/** Reads an initialisation segment (`ftyp` + `moov`). */

import { type Box, childBoxes, findBox, findPath } from './box.js';
import { ByteCursor } from './byte-cursor.js';
import { codecOf, type PictureFormat } from './codec.js';

/** Most tracks that are read; further ones are ignored. */
export const TRACK_COUNT_MAX = 16;

/** One video or audio track of an initialisation segment. */
export type Track = {
  /** `track_ID`, which fragments refer to. */
  readonly id: number;
  /** Tracks of other kinds (subtitles, timecode) are left out. */
  readonly kind: 'video' | 'audio';
  /** Ticks per second of the track's times; never 0. */
  readonly timescale: number;
  /** For a MIME type: `avc1.64001f`, `mp4a.40.2`; a codec that is not known gives its fourcc. */
  readonly codec: string;
  /** Pixels as coded; 0 for audio. */
  readonly width: number;
  /** Pixels as coded; 0 for audio. */
  readonly height: number;
  /** Clockwise degrees (0, 90, 180, 270) by which a player turns the picture; -1 for any other matrix. */
  readonly rotation: number;
  /** What the decoder must be able to do. */
  readonly picture: PictureFormat;
  /** Hz; 0 for video. */
  readonly sampleRate: number;
  /** 0 for video. */
  readonly channels: number;
  /** Ticks, from `trex`; holds for samples whose fragment does not say. */
  readonly defaultSampleDuration: number;
  /** Flags, from `trex`; hold for samples whose fragment does not say. */
  readonly defaultSampleFlags: number;
};

/** What an initialisation segment says. */
export type InitSegment = {
  /** In file order. */
  readonly tracks: readonly Track[];
  /** A duration is stated (`mvhd` or `mehd`): players then take the stream for a recording, not a live one. */
  readonly hasDuration: boolean;
};

/** Reads `ftyp` + `moov` (or a bare `moov`); `undefined` when there is no readable track. */
export function parseInit(bytes: Uint8Array): InitSegment | undefined {
  const moov = findBox(bytes, 0, bytes.length, 'moov');
  if (moov === undefined) return undefined;
  const tracks: Track[] = [];
  const defaults = trackDefaults(bytes, moov);
  for (const trak of childBoxes(bytes, moov.bodyStart, moov.end)) {
    if (trak.type !== 'trak' || tracks.length >= TRACK_COUNT_MAX) continue;
    const track = parseTrack(bytes, trak, defaults);
    if (track !== undefined) tracks.push(track);
  }
  return tracks.length > 0 ? { tracks, hasDuration: hasDuration(bytes, moov) } : undefined;
}

/** The type for `MediaSource.isTypeSupported`: `video/mp4; codecs="avc1.64001f,mp4a.40.2"`. */
export function mimeTypeOf(init: InitSegment): string {
  const hasVideo = init.tracks.some((track) => track.kind === 'video');
  const codecs = init.tracks.map((track) => track.codec).join(',');
  return `${hasVideo ? 'video' : 'audio'}/mp4; codecs="${codecs}"`;
}

/** The first video track. */
export function videoTrackOf(init: InitSegment): Track | undefined {
  return init.tracks.find((track) => track.kind === 'video');
}

/** The first audio track. */
export function audioTrackOf(init: InitSegment): Track | undefined {
  return init.tracks.find((track) => track.kind === 'audio');
}

type Defaults = ReadonlyMap<number, { readonly duration: number; readonly flags: number }>;

function trackDefaults(bytes: Uint8Array, moov: Box): Defaults {
  const defaults = new Map<number, { duration: number; flags: number }>();
  const mvex = findBox(bytes, moov.bodyStart, moov.end, 'mvex');
  if (mvex === undefined) return defaults;
  for (const trex of childBoxes(bytes, mvex.bodyStart, mvex.end)) {
    if (trex.type !== 'trex') continue;
    const cursor = new ByteCursor(bytes, trex.bodyStart + 4, trex.end);
    const trackId = cursor.u32();
    cursor.skip(4);
    const duration = cursor.u32();
    cursor.skip(4);
    const flags = cursor.u32();
    if (cursor.isValid) defaults.set(trackId, { duration, flags });
  }
  return defaults;
}

function parseTrack(bytes: Uint8Array, trak: Box, defaults: Defaults): Track | undefined {
  const kind = handlerKind(bytes, findPath(bytes, trak, ['mdia', 'hdlr']));
  const header = trackHeader(bytes, findBox(bytes, trak.bodyStart, trak.end, 'tkhd'));
  const timescale = mediaTimescale(bytes, findPath(bytes, trak, ['mdia', 'mdhd']));
  const stsd = findPath(bytes, trak, ['mdia', 'minf', 'stbl', 'stsd']);
  if (kind === undefined || header === undefined || timescale === 0 || stsd === undefined) return undefined;
  const entry = childBoxes(bytes, stsd.bodyStart + 8, stsd.end)[0];
  if (entry === undefined) return undefined;
  const sample = kind === 'video' ? visualEntry(bytes, entry) : audioEntry(bytes, entry);
  if (sample === undefined) return undefined;
  const fallback = defaults.get(header.id);
  return {
    ...sample,
    id: header.id,
    kind,
    timescale,
    rotation: header.rotation,
    defaultSampleDuration: fallback?.duration ?? 0,
    defaultSampleFlags: fallback?.flags ?? 0,
  };
}

function handlerKind(bytes: Uint8Array, hdlr: Box | undefined): 'video' | 'audio' | undefined {
  if (hdlr === undefined) return undefined;
  const handler = new ByteCursor(bytes, hdlr.bodyStart + 8, hdlr.end).fourcc();
  return handler === 'vide' ? 'video' : handler === 'soun' ? 'audio' : undefined;
}

function trackHeader(
  bytes: Uint8Array,
  tkhd: Box | undefined,
): { readonly id: number; readonly rotation: number } | undefined {
  if (tkhd === undefined) return undefined;
  const cursor = new ByteCursor(bytes, tkhd.bodyStart, tkhd.end);
  const version = cursor.u8();
  cursor.skip(3 + (version === 1 ? 16 : 8));
  const id = cursor.u32();
  cursor.skip(4 + (version === 1 ? 8 : 4) + 16);
  const a = cursor.i32();
  const b = cursor.i32();
  cursor.skip(4);
  const c = cursor.i32();
  const d = cursor.i32();
  return cursor.isValid ? { id, rotation: rotationOf(a, b, c, d) } : undefined;
}

/** The matrix is 16.16 fixed point: `a b / c d`. */
function rotationOf(a: number, b: number, c: number, d: number): number {
  const one = 0x1_0000;
  if (a === one && d === one && b === 0 && c === 0) return 0;
  if (a === 0 && d === 0 && b === one && c === -one) return 90;
  if (a === -one && d === -one && b === 0 && c === 0) return 180;
  if (a === 0 && d === 0 && b === -one && c === one) return 270;
  return -1;
}

function mediaTimescale(bytes: Uint8Array, mdhd: Box | undefined): number {
  if (mdhd === undefined) return 0;
  const cursor = new ByteCursor(bytes, mdhd.bodyStart, mdhd.end);
  const version = cursor.u8();
  cursor.skip(3 + (version === 1 ? 16 : 8));
  return cursor.u32();
}

type SampleEntry = Pick<Track, 'codec' | 'picture' | 'width' | 'height' | 'sampleRate' | 'channels'>;

function visualEntry(bytes: Uint8Array, entry: Box): SampleEntry | undefined {
  const cursor = new ByteCursor(bytes, entry.bodyStart, entry.end);
  cursor.skip(24);
  const width = cursor.u16();
  const height = cursor.u16();
  cursor.skip(50);
  if (!cursor.isValid) return undefined;
  const info = codecOf(bytes, entry.type, cursor.position, entry.end);
  return { ...info, width, height, sampleRate: 0, channels: 0 };
}

function audioEntry(bytes: Uint8Array, entry: Box): SampleEntry | undefined {
  const cursor = new ByteCursor(bytes, entry.bodyStart, entry.end);
  cursor.skip(16);
  const channels = cursor.u16();
  cursor.skip(6);
  const sampleRate = cursor.u32() / 0x1_0000;
  if (!cursor.isValid) return undefined;
  const info = codecOf(bytes, entry.type, cursor.position, entry.end);
  return { ...info, width: 0, height: 0, sampleRate: Math.floor(sampleRate), channels };
}

function hasDuration(bytes: Uint8Array, moov: Box): boolean {
  if (findPath(bytes, moov, ['mvex', 'mehd']) !== undefined) return true;
  const mvhd = findBox(bytes, moov.bodyStart, moov.end, 'mvhd');
  if (mvhd === undefined) return false;
  const cursor = new ByteCursor(bytes, mvhd.bodyStart, mvhd.end);
  const version = cursor.u8();
  cursor.skip(3 + (version === 1 ? 16 : 8) + 4);
  if (version === 1) return cursor.u32() + cursor.u32() > 0;
  return cursor.u32() > 0;
}
