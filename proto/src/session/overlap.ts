/** The moment in which two parents feed: what each has delivered decides which of them is kept. */

import { OVERLAP_MS } from '../limits.js';
import { addMs, type MonoMs, type WallMs } from '../time.js';

/** How long a better parent may take to deliver the first piece. */
const BETTER_MS_MAX = 2_000;

/** Why a second parent feeds as well: the first says nothing, is the worse one, or is leaving. */
export type OverlapReason = 'silent' | 'better' | 'leaving';

/** The first is left as failed, exchanged for the second, or goes on alone. */
export type OverlapVerdict = 'left' | 'change' | 'keep';

/** Counts what both deliver. While neither does, the broadcast itself halts, and nothing is decided. */
export class Overlap {
  readonly reason: OverlapReason;
  /** When there is something to decide; `undefined` until a piece has come. */
  decideAt: MonoMs | undefined;
  /** Capture time of the first new piece: copies of what is older say nothing about who delivers. */
  #sinceMs = Number.POSITIVE_INFINITY;
  #fromFirst = 0;
  #fromSecond = 0;

  constructor(reason: OverlapReason, now: MonoMs) {
    this.reason = reason;
    // A better parent that delivers nothing in that time was not better.
    if (reason === 'better') this.decideAt = addMs(now, BETTER_MS_MAX);
  }

  /** A piece came, from the second parent or the first; one that both deliver comes twice. */
  note(now: MonoMs, isSecond: boolean, isNew: boolean, captureMs: WallMs): void {
    if (isNew && this.#sinceMs === Number.POSITIVE_INFINITY) {
      this.#sinceMs = captureMs;
      if (this.reason === 'silent') this.decideAt = addMs(now, OVERLAP_MS);
    }
    if (captureMs < this.#sinceMs) return;
    if (isSecond) this.#fromSecond++;
    else this.#fromFirst++;
  }

  /** What follows when {@link decideAt} has come. */
  get verdict(): OverlapVerdict {
    if (this.reason !== 'silent' || this.#fromSecond <= this.#fromFirst * 2) return 'keep';
    return this.#fromFirst === 0 ? 'left' : 'change';
  }
}
