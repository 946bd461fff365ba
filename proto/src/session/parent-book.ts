/** Which parent to dial next, and when: the one place that retries. */

import {
  DIAL_BACKOFF_MS_MAX,
  DIAL_BACKOFF_MS_MIN,
  DISTRUST_MS,
  DISTRUST_MS_MAX,
  PARENTS_MAX,
} from '../limits.js';
import type { Prng } from '../prng.js';
import { addMs, type MonoMs, monoMs } from '../time.js';

/** What a parent last told about itself that makes it useless for now. */
export type ParentVerdict = 'unknown-channel' | 'incompatible';

/** One possible parent. */
export type ParentEntry = {
  readonly url: string;
  /** Dials in a row that led to nothing. */
  failures: number;
  /** Not dialled before this time. */
  notBefore: MonoMs;
  /** Times it sent something forged. */
  forgeries: number;
  verdict: ParentVerdict | undefined;
  /** A sentence from the verdict, for people. */
  detail: string;
};

/**
 * Remembers at most {@link PARENTS_MAX} parents. A parent that fails is left alone for a time that doubles with each
 * failure, with jitter so that many nodes that lost the same parent don't come back in one instant; one that sent
 * something forged for much longer.
 */
export class ParentBook {
  readonly #prng: Prng;
  readonly #entries: ParentEntry[] = [];

  constructor(urls: readonly string[], prng: Prng) {
    this.#prng = prng;
    for (const url of urls) this.add(url);
  }

  /** Every entry, in the order they were added. */
  get entries(): readonly ParentEntry[] {
    return this.#entries;
  }

  /** Adds a parent to the end; one that is known or beyond the limit is ignored. */
  add(url: string): void {
    if (this.#entries.length >= PARENTS_MAX || this.#entries.some((entry) => entry.url === url)) return;
    this.#entries.push({
      url,
      failures: 0,
      notBefore: monoMs(0),
      forgeries: 0,
      verdict: undefined,
      detail: '',
    });
  }

  /** The parent to dial at `now`: of those that may be, the one that failed least, then the first. */
  pick(now: MonoMs): ParentEntry | undefined {
    let best: ParentEntry | undefined;
    for (const entry of this.#entries) {
      if (entry.notBefore > now) continue;
      if (!best || entry.failures < best.failures) best = entry;
    }
    return best;
  }

  /** When {@link pick} has something again; `undefined` when there is no parent at all. */
  nextTimeout(): MonoMs | undefined {
    let earliest: MonoMs | undefined;
    for (const { notBefore } of this.#entries)
      if (earliest === undefined || notBefore < earliest) earliest = notBefore;
    return earliest;
  }

  /** The dial led to nothing, or the link was lost. Returns the wait until it may be dialled again. */
  failed(entry: ParentEntry, now: MonoMs): number {
    const longest = Math.min(DIAL_BACKOFF_MS_MAX, DIAL_BACKOFF_MS_MIN * 2 ** entry.failures);
    const waitMs = Math.round(longest * (0.5 + this.#prng.next() / 2));
    entry.failures++;
    const until = addMs(now, waitMs);
    if (until > entry.notBefore) entry.notBefore = until;
    return entry.notBefore - now;
  }

  /** The parent delivered: its failures are forgotten, its forgeries are not. */
  succeeded(entry: ParentEntry): void {
    entry.failures = 0;
    entry.verdict = undefined;
  }

  /** The parent sent something forged. */
  distrust(entry: ParentEntry, now: MonoMs): void {
    const waitMs = Math.min(DISTRUST_MS_MAX, DISTRUST_MS * 2 ** entry.forgeries);
    entry.forgeries++;
    entry.notBefore = addMs(now, waitMs);
  }

  /** Whether every parent is shut out for something forged at `now`. */
  isAllDistrusted(now: MonoMs): boolean {
    return (
      this.#entries.length > 0 &&
      this.#entries.every(({ forgeries, notBefore }) => forgeries > 0 && notBefore > now)
    );
  }

  /** The verdict that every parent gave, if they agree. */
  commonVerdict(): { readonly verdict: ParentVerdict; readonly detail: string } | undefined {
    const first = this.#entries[0];
    if (!first?.verdict) return undefined;
    const isCommon = this.#entries.every(({ verdict }) => verdict === first.verdict);
    return isCommon ? { verdict: first.verdict, detail: first.detail } : undefined;
  }
}
