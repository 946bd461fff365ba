/** The live window of one rendition: the newest groups' pieces, for joins, repair and recognising duplicates. */

import {
  GROUP_BYTES_MAX,
  PIECE_OVERHEAD_BYTES,
  RESUME_SPAN_PIECES,
  WINDOW_BYTES_MAX,
  WINDOW_MS,
} from '../limits.js';
import type { Piece } from '../piece/piece.js';

const bytesOf = ({ payload }: Piece): number => payload.length + PIECE_OVERHEAD_BYTES;

type Entry = { readonly arrival: number; readonly piece: Piece; readonly groupStart: number };

/**
 * Verified pieces in the order they came, each found by its sequence number. Whole groups leave at the front when
 * the window exceeds {@link WINDOW_MS} or {@link WINDOW_BYTES_MAX}. The newest group stays, but for one longer than
 * {@link GROUP_BYTES_MAX}: that one is not kept any more, and newcomers wait for the next keyframe.
 */
export class PieceWindow {
  /** In rising order of their arrival numbers. */
  #arrivals: Entry[] = [];
  #arrivalEnd = 0;
  readonly #bySequence = new Map<number, Piece>();
  /** What is held of each group, as {@link bytes} counts, keyed by the number of its first chunk. */
  readonly #groupBytes = new Map<number, number>();
  /** When the keyframe of each held group was captured, keyed as above. */
  readonly #groupCaptureMs = new Map<number, number>();
  #bytes = 0;
  #highestSequence = -1;
  #lowestChunk = 0;
  #newestGroup: number | undefined;
  #isNewestOversize = false;

  /** Highest sequence number taken, -1 before the first. */
  get highestSequence(): number {
    return this.#highestSequence;
  }

  /**
   * The lowest sequence number that is missing within {@link RESUME_SPAN_PIECES} of the highest one, or the one that comes
   * next: from there on another parent is to go on. `undefined` while nothing is held.
   */
  get nextNeeded(): number | undefined {
    const first = this.#arrivals[0]?.piece.header.sequence;
    if (first === undefined) return undefined;
    let next = Math.max(first, this.#highestSequence - RESUME_SPAN_PIECES);
    while (next <= this.#highestSequence && this.#bySequence.has(next)) next++;
    return next;
  }

  /** Payload bytes held, and {@link PIECE_OVERHEAD_BYTES} for each piece. */
  get bytes(): number {
    return this.#bytes;
  }

  /** One more than the newest arrival number. */
  get arrivalEnd(): number {
    return this.#arrivalEnd;
  }

  /** Whether the piece was taken before. */
  has(sequence: number): boolean {
    return this.#bySequence.has(sequence) || (this.#isNewestOversize && sequence <= this.#highestSequence);
  }

  /** The piece with this sequence number, while it is held. */
  get(sequence: number): Piece | undefined {
    return this.#bySequence.get(sequence);
  }

  /** Whether a chunk is older than everything the window still takes. */
  isPast(chunkNumber: number): boolean {
    return chunkNumber < this.#lowestChunk;
  }

  /**
   * First chunk of the newest group whose keyframe has begun to arrive; `undefined` while there is none, or while
   * it is too long to be sent to newcomers.
   */
  get newestGroup(): number | undefined {
    return this.#isNewestOversize ? undefined : this.#newestGroup;
  }

  /**
   * The newest group whose keyframe was captured at `captureMs` or before; the oldest one that is held with its keyframe
   * if all are younger. `undefined` where {@link newestGroup} is.
   */
  groupBefore(captureMs: number): number | undefined {
    if (this.newestGroup === undefined) return undefined;
    let best: number | undefined;
    let oldest: number | undefined;
    for (const [group, groupCaptureMs] of this.#groupCaptureMs) {
      if (oldest === undefined || group < oldest) oldest = group;
      if (groupCaptureMs <= captureMs && (best === undefined || group > best)) best = group;
    }
    return best ?? oldest ?? this.newestGroup;
  }

  /** Takes a verified piece that was not taken before and is not past. */
  add(piece: Piece): void {
    const { header } = piece;
    const pieceBytes = bytesOf(piece);
    const groupStart = header.chunkNumber - header.groupOffset;
    this.#highestSequence = Math.max(this.#highestSequence, header.sequence);
    if (header.groupOffset === 0 && groupStart > (this.#newestGroup ?? -1)) {
      this.#newestGroup = groupStart;
      this.#isNewestOversize = false;
      this.#trim(header.mediaTimeUs - WINDOW_MS * 1000);
    }
    if (this.#isNewestOversize && groupStart === this.#newestGroup) return;
    if (header.groupOffset === 0) this.#groupCaptureMs.set(groupStart, header.captureMs);
    this.#arrivals.push({ arrival: this.#arrivalEnd++, piece, groupStart });
    this.#bySequence.set(header.sequence, piece);
    const groupBytes = (this.#groupBytes.get(groupStart) ?? 0) + pieceBytes;
    this.#groupBytes.set(groupStart, groupBytes);
    this.#bytes += pieceBytes;
    if (groupBytes > GROUP_BYTES_MAX) this.#dropOversize(groupStart);
    else if (this.#bytes > WINDOW_BYTES_MAX) this.#trim(Number.NEGATIVE_INFINITY);
  }

  /** The first arrival number at or after `from` whose piece belongs to `group` or a later one. */
  nextArrival(from: number, group: number): { readonly arrival: number; readonly piece: Piece } | undefined {
    for (let index = this.#indexOf(from); index < this.#arrivals.length; index++) {
      const entry = this.#arrivals[index];
      if (entry && entry.groupStart >= group) return entry;
    }
    return undefined;
  }

  /** The arrival number of the first piece with this sequence number or a higher one. */
  arrivalFrom(sequence: number): number {
    return this.#arrivals.find(({ piece }) => piece.header.sequence >= sequence)?.arrival ?? this.#arrivalEnd;
  }

  /** Every held piece with this sequence number or a higher one, in the order they came. */
  *piecesFrom(sequence: number): Iterable<Piece> {
    for (const { piece } of this.#arrivals) if (piece.header.sequence >= sequence) yield piece;
  }

  /** Payload bytes of the arrivals from `from` on. */
  bytesFrom(from: number): number {
    let bytes = 0;
    for (let index = this.#indexOf(from); index < this.#arrivals.length; index++)
      bytes += this.#arrivals[index]?.piece.payload.length ?? 0;
    return bytes;
  }

  /** Index of the first entry whose arrival number is at least `from`. */
  #indexOf(from: number): number {
    let low = 0;
    let high = this.#arrivals.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#arrivals[middle]?.arrival ?? 0) < from) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Runs once a group, not once a piece, unless the byte limit is hit. */
  #trim(oldestUs: number): void {
    const isOld = new Set<number>();
    for (const { piece, groupStart } of this.#arrivals)
      if (piece.header.mediaTimeUs < oldestUs) isOld.add(groupStart);
    let bytes = this.#bytes;
    let keepFrom = this.#lowestChunk;
    const groups = [...this.#groupBytes.keys()].sort((a, b) => a - b);
    for (const [index, group] of groups.entries()) {
      const next = groups[index + 1] ?? this.#newestGroup;
      if (next === undefined || next <= group) break;
      // The newest group stays, unless pieces of groups whose keyframe never came exceed the limit behind it.
      if (bytes <= WINDOW_BYTES_MAX && (group === this.#newestGroup || !isOld.has(group))) break;
      bytes -= this.#groupBytes.get(group) ?? 0;
      keepFrom = next;
    }
    if (keepFrom > this.#lowestChunk) this.#keepOnly((group) => group >= keepFrom);
    this.#lowestChunk = keepFrom;
  }

  #dropOversize(group: number): void {
    this.#keepOnly((held) => held !== group);
    if (group === this.#newestGroup) this.#isNewestOversize = true;
  }

  #keepOnly(isKept: (group: number) => boolean): void {
    const kept: Entry[] = [];
    for (const entry of this.#arrivals) {
      if (isKept(entry.groupStart)) {
        kept.push(entry);
        continue;
      }
      this.#bySequence.delete(entry.piece.header.sequence);
      this.#bytes -= bytesOf(entry.piece);
    }
    for (const group of this.#groupBytes.keys()) {
      if (isKept(group)) continue;
      this.#groupBytes.delete(group);
      this.#groupCaptureMs.delete(group);
    }
    this.#arrivals = kept;
  }
}
