/** Cuts a byte stream into its top-level boxes. */

import { ByteCursor } from './byte-cursor.js';

/** Largest top-level box that is accepted; one that announces more ends the splitting. A chunk is far smaller. */
export const BOX_BYTES_MAX: number = 32 * 1024 * 1024;

/** A whole top-level box. */
export type TopLevelBox = {
  /** Four characters: `moof`, `mdat`. */
  readonly type: string;
  /** Header and body; owned by the receiver. */
  readonly bytes: Uint8Array;
};

/** What `push` gives back. */
export type SplitResult =
  | { readonly ok: true; readonly boxes: readonly TopLevelBox[] }
  | { readonly ok: false; readonly reason: 'malformed' | 'too-large' };

const HEADER_BYTES_MAX = 16;

/**
 * Incremental: bytes go in as they come, whole boxes come out.
 *
 * Holds at most one incomplete box. A malformed or oversized header is final: every later `push` fails too.
 */
export class BoxSplitter {
  readonly #boxBytesMax: number;
  #parts: Uint8Array[] = [];
  #heldBytes = 0;
  #failure: 'malformed' | 'too-large' | undefined;

  /** Refuses boxes over `boxBytesMax` bytes. */
  constructor(boxBytesMax: number = BOX_BYTES_MAX) {
    this.#boxBytesMax = boxBytesMax;
  }

  /** Bytes of the incomplete box that is being held. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Takes the stream's next bytes; the boxes that became complete are copies. */
  push(bytes: Uint8Array): SplitResult {
    if (this.#failure !== undefined) return { ok: false, reason: this.#failure };
    const boxes: TopLevelBox[] = [];
    if (bytes.length > 0) {
      this.#parts.push(bytes.slice());
      this.#heldBytes += bytes.length;
    }
    for (;;) {
      const header = this.#header();
      if (header === undefined) break;
      if ('failure' in header) {
        this.#failure = header.failure;
        this.#parts = [];
        this.#heldBytes = 0;
        return { ok: false, reason: header.failure };
      }
      if (this.#heldBytes < header.size) break;
      boxes.push({ type: header.type, bytes: this.#take(header.size) });
    }
    return { ok: true, boxes };
  }

  #header():
    | { readonly size: number; readonly type: string }
    | { readonly failure: 'malformed' | 'too-large' }
    | undefined {
    const head = this.#peek(HEADER_BYTES_MAX);
    if (head.length < 8) return undefined;
    const cursor = new ByteCursor(head, 0, head.length);
    let size = cursor.u32();
    const type = cursor.fourcc();
    if (size === 1) {
      if (head.length < HEADER_BYTES_MAX) return undefined;
      size = cursor.u64();
      if (!cursor.isValid) return { failure: 'too-large' };
      if (size < HEADER_BYTES_MAX) return { failure: 'malformed' };
    }
    // A size of 0 means "to the end of the file", which a live stream does not have.
    if (size < 8) return { failure: 'malformed' };
    if (size > this.#boxBytesMax) return { failure: 'too-large' };
    return { size, type };
  }

  #peek(count: number): Uint8Array {
    const first = this.#parts[0];
    if (first === undefined) return new Uint8Array(0);
    if (first.length >= count || this.#parts.length === 1) return first.subarray(0, count);
    const head = new Uint8Array(Math.min(count, this.#heldBytes));
    let filled = 0;
    for (const part of this.#parts) {
      if (filled === head.length) break;
      const piece = part.subarray(0, head.length - filled);
      head.set(piece, filled);
      filled += piece.length;
    }
    return head;
  }

  #take(size: number): Uint8Array {
    const whole = new Uint8Array(size);
    let filled = 0;
    let used = 0;
    for (const part of this.#parts) {
      if (filled === size) break;
      const piece = part.subarray(0, size - filled);
      whole.set(piece, filled);
      filled += piece.length;
      if (piece.length < part.length) this.#parts[used] = part.subarray(piece.length);
      else used += 1;
    }
    this.#parts.splice(0, used);
    this.#heldBytes -= size;
    return whole;
  }
}
