import { Prng } from '@freshet/proto';
import { describe, expect, it } from 'vitest';

/** sfc32 as in PractRand, written down anew from its definition with wrapping 32-bit words. */
function* sfc32(state: [number, number, number]): Generator<number> {
  const words = Uint32Array.from([...state, 1]);
  const result = new Uint32Array(1);
  for (;;) {
    const [a = 0, b = 0, c = 0, counter = 0] = words;
    result[0] = a + b + counter;
    words[0] = b ^ (b >>> 9);
    words[1] = c + (c << 3);
    words[2] = ((c << 21) | (c >>> 11)) + (result[0] ?? 0);
    words[3] = counter + 1;
    yield result[0] ?? 0;
  }
}

const take = (prng: Prng, count: number): number[] => Array.from({ length: count }, () => prng.uint32());

describe('the generator', () => {
  it('is sfc32, seeded by FNV-1a, twelve words thrown away', () => {
    const fnv = (offset: number): number => Math.imul(offset ^ 'a'.charCodeAt(0), 16777619) >>> 0;
    const reference = sfc32([fnv(2166136261), fnv(0x9e3779b9), fnv(0x85ebca6b)]);
    const expected = Array.from({ length: 112 }, () => reference.next().value).slice(12);
    expect(take(new Prng('a'), 100)).toEqual(expected);
  });

  it('gives these words for this seed, on every machine and in every version', () => {
    expect(take(new Prng('freshet'), 4)).toMatchInlineSnapshot(`
      [
        3004134347,
        2369200715,
        3297025449,
        4076873043,
      ]
    `);
  });

  it('takes a number for the text of it', () => {
    expect(take(new Prng(42), 5)).toEqual(take(new Prng('42'), 5));
  });

  it('forks by name alone: drawing from one does not disturb the other', () => {
    const untouched = take(new Prng('seed').fork('links'), 20);
    const parent = new Prng('seed');
    take(parent, 1000);
    const fork = parent.fork('links');
    take(parent.fork('others'), 10);
    expect(take(fork, 20)).toEqual(untouched);
  });

  it('gives different forks different sequences', () => {
    const parent = new Prng('seed');
    expect(take(parent.fork('a'), 4)).not.toEqual(take(parent.fork('b'), 4));
  });

  it('draws below a bound, each number about as often', () => {
    const prng = new Prng('bound');
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) {
      const drawn = prng.below(10);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    expect(counts).toHaveLength(10);
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });
});
