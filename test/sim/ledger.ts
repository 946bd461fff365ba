/** What the publisher really published: the truth that checkers compare with. */

import { decodePiece, type MediaChunk } from '@freshet/proto';

/** Everything published in one world, by epoch, rendition and number. */
export class Ledger {
  readonly #numberByMessage = new WeakMap<Uint8Array, number>();
  readonly #payloads = new Map<string, Uint8Array>();
  /** Sequence numbers by piece number. */
  readonly #sequences: number[] = [];
  #pieceCount = 0;
  #newestChunk = -1;
  #newestCaptureMs = Number.NEGATIVE_INFINITY;
  #epoch = 0;
  /** Number of the first piece of the newest epoch. */
  #epochFirst = 0;

  /** Pieces published so far. */
  get pieceCount(): number {
    return this.#pieceCount;
  }

  /** Number of the newest published chunk of the newest epoch, -1 before the first. */
  get newestChunk(): number {
    return this.#newestChunk;
  }

  /** Capture time of the newest published chunk, as its header says. */
  get newestCaptureMs(): number {
    return this.#newestCaptureMs;
  }

  /** A chunk was published, cut into these messages, whose sequence numbers follow each other. */
  record(chunkBytes: Uint8Array, messages: readonly Uint8Array[]): void {
    const piece = messages[0] && decodePiece(messages[0]);
    const { epoch = 0, renditionId = 0, chunkNumber = 0, sequence = 0 } = piece?.header ?? {};
    if (epoch !== this.#epoch) this.#epochFirst = this.#pieceCount - sequence;
    this.#epoch = epoch;
    for (const [index, message] of messages.entries()) {
      this.#sequences[this.#pieceCount] = sequence + index;
      this.#numberByMessage.set(message, this.#pieceCount++);
    }
    if (!piece) return;
    this.#newestChunk = chunkNumber;
    this.#newestCaptureMs = piece.header.captureMs;
    this.#payloads.set(`${epoch}/${renditionId}/${chunkNumber}`, chunkBytes);
  }

  /** The running number of a published piece; `undefined` for any other message, copies included. */
  pieceNumber(message: Uint8Array): number | undefined {
    return this.#numberByMessage.get(message);
  }

  /** The sequence number of a published piece. */
  sequenceOf(piece: number): number {
    return this.#sequences[piece] ?? 0;
  }

  /** The running number of the newest epoch's piece with that sequence number. */
  pieceAt(sequence: number): number {
    return this.#epochFirst + sequence;
  }

  /** The bytes of the chunk as published; `undefined` when there was no such chunk. */
  chunkBytes(chunk: MediaChunk): Uint8Array | undefined {
    return this.#payloads.get(`${chunk.epoch}/${chunk.renditionId}/${chunk.chunkNumber}`);
  }
}
