import { canonicalOrigin, decodeItem, encodeItem, isPublicHost, wallMs } from '@freshet/proto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkForAWhile } from './run-for.js';

const SEEDS: readonly Uint8Array[] = [
  encodeItem({ epoch: wallMs(0), relays: [] }),
  encodeItem({
    epoch: wallMs(1_700_000_000_000),
    relays: ['https://relay.example.org', 'http://[2606:4700::1]:81'],
  }),
];

/** Bytes of any kind, and items with a few bytes changed, cut off or added. */
const anyItem = fc.oneof(
  fc.uint8Array({ maxLength: 1_100 }),
  fc
    .tuple(
      fc.constantFrom(...SEEDS),
      fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { maxLength: 4 }),
      fc.nat(90),
      fc.uint8Array({ maxLength: 4 }),
    )
    .map(([seed, changes, end, more]) => {
      const bytes = Uint8Array.from([...seed.subarray(0, Math.max(8, end)), ...more]);
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      return bytes;
    }),
);

describe("the decoder of a channel's item", () => {
  it('gives an item that encodes to the very same bytes, or nothing, and never throws', () => {
    checkForAWhile(
      fc.property(anyItem, (bytes) => {
        const item = decodeItem(bytes);
        if (item) expect(encodeItem(item)).toEqual(bytes);
      }),
    );
  }, 60_000);

  it('is fed with items that do decode', () => {
    for (const seed of SEEDS) expect(decodeItem(seed)).toBeDefined();
  });

  it('takes no origin that a URL parser reads otherwise', () => {
    const host = fc.oneof(
      fc.webUrl().map((url) => url.replace(/^(https?:\/\/[^/?#]*).*$/, '$1')),
      fc.stringMatching(/^https?:\/\/[0-9a-fx.:[\]_-]{1,40}(:\d{1,5})?$/),
      fc.ipV4Extended().map((address) => `http://${address}`),
      fc.ipV6().map((address) => `http://[${address}]`),
    );
    checkForAWhile(
      fc.property(host, (text) => {
        const origin = canonicalOrigin(text);
        if (origin === undefined) return;
        expect(canonicalOrigin(origin)).toBe(origin);
        const url = new URL(origin);
        // IPv6 has several forms, of which the parser chooses one.
        if (!url.hostname.startsWith('[')) expect(url.origin).toBe(origin);
        expect(isPublicHost(url.hostname)).toBe(
          isPublicHost(/^https?:\/\/(.*?)(:\d+)?$/.exec(origin)?.[1] ?? ''),
        );
      }),
    );
  }, 60_000);
});
