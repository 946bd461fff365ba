import { describe, expect, it } from 'vitest';
import { LINK_LIMITS, resolveLimits } from '../../../../relay-node/src/link/link-limits.js';

describe('the limits of the port', () => {
  it('are the usual ones except for those replaced', () => {
    expect(resolveLimits({})).toEqual(LINK_LIMITS);
    expect(resolveLimits({ linksMax: 3 })).toEqual({ ...LINK_LIMITS, linksMax: 3 });
  });

  // uWebSockets.js ends the whole process when it is given an idle time below 8 s.
  it.each([
    { idleMs: 7_999 },
    { idleMs: 960_001 },
    { linksMax: 0 },
    { linksMax: 1.5 },
    { messageBytesMax: NaN },
  ])('refuses %o at start', (overrides) => {
    expect(() => resolveLimits(overrides)).toThrow(RangeError);
  });
});
