/** Brings the frames of two tracks into nearly rising time, without letting one hold up the other for long. */

import {
  FRAMES_WAITING_MAX,
  INTERLEAVE_MS_MAX,
  INTERLEAVE_SILENT_MS,
  INTERLEAVE_SLACK_US,
  START_WAIT_MS_MAX,
} from './limits.js';

/** What is ordered here. */
export type OrderedFrame = { readonly kind: 'video' | 'audio'; readonly timeUs: number };

class Lane<Frame extends OrderedFrame> {
  readonly waiting: { frame: Frame; since: number }[] = [];
  lastTimeUs = Number.NEGATIVE_INFINITY;
  lastFrameAt = Number.NEGATIVE_INFINITY;
}

/**
 * The sound waits at the start for the first key frame (a player shows nothing before it), and what is older than the
 * first frame that goes out is dropped: media time begins there.
 */
export class FrameOrder<Frame extends OrderedFrame> {
  readonly #lanes: Readonly<Record<'video' | 'audio', Lane<Frame>>> = {
    video: new Lane(),
    audio: new Lane(),
  };
  readonly #hasVideo: boolean;
  #firstAt: number | undefined;
  #startTimeUs: number | undefined;
  #droppedCount = 0;

  /** `hasVideo`: whether the sound has a picture to wait for. */
  constructor(hasVideo: boolean) {
    this.#hasVideo = hasVideo;
  }

  /** Frames dropped because they were older than the start, or too many waited. */
  get droppedCount(): number {
    return this.#droppedCount;
  }

  /** The media time of the first frame that went out; `undefined` before it. */
  get startTimeUs(): number | undefined {
    return this.#startTimeUs;
  }

  /** A frame is ready; those of one kind come in rising time. */
  push(now: number, frame: Frame): void {
    const lane = this.#lanes[frame.kind];
    this.#firstAt ??= now;
    lane.lastFrameAt = now;
    lane.waiting.push({ frame, since: now });
    if (lane.waiting.length <= FRAMES_WAITING_MAX) return;
    lane.waiting.shift();
    this.#droppedCount += 1;
  }

  /** The next frame that may go out. */
  poll(now: number): Frame | undefined {
    if (!this.#start(now)) return undefined;
    for (;;) {
      const kind = this.#earlier();
      const first = kind === undefined ? undefined : this.#lanes[kind].waiting[0];
      if (kind === undefined || first === undefined || this.#dueAt(kind, first) > now) return undefined;
      const lane = this.#lanes[kind];
      lane.waiting.shift();
      if (first.frame.timeUs < (this.#startTimeUs ?? 0)) {
        this.#droppedCount += 1;
        continue;
      }
      lane.lastTimeUs = first.frame.timeUs;
      return first.frame;
    }
  }

  /** When a frame goes out that waits now. */
  nextTimeout(): number | undefined {
    if (this.#startTimeUs === undefined)
      return this.#firstAt === undefined ? undefined : this.#firstAt + START_WAIT_MS_MAX;
    const kind = this.#earlier();
    const first = kind === undefined ? undefined : this.#lanes[kind].waiting[0];
    return kind === undefined || first === undefined ? undefined : this.#dueAt(kind, first);
  }

  #start(now: number): boolean {
    if (this.#startTimeUs !== undefined) return true;
    const video = this.#lanes.video.waiting[0];
    const audio = this.#lanes.audio.waiting[0];
    const hasWaited = this.#firstAt !== undefined && now >= this.#firstAt + START_WAIT_MS_MAX;
    if (video !== undefined) this.#startTimeUs = video.frame.timeUs;
    else if (audio !== undefined && (!this.#hasVideo || hasWaited)) this.#startTimeUs = audio.frame.timeUs;
    return this.#startTimeUs !== undefined;
  }

  #earlier(): 'video' | 'audio' | undefined {
    const video = this.#lanes.video.waiting[0];
    const audio = this.#lanes.audio.waiting[0];
    if (video === undefined) return audio === undefined ? undefined : 'audio';
    return audio !== undefined && audio.frame.timeUs < video.frame.timeUs ? 'audio' : 'video';
  }

  #dueAt(kind: 'video' | 'audio', entry: { frame: Frame; since: number }): number {
    const other = this.#lanes[kind === 'video' ? 'audio' : 'video'];
    if (other.waiting.length > 0 || entry.frame.timeUs <= other.lastTimeUs + INTERLEAVE_SLACK_US)
      return entry.since;
    const silentAt = Math.max(entry.since, other.lastFrameAt + INTERLEAVE_SILENT_MS);
    return Math.min(silentAt, entry.since + INTERLEAVE_MS_MAX);
  }
}
