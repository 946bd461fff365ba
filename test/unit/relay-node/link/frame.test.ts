import { describe, expect, it } from 'vitest';
import { frameBinary, frameHeaderBytes } from '../../../../relay-node/src/link/frame.js';

describe('a frame from a server', () => {
  it.each([
    [0, '8200'],
    [1, '8201'],
    [125, '827d'],
    [126, '827e007e'],
    [65_535, '827effff'],
    [65_536, '827f0000000000010000'],
  ])('of %i bytes begins with %s', (payloadBytes, header) => {
    const payload = new Uint8Array(payloadBytes).fill(7);
    const frame = Buffer.from(frameBinary(payload));
    expect(frame.subarray(0, header.length / 2).toString('hex')).toBe(header);
    expect(frameHeaderBytes(payloadBytes)).toBe(header.length / 2);
    expect(frame.subarray(header.length / 2).equals(payload)).toBe(true);
  });
});
