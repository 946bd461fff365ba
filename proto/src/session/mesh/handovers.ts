/** Remembers when the pieces of a stripe began to come from somebody else: how long a lost parent was missed. */

import type { PeerId } from '../../plan/index.js';
import type { MonoMs, WallMs } from '../../time.js';
import type { Handover } from '../io.js';

/** Handovers that are remembered; beyond it the oldest is forgotten. */
const HANDOVERS_MAX = 32;

/** One viewer's newest handovers. */
export class Handovers {
  readonly #last = new Map<number, { readonly from: PeerId; readonly at: MonoMs }>();
  #newest: Handover[] = [];

  /** The newest ones, oldest first. */
  get newest(): readonly Handover[] {
    return this.#newest;
  }

  /** A piece that is new here came from `to`. */
  note(now: MonoMs, stripe: number, to: PeerId, broadcastMs: WallMs | undefined): void {
    const last = this.#last.get(stripe);
    this.#last.set(stripe, { from: to, at: now });
    if (!last || last.from === to || broadcastMs === undefined) return;
    this.#newest = [
      ...this.#newest.slice(1 - HANDOVERS_MAX),
      { stripe, from: last.from, to, gapMs: now - last.at, atMs: broadcastMs },
    ];
  }

  /** Other stripes than before. */
  clear(): void {
    this.#last.clear();
  }
}
