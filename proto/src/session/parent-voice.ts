/** What a node says to its parents: subscriptions, pings, its audience. */

import { AUDIENCE_MS, PING_FAST_MS, PING_MS, RESUME_MS_MAX } from '../limits.js';
import { addMs, type MonoMs } from '../time.js';
import { type ControlMessage, encodeControl, type Subscribe } from '../wire/control.js';
import type { ClockSync } from './clock-sync.js';
import type { SessionContext } from './context.js';
import type { ParentLink } from './parent-link.js';

/** A summary of no relays and no viewers: they are told of elsewhere now. */
const NOBODY = new Uint8Array();

/** A subscription at a parent. */
export type Wanted = Omit<Subscribe, 'kind'>;

/** What is wanted of parents at this moment. */
export type ParentWants = {
  /** What to subscribe to at a new parent; rendition 0 is the parent's default. */
  readonly wanted: () => readonly Wanted[];
  /** The piece of a rendition with which another parent is to go on; `undefined` while nothing is held. */
  readonly nextNeeded: (renditionId: number) => number | undefined;
  /** The catalog in force, as far as it matters here; `liveAt` is when its epoch came to be live, if it is. */
  readonly broadcast: () => { readonly epoch: number; readonly liveAt: MonoMs | undefined } | undefined;
  /** Whether a piece has come within {@link RESUME_MS_MAX}. */
  readonly isFlowing: () => boolean;
  readonly viewerCount: () => number;
  /** The audience in sums, encoded; `undefined` for a node that counts none. */
  readonly summary: () => Uint8Array | undefined;
};

/** Speaks to any of the parents; what was asked of each is noted there. */
export class ParentVoice {
  readonly #context: SessionContext;
  readonly #clock: ClockSync;
  readonly #wants: ParentWants;
  readonly #isRelay: boolean;

  constructor(context: SessionContext, clock: ClockSync, wants: ParentWants) {
    this.#context = context;
    this.#clock = clock;
    this.#wants = wants;
    this.#isRelay = context.options.role === 'relay';
  }

  /** Sends a message. */
  say({ link }: ParentLink, message: ControlMessage): void {
    this.#context.emit({ kind: 'transmit', link, bytes: encodeControl(message) });
  }

  /** Ends the link. */
  close({ link }: ParentLink, code: number, reason: string): void {
    this.#context.emit({ kind: 'close', link, code, reason });
  }

  /** Asks for everything that is wanted and was not asked for over this link. */
  askAll(parent: ParentLink): void {
    for (const wanted of this.#wants.wanted()) this.ask(parent, wanted);
  }

  /**
   * Asks for a rendition, once. A node that holds something goes on with the piece that it needs next. Numbers begin anew
   * with each epoch: a parent is asked only once it has said which epoch it has, and not while that is an old one.
   */
  ask(parent: ParentLink, wanted: Wanted, mayResume = true): void {
    if (parent.phase === 'dialling' || parent.subscribed.has(wanted.renditionId)) return;
    const { now } = this.#context;
    const isResuming = mayResume && (this.#isRelay || parent.isSuccessor);
    const from = isResuming ? this.#wants.nextNeeded(wanted.renditionId) : undefined;
    if (from !== undefined && !parent.isAnswered) return;
    const epoch = this.#wants.broadcast()?.epoch ?? 0;
    if (isResuming && parent.epoch !== undefined && parent.epoch < epoch) return parent.owes(now);
    parent.asked(wanted.renditionId, now);
    if (from === undefined || parent.epoch !== epoch)
      return this.say(parent, { kind: 'subscribe', ...wanted });
    // After a long time without pieces only the newest group is of use: the parent skips to it.
    const behindMs = this.#wants.isFlowing() ? RESUME_MS_MAX : undefined;
    this.say(parent, { kind: 'subscribe', ...wanted, from: wanted.from ?? from, behindMs });
  }

  /** Asks to stop sending a rendition, if it was asked for. */
  unsubscribe(parent: ParentLink, renditionId: number): void {
    if (parent.subscribed.delete(renditionId)) this.say(parent, { kind: 'unsubscribe', renditionId });
  }

  /** Asks to stop sending anything. */
  unsubscribeAll(parent: ParentLink): void {
    for (const renditionId of [...parent.subscribed]) this.unsubscribe(parent, renditionId);
    parent.unasked();
  }

  /** The parent was in use and is the warm one now. */
  setAside(parent: ParentLink): void {
    this.unsubscribeAll(parent);
    // Or the publisher would count this audience twice.
    if (parent.audienceSent > 0) this.say(parent, { kind: 'audience', viewerCount: 0 });
    parent.audienceSent = 0;
    if (parent.hasAudience && this.#isRelay) this.say(parent, { kind: 'summary', body: NOBODY });
  }

  /** Asks the time; of the parent in use often, until the clock is synchronised. */
  ping(parent: ParentLink, isUsed: boolean): void {
    const { now } = this.#context;
    parent.nextPing = addMs(now, isUsed && !this.#clock.isSettled ? PING_FAST_MS : PING_MS);
    this.say(parent, { kind: 'ping', sentMs: now });
  }

  /** Tells the audience: its number if that has changed, the sums in any case. */
  reportAudience(parent: ParentLink): void {
    parent.nextAudience = addMs(this.#context.now, AUDIENCE_MS);
    const body = parent.hasAudience ? this.#wants.summary() : undefined;
    if (body) this.say(parent, { kind: 'summary', body });
    // Child relays say what they like: the sum may exceed what the message can carry.
    const viewerCount = Math.min(this.#wants.viewerCount(), 0xffffffff);
    if (!this.#isRelay || viewerCount === parent.audienceSent) return;
    parent.audienceSent = viewerCount;
    this.say(parent, { kind: 'audience', viewerCount });
  }
}
