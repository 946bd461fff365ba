import { addressBytesOf } from './stun-message.js';

/** How much one source may do, and all together. */
export type SourceLimits = {
  /** At once. */
  readonly burst: number;
  /** Gained back per second. */
  readonly perSecond: number;
  /** Of all sources together, per second and at once: with forged addresses every request seems to have its own. */
  readonly totalPerSecond: number;
};

/** STUN requests: a viewer asks once or twice per connection, from up to four sockets. */
export const STUN_LIMITS: SourceLimits = { burst: 60, perSecond: 10, totalPerSecond: 2_000 };

/** Sources remembered; beyond it the one that was quiet longest is forgotten. */
export const SOURCES_MAX = 10_000;

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
  readonly #limits: SourceLimits;
  readonly #buckets = new Map<string, Bucket>();
  readonly #total: Bucket;

  constructor(limits: SourceLimits) {
    this.#limits = limits;
    this.#total = { tokens: limits.totalPerSecond, atMs: 0 };
  }

  /** Sources remembered at the moment. */
  get size(): number {
    return this.#buckets.size;
  }

  /** Whether this address may do it once more. An IPv6 source is its /64, all of which one home has. */
  allow(nowMs: number, address: string): boolean {
    const bytes = addressBytesOf(address);
    const source = bytes.length === 4 ? bytes.join('.') : bytes.subarray(0, 8).join(':');
    const bucket = this.#buckets.get(source) ?? { tokens: this.#limits.burst, atMs: nowMs };
    // Put last again, so that the first one is the quietest.
    this.#buckets.delete(source);
    this.#buckets.set(source, bucket);
    if (this.#buckets.size > SOURCES_MAX) {
      for (const quietest of this.#buckets.keys()) {
        this.#buckets.delete(quietest);
        break;
      }
    }
    const { burst, perSecond, totalPerSecond } = this.#limits;
    return take(bucket, nowMs, perSecond, burst) && take(this.#total, nowMs, totalPerSecond, totalPerSecond);
  }
}
