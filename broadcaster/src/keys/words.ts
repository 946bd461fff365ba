/** A channel key as 24 English words (BIP 39), for a backup on paper. The word list is loaded when it is asked for. */

import { encodeAddress } from '@freshet/proto';
import { keyPairOf, sha256 } from '@freshet/relay-node';
import { KeyError } from './key-error.js';

/** Words of a 32-byte secret: 256 bits and 8 of a checksum, 11 a word. */
export const WORD_COUNT = 24;

/** Bytes of an Ed25519 secret. */
const SECRET_BYTES = 32;

/** Longest text that is looked at. */
const TEXT_LENGTH_MAX = 2_000;

const loadList = async () => {
  const [bip39, { wordlist }] = await Promise.all([
    import('@scure/bip39'),
    import('@scure/bip39/wordlists/english.js'),
  ]);
  return { ...bip39, wordlist };
};

/** The words that stand for a 32-byte secret. */
export async function wordsOf(secret: Uint8Array): Promise<readonly string[]> {
  const { entropyToMnemonic, wordlist } = await loadList();
  return entropyToMnemonic(secret, wordlist).split(' ');
}

/**
 * The secret that 24 words stand for, however they are spaced, numbered or capitalised; four letters of a word are enough.
 * Rejects with a KeyError that names the word that is wrong where that can be known: one that is not in the list always;
 * one that was mistaken for another, or exchanged with another, if the channel's `address` is given.
 */
export async function secretOfWords(text: string, address?: string): Promise<Uint8Array> {
  const { wordlist } = await loadList();
  const indices = readWords(text, wordlist).map((word) => wordlist.indexOf(word));
  const secret = secretOf(indices);
  if (secret) {
    if (address === undefined || addressOfSecret(secret) === address) return secret;
    throw new KeyError('bad-words', `These words belong to another channel, ${addressOfSecret(secret)}.`);
  }
  const fits = (tried: readonly number[]): boolean => {
    const found = secretOf(tried);
    return found !== undefined && addressOfSecret(found) === address;
  };
  const wrong = address === undefined ? undefined : findMistake(indices, wordlist, fits);
  throw new KeyError('bad-words', wrong ?? DO_NOT_FIT);
}

const DO_NOT_FIT =
  "The words do not fit together: one is another than on your paper, or two have changed places. Compare them one by one; with --address and your channel's address, Freshet finds the place.";

/**
 * The secret that words stand for by their place in the list, or `undefined` when their checksum does not hold: 11 bits a
 * word, of which the last 8 are the first of the secret's SHA-256 (BIP 39). The library's own decoder takes a third of a
 * millisecond, too long for all the tries of a mistake.
 */
function secretOf(indices: readonly number[]): Uint8Array | undefined {
  const bytes = new Uint8Array(SECRET_BYTES + 1);
  let [held, bits, at] = [0, 0, 0];
  for (const index of indices) {
    held = (held << 11) | index;
    for (bits += 11; bits >= 8; bits -= 8) bytes[at++] = held >> (bits - 8);
    held &= (1 << bits) - 1;
  }
  const secret = bytes.slice(0, SECRET_BYTES);
  return sha256(secret)[0] === bytes[SECRET_BYTES] ? secret : undefined;
}

function readWords(text: string, wordlist: readonly string[]): readonly string[] {
  const given = text
    .slice(0, TEXT_LENGTH_MAX)
    .toLowerCase()
    .normalize('NFKD')
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  if (given.length !== WORD_COUNT)
    throw new KeyError('bad-words', `A backup has ${WORD_COUNT} words, and these are ${given.length}.`);
  return given.map((word, index) => {
    if (wordlist.includes(word)) return word;
    // BIP 39's words differ in their first four letters.
    const [match, ...others] =
      word.length >= 4 ? wordlist.filter((known) => known.startsWith(word.slice(0, 4))) : [];
    if (match !== undefined && others.length === 0 && match.startsWith(word)) return match;
    const near = nearest(word, wordlist);
    const hint = near.length > 0 ? ` Perhaps it is ${near.map((known) => `"${known}"`).join(' or ')}?` : '';
    throw new KeyError('bad-words', `Word ${index + 1}, "${word}", is not one of the list.${hint}`);
  });
}

const addressOfSecret = (secret: Uint8Array): string => encodeAddress(keyPairOf(secret).publicKey);

/** One mistaken word, or two exchanged ones, that explain the address; 49,380 tries, of which the checksum leaves 193. */
function findMistake(
  indices: readonly number[],
  wordlist: readonly string[],
  fits: (indices: readonly number[]) => boolean,
): string | undefined {
  for (let a = 0; a < indices.length; a++)
    for (let b = a + 1; b < indices.length; b++) {
      const tried = indices.with(a, indices[b] ?? 0).with(b, indices[a] ?? 0);
      if (fits(tried)) return `Words ${a + 1} and ${b + 1} have changed places.`;
    }
  for (let at = 0; at < indices.length; at++)
    for (let candidate = 0; candidate < wordlist.length; candidate++)
      if (fits(indices.with(at, candidate)))
        return `Word ${at + 1} is wrong: it is not "${wordlist[indices[at] ?? 0]}", look at it on your paper again.`;
  return undefined;
}

/** Words of the list that are one letter away: changed, left out, or too many. */
function nearest(word: string, wordlist: readonly string[]): readonly string[] {
  return wordlist.filter((known) => isOneApart(word, known)).slice(0, 3);
}

function isOneApart(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return Math.max(a.length, b.length) - start - end <= 1;
}
