/** Reads bencoded bytes (BEP 3) of strangers: bounded, total, and stricter than the DHT library's own reader. */

/** One value. A dictionary's keys are its bytes as Latin-1. */
export type Bencoded = number | Uint8Array | readonly Bencoded[] | BencodedDictionary;

/** A dictionary. */
export type BencodedDictionary = ReadonlyMap<string, Bencoded>;

/** Lists and dictionaries within each other; deeper ones are refused. */
const DEPTH_MAX = 6;

/** Values in one message, as many as three thousand announced relays have; more are refused. */
const VALUES_MAX = 4_096;

const INTEGER_START = 0x69;
const LIST_START = 0x6c;
const DICTIONARY_START = 0x64;
const END = 0x65;
const COLON = 0x3a;

/** Reads one value that fills the bytes; `undefined` for anything else. Never throws. */
export function decodeBencoded(bytes: Uint8Array): Bencoded | undefined {
  const reader = new Reader(bytes);
  const value = reader.value(0);
  return reader.isAtEnd ? value : undefined;
}

/** Whether it is a dictionary. */
export function isDictionary(value: Bencoded | undefined): value is BencodedDictionary {
  return value instanceof Map;
}

class Reader {
  readonly #bytes: Uint8Array;
  #offset = 0;
  #valueCount = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.#offset === this.#bytes.length;
  }

  value(depth: number): Bencoded | undefined {
    this.#valueCount += 1;
    if (depth > DEPTH_MAX || this.#valueCount > VALUES_MAX) return undefined;
    switch (this.#bytes[this.#offset]) {
      case INTEGER_START:
        this.#offset += 1;
        return this.#number(END, true);
      case LIST_START:
        this.#offset += 1;
        return this.#list(depth);
      case DICTIONARY_START:
        this.#offset += 1;
        return this.#dictionary(depth);
      default:
        return this.#text();
    }
  }

  #list(depth: number): readonly Bencoded[] | undefined {
    const list: Bencoded[] = [];
    while (!this.#skipEnd()) {
      const value = this.value(depth + 1);
      if (value === undefined) return undefined;
      list.push(value);
    }
    return list;
  }

  #dictionary(depth: number): BencodedDictionary | undefined {
    const dictionary = new Map<string, Bencoded>();
    while (!this.#skipEnd()) {
      const key = this.#text();
      const value = key && this.value(depth + 1);
      if (key === undefined || value === undefined) return undefined;
      const name = Buffer.from(key).toString('latin1');
      if (dictionary.has(name)) return undefined;
      dictionary.set(name, value);
    }
    return dictionary;
  }

  #text(): Uint8Array | undefined {
    const length = this.#number(COLON, false);
    if (length === undefined || length > this.#bytes.length - this.#offset) return undefined;
    const text = this.#bytes.subarray(this.#offset, this.#offset + length);
    this.#offset += length;
    return text;
  }

  /** Decimals up to a terminator, which is skipped. */
  #number(terminator: number, isSigned: boolean): number | undefined {
    // 16 digits and a sign: no safe integer has more.
    const end = this.#bytes.subarray(this.#offset, this.#offset + 18).indexOf(terminator);
    if (end < 1) return undefined;
    const text = Buffer.from(this.#bytes.subarray(this.#offset, this.#offset + end)).toString('latin1');
    if (!(isSigned ? /^(0|-?[1-9]\d*)$/ : /^(0|[1-9]\d*)$/).test(text)) return undefined;
    this.#offset += end + 1;
    const value = Number(text);
    return Number.isSafeInteger(value) ? value : undefined;
  }

  #skipEnd(): boolean {
    if (this.#bytes[this.#offset] !== END) return false;
    this.#offset += 1;
    return true;
  }
}
