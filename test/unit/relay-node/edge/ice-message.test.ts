import { createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Prng } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import {
  decodeIceCheck,
  encodeIceAnswer,
  ICE_CHECK_BYTES_MAX,
} from '../../../../relay-node/src/edge/ice-message.js';

/** The sample request of RFC 5769 §2.1. */
const RFC5769 = Buffer.concat([
  Buffer.from('000100582112a442b7e7a701bc34d686fa87dfae', 'hex'),
  Buffer.from('802200105354554e207465737420636c69656e74', 'hex'),
  Buffer.from('002400046e0001ff80290008932ff9b151263b36', 'hex'),
  Buffer.from('00060009', 'hex'),
  Buffer.from('evtj:h6vY   ', 'latin1'),
  Buffer.from('000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf', 'hex'),
]);
const CREDENTIALS = { ufrag: 'evtj', password: 'VOkJxbRl1RmTxUk/WvJxBt' };

describe('a check', () => {
  it('of the standard is read', () => {
    expect(decodeIceCheck(RFC5769, CREDENTIALS)).toEqual({ peerUfrag: 'h6vY', isNominated: false });
  });

  it('for another name or with another password is not', () => {
    expect(decodeIceCheck(RFC5769, { ...CREDENTIALS, ufrag: 'evt' })).toBeUndefined();
    expect(decodeIceCheck(RFC5769, { ...CREDENTIALS, password: 'VOkJxbRl1RmTxUk/WvJxBT' })).toBeUndefined();
  });

  it('with any bit changed, or cut off anywhere, is not', () => {
    for (let at = 0; at < RFC5769.length; at += 1) {
      const changed = Buffer.from(RFC5769);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      expect(decodeIceCheck(changed, CREDENTIALS), `byte ${at}`).toBeUndefined();
      expect(decodeIceCheck(RFC5769.subarray(0, at), CREDENTIALS), `${at} bytes`).toBeUndefined();
    }
  });

  it('of random bytes, or too long, is none, and nothing is thrown', () => {
    const prng = new Prng('checks');
    for (let round = 0; round < 2_000; round += 1) {
      const bytes = Buffer.from(Uint8Array.from({ length: 4 * prng.below(60) }, () => prng.below(256)));
      // Half of them begin as a request does, so that the attributes are looked at.
      if (round % 2 === 0 && bytes.length >= 20) {
        RFC5769.copy(bytes, 0, 0, 20);
        bytes.writeUInt16BE(bytes.length - 20, 2);
      }
      expect(decodeIceCheck(bytes, CREDENTIALS)).toBeUndefined();
    }
    expect(decodeIceCheck(Buffer.alloc(ICE_CHECK_BYTES_MAX + 4, 1), CREDENTIALS)).toBeUndefined();
  });
});

describe('the answer to a check', () => {
  /** RFC 5769 §2.2 without its SOFTWARE attribute, which an edge does not have. */
  it.each(['192.0.2.1', '::ffff:192.0.2.1'])('tells the address as the standard masks it, %s', (address) => {
    const answer = encodeIceAnswer(RFC5769, { address, port: 32_853 }, CREDENTIALS.password);
    expect(answer.subarray(0, 4).toString('hex')).toBe('0101002c');
    expect(answer.subarray(4, 20)).toEqual(RFC5769.subarray(4, 20));
    expect(answer.subarray(20, 32).toString('hex')).toBe('002000080001a147e112a643');
  });

  it('tells an IPv6 address', () => {
    const from = { address: '2001:db8:1234:5678:11:2233:4455:6677', port: 32_853 };
    const answer = encodeIceAnswer(RFC5769, from, CREDENTIALS.password);
    expect(answer.subarray(20, 44).toString('hex')).toBe('002000140002a1470113a9faa5d3f179bc25f4b5bed2b9d9');
  });

  it('proves to know the password', () => {
    const answer = encodeIceAnswer(RFC5769, { address: '192.0.2.1', port: 1 }, CREDENTIALS.password);
    // RFC 8489 §14.5: over everything in front of it, with a length that ends behind it.
    const covered = Buffer.from(answer.subarray(0, 32));
    covered.writeUInt16BE(36, 2);
    const digest = createHmac('sha1', CREDENTIALS.password).update(covered).digest('hex');
    expect(answer.subarray(32, 56).toString('hex')).toBe(`00080014${digest}`);
    const sum = (crc32(answer.subarray(0, 56)) ^ 0x5354_554e) >>> 0;
    expect(answer.subarray(56).toString('hex')).toBe(`80280004${sum.toString(16).padStart(8, '0')}`);
  });
});
