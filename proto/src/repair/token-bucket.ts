/** A rate with a burst. */

import type { MonoMs } from '../time.js';

/** Fills at `ratePerS` up to `burst`; starts full. */
export class TokenBucket {
  #ratePerS: number;
  #burst: number;
  #tokens: number;
  #filledAt: MonoMs | undefined;

  constructor(options: { readonly ratePerS: number; readonly burst: number }) {
    this.#ratePerS = options.ratePerS;
    this.#burst = options.burst;
    this.#tokens = options.burst;
  }

  /** From now on another rate and burst; what is in the bucket stays, up to the new burst. */
  setRate(now: MonoMs, ratePerS: number, burst: number = this.#burst): void {
    this.#fill(now);
    this.#ratePerS = ratePerS;
    this.#burst = burst;
    this.#tokens = Math.min(this.#tokens, burst);
  }

  /** Tokens at this moment. */
  available(now: MonoMs): number {
    this.#fill(now);
    return this.#tokens;
  }

  /** Takes `count` tokens, all or none. */
  take(now: MonoMs, count: number): boolean {
    this.#fill(now);
    if (this.#tokens < count) return false;
    this.#tokens -= count;
    return true;
  }

  /** Milliseconds until `count` tokens are there; infinite if never. */
  waitMs(now: MonoMs, count: number): number {
    this.#fill(now);
    if (this.#tokens >= count) return 0;
    if (count > this.#burst || this.#ratePerS <= 0) return Number.POSITIVE_INFINITY;
    return ((count - this.#tokens) * 1000) / this.#ratePerS;
  }

  #fill(now: MonoMs): void {
    const elapsedMs = Math.max(0, now - (this.#filledAt ?? now));
    this.#tokens = Math.min(this.#burst, this.#tokens + (elapsedMs / 1000) * this.#ratePerS);
    this.#filledAt = now;
  }
}
