/**
 * Seeded randomness for the core and the simulator: sfc32 (Chris Doty-Humphrey, PractRand), 128 bits of state.
 * Not for keys: those come from the platform's generator, in adapters.
 */
export class Prng {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  /** A generator that depends on nothing but `seed`; equal seeds give equal sequences. */
  constructor(seed: string | number) {
    const text = String(seed);
    // FNV-1a, three times with different offsets, fills the state from a seed of any length.
    const hash = (offset: number): number => {
      let value = offset >>> 0;
      for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 16777619) >>> 0;
      return value;
    };
    this.#a = hash(2166136261);
    this.#b = hash(0x9e3779b9);
    this.#c = hash(0x85ebca6b);
    for (let i = 0; i < 12; i++) this.uint32();
    this.#name = text;
  }

  readonly #name: string;

  /** A generator of its own for one purpose: drawing from it does not disturb this one. */
  fork(name: string): Prng {
    return new Prng(`${this.#name}/${name}`);
  }

  /** A whole number in [0, 2^32). */
  uint32(): number {
    const result = (this.#a + this.#b + this.#counter++) >>> 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) >>> 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) >>> 0;
    return result;
  }

  /** A number in [0, 1). */
  next(): number {
    return this.uint32() / 4294967296;
  }

  /** A whole number in [0, bound). `bound` is at least 1. */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }
}
