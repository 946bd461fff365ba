/** Reads and re-times movie fragments (`moof`). */

import { type Box, childBoxes, findBox } from './box.js';
import { ByteCursor } from './byte-cursor.js';
import type { InitSegment } from './init-segment.js';

/** Most samples one fragment may hold; a `trun` that announces more makes the fragment unreadable. */
export const FRAGMENT_SAMPLES_MAX = 65_536;

/** The samples that one fragment holds of one track. */
export type TrackFragment = {
  /** `track_ID`. */
  readonly trackId: number;
  /** Decode time of the first sample, in ticks of the track's timescale. */
  readonly baseMediaDecodeTime: number;
  /** Number of samples. */
  readonly sampleCount: number;
  /** Sum of the samples' durations, in ticks. */
  readonly duration: number;
  /** Longest sample, in ticks. */
  readonly maxSampleDuration: number;
  /** Sum of the samples' sizes as far as the fragment states them, in bytes. */
  readonly sampleBytes: number;
  /** Decoding can begin at the first sample. */
  readonly startsWithSync: boolean;
  /** Presentation minus decode time of the first sample, in ticks. */
  readonly firstCompositionOffset: number;
  /** Smallest presentation minus decode time, in ticks. */
  readonly minCompositionOffset: number;
  /** Largest presentation minus decode time, in ticks. */
  readonly maxCompositionOffset: number;
  /** Some sample is presented at another time than its decode time: the sign of B-frames. */
  readonly hasCompositionOffsets: boolean;
};

/** What a `moof` says. */
export type MovieFragment = {
  /** `sequence_number` of `mfhd`. */
  readonly sequenceNumber: number;
  /** At least one. */
  readonly tracks: readonly TrackFragment[];
};

/** `sample_is_non_sync_sample` (ISO/IEC 14496-12 §8.8.3.1). */
const NON_SYNC = 0x1_0000;

/**
 * Reads the first `moof` in `bytes`.
 *
 * `init` gives the defaults of samples whose fragment leaves duration or flags out. `undefined` for anything that
 * is not a complete fragment with a decode time per track.
 */
export function parseMoof(bytes: Uint8Array, init?: InitSegment): MovieFragment | undefined {
  const moof = findBox(bytes, 0, bytes.length, 'moof');
  if (moof === undefined) return undefined;
  const mfhd = findBox(bytes, moof.bodyStart, moof.end, 'mfhd');
  if (mfhd === undefined) return undefined;
  const sequence = new ByteCursor(bytes, mfhd.bodyStart + 4, mfhd.end);
  const sequenceNumber = sequence.u32();
  if (!sequence.isValid) return undefined;
  const tracks: TrackFragment[] = [];
  for (const traf of childBoxes(bytes, moof.bodyStart, moof.end)) {
    if (traf.type !== 'traf') continue;
    const track = parseTraf(bytes, traf, init);
    if (track === undefined) return undefined;
    tracks.push(track);
  }
  return tracks.length > 0 ? { sequenceNumber, tracks } : undefined;
}

/**
 * A copy of `bytes` (any number of `moof` + `mdat`) with every track's decode time moved by its entry in
 * `ticksByTrack`; tracks without an entry stay.
 *
 * `undefined` when a time would leave its field (negative, or over 32 bits in a version 0 `tfdt`).
 */
export function shiftDecodeTimes(
  bytes: Uint8Array,
  ticksByTrack: ReadonlyMap<number, number>,
): Uint8Array | undefined {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer, copy.byteOffset, copy.byteLength);
  for (const moof of childBoxes(copy, 0, copy.length)) {
    if (moof.type !== 'moof') continue;
    for (const traf of childBoxes(copy, moof.bodyStart, moof.end)) {
      if (traf.type === 'traf' && !shiftTraf(copy, view, traf, ticksByTrack)) return undefined;
    }
  }
  return copy;
}

function shiftTraf(
  bytes: Uint8Array,
  view: DataView,
  traf: Box,
  ticksByTrack: ReadonlyMap<number, number>,
): boolean {
  const header = trafHeader(bytes, traf);
  const tfdt = findBox(bytes, traf.bodyStart, traf.end, 'tfdt');
  const ticks = header && ticksByTrack.get(header.trackId);
  if (ticks === undefined || ticks === 0) return true;
  if (tfdt === undefined) return false;
  const base = decodeTime(bytes, tfdt);
  if (base === undefined) return false;
  const moved = base.ticks + ticks;
  if (moved < 0 || moved > Number.MAX_SAFE_INTEGER) return false;
  if (base.isLong) {
    view.setUint32(tfdt.bodyStart + 4, Math.floor(moved / 0x1_0000_0000));
    view.setUint32(tfdt.bodyStart + 8, moved % 0x1_0000_0000);
    return true;
  }
  if (moved > 0xffff_ffff) return false;
  view.setUint32(tfdt.bodyStart + 4, moved);
  return true;
}

function decodeTime(
  bytes: Uint8Array,
  tfdt: Box,
): { readonly ticks: number; readonly isLong: boolean } | undefined {
  const cursor = new ByteCursor(bytes, tfdt.bodyStart, tfdt.end);
  const isLong = cursor.u8() === 1;
  cursor.skip(3);
  const ticks = isLong ? cursor.u64() : cursor.u32();
  return cursor.isValid ? { ticks, isLong } : undefined;
}

type TrafHeader = {
  readonly trackId: number;
  readonly duration: number | undefined;
  readonly size: number;
  readonly flags: number | undefined;
};

function trafHeader(bytes: Uint8Array, traf: Box): TrafHeader | undefined {
  const tfhd = findBox(bytes, traf.bodyStart, traf.end, 'tfhd');
  if (tfhd === undefined) return undefined;
  const cursor = new ByteCursor(bytes, tfhd.bodyStart + 1, tfhd.end);
  const present = cursor.u24();
  const trackId = cursor.u32();
  if ((present & 0x01) !== 0) cursor.skip(8);
  if ((present & 0x02) !== 0) cursor.skip(4);
  const duration = (present & 0x08) !== 0 ? cursor.u32() : undefined;
  const size = (present & 0x10) !== 0 ? cursor.u32() : 0;
  const flags = (present & 0x20) !== 0 ? cursor.u32() : undefined;
  return cursor.isValid ? { trackId, duration, size, flags } : undefined;
}

type SampleSums = {
  count: number;
  duration: number;
  maxDuration: number;
  bytes: number;
  firstFlags: number | undefined;
  firstOffset: number;
  minOffset: number;
  maxOffset: number;
};

function parseTraf(bytes: Uint8Array, traf: Box, init: InitSegment | undefined): TrackFragment | undefined {
  const header = trafHeader(bytes, traf);
  const tfdt = findBox(bytes, traf.bodyStart, traf.end, 'tfdt');
  const base = tfdt && decodeTime(bytes, tfdt);
  if (header === undefined || base === undefined) return undefined;
  const track = init?.tracks.find((candidate) => candidate.id === header.trackId);
  const defaults = {
    duration: header.duration ?? track?.defaultSampleDuration ?? 0,
    size: header.size,
    flags: header.flags ?? track?.defaultSampleFlags ?? 0,
  };
  const sums: SampleSums = {
    count: 0,
    duration: 0,
    maxDuration: 0,
    bytes: 0,
    firstFlags: undefined,
    firstOffset: 0,
    minOffset: Number.POSITIVE_INFINITY,
    maxOffset: Number.NEGATIVE_INFINITY,
  };
  for (const trun of childBoxes(bytes, traf.bodyStart, traf.end)) {
    if (trun.type === 'trun' && !addRun(bytes, trun, defaults, sums)) return undefined;
  }
  const hasSamples = sums.count > 0;
  return {
    trackId: header.trackId,
    baseMediaDecodeTime: base.ticks,
    sampleCount: sums.count,
    duration: sums.duration,
    maxSampleDuration: sums.maxDuration,
    sampleBytes: sums.bytes,
    startsWithSync: hasSamples && ((sums.firstFlags ?? defaults.flags) & NON_SYNC) === 0,
    firstCompositionOffset: sums.firstOffset,
    minCompositionOffset: hasSamples ? sums.minOffset : 0,
    maxCompositionOffset: hasSamples ? sums.maxOffset : 0,
    hasCompositionOffsets: hasSamples && (sums.minOffset !== 0 || sums.maxOffset !== 0),
  };
}

function addRun(
  bytes: Uint8Array,
  trun: Box,
  defaults: { readonly duration: number; readonly size: number; readonly flags: number },
  sums: SampleSums,
): boolean {
  const cursor = new ByteCursor(bytes, trun.bodyStart, trun.end);
  const version = cursor.u8();
  const present = cursor.u24();
  const count = cursor.u32();
  if (sums.count + count > FRAGMENT_SAMPLES_MAX) return false;
  if ((present & 0x01) !== 0) cursor.skip(4);
  const firstSampleFlags = (present & 0x04) !== 0 ? cursor.u32() : undefined;
  for (let index = 0; index < count && cursor.isValid; index++) {
    const duration = (present & 0x100) !== 0 ? cursor.u32() : defaults.duration;
    sums.duration += duration;
    sums.maxDuration = Math.max(sums.maxDuration, duration);
    sums.bytes += (present & 0x200) !== 0 ? cursor.u32() : defaults.size;
    const own = (present & 0x400) !== 0 ? cursor.u32() : defaults.flags;
    const offset = (present & 0x800) === 0 ? 0 : version === 0 ? cursor.u32() : cursor.i32();
    if (sums.count === 0) {
      sums.firstFlags = firstSampleFlags ?? own;
      sums.firstOffset = offset;
    }
    sums.minOffset = Math.min(sums.minOffset, offset);
    sums.maxOffset = Math.max(sums.maxOffset, offset);
    sums.count += 1;
  }
  return cursor.isValid;
}
