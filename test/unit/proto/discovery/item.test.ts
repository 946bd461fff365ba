import { createHash } from 'node:crypto';
import {
  announceHashOf,
  decodeItem,
  encodeItem,
  ITEM_AGE_MS_MAX,
  ITEM_AHEAD_MS_MAX,
  ITEM_BYTES_MAX,
  ITEM_RELAYS_MAX,
  isNewerSequence,
  judgeSequence,
  nextSequence,
  toHex,
  wallMs,
} from '@freshet/proto';
import { describe, expect, it } from 'vitest';

const EPOCH = wallMs(1_700_000_000_123);
const NOW = wallMs(1_700_000_500_000);
const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();
const latin1 = (text: string): number[] => [...Buffer.from(text, 'latin1')];
const named = (...origins: string[]): Uint8Array =>
  Uint8Array.from([
    ...encodeItem({ epoch: EPOCH, relays: [] }).subarray(0, 7),
    origins.length,
    ...origins.flatMap((origin) => [origin.length, ...latin1(origin)]),
  ]);

describe("a channel's item", () => {
  it('says the epoch and the relays, best first', () => {
    const relays = ['https://relay.example.org', 'http://192.0.2.7:8080', 'https://[2001:db8::1]:444'];
    expect(decodeItem(encodeItem({ epoch: EPOCH, relays }))).toEqual({ epoch: EPOCH, relays });
  });

  it('has bytes that do not change', () => {
    const bytes = encodeItem({ epoch: EPOCH, relays: ['http://a.example'] });
    expect(toHex(bytes)).toBe(`01018bcfe5687b0110${Buffer.from('http://a.example').toString('hex')}`);
  });

  it('names each relay once, in its only form, and none that is no origin', () => {
    const relays = [
      'HTTPS://Relay.example.org:443',
      'https://relay.example.org',
      'https://x/path',
      'ftp://x',
    ];
    expect(decodeItem(encodeItem({ epoch: EPOCH, relays }))?.relays).toEqual(['https://relay.example.org']);
  });

  it('stays within what BEP 44 allows, however many and long the relays are', () => {
    const long = Array.from(
      { length: 20 },
      (_, index) => `https://${'a'.repeat(60)}.${'b'.repeat(60)}.r${index}.example`,
    );
    const bytes = encodeItem({ epoch: EPOCH, relays: long });
    expect(bytes.length).toBeLessThanOrEqual(ITEM_BYTES_MAX);
    expect(decodeItem(bytes)?.relays.length).toBeGreaterThan(5);
    const short = long.map((_, index) => `http://r${index}.example`);
    expect(decodeItem(encodeItem({ epoch: EPOCH, relays: short }))?.relays).toHaveLength(ITEM_RELAYS_MAX);
  });

  it.each([
    ['nothing', Uint8Array.of()],
    ['another version', Uint8Array.from([2, ...named('http://a.example').subarray(1)])],
    ['an epoch beyond every calendar', Uint8Array.from([1, 255, ...named('http://a.example').subarray(2)])],
    ['a relay fewer than it counts', named('http://a.example').subarray(0, 8)],
    ['a relay cut off', named('http://a.example').subarray(0, -1)],
    ['bytes behind its end', Uint8Array.from([...named('http://a.example'), 0])],
    [
      'more relays than allowed',
      named(...Array.from({ length: 9 }, (_, index) => `http://r${index}.example`)),
    ],
    ['the same relay twice', named('http://a.example', 'http://a.example')],
    ['a path', named('http://a.example/x')],
    ['another scheme', named('ftp://a.example')],
    ['upper case', named('http://A.example')],
    ['the default port', named('http://a.example:80')],
    ['a port that is none', named('http://a.example:70000')],
    ['an address in disguise', named('http://0x7f.1')],
    ['a number for a host', named('http://2130706433')],
    ['a broken IPv6 address', named('http://[1::2::3]')],
    ['more bytes than allowed', new Uint8Array(ITEM_BYTES_MAX + 1).fill(1)],
  ])('is refused with %s', (_what, bytes) => {
    expect(decodeItem(bytes)).toBeUndefined();
  });
});

describe('the sequence number of an item', () => {
  it('fits for a day, and when a clock is an hour wrong', () => {
    const hour = 3_600_000;
    for (const age of [0, hour, -hour, ITEM_AGE_MS_MAX, -ITEM_AHEAD_MS_MAX])
      expect(judgeSequence(NOW - age, NOW)).toBe('fits');
  });

  it('is refused when it is stale, far in the future, or none', () => {
    expect(judgeSequence(NOW - ITEM_AGE_MS_MAX - 1, NOW)).toBe('stale');
    expect(judgeSequence(NOW + ITEM_AHEAD_MS_MAX + 1, NOW)).toBe('future');
    for (const wrong of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60])
      expect(judgeSequence(wrong, NOW)).toBe('malformed');
  });

  it('lets a newer item replace an older one, not the other way round', () => {
    expect(isNewerSequence(2, undefined)).toBe(true);
    expect(isNewerSequence(2, 1)).toBe(true);
    expect(isNewerSequence(1, 1)).toBe(false);
    expect(isNewerSequence(1, 2)).toBe(false);
  });

  it('is the time, but above the known one when the clock has gone back', () => {
    expect(nextSequence(NOW, undefined)).toBe(NOW);
    expect(nextSequence(NOW, NOW - 5)).toBe(NOW);
    expect(nextSequence(NOW, NOW + 5)).toBe(NOW + 6);
    expect(nextSequence(NOW, NOW + ITEM_AHEAD_MS_MAX + 5)).toBe(NOW);
  });
});

describe('the hash under which relays announce a channel', () => {
  it('has 20 bytes, and is that of the channel alone', () => {
    const hash = announceHashOf(new Uint8Array(32).fill(1), sha256);
    expect(hash).toHaveLength(20);
    expect(toHex(hash)).toBe(
      createHash('sha256')
        .update('freshet relays v1\n')
        .update(new Uint8Array(32).fill(1))
        .digest('hex')
        .slice(0, 40),
    );
    expect(announceHashOf(new Uint8Array(32).fill(2), sha256)).not.toEqual(hash);
  });
});
