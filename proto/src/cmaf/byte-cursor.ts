/**
 * Reads big-endian fields out of bytes that nobody vouches for.
 *
 * Never throws: past the end every read gives 0 and `isValid` turns false for good, so a parser reads a whole
 * structure first and asks once at its end whether any of it was missing.
 */
export class ByteCursor {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;
  #isValid = true;

  /** Reads `bytes` from `start` up to, not including, `end` (both clamped to the array). */
  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#end = Math.min(Math.max(end, 0), bytes.length);
    this.#at = Math.max(start, 0);
  }

  /** False once anything was read or skipped past the end. */
  get isValid(): boolean {
    return this.#isValid;
  }

  /** Index in the array of the next byte. */
  get position(): number {
    return this.#at;
  }

  /** Bytes left before the end. */
  get remaining(): number {
    return Math.max(0, this.#end - this.#at);
  }

  /** Moves on by `count` bytes. */
  skip(count: number): void {
    if (count > this.remaining) this.#isValid = false;
    this.#at = Math.min(this.#at + count, this.#end);
  }

  /** An unsigned byte. */
  u8(): number {
    if (this.#at >= this.#end) {
      this.#isValid = false;
      return 0;
    }
    const value = this.#bytes[this.#at] ?? 0;
    this.#at += 1;
    return value;
  }

  /** An unsigned 16-bit number. */
  u16(): number {
    return this.u8() * 0x100 + this.u8();
  }

  /** An unsigned 24-bit number. */
  u24(): number {
    return this.u16() * 0x100 + this.u8();
  }

  /** An unsigned 32-bit number. */
  u32(): number {
    return this.u16() * 0x1_0000 + this.u16();
  }

  /** A signed 32-bit number. */
  i32(): number {
    return this.u32() | 0;
  }

  /** An unsigned 64-bit number; one beyond 2^53 - 1 counts as invalid. */
  u64(): number {
    const value = this.u32() * 0x1_0000_0000 + this.u32();
    if (value > Number.MAX_SAFE_INTEGER) this.#isValid = false;
    return value;
  }

  /** Four bytes as Latin-1 text: a box type or a codec's name. */
  fourcc(): string {
    return String.fromCharCode(this.u8(), this.u8(), this.u8(), this.u8());
  }
}
