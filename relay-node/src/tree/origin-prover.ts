/** Has the origins that child relays claim proven, one after the other, before anybody is sent there. */

import type { OriginClaim, OriginRefusal } from './ask-origin.js';

/** Claims that wait at once, tried before or not; a further one is refused as `origin-overflow`. */
export const CLAIMS_MAX = 512;

/** Of those, how many one network may have; the same for a further one. */
export const CLAIMS_PER_NETWORK_MAX = 32;

/** First wait after an origin was not proven; doubles up to {@link AGAIN_MS_MAX}. */
export const AGAIN_MS_MIN = 5_000;

/** Longest such wait. */
export const AGAIN_MS_MAX = 600_000;

/** What the prover needs from outside. */
export type OriginProverOptions = {
  /** Asks once; must settle within a bounded time, and not reject. */
  readonly ask: (claim: OriginClaim) => Promise<'proven' | OriginRefusal>;
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
};

/** A claim of a child relay's. */
export type WaitingClaim = OriginClaim & {
  /** Coarsely where the child comes from. */
  readonly network: string;
  /** Called once, when the origin is proven. */
  readonly onProven: () => void;
};

type Waiting = { readonly claim: WaitingClaim; failures: number; dueAt: number };

/** See the file's header. Call {@link tick} about once a second. */
export class OriginProver {
  readonly #options: OriginProverOptions;
  readonly #waiting = new Map<number, Waiting>();
  readonly #refused: Record<OriginRefusal, number> = {
    'origin-private': 0,
    'origin-unreachable': 0,
    'origin-foreign': 0,
    'origin-overflow': 0,
  };
  #isAsking = false;

  constructor(options: OriginProverOptions) {
    this.#options = options;
  }

  /** Origins that were not proven so far, by kind; an origin counts each time that it is asked. */
  get refused(): Readonly<Record<OriginRefusal, number>> {
    return this.#refused;
  }

  /** A child relay on the link claims an origin. It is asked as soon as nobody else is. */
  add(link: number, claim: WaitingClaim): void {
    let ofNetwork = 0;
    for (const waiting of this.#waiting.values()) if (waiting.claim.network === claim.network) ofNetwork++;
    if (this.#waiting.size >= CLAIMS_MAX || ofNetwork >= CLAIMS_PER_NETWORK_MAX) {
      this.#refused['origin-overflow']++;
      return;
    }
    this.#waiting.set(link, { claim, failures: 0, dueAt: this.#options.now() });
    this.tick();
  }

  /** The link is gone. */
  forget(link: number): void {
    this.#waiting.delete(link);
  }

  /** Asks whoever is due. Those never asked come first, so that nobody holds up others by answering late again and again. */
  tick(): void {
    if (this.#isAsking) return;
    const now = this.#options.now();
    let next: [number, Waiting] | undefined;
    for (const entry of this.#waiting) {
      if (entry[1].dueAt > now) continue;
      if (next === undefined || entry[1].failures < next[1].failures) next = entry;
    }
    if (next) void this.#ask(...next);
  }

  /** Asks nobody any more. Idempotent. */
  close(): void {
    this.#waiting.clear();
  }

  async #ask(link: number, waiting: Waiting): Promise<void> {
    this.#isAsking = true;
    const verdict = await this.#options.ask(waiting.claim);
    this.#isAsking = false;
    if (verdict !== 'proven') this.#refused[verdict]++;
    if (this.#waiting.get(link) === waiting) {
      if (verdict === 'proven' || verdict === 'origin-private') this.#waiting.delete(link);
      if (verdict === 'proven') waiting.claim.onProven();
      const waitMs = Math.min(AGAIN_MS_MAX, AGAIN_MS_MIN * 2 ** waiting.failures++);
      waiting.dueAt = this.#options.now() + waitMs;
    }
    this.tick();
  }
}
