/** Whom to believe, whom to keep apart, whom to take children from. The rules are pure; {@link TrustBook} remembers. */

import { addMs, type MonoMs, monoMs } from '../time.js';
import {
  ACCUSATION_MS,
  ACCUSATIONS_MAX,
  ACCUSED_MAX,
  APART_MAX,
  CUT_OFF_PAIRS_MIN,
  CUT_OFF_SHARE,
  DEMOTION_MS,
  DEMOTION_MS_MAX,
  FAILURE_HALF_MS,
  HARD_PAIRS_MIN,
  HARD_SHARE,
  RECORDS_MAX,
  SLOW_ACCUSERS_SHARE,
  UNREACHABLE_MS,
} from './limits.js';
import { remember } from './member.js';
import type { PeerId } from './types.js';

/** How others get through to a viewer: `cut-off` is for those that no peer reaches. */
export type Reach = 'open' | 'hard' | 'cut-off';

/**
 * A viewer behind an address-dependent NAT fails with every other such one (RFC 4787, section 5), so with about their
 * share of the pairs; one whose network blocks UDP fails with nearly all.
 */
export function reachOf(failed: number, tried: number): Reach {
  if (failed >= CUT_OFF_PAIRS_MIN && failed >= CUT_OFF_SHARE * tried) return 'cut-off';
  return failed >= HARD_PAIRS_MIN && failed >= HARD_SHARE * tried ? 'hard' : 'open';
}

/** Two viewers that are both hard to reach don't reach each other; one that is cut off reaches nobody. */
export function mayMeet(one: Reach, other: Reach): boolean {
  if (one === 'cut-off' || other === 'cut-off') return false;
  return one === 'open' || other === 'open';
}

/**
 * Whether a viewer loses its children. A piece verifies before it is passed on, so whoever sends a forged one is guilty
 * itself, but the word of a few accusers may be a lie (BAR Gossip 2006, section 4: proofs of misbehaviour instead of
 * single words; here the piece is no proof, for anybody can make a false one), and slowness may be the way's fault or
 * the child's: a share of those served must say so. Each accuser is kept apart from the accused in any case, so a forger
 * costs each of its children one refused piece. Accusers are the neighbours that the relay chose, so a liar cannot choose
 * its victim.
 */
export function isGuilty(view: {
  readonly forgery: number;
  readonly slow: number;
  readonly served: number;
}): boolean {
  return view.forgery + view.slow >= Math.max(2, Math.ceil(SLOW_ACCUSERS_SHARE * view.served));
}

/**
 * One parent after another, all still here and serving others, and all at fault: then the fault is nearer to the
 * reporter than to them, or it lies (mTreebone 2007 and BAR Gossip 2006 bound a peer's influence in the same way).
 */
export function isSuspect(accusedCount: number): boolean {
  return accusedCount > ACCUSED_MAX;
}

/** How long a viewer stays a leaf after its n-th verdict: doubling, so that honest ones come back and others don't. */
export function demotionMs(earlier: number): number {
  return Math.min(DEMOTION_MS_MAX, DEMOTION_MS * 2 ** Math.min(earlier, 30));
}

/** One accusation. */
export type Accusation = { readonly at: MonoMs; readonly isForgery: boolean };

type Record = {
  /** Until when a pair is kept apart. */
  readonly apart: Map<PeerId, MonoMs>;
  /** Pairs that did not connect, as of `failedAt`; halved with every {@link FAILURE_HALF_MS} after it. */
  failed: number;
  failedAt: MonoMs;
  /** Pairs tried in earlier stays. */
  triedBefore: number;
  readonly accusers: Map<PeerId, Accusation>;
  readonly accused: Map<PeerId, MonoMs>;
  demotions: number;
  leafUntil: MonoMs;
};

/**
 * The conduct of the cell's viewers, kept beyond their leaving, so that coming back washes nobody clean. At most
 * {@link RECORDS_MAX} viewers, each with at most {@link APART_MAX} pairs and {@link ACCUSATIONS_MAX} accusations either
 * way; the oldest is forgotten first.
 */
export class TrustBook {
  readonly #records = new Map<PeerId, Record>();

  /** Viewers on record. */
  get size(): number {
    return this.#records.size;
  }

  /** Whether the two may be neighbours at `now`. `tried` counts each one's pairs in this stay. */
  mayPair(
    now: MonoMs,
    one: { peer: PeerId; tried: number },
    other: { peer: PeerId; tried: number },
  ): boolean {
    if (this.#records.size === 0) return true;
    const mine = this.#records.get(one.peer);
    const theirs = this.#records.get(other.peer);
    if ((mine?.apart.get(other.peer) ?? now) > now || (theirs?.apart.get(one.peer) ?? now) > now)
      return false;
    return mayMeet(this.reach(now, one), this.reach(now, other));
  }

  /** How others get through to it. */
  reach(now: MonoMs, member: { readonly peer: PeerId; readonly tried: number }): Reach {
    const record = this.#records.get(member.peer);
    return record ? reachOf(failedAsOf(now, record), record.triedBefore + member.tried) : 'open';
  }

  /**
   * The two did not connect: not again for long. A viewer that is cut off is no evidence against others. What looks like
   * a NAT may have been a machine with too much to do, so nothing of this is for ever.
   */
  unreachable(
    now: MonoMs,
    one: { peer: PeerId; tried: number },
    other: { peer: PeerId; tried: number },
  ): void {
    const until = addMs(now, UNREACHABLE_MS);
    const known = this.#records.get(one.peer)?.apart.get(other.peer);
    // Both ends report the same failure.
    const isNews = known === undefined || until - known > UNREACHABLE_MS / 2;
    const isOneCutOff = this.reach(now, one) === 'cut-off';
    const isOtherCutOff = this.reach(now, other) === 'cut-off';
    this.keepApart(one.peer, other.peer, until);
    if (!isNews) return;
    if (!isOtherCutOff) addFailure(now, this.#of(one.peer));
    if (!isOneCutOff) addFailure(now, this.#of(other.peer));
  }

  /** The two are no neighbours until then. */
  keepApart(one: PeerId, other: PeerId, until: MonoMs): void {
    for (const [self, peer] of [
      [one, other],
      [other, one],
    ] as const) {
      const { apart } = this.#of(self);
      if ((apart.get(peer) ?? 0) < until) remember(apart, peer, until, APART_MAX);
    }
  }

  /** Notes an accusation at both; forgery is not made less by a later word of slowness. */
  accuse(now: MonoMs, reporter: PeerId, accused: PeerId, isForgery: boolean): void {
    const { accusers } = this.#of(accused);
    const isWorse = isForgery || (accusers.get(reporter)?.isForgery ?? false);
    remember(accusers, reporter, { at: now, isForgery: isWorse }, ACCUSATIONS_MAX);
    remember(this.#of(reporter).accused, accused, now, ACCUSATIONS_MAX);
  }

  /** Who accused it lately, and of what. */
  *accusations(now: MonoMs, accused: PeerId): Iterable<Accusation> {
    for (const accusation of this.#records.get(accused)?.accusers.values() ?? [])
      if (accusation.at > now - ACCUSATION_MS) yield accusation;
  }

  /** How many of the viewers that it accused lately satisfy the test. */
  accusedCount(now: MonoMs, reporter: PeerId, counts: (accused: PeerId) => boolean): number {
    let count = 0;
    for (const [accused, at] of this.#records.get(reporter)?.accused ?? [])
      if (at > now - ACCUSATION_MS && counts(accused)) count++;
    return count;
  }

  /** Makes it a leaf for a time, at the end of which no accusation from before counts any more. */
  demote(now: MonoMs, peer: PeerId): void {
    const record = this.#of(peer);
    record.leafUntil = addMs(now, demotionMs(record.demotions));
    record.demotions++;
  }

  /** It may not have children at `now`. */
  isLeaf(now: MonoMs, peer: PeerId): boolean {
    return (this.#records.get(peer)?.leafUntil ?? now) > now;
  }

  /** Keeps what the stay told of its reach. */
  left(member: { readonly peer: PeerId; readonly tried: number }): void {
    const record = this.#records.get(member.peer);
    if (record) record.triedBefore += member.tried;
  }

  #of(peer: PeerId): Record {
    const known = this.#records.get(peer);
    if (known) return known;
    const record: Record = {
      apart: new Map(),
      failed: 0,
      failedAt: monoMs(Number.NEGATIVE_INFINITY),
      triedBefore: 0,
      accusers: new Map(),
      accused: new Map(),
      demotions: 0,
      leafUntil: monoMs(Number.NEGATIVE_INFINITY),
    };
    remember(this.#records, peer, record, RECORDS_MAX);
    return record;
  }
}

function failedAsOf(now: MonoMs, { failed, failedAt }: Record): number {
  return failed === 0 ? 0 : failed * 0.5 ** Math.floor((now - failedAt) / FAILURE_HALF_MS);
}

function addFailure(now: MonoMs, record: Record): void {
  record.failed = failedAsOf(now, record) + 1;
  record.failedAt = now;
}
