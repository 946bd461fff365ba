import { describe, expect, it } from 'vitest';
import { networkOf } from '../../../../relay-node/src/link/network-of.js';

describe('the network of an address', () => {
  it('is the first half of an IPv4 address', () => {
    expect(networkOf('203.0.113.7')).toBe('203.0');
    expect(networkOf('203.0.9.200')).toBe('203.0');
    expect(networkOf('203.1.113.7')).not.toBe(networkOf('203.0.113.7'));
  });

  it('is the same when the IPv4 address came in through IPv6', () => {
    expect(networkOf('::ffff:203.0.113.7')).toBe('203.0');
    expect(networkOf('::FFFF:203.0.113.7')).toBe('203.0');
  });

  it('is the first two groups of an IPv6 address', () => {
    expect(networkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8');
    expect(networkOf('2001:db8::1')).toBe('2001:db8');
    expect(networkOf('2001:DB8::1')).toBe('2001:db8');
    expect(networkOf('fe80::1%eth0')).toBe('fe80:0');
  });

  it('is the same however the zeros of an IPv6 address are written', () => {
    for (const address of ['2001::1', '2001:0::1', '2001:0:0:1:2:3:4:5'])
      expect(networkOf(address), address).toBe('2001:0');
    for (const address of ['::1', '0:0:0:0:0:0:0:1', '::']) expect(networkOf(address), address).toBe('0:0');
  });

  it('is unknown for an unknown address', () => {
    expect(networkOf('')).toBe('');
  });
});
