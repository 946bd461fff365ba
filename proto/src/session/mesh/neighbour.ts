/** One neighbour of a viewer: the plan's word on it, and what flows between the two. */

import {
  CONTROL_RATE_MS,
  DOUBT_MS,
  DOUBT_RTTS,
  NEIGHBOUR_CONTROL_MAX,
  NEIGHBOUR_FAILED_MS,
  NEIGHBOUR_PROBE_MS,
  SENT_WINDOW_PIECES,
  USELESS_PIECES_MAX,
} from '../../limits.js';
import type { PeerId, PlanLink } from '../../plan/index.js';
import { RepairLimits } from '../../repair/index.js';
import { addMs, type MonoMs, monoMs } from '../../time.js';
import type { LinkId } from '../io.js';

/** Which of the newest pieces went over a link, either way: none goes over it twice unasked. */
export class SentWindow {
  /** One more than the sequence number that was noted last in each slot; 0 for none. */
  readonly #slots = new Uint32Array(SENT_WINDOW_PIECES);

  /** Whether the piece went over the link, as far as is remembered. */
  has(sequence: number): boolean {
    return this.#slots[sequence % SENT_WINDOW_PIECES] === sequence + 1;
  }

  /** Notes a piece; it replaces the one so many numbers before. */
  add(sequence: number): void {
    this.#slots[sequence % SENT_WINDOW_PIECES] = sequence + 1;
  }

  /** Forgets everything: a new epoch counts from 0 again. */
  clear(): void {
    this.#slots.fill(0);
  }
}

/** A neighbour, from the plan that names it until its link is gone. */
export class Neighbour {
  readonly link: LinkId;
  readonly peer: PeerId;
  phase: 'connecting' | 'hello' | 'ready' = 'connecting';
  /** As planned last. */
  plan: PlanLink;
  /** When the phase began. */
  since: MonoMs;
  nextPing: MonoMs;
  rttMs = 100;
  /** Stripes that this viewer asked it for. */
  sourceMask = 0;
  /** Stripes that it asked this viewer for. */
  takenMask = 0;
  /** When the plan dropped it. */
  droppedAt: MonoMs | undefined;
  bufferedBytes = 0;
  readonly exchanged: SentWindow = new SentWindow();
  /** Until when a stripe is not taken from it again, because it failed. */
  readonly #failedUntil = new Map<number, MonoMs>();
  #lastHeard: MonoMs;
  #pingedAt: MonoMs;
  /** The oldest ping since it was heard last. */
  #unansweredSince: MonoMs | undefined;
  /** The second of them. */
  #askedAgainAt: MonoMs | undefined;
  #controlCount = 0;
  #countedSince: MonoMs;
  /** Pieces that it sent and that were not new, as of the same time. */
  #uselessCount = 0;

  constructor(link: LinkId, plan: PlanLink, now: MonoMs) {
    this.link = link;
    this.peer = plan.peer;
    this.plan = plan;
    this.since = now;
    this.#lastHeard = now;
    this.nextPing = now;
    this.#pingedAt = now;
    this.#countedSince = now;
  }

  /** Whether pieces can be exchanged with it. */
  get isReady(): boolean {
    return this.phase === 'ready';
  }

  /** Stripes that it may be asked for. */
  get servesMask(): number {
    // Unsigned: bit 31 is a sign to JavaScript.
    return (this.plan.parentMask | this.plan.standbyMask) >>> 0;
  }

  /** When anything came from it. */
  get lastHeard(): MonoMs {
    return this.#lastHeard;
  }

  /** When it was pinged last. */
  get pingedAt(): MonoMs {
    return this.#pingedAt;
  }

  /** Something came from it. */
  noteHeard(now: MonoMs): void {
    this.#lastHeard = now;
    this.forgive();
  }

  /** Pings that it has not answered count no more: this node slept, and the answers may be waiting. */
  forgive(): void {
    this.#unansweredSince = undefined;
    this.#askedAgainAt = undefined;
  }

  /** It is asked whether it is there. */
  notePing(now: MonoMs): void {
    this.#pingedAt = now;
    if (this.#unansweredSince === undefined) this.#unansweredSince = now;
    else this.#askedAgainAt ??= now;
  }

  /** Whether it should have answered a ping by now: it may be gone. */
  isDoubtful(now: MonoMs): boolean {
    return this.#unansweredSince !== undefined && now >= addMs(this.#unansweredSince, this.#answerMs);
  }

  /** When a source that says nothing is to be asked again; `undefined` when it was, or need not be. */
  get askAgainAt(): MonoMs | undefined {
    if (this.#unansweredSince === undefined || this.#askedAgainAt !== undefined) return undefined;
    return addMs(this.#unansweredSince, NEIGHBOUR_PROBE_MS);
  }

  /** When it is as good as gone, having left two pings unanswered and said nothing else. */
  get muteAt(): MonoMs | undefined {
    if (this.#unansweredSince === undefined || this.#askedAgainAt === undefined) return undefined;
    return monoMs(
      Math.max(this.#unansweredSince + RepairLimits.SILENT_MS, this.#askedAgainAt + this.#answerMs),
    );
  }

  /** What an answer takes at most, as a rule. */
  get #answerMs(): number {
    return this.rttMs * DOUBT_RTTS + DOUBT_MS;
  }

  /** Counts a control message of its; `false` beyond {@link NEIGHBOUR_CONTROL_MAX}. */
  isWithinRate(now: MonoMs): boolean {
    this.#countFrom(now);
    return ++this.#controlCount <= NEIGHBOUR_CONTROL_MAX;
  }

  /** A piece came from it, which is useless until {@link noteNew}; `false` beyond {@link USELESS_PIECES_MAX}. */
  mayBeOfUse(now: MonoMs): boolean {
    this.#countFrom(now);
    return ++this.#uselessCount <= USELESS_PIECES_MAX;
  }

  /** A piece of its was verified and new. */
  noteNew(): void {
    this.#uselessCount = Math.max(0, this.#uselessCount - 1);
  }

  #countFrom(now: MonoMs): void {
    if (now < addMs(this.#countedSince, CONTROL_RATE_MS)) return;
    this.#countedSince = now;
    this.#controlCount = 0;
    this.#uselessCount = 0;
  }

  /** It did not deliver the stripe. */
  noteFailure(stripe: number, now: MonoMs): void {
    this.#failedUntil.set(stripe, addMs(now, NEIGHBOUR_FAILED_MS));
  }

  /** Whether it failed to deliver the stripe a moment ago. */
  hasFailed(stripe: number, now: MonoMs): boolean {
    const until = this.#failedUntil.get(stripe);
    return until !== undefined && now < until;
  }
}
