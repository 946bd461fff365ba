import { encodeAddress } from '@freshet/proto';
import { keyPairOf } from '@freshet/relay-node';
import { describe, expect, it } from 'vitest';
import { secretOfWords, wordsOf } from '../../../../broadcaster/src/keys/words.js';

const secret = Uint8Array.from({ length: 32 }, (_, index) => index * 7);
const address = encodeAddress(keyPairOf(secret).publicKey);

describe('a key in words', () => {
  it('is BIP 39: a vector of its reference implementation', async () => {
    expect((await wordsOf(new Uint8Array(32))).join(' ')).toBe(`${'abandon '.repeat(23)}art`);
  });

  it('comes back from 24 words, numbered, capitalised and abbreviated as they may be', async () => {
    const words = await wordsOf(secret);
    expect(words).toHaveLength(24);
    const numbered = words.map((word, index) => `${index + 1}. ${word.toUpperCase()}`).join('\n');
    expect(await secretOfWords(numbered)).toEqual(secret);
    expect(await secretOfWords(words.map((word) => word.slice(0, 4)).join('  '), address)).toEqual(secret);
  });

  it('names the word that is not one, with what it may have been', async () => {
    const words = [...(await wordsOf(new Uint8Array(32)))];
    words[4] = 'abandn';
    await expect(secretOfWords(words.join(' '))).rejects.toThrow(
      'Word 5, "abandn", is not one of the list. Perhaps it is "abandon"?',
    );
    await expect(secretOfWords('abandon abandon')).rejects.toThrow('24 words, and these are 2');
  });

  it('finds the word that was mistaken for another if the address is known', async () => {
    const words = await wordsOf(secret);
    const mistaken = words.with(16, words[16] === 'zoo' ? 'abandon' : 'zoo').join(' ');
    await expect(secretOfWords(mistaken)).rejects.toThrow('do not fit together');
    await expect(secretOfWords(mistaken, address)).rejects.toThrow('Word 17 is wrong: it is not "zoo"');
  });

  it('finds two words that have changed places, which keeps every word right', async () => {
    const words = await wordsOf(secret);
    const swapped = words
      .with(2, words[9] ?? '')
      .with(9, words[2] ?? '')
      .join(' ');
    await expect(secretOfWords(swapped, address)).rejects.toThrow('Words 3 and 10 have changed places');
  });

  it('of another channel is refused when the address is known', async () => {
    const other = (await wordsOf(new Uint8Array(32))).join(' ');
    await expect(secretOfWords(other, address)).rejects.toThrow('belong to another channel');
  });
});
