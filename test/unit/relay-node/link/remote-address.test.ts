import { describe, expect, it } from 'vitest';
import { addressFromBytes, shortAddress } from '../../../../relay-node/src/link/remote-address.js';

const bytes = (hex: string): Uint8Array => Buffer.from(hex, 'hex');

describe('the address of the other end', () => {
  it.each([
    ['7f000001', '127.0.0.1'],
    ['00000000000000000000ffffc0000201', '192.0.2.1'],
    ['20010db8000000000000000000000001', '2001:db8::1'],
    ['00000000000000000000000000000001', '::1'],
    ['', ''],
    ['0102', ''],
  ])('in bytes %s reads %s', (hex, text) => {
    expect(addressFromBytes(bytes(hex))).toBe(text);
  });

  it.each([
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:DB8::1', '2001:db8::1'],
    ['192.0.2.1', '192.0.2.1'],
  ])('in text %s reads %s', (long, short) => {
    expect(shortAddress(long)).toBe(short);
  });
});
