/** One rendition of one epoch at one viewer: what is missing, whom to ask for it, and which source has failed. */

import { assert } from '../assert.js';
import { STRIPES_MAX } from '../limits.js';
import { stripeOf } from '../piece/header.js';
import type { LinkId } from '../session/io.js';
import { addMs, type MonoMs, monoMs } from '../time.js';
import type { NeighbourView } from './choose.js';
import { FailureWatch } from './failure-watch.js';
import { type Gap, interpolateCapture } from './gap.js';
import { requestAt } from './lag.js';
import {
  QUIET_SEQUENCES,
  REPAIR_OVERTIME_MS,
  REPAIR_RESERVE_MS,
  REPAIR_RESERVE_RTT_MS,
  REPAIR_WINDOW,
  REQUEST_SEQUENCES_MAX,
  SLEEP_MS,
  SWITCH_GRACE_MS,
  UNKNOWN_CLOCK_SHARE,
} from './limits.js';
import { LinkBook } from './link-book.js';
import { Requester } from './requester.js';
import { type LateRun, StripeState } from './stripe-state.js';

/** What the watch wants done. */
export type RepairAction =
  | { readonly kind: 'request'; readonly link: LinkId; readonly sequences: readonly number[] }
  /** Leave the stripe's present source. Said again after a time of grace if the source stays and so does its failure. */
  | { readonly kind: 'switch'; readonly stripe: number; readonly why: 'late' | 'silent' }
  /**
   * Nothing comes from anybody: find out which neighbours are there, before one must stand in, and ask the relay for what
   * should come next. Without a later piece nothing tells a source that fails from a broadcast that halts.
   */
  | { readonly kind: 'probe'; readonly sequences: readonly number[] };

/** Counters since the watch was made. */
export type RepairStats = {
  /** Sequences asked for, each counted as often as it was. */
  readonly requested: number;
  /** Pieces that came from somebody who was asked. */
  readonly repaired: number;
  /** Pieces that were overdue. */
  readonly late: number;
  /** Pieces that did not come while they were of use, or fell out of the window. */
  readonly givenUp: number;
};

/** A piece as far as the watch needs it. */
export type SeenPiece = { readonly sequence: number; readonly captureMs: number };

/** How long the rate of pieces is measured before it is taken. */
const RATE_SPAN_MS = 1_000;

/**
 * Tell it what comes and who owes what, then drain {@link poll}; call that again at {@link nextTimeout}. At most
 * {@link REPAIR_WINDOW} sequences are kept account of; what falls out of that window is given up.
 */
export class StripeWatch {
  readonly #stripeCount: number;
  readonly #stripes: StripeState[];
  readonly #links = new LinkBook();
  readonly #requester = new Requester(this.#links);
  readonly #failures: FailureWatch;
  /** In rising order of their sequences. */
  readonly #gaps = new Map<number, Gap>();
  /** When each sequence of the window became known, and which sequence the slot speaks of. */
  readonly #knownAt = new Float64Array(REPAIR_WINDOW);
  readonly #knownSequence = new Float64Array(REPAIR_WINDOW).fill(-1);
  #playoutLagMs: number;
  #start: number | undefined;
  #highest: SeenPiece | undefined;
  /** Broadcaster's clock minus this node's. */
  #clockOffsetMs: number | undefined;
  #rateMark: { at: MonoMs; sequence: number } | undefined;
  /** Until then the lags of the stripes shift against each other. */
  #unsettledUntil: MonoMs = monoMs(0);
  #relay: LinkId | undefined;
  /** What must be left to a deadline for a request to make sense. */
  #reserveMs: number = REPAIR_RESERVE_MS;
  #actions: RepairAction[] = [];
  #dueAt = Number.POSITIVE_INFINITY;
  #repaired = 0;
  #late = 0;
  #givenUp = 0;

  constructor(options: { readonly stripeCount: number; readonly playoutLagMs: number }) {
    assert(options.stripeCount >= 1 && options.stripeCount <= STRIPES_MAX, 'a mask holds every stripe');
    this.#stripeCount = options.stripeCount;
    this.#playoutLagMs = options.playoutLagMs;
    this.#stripes = Array.from({ length: options.stripeCount }, () => new StripeState(options.stripeCount));
    this.#failures = new FailureWatch(this.#stripes, this.#links);
  }

  /** Counters. */
  get stats(): RepairStats {
    const { requested } = this.#requester;
    return { requested, repaired: this.#repaired, late: this.#late, givenUp: this.#givenUp };
  }

  /** Pieces known to be missing, at most {@link REPAIR_WINDOW}. */
  get missingCount(): number {
    return this.#gaps.size;
  }

  /** How far behind capture this viewer plays. */
  setPlayoutLag(ms: number): void {
    this.#playoutLagMs = ms;
  }

  /** Whether pieces are to be expected: a pause of the broadcast is nobody's failure. */
  setLive(now: MonoMs, isLive: boolean): void {
    this.#failures.setLive(now, isLive);
    this.#wake(now);
  }

  /**
   * The stripe is owed by this link from now on (`undefined`: by nobody). Resets its lateness, gives the new source a
   * time of grace and holds requests back for a moment. Telling the same source again changes nothing.
   */
  setSource(now: MonoMs, stripe: number, link: LinkId | undefined): void {
    const state = this.#stripes[stripe];
    assert(state !== undefined, 'the stripe exists');
    if (state.source === link) return;
    if (state.source !== undefined) this.#links.of(state.source).debt = undefined;
    state.setSource(now, link);
    this.#unsettledUntil = addMs(now, SWITCH_GRACE_MS);
    this.#actions = this.#actions.filter((action) => action.kind !== 'switch' || action.stripe !== stripe);
    for (const gap of this.#gaps.values())
      if (gap.stripe === stripe && gap.tries === 0)
        gap.nextAt = Math.max(gap.nextAt, this.#heldUntil(gap, state));
    this.#wake(now);
  }

  /** Something else came from the link: it is there, even if pieces of it are lost on their way. */
  heard(now: MonoMs, link: LinkId): void {
    this.#links.heard(now, link);
  }

  /** A verified piece, new to this node. `broadcastNow`: the broadcaster's clock, if known. */
  arrived(now: MonoMs, piece: SeenPiece, link: LinkId, broadcastNow: number | undefined): void {
    const { sequence, captureMs } = piece;
    if (broadcastNow !== undefined) this.#clockOffsetMs = broadcastNow - now;
    this.#links.heard(now, link);
    this.#start ??= sequence;
    if (sequence < this.#start) return;
    // What was asked for shows that the broadcast goes on, not that those do who should push it.
    if (this.#stripes[stripeOf(sequence, this.#stripeCount)]?.source === link) this.#progress(now);
    else if (link === this.#relay) this.#answered(now);
    if (!this.#highest || sequence > this.#highest.sequence) this.#extend(now, { sequence, captureMs });
    this.#delivered(now, sequence, link);
    const gap = this.#gaps.get(sequence);
    if (!gap) return;
    if (gap.tries > 0 && link !== this.#stripes[gap.stripe]?.source) this.#repaired++;
    this.#requester.close(gap, gap.asked === link ? 'served' : 'moot');
    this.#gaps.delete(sequence);
  }

  /**
   * A piece that is here came once more. Optional, but without it a source whose pieces are always overtaken by repairs
   * looks silent, and its lag is not learnt.
   */
  duplicate(now: MonoMs, sequence: number, link: LinkId): void {
    this.#links.heard(now, link);
    const state = this.#stripes[stripeOf(sequence, this.#stripeCount)];
    const knownAt = this.#knownAtOf(sequence);
    if (state?.source !== link) return;
    this.#progress(now);
    if (knownAt !== undefined) state.addLag(knownAt, now - knownAt, 0);
  }

  /** Sequences below this one are not needed: given up, or before the point of joining. Only ever rises. */
  startAt(sequence: number): void {
    if (sequence <= (this.#start ?? -1)) return;
    this.#start = sequence;
    for (const gap of this.#gaps.values()) {
      if (gap.sequence >= sequence) break;
      this.#drop(gap);
    }
  }

  /** That neighbour does not have what it was asked for. What it was not asked for is ignored. */
  missing(now: MonoMs, link: LinkId, sequences: readonly number[]): void {
    // Said of all that was asked for, so the first is enough to look at.
    if (link === this.#relay && sequences[0] === this.#nextSequences()[0]) {
      this.#failures.nothingNew(now);
      this.#wake(now);
    }
    const count = Math.min(sequences.length, REQUEST_SEQUENCES_MAX);
    for (let i = 0; i < count; i++) {
      const gap = this.#gaps.get(sequences[i] ?? -1);
      if (gap?.asked !== link) continue;
      this.#requester.close(gap, 'failed');
      gap.nextAt = now;
      this.#wake(now);
    }
  }

  /** The link is gone: it owes nothing, and what was asked of it is asked of others. */
  linkLost(now: MonoMs, link: LinkId): void {
    for (const [stripe, state] of this.#stripes.entries())
      if (state.source === link) this.setSource(now, stripe, undefined);
    this.#actions = this.#actions.filter((action) => action.kind !== 'request' || action.link !== link);
    for (const gap of this.#gaps.values()) {
      if (gap.asked !== link) continue;
      gap.asked = undefined;
      gap.nextAt = now;
    }
    this.#links.forget(link);
    this.#wake(now);
  }

  /** The next thing to do; drain until `undefined`. */
  poll(now: MonoMs, neighbours: readonly NeighbourView[]): RepairAction | undefined {
    if (this.#actions.length === 0 && now >= this.#dueAt) this.#evaluate(now, neighbours);
    return this.#actions.shift();
  }

  /** When {@link poll} has something to do if nothing comes. */
  nextTimeout(): MonoMs | undefined {
    return this.#dueAt === Number.POSITIVE_INFINITY ? undefined : monoMs(this.#dueAt);
  }

  /** Whether the piece is known to exist, missing and not given up. */
  isWaitingFor(sequence: number): boolean {
    return this.#gaps.has(sequence);
  }

  /** The lowest sequence of the stripe that is still needed: where a new source is to begin. */
  nextNeeded(stripe: number): number {
    for (const gap of this.#gaps.values()) if (gap.stripe === stripe) return gap.sequence;
    const from = Math.max(this.#start ?? 0, (this.#highest?.sequence ?? -1) + 1);
    return from + ((stripe - stripeOf(from, this.#stripeCount) + this.#stripeCount) % this.#stripeCount);
  }

  /** How long until the lowest piece of the stripe that is still needed is to be shown. */
  spareMs(now: MonoMs, stripe: number): number {
    for (const gap of this.#gaps.values()) if (gap.stripe === stripe) return this.#deadlineAt(gap) - now;
    return (this.#newestDeadlineAt() ?? now + this.#playoutLagMs) - now;
  }

  #progress(now: MonoMs): void {
    this.#failures.progress(now);
    this.#wake(this.#failures.quietAt());
  }

  #answered(now: MonoMs): void {
    this.#failures.answered(now);
    this.#wake(this.#failures.quietAt());
  }

  /** A higher sequence than any before: it is here, and those between are known to exist. */
  #extend(now: MonoMs, piece: SeenPiece): void {
    const start = this.#start ?? piece.sequence;
    const below = this.#highest ?? { sequence: start - 1, captureMs: piece.captureMs };
    this.#highest = piece;
    this.#measureRate(now, piece.sequence);
    const windowFrom = piece.sequence - REPAIR_WINDOW + 1;
    for (const gap of this.#gaps.values()) {
      if (gap.sequence >= windowFrom) break;
      this.#giveUp(gap);
    }
    const from = Math.max(start, below.sequence + 1);
    if (windowFrom > from) this.#givenUp += windowFrom - from;
    for (let sequence = Math.max(from, windowFrom); sequence <= piece.sequence; sequence++) {
      this.#knownAt[sequence % REPAIR_WINDOW] = now;
      this.#knownSequence[sequence % REPAIR_WINDOW] = sequence;
      if (sequence < piece.sequence) this.#open(now, sequence, below, piece);
    }
  }

  #open(now: MonoMs, sequence: number, below: SeenPiece, above: SeenPiece): void {
    const stripe = stripeOf(sequence, this.#stripeCount);
    const state = this.#stripes[stripe];
    if (!state) return;
    const lateAt = now + state.allowanceMs(now < this.#unsettledUntil);
    const gap: Gap = {
      sequence,
      stripe,
      knownAt: now,
      captureMs: interpolateCapture(sequence, below, above),
      captured: { fromMs: below.captureMs, toMs: above.captureMs },
      lateAt,
      isLate: false,
      passedAt: undefined,
      nextAt: lateAt,
      tries: 0,
      tried: [],
      asked: undefined,
    };
    const deadlineAt = this.#deadlineAt(gap);
    if (deadlineAt + REPAIR_OVERTIME_MS <= now) {
      this.#givenUp++;
      return;
    }
    gap.nextAt = Math.max(requestAt(now, lateAt, deadlineAt, this.#reserveMs), this.#heldUntil(gap, state));
    this.#gaps.set(sequence, gap);
    if (state.source !== undefined && state.isOwed(now))
      this.#links.owes(state.source, now + state.meanLagMs, gap.captured);
    this.#wake(Math.min(lateAt, gap.nextAt, deadlineAt + REPAIR_OVERTIME_MS));
    this.#wake(this.#failures.nextAt(this.#relay));
  }

  /** What the arrival says about the stripe's source: its lag, whether it was in time, and what it has passed over. */
  #delivered(now: MonoMs, sequence: number, link: LinkId): void {
    const stripe = stripeOf(sequence, this.#stripeCount);
    const state = this.#stripes[stripe];
    const knownAt = this.#knownAtOf(sequence);
    if (!state || state.source !== link || knownAt === undefined) return;
    const own = this.#gaps.get(sequence);
    state.addLag(knownAt, now - knownAt, now - (own?.passedAt ?? now));
    // Neither the first of all to come nor missed: it was given up, and comes too late.
    if (now < (own?.lateAt ?? knownAt + 1)) state.onTime(sequence, knownAt);
    for (const gap of this.#gaps.values()) {
      if (gap.sequence >= sequence) break;
      if (gap.stripe !== stripe || gap.passedAt !== undefined) continue;
      if (!state.isOwed(gap.knownAt)) continue;
      gap.passedAt = now;
      if (gap.isLate) continue;
      gap.lateAt = Math.min(gap.lateAt, now + state.reorderMs);
      if (gap.tries === 0) gap.nextAt = Math.min(gap.nextAt, gap.lateAt);
      this.#wake(gap.lateAt);
    }
  }

  #evaluate(now: MonoMs, neighbours: readonly NeighbourView[]): void {
    // Silence while this node slept proves nothing. Arrivals make `poll` run as well, so it is never late otherwise.
    if (now - this.#dueAt > SLEEP_MS) this.#failures.forgive(now);
    const relay = neighbours.find(({ isRelay }) => isRelay);
    this.#relay = relay?.link;
    this.#reserveMs = Math.max(REPAIR_RESERVE_MS, (relay?.rttMs ?? 0) + REPAIR_RESERVE_RTT_MS);
    const due: { gap: Gap; source: LinkId | undefined; timeLeftMs: number }[] = [];
    for (const gap of this.#gaps.values()) {
      const timeLeftMs = this.#deadlineAt(gap) - now;
      const isOver = timeLeftMs + REPAIR_OVERTIME_MS <= 0;
      if (isOver) this.#giveUp(gap);
      if (!gap.isLate && gap.lateAt <= now) this.#markLate(now, gap);
      if (!isOver && gap.nextAt <= now)
        due.push({ gap, source: this.#stripes[gap.stripe]?.source, timeLeftMs });
    }
    for (const { link, sequences } of due.length > 0 ? this.#requester.plan(now, due, neighbours) : [])
      this.#actions.push({ kind: 'request', link, sequences });
    for (
      let next = this.#failures.silent(now, this.#relay);
      next;
      next = this.#failures.silent(now, this.#relay)
    )
      this.#actions.push({ kind: 'switch', ...next });
    if (this.#failures.quiet(now)) {
      const sequences = this.#requester.mayAsk(now, QUIET_SEQUENCES) ? this.#nextSequences() : [];
      this.#actions.push({ kind: 'probe', sequences });
    }
    this.#dueAt = this.#failures.nextAt(this.#relay);
    for (const gap of this.#gaps.values())
      this.#wake(
        Math.min(
          gap.nextAt,
          gap.isLate ? gap.nextAt : gap.lateAt,
          this.#deadlineAt(gap) + REPAIR_OVERTIME_MS,
        ),
      );
    this.#wake(this.#failures.quietAt());
  }

  #markLate(now: MonoMs, gap: Gap): void {
    gap.isLate = true;
    this.#late++;
    const state = this.#stripes[gap.stripe];
    if (!state || state.source === undefined || !state.isOwed(gap.knownAt)) return;
    this.#links.of(state.source).lateAt = now;
    const run: LateRun | undefined = state.markLate(now, gap);
    const failure = run && this.#failures.late(now, gap.stripe, run, this.#relay);
    if (failure) this.#actions.push({ kind: 'switch', ...failure });
  }

  /** A new source is given a moment to deliver, as far as the deadline leaves one. */
  #heldUntil(gap: Gap, state: StripeState): number {
    return requestAt(gap.knownAt, state.holdUntil, this.#deadlineAt(gap), this.#reserveMs);
  }

  /** When the piece is to be shown, on this node's clock. */
  #deadlineAt(gap: Gap): number {
    return this.#clockOffsetMs === undefined
      ? gap.knownAt + this.#playoutLagMs * UNKNOWN_CLOCK_SHARE
      : gap.captureMs + this.#playoutLagMs - this.#clockOffsetMs;
  }

  /** The same of the newest piece that came: what follows it has hardly longer. */
  #newestDeadlineAt(): number | undefined {
    if (this.#highest === undefined || this.#clockOffsetMs === undefined) return undefined;
    return this.#highest.captureMs + this.#playoutLagMs - this.#clockOffsetMs;
  }

  /** What should come next. */
  #nextSequences(): number[] {
    const first = Math.max(this.#start ?? 0, (this.#highest?.sequence ?? -1) + 1);
    return Array.from({ length: QUIET_SEQUENCES }, (_, index) => first + index);
  }

  #giveUp(gap: Gap): void {
    this.#drop(gap);
    this.#givenUp++;
  }

  #drop(gap: Gap): void {
    this.#requester.close(gap, 'moot');
    this.#gaps.delete(gap.sequence);
  }

  #knownAtOf(sequence: number): number | undefined {
    const slot = sequence % REPAIR_WINDOW;
    return this.#knownSequence[slot] === sequence ? this.#knownAt[slot] : undefined;
  }

  #measureRate(now: MonoMs, sequence: number): void {
    this.#rateMark ??= { at: now, sequence };
    const elapsedMs = now - this.#rateMark.at;
    if (elapsedMs < RATE_SPAN_MS) return;
    this.#requester.setPieceRate(now, ((sequence - this.#rateMark.sequence) * 1000) / elapsedMs);
    this.#rateMark = { at: now, sequence };
  }

  #wake(at: number): void {
    this.#dueAt = Math.min(this.#dueAt, at);
  }
}
