import {
  appLink,
  encodeAddress,
  isRelayOrigin,
  Limits,
  type LinkResult,
  parseLink,
  socketUrl,
  watchLink,
} from '@freshet/proto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const key = new Uint8Array(32).fill(9);
const address = encodeAddress(key);

const relaysOf = (result: LinkResult): readonly string[] | undefined =>
  result.ok ? result.link.relays : undefined;

describe('a link', () => {
  it('for browsers names the channel, and its own host as a relay', () => {
    const result = parseLink(watchLink('https://tv.example:8443', key));
    expect(result).toEqual({ ok: true, link: { channelKey: key, relays: ['https://tv.example:8443'] } });
  });

  it('for apps carries every relay', () => {
    const link = { channelKey: key, relays: ['https://a.example', 'http://[2001:db8::1]:8080'] };
    expect(parseLink(appLink(link))).toEqual({ ok: true, link });
  });

  it('without relays is the bare address, with or without the scheme', () => {
    for (const text of [address, `freshet:${address}`, `freshet://${address}/`, ` ${address} `])
      expect(relaysOf(parseLink(text)), text).toEqual([]);
  });

  it('may be of the embedded player, and carry further relays and a fragment', () => {
    const text = `https://a.example/embed/${address}/?relay=${encodeURIComponent('https://b.example/')}#key=1`;
    expect(relaysOf(parseLink(text))).toEqual(['https://a.example', 'https://b.example']);
  });

  it('for apps may carry a fragment', () => {
    expect(relaysOf(parseLink(`freshet:${address}#key=1`))).toEqual([]);
    expect(relaysOf(parseLink(`${address}?relay=https%3A%2F%2Fa.example#key=1`))).toEqual([
      'https://a.example',
    ]);
  });

  it('keeps each relay once, at most as many as a catalog, and only origins', () => {
    const many = Array.from({ length: 40 }, (_, index) => `relay=https://r${index}.example`).join('&');
    expect(relaysOf(parseLink(`${address}?${many}`))).toHaveLength(Limits.CATALOG_RELAYS_MAX);
    const text = `${address}?relay=https://a.example&relay=https://a.example&relay=javascript:alert(1)&x=https://b.example`;
    expect(relaysOf(parseLink(text))).toEqual(['https://a.example']);
  });

  it('to something else is refused in a sentence', () => {
    for (const text of [
      'https://tv.example/',
      'https://tv.example/watch/',
      `https://user@tv.example/watch/${address}`,
    ])
      expect(parseLink(text)).toMatchObject({ ok: false, why: expect.stringMatching(/\.$|fr1\.\.\.$/) });
  });

  it('that is absurdly long is refused before it is looked at', () => {
    expect(parseLink(`${address}?${'relay='.repeat(1e6)}`)).toMatchObject({ ok: false });
  });

  it('never throws, whatever the text', () => {
    const nasty = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string().map((tail) => `https://${tail}/watch/${address}`),
      fc.string().map((tail) => `freshet:${address}?relay=${tail}`),
    );
    fc.assert(fc.property(nasty, (text) => typeof parseLink(text).ok === 'boolean'));
  });
});

describe('a relay origin', () => {
  it('has a scheme and a host and nothing else', () => {
    for (const good of ['https://a.example', 'http://127.0.0.1:80', 'http://[::1]:9'])
      expect(isRelayOrigin(good)).toBe(true);
    for (const bad of [
      'ws://a',
      'https://a/',
      'https://a?b',
      'https://u@a',
      'https://',
      'a.example',
      'https://a b',
    ])
      expect(isRelayOrigin(bad), bad).toBe(false);
    expect(isRelayOrigin(`https://${'a'.repeat(600)}`)).toBe(false);
  });

  it('becomes the address of its WebSocket', () => {
    expect(socketUrl('https://a.example', key)).toBe(`wss://a.example/channel/${address}`);
    expect(socketUrl('http://a.example:1', key)).toBe(`ws://a.example:1/channel/${address}`);
  });
});
