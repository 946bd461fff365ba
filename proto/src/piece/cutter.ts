/** Cuts chunks into signed pieces: the broadcaster's end of the piece format. */

import { assert } from '../assert.js';
import { type DigestEffect, type SignEffect, signedMessage } from '../identity/signing.js';
import { CHUNK_PIECES_MAX, PIECE_BYTES_MAX } from '../limits.js';
import type { MediaUs, WallMs } from '../time.js';
import { encodePieceFrame } from '../wire/frame.js';
import { encodePieceHeader } from './header.js';

/** A chunk as the encoder delivers it; numbers are given by the cutter. */
export type UncutChunk = {
  readonly isKeyframe: boolean;
  readonly mediaTimeUs: MediaUs;
  readonly durationUs: number;
  readonly captureMs: WallMs;
  readonly bytes: Uint8Array;
};

/** The keys' effects, and what the pieces belong to. */
export type CutterOptions = {
  readonly epoch: number;
  readonly renditionId: number;
  /** Signs with the session key. */
  readonly sign: SignEffect;
  readonly digest: DigestEffect;
};

/** Numbers, cuts and signs the chunks of one rendition in one epoch. */
export class PieceCutter {
  readonly #options: CutterOptions;
  #sequence = 0;
  #chunkNumber = 0;
  #groupOffset = 0;
  /** What the next chunk refers to was not sent: only a keyframe can go on from here. */
  #needsKeyframe = true;

  constructor(options: CutterOptions) {
    this.#options = options;
  }

  /**
   * The chunk's pieces as messages, in order. Empty when the chunk cannot be sent: it is longer than
   * {@link CHUNK_PIECES_MAX} pieces, or no keyframe came before it, or since a chunk that could not be sent.
   */
  cut(chunk: UncutChunk): Uint8Array[] {
    assert(chunk.bytes.length > 0, 'a chunk has bytes');
    const pieceCount = Math.ceil(chunk.bytes.length / PIECE_BYTES_MAX);
    if (chunk.isKeyframe) this.#groupOffset = 0;
    this.#needsKeyframe = pieceCount > CHUNK_PIECES_MAX || (this.#needsKeyframe && !chunk.isKeyframe);
    if (this.#needsKeyframe) return [];
    const messages: Uint8Array[] = [];
    for (let pieceIndex = 0; pieceIndex < pieceCount; pieceIndex++) {
      const start = pieceIndex * PIECE_BYTES_MAX;
      const payload = chunk.bytes.subarray(start, start + PIECE_BYTES_MAX);
      messages.push(this.#seal(chunk, payload, pieceIndex, pieceCount));
    }
    this.#chunkNumber++;
    this.#groupOffset++;
    return messages;
  }

  #seal(chunk: UncutChunk, payload: Uint8Array, pieceIndex: number, pieceCount: number): Uint8Array {
    const { epoch, renditionId, sign, digest } = this.#options;
    const { mediaTimeUs, durationUs, captureMs } = chunk;
    const header = encodePieceHeader({
      epoch,
      renditionId,
      sequence: this.#sequence++,
      chunkNumber: this.#chunkNumber,
      pieceIndex,
      pieceCount,
      groupOffset: this.#groupOffset,
      mediaTimeUs,
      durationUs,
      captureMs,
      payloadDigest: digest(payload),
    });
    return encodePieceFrame({ header, signature: sign(signedMessage('piece', header)), payload });
  }
}
