/** What a parent that delivers in order has jumped over: pieces that it lacks, or withholds. */

import { SKIPPED_PIECES_MAX } from '../limits.js';
import type { PieceHeader } from '../piece/header.js';

const keyOf = ({ renditionId, sequence }: Pick<PieceHeader, 'renditionId' | 'sequence'>): string =>
  `${renditionId}/${sequence}`;

/**
 * Remembers the newest {@link SKIPPED_PIECES_MAX} pieces that were jumped over in the newest epoch and have not come since.
 * A jump to the beginning of a group is none: so a parent sets a slow child forward.
 */
export class SkippedPieces {
  readonly #highest = new Map<number, number>();
  readonly #skipped = new Set<string>();
  #epoch = 0;

  /** Takes note of a delivered piece; whether others were jumped over to it. */
  take(header: PieceHeader): boolean {
    const { epoch, renditionId, sequence } = header;
    if (epoch !== this.#epoch) this.#begin(epoch);
    if (this.#skipped.size > 0) this.#skipped.delete(keyOf(header));
    const highest = this.#highest.get(renditionId) ?? sequence;
    if (sequence >= highest) this.#highest.set(renditionId, sequence);
    const isGroupStart = header.groupOffset === 0 && header.pieceIndex === 0;
    if (isGroupStart || sequence <= highest + 1) return false;
    const first = Math.max(highest + 1, sequence - SKIPPED_PIECES_MAX);
    for (let missing = first; missing < sequence; missing++)
      this.#skipped.add(keyOf({ renditionId, sequence: missing }));
    for (const key of this.#skipped) {
      if (this.#skipped.size <= SKIPPED_PIECES_MAX) break;
      this.#skipped.delete(key);
    }
    return true;
  }

  /** Whether this piece was jumped over and has not come. */
  has(header: PieceHeader): boolean {
    return header.epoch === this.#epoch && this.#skipped.has(keyOf(header));
  }

  /** The rendition begins anew: what lies between is not owed. */
  forget(renditionId: number): void {
    this.#highest.delete(renditionId);
  }

  #begin(epoch: number): void {
    this.#epoch = epoch;
    this.#highest.clear();
    this.#skipped.clear();
  }
}
