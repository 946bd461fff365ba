/** What the publisher really published: the truth that checkers compare with. */

import { decodePiece, type MediaChunk } from '@freshet/proto';

/** Everything published in one world, by epoch, rendition and number. */
export class Ledger {
  readonly #numberByMessage = new WeakMap<Uint8Array, number>();
  readonly #payloads = new Map<string, Uint8Array>();
  #pieceCount = 0;
  /** Capture time and place of the newest chunk. */
  #newestChunk = -1;

  /** Pieces published so far. */
  get pieceCount(): number {
    return this.#pieceCount;
  }

  /** Number of the newest published chunk of the newest epoch, -1 before the first. */
  get newestChunk(): number {
    return this.#newestChunk;
  }

  /** A chunk was published, cut into these messages. */
  record(chunkBytes: Uint8Array, messages: readonly Uint8Array[]): void {
    for (const message of messages) this.#numberByMessage.set(message, this.#pieceCount++);
    const piece = messages[0] && decodePiece(messages[0]);
    if (!piece) return;
    const { epoch, renditionId, chunkNumber } = piece.header;
    this.#newestChunk = chunkNumber;
    this.#payloads.set(`${epoch}/${renditionId}/${chunkNumber}`, chunkBytes);
  }

  /** The running number of a published piece; `undefined` for any other message, copies included. */
  pieceNumber(message: Uint8Array): number | undefined {
    return this.#numberByMessage.get(message);
  }

  /** The bytes of the chunk as published; `undefined` when there was no such chunk. */
  chunkBytes(chunk: MediaChunk): Uint8Array | undefined {
    return this.#payloads.get(`${chunk.epoch}/${chunk.renditionId}/${chunk.chunkNumber}`);
  }
}
