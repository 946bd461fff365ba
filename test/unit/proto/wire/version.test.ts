import { agree, CloseCode, closeCodeName, versionMismatch } from '@freshet/proto';
import { describe, expect, it } from 'vitest';

const side = (versionMin: number, versionMax: number, capabilities: number[] = []) => ({
  versionMin,
  versionMax,
  capabilities,
});

describe('two sides', () => {
  it('speak the newest version that both know', () => {
    expect(agree(side(1, 3), side(2, 5))?.version).toBe(3);
    expect(agree(side(2, 5), side(1, 3))?.version).toBe(3);
    expect(agree(side(1, 1), side(1, 1))?.version).toBe(1);
  });

  it('use the abilities that both name', () => {
    expect(agree(side(1, 1, [1, 2]), side(1, 1, [2, 3]))?.capabilities).toEqual(new Set([2]));
  });

  it('agree on nothing when their ranges do not touch', () => {
    expect(agree(side(1, 2), side(3, 4))).toBeUndefined();
    expect(agree(side(3, 4), side(1, 2))).toBeUndefined();
  });

  it('tell the one who is behind to update', () => {
    expect(versionMismatch(side(1, 1), side(2, 3))).toBe(
      'The other side speaks the newer version 2 to 3, this one 1: update Freshet here (or reload).',
    );
    expect(versionMismatch(side(2, 3), side(1, 1))).toBe(
      'The other side speaks the older version 1, this one 2 to 3: update Freshet there.',
    );
  });

  it('tell it in no more than a close frame carries, whatever a stranger claims', () => {
    // RFC 6455 §5.5: 125 bytes, two of them for the code.
    const huge = side(4_294_967_290, 4_294_967_295);
    for (const sentence of [versionMismatch(huge, side(1, 10)), versionMismatch(side(1, 10), huge)])
      expect(sentence.length).toBeLessThanOrEqual(123);
  });
});

describe('close codes', () => {
  it('are applications’ codes, each a number of its own with a name', () => {
    const codes = Object.entries(CloseCode);
    expect(new Set(codes.map(([, code]) => code)).size).toBe(codes.length);
    for (const [name, code] of codes) {
      expect(code >= 4000 && code <= 4999, name).toBe(true);
      expect(closeCodeName(code)).toBe(name);
    }
  });

  it('that are not in the table are unknown', () => {
    expect(closeCodeName(1006)).toBe('unknown');
  });
});
