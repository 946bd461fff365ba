/** One MP4 file that is being recorded: playable at every moment, seekable once it is finished. */

import { type FileHandle, rm } from 'node:fs/promises';
import { Cmaf, concatBytes } from '@freshet/proto';
import { box, fourcc, u32, u64 } from './box-writer.js';
import type { PlacedChunk } from './fragment-timeline.js';
import { writeMovie } from './movie-box.js';
import { boxBytes, type MovieInit } from './movie-init.js';
import { SampleTable } from './sample-table.js';

/** Samples of one file, of all tracks together: about 40 hours. The recorder then begins another file. */
export const FILE_SAMPLES_MAX: number = 16 * 1024 * 1024;

/** Bytes of the `free` box that becomes a 64-bit `mdat` header. */
const RESERVED_BYTES = 16;

/** What goes in front of everything; fragments need `iso5`, ordinary players look for the older ones. */
const FILE_TYPE = box(
  'ftyp',
  fourcc('isom'),
  u32(0x200),
  ...['isom', 'iso5', 'iso6', 'mp41', 'mp42'].map(fourcc),
);

/**
 * The file begins as `ftyp`, a small `free`, the stream's own `moov`, then fragments as they come: a fragmented MP4
 * that lacks nothing when the process dies. Finishing appends a `moov` with tables of all samples and then turns the
 * `free` into the header of one `mdat` that spans the first `moov` and all fragments: an ordinary MP4, of which
 * nothing was copied. Up to that one 16-byte write the file is still the fragmented one.
 */
export class RecordingFile {
  readonly path: string;
  readonly #handle: FileHandle;
  readonly #init: MovieInit;
  readonly #tables: ReadonlyMap<number, SampleTable>;
  readonly #isRegular: boolean;
  /** Where the last whole fragment ends. */
  #end = 0;
  #sampleCount = 0;

  private constructor(path: string, handle: FileHandle, init: MovieInit, isRegular: boolean) {
    this.path = path;
    this.#handle = handle;
    this.#init = init;
    this.#isRegular = isRegular;
    this.#tables = new Map(init.tracks.map(({ id }) => [id, new SampleTable()]));
  }

  /** Begins a recording in a file that was just opened for writing, and owns it from now on. When that fails it is removed. */
  static async begin(path: string, handle: FileHandle, init: MovieInit): Promise<RecordingFile> {
    const isRegular = (await handle.stat()).isFile();
    const file = new RecordingFile(path, handle, init, isRegular);
    const moov = Cmaf.findBox(init.bytes, 0, init.bytes.length, 'moov');
    const movie = moov ? boxBytes(init.bytes, moov) : new Uint8Array(0);
    const free = box('free', new Uint8Array(RESERVED_BYTES - 8));
    try {
      await file.#append(concatBytes(FILE_TYPE, free, movie));
    } catch (cause) {
      await handle.close();
      if (isRegular) await rm(path, { force: true });
      throw cause;
    }
    return file;
  }

  /** Bytes of the file. */
  get bytes(): number {
    return this.#end;
  }

  /** Whether the tables have reached their limit: begin another file. */
  get isFull(): boolean {
    return this.#sampleCount >= FILE_SAMPLES_MAX;
  }

  /**
   * Appends chunks. Rejects with the system's error; the file then ends with the last chunk that is whole, and
   * only {@link finish} may follow.
   */
  async append(chunks: readonly PlacedChunk[]): Promise<void> {
    const start = this.#end;
    await this.#append(concatBytes(...chunks.map(({ bytes }) => bytes)));
    let at = start;
    for (const { bytes, runs } of chunks) {
      for (const run of runs) {
        this.#tables.get(run.trackId)?.add(run, at + run.offset);
        this.#sampleCount += run.samples.length;
      }
      at += bytes.length;
    }
  }

  /** Makes the file seekable and closes it. When that fails the file stays the fragmented one, and it rejects. */
  async finish(): Promise<void> {
    try {
      const movie = this.#isRegular ? writeMovie(this.#init, this.#tables) : undefined;
      if (!movie) return;
      const mediaEnd = this.#end;
      await this.#append(movie);
      // The new movie box must be on the disk before the old one disappears into the media data.
      await this.#handle.datasync();
      const header = concatBytes(u32(1), fourcc('mdat'), u64(mediaEnd - FILE_TYPE.length));
      await this.#handle.write(header, 0, header.length, FILE_TYPE.length);
    } finally {
      await this.#handle.close();
    }
  }

  /** Writes at the end; what was written of a failed attempt is cut off again. */
  async #append(bytes: Uint8Array): Promise<void> {
    let written = 0;
    try {
      while (written < bytes.length) {
        const position = this.#isRegular ? this.#end + written : null;
        const result = await this.#handle.write(bytes, written, bytes.length - written, position);
        written += result.bytesWritten;
      }
    } catch (cause) {
      if (this.#isRegular) await this.#handle.truncate(this.#end);
      throw cause;
    }
    this.#end += bytes.length;
  }
}
