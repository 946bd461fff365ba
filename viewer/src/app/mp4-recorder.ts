/** Records a feed into MP4 files. */

import type { FileHandle } from 'node:fs/promises';
import { type MediaChunk, Recording } from '@freshet/proto';
import type { MediaOutput, OutputHandlers } from './media-output.js';
import { RecordingFile } from './recording-file.js';
import { openNumbered, openTarget, type RecordingTarget } from './recording-target.js';
import { fileErrorFrom, WatchError } from './watch-error.js';

/** Media that waits for the disk; beyond it everything up to the next keyframe is left out. */
export const RECORDER_QUEUE_BYTES_MAX: number = 64 * 1024 * 1024;

/** A gap up to this long is recorded as a standing picture; a longer one is cut out. */
export const RECORDER_GAP_US_MAX = 10_000_000;

/** A file that is complete. */
export type RecordedFile = { readonly file: string; readonly durationMs: number; readonly bytes: number };

/** What a recorder tells its owner beside what every output tells. */
export interface RecorderHandlers extends OutputHandlers {
  /** A file is finished. */
  onRecorded(recorded: RecordedFile): void;
}

/** What has been recorded so far, over all files. */
export type RecorderProgress = { readonly durationMs: number; readonly bytes: number };

type Step =
  | { readonly kind: 'format'; readonly epoch: number; readonly init: Recording.MovieInit }
  | { readonly kind: 'chunk'; readonly chunk: MediaChunk };

type OpenFile = {
  readonly file: RecordingFile;
  readonly timeline: Recording.FragmentTimeline;
  readonly init: Recording.MovieInit;
};

/**
 * Appends each chunk as soon as the disk has taken the one before it. A broadcast that comes back in the same format
 * goes on in the same file; in another format, or when the file is full, in the next one.
 *
 * A disk that is full ends the recording: what was written stays playable, and `onFailed` says so.
 */
export class Mp4Recorder implements MediaOutput {
  readonly #target: RecordingTarget;
  readonly #handlers: RecorderHandlers;
  #steps: Step[] = [];
  #queuedBytes = 0;
  #isSkipping = false;
  #running: Promise<void> | undefined;
  #current: OpenFile | undefined;
  #format: { readonly epoch: number; readonly init: Recording.MovieInit } | undefined;
  #fileNumber = 0;
  /** Of the newest file. */
  #path: string;
  #doneMs = 0;
  #doneBytes = 0;
  #isDone = false;
  #ending: Promise<void> | undefined;

  constructor(target: RecordingTarget, handlers: RecorderHandlers) {
    this.#target = target;
    this.#path = target.path;
    this.#handlers = handlers;
  }

  /** For the status line. */
  get progress(): RecorderProgress {
    return {
      durationMs: this.#doneMs + (this.#current?.timeline.durationMs ?? 0),
      bytes: this.#doneBytes + (this.#current?.file.bytes ?? 0),
    };
  }

  setFormat(epoch: number, initSegment: Uint8Array): void {
    const init = Recording.readMovieInit(initSegment);
    if (init) return this.#enqueue({ kind: 'format', epoch, init });
    this.#fail(
      new WatchError(
        'format-changed',
        'This broadcast has a format that cannot be recorded as MP4. Watch it with --player.',
      ),
    );
  }

  addChunk(chunk: MediaChunk): void {
    if (this.#isSkipping && !chunk.isKeyframe) return;
    const isOver = this.#queuedBytes + chunk.bytes.length > RECORDER_QUEUE_BYTES_MAX;
    if (isOver && !this.#isSkipping)
      this.#handlers.onNote('The disk is too slow: a part of the recording is left out.');
    this.#isSkipping = isOver;
    if (isOver) return;
    this.#queuedBytes += chunk.bytes.length;
    this.#enqueue({ kind: 'chunk', chunk });
  }

  end(): Promise<void> {
    this.#ending ??= this.#end();
    return this.#ending;
  }

  abort(): void {
    // The file is playable as it is.
  }

  #enqueue(step: Step): void {
    if (this.#isDone || this.#ending !== undefined) return;
    this.#steps.push(step);
    this.#running ??= this.#run();
  }

  async #end(): Promise<void> {
    await this.#running;
    if (!this.#isDone) await this.#guard(() => this.#write(this.#current?.timeline.flush() ?? []));
    if (!this.#isDone) await this.#guard(() => this.#closeFile());
    this.#isDone = true;
  }

  /** Carries out the queued steps, as many chunks with one write as have come meanwhile. */
  async #run(): Promise<void> {
    while (this.#steps.length > 0 && !this.#isDone) {
      const steps = this.#steps;
      this.#steps = [];
      await this.#guard(() => this.#carryOut(steps));
    }
    // In the same turn as the last look at the queue, so that no step is left lying.
    this.#running = undefined;
  }

  async #carryOut(steps: readonly Step[]): Promise<void> {
    let ready: Recording.PlacedChunk[] = [];
    for (const step of steps) {
      if (step.kind === 'chunk') {
        this.#queuedBytes -= step.chunk.bytes.length;
        if (step.chunk.isKeyframe && this.#isFull()) {
          await this.#write(ready);
          ready = [];
          await this.#nextFile('The file is full');
        }
        ready.push(...(this.#current?.timeline.add(step.chunk) ?? []));
      } else {
        await this.#write(ready);
        ready = [];
        await this.#changeFormat(step.epoch, step.init);
      }
    }
    await this.#write(ready);
  }

  #isFull(): boolean {
    return this.#current !== undefined && (this.#current.file.isFull || this.#current.timeline.isFull);
  }

  async #write(chunks: readonly Recording.PlacedChunk[]): Promise<void> {
    if (chunks.length > 0) await this.#current?.file.append(chunks);
  }

  async #changeFormat(epoch: number, init: Recording.MovieInit): Promise<void> {
    const isNewRun = this.#format?.epoch !== epoch;
    this.#format = { epoch, init };
    if (!this.#current) return this.#openFirst(init);
    if (isNewRun) await this.#write(this.#current.timeline.startRun());
    if (!Recording.canShareFile(this.#current.init, init))
      await this.#nextFile('The broadcast has changed its format');
  }

  async #openFirst(init: Recording.MovieInit): Promise<void> {
    const handle = await openTarget(this.#target);
    await this.#begin(this.#target.path, handle, init);
    this.#fileNumber = 1;
  }

  async #nextFile(why: string): Promise<void> {
    const { init } = this.#format ?? {};
    if (!init) return;
    await this.#write(this.#current?.timeline.flush() ?? []);
    await this.#closeFile();
    const next = await openNumbered(this.#target, this.#fileNumber + 1);
    this.#fileNumber = next.number;
    await this.#begin(next.path, next.handle, init);
    this.#handlers.onNote(`${why}: recording goes on in ${next.path}.`);
  }

  async #begin(path: string, handle: FileHandle, init: Recording.MovieInit): Promise<void> {
    this.#path = path;
    const file = await RecordingFile.begin(path, handle, init);
    const timeline = new Recording.FragmentTimeline({ init, gapUsMax: RECORDER_GAP_US_MAX });
    this.#current = { file, timeline, init };
  }

  async #closeFile(): Promise<void> {
    const current = this.#current;
    if (!current) return;
    this.#current = undefined;
    const { file, timeline } = current;
    try {
      await file.finish();
    } finally {
      const { bytes } = file;
      const { durationMs } = timeline;
      this.#doneMs += durationMs;
      this.#doneBytes += bytes;
      this.#handlers.onRecorded({ file: file.path, durationMs, bytes });
    }
  }

  /** Translates what the disk refuses, once; the file that is open is then finished as far as it goes. */
  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (cause) {
      this.#isDone = true;
      // Room for the tables may be left even if none was for the media; without them the file still plays.
      const closing = await this.#closeFile().then(
        () => cause,
        () => cause,
      );
      this.#fail(fileErrorFrom(closing, this.#path));
    }
  }

  #fail(error: WatchError): void {
    this.#isDone = true;
    this.#steps = [];
    this.#queuedBytes = 0;
    this.#handlers.onFailed(error);
  }
}
