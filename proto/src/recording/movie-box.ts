/** Writes the `moov` of an ordinary, seekable MP4 out of an initialisation segment and collected samples. */

import { concatBytes } from '../bytes.js';
import * as Cmaf from '../cmaf/index.js';
import { box, fullBox, u16, u32, u64 } from './box-writer.js';
import { type Chapter, writeChapters } from './chapters.js';
import { boxBytes, type MovieInit, type MovieTrack, viewOf } from './movie-init.js';
import type { SampleTable } from './sample-table.js';

/** Ticks per second of the movie's own times: fine enough for frames of 1/1001 and for 48 kHz. */
const MOVIE_TIMESCALE = 90_000;

/** Bytes of a `tkhd` after its duration: layer, volume, matrix, picture size. */
const TKHD_TAIL_BYTES = 60;

/** Enabled, in the movie, in the preview (ISO/IEC 14496-12 §8.3.2.3). */
const TRACK_FLAGS = 7;

const UNITY_MATRIX = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000];

type TimedTrack = {
  readonly track: MovieTrack;
  readonly table: SampleTable;
  /** Movie ticks before the track begins. */
  readonly delay: number;
  /** Movie ticks that its samples last. */
  readonly length: number;
};

/**
 * The movie box. `tables` are keyed by `track_ID`; a track without samples is left out, and the movie begins with
 * the earliest presentation time. `undefined` when there is no sample at all.
 */
export function writeMovie(
  init: MovieInit,
  tables: ReadonlyMap<number, SampleTable>,
  chapters: readonly Chapter[] = [],
): Uint8Array | undefined {
  const tracks = timeTracks(init, tables);
  if (tracks.length === 0) return undefined;
  const duration = Math.max(...tracks.map(({ delay, length }) => delay + length));
  const nextTrackId = Math.max(...init.tracks.map(({ id }) => id)) + 1;
  const mvhd = fullBox(
    'mvhd',
    1,
    0,
    u64(0, 0),
    u32(MOVIE_TIMESCALE),
    u64(duration),
    u32(0x1_0000),
    u16(0x100, 0),
    u32(0, 0, ...UNITY_MATRIX, 0, 0, 0, 0, 0, 0, nextTrackId),
  );
  return box('moov', mvhd, ...tracks.map((timed) => writeTrack(init.bytes, timed)), writeChapters(chapters));
}

function timeTracks(init: MovieInit, tables: ReadonlyMap<number, SampleTable>): readonly TimedTrack[] {
  const filled = init.tracks.flatMap((track) => {
    const table = tables.get(track.id);
    return table && table.sampleCount > 0 ? [{ track, table }] : [];
  });
  const startSeconds = ({ track, table }: Pick<TimedTrack, 'track' | 'table'>): number =>
    (table.firstDecodeTime + table.firstCompositionOffset) / track.timescale;
  const earliest = Math.min(...filled.map(startSeconds));
  return filled.map((entry) => ({
    ...entry,
    delay: Math.round((startSeconds(entry) - earliest) * MOVIE_TIMESCALE),
    length: Math.round((entry.table.duration / entry.track.timescale) * MOVIE_TIMESCALE),
  }));
}

function writeTrack(bytes: Uint8Array, timed: TimedTrack): Uint8Array {
  const { track, table, delay, length } = timed;
  const tailStart = track.tkhd.bodyStart + (bytes[track.tkhd.bodyStart] === 1 ? 36 : 24);
  const tkhd = fullBox(
    'tkhd',
    1,
    TRACK_FLAGS,
    u64(0, 0),
    u32(track.id, 0),
    u64(delay + length),
    bytes.subarray(tailStart, tailStart + TKHD_TAIL_BYTES),
  );
  return box('trak', tkhd, writeEdits(timed), writeMedia(bytes, track, table));
}

/** An edit list keeps the tracks together: a late one begins with an empty edit, reordered frames begin at 0. */
function writeEdits({ table, delay, length }: TimedTrack): Uint8Array {
  if (delay === 0 && table.firstCompositionOffset === 0) return new Uint8Array(0);
  const empty = delay > 0 ? [u64(delay, -1), u16(1, 0)] : [];
  const media = [u64(length, Math.max(0, table.firstCompositionOffset)), u16(1, 0)];
  return box('edts', fullBox('elst', 1, 0, u32(delay > 0 ? 2 : 1), ...empty, ...media));
}

function writeMedia(bytes: Uint8Array, track: MovieTrack, table: SampleTable): Uint8Array {
  const isLong = bytes[track.mdhd.bodyStart] === 1;
  const language = viewOf(bytes).getUint16(track.mdhd.bodyStart + (isLong ? 32 : 20));
  const mdhd = fullBox('mdhd', 1, 0, u64(0, 0), u32(track.timescale), u64(table.duration), u16(language, 0));
  const others = Cmaf.childBoxes(bytes, track.minf.bodyStart, track.minf.end)
    .filter(({ type }) => type !== 'stbl')
    .map((child) => boxBytes(bytes, child));
  const stbl = box('stbl', boxBytes(bytes, track.stsd), table.toBoxes());
  return box('mdia', mdhd, boxBytes(bytes, track.hdlr), box('minf', concatBytes(...others), stbl));
}
