/** Puts the chunks of several runs on one timeline that begins at 0 and never goes back. */

import * as Cmaf from '../cmaf/index.js';
import type { MediaChunk } from '../media.js';
import { type MovieInit, viewOf } from './movie-init.js';
import { readSampleRuns, type SampleRun } from './sample-run.js';

/** Chunks held back at the beginning of a run until every track has shown its first time. */
export const HELD_CHUNKS_MAX = 64;

/** Media held back for the same reason; a track that has shown nothing by then is taken to be silent. */
export const HELD_US_MAX = 500_000;

/** A chunk on the timeline. */
export type PlacedChunk = {
  /** `moof` + `mdat` with the timeline's decode times and running `sequence_number`s. */
  readonly bytes: Uint8Array;
  /** Its samples, with the timeline's decode times. */
  readonly runs: readonly SampleRun[];
  readonly isKeyframe: boolean;
};

/** What a timeline is made of. */
export type TimelineOptions = {
  readonly init: MovieInit;
  /** A longer gap in a run's media is closed; a shorter one stays, and the picture stands still for it. */
  readonly gapUsMax: number;
};

/** What a timeline reads of a chunk. */
export type ChunkToPlace = Pick<MediaChunk, 'bytes' | 'isKeyframe' | 'durationUs'>;

type ReadChunk = { readonly chunk: ChunkToPlace; readonly runs: readonly SampleRun[] };

/**
 * The first chunk decides where a run lies: its earliest decode time comes to where the run before it ended, and all
 * tracks move by the same time, so they stay together. A run ends with {@link startRun}, with a gap that is too long
 * or with a time that goes back.
 */
export class FragmentTimeline {
  readonly #init: MovieInit;
  readonly #gapUsMax: number;
  readonly #timescales: ReadonlyMap<number, number>;
  /** Ticks to add per track; `undefined` while the run's first chunks are held. */
  #shifts: ReadonlyMap<number, number> | undefined;
  #held: ReadChunk[] = [];
  #heldUs = 0;
  #isWaitingForKeyframe = true;
  /** Decode time of the last sample per track, in ticks of the timeline. */
  readonly #lastTimes = new Map<number, number>();
  #endSeconds = 0;
  #sequenceNumber = 0;
  #chunksRefused = 0;
  #isFull = false;

  constructor({ init, gapUsMax }: TimelineOptions) {
    this.#init = init;
    this.#gapUsMax = gapUsMax;
    this.#timescales = new Map(init.tracks.map(({ id, timescale }) => [id, timescale]));
  }

  /** Length of what was placed, in milliseconds. */
  get durationMs(): number {
    return Math.round(this.#endSeconds * 1000);
  }

  /** Chunks that could not be read or placed. */
  get chunksRefused(): number {
    return this.#chunksRefused;
  }

  /** A time has outgrown its field (32 bits in some fragments): nothing more fits on this timeline. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** The next chunk belongs to another run, whose times begin anew. Gives the chunks that were held back. */
  startRun(): readonly PlacedChunk[] {
    const released = this.flush();
    this.#shifts = undefined;
    this.#isWaitingForKeyframe = true;
    return released;
  }

  /** Takes the next chunk and gives what can be written now. After an unreadable chunk it waits for a keyframe. */
  add(chunk: ChunkToPlace): readonly PlacedChunk[] {
    const isUsable = chunk.isKeyframe || !this.#isWaitingForKeyframe;
    const runs = isUsable && !this.#isFull ? readSampleRuns(chunk.bytes, this.#init) : undefined;
    if (!runs) {
      this.#chunksRefused++;
      this.#isWaitingForKeyframe = true;
      return [];
    }
    this.#isWaitingForKeyframe = false;
    const read = { chunk, runs };
    const before = this.#shifts && !this.#continues(runs) ? this.startRun() : [];
    this.#isWaitingForKeyframe = false;
    if (this.#shifts) return this.#place(read);
    this.#held.push(read);
    this.#heldUs += chunk.durationUs;
    return this.#isEveryTrackHeld() ? [...before, ...this.flush()] : before;
  }

  /** Places what is still held back: for the end of a run. */
  flush(): readonly PlacedChunk[] {
    if (this.#held.length === 0) return [];
    const held = this.#held;
    this.#held = [];
    this.#heldUs = 0;
    const first = Math.min(...held.flatMap(({ runs }) => runs.map((run) => this.#secondsOf(run))));
    const shifts = new Map<number, number>();
    for (const [trackId, timescale] of this.#timescales)
      shifts.set(trackId, Math.ceil((this.#endSeconds - first) * timescale - 1e-6));
    this.#shifts = shifts;
    return held.flatMap((read) => this.#place(read));
  }

  #secondsOf(run: SampleRun): number {
    return run.decodeTime / (this.#timescales.get(run.trackId) ?? 1);
  }

  #isEveryTrackHeld(): boolean {
    const seen = new Set(this.#held.flatMap(({ runs }) => runs.map(({ trackId }) => trackId)));
    const isLong = this.#held.length >= HELD_CHUNKS_MAX || this.#heldUs >= HELD_US_MAX;
    return isLong || seen.size === this.#timescales.size;
  }

  /** Whether the runs follow what was placed: no time goes back, and no gap is too long. */
  #continues(runs: readonly SampleRun[]): boolean {
    const lastTimes = new Map(this.#lastTimes);
    let first = Number.POSITIVE_INFINITY;
    for (const run of runs) {
      const decodeTime = this.#shiftedTime(run);
      if (decodeTime < 0 || decodeTime <= (lastTimes.get(run.trackId) ?? -1)) return false;
      lastTimes.set(run.trackId, decodeTime);
      first = Math.min(first, decodeTime / (this.#timescales.get(run.trackId) ?? 1));
    }
    return (first - this.#endSeconds) * 1e6 <= this.#gapUsMax;
  }

  #shiftedTime(run: SampleRun): number {
    return run.decodeTime + (this.#shifts?.get(run.trackId) ?? 0);
  }

  #place({ chunk, runs }: ReadChunk): readonly PlacedChunk[] {
    const bytes = Cmaf.shiftDecodeTimes(chunk.bytes, this.#shifts ?? new Map());
    if (!bytes) {
      this.#isFull = true;
      this.#chunksRefused++;
      return [];
    }
    this.#number(bytes);
    const placed = runs.map((run) => ({ ...run, decodeTime: this.#shiftedTime(run) }));
    for (const run of placed) this.#advance(run);
    return [{ bytes, runs: placed, isKeyframe: chunk.isKeyframe }];
  }

  #advance({ trackId, decodeTime, samples }: SampleRun): void {
    let end = decodeTime;
    for (const { duration } of samples) {
      this.#lastTimes.set(trackId, end);
      end += duration;
    }
    this.#endSeconds = Math.max(this.#endSeconds, end / (this.#timescales.get(trackId) ?? 1));
  }

  #number(bytes: Uint8Array): void {
    for (const moof of Cmaf.childBoxes(bytes, 0, bytes.length)) {
      if (moof.type !== 'moof') continue;
      const mfhd = Cmaf.findBox(bytes, moof.bodyStart, moof.end, 'mfhd');
      this.#sequenceNumber = (this.#sequenceNumber % 0xffff_ffff) + 1;
      if (mfhd && mfhd.end - mfhd.bodyStart >= 8)
        viewOf(bytes).setUint32(mfhd.bodyStart + 4, this.#sequenceNumber);
    }
  }
}
