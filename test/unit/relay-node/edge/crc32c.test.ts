import { expect, it } from 'vitest';
import { crc32c } from '../../../../relay-node/src/edge/crc32c.js';

/** RFC 3720 §B.4, and the usual check value. */
it.each([
  [Buffer.alloc(32, 0), 0x8a91_36aa],
  [Buffer.alloc(32, 0xff), 0x62a8_ab43],
  [Buffer.from(Array.from({ length: 32 }, (_, index) => index)), 0x46dd_794e],
  [Buffer.from('123456789'), 0xe306_9283],
  [Buffer.alloc(0), 0],
])('the checksum of %o is that of the standard', (bytes, sum) => {
  expect(crc32c(bytes)).toBe(sum);
});
