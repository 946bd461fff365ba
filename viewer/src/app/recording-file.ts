/** One MP4 file that is being recorded: playable at every moment, seekable once it is finished. */

import { type FileHandle, rm } from 'node:fs/promises';
import { concatBytes, Recording } from '@freshet/proto';

/** Writes a {@link Recording.RecordingLayout} to a file. */
export class RecordingFile {
  readonly path: string;
  readonly #handle: FileHandle;
  readonly #layout: Recording.RecordingLayout;
  readonly #isRegular: boolean;

  private constructor(path: string, handle: FileHandle, init: Recording.MovieInit, isRegular: boolean) {
    this.path = path;
    this.#handle = handle;
    this.#layout = new Recording.RecordingLayout(init);
    this.#isRegular = isRegular;
  }

  /** Begins a recording in a file that was just opened for writing, and owns it from now on. When that fails it is removed. */
  static async begin(path: string, handle: FileHandle, init: Recording.MovieInit): Promise<RecordingFile> {
    const isRegular = (await handle.stat()).isFile();
    const file = new RecordingFile(path, handle, init, isRegular);
    try {
      const { head } = file.#layout;
      await file.#append(head);
      file.#layout.noteWritten(head.length);
    } catch (cause) {
      await handle.close();
      if (isRegular) await rm(path, { force: true });
      throw cause;
    }
    return file;
  }

  /** Bytes of the file. */
  get bytes(): number {
    return this.#layout.bytes;
  }

  /** Whether the tables have reached their limit: begin another file. */
  get isFull(): boolean {
    return this.#layout.isFull;
  }

  /**
   * Appends chunks. Rejects with the system's error; the file then ends with the last chunk that is whole, and
   * only {@link finish} may follow.
   */
  async append(chunks: readonly Recording.PlacedChunk[]): Promise<void> {
    await this.#append(concatBytes(...chunks.map(({ bytes }) => bytes)));
    for (const chunk of chunks) this.#layout.noteChunk(chunk);
  }

  /** Makes the file seekable and closes it. When that fails the file stays the fragmented one, and it rejects. */
  async finish(): Promise<void> {
    try {
      const finish = this.#isRegular ? this.#layout.finish() : undefined;
      if (!finish) return;
      await this.#append(finish.movie);
      this.#layout.noteWritten(finish.movie.length);
      // The new movie box must be on the disk before the old one disappears into the media data.
      await this.#handle.datasync();
      await this.#handle.write(finish.header, 0, finish.header.length, finish.headerAt);
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
        const position = this.#isRegular ? end + written : null;
        const result = await this.#handle.write(bytes, written, bytes.length - written, position);
        written += result.bytesWritten;
      }
    } catch (cause) {
      if (this.#isRegular) await this.#handle.truncate(end);
      throw cause;
    }
  }
}
