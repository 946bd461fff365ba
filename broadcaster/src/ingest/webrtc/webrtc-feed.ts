/** Turns the frames of whoever publishes into runs: live Matroska streams, each with one size of picture. */

import { PassThrough, type Readable } from 'node:stream';
import type { EncodePlan } from '../../encode/encode-plan.js';
import { MatroskaStream, type MediaFrame, type ParameterSets } from '../rtp/index.js';
import { SoundKeeper } from './opus-silence.js';
import { PassThroughJudge } from './pass-through-judge.js';
import type { GateSink, Publisher } from './publisher-gate.js';

/** A publisher whose picture stands still for this long has gone to sleep: the run ends, and a new one follows it. */
export const PICTURE_SILENT_MS = 4_000;

/** Bytes that may wait for ffmpeg; with more, the run is dropped up to its next keyframe. */
export const BACKLOG_BYTES_MAX = 8 * 1024 * 1024;

/**
 * Sound is written with times this much later than its own, and the pipeline takes it back: ffmpeg's muxer holds each
 * frame until the sound that belongs beside it is there, which an AAC encoder gives 70 to 90 ms later.
 */
export const SOUND_LEAD_MS = 100;

/** Between two requests for the keyframe that a run begins with. */
const ASK_EVERY_MS = 400;

const WATCH_EVERY_MS = 500;

/** One run. */
export type FeedRun = {
  readonly stream: Readable;
  readonly plan: EncodePlan;
  /** Why it has ended, where that is known and no further run follows. */
  readonly why: string | undefined;
};

class OpenRun implements FeedRun {
  readonly stream = new PassThrough({ highWaterMark: BACKLOG_BYTES_MAX });
  readonly plan: EncodePlan;
  readonly sets: ParameterSets;
  readonly #matroska: MatroskaStream;
  readonly #sound = new SoundKeeper();
  readonly #startUs: number;
  why: string | undefined;
  isSkipping = false;

  constructor(plan: EncodePlan, startUs: number, sets: ParameterSets) {
    this.plan = plan;
    this.sets = sets;
    this.#startUs = startUs;
    this.#matroska = new MatroskaStream({
      video: { parameterSets: sets, width: plan.width, height: plan.height },
      audio: { channels: 2 },
    });
    this.stream.on('error', () => undefined);
    this.stream.write(this.#matroska.header());
  }

  write(frame: MediaFrame): void {
    if (this.stream.writableEnded || this.stream.destroyed) return;
    for (const each of this.#sound.pass(frame)) {
      const timeUs = each.timeUs - this.#startUs;
      if (timeUs < 0) continue;
      const writtenUs = each.kind === 'audio' ? timeUs + SOUND_LEAD_MS * 1000 : timeUs;
      for (const bytes of this.#matroska.frame({ ...each, timeUs: writtenUs })) this.stream.write(bytes);
    }
  }

  get backlogBytes(): number {
    return this.stream.writableLength + this.stream.readableLength;
  }

  end(why: string | undefined): void {
    this.why ??= why;
    if (!this.stream.writableEnded) this.stream.end();
  }
}

/** Takes frames from the gate and hands out runs, one after the other. */
export class WebrtcFeed implements GateSink {
  readonly #now: () => number;
  readonly #watch: NodeJS.Timeout;
  #publisher: Publisher | undefined;
  #judge = new PassThroughJudge();
  #sets: ParameterSets | undefined;
  #run: OpenRun | undefined;
  #waitingRun: OpenRun | undefined;
  #take: ((run: FeedRun | undefined) => void) | undefined;
  #pictureAt = 0;
  #askedAt = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  /** `now` in milliseconds, of any clock that does not go back. */
  constructor(now: () => number) {
    this.#now = now;
    this.#watch = setInterval(() => this.#checkPicture(), WATCH_EVERY_MS);
  }

  /** A further run can be had at once. */
  get hasNextRun(): boolean {
    return this.#waitingRun !== undefined;
  }

  /** Resolves when media begins; `undefined` once the feed is closed. One call at a time. */
  nextRun(): Promise<FeedRun | undefined> {
    const run = this.#waitingRun;
    this.#waitingRun = undefined;
    if (run || this.#isClosed) return Promise.resolve(run);
    return new Promise((resolve) => {
      this.#take = resolve;
    });
  }

  /** A run is over at its other end, whatever the reason: nothing more is written into it. */
  finish(run: FeedRun): void {
    if (this.#run !== run) return;
    this.#run.end(undefined);
    this.#run = undefined;
    this.#judge.forget();
    this.#ask();
  }

  onEnter(publisher: Publisher): void {
    this.#endRun('another publisher begins');
    this.#publisher = publisher;
    this.#judge = new PassThroughJudge();
    this.#sets = undefined;
    this.#askedAt = Number.NEGATIVE_INFINITY;
  }

  onLeave(why: string): void {
    this.#endRun(`${why}; waiting for it to come back`);
    this.#publisher = undefined;
  }

  onFrame(frame: MediaFrame): void {
    if (this.#isClosed) return;
    const mustChange = this.#judge.see(frame);
    if (frame.kind === 'video') this.#pictureAt = this.#now();
    // They come with the first keyframe and with those that differ.
    this.#sets = frame.parameterSets ?? this.#sets;
    const sets = frame.kind === 'video' && frame.isKeyframe ? this.#sets : undefined;
    const isOther = sets && this.#run && sets !== this.#run.sets;
    if (this.#run && (isOther || (mustChange && this.#run.plan.video === 'copy'))) this.#endRun(undefined);
    if (!this.#run && sets) this.#begin(frame.timeUs, sets);
    const run = this.#run;
    if (!run) return this.#ask();
    if (run.backlogBytes > BACKLOG_BYTES_MAX) run.isSkipping = true;
    if (run.isSkipping) {
      // ffmpeg stands still. What it catches up with must begin with a whole picture.
      if (!sets || run.backlogBytes > BACKLOG_BYTES_MAX / 2) return;
      run.isSkipping = false;
    }
    run.write(frame);
  }

  /** Ends the run that is open and gives none any more. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#watch);
    this.#endRun(undefined);
    this.#take?.(undefined);
    this.#take = undefined;
  }

  #begin(startUs: number, sets: ParameterSets): void {
    const run = new OpenRun(this.#judge.plan(sets.sps), startUs, sets);
    this.#run = run;
    const take = this.#take;
    this.#take = undefined;
    if (take) return take(run);
    // The picture changes faster than runs begin: only the newest of them is wanted.
    this.#waitingRun?.stream.destroy();
    this.#waitingRun = run;
  }

  #endRun(why: string | undefined): void {
    this.#run?.end(why);
    if (this.#run && this.#run === this.#waitingRun) this.#waitingRun = undefined;
    this.#run = undefined;
    this.#judge.forget();
  }

  #checkPicture(): void {
    if (this.#run && this.#now() - this.#pictureAt > PICTURE_SILENT_MS)
      this.#endRun('the picture stands still; waiting for it to go on');
  }

  #ask(): void {
    const now = this.#now();
    if (now - this.#askedAt < ASK_EVERY_MS) return;
    this.#askedAt = now;
    this.#publisher?.requestKeyframe();
  }
}
