/** Reads every sample of a chunk's movie fragments, for a sample table. Total: no bytes make it throw. */

import * as Cmaf from '../cmaf/index.js';
import { type MovieInit, type MovieTrack, viewOf } from './movie-init.js';

/** One frame of video or one frame of sound. */
export type Sample = {
  readonly bytes: number;
  /** Ticks, as stated; the distance to the next sample is what counts. */
  readonly duration: number;
  /** Decoding can begin here. */
  readonly isSync: boolean;
  /** Presentation minus decode time, in ticks. */
  readonly compositionOffset: number;
};

/** Samples of one track that lie one after the other (a `trun`). */
export type SampleRun = {
  readonly trackId: number;
  /** Decode time of the first sample, in ticks. */
  readonly decodeTime: number;
  /** Index of the first sample's first byte in the chunk. */
  readonly offset: number;
  /** At least one. */
  readonly samples: readonly Sample[];
};

/** `sample_is_non_sync_sample` (ISO/IEC 14496-12 §8.8.3.1). */
const NON_SYNC = 0x1_0000;

/**
 * The runs of every fragment in `bytes`, in file order; tracks that `init` does not have are left out.
 *
 * `undefined` for anything malformed: a field or a sample outside the chunk, no decode time, more than
 * `FRAGMENT_SAMPLES_MAX` samples.
 */
export function readSampleRuns(bytes: Uint8Array, init: MovieInit): readonly SampleRun[] | undefined {
  const runs: SampleRun[] = [];
  for (const moof of Cmaf.childBoxes(bytes, 0, bytes.length)) {
    if (moof.type !== 'moof') continue;
    if (!readFragment(bytes, moof, init, runs)) return undefined;
  }
  return runs.length > 0 ? runs : undefined;
}

function readFragment(bytes: Uint8Array, moof: Cmaf.Box, init: MovieInit, runs: SampleRun[]): boolean {
  // Without default-base-is-moof the data of a later track follows the one before it (§8.8.7.1).
  let dataEnd = moof.start;
  for (const traf of Cmaf.childBoxes(bytes, moof.bodyStart, moof.end)) {
    if (traf.type !== 'traf') continue;
    const header = readHeader(bytes, traf, init);
    if (!header) return false;
    const end = readTrack(bytes, traf, header, header.isBaseMoof ? moof.start : dataEnd, runs, moof.start);
    if (end === undefined) return false;
    dataEnd = end;
  }
  return true;
}

type Header = {
  readonly track: MovieTrack | undefined;
  readonly trackId: number;
  readonly duration: number;
  readonly size: number;
  readonly flags: number;
  readonly isBaseMoof: boolean;
  readonly decodeTime: number;
};

function readHeader(bytes: Uint8Array, traf: Cmaf.Box, init: MovieInit): Header | undefined {
  const tfhd = Cmaf.findBox(bytes, traf.bodyStart, traf.end, 'tfhd');
  const decodeTime = readDecodeTime(bytes, traf);
  if (!tfhd || decodeTime === undefined) return undefined;
  const reader = new FieldReader(bytes, tfhd);
  const present = reader.u32() & 0xff_ffff;
  const trackId = reader.u32();
  // An absolute base offset means a file that these fragments do not lie in.
  if ((present & 0x01) !== 0) return undefined;
  const track = init.tracks.find(({ id }) => id === trackId);
  if ((present & 0x02) !== 0) reader.u32();
  const duration = (present & 0x08) !== 0 ? reader.u32() : (track?.defaultDuration ?? 0);
  const size = (present & 0x10) !== 0 ? reader.u32() : (track?.defaultSize ?? 0);
  const flags = (present & 0x20) !== 0 ? reader.u32() : (track?.defaultFlags ?? 0);
  if (!reader.isValid) return undefined;
  const isBaseMoof = (present & 0x2_0000) !== 0;
  return { track, trackId, duration, size, flags, isBaseMoof, decodeTime };
}

function readDecodeTime(bytes: Uint8Array, traf: Cmaf.Box): number | undefined {
  const tfdt = Cmaf.findBox(bytes, traf.bodyStart, traf.end, 'tfdt');
  if (!tfdt) return undefined;
  const reader = new FieldReader(bytes, tfdt);
  const isLong = reader.u32() >>> 24 === 1;
  const high = isLong ? reader.u32() : 0;
  const ticks = high * 0x1_0000_0000 + reader.u32();
  return reader.isValid && Number.isSafeInteger(ticks) ? ticks : undefined;
}

/** Reads the `trun` boxes of a track; gives where its data ends. */
function readTrack(
  bytes: Uint8Array,
  traf: Cmaf.Box,
  header: Header,
  base: number,
  runs: SampleRun[],
  moofStart: number,
): number | undefined {
  let dataEnd = base;
  let { decodeTime } = header;
  for (const trun of Cmaf.childBoxes(bytes, traf.bodyStart, traf.end)) {
    if (trun.type !== 'trun') continue;
    const reader = new FieldReader(bytes, trun);
    const head = reader.u32();
    const count = reader.u32();
    if ((head & 0x01) !== 0) dataEnd = base + (reader.u32() | 0);
    const samples = readSamples(reader, { head, count }, header);
    if (!samples) return undefined;
    const size = samples.reduce((total, sample) => total + sample.bytes, 0);
    if (dataEnd < moofStart || dataEnd + size > bytes.length) return undefined;
    if (samples.length > 0 && header.track)
      runs.push({ trackId: header.trackId, decodeTime, offset: dataEnd, samples });
    for (const sample of samples) decodeTime += sample.duration;
    dataEnd += size;
  }
  return dataEnd;
}

function readSamples(
  reader: FieldReader,
  { head, count }: { readonly head: number; readonly count: number },
  header: Header,
): readonly Sample[] | undefined {
  if (count > Cmaf.FRAGMENT_SAMPLES_MAX) return undefined;
  const isSigned = head >>> 24 !== 0;
  const firstFlags = (head & 0x04) !== 0 ? reader.u32() : undefined;
  const samples: Sample[] = [];
  for (let index = 0; index < count && reader.isValid; index++) {
    const duration = (head & 0x100) !== 0 ? reader.u32() : header.duration;
    const size = (head & 0x200) !== 0 ? reader.u32() : header.size;
    const own = (head & 0x400) !== 0 ? reader.u32() : header.flags;
    const offset = (head & 0x800) !== 0 ? reader.u32() : 0;
    const flags = index === 0 ? (firstFlags ?? own) : own;
    samples.push({
      bytes: size,
      duration,
      isSync: (flags & NON_SYNC) === 0,
      compositionOffset: isSigned ? offset | 0 : offset,
    });
  }
  return reader.isValid ? samples : undefined;
}

/** Reads 32-bit fields of one box; past its end every read gives 0 and `isValid` turns false for good. */
class FieldReader {
  readonly #view: DataView;
  readonly #end: number;
  #at: number;
  isValid = true;

  constructor(bytes: Uint8Array, box: Cmaf.Box) {
    this.#view = viewOf(bytes);
    this.#at = box.bodyStart;
    this.#end = box.end;
  }

  u32(): number {
    if (this.#at + 4 > this.#end) {
      this.isValid = false;
      return 0;
    }
    const value = this.#view.getUint32(this.#at);
    this.#at += 4;
    return value;
  }
}
