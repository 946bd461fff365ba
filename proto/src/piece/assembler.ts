/** Puts verified pieces back together into chunks, in order: the player's end of the piece format. */

import { concatBytes } from '../bytes.js';
import { ASSEMBLER_BYTES_MAX, ASSEMBLER_CHUNKS_MAX } from '../limits.js';
import type { MediaChunk } from '../media.js';
import { addMs, type MonoMs } from '../time.js';
import type { Piece } from './piece.js';

type PartialChunk = {
  readonly first: Piece;
  readonly payloads: (Uint8Array | undefined)[];
  missing: number;
};

/**
 * Collects the pieces of one rendition in one epoch. Feed it with {@link add}, then take chunks with {@link poll}
 * until `undefined`. The first chunk is a keyframe; a jump in `chunkNumber` starts with one too, so whatever comes
 * out can be decoded.
 *
 * A chunk that stays incomplete for `patienceMs` while a later keyframe chunk is complete is given up, together
 * with everything up to that keyframe. Beyond the limits the oldest chunks are given up.
 */
export class ChunkAssembler {
  /** May change at any time: for a player that comes to play nearer to the capture, or farther from it. */
  patienceMs: number;
  readonly #chunks = new Map<number, PartialChunk>();
  #bytes = 0;
  /** Next chunk to deliver, or the lowest one that may be. */
  #next = 0;
  /** Whether chunk `#next` continues what was delivered; if not, only a keyframe can. */
  #isRunning = false;
  #blockedSince: MonoMs | undefined;
  #chunksSkipped = 0;

  constructor(patienceMs: number) {
    this.patienceMs = patienceMs;
  }

  /** Chunks given up so far because a piece did not come in time. */
  get chunksSkipped(): number {
    return this.#chunksSkipped;
  }

  /** Takes one verified piece. What was delivered or given up already, and duplicates, are ignored. */
  add(piece: Piece): void {
    const { chunkNumber, pieceIndex, pieceCount } = piece.header;
    if (chunkNumber < this.#next) return;
    let chunk = this.#chunks.get(chunkNumber);
    if (!chunk) {
      chunk = { first: piece, payloads: new Array(pieceCount).fill(undefined), missing: pieceCount };
      this.#chunks.set(chunkNumber, chunk);
    }
    if (chunk.payloads.length !== pieceCount || chunk.payloads[pieceIndex]) return;
    chunk.payloads[pieceIndex] = piece.payload;
    chunk.missing--;
    this.#bytes += piece.payload.length;
    while (this.#chunks.size > ASSEMBLER_CHUNKS_MAX || this.#bytes > ASSEMBLER_BYTES_MAX)
      this.#giveUpOldest();
  }

  /** The next chunk in order, as far as it is complete at `now`. */
  poll(now: MonoMs): MediaChunk | undefined {
    const ready = this.#isRunning ? this.#chunks.get(this.#next) : undefined;
    if (ready?.missing === 0) return this.#deliver(ready);
    const keyframe = this.#completeKeyframe();
    if (keyframe === undefined) {
      this.#blockedSince = undefined;
      return undefined;
    }
    if (this.#isRunning) {
      this.#blockedSince ??= now;
      if (now < addMs(this.#blockedSince, this.patienceMs)) return undefined;
      this.#chunksSkipped += keyframe.first.header.chunkNumber - this.#next;
    }
    this.#dropBefore(keyframe.first.header.chunkNumber);
    return this.#deliver(keyframe);
  }

  /** When {@link poll} should be called again though no piece came. */
  nextTimeout(): MonoMs | undefined {
    return this.#blockedSince === undefined ? undefined : addMs(this.#blockedSince, this.patienceMs);
  }

  #deliver(chunk: PartialChunk): MediaChunk {
    const { header } = chunk.first;
    this.#chunks.delete(header.chunkNumber);
    this.#next = header.chunkNumber + 1;
    this.#isRunning = true;
    this.#blockedSince = undefined;
    const payloads = chunk.payloads.filter((payload) => payload !== undefined);
    // A copy, even of one payload: players rewrite boxes in place, and the piece still goes on to others.
    const bytes = concatBytes(...payloads);
    this.#bytes -= bytes.length;
    return {
      epoch: header.epoch,
      renditionId: header.renditionId,
      chunkNumber: header.chunkNumber,
      isKeyframe: header.groupOffset === 0,
      mediaTimeUs: header.mediaTimeUs,
      durationUs: header.durationUs,
      captureMs: header.captureMs,
      bytes,
    };
  }

  /** The newest complete keyframe chunk: before the first delivery and after a gap, nothing older is of use. */
  #completeKeyframe(): PartialChunk | undefined {
    let newest: PartialChunk | undefined;
    for (const chunk of this.#chunks.values()) {
      const { groupOffset, chunkNumber } = chunk.first.header;
      if (chunk.missing > 0 || groupOffset !== 0) continue;
      if (!newest || chunkNumber > newest.first.header.chunkNumber) newest = chunk;
    }
    return newest;
  }

  #dropBefore(chunkNumber: number): void {
    for (const number of this.#chunks.keys()) if (number < chunkNumber) this.#forget(number);
  }

  #giveUpOldest(): void {
    const oldest = Math.min(...this.#chunks.keys());
    this.#forget(oldest);
    // Later chunks of the group depend on the lost one: only a keyframe can go on from here.
    if (this.#isRunning) this.#chunksSkipped++;
    this.#isRunning = false;
    this.#next = oldest + 1;
  }

  #forget(chunkNumber: number): void {
    const chunk = this.#chunks.get(chunkNumber);
    if (!chunk) return;
    for (const payload of chunk.payloads) this.#bytes -= payload?.length ?? 0;
    this.#chunks.delete(chunkNumber);
  }
}
