/**
 * Feeds children: brings a newcomer from the newest keyframe to the live edge in a burst, then attaches it to the
 * topics, where the fan-out happens outside the core. A piece costs the same whether ten or ten thousand children
 * are live: only those that are still catching up are ever walked through.
 */

import { BACKLOG_BYTES_MIN, BACKLOG_MS_MAX, BITRATE_DEFAULT } from '../limits.js';
import { stripeOf } from '../piece/header.js';
import type { Piece } from '../piece/piece.js';
import type { Child, Subscription } from './child.js';
import type { ClockSync } from './clock-sync.js';
import type { SessionContext } from './context.js';
import type { PieceWindow } from './window.js';

/** What the feeder must know of the broadcast. */
export type FeedSource = {
  readonly stripeCount: number;
  /** Announced bits per second, 0 when unknown. */
  readonly bitrate: (renditionId: number) => number;
  readonly window: (renditionId: number) => PieceWindow | undefined;
};

/** Drives every child's subscriptions from waiting to live and, when a link cannot keep up, back. */
export class Feeder {
  readonly #context: SessionContext;
  #source: FeedSource | undefined;
  /** Subscriptions that wait for the next keyframe of their rendition. */
  readonly #waiting = new Map<Subscription, Child>();
  readonly #topics = new Map<number, readonly string[]>();
  #lagCount = 0;

  readonly #clock: ClockSync;

  constructor(context: SessionContext, clock: ClockSync) {
    this.#context = context;
    this.#clock = clock;
  }

  /** Times a child was set forward to a keyframe. */
  get lagCount(): number {
    return this.#lagCount;
  }

  /** A catalog with a new epoch or other stripes is in force; the owner then restarts every subscription. */
  setSource(source: FeedSource): void {
    this.#source = source;
    this.#topics.clear();
  }

  /** Sends a new piece to the live children and starts those that waited for this keyframe. */
  feed(piece: Piece): void {
    const { renditionId, sequence, groupOffset, captureMs } = piece.header;
    const topic = this.#topicsOf(renditionId)[stripeOf(sequence, this.#source?.stripeCount ?? 1)];
    if (topic !== undefined) this.#context.emit({ kind: 'publish', topic, bytes: piece.message, captureMs });
    if (groupOffset !== 0 || this.#waiting.size === 0) return;
    for (const [subscription, child] of [...this.#waiting])
      if (subscription.renditionId === renditionId) this.start(child, subscription);
  }

  /** Begins, or begins again, at the newest group; waits for the next one if that is where it fell behind. */
  start(child: Child, subscription: Subscription): void {
    const newest = this.#firstGroup(subscription);
    if (newest === undefined || newest <= subscription.group) {
      subscription.mode = subscription.mode === 'lagging' ? 'lagging' : 'waiting';
      this.#waiting.set(subscription, child);
      return;
    }
    this.#waiting.delete(subscription);
    subscription.mode = 'bursting';
    subscription.group = newest;
    this.#advance(child, subscription);
  }

  /** Begins at once with the held pieces from `subscription.from` on: for a child that has what came before. */
  resume(child: Child, subscription: Subscription): void {
    const window = this.#source?.window(subscription.renditionId);
    subscription.mode = 'bursting';
    subscription.group = 0;
    // What was before is no backlog of its: with it counted, the child would be set forward to the newest group.
    subscription.cursor = window?.arrivalFrom(subscription.from) ?? 0;
    this.#advance(child, subscription);
  }

  /**
   * Other stripes than before. Of the added ones what is held from sequence number `from` on goes out first, as far
   * as the link has room: the child asks again for what is then missing.
   */
  setStripes(child: Child, subscription: Subscription, stripeMask: number, from: number | undefined): void {
    const isLive = subscription.mode === 'live';
    const isAdded = (sequence: number): boolean =>
      this.#isInMask(sequence, stripeMask) && !this.#isInMask(sequence, subscription.stripeMask);
    const isLeft = (sequence: number): boolean =>
      !this.#isInMask(sequence, stripeMask) && this.#isInMask(sequence, subscription.stripeMask);
    if (isLive) this.#attach(child, subscription, 'detach', isLeft);
    const window = this.#source?.window(subscription.renditionId);
    if (from !== undefined && window) this.#catchUp(child, window.piecesFrom(from), isAdded);
    if (isLive) this.#attach(child, { ...subscription, stripeMask }, 'attach', isAdded);
    subscription.stripeMask = stripeMask;
  }

  #catchUp(child: Child, pieces: Iterable<Piece>, isWanted: (sequence: number) => boolean): void {
    for (const { message, header } of pieces) {
      if (!isWanted(header.sequence)) continue;
      if (child.creditBytes < message.length) return;
      child.creditBytes -= message.length;
      this.#context.emit({ kind: 'transmit', link: child.link, bytes: message });
    }
  }

  /** Ends a subscription. What was attached is detached even if the link is gone, so that adapters can count. */
  stop(child: Child, subscription: Subscription): void {
    this.#waiting.delete(subscription);
    if (subscription.mode === 'live') this.#attach(child, subscription, 'detach');
  }

  /** Whether a link with so much in its queue has drained: what was held back from it may go out again. */
  isDrained(bufferedBytes: number): boolean {
    return bufferedBytes <= BACKLOG_BYTES_MIN / 2;
  }

  /** The child's queue stands at `bufferedBytes`: bursts go on, a child that fell behind may come back. */
  writable(child: Child, bufferedBytes: number): void {
    const unsent = this.#context.unsentBytes(child.link);
    child.creditBytes = this.#context.burstBytesMax - bufferedBytes - unsent;
    for (const subscription of child.subscriptions) {
      if (subscription.mode === 'bursting') this.#advance(child, subscription);
      else if (subscription.mode === 'lagging' && this.isDrained(bufferedBytes))
        this.start(child, subscription);
    }
  }

  /** Looks at the queue of a child that has just spoken: one that holds too much falls behind. */
  inspect(child: Child, bufferedBytes: number): void {
    for (const { mode, renditionId } of child.subscriptions) {
      if (mode !== 'live') continue;
      if (bufferedBytes > this.#backlogBytesMax(renditionId)) return this.lag(child);
    }
    this.writable(child, bufferedBytes);
  }

  /** The child cannot keep up: nothing more until its queue has drained, then on from a newer keyframe. */
  lag(child: Child): void {
    child.creditBytes = 0;
    for (const subscription of child.subscriptions) {
      if (subscription.mode === 'live') this.#attach(child, subscription, 'detach');
      else if (subscription.mode !== 'bursting') continue;
      this.#lagCount++;
      subscription.mode = 'lagging';
      const window = this.#source?.window(subscription.renditionId);
      subscription.group = window?.newestGroup ?? subscription.group;
      subscription.cursor = window?.arrivalEnd ?? 0;
    }
  }

  #advance(child: Child, subscription: Subscription): void {
    const window = this.#source?.window(subscription.renditionId);
    if (!window) return;
    const newest = window.newestGroup;
    const limit = this.#backlogBytesMax(subscription.renditionId, subscription.behindMs);
    // While the link was blocked a newer group began, and what is left of the old one would only be delay.
    if (newest !== undefined && newest > subscription.group && window.bytesFrom(subscription.cursor) > limit)
      subscription.group = newest;
    for (;;) {
      const next = window.nextArrival(subscription.cursor, subscription.group);
      if (!next) break;
      const { message, header } = next.piece;
      const { stripeMask, from } = subscription;
      const isWanted = header.sequence >= from && this.#isInMask(header.sequence, stripeMask);
      if (isWanted && child.creditBytes < message.length) return;
      subscription.cursor = next.arrival + 1;
      if (!isWanted) continue;
      child.creditBytes -= message.length;
      this.#context.emit({ kind: 'transmit', link: child.link, bytes: message });
    }
    subscription.mode = 'live';
    this.#attach(child, subscription, 'attach');
  }

  #attach(
    child: Child,
    subscription: Subscription,
    kind: 'attach' | 'detach',
    isMeant: (stripe: number) => boolean = () => true,
  ): void {
    for (const [stripe, topic] of this.#topicsOf(subscription.renditionId).entries())
      if (this.#isInMask(stripe, subscription.stripeMask) && isMeant(stripe))
        this.#context.emit({ kind, link: child.link, topic });
  }

  #firstGroup(subscription: Subscription): number | undefined {
    const window = this.#source?.window(subscription.renditionId);
    const broadcastMs = this.#clock.broadcastAt(this.#context.now);
    if (subscription.behindMs === 0 || subscription.group !== -1 || broadcastMs === undefined)
      return window?.newestGroup;
    return window?.groupBefore(broadcastMs - subscription.behindMs);
  }

  /** Bytes in a link's queue, or still to be sent on it, beyond which it is behind. */
  #backlogBytesMax(renditionId: number, behindMs = 0): number {
    const bitrate = this.#source?.bitrate(renditionId) || BITRATE_DEFAULT;
    return Math.max(BACKLOG_BYTES_MIN, (bitrate / 8000) * (BACKLOG_MS_MAX + behindMs));
  }

  #isInMask(sequence: number, stripeMask: number): boolean {
    const stripe = stripeOf(sequence, this.#source?.stripeCount ?? 1);
    return stripeMask === 0 || (stripeMask & (1 << stripe)) !== 0;
  }

  #topicsOf(renditionId: number): readonly string[] {
    const known = this.#topics.get(renditionId);
    if (known) return known;
    const topics = Array.from(
      { length: this.#source?.stripeCount ?? 1 },
      (_, stripe) => `${this.#context.topicPrefix}${renditionId}/${stripe}`,
    );
    this.#topics.set(renditionId, topics);
    return topics;
  }
}
