/** The show: whether what the source delivers is on air, and what viewers are told about it. */

import type { CutChunk, MediaFormat } from '../ingest/media-source.js';
import type { Broadcast } from '../live/broadcast.js';
import type { MediaTap } from './media-tap.js';
import { ShowError } from './show-error.js';

/**
 * `scheduled`: it begins by itself at a time. `on`: what the source delivers is sent. `paused`: viewers wait, the link
 * stays. `over`: viewers are told that it has ended; it may be resumed, which is another show at the same link.
 */
export type ShowPhase = 'scheduled' | 'on' | 'paused' | 'over';

/** A moment that was marked. */
export type Marker = {
  readonly title: string;
  /** Unix milliseconds. */
  readonly wallMs: number;
  /** Since the show went on air, pauses left out. */
  readonly mediaMs: number;
};

/** Markers of one show; further ones are refused. */
export const MARKERS_MAX = 1_000;

/** Characters of a marker's title; the rest is cut off. */
export const MARKER_TITLE_LENGTH_MAX = 120;

/** What viewers read while the show is paused and nothing else was said. */
export const PAUSE_REASON = 'The broadcaster is taking a break. It goes on here by itself.';

/** What a show is made of. */
export type ShowOptions = {
  readonly broadcast: Broadcast;
  /** Unix milliseconds at which it begins by itself; at once if left out. */
  readonly startsMs?: number | undefined;
  /** Called with every run and chunk that goes on air. */
  readonly taps: readonly MediaTap[];
  /** Unix milliseconds. */
  readonly wallNow: () => number;
  /** The phase has changed. */
  readonly onPhase?: ((phase: ShowPhase) => void) | undefined;
};

/** Stands between the source and the broadcast. The caller asks {@link handleTime} now and then. */
export class Show {
  readonly #broadcast: Broadcast;
  readonly #taps: readonly MediaTap[];
  readonly #wallNow: () => number;
  readonly #onPhase: (phase: ShowPhase) => void;
  #phase: ShowPhase;
  #startsMs: number | undefined;
  /** Of the run that the source delivers now; `undefined` while it delivers nothing. */
  #format: MediaFormat | undefined;
  /** The run is to be announced with its next keyframe. */
  #isBeginDue = false;
  /** Renditions of a run that was announced in its middle, each until its keyframe of that moment. */
  readonly #awaited = new Set<number | undefined>();
  #announcedUs = 0;
  #mediaUs = 0;
  #markers: Marker[] = [];
  #whenOn: (() => void) | undefined;

  constructor(options: ShowOptions) {
    this.#broadcast = options.broadcast;
    this.#taps = options.taps;
    this.#wallNow = options.wallNow;
    this.#onPhase = options.onPhase ?? (() => undefined);
    this.#startsMs = options.startsMs;
    this.#phase = options.startsMs === undefined ? 'on' : 'scheduled';
  }

  /** Where the show stands. */
  get phase(): ShowPhase {
    return this.#phase;
  }

  /** When it begins by itself; `undefined` unless it is scheduled. */
  get startsMs(): number | undefined {
    return this.#startsMs;
  }

  /** What was on air so far, pauses left out. */
  get mediaMs(): number {
    return Math.round(this.#mediaUs / 1000);
  }

  /** In the order in which they were set. */
  get markers(): readonly Marker[] {
    return this.#markers;
  }

  /** Calls back once, as soon as the show is on air: at once if it is. A second call replaces the first. */
  whenOn(callback: () => void): void {
    if (this.#phase === 'on') callback();
    else this.#whenOn = callback;
  }

  /** A run of the source begins. */
  begin(format: MediaFormat): void {
    this.#format = format;
    if (this.#phase === 'on') this.#announce(format);
  }

  /** The next chunk of the run; `renditionId` is left out where there is no more than one. */
  add(chunk: CutChunk, renditionId?: number): void {
    if (this.#phase !== 'on') return;
    if (this.#isBeginDue) {
      if (!chunk.isKeyframe || !this.#format) return;
      this.#announce(this.#format);
      this.#announcedUs = chunk.mediaTimeUs;
      for (const { id } of this.#format.renditions ?? []) this.#awaited.add(id);
    }
    if (this.#awaited.has(renditionId)) {
      // What others still deliver of the group before has no beginning here.
      if (!chunk.isKeyframe || chunk.mediaTimeUs < this.#announcedUs) return;
      this.#awaited.delete(renditionId);
    }
    this.#broadcast.add(chunk, renditionId);
    if (renditionId !== this.#format?.renditions?.[0]?.id) return;
    this.#mediaUs += chunk.durationUs;
    for (const tap of this.#taps) tap.add(chunk);
  }

  /** The source is gone and waited for. */
  wait(): void {
    this.#format = undefined;
    this.#isBeginDue = false;
    if (this.#phase === 'on') this.#broadcast.wait();
  }

  /** Viewers wait, with a sentence that says why. Throws a ShowError when nothing is on air. */
  pause(reason?: string): void {
    if (this.#phase !== 'on') throw new ShowError('There is nothing to pause: the show is not on air.');
    this.#broadcast.wait(reason ?? PAUSE_REASON);
    this.#setPhase('paused');
  }

  /** On air: now instead of later, after a pause, or again after the end. Nothing happens while it is. */
  resume(): void {
    if (this.#phase === 'on') return;
    if (this.#phase === 'over') {
      this.#markers = [];
      this.#mediaUs = 0;
    }
    this.#startsMs = undefined;
    this.#isBeginDue = this.#format !== undefined;
    // Until the source delivers, viewers wait for it and for no time.
    if (!this.#isBeginDue && this.#broadcast.state === 'waiting')
      this.#broadcast.describe({ startsMs: undefined, reason: undefined });
    this.#setPhase('on');
  }

  /** Viewers are told that it is over. The link stays. */
  end(): void {
    if (this.#phase === 'over') return;
    this.#startsMs = undefined;
    this.#isBeginDue = false;
    this.#broadcast.end();
    this.#setPhase('over');
  }

  /** Announces a start in Unix milliseconds. Throws a ShowError when the show is on air. */
  schedule(startsMs: number): void {
    if (this.#broadcast.state === 'live')
      throw new ShowError('The show is on air: end it before you announce another start.');
    this.#startsMs = startsMs;
    this.#broadcast.announceStart(startsMs);
    this.#setPhase('scheduled');
  }

  /** Begins a show whose time has come. To be called at least once a second. */
  handleTime(): void {
    if (this.#startsMs !== undefined && this.#wallNow() >= this.#startsMs) this.resume();
  }

  /** Marks this moment. Throws a ShowError when nothing is on air or there are too many. */
  mark(title: string): Marker {
    if (this.#broadcast.state !== 'live') throw new ShowError('Markers are set while the show is on air.');
    if (this.#markers.length >= MARKERS_MAX)
      throw new ShowError(`A show has at most ${MARKERS_MAX} markers, and this one has them all.`);
    const words = title.replace(/\s+/g, ' ').trim().slice(0, MARKER_TITLE_LENGTH_MAX);
    const marker = {
      title: words || `Marker ${this.#markers.length + 1}`,
      wallMs: this.#wallNow(),
      mediaMs: this.mediaMs,
    };
    this.#markers.push(marker);
    return marker;
  }

  #announce(format: MediaFormat): void {
    this.#isBeginDue = false;
    this.#awaited.clear();
    this.#broadcast.begin(format);
    for (const tap of this.#taps) tap.begin(format);
  }

  #setPhase(phase: ShowPhase): void {
    if (phase === this.#phase) return;
    this.#phase = phase;
    this.#onPhase(phase);
    if (phase !== 'on') return;
    const callback = this.#whenOn;
    this.#whenOn = undefined;
    callback?.();
  }
}
