/** One MP4 file that is being recorded, with what stands beside it while it is. */

import { type FileHandle, open, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { concatBytes, Recording } from '@freshet/proto';
import { systemCodeOf } from './record-error.js';

/** Files that are tried for one name: `name.mp4`, `name (2).mp4` and so on. */
const NAMES_MAX = 999;

/** Opens a new file for writing; replaceable in tests of full disks. */
export type OpenNew = (path: string) => Promise<FileHandle>;

const openNew: OpenNew = (path) => open(path, 'wx');

/** Writes a {@link Recording.RecordingLayout} to a file. */
export class RecordingFile {
  readonly path: string;
  readonly #handle: FileHandle;
  readonly #layout: Recording.RecordingLayout;

  private constructor(path: string, handle: FileHandle, layout: Recording.RecordingLayout) {
    this.path = path;
    this.#handle = handle;
    this.#layout = layout;
  }

  /** Makes a new file: nothing is ever replaced. Rejects with the system's error, and leaves nothing behind then. */
  static async create(
    stem: string,
    init: Recording.MovieInit,
    openFile: OpenNew = openNew,
  ): Promise<RecordingFile> {
    const { path, handle } = await openFree(stem, openFile);
    const file = new RecordingFile(path, handle, new Recording.RecordingLayout(init));
    try {
      const { head } = file.#layout;
      await file.#append(head);
      file.#layout.noteWritten(head.length);
      await writeFile(marksPath(path), `${JSON.stringify({ pid: process.pid })}\n`);
    } catch (cause) {
      await handle.close();
      await rm(path, { force: true });
      throw cause;
    }
    return file;
  }

  /** A file that was found unfinished; `layout` describes what is in it. Owns the handle from now on. */
  static resume(path: string, handle: FileHandle, layout: Recording.RecordingLayout): RecordingFile {
    return new RecordingFile(path, handle, layout);
  }

  /** Bytes of the file. */
  get bytes(): number {
    return this.#layout.bytes;
  }

  /** Whether the tables have reached their limit: begin another file. */
  get isFull(): boolean {
    return this.#layout.isFull;
  }

  /** Appends chunks. Rejects with the system's error; the file then ends with the last chunk that is whole. */
  async append(chunks: readonly Recording.PlacedChunk[]): Promise<void> {
    await this.#append(concatBytes(...chunks.map(({ bytes }) => bytes)));
    for (const chunk of chunks) this.#layout.noteChunk(chunk);
  }

  /**
   * Makes the file seekable, with its chapters, and closes it. When that fails the file stays the fragmented one, which
   * plays, and it rejects.
   */
  async finish(chapters: readonly Recording.Chapter[]): Promise<void> {
    try {
      const finish = this.#layout.finish(chapters);
      if (finish) {
        await this.#append(finish.movie);
        this.#layout.noteWritten(finish.movie.length);
        // The new movie box must be on the disk before the old one disappears into the media data.
        await this.#handle.datasync();
        await this.#handle.write(finish.header, 0, finish.header.length, finish.headerAt);
      }
      await rm(marksPath(this.path), { force: true });
    } finally {
      await this.#handle.close();
    }
  }

  /** Writes at the end; what was written of a failed attempt is cut off again. */
  async #append(bytes: Uint8Array): Promise<void> {
    const end = this.#layout.bytes;
    let written = 0;
    try {
      while (written < bytes.length) {
        const result = await this.#handle.write(bytes, written, bytes.length - written, end + written);
        written += result.bytesWritten;
      }
    } catch (cause) {
      await this.#handle.truncate(end);
      throw cause;
    }
  }
}

/** Tells beside a recording who is writing it; what has none is finished, or nobody's. */
export function marksPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.recording`);
}

/** The recording that such a file stands for; `undefined` for any other name. */
export function markedName(name: string): string | undefined {
  return /^\.(.+\.mp4)\.recording$/.exec(name)?.[1];
}

/** Where the chapters of a recording are, beside it. */
export function chaptersPath(path: string): string {
  return path.replace(/\.mp4$/, '.chapters.vtt');
}

async function openFree(
  stem: string,
  openFile: OpenNew,
): Promise<{ readonly path: string; readonly handle: FileHandle }> {
  for (let number = 1; ; number++) {
    const path = number === 1 ? `${stem}.mp4` : `${stem} (${number}).mp4`;
    try {
      return { path, handle: await openFile(path) };
    } catch (cause) {
      if (systemCodeOf(cause) !== 'EEXIST' || number >= NAMES_MAX) throw cause;
    }
  }
}
