/** Which parent to dial next, and when: the one place that retries. */

import {
  DIAL_BACKOFF_MS_MAX,
  DIAL_BACKOFF_MS_MIN,
  DISTRUST_MS,
  DISTRUST_MS_MAX,
  LOOP_MS_MAX,
  LOOP_MS_MIN,
  PARENTS_MAX,
  PARENTS_TOLD_MAX,
  REDIRECT_DEPTH_MAX,
  REDIRECT_SPAN_MS,
} from '../limits.js';
import type { Prng } from '../prng.js';
import { addMs, type MonoMs, monoMs } from '../time.js';
import { scoreParent } from './parent-score.js';

/** What a parent last told about itself that makes it useless for now. */
export type ParentVerdict = 'unknown-channel' | 'incompatible';

/** One possible parent. */
export type ParentEntry = {
  readonly url: string;
  /** It is reached by WebRTC without signalling. */
  readonly isEdge: boolean;
  /** Redirects that led to it; 0 for one that was known from the start. */
  readonly depth: number;
  /** Dials in a row that led to nothing. */
  failures: number;
  /** Not dialled before this time. */
  notBefore: MonoMs;
  /** Times it sent something forged. */
  forgeries: number;
  verdict: ParentVerdict | undefined;
  /** A sentence from the verdict, for people. */
  detail: string;
  /** Times in a row that it turned out to be below this relay. */
  loops: number;
  /** What was last known of it, for the choice between parents. */
  rttMs: number | undefined;
  hopCount: number | undefined;
  loadPermille: number | undefined;
};

/**
 * Remembers at most {@link PARENTS_MAX} parents. A parent that fails is left alone for a time that doubles with each
 * failure, with jitter so that many nodes that lost the same parent don't come back in one instant; one that sent
 * something forged for much longer.
 */
export class ParentBook {
  readonly #prng: Prng;
  readonly #entries: ParentEntry[] = [];
  /** Parents taken from redirects since then. */
  #told = 0;
  #toldSince: MonoMs = monoMs(0);

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
    this.#add(url, 0);
  }

  /**
   * Adds a parent that another one named, after `depth` redirects. One that is known is left as it is, with its wait: being
   * named again makes nobody dial sooner. Too many redirects in a row lead nowhere; in {@link REDIRECT_SPAN_MS} at most
   * {@link PARENTS_TOLD_MAX} parents are taken this way, and no more are remembered; each is forgotten when it fails.
   */
  tell(url: string, depth: number, now: MonoMs): void {
    if (now >= addMs(this.#toldSince, REDIRECT_SPAN_MS)) {
      this.#toldSince = now;
      this.#told = 0;
    }
    const remembered = this.#entries.filter((entry) => entry.depth > 0).length;
    if (depth > REDIRECT_DEPTH_MAX || Math.max(this.#told, remembered) >= PARENTS_TOLD_MAX) return;
    if (this.#add(url, depth)) this.#told++;
  }

  #add(url: string, depth: number): boolean {
    if (this.#entries.length >= PARENTS_MAX || this.#entries.some((entry) => entry.url === url)) return false;
    this.#entries.push({
      url,
      isEdge: url.startsWith('udp:'),
      depth,
      failures: 0,
      notBefore: monoMs(0),
      forgeries: 0,
      verdict: undefined,
      detail: '',
      loops: 0,
      rttMs: undefined,
      hopCount: undefined,
      loadPermille: undefined,
    });
    return true;
  }

  /**
   * The parent to dial at `now`, other than those in use: of those that may be, the one that failed least, then one that a parent
   * has just named, then the best by what is known, then the first.
   */
  pick(now: MonoMs, ...used: readonly (ParentEntry | undefined)[]): ParentEntry | undefined {
    let best: ParentEntry | undefined;
    for (const entry of this.#entries) {
      if (used.includes(entry) || entry.notBefore > now) continue;
      if (!best || isBefore(entry, best)) best = entry;
    }
    return best;
  }

  /** When {@link pick} has something again; `undefined` when there is no parent at all. */
  nextTimeout(...used: readonly (ParentEntry | undefined)[]): MonoMs | undefined {
    let earliest: MonoMs | undefined;
    for (const entry of this.#entries) {
      if (used.includes(entry)) continue;
      if (earliest === undefined || entry.notBefore < earliest) earliest = entry.notBefore;
    }
    return earliest;
  }

  /** The dial led to nothing, or the link was lost. Returns the wait until it may be dialled again. */
  failed(entry: ParentEntry, now: MonoMs): number {
    const longest = Math.min(DIAL_BACKOFF_MS_MAX, DIAL_BACKOFF_MS_MIN * 2 ** entry.failures);
    const waitMs = Math.round(longest * (0.5 + this.#prng.next() / 2));
    entry.failures++;
    const until = addMs(now, waitMs);
    if (until > entry.notBefore) entry.notBefore = until;
    this.#forgetTold(entry);
    return entry.notBefore - now;
  }

  /** The parent is below this relay, or too far from the publisher: it is left alone for long, and longer each time. */
  looped(entry: ParentEntry, now: MonoMs): void {
    const longest = Math.min(LOOP_MS_MAX, LOOP_MS_MIN * 2 ** entry.loops);
    entry.loops++;
    this.rest(entry, now, Math.round(longest * (0.5 + this.#prng.next() / 2)));
    this.#forgetTold(entry);
  }

  /** The parent is not dialled for so long, without any fault of its. */
  rest(entry: ParentEntry, now: MonoMs, waitMs: number): void {
    const until = addMs(now, waitMs);
    if (until > entry.notBefore) entry.notBefore = until;
  }

  /** The tree above has changed: what was below this relay may not be so any more. */
  forgiveLoops(now: MonoMs): void {
    for (const entry of this.#entries) {
      if (entry.loops === 0) continue;
      const until = addMs(now, Math.round(LOOP_MS_MIN * this.#prng.next()));
      if (entry.forgeries === 0 && until < entry.notBefore) entry.notBefore = until;
    }
  }

  /** The parent delivered: its failures are forgotten, its forgeries are not. */
  succeeded(entry: ParentEntry): void {
    entry.failures = 0;
    entry.loops = 0;
    entry.verdict = undefined;
  }

  /** The parent said what makes it useless for now, with a sentence about it for people. */
  judge(entry: ParentEntry, verdict: ParentVerdict, detail: string): void {
    entry.verdict = verdict;
    entry.detail = detail;
  }

  /** The parent sent something forged. */
  distrust(entry: ParentEntry, now: MonoMs): void {
    const waitMs = Math.min(DISTRUST_MS_MAX, DISTRUST_MS * 2 ** entry.forgeries);
    entry.forgeries++;
    entry.notBefore = addMs(now, waitMs);
  }

  /** A parent known by a redirect is forgotten, but for a forger, which a further redirect would bring back at once. */
  #forgetTold(entry: ParentEntry): void {
    const index = this.#entries.indexOf(entry);
    if (entry.depth > 0 && entry.forgeries === 0 && index >= 0) this.#entries.splice(index, 1);
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

function isBefore(entry: ParentEntry, other: ParentEntry): boolean {
  if (entry.failures !== other.failures) return entry.failures < other.failures;
  if (entry.depth > 0 !== other.depth > 0) return entry.depth > 0;
  return scoreParent(entry) < scoreParent(other);
}
