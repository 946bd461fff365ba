import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SOURCES_MAX, SourceLimiter, STUN_LIMITS } from '../../relay-node/src/stun/source-limiter.js';
import {
  addressBytesOf,
  encodeBindingResponse,
  isBindingRequest,
  STUN_REQUEST_BYTES_MAX,
  STUN_RESPONSE_BYTES_MAX,
} from '../../relay-node/src/stun/stun-message.js';

const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replace(/\s/g, ''), 'hex'));

/** Cookie and transaction id of the samples in RFC 5769. */
const ID = '2112a442 b7e7a701bc34d686fa87dfae';

describe('a binding response', () => {
  // RFC 5769 §2.2 and §2.3 give these addresses for this transaction id.
  it.each([
    ['192.0.2.1', '0020 0008 0001 a147 e112a643'],
    ['::ffff:192.0.2.1', '0020 0008 0001 a147 e112a643'],
    ['2001:db8:1234:5678:11:2233:4455:6677', '0020 0014 0002 a147 0113a9faa5d3f179bc25f4b5bed2b9d9'],
  ])('masks %s as the standard says', (address, attribute) => {
    const expected = fromHex(attribute);
    const response = encodeBindingResponse(fromHex(`0001 0000 ${ID}`), address, 32_853);
    expect(response.subarray(20)).toEqual(expected);
    expect(response.subarray(0, 20)).toEqual(
      fromHex(`0101 00${Buffer.of(expected.length).toString('hex')} ${ID}`),
    );
    expect(response.length).toBeLessThanOrEqual(STUN_RESPONSE_BYTES_MAX);
  });

  it('understands every way an IPv6 address is written', () => {
    expect([...addressBytesOf('::')]).toEqual(Array.from({ length: 16 }, () => 0));
    expect(addressBytesOf('::1').at(-1)).toBe(1);
    expect([...addressBytesOf('fe80::1%eth0')].slice(0, 2)).toEqual([0xfe, 0x80]);
    expect([...addressBytesOf('2001:db8::')].slice(0, 4)).toEqual([0x20, 0x01, 0x0d, 0xb8]);
  });
});

describe('a binding request', () => {
  it('may be bare, or carry what need not be understood', () => {
    expect(isBindingRequest(fromHex(`0001 0000 ${ID}`))).toBe(true);
    expect(isBindingRequest(fromHex(`0001 0008 ${ID} 8022 0003 61626300`))).toBe(true);
  });

  it.each([
    ['a response', `0101 0000 ${ID}`],
    ['an indication', `0011 0000 ${ID}`],
    ['an allocation', `0003 0000 ${ID}`],
    ['another cookie', `0001 0000 2112a443 b7e7a701bc34d686fa87dfae`],
    ['a length that is not its own', `0001 0004 ${ID}`],
    ['a wish for another port (RFC 5780)', `0001 0008 ${ID} 0003 0004 00000002`],
    ['an attribute that ends outside', `0001 0004 ${ID} 8022 0010`],
    ['half a header', '0001 0000 2112a442'],
  ])('is not %s', (_what, hex) => {
    expect(isBindingRequest(fromHex(hex))).toBe(false);
  });

  it('is not any other bytes, and none make it throw', () => {
    const sizes = { maxLength: STUN_REQUEST_BYTES_MAX + 10 };
    fc.assert(fc.property(fc.uint8Array(sizes), (bytes) => !isBindingRequest(bytes)));
    const attributes = fc.uint8Array({ maxLength: 60 });
    fc.assert(
      fc.property(attributes, (tail) => {
        const bytes = Uint8Array.from([
          ...fromHex(`0001 00${Buffer.of(tail.length).toString('hex')} ${ID}`),
          ...tail,
        ]);
        isBindingRequest(bytes);
      }),
    );
  });
});

describe('the limit per source', () => {
  it('answers a burst, then as much as is gained back', () => {
    const limiter = new SourceLimiter(STUN_LIMITS);
    const allowed = (nowMs: number, count: number): number =>
      Array.from({ length: count }, () => limiter.allow(nowMs, '192.0.2.1')).filter(Boolean).length;
    expect(allowed(0, 1_000)).toBe(STUN_LIMITS.burst);
    expect(allowed(2_000, 1_000)).toBe(STUN_LIMITS.perSecond * 2);
    expect(limiter.allow(2_000, '192.0.2.2')).toBe(true);
  });

  it('counts a home with IPv6 as one', () => {
    const limiter = new SourceLimiter(STUN_LIMITS);
    const results = Array.from({ length: 200 }, (_none, index) =>
      limiter.allow(0, `2001:db8:1:2::${index.toString(16)}`),
    );
    expect(results.filter(Boolean).length).toBe(STUN_LIMITS.burst);
    expect(limiter.size).toBe(1);
  });

  it('remembers no more than so many sources, and answers no more than so many requests in all', () => {
    const limiter = new SourceLimiter(STUN_LIMITS);
    let allowedCount = 0;
    for (let index = 0; index < SOURCES_MAX * 2; index += 1) {
      const address = `10.${index >>> 16}.${(index >>> 8) & 255}.${index & 255}`;
      if (limiter.allow(0, address)) allowedCount += 1;
    }
    expect(limiter.size).toBe(SOURCES_MAX);
    expect(allowedCount).toBe(STUN_LIMITS.totalPerSecond);
  });
});
