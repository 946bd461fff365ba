/** Writes a feed as one fragmented MP4 into a stream, without ever waiting for its reader. */

import type { Writable } from 'node:stream';
import { concatBytes, type MediaChunk, Recording } from '@freshet/proto';

/** How much may wait for the reader; beyond either the queue is cut down to its newest keyframe. */
export type PipeLimits = {
  readonly queueBytesMax: number;
  readonly queueUsMax: number;
  /** A longer gap in the media is closed; a shorter one stays. */
  readonly gapUsMax: number;
};

/** What a pipe tells its owner. */
export interface PipeHandlers {
  /** The reader is gone; nothing more is written. */
  onClosed(cause: unknown): void;
  /** The reader was too slow and missed this many chunks. */
  onDropped(chunkCount: number): void;
}

/** What a pipe is made of. */
export type PipeOptions = {
  readonly stream: Writable;
  readonly init: Recording.MovieInit;
  readonly limits: PipeLimits;
  readonly handlers: PipeHandlers;
};

type Step = { readonly kind: 'chunk'; readonly chunk: MediaChunk } | { readonly kind: 'run' };

/** One stream, one init segment. Chunks wait here, not in the stream, so that late ones can still be left out. */
export class FragmentPipe {
  readonly #stream: Writable;
  readonly #init: Recording.MovieInit;
  readonly #limits: PipeLimits;
  readonly #handlers: PipeHandlers;
  readonly #timeline: Recording.FragmentTimeline;
  #steps: Step[] = [];
  #queuedBytes = 0;
  #queuedUs = 0;
  #isSkipping = false;
  #isWriting = false;
  #isClosed = false;
  #bytesWritten = 0;
  #onIdle: (() => void) | undefined;

  constructor({ stream, init, limits, handlers }: PipeOptions) {
    this.#stream = stream;
    this.#init = init;
    this.#limits = limits;
    this.#handlers = handlers;
    this.#timeline = new Recording.FragmentTimeline({ init, gapUsMax: limits.gapUsMax });
    stream.on('error', (cause) => this.#close(cause));
    stream.on('close', () => this.#close(undefined));
    this.#write(init.bytes);
  }

  /** Bytes that the stream has taken. */
  get bytesWritten(): number {
    return this.#bytesWritten;
  }

  /** Bytes of chunks that wait. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Whether media of this init segment can follow what was written. */
  canContinueWith(init: Recording.MovieInit): boolean {
    return Recording.canShareFile(this.#init, init) && !this.#timeline.isFull;
  }

  /** The next chunk belongs to a new run of the broadcast, whose times begin anew. */
  startRun(): void {
    this.#steps.push({ kind: 'run' });
    this.#pump();
  }

  /** Takes a chunk; leaves older ones out when the reader does not keep up. */
  addChunk(chunk: MediaChunk): void {
    if (this.#isClosed || (this.#isSkipping && !chunk.isKeyframe)) return;
    this.#isSkipping = false;
    this.#steps.push({ kind: 'chunk', chunk });
    this.#queuedBytes += chunk.bytes.length;
    this.#queuedUs += chunk.durationUs;
    const { queueBytesMax, queueUsMax } = this.#limits;
    if (this.#queuedBytes > queueBytesMax || this.#queuedUs > queueUsMax) this.#drop();
    this.#pump();
  }

  /** Writes what waits and closes the stream; resolves when the stream has taken it all, or is broken. */
  async end(): Promise<void> {
    if (this.#isClosed) return;
    if (this.#isWriting) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    }
    if (this.#isClosed) return;
    const last = this.#timeline.flush().map(({ bytes }) => bytes);
    this.#isClosed = true;
    await new Promise<void>((resolve) => {
      this.#stream.once('close', resolve);
      this.#stream.end(concatBytes(...last), () => resolve());
    });
  }

  /** Keeps the newest group, as long as it is within the limits itself; else waits for a keyframe. */
  #drop(): void {
    const dropped = this.#steps.filter(({ kind }) => kind === 'chunk').length;
    const keyframe = this.#steps.findLastIndex((step) => step.kind === 'chunk' && step.chunk.isKeyframe);
    const hasRun = this.#steps.slice(0, Math.max(keyframe, 0)).some(({ kind }) => kind === 'run');
    const kept = keyframe > 0 ? this.#steps.slice(keyframe) : [];
    this.#isSkipping = kept.length === 0;
    this.#steps = hasRun ? [{ kind: 'run' }, ...kept] : kept;
    this.#queuedBytes = 0;
    this.#queuedUs = 0;
    for (const step of kept) {
      if (step.kind !== 'chunk') continue;
      this.#queuedBytes += step.chunk.bytes.length;
      this.#queuedUs += step.chunk.durationUs;
    }
    this.#handlers.onDropped(dropped - kept.filter(({ kind }) => kind === 'chunk').length);
  }

  #pump(): void {
    while (!this.#isWriting && !this.#isClosed) {
      const step = this.#steps.shift();
      if (!step) return;
      if (step.kind === 'chunk') {
        this.#queuedBytes -= step.chunk.bytes.length;
        this.#queuedUs -= step.chunk.durationUs;
      }
      const placed = step.kind === 'run' ? this.#timeline.startRun() : this.#timeline.add(step.chunk);
      if (placed.length > 0) this.#write(concatBytes(...placed.map(({ bytes }) => bytes)));
    }
  }

  #write(bytes: Uint8Array): void {
    this.#isWriting = true;
    this.#stream.write(bytes, (error) => {
      this.#isWriting = false;
      if (error) return this.#close(error);
      this.#bytesWritten += bytes.length;
      this.#pump();
      if (!this.#isWriting) this.#onIdle?.();
    });
  }

  #close(cause: unknown): void {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.#steps = [];
      this.#queuedBytes = 0;
      this.#handlers.onClosed(cause);
    }
    this.#onIdle?.();
  }
}
