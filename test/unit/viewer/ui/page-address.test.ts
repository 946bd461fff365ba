import { Limits } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { readPageAddress, readRelayAttribute, shareLinkFor } from '../../../../viewer/src/ui/page-address.js';

describe('readPageAddress', () => {
  it('takes the channel from the last segment and the page’s own origin as the first relay', () => {
    expect(readPageAddress('https://a.example:8443/watch/fr1abc?relay=https://b.example')).toEqual({
      channel: 'fr1abc',
      relays: ['https://a.example:8443', 'https://b.example'],
      upload: null,
      isRelayOnly: false,
    });
  });

  it('takes what may be uploaded, and whether only the relay may be used', () => {
    const read = (query: string) => readPageAddress(`https://a.example/watch/x${query}`);
    expect(read('?upload=2.5')).toMatchObject({ upload: '2.5', isRelayOnly: false });
    expect(read('?upload=off&relay-only')).toMatchObject({ upload: 'off', isRelayOnly: true });
    expect(read('?relay-only=1#t=1').isRelayOnly).toBe(true);
  });

  it('does not mind a slash at the end, a path before it or a fragment', () => {
    expect(readPageAddress('https://a.example/some/where/watch/fr1abc/#t=1').channel).toBe('fr1abc');
  });

  it('leaves out relays that are no origins, and repeated ones', () => {
    const query = [
      'javascript:alert(1)',
      'https://b.example/path',
      'https://b.example/',
      'https://b.example',
      'nonsense',
    ]
      .map((relay) => `relay=${encodeURIComponent(relay)}`)
      .join('&');
    expect(readPageAddress(`https://a.example/watch/x?${query}`).relays).toEqual([
      'https://a.example',
      'https://b.example',
    ]);
  });

  it('takes no more relays than a catalog may name', () => {
    const query = Array.from({ length: 500 }, (_, index) => `relay=https://r${index}.example`).join('&');
    expect(readPageAddress(`https://a.example/watch/x?${query}`).relays).toHaveLength(
      Limits.CATALOG_RELAYS_MAX,
    );
  });

  it('hands an unreadable channel on as it stands, for the feed to judge', () => {
    expect(readPageAddress('https://a.example/watch/%E0%A4%A').channel).toBe('%E0%A4%A');
    expect(readPageAddress('https://a.example/').channel).toBe('');
    expect(readPageAddress('https://a.example/watch/fr%201').channel).toBe('fr 1');
  });
});

describe('readRelayAttribute', () => {
  it('reads addresses with white space between them and ignores their paths', () => {
    expect(readRelayAttribute(' https://a.example/watch/x \n http://127.0.0.1:8080 ')).toEqual([
      'https://a.example',
      'http://127.0.0.1:8080',
    ]);
  });

  it('leaves out what is no web address', () => {
    expect(readRelayAttribute('nowhere ftp://a.example data:,x')).toEqual([]);
    expect(readRelayAttribute(null)).toEqual([]);
  });
});

describe('shareLinkFor', () => {
  it('points to the watch page at the first relay', () => {
    expect(shareLinkFor('fr1abc', ['https://a.example', 'https://b.example'], 'https://here.example/')).toBe(
      'https://a.example/watch/fr1abc',
    );
  });

  it('passes on a channel that is a link already, and the page where no relay is named', () => {
    expect(shareLinkFor('https://a.example/watch/fr1abc', [], 'x')).toBe('https://a.example/watch/fr1abc');
    expect(shareLinkFor('fr1abc', [], 'https://here.example/')).toBe('https://here.example/');
  });
});
