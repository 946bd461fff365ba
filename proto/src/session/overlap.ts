/** The moment in which two parents feed: what each has delivered decides which of them is kept. */

import { OVERLAP_MS } from '../limits.js';
import type { PieceHeader } from '../piece/header.js';
import { addMs, type MonoMs } from '../time.js';
import type { SkippedPieces } from './skipped-pieces.js';

/** How long a better parent may take to deliver the first piece. */
const BETTER_MS_MAX = 2_000;

/** Why a second parent feeds as well: the first says nothing, leaves out pieces, is the worse one, or is leaving. */
export type OverlapReason = 'silent' | 'gaps' | 'better' | 'leaving';

/** The first is left as failed, exchanged for the second, or goes on alone. */
export type OverlapVerdict = 'left' | 'change' | 'keep';

/** Counts what both deliver. While neither does, the broadcast itself halts, and nothing is decided. */
export class Overlap {
  readonly reason: OverlapReason;
  /** When there is something to decide; `undefined` while that cannot be known. */
  decideAt: MonoMs | undefined;
  /** Capture time of the first new piece: copies of what is older say nothing about who delivers. */
  #sinceMs = Number.POSITIVE_INFINITY;
  #fromFirst = 0;
  #fromSecond = 0;
  readonly #skippedByFirst: SkippedPieces;
  /** What the second had of it; bounded by what is remembered as skipped. */
  readonly #filled: PieceHeader[] = [];

  constructor(reason: OverlapReason, now: MonoMs, skippedByFirst: SkippedPieces) {
    this.reason = reason;
    this.#skippedByFirst = skippedByFirst;
    if (reason === 'gaps') this.decideAt = addMs(now, OVERLAP_MS);
    // A better parent that delivers nothing in that time was not better.
    if (reason === 'better') this.decideAt = addMs(now, BETTER_MS_MAX);
  }

  /** Whether the second one takes over with its first piece: it was chosen, and nothing is to be found out. */
  get isSettled(): boolean {
    return this.reason === 'better' || this.reason === 'leaving';
  }

  /** A piece came, from the second parent or the first; one that both deliver comes twice. */
  note(now: MonoMs, isSecond: boolean, isNew: boolean, header: PieceHeader): void {
    const { captureMs } = header;
    if (isSecond && isNew && this.#skippedByFirst.has(header)) this.#filled.push(header);
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
    // Who lacks a piece for a moment gets it from its own second parent; who still lacks it, withholds.
    if (this.reason === 'gaps')
      return this.#filled.some((header) => this.#skippedByFirst.has(header)) ? 'left' : 'keep';
    if (this.reason !== 'silent' || this.#fromSecond <= this.#fromFirst * 2) return 'keep';
    return this.#fromFirst === 0 ? 'left' : 'change';
  }
}
