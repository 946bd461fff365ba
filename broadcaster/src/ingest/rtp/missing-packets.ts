/** Which packets of a track are missing, since when, and when they are to be asked for (again). */

import { MISSING_MAX, NACK_RETRY_MS_MIN, NACK_TRIES_MAX } from './limits.js';

type Missing = { readonly since: number; sentAt: number; tries: number };

/** Round trips get this much more before a request counts as lost. */
const RETRY_FACTOR = 1.1;
const RETRY_EXTRA_MS = 5;
/** Each further request waits this share longer. */
const BACKOFF_SHARE = 0.25;

/** The longest that a first request waits for a packet that may only have been overtaken, ms. */
const OVERTAKEN_MS_MAX = 20;
/** Each packet that was really lost takes this share off that wait. */
const OVERTAKEN_DECAY = 0.9;
const OVERTAKEN_EXTRA_MS = 1;

const ROUND_TRIP_MS_INITIAL = 100;
const ROUND_TRIP_MS_MAX = 1_000;
const ROUND_TRIP_WEIGHT = 0.125;

/** The time from a request to its answer, smoothed; shared by the tracks of one transport. */
export class RoundTrip {
  #ms: number | undefined;

  /** Milliseconds; a cautious guess before the first answer. */
  get ms(): number {
    return this.#ms ?? ROUND_TRIP_MS_INITIAL;
  }

  /** Takes an answer into account. */
  handleSample(ms: number): void {
    const bounded = Math.min(ROUND_TRIP_MS_MAX, Math.max(0, ms));
    this.#ms = this.#ms === undefined ? bounded : this.#ms + (bounded - this.#ms) * ROUND_TRIP_WEIGHT;
  }
}

/** Sequence numbers here are unwrapped. */
export class MissingPackets {
  readonly #entries = new Map<number, Missing>();
  readonly #roundTrip: RoundTrip;
  /** First requests wait this long: 0 where packets keep their order. */
  #overtakenMs = 0;

  /** Requests are repeated by `roundTrip`, which their answers feed. */
  constructor(roundTrip: RoundTrip) {
    this.#roundTrip = roundTrip;
  }

  /** Packets missing at present. */
  get size(): number {
    return this.#entries.size;
  }

  /** Notes the packets from `first` up to but without `end`; those beyond `MISSING_MAX` are not noted. */
  add(now: number, first: number, end: number): void {
    for (let sequence = first; sequence < end && this.#entries.size < MISSING_MAX; sequence++) {
      this.#entries.set(sequence, { since: now, sentAt: 0, tries: 0 });
    }
  }

  /** The same for packets that may never have been sent: they are not asked for. */
  addUnsure(now: number, first: number, end: number): void {
    for (let sequence = first; sequence < end; sequence++)
      this.#entries.set(sequence, { since: now, sentAt: now, tries: NACK_TRIES_MAX });
  }

  /**
   * The packet has come; `isOwn` when not as a retransmission of its own stream. True when it came because it was
   * asked for. One that came sooner than an answer can was only overtaken, and makes later requests wait a little.
   */
  remove(now: number, sequence: number, isOwn: boolean): boolean {
    const entry = this.#entries.get(sequence);
    if (entry === undefined) return false;
    this.#entries.delete(sequence);
    if (isOwn && (entry.tries === 0 || now - entry.sentAt < this.#roundTrip.ms / 2)) {
      const missingMs = now - entry.since + OVERTAKEN_EXTRA_MS;
      this.#overtakenMs = Math.min(OVERTAKEN_MS_MAX, Math.max(this.#overtakenMs, missingMs));
      return false;
    }
    this.#overtakenMs *= OVERTAKEN_DECAY;
    if (this.#overtakenMs < OVERTAKEN_EXTRA_MS) this.#overtakenMs = 0;
    // After a second request nobody knows which of them was answered.
    if (entry.tries === 1) this.#roundTrip.handleSample(now - entry.sentAt);
    return entry.tries > 0;
  }

  /** Since when `sequence` is missing; `undefined` when it was never noted. */
  since(sequence: number): number | undefined {
    return this.#entries.get(sequence)?.since;
  }

  /** Forgets all below `sequence`: they have been given up. */
  dropBelow(sequence: number): void {
    for (const missing of this.#entries.keys()) if (missing < sequence) this.#entries.delete(missing);
  }

  /** Forgets all. */
  clear(): void {
    this.#entries.clear();
  }

  /** What is to be asked for now, ascending, counted as asked for; at most `countMax`. */
  takeDue(now: number, countMax: number): number[] {
    const due: number[] = [];
    for (const [sequence, entry] of this.#entries) {
      if (due.length >= countMax) break;
      if (this.#dueAt(entry) > now) continue;
      entry.tries += 1;
      entry.sentAt = now;
      due.push(sequence);
    }
    return due;
  }

  /** When something is to be asked for next. */
  nextDue(): number | undefined {
    let next = Number.POSITIVE_INFINITY;
    for (const entry of this.#entries.values()) next = Math.min(next, this.#dueAt(entry));
    return Number.isFinite(next) ? next : undefined;
  }

  #dueAt(entry: Missing): number {
    if (entry.tries === 0) return entry.since + this.#overtakenMs;
    if (entry.tries >= NACK_TRIES_MAX) return Number.POSITIVE_INFINITY;
    const wait = Math.max(NACK_RETRY_MS_MIN, this.#roundTrip.ms * RETRY_FACTOR + RETRY_EXTRA_MS);
    return entry.sentAt + wait * (1 + BACKOFF_SHARE * (entry.tries - 1));
  }
}
