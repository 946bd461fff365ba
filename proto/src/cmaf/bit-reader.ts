/**
 * Reads bits and Exp-Golomb numbers out of an H.264 parameter set (ITU-T H.264 §7.2, §9.1).
 *
 * Leaves out emulation prevention bytes. Past the end every read gives 0 and `isValid` turns false for good.
 */
export class BitReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;
  #bitsRead = 0;
  #zeros = 0;
  #isValid = true;

  /** Reads from byte `start` up to, not including, `end` (clamped to the array). */
  constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = Math.min(end, bytes.length);
  }

  /** False once anything was read past the end. */
  get isValid(): boolean {
    return this.#isValid;
  }

  /** One bit. */
  bit(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined || this.#at >= this.#end) {
      this.#isValid = false;
      return 0;
    }
    const value = (byte >> (7 - this.#bitsRead)) & 1;
    this.#bitsRead += 1;
    if (this.#bitsRead === 8) this.#nextByte(byte);
    return value;
  }

  /** `count` bits as an unsigned number; at most 32. */
  bits(count: number): number {
    let value = 0;
    for (let index = 0; index < count; index++) value = value * 2 + this.bit();
    return value;
  }

  /** `ue(v)`. */
  unsigned(): number {
    let leadingZeros = 0;
    while (this.#isValid && this.bit() === 0) leadingZeros += 1;
    if (leadingZeros > 31) this.#isValid = false;
    if (!this.#isValid) return 0;
    const rest = this.bits(leadingZeros);
    return this.#isValid ? 2 ** leadingZeros - 1 + rest : 0;
  }

  /** `se(v)`. */
  signed(): number {
    const code = this.unsigned();
    return code % 2 === 0 ? -code / 2 : (code + 1) / 2;
  }

  #nextByte(finished: number): void {
    this.#bitsRead = 0;
    this.#at += 1;
    this.#zeros = finished === 0 ? this.#zeros + 1 : 0;
    if (this.#zeros === 2 && this.#bytes[this.#at] === 3) {
      this.#at += 1;
      this.#zeros = 0;
    }
  }
}
