/** Whom a request is counted to when there are proxies in front of the relay. */

import { BlockList } from 'node:net';
import { describe, expect, it } from 'vitest';
import { clientAddress } from '../../../../relay-node/src/link/remote-address.js';

const trusted = new BlockList();
trusted.addSubnet('10.0.0.0', 8, 'ipv4');
trusted.addAddress('127.0.0.1', 'ipv4');

describe('the address of a client', () => {
  it('is that of the connection when nobody is trusted, or somebody else is', () => {
    expect(clientAddress('10.0.0.1', '198.51.100.7', undefined)).toBe('10.0.0.1');
    expect(clientAddress('203.0.113.1', '198.51.100.7', trusted)).toBe('203.0.113.1');
    expect(clientAddress('10.0.0.1', undefined, trusted)).toBe('10.0.0.1');
  });

  it('is the last one that a trusted proxy saw, whatever the client wrote in front of it', () => {
    expect(clientAddress('127.0.0.1', '198.51.100.7', trusted)).toBe('198.51.100.7');
    expect(clientAddress('127.0.0.1', '1.1.1.1, 198.51.100.7', trusted)).toBe('198.51.100.7');
    expect(clientAddress('127.0.0.1', '1.1.1.1, 198.51.100.7, 10.2.3.4', trusted)).toBe('198.51.100.7');
    expect(clientAddress('127.0.0.1', '::ffff:198.51.100.7', trusted)).toBe('198.51.100.7');
  });

  it('is that of the proxy when what it hands on is no address, or endless', () => {
    for (const forwarded of ['unknown', '', ',,,', '198.51.100.7:443', 'x, <script>'])
      expect(clientAddress('127.0.0.1', forwarded, trusted)).toBe('127.0.0.1');
    expect(clientAddress('127.0.0.1', `${'1.1.1.1, '.repeat(1_000)}2.2.2.2`, trusted)).toBe('127.0.0.1');
  });
});
