import { describe, expect, it } from 'vitest';
import { isClearlyBetter, type ParentView, scoreParent } from '../../../../proto/src/session/parent-score.js';

const parent = (more: Partial<ParentView> = {}): ParentView => ({
  failures: 0,
  rttMs: 50,
  hopCount: 2,
  loadPermille: 0,
  isEdge: false,
  ...more,
});

describe('a parent', () => {
  it('is the better one, the nearer, the fewer hops and the less loaded it is', () => {
    for (const worse of [
      { rttMs: 60 },
      { hopCount: 3 },
      { loadPermille: 500 },
      { failures: 1 },
      { isEdge: true },
    ])
      expect(scoreParent(parent(worse))).toBeGreaterThan(scoreParent(parent()));
  });

  it('that has failed comes after one at the end of the world', () => {
    const far = parent({ rttMs: 2_000, hopCount: 15, loadPermille: 1_000 });
    expect(scoreParent(parent({ failures: 1 }))).toBeGreaterThan(scoreParent(far));
  });

  it('of which nothing is known comes between good ones and bad ones', () => {
    const unknown = parent({ rttMs: undefined, hopCount: undefined, loadPermille: undefined });
    expect(scoreParent(unknown)).toBeGreaterThan(scoreParent(parent({ rttMs: 10 })));
    expect(scoreParent(unknown)).toBeLessThan(scoreParent(parent({ rttMs: 200 })));
  });

  it('is exchanged for one that is clearly better only, so that two never take turns', () => {
    expect(isClearlyBetter(parent({ rttMs: 10 }), parent({ rttMs: 100 }))).toBe(true);
    for (let rttMs = 10; rttMs < 500; rttMs += 7)
      for (let otherMs = 10; otherMs < 500; otherMs += 7) {
        const [one, other] = [parent({ rttMs }), parent({ rttMs: otherMs })];
        expect(isClearlyBetter(one, other) && isClearlyBetter(other, one)).toBe(false);
        if (Math.abs(rttMs - otherMs) < 20) expect(isClearlyBetter(one, other)).toBe(false);
      }
  });
});
