import { Limits } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { EDGE_LIMITS, resolveEdgeLimits } from '../../../../relay-node/src/edge/edge-limits.js';

describe('the limits of an edge', () => {
  it('can be replaced one by one', () => {
    expect(resolveEdgeLimits({ clientsMax: 7 })).toEqual({ ...EDGE_LIMITS, clientsMax: 7 });
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('are no %d', (value) => {
    expect(() => resolveEdgeLimits({ silenceMs: value })).toThrow(RangeError);
  });

  it('have room for every message of the protocol, and for a queue of several', () => {
    expect(EDGE_LIMITS.messageBytesMax).toBeGreaterThanOrEqual(Limits.MESSAGE_BYTES_MAX);
    expect(EDGE_LIMITS.bufferedBytesMax).toBeGreaterThan(2 * EDGE_LIMITS.messageBytesMax);
    expect(EDGE_LIMITS.handshakesMax).toBeLessThan(EDGE_LIMITS.clientsMax);
    // A browser checks its consent every 5 s at the slowest (RFC 7675 §5.1), and checks get lost.
    expect(EDGE_LIMITS.silenceMs).toBeGreaterThanOrEqual(3 * 5_000);
  });
});
