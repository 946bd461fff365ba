/** The order in which a node that stops tells its children to go: evenly over a few seconds, so that nobody is stormed. */

import { DRAIN_SPREAD_MS, DRAIN_STEP_MS } from '../limits.js';
import { addMs, type MonoMs } from '../time.js';
import type { LinkId } from './io.js';

/** Children that are still to be told. */
export class Drain {
  readonly #links: readonly LinkId[];
  readonly #startedAt: MonoMs;
  #told = 0;
  #next: MonoMs;

  constructor(links: readonly LinkId[], now: MonoMs) {
    this.#links = links;
    this.#startedAt = now;
    this.#next = now;
  }

  /** Those whose turn it is at `now`; each comes once. */
  due(now: MonoMs): readonly LinkId[] {
    if (now < this.#next) return [];
    this.#next = addMs(now, DRAIN_STEP_MS);
    const share = (now - this.#startedAt + DRAIN_STEP_MS) / DRAIN_SPREAD_MS;
    const from = this.#told;
    this.#told = Math.min(this.#links.length, Math.ceil(this.#links.length * share));
    return this.#links.slice(from, this.#told);
  }

  /** When {@link due} has somebody; `undefined` when everybody was told. */
  nextTimeout(): MonoMs | undefined {
    return this.#told < this.#links.length ? this.#next : undefined;
  }
}
