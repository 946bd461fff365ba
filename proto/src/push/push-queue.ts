/** What a viewer sends to its children, in the order in which it does most good. */

import type { LinkId } from '../session/io.js';
import { type MonoMs, monoMs } from '../time.js';
import { ChildQueue, type PushEntry, type PushJob } from './child-queue.js';
import {
  PUSH_CHILD_BYTES_MAX,
  PUSH_CHILD_JOBS_MAX,
  PUSH_CHILDREN_MAX,
  PUSH_DELAY_GAIN,
  PUSH_IN_FLIGHT_BYTES_MAX,
  PUSH_IN_FLIGHT_BYTES_MIN,
  PUSH_IN_FLIGHT_MS,
  PUSH_SLOW_DROPS,
  PUSH_TOTAL_BYTES_MAX,
  PUSH_UPLINK_BPS_MIN,
  PUSH_UPLINK_BPS_START,
} from './limits.js';
import { comparePush, compareTardy } from './order.js';

/** Counters of a push queue since it was made. */
export type PushStats = {
  /** Messages handed out. */
  readonly sent: number;
  /** Jobs that could not have arrived by their deadline. */
  readonly droppedLate: number;
  /** Jobs that did not fit, or were for a child that is not there. */
  readonly droppedOverflow: number;
  /** Smoothed time from {@link PushQueue.push} to {@link PushQueue.poll}. */
  readonly queueDelayMs: number;
  /** Bytes that wait at this moment. */
  readonly queuedBytes: number;
};

/** Bytes that may be in flight in all links together at this uplink; one link may hold half of it. */
export function inFlightBytesMax(uplinkBps: number): number {
  const bytes = (uplinkBps / 8000) * PUSH_IN_FLIGHT_MS;
  return Math.min(PUSH_IN_FLIGHT_BYTES_MAX, Math.max(PUSH_IN_FLIGHT_BYTES_MIN, bytes));
}

/**
 * All children share one uplink, and the order of what is already in a link's queue cannot be changed: so little is
 * put there at a time. Call {@link buffered} with every report of a link's queue, then drain {@link poll}; call it
 * again at {@link nextTimeout}. A link takes the next job while it is below its limit, so the limit may be exceeded
 * by less than one message.
 *
 * An operation costs O(log n) for the n jobs of one child, and one look at each of at most
 * {@link PUSH_CHILDREN_MAX} children.
 */
export class PushQueue {
  readonly #children = new Map<LinkId, ChildQueue>();
  /** The same, to be walked without an iterator. */
  #list: ChildQueue[] = [];
  #uplinkBps: number;
  #order = 0;
  #queuedBytes = 0;
  #sent = 0;
  #droppedLate = 0;
  #droppedOverflow = 0;
  #queueDelayMs = 0;
  #isStarted = false;
  /** As of the last {@link poll}. */
  #lastPoll: MonoMs = monoMs(0);
  #lastInFlight = 0;

  /** `uplinkBps`: usable bits per second, as far as known; {@link setUplink} follows it. */
  constructor(options: { readonly uplinkBps?: number } = {}) {
    this.#uplinkBps = Math.max(PUSH_UPLINK_BPS_MIN, options.uplinkBps ?? PUSH_UPLINK_BPS_START);
  }

  /** Counters. */
  get stats(): PushStats {
    return {
      sent: this.#sent,
      droppedLate: this.#droppedLate,
      droppedOverflow: this.#droppedOverflow,
      queueDelayMs: this.#queueDelayMs,
      queuedBytes: this.#queuedBytes,
    };
  }

  /** Bytes handed out and not yet reported as gone, of all children: what an uplink meter should be told. */
  get inFlightBytes(): number {
    let bytes = 0;
    for (const child of this.#list) bytes += child.inFlightBytes;
    return bytes;
  }

  /** The estimate of the uplink has changed: bounds what is in flight, and tells what can still arrive in time. */
  setUplink(uplinkBps: number): void {
    this.#uplinkBps = Math.max(PUSH_UPLINK_BPS_MIN, uplinkBps);
  }

  /**
   * Adds a child or changes what is known of it; jobs that wait keep their place. `weight`: viewers in its subtree,
   * itself included; `delayMs`: one way to it. Beyond {@link PUSH_CHILDREN_MAX} children a new one is not taken.
   */
  setChild(link: LinkId, weight: number, delayMs = 0): void {
    let child = this.#children.get(link);
    if (!child) {
      if (this.#list.length >= PUSH_CHILDREN_MAX) return;
      child = new ChildQueue(link);
      this.#children.set(link, child);
      this.#list.push(child);
    }
    child.weight = weight;
    child.delayMs = delayMs;
  }

  /** Forgets a child and what waits for it. */
  removeChild(link: LinkId): void {
    const child = this.#children.get(link);
    if (!child) return;
    this.#queuedBytes -= child.queuedBytes;
    this.#children.delete(link);
    this.#list = this.#list.filter((other) => other !== child);
  }

  /** Queues a job. Where it does not fit, what has the least chance to arrive in time goes: perhaps this one. */
  push(now: MonoMs, link: LinkId, job: PushJob): void {
    const child = this.#children.get(link);
    if (!child) {
      this.#droppedOverflow++;
      return;
    }
    child.push(now, job, this.#order++);
    this.#queuedBytes += job.bytes.length;
    while (child.queuedBytes > PUSH_CHILD_BYTES_MAX || child.size > PUSH_CHILD_JOBS_MAX)
      this.#overflow(child);
    while (this.#queuedBytes > PUSH_TOTAL_BYTES_MAX) this.#overflow(this.#leastHopeful());
  }

  /** `bufferedBytes` of that link as its adapter reports it, everything polled before included. */
  buffered(link: LinkId, bufferedBytes: number): void {
    this.#children.get(link)?.reported(bufferedBytes);
  }

  /** The next message to send, while the links take one. Drops what cannot arrive in time. */
  poll(now: MonoMs): { link: LinkId; bytes: Uint8Array } | undefined {
    const inFlight = this.#inFlightBytes(now);
    const totalMax = inFlightBytesMax(this.#uplinkBps);
    let best: ChildQueue | undefined;
    for (const child of this.#list) {
      this.#dropLate(now, child, inFlight);
      if (child.size === 0 || child.inFlightBytes >= totalMax / 2 || inFlight >= totalMax) continue;
      if (!best || isBefore(child, best)) best = child;
    }
    const entry = best?.take();
    if (!best || !entry) return undefined;
    const { bytes, pushedAt } = entry;
    this.#queuedBytes -= bytes.length;
    best.sent(now, bytes.length);
    best.drops = 0;
    this.#sent++;
    const gain = this.#isStarted ? PUSH_DELAY_GAIN : 1;
    this.#isStarted = true;
    this.#queueDelayMs += gain * (now - pushedAt - this.#queueDelayMs);
    return { link: best.link, bytes };
  }

  /** When {@link poll} drops something, or a stuck link stops counting, if nothing happens before. */
  nextTimeout(): MonoMs | undefined {
    let next = Number.POSITIVE_INFINITY;
    const inFlight = this.#lastInFlight;
    for (const child of this.#list) {
      const { head } = child;
      if (head) next = Math.min(next, this.#lateAt(child, head, inFlight));
      const stuckAt = child.stuckAt(this.#lastPoll);
      if (this.#queuedBytes > 0 && stuckAt !== undefined && stuckAt > this.#lastPoll)
        next = Math.min(next, stuckAt);
    }
    return next === Number.POSITIVE_INFINITY ? undefined : monoMs(next);
  }

  /**
   * Children for which the last {@link PUSH_SLOW_DROPS} jobs or more were dropped, though there had been time: the relay
   * should move them. Each is told once, and again after as many more.
   */
  takeSlowChildren(): readonly LinkId[] {
    const slow = this.#list.filter(({ drops }) => drops >= PUSH_SLOW_DROPS);
    for (const child of slow) child.drops = 0;
    return slow.map(({ link }) => link);
  }

  /** What is in flight and still moves: what sits in a stuck link takes no uplink from the others. */
  #inFlightBytes(now: MonoMs): number {
    let bytes = 0;
    for (const child of this.#list) {
      const stuckAt = child.stuckAt(now);
      if (stuckAt !== undefined && now < stuckAt) bytes += child.inFlightBytes;
    }
    this.#lastPoll = now;
    this.#lastInFlight = bytes;
    return bytes;
  }

  /**
   * From this time on the job cannot arrive by its deadline. An idle uplink is always tried, whatever the estimate
   * says: only sending can show that the estimate is too low.
   */
  #lateAt(child: ChildQueue, entry: PushEntry, inFlightBytes: number): number {
    return entry.deadlineMs - child.delayMs - this.#sendMs(entry.bytes.length, inFlightBytes);
  }

  #sendMs(bytes: number, inFlightBytes: number): number {
    return inFlightBytes === 0 ? 0 : ((inFlightBytes + bytes) * 8000) / this.#uplinkBps;
  }

  #dropLate(now: MonoMs, child: ChildQueue, inFlightBytes: number): void {
    child.setBack(now, this.#sendMs(0, inFlightBytes));
    for (;;) {
      const { head } = child;
      if (!head || now < this.#lateAt(child, head, inFlightBytes)) return;
      child.take();
      this.#queuedBytes -= head.bytes.length;
      // What came too late to this node says nothing of the child.
      if (head.pushedAt < head.deadlineMs - child.delayMs) child.drops++;
      this.#droppedLate++;
    }
  }

  #overflow(child: ChildQueue | undefined): void {
    const entry = child?.takeVictim();
    if (!child || !entry) return;
    this.#queuedBytes -= entry.bytes.length;
    child.drops++;
    this.#droppedOverflow++;
  }

  #leastHopeful(): ChildQueue | undefined {
    let least: ChildQueue | undefined;
    for (const child of this.#list) {
      if (child.size === 0) continue;
      if ((child.victim?.deadlineMs ?? 0) < (least?.victim?.deadlineMs ?? Number.POSITIVE_INFINITY))
        least = child;
    }
    return least;
  }
}

/** Whether the next job of `a` goes before that of `b`: what is in time before what fell behind. */
function isBefore(a: ChildQueue, b: ChildQueue): boolean {
  const { head: first } = a;
  const { head: second } = b;
  if (!first || !second) return first !== undefined;
  if (a.isTardy !== b.isTardy) return b.isTardy;
  return (a.isTardy ? compareTardy(first, second) : comparePush(first, second)) < 0;
}
