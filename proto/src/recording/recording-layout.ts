/** The bytes of one MP4 file that is being recorded: playable at every moment, seekable once it is finished. */

import { concatBytes } from '../bytes.js';
import * as Cmaf from '../cmaf/index.js';
import { box, fourcc, u32, u64 } from './box-writer.js';
import type { Chapter } from './chapters.js';
import type { PlacedChunk } from './fragment-timeline.js';
import { writeMovie } from './movie-box.js';
import { boxBytes, type MovieInit } from './movie-init.js';
import type { SampleRun } from './sample-run.js';
import { SampleTable } from './sample-table.js';

/** Samples of one file, of all tracks together: about 40 hours. A recorder then begins another file. */
export const FILE_SAMPLES_MAX: number = 16 * 1024 * 1024;

/** Bytes of the `free` box that becomes a 64-bit `mdat` header. */
const RESERVED_BYTES = 16;

/** What goes in front of everything; fragments need `iso5`, ordinary players look for the older ones. */
const FILE_TYPE: Uint8Array = box(
  'ftyp',
  fourcc('isom'),
  u32(0x200),
  ...['isom', 'iso5', 'iso6', 'mp41', 'mp42'].map(fourcc),
);

/** Bytes in front of the stream's own `moov`. */
export const RECORDING_HEAD_BYTES: number = FILE_TYPE.length + RESERVED_BYTES;

/** What makes a file of fragments an ordinary MP4, to be written in this order. */
export type Finish = {
  /** To be appended at {@link RecordingLayout.bytes}, and to be on the disk before the header is written. */
  readonly movie: Uint8Array;
  readonly header: Uint8Array;
  readonly headerAt: number;
};

/**
 * The file begins as `ftyp`, a small `free`, the stream's own `moov`, then fragments as they come: a fragmented MP4
 * that lacks nothing when the process dies. Finishing appends a `moov` with tables of all samples and then turns the
 * `free` into the header of one `mdat` that spans the first `moov` and all fragments: an ordinary MP4, of which
 * nothing was copied. Up to that one 16-byte write the file is still the fragmented one.
 *
 * The layout writes nothing itself: it gives the bytes, and is told what has been written.
 */
export class RecordingLayout {
  readonly #init: MovieInit;
  readonly #tables: ReadonlyMap<number, SampleTable>;
  #end = 0;
  #sampleCount = 0;

  constructor(init: MovieInit) {
    this.#init = init;
    this.#tables = new Map(init.tracks.map(({ id }) => [id, new SampleTable()]));
  }

  /** What the file begins with. */
  get head(): Uint8Array {
    const { bytes } = this.#init;
    const moov = Cmaf.findBox(bytes, 0, bytes.length, 'moov');
    const free = box('free', new Uint8Array(RESERVED_BYTES - 8));
    return concatBytes(FILE_TYPE, free, moov ? boxBytes(bytes, moov) : new Uint8Array(0));
  }

  /** Where the last whole fragment ends, and the file with it. */
  get bytes(): number {
    return this.#end;
  }

  /** Whether the tables have reached their limit: begin another file. */
  get isFull(): boolean {
    return this.#sampleCount >= FILE_SAMPLES_MAX;
  }

  /** So many bytes that hold no samples were written: the head, the movie box. */
  noteWritten(byteCount: number): void {
    this.#end += byteCount;
  }

  /** The chunk was written at the end. */
  noteChunk({ bytes, runs }: Pick<PlacedChunk, 'bytes' | 'runs'>): void {
    this.noteFragment(bytes.length, runs);
  }

  /** A fragment of so many bytes was written, or found, at the end; `runs` count from its first byte. */
  noteFragment(byteCount: number, runs: readonly SampleRun[]): void {
    for (const run of runs) {
      this.#tables.get(run.trackId)?.add(run, this.#end + run.offset);
      this.#sampleCount += run.samples.length;
    }
    this.#end += byteCount;
  }

  /** How to finish the file; `undefined` when it holds no sample. */
  finish(chapters: readonly Chapter[] = []): Finish | undefined {
    const movie = writeMovie(this.#init, this.#tables, chapters);
    if (!movie) return undefined;
    const header = concatBytes(u32(1), fourcc('mdat'), u64(this.#end - FILE_TYPE.length));
    return { movie, header, headerAt: FILE_TYPE.length };
  }
}

/** Whether a file that begins with these bytes is a recording of this layout that was not finished. */
export function isUnfinishedRecording(head: Uint8Array): boolean {
  if (head.length < RECORDING_HEAD_BYTES) return false;
  const [type, reserved] = Cmaf.childBoxes(head, 0, RECORDING_HEAD_BYTES);
  const isType = type?.type === 'ftyp' && type.end === FILE_TYPE.length;
  return isType && reserved?.type === 'free' && reserved.end === RECORDING_HEAD_BYTES;
}
