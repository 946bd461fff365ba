import { canonicalOrigin, isPublicHost, isPublicOrigin, plainOriginOf } from '@freshet/proto';
import { describe, expect, it } from 'vitest';

describe('an origin', () => {
  it.each([
    ['HTTP://Relay.Example.org:8080', 'http://relay.example.org:8080'],
    ['http://relay.example.org:80', 'http://relay.example.org'],
    ['https://relay.example.org:0443', 'https://relay.example.org'],
    ['http://[2001:DB8::1]:80', 'http://[2001:db8::1]'],
    ['http://127.0.0.1:9', 'http://127.0.0.1:9'],
  ])('%s is written %s', (text, origin) => {
    expect(canonicalOrigin(text)).toBe(origin);
  });

  // URL parsers read each of the hosts in the second row as 127.0.0.1.
  it.each([
    ...['', 'relay.example.org', 'ws://relay.example.org', 'http://a.example:0', 'http://a.example:65536'],
    ...[
      'http://127.1',
      'http://0x7f000001',
      'http://127.0.0.0x1',
      'http://017700000001',
      'http://127.0.0.01',
    ],
    ...[
      'http://a..example',
      'http://.example',
      'http://a.example.',
      'http://[::g]',
      'http://[::1',
      'http://256.1.1.1',
    ],
  ])('"%s" is none', (text) => {
    expect(canonicalOrigin(text)).toBeUndefined();
  });

  it('is made of an address and a port', () => {
    expect(plainOriginOf('203.0.113.9', 8080)).toBe('http://203.0.113.9:8080');
    expect(plainOriginOf('2001:db8::9', 80)).toBe('http://[2001:db8::9]');
    expect(plainOriginOf('203.0.113.9', 0)).toBeUndefined();
    expect(plainOriginOf('203.0.113.9', 1.5)).toBeUndefined();
    expect(plainOriginOf('not an address', 80)).toBeUndefined();
  });
});

describe('a host of the public internet', () => {
  it.each([
    ...['8.8.8.8', '100.63.0.1', '172.15.0.1', '172.32.0.1', '192.167.1.1', '223.255.255.255'],
    ...['2606:4700::1111', '[2a00:1450:4001::1]', '::ffff:8.8.8.8', 'relay.example.org'],
  ])('is %s', (host) => {
    expect(isPublicHost(host)).toBe(true);
  });

  it.each([
    ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '169.254.1.1', '172.16.0.1', '172.31.255.255'],
    ...['192.168.1.1', '198.18.0.1', '224.0.0.251', '255.255.255.255', '::', '::1', 'fe80::1', 'fd00::1'],
    ...['::ffff:192.168.1.1', '64:ff9b::a00:1', '2002:a00:1::', '2001:0:a00:1::', '2001:db8::1', 'ff02::fb'],
    ...[
      'localhost',
      'router',
      'nas.local',
      'nas.lan',
      'a.home.arpa',
      '0x7f.1',
      '2130706433',
      'a b.example',
      '',
    ],
  ])('is not %s', (host) => {
    expect(isPublicHost(host)).toBe(false);
  });

  it('is looked for in origins', () => {
    expect(isPublicOrigin('https://relay.example.org:444')).toBe(true);
    expect(isPublicOrigin('http://[fd00::1]:80')).toBe(false);
    expect(isPublicOrigin('nothing of the kind')).toBe(false);
  });
});
