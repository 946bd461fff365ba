/** One media element fed with one stream: queue, media source, playout control and recovery. */

import { type MonoMs, monoMs } from '@freshet/proto';
import { AppendQueue, type MediaFormat, type QueuedMedia } from './append-queue.js';
import type { ArrivalMeter } from './arrival.js';
import { MediaSink } from './media-sink.js';
import { PlaybackError } from './playback-error.js';
import { type BufferedRange, Playout, type PlayoutDecision } from './playout.js';
import { StartGate } from './start-gate.js';
import type { MediaSourceSupport } from './support.js';

/** Media kept behind the playhead, in seconds; older is removed. */
export const BEHIND_S_MAX = 30;
/** Media kept ahead of a paused playhead, in seconds; beyond it the playhead is moved along. */
export const AHEAD_S_MAX = 60;
/** Rebuilds of the media source within `REBUILD_MS` before a lane gives up. */
export const REBUILDS_MAX = 4;
/** See `REBUILDS_MAX`, in milliseconds. */
export const REBUILD_MS = 30_000;

const TRIM_STEP_S = 5;
/** A stop shorter than a frame or so is not seen. */
const STALL_MS_SEEN = 40;
const RESUME_PAUSE_MS = 1000;
/** Without a chunk for this long a dry buffer is the source's or the network's doing: no lesson for the target. */
const OUTAGE_MS = 1000;

/** What a lane needs from its surroundings. */
export type LaneOptions = {
  readonly element: HTMLMediaElement;
  readonly support: MediaSourceSupport;
  readonly arrivals: ArrivalMeter;
  /** The element's state changed, or it was rebuilt. */
  readonly onChange: () => void;
  /** The element wants to be started (again). */
  readonly onWantsPlay: () => void;
  /** The lane cannot go on; it has to be closed. */
  readonly onFailed: (error: PlaybackError) => void;
};

/** What the controls of the page say, at each tick. */
export type LaneControl = {
  readonly isPaused: boolean;
  readonly isFollowing: boolean;
  /** The target is at least this, in milliseconds: picture waits a little for its sound. */
  readonly targetFloorMs: number;
};

/** A lane lives from its first format until `close`. */
export class Lane {
  readonly element: HTMLMediaElement;
  readonly #options: LaneOptions;
  readonly #queue = new AppendQueue();
  readonly #playout = new Playout();
  readonly #startGate = new StartGate();
  readonly #cleanup = new AbortController();
  #sink: MediaSink;
  #control: LaneControl = { isPaused: false, isFollowing: true, targetFloorMs: 0 };
  #decision: PlayoutDecision = { rate: 1, targetMs: 0, bufferMs: 0 };
  #retry: { readonly parts: readonly Uint8Array[]; readonly offsetS: number } | undefined;
  #hasAudio = false;
  #isEnding = false;
  #isStalled = false;
  #hasLesson = false;
  #pushedAtMs = monoMs(0);
  #resumedAtMs = monoMs(0);
  #hasPlayed = false;
  #rebuiltAtMs: MonoMs[] = [];
  #stalledAtMs = monoMs(0);
  #stallCount = 0;
  #jumpCount = 0;
  #rebuildCount = 0;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.element = options.element;
    this.element.preservesPitch = true;
    const { signal } = this.#cleanup;
    this.element.addEventListener('waiting', () => this.#noteWaiting(), { signal });
    this.element.addEventListener('playing', () => this.#noteRunning(), { signal });
    this.element.addEventListener('canplay', () => this.#noteRunning(), { signal });
    this.element.addEventListener('pause', () => this.#notePause(), { signal });
    this.#sink = this.#openSink();
  }

  /** Ran dry and has not recovered. */
  get isStalled(): boolean {
    return this.#isStalled;
  }

  /** What was last decided. */
  get decision(): PlayoutDecision {
    return this.#decision;
  }

  /** Counts since the start; a stall counts when it can be seen. */
  get counts(): {
    readonly stalls: number;
    readonly jumps: number;
    readonly rebuilds: number;
    readonly dropped: number;
  } {
    return {
      stalls: this.#stallCount + (this.#isVisiblyStalled ? 1 : 0),
      jumps: this.#jumpCount,
      rebuilds: this.#rebuildCount,
      dropped: this.#queue.droppedCount,
    };
  }

  /** What is buffered, in order. */
  get ranges(): BufferedRange[] {
    return this.#sink.ranges;
  }

  /**
   * Takes a format into force for the media that follows. A new run starts as a join does: with a burst, after which
   * the playhead goes to the live edge. An element that had ended needs that, too: `play` sends it back to 0.
   */
  pushFormat(format: MediaFormat, hasAudio: boolean): void {
    this.#isEnding = false;
    this.#startGate.restart();
    this.#hasAudio = hasAudio;
    this.#queue.pushFormat(format);
    this.#pump();
  }

  /** Takes media that arrived at `nowMs` and lasts `durationMs`. */
  pushMedia(media: QueuedMedia, nowMs: MonoMs, durationMs: number): void {
    this.#learn(nowMs);
    this.#startGate.noteArrival(nowMs, durationMs);
    this.#queue.pushMedia(media);
    this.#pump();
  }

  /** Nothing follows for now: what is buffered is played to its last frame. */
  end(): void {
    this.#isEnding = true;
    this.#pump();
  }

  /** The next tick goes to the live edge. */
  requestLive(): void {
    this.#playout.requestJump('live');
  }

  /** Moves the playhead, when that time is buffered. */
  seekTo(timeS: number): void {
    const isBuffered = this.ranges.some((range) => range.startS <= timeS && timeS < range.endS);
    if (isBuffered && !this.element.seeking) this.element.currentTime = timeS;
  }

  /** Looks at the buffer and corrects rate and position; call about 20 times a second. */
  tick(control: LaneControl = this.#control): void {
    this.#control = control;
    if (this.#cleanup.signal.aborted) return;
    const nowMs = now();
    const ranges = this.#sink.ranges;
    if (ranges.length > 0 && this.#startGate.opens(nowMs)) this.#playout.requestJump('start');
    if (!this.#startGate.isOpen) return;
    const { element } = this;
    const decision = this.#playout.decide({
      nowMs,
      currentTimeS: element.currentTime,
      ranges,
      // A seek to where nothing is buffered (any more) would last for ever.
      isPlaying: !control.isPaused && (!element.seeking || !isInRange(ranges, element.currentTime)),
      isFollowing: control.isFollowing,
      isStalled: this.#isStalled,
      hasAudio: this.#hasAudio,
      targetFloorMs: control.targetFloorMs,
      chunkMs: this.#options.arrivals.chunkMs,
      jitterMs: this.#options.arrivals.jitterMs,
    });
    this.#decision = decision;
    if (decision.seekToS !== undefined) {
      this.#jumpCount += 1;
      element.currentTime = decision.seekToS;
    }
    if (Math.abs(element.playbackRate - decision.rate) > 0.001) element.playbackRate = decision.rate;
  }

  /** Releases the element. Idempotent. */
  close(): void {
    this.#cleanup.abort();
    this.#sink.close();
  }

  get #isVisiblyStalled(): boolean {
    return this.#isStalled && now() - this.#stalledAtMs >= STALL_MS_SEEN;
  }

  #openSink(): MediaSink {
    return new MediaSink(this.element, this.#options.support, {
      onIdle: () => this.#pump(),
      onFailed: (error) => this.#recover(error),
    });
  }

  #pump(): void {
    const sink = this.#sink;
    if (!sink.isIdle) return;
    this.tick();
    const retry = this.#retry;
    this.#retry = undefined;
    if (retry !== undefined) {
      if (!sink.appendMedia(retry.parts, retry.offsetS)) {
        this.#recover(new PlaybackError('buffer-full', 'The browser has no room left for the video.'));
      }
      return;
    }
    if (this.#trim(sink)) return;
    const step = this.#queue.take();
    if (step === undefined) {
      if (this.#isEnding && sink.ranges.length > 0) sink.endOfStream();
    } else if (step.kind === 'format') {
      sink.appendFormat(step.format);
    } else if (!sink.appendMedia(step.parts, step.offsetS)) {
      this.#retry = step;
      this.#makeRoom(sink);
    }
  }

  #makeRoom(sink: MediaSink): void {
    const endS = this.element.currentTime - 0.5;
    if (endS > (sink.ranges[0]?.startS ?? 0)) sink.removeBefore(endS);
    else this.#pump();
  }

  #trim(sink: MediaSink): boolean {
    const ranges = sink.ranges;
    const startS = ranges[0]?.startS;
    const endS = ranges.at(-1)?.endS;
    if (startS === undefined || endS === undefined) return false;
    const { element } = this;
    if (endS - element.currentTime > AHEAD_S_MAX) element.currentTime = endS - AHEAD_S_MAX + TRIM_STEP_S;
    if (element.currentTime - startS < BEHIND_S_MAX) return false;
    sink.removeBefore(element.currentTime - BEHIND_S_MAX + TRIM_STEP_S);
    return true;
  }

  #noteWaiting(): void {
    const isDry = this.#hasPlayed && !this.element.seeking && !this.#control.isPaused && !this.#isEnding;
    if (isDry && !this.#isStalled) {
      this.#isStalled = true;
      this.#stalledAtMs = now();
      this.#hasLesson = this.#control.isFollowing;
    }
    this.#options.onChange();
  }

  /** Only the next chunk shows whether the buffer was too small or the source away. */
  #learn(nowMs: MonoMs): void {
    if (this.#hasLesson && nowMs - this.#pushedAtMs < OUTAGE_MS) this.#playout.noteStall(nowMs);
    this.#hasLesson = false;
    this.#pushedAtMs = nowMs;
  }

  #noteRunning(): void {
    if (this.#isVisiblyStalled) this.#stallCount += 1;
    this.#isStalled = false;
    this.#hasPlayed = true;
    this.#options.onChange();
  }

  /** A pause that nobody asked for (a phone call, the browser saving power) is undone when there is a chance. */
  #notePause(): void {
    const isOurs = this.#control.isPaused || this.element.ended || document.hidden;
    const nowMs = now();
    // Something that pauses again and again means it.
    if (!isOurs && nowMs - this.#resumedAtMs > RESUME_PAUSE_MS) {
      this.#resumedAtMs = nowMs;
      this.#options.onWantsPlay();
    }
    this.#options.onChange();
  }

  #recover(error: PlaybackError): void {
    if (this.#cleanup.signal.aborted) return;
    const nowMs = now();
    this.#rebuiltAtMs = this.#rebuiltAtMs.filter((atMs) => nowMs - atMs < REBUILD_MS);
    if (error.kind === 'unsupported-codec' || this.#rebuiltAtMs.length >= REBUILDS_MAX) {
      this.close();
      this.#options.onFailed(error);
      return;
    }
    this.#rebuiltAtMs.push(nowMs);
    this.#rebuildCount += 1;
    this.#retry = undefined;
    this.#isStalled = false;
    this.#hasPlayed = false;
    this.#queue.restart();
    this.#startGate.restart();
    this.#sink.close();
    this.#sink = this.#openSink();
    this.#options.onWantsPlay();
    this.#options.onChange();
  }
}

const isInRange = (ranges: readonly BufferedRange[], timeS: number): boolean =>
  ranges.some(({ startS, endS }) => startS <= timeS && timeS <= endS);

const now = (): MonoMs => monoMs(performance.now());
