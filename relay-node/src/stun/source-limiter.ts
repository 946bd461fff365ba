import { addressBytesOf } from './stun-message.js';

/** Requests that one source may send at once: a viewer asks once or twice per connection, from up to four sockets. */
export const SOURCE_BURST_MAX = 60;

/** Requests per second that one source gains back. */
export const SOURCE_PER_SECOND = 10;

/** Sources remembered; beyond it the one that was quiet longest is forgotten. */
export const SOURCES_MAX = 10_000;

/** Answers per second to all sources together: with forged addresses every request seems to have its own. */
export const TOTAL_PER_SECOND = 2_000;

type Bucket = { tokens: number; atMs: number };

const take = (bucket: Bucket, nowMs: number, perSecond: number, tokensMax: number): boolean => {
  bucket.tokens = Math.min(tokensMax, bucket.tokens + ((nowMs - bucket.atMs) * perSecond) / 1_000);
  bucket.atMs = nowMs;
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
};

/** Token buckets per source address, and one for all. */
export class SourceLimiter {
  readonly #buckets = new Map<string, Bucket>();
  readonly #total: Bucket = { tokens: TOTAL_PER_SECOND, atMs: 0 };

  /** Sources remembered at the moment. */
  get size(): number {
    return this.#buckets.size;
  }

  /** Whether a request from this address is answered. An IPv6 source is its /64, all of which one home has. */
  allow(nowMs: number, address: string): boolean {
    const bytes = addressBytesOf(address);
    const source = bytes.length === 4 ? bytes.join('.') : bytes.subarray(0, 8).join(':');
    const bucket = this.#buckets.get(source) ?? { tokens: SOURCE_BURST_MAX, atMs: nowMs };
    // Put last again, so that the first one is the quietest.
    this.#buckets.delete(source);
    this.#buckets.set(source, bucket);
    if (this.#buckets.size > SOURCES_MAX) {
      for (const quietest of this.#buckets.keys()) {
        this.#buckets.delete(quietest);
        break;
      }
    }
    return (
      take(bucket, nowMs, SOURCE_PER_SECOND, SOURCE_BURST_MAX) &&
      take(this.#total, nowMs, TOTAL_PER_SECOND, TOTAL_PER_SECOND)
    );
  }
}
