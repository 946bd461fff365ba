/** The feed as fragmented MP4 on standard output, for another program's standard input. */

import { createWriteStream, fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { type MediaChunk, Recording } from '@freshet/proto';
import { FragmentPipe, type PipeLimits } from './fragment-pipe.js';
import type { MediaOutput, OutputHandlers } from './media-output.js';
import { systemCodeOf, WatchError } from './watch-error.js';

/** A reader that works in bursts loses nothing; one that stops altogether misses what does not fit. */
const LIMITS: PipeLimits = {
  queueBytesMax: 64 * 1024 * 1024,
  queueUsMax: 60_000_000,
  gapUsMax: 10_000_000,
};

/** How long the end waits for a reader that does not read. */
const DRAIN_MS_MAX = 5_000;

const STDOUT = 1;

/**
 * Standard output as a stream whose writes never hold up the process. `process.stdout` writes to pipes
 * synchronously, so a reader that pauses would stop the connection to the relay as well.
 */
export function openStdout(): Writable {
  const kind = fstatSync(STDOUT);
  if (kind.isFIFO() || kind.isSocket()) return new Socket({ fd: STDOUT, readable: false, writable: true });
  return createWriteStream('', { fd: STDOUT, autoClose: false });
}

/** Writes into the stream until its reader goes away. */
export class StdoutOutput implements MediaOutput {
  readonly #openStream: () => Writable;
  readonly #handlers: OutputHandlers;
  #pipe: FragmentPipe | undefined;
  #epoch: number | undefined;
  #isDone = false;
  #stream: Writable | undefined;

  constructor(openStream: () => Writable, handlers: OutputHandlers) {
    this.#openStream = openStream;
    this.#handlers = handlers;
  }

  setFormat(epoch: number, initSegment: Uint8Array): void {
    if (this.#isDone) return;
    const init = Recording.readMovieInit(initSegment);
    const isContinued = init && (this.#pipe?.canContinueWith(init) ?? true);
    if (!init || !isContinued) {
      this.#isDone = true;
      const why = 'The broadcast has changed to a format that cannot follow in the same stream. Start again.';
      return this.#handlers.onFailed(new WatchError('format-changed', why));
    }
    if (this.#pipe && this.#epoch !== epoch) this.#pipe.startRun();
    this.#epoch = epoch;
    this.#stream ??= this.#openStream();
    this.#pipe ??= new FragmentPipe({
      stream: this.#stream,
      init,
      limits: LIMITS,
      handlers: {
        onClosed: (cause) => this.#handleClosed(cause),
        onDropped: () => this.#handlers.onNote('The reader of the output is too slow: a part is left out.'),
      },
    });
  }

  addChunk(chunk: MediaChunk): void {
    if (!this.#isDone) this.#pipe?.addChunk(chunk);
  }

  async end(): Promise<void> {
    this.#isDone = true;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, DRAIN_MS_MAX);
    });
    await Promise.race([this.#pipe?.end(), patience]);
    clearTimeout(timer);
    this.#stream?.destroy();
  }

  abort(): void {
    this.#stream?.destroy();
  }

  #handleClosed(cause: unknown): void {
    if (this.#isDone) return;
    this.#isDone = true;
    const code = systemCodeOf(cause);
    if (code === '' || code === 'EPIPE' || code === 'ECONNRESET') return this.#handlers.onClosed();
    const isFull = code === 'ENOSPC';
    const why = isFull ? 'the disk is full' : cause instanceof Error ? cause.message : code;
    const kind = isFull ? 'disk-full' : 'write-failed';
    this.#handlers.onFailed(
      new WatchError(kind, `Standard output takes nothing more: ${why}. Send it elsewhere.`, cause),
    );
  }
}
