/**
 * When a stripe's source has failed. Time alone is no proof: a stripe has a piece now and then, in bursts. That other
 * stripes go on while it does not is one.
 *
 * - *late*: several pieces in a row, of different chunks, overdue: two of a source that has sent nothing since, more
 *   of one that goes on sending. What a burst of loss takes is not enough.
 * - *silent*: a source that owes two chunks has sent nothing at all for a while.
 * - All sources silent: nothing came from anybody for longer than usual, and the broadcast is live.
 */

import type { LinkId } from '../session/io.js';
import type { MonoMs } from '../time.js';
import { allSilentMs, quietMs, RunningMean } from './lag.js';
import {
  COMMON_LATE_MS,
  COMMON_SPAN_MS,
  LATE_RUN_TALKING,
  PAUSES_MAX,
  QUIET_ANSWER_MS,
  RELAY_SILENT_MS,
  SILENT_MS,
} from './limits.js';
import type { LinkBook } from './link-book.js';
import type { LateRun, StripeState } from './stripe-state.js';

/** Leave the stripe's present source. */
export type Switch = { readonly stripe: number; readonly why: 'late' | 'silent' };

/**
 * Several sources late at once, and more than half of them: then it is this node's own downlink, or one stripe that
 * has become faster than the rest. To leave them all would help nobody.
 */
export function isCommonLateness(lateCount: number, sourceCount: number): boolean {
  return lateCount >= 2 && lateCount * 2 > sourceCount;
}

/** How long a source may be silent while it owes pieces. */
export function silencePatienceMs(isRelay: boolean): number {
  return isRelay ? RELAY_SILENT_MS : SILENT_MS;
}

/** Watches the sources of all stripes. */
export class FailureWatch {
  readonly #stripes: readonly StripeState[];
  readonly #links: LinkBook;
  readonly #spacing = new RunningMean();
  #lastAt: MonoMs | undefined;
  /** {@link quiet} has spoken of the present quiet. */
  #isQuiet = false;
  /** The relay had pieces that nobody pushed: when the newest of them came in the present quiet. */
  #answeredAt: MonoMs | undefined;
  /** How often in a row the relay had nothing new either. */
  #pauses = 0;
  #isLive = true;
  #commonSince = Number.NEGATIVE_INFINITY;
  #commonAt = Number.NEGATIVE_INFINITY;

  constructor(stripes: readonly StripeState[], links: LinkBook) {
    this.#stripes = stripes;
    this.#links = links;
  }

  /** A paused broadcast is silent without anybody's fault. */
  setLive(now: MonoMs, isLive: boolean): void {
    if (isLive && !this.#isLive) this.forgive(now);
    this.#isLive = isLive;
  }

  /** Silence until now proves nothing: this node slept, or the broadcast paused. */
  forgive(now: MonoMs): void {
    this.#links.remit();
    if (this.#lastAt !== undefined) this.#lastAt = now;
  }

  /** A source pushed a piece. */
  progress(now: MonoMs): void {
    if (this.#lastAt !== undefined && this.#isLive) this.#spacing.add(this.#spacingUntil(now));
    this.#lastAt = now;
    this.#answeredAt = undefined;
    this.#isQuiet = false;
    this.#pauses = 0;
  }

  /** The relay delivered what it was asked for: the broadcast goes on, and in the same quiet more may be asked for. */
  answered(now: MonoMs): void {
    if (!this.#isQuiet && this.#answeredAt === undefined) return;
    this.#answeredAt = now;
    this.#isQuiet = false;
  }

  /** The relay has nothing new either: the broadcast halts, and nobody here is to blame. Asked more and more seldom. */
  nothingNew(now: MonoMs): void {
    if (this.#lastAt === undefined || !this.#isQuiet) return;
    this.#lastAt = now;
    this.#isQuiet = false;
    this.#pauses = Math.min(PAUSES_MAX, this.#pauses + 1);
  }

  /** Whether nothing has come from anybody for so long that it may be silence. Said once. */
  quiet(now: MonoMs): boolean {
    if (now < this.quietAt()) return false;
    this.#isQuiet = true;
    return true;
  }

  /** When {@link quiet} has something to say if nothing comes. */
  quietAt(): number {
    if (this.#lastAt === undefined || this.#isQuiet || !this.#isLive) return Number.POSITIVE_INFINITY;
    return Math.max(this.#lastAt, this.#answeredAt ?? this.#lastAt) + this.#quietMs();
  }

  /** What follows from a run of late pieces on a stripe. */
  late(now: MonoMs, stripe: number, run: LateRun, relay: LinkId | undefined): Switch | undefined {
    const source = this.#stripes[stripe]?.source;
    // The relay's link delivers all in order: what is late there is under way, and the plan's last resort.
    if (source === undefined || source === relay) return undefined;
    const isSilent = this.#links.of(source).heardAt < run.knownAt;
    // A burst of loss takes two or three pieces as well, but after it the source goes on.
    if (!isSilent && run.chunks < LATE_RUN_TALKING) return undefined;
    if (!isSilent && this.#isHeldAsCommon(now)) return undefined;
    return this.#leave(now, stripe, isSilent ? 'silent' : 'late');
  }

  /** Silent sources, one stripe at a time: call until `undefined`. */
  silent(now: MonoMs, relay: LinkId | undefined): Switch | undefined {
    if (!this.#isLive) return undefined;
    for (const [stripe, state] of this.#stripes.entries())
      if (now >= this.#silentAt(state, relay)) return this.#leave(now, stripe, 'silent');
    return undefined;
  }

  /** When {@link silent} has something to say if nothing comes. */
  nextAt(relay: LinkId | undefined): number {
    let next = Number.POSITIVE_INFINITY;
    if (this.#isLive) for (const state of this.#stripes) next = Math.min(next, this.#silentAt(state, relay));
    return next;
  }

  #silentAt(state: StripeState, relay: LinkId | undefined): number {
    const { source, graceUntil } = state;
    if (source === undefined) return Number.POSITIVE_INFINITY;
    const patienceMs = silencePatienceMs(source === relay);
    const { debt, heardAt } = this.#links.of(source);
    let silentAt = Number.POSITIVE_INFINITY;
    if (debt) silentAt = Math.max(debt.proofAt, Math.max(debt.dueAt, heardAt) + patienceMs);
    if (this.#lastAt !== undefined) {
      const allMs = this.#allSilentMs();
      silentAt = Math.min(silentAt, this.#lastAt + (source === relay ? Math.max(allMs, patienceMs) : allMs));
    }
    return Math.max(silentAt, graceUntil);
  }

  /** All sources are asked before they count as silent, and have time to answer. */
  #allSilentMs(): number {
    const usualMs = allSilentMs(this.#spacing.mean, this.#spacing.deviation ?? 0);
    return Math.max(usualMs * 2 ** this.#pauses, this.#quietMs() + QUIET_ANSWER_MS);
  }

  /** A quiet in which the relay had pieces was a failure, and says little of how far apart pieces usually come. */
  #spacingUntil(now: MonoMs): number {
    const gapMs = now - (this.#lastAt ?? now);
    return this.#answeredAt === undefined ? gapMs : Math.min(gapMs, this.#quietMs());
  }

  #quietMs(): number {
    return quietMs(this.#spacing.mean, this.#spacing.deviation ?? 0) * 2 ** this.#pauses;
  }

  #leave(now: MonoMs, stripe: number, why: Switch['why']): Switch {
    this.#stripes[stripe]?.excuse(now);
    return { stripe, why };
  }

  #isHeldAsCommon(now: MonoMs): boolean {
    const sources = new Set<LinkId>();
    for (const { source } of this.#stripes) if (source !== undefined) sources.add(source);
    let lateCount = 0;
    for (const source of sources) if (now - this.#links.of(source).lateAt <= COMMON_SPAN_MS) lateCount++;
    if (!isCommonLateness(lateCount, sources.size)) return false;
    if (now - this.#commonAt > COMMON_LATE_MS) this.#commonSince = now;
    this.#commonAt = now;
    return now - this.#commonSince < COMMON_LATE_MS;
  }
}
