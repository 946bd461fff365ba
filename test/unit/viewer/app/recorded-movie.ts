/** Reads a finished recording back, for tests: an ordinary MP4 with sample tables. */

import { Cmaf } from '@freshet/proto';

/** One sample as the tables give it. */
export type RecordedSample = {
  /** Ticks from the track's first decode time. */
  readonly decodeTime: number;
  readonly offset: number;
  readonly size: number;
  readonly isSync: boolean;
};

/** One track of a finished recording. */
export type RecordedTrack = {
  readonly id: number;
  readonly timescale: number;
  readonly samples: readonly RecordedSample[];
  /** `segment_duration` and `media_time` of each edit. */
  readonly edits: readonly (readonly [number, number])[];
};

/** Types of the top-level boxes, in order. */
export const boxTypes = (bytes: Uint8Array): readonly string[] =>
  Cmaf.childBoxes(bytes, 0, bytes.length).map(({ type }) => type);

/** The tracks of a file that ends with its `moov`. */
export const readTracks = (bytes: Uint8Array): readonly RecordedTrack[] => {
  const moov = Cmaf.findBox(bytes, 0, bytes.length, 'moov');
  if (!moov) throw new Error('the file has no moov');
  const traks = Cmaf.childBoxes(bytes, moov.bodyStart, moov.end).filter(({ type }) => type === 'trak');
  return traks.map((trak) => readTrack(bytes, trak));
};

const readTrack = (bytes: Uint8Array, trak: Cmaf.Box): RecordedTrack => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const find = (path: readonly string[]): Cmaf.Box | undefined => {
    let box: Cmaf.Box | undefined = trak;
    for (const type of path) box = box && Cmaf.findBox(bytes, box.bodyStart, box.end, type);
    return box;
  };
  const table = (type: string): number => {
    const box = find(['mdia', 'minf', 'stbl', type]);
    if (!box) throw new Error(`the track has no ${type}`);
    return box.bodyStart + 4;
  };
  const pairs = (at: number): readonly (readonly [number, number])[] =>
    Array.from({ length: view.getUint32(at) }, (_, index) => [
      view.getUint32(at + 4 + index * 8),
      view.getUint32(at + 8 + index * 8),
    ]);
  const sizesAt = table('stsz') + 4;
  const sizes = Array.from({ length: view.getUint32(sizesAt) }, (_, index) =>
    view.getUint32(sizesAt + 4 + index * 4),
  );
  const durations = pairs(table('stts')).flatMap(([count, value]) => new Array<number>(count).fill(value));
  const offsetsAt = table('stco');
  const offsets = Array.from({ length: view.getUint32(offsetsAt) }, (_, i) =>
    view.getUint32(offsetsAt + 4 + i * 4),
  );
  const stscAt = table('stsc');
  const rows = Array.from({ length: view.getUint32(stscAt) }, (_, index) => ({
    first: view.getUint32(stscAt + 4 + index * 12),
    count: view.getUint32(stscAt + 8 + index * 12),
  }));
  const stss = find(['mdia', 'minf', 'stbl', 'stss']);
  const syncAt = stss ? stss.bodyStart + 4 : 0;
  const sync =
    stss && Array.from({ length: view.getUint32(syncAt) }, (_, i) => view.getUint32(syncAt + 4 + i * 4));
  const samples: RecordedSample[] = [];
  let decodeTime = 0;
  offsets.forEach((chunkOffset, index) => {
    let offset = chunkOffset;
    const count = rows.findLast(({ first }) => first <= index + 1)?.count ?? 0;
    for (let i = 0; i < count; i++) {
      const size = sizes[samples.length] ?? 0;
      samples.push({ decodeTime, offset, size, isSync: sync?.includes(samples.length + 1) ?? true });
      decodeTime += durations[samples.length - 1] ?? 0;
      offset += size;
    }
  });
  const elst = find(['edts', 'elst']);
  const edits = Array.from({ length: elst ? view.getUint32(elst.bodyStart + 4) : 0 }, (_, index) => {
    const at = (elst?.bodyStart ?? 0) + 8 + index * 20;
    return [Number(view.getBigInt64(at)), Number(view.getBigInt64(at + 8))] as const;
  });
  const tkhd = find(['tkhd']);
  const mdhd = find(['mdia', 'mdhd']);
  return {
    id: view.getUint32((tkhd?.bodyStart ?? 0) + 20),
    timescale: view.getUint32((mdhd?.bodyStart ?? 0) + 20),
    samples,
    edits,
  };
};
