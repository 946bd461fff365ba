/** Decides when a key frame is asked for: groups are to be short, and a loss is not to freeze the picture. */

import { PLI_INTERVAL_MS_MAX, PLI_INTERVAL_MS_MIN, TRACK_IDLE_MS } from './limits.js';

/** For one track of video. */
export class KeyframeAsker {
  readonly #groupMs: number;
  #lastKeyframeAt: number | undefined;
  #lastPacketAt = Number.NEGATIVE_INFINITY;
  #askedAt = Number.NEGATIVE_INFINITY;
  #unanswered = 0;
  #isUrgent = true;

  /** Groups are to last about `groupMs`. */
  constructor(groupMs: number) {
    this.#groupMs = groupMs;
  }

  /** The track is alive; one that sends nothing is not asked. */
  handlePacket(now: number): void {
    // A sender begins with a key frame by itself: it is given the time.
    if (!Number.isFinite(this.#lastPacketAt)) this.#askedAt = now;
    this.#lastPacketAt = now;
  }

  /** Without a key frame there is, or will be, no picture. */
  handleNeed(): void {
    this.#isUrgent = true;
  }

  /** A whole key frame has come. */
  handleKeyframe(now: number): void {
    this.#lastKeyframeAt = now;
    this.#unanswered = 0;
    this.#isUrgent = false;
  }

  /** Whether to ask now; counts as asked. */
  takeDue(now: number): boolean {
    const dueAt = this.nextDue();
    if (dueAt === undefined || dueAt > now) return false;
    this.#askedAt = now;
    this.#unanswered += 1;
    return true;
  }

  /** When to ask next; `undefined` before the first packet and while the track sends nothing. */
  nextDue(): number | undefined {
    if (!Number.isFinite(this.#lastPacketAt)) return undefined;
    const waited = this.#isUrgent ? PLI_INTERVAL_MS_MIN : this.#patience();
    const groupEnd =
      this.#isUrgent || this.#lastKeyframeAt === undefined ? 0 : this.#lastKeyframeAt + this.#groupMs;
    const dueAt = Math.max(groupEnd, this.#askedAt + waited);
    return dueAt > this.#lastPacketAt + TRACK_IDLE_MS ? undefined : Math.max(dueAt, 0);
  }

  /** A sender that leaves requests unanswered makes groups of its own length. */
  #patience(): number {
    return Math.min(PLI_INTERVAL_MS_MAX, PLI_INTERVAL_MS_MIN * 2 ** Math.min(this.#unanswered, 8));
  }
}
