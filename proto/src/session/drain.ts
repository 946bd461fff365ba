/** The order in which a node that stops tells its children to go: evenly over a few seconds, so that nobody is stormed. */

import { DRAIN_SPREAD_MS, DRAIN_STEP_MS } from '../limits.js';
import { addMs, type MonoMs } from '../time.js';
import type { LinkId } from './io.js';

/** Children that are still to be told. */
export class Drain {
  readonly #links: LinkId[];
  readonly #stepCount: number;
  #next: MonoMs;

  constructor(links: readonly LinkId[], now: MonoMs) {
    this.#links = [...links];
    this.#stepCount = Math.ceil((this.#links.length * DRAIN_STEP_MS) / DRAIN_SPREAD_MS);
    this.#next = now;
  }

  /** Those whose turn it is at `now`; each comes once. */
  due(now: MonoMs): readonly LinkId[] {
    if (now < this.#next) return [];
    this.#next = addMs(now, DRAIN_STEP_MS);
    return this.#links.splice(0, this.#stepCount);
  }

  /** When {@link due} has somebody; `undefined` when everybody was told. */
  nextTimeout(): MonoMs | undefined {
    return this.#links.length > 0 ? this.#next : undefined;
  }
}
