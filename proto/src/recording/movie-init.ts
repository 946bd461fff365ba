/** The parts of an initialisation segment that a recording is made from. */

import { equalBytes } from '../bytes.js';
import * as Cmaf from '../cmaf/index.js';

/** One video or audio track, with the places of its boxes in {@link MovieInit.bytes}. */
export type MovieTrack = {
  /** `track_ID`. */
  readonly id: number;
  readonly kind: 'video' | 'audio';
  /** Ticks per second; never 0. */
  readonly timescale: number;
  /** Ticks, for samples whose fragment does not say. */
  readonly defaultDuration: number;
  /** Bytes, for samples whose fragment does not say. */
  readonly defaultSize: number;
  /** Flags, for samples whose fragment does not say. */
  readonly defaultFlags: number;
  readonly tkhd: Cmaf.Box;
  readonly mdhd: Cmaf.Box;
  readonly hdlr: Cmaf.Box;
  readonly minf: Cmaf.Box;
  readonly stsd: Cmaf.Box;
};

/** A readable initialisation segment. */
export type MovieInit = {
  /** `ftyp` + `moov`, as signed. */
  readonly bytes: Uint8Array;
  /** In file order; at least one. */
  readonly tracks: readonly MovieTrack[];
};

/** Reads an initialisation segment; `undefined` when no track of it can be recorded. */
export function readMovieInit(bytes: Uint8Array): MovieInit | undefined {
  const moov = Cmaf.findBox(bytes, 0, bytes.length, 'moov');
  const init = Cmaf.parseInit(bytes);
  if (!moov || !init) return undefined;
  const sizes = defaultSizes(bytes, moov);
  const tracks: MovieTrack[] = [];
  for (const trak of Cmaf.childBoxes(bytes, moov.bodyStart, moov.end)) {
    const places = trak.type === 'trak' ? trackPlaces(bytes, trak) : undefined;
    const track = places && init.tracks.find(({ id }) => id === places.id);
    if (!places || !track || tracks.some(({ id }) => id === track.id)) continue;
    tracks.push({
      ...places,
      kind: track.kind,
      timescale: track.timescale,
      defaultDuration: track.defaultSampleDuration,
      defaultSize: sizes.get(track.id) ?? 0,
      defaultFlags: track.defaultSampleFlags,
    });
  }
  return tracks.length > 0 ? { bytes, tracks } : undefined;
}

/**
 * Whether fragments of `b` can follow fragments of `a` in one file: the same tracks with the same decoder
 * configuration, clock and defaults.
 */
export function canShareFile(a: MovieInit, b: MovieInit): boolean {
  if (a.tracks.length !== b.tracks.length) return false;
  return a.tracks.every((track, index) => {
    const other = b.tracks[index];
    return (
      other !== undefined &&
      other.id === track.id &&
      other.timescale === track.timescale &&
      other.defaultDuration === track.defaultDuration &&
      other.defaultSize === track.defaultSize &&
      other.defaultFlags === track.defaultFlags &&
      equalBytes(boxBytes(a.bytes, track.stsd), boxBytes(b.bytes, other.stsd))
    );
  });
}

/** A box with its header, as a view. */
export function boxBytes(bytes: Uint8Array, box: Cmaf.Box): Uint8Array {
  return bytes.subarray(box.start, box.end);
}

/** Big-endian reads in `bytes`, which must hold them. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

type Places = Pick<MovieTrack, 'id' | 'tkhd' | 'mdhd' | 'hdlr' | 'minf' | 'stsd'>;

/** Bytes of a `tkhd` body, and of an `mdhd` body, of version 0 and of version 1. */
const TKHD_BYTES = [84, 96];
const MDHD_BYTES = [24, 36];

function trackPlaces(bytes: Uint8Array, trak: Cmaf.Box): Places | undefined {
  const child = (parent: Cmaf.Box | undefined, type: string): Cmaf.Box | undefined =>
    parent && Cmaf.findBox(bytes, parent.bodyStart, parent.end, type);
  const tkhd = child(trak, 'tkhd');
  const mdia = child(trak, 'mdia');
  const mdhd = child(mdia, 'mdhd');
  const hdlr = child(mdia, 'hdlr');
  const minf = child(mdia, 'minf');
  const stsd = child(child(minf, 'stbl'), 'stsd');
  if (!tkhd || !mdhd || !hdlr || !minf || !stsd) return undefined;
  if (!isWhole(bytes, tkhd, TKHD_BYTES) || !isWhole(bytes, mdhd, MDHD_BYTES)) return undefined;
  const isLong = bytes[tkhd.bodyStart] === 1;
  return { id: viewOf(bytes).getUint32(tkhd.bodyStart + (isLong ? 20 : 12)), tkhd, mdhd, hdlr, minf, stsd };
}

function isWhole(bytes: Uint8Array, box: Cmaf.Box, bytesByVersion: readonly number[]): boolean {
  const needed = bytesByVersion[bytes[box.bodyStart] ?? 0];
  return needed !== undefined && box.end - box.bodyStart >= needed;
}

/** Bytes of a `trex` body. */
const TREX_BYTES = 24;

function defaultSizes(bytes: Uint8Array, moov: Cmaf.Box): ReadonlyMap<number, number> {
  const sizes = new Map<number, number>();
  const mvex = Cmaf.findBox(bytes, moov.bodyStart, moov.end, 'mvex');
  if (!mvex) return sizes;
  const view = viewOf(bytes);
  for (const trex of Cmaf.childBoxes(bytes, mvex.bodyStart, mvex.end)) {
    if (trex.type !== 'trex' || trex.end - trex.bodyStart < TREX_BYTES) continue;
    sizes.set(view.getUint32(trex.bodyStart + 4), view.getUint32(trex.bodyStart + 16));
  }
  return sizes;
}
