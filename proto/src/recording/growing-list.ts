/** Lists of numbers that grow without an object per entry: sample tables hold millions. */

/** The room a new list has. */
const FIRST_CAPACITY = 256;

/** Appends and reads numbers in one kind of typed array, which doubles when it is full. */
class GrowingList<T extends Uint32Array | Float64Array> {
  readonly #allocate: (length: number) => T;
  #items: T;
  #length = 0;

  constructor(allocate: (length: number) => T) {
    this.#allocate = allocate;
    this.#items = allocate(FIRST_CAPACITY);
  }

  /** Entries held. */
  get length(): number {
    return this.#length;
  }

  /** Appends a number. */
  push(value: number): void {
    if (this.#length === this.#items.length) {
      const larger = this.#allocate(this.#items.length * 2);
      larger.set(this.#items);
      this.#items = larger;
    }
    this.#items[this.#length++] = value;
  }

  /** The entry at `index`; 0 outside the list. */
  at(index: number): number {
    return index < this.#length ? (this.#items[index] ?? 0) : 0;
  }
}

/** A growing list of unsigned 32-bit numbers. */
export class Uint32List extends GrowingList<Uint32Array> {
  constructor() {
    super((length) => new Uint32Array(length));
  }
}

/** A growing list of whole numbers up to 2^53. */
export class Float64List extends GrowingList<Float64Array> {
  constructor() {
    super((length) => new Float64Array(length));
  }
}

/** Runs of equal numbers, as `stts` and `ctts` store them. */
export class RunList {
  readonly #counts: Uint32List = new Uint32List();
  readonly #values: Uint32List = new Uint32List();
  #lastValue = 0;
  #lastCount = 0;

  /** Runs held. */
  get length(): number {
    return this.#counts.length + (this.#lastCount > 0 ? 1 : 0);
  }

  /** Appends one number; a negative one is kept as its two's complement. */
  push(value: number): void {
    if (this.#lastCount > 0 && value === this.#lastValue) {
      this.#lastCount++;
      return;
    }
    this.#flush();
    this.#lastValue = value;
    this.#lastCount = 1;
  }

  /** Calls back for every run, in order. */
  forEach(callback: (count: number, value: number) => void): void {
    for (let index = 0; index < this.#counts.length; index++)
      callback(this.#counts.at(index), this.#values.at(index));
    if (this.#lastCount > 0) callback(this.#lastCount, this.#lastValue);
  }

  #flush(): void {
    if (this.#lastCount === 0) return;
    this.#counts.push(this.#lastCount);
    this.#values.push(this.#lastValue);
  }
}
