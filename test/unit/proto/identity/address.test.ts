import { ADDRESS_LENGTH, decodeAddress, encodeAddress, equalBytes, Prng } from '@freshet/proto';
import { describe, expect, it } from 'vitest';

const prng = new Prng('addresses');
const key = Uint8Array.from({ length: 32 }, () => prng.below(256));
const address = encodeAddress(key);

const isAccepted = (text: string): boolean => decodeAddress(text).ok;
const whyOf = (text: string): string => {
  const result = decodeAddress(text);
  return result.ok ? '' : result.why;
};

describe('a channel address', () => {
  it('gives the key back', () => {
    const result = decodeAddress(address);
    expect(address).toHaveLength(ADDRESS_LENGTH);
    expect(result.ok && equalBytes(result.channelKey, key)).toBe(true);
  });

  it('may be in upper case and have white space around it', () => {
    expect(isAccepted(address.toUpperCase())).toBe(true);
    expect(isAccepted(` ${address}\n`)).toBe(true);
  });

  it('is refused with any single character replaced', () => {
    const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789-';
    for (let at = 0; at < address.length; at++)
      for (const character of alphabet) {
        if (character === address[at]) continue;
        const changed = address.slice(0, at) + character + address.slice(at + 1);
        expect(isAccepted(changed), changed).toBe(false);
      }
  });

  it('is refused with any two neighbours swapped', () => {
    for (let at = 0; at + 1 < address.length; at++) {
      const [a = '', b = ''] = address.slice(at, at + 2);
      if (a === b) continue;
      const swapped = address.slice(0, at) + b + a + address.slice(at + 2);
      expect(isAccepted(swapped), swapped).toBe(false);
    }
  });

  it('of another kind is told by its beginning', () => {
    expect(whyOf('bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq')).toContain('starts with "fr1"');
  });

  it('that was cut off, or copied with too much, is told by its length', () => {
    expect(whyOf(address.slice(0, -1))).toContain('too short: it has 60');
    expect(whyOf(`${address}q`)).toContain('too long: it has 62');
  });

  it('with a typing mistake asks to copy it again', () => {
    expect(whyOf(`${address.slice(0, -1)}${address.endsWith('q') ? 'p' : 'q'}`)).toContain(
      'Copy the whole link',
    );
  });

  it('is refused when its padding bits are not zero', () => {
    // 52 characters carry 260 bits, the key 256: a sound checksum over other padding is still another text.
    expect(isAccepted(`fr1${'l'.repeat(58)}`)).toBe(false);
  });
});
