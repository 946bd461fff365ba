/** Records what is on air, beside the broadcast: whatever the disk does, the stream goes on. */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Recording } from '@freshet/proto';
import type { CutChunk, MediaFormat } from '../ingest/media-source.js';
import type { MediaTap } from '../show/media-tap.js';
import { DiskForecast, freeBytesIn } from './disk-watch.js';
import { RecordError, recordErrorFrom } from './record-error.js';
import { recordingName } from './record-folder.js';
import { chaptersPath, type OpenNew, RecordingFile } from './recording-file.js';

/** Media that waits for the disk; beyond it everything up to the next keyframe is left out. */
export const RECORD_QUEUE_BYTES_MAX: number = 64 * 1024 * 1024;

/** A gap in a run up to this long is recorded as a standing picture; a longer one is cut out. */
const GAP_US_MAX = 10_000_000;

/** Files that a recorder remembers; the oldest are forgotten, not deleted. */
const FILES_MAX = 200;

/** How a recorder is made. */
export type RecorderOptions = {
  readonly folder: string;
  readonly title: () => string;
  /** What file names are made of. */
  readonly wallNow: () => number;
  /** Takes sentences for the broadcaster. */
  readonly log: (line: string) => void;
  /** Replaceable in tests of full disks. */
  readonly openNew?: OpenNew;
  /** Bytes that may still be written; replaceable in tests. */
  readonly freeBytes?: (folder: string) => Promise<number | undefined>;
};

/** How a recording stands. */
export type RecordingState = {
  readonly state: 'idle' | 'recording' | 'stopped';
  /** The newest file; `undefined` before the first. */
  readonly file: string | undefined;
  readonly bytes: number;
  readonly durationMs: number;
  /** Recording time that the disk has room for, as far as that is known. */
  readonly minutesLeft: number | undefined;
  /** Every file so far, the newest last. */
  readonly files: readonly string[];
  /** Why it has stopped; `undefined` while it has not. */
  readonly problem: string | undefined;
};

type Step =
  | { readonly kind: 'format'; readonly init: Recording.MovieInit }
  | { readonly kind: 'chunk'; readonly chunk: CutChunk }
  | { readonly kind: 'end' };

type OpenFile = {
  readonly file: RecordingFile;
  readonly timeline: Recording.FragmentTimeline;
  readonly init: Recording.MovieInit;
  readonly chapters: Recording.Chapter[];
};

/**
 * Appends each chunk when the disk has taken the one before it. A run in the same format goes on in the same file, one
 * in another format in the next; after {@link finish} the next run begins a new file. What the disk refuses ends the
 * recording for good, with one sentence.
 */
export class Recorder implements MediaTap {
  readonly #options: RecorderOptions;
  #steps: Step[] = [];
  #queuedBytes = 0;
  #isSkipping = false;
  #running: Promise<void> | undefined;
  #current: OpenFile | undefined;
  #files: string[] = [];
  #problem: string | undefined;
  readonly #forecast = new DiskForecast();
  #minutesLeft: number | undefined;
  #sized: { readonly bytes: number; readonly durationMs: number } = { bytes: 0, durationMs: 0 };

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  /** How it stands at this moment. */
  get state(): RecordingState {
    const current = this.#current;
    return {
      state: this.#problem !== undefined ? 'stopped' : current ? 'recording' : 'idle',
      file: this.#files.at(-1),
      bytes: current?.file.bytes ?? this.#sized.bytes,
      durationMs: current?.timeline.durationMs ?? this.#sized.durationMs,
      minutesLeft: this.#minutesLeft,
      files: this.#files,
      problem: this.#problem,
    };
  }

  begin(format: MediaFormat): void {
    const init = Recording.readMovieInit(format.initSegment);
    if (init) return this.#enqueue({ kind: 'format', init });
    this.#stop(new RecordError('bad-format', 'Nothing is recorded: this format cannot be kept as MP4.'));
  }

  add(chunk: CutChunk): void {
    if (this.#problem !== undefined || (this.#isSkipping && !chunk.isKeyframe)) return;
    const isOver = this.#queuedBytes + chunk.bytes.length > RECORD_QUEUE_BYTES_MAX;
    if (isOver && !this.#isSkipping)
      this.#options.log('The disk is too slow: a part of the recording is left out.');
    this.#isSkipping = isOver;
    if (isOver) return;
    this.#queuedBytes += chunk.bytes.length;
    this.#enqueue({ kind: 'chunk', chunk });
  }

  /** Marks this moment as a chapter of the file that is being written; nothing while there is none. */
  mark(title: string): void {
    const current = this.#current;
    if (!current) return;
    current.chapters.push({ atMs: current.timeline.durationMs, title });
    void this.#writeChapters(current);
  }

  /** The show is over: what was recorded is made seekable. Resolves when it is on the disk; never rejects. */
  async finish(): Promise<void> {
    this.#enqueue({ kind: 'end' });
    await this.#running;
  }

  /** Looks how much room there is; to be called every few seconds. */
  async checkDisk(): Promise<void> {
    const current = this.#current;
    if (!current || current.timeline.durationMs < 1000) return;
    const freeBytes = await (this.#options.freeBytes ?? freeBytesIn)(this.#options.folder);
    if (freeBytes === undefined) return;
    const bytesPerSecond = current.file.bytes / (current.timeline.durationMs / 1000);
    this.#minutesLeft = this.#forecast.minutesLeft(freeBytes, bytesPerSecond);
    const warning = this.#forecast.warning(this.#minutesLeft);
    if (warning !== undefined) this.#options.log(warning);
  }

  #enqueue(step: Step): void {
    if (this.#problem !== undefined) return;
    this.#steps.push(step);
    this.#running ??= this.#run();
  }

  /** Carries out the queued steps, as many chunks with one write as have come meanwhile. */
  async #run(): Promise<void> {
    while (this.#steps.length > 0) {
      const steps = this.#steps;
      this.#steps = [];
      try {
        await this.#carryOut(steps);
      } catch (cause) {
        const path = this.#current?.file.path ?? this.#options.folder;
        // Room for the tables may be left even if none was for the media; without them the file still plays.
        await this.#close().catch(() => undefined);
        this.#stop(recordErrorFrom(cause, path));
      }
    }
    // In the same turn as the last look at the queue, so that no step is left lying.
    this.#running = undefined;
  }

  async #carryOut(steps: readonly Step[]): Promise<void> {
    let ready: Recording.PlacedChunk[] = [];
    const flush = async (): Promise<void> => {
      const chunks = ready;
      ready = [];
      if (chunks.length > 0) await this.#current?.file.append(chunks);
    };
    for (const step of steps) {
      if (step.kind !== 'chunk') {
        await flush();
        await (step.kind === 'end' ? this.#close() : this.#change(step.init));
        continue;
      }
      this.#queuedBytes -= step.chunk.bytes.length;
      if (step.chunk.isKeyframe && this.#isFull()) {
        await flush();
        await this.#open(this.#current?.init);
      }
      ready.push(...(this.#current?.timeline.add(step.chunk) ?? []));
    }
    await flush();
  }

  #isFull(): boolean {
    return this.#current !== undefined && (this.#current.file.isFull || this.#current.timeline.isFull);
  }

  async #change(init: Recording.MovieInit): Promise<void> {
    const current = this.#current;
    if (!current || !Recording.canShareFile(current.init, init)) return this.#open(init);
    await current.file.append(current.timeline.startRun());
  }

  async #open(init: Recording.MovieInit | undefined): Promise<void> {
    await this.#close();
    if (!init) return;
    const { folder, title, wallNow, openNew, log } = this.#options;
    await mkdir(folder, { recursive: true });
    const stem = join(folder, recordingName(new Date(wallNow()), title()));
    const file = await RecordingFile.create(stem, init, openNew);
    const timeline = new Recording.FragmentTimeline({ init, gapUsMax: GAP_US_MAX });
    this.#current = { file, timeline, init, chapters: [] };
    this.#files = [...this.#files, file.path].slice(-FILES_MAX);
    log(`Recording to ${file.path}`);
  }

  async #close(): Promise<void> {
    const current = this.#current;
    if (!current) return;
    this.#current = undefined;
    try {
      await current.file.append(current.timeline.flush());
    } finally {
      await current.file.finish(current.chapters);
      this.#sized = { bytes: current.file.bytes, durationMs: current.timeline.durationMs };
      await this.#writeChapters(current);
    }
  }

  async #writeChapters({ file, chapters, timeline }: OpenFile): Promise<void> {
    if (chapters.length === 0) return;
    const text = Recording.chaptersToVtt(chapters, timeline.durationMs);
    await writeFile(chaptersPath(file.path), text).catch((cause: unknown) =>
      this.#options.log(`The chapters cannot be written beside the recording: ${String(cause)}`),
    );
  }

  #stop(error: RecordError): void {
    this.#problem = error.message;
    this.#steps = [];
    this.#queuedBytes = 0;
    this.#options.log(error.message);
  }
}
