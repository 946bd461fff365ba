import { describe, expect, it } from 'vitest';
import { hasGlyph } from '../../../broadcaster/src/ingest/bitmap-font.js';
import { clockText, TestCard } from '../../../broadcaster/src/ingest/test-card.js';
import { toneBlock } from '../../../broadcaster/src/ingest/test-tone.js';

describe('TestCard', () => {
  it('draws each instant the same, whatever was drawn before', () => {
    const size = { width: 640, height: 360 };
    const used = new TestCard(size);
    for (const time of [5, 999, 123_456_789, 86_399_999]) used.draw(time);
    used.draw(1_000_000_007);
    const fresh = new TestCard(size);
    fresh.draw(1_000_000_007);
    expect(Buffer.compare(used.frame, fresh.frame)).toBe(0);
  });

  it('has every character that it writes', () => {
    for (const character of `FRESHET LIVE TEST PICTURE${clockText(0)}0123456789`) {
      expect(hasGlyph(character)).toBe(true);
    }
  });

  it('changes from one frame to the next', () => {
    const card = new TestCard({ width: 320, height: 180 });
    card.draw(1000);
    const before = card.frame.slice();
    card.draw(1033);
    expect(Buffer.compare(before, card.frame)).not.toBe(0);
  });
});

describe('toneBlock', () => {
  it('joins without a seam, however the samples are cut into blocks', () => {
    const whole = toneBlock(0, 2000, 250);
    const parts = Buffer.concat([toneBlock(0, 701, 250), toneBlock(701, 1299, 250)]);
    expect(Buffer.compare(whole, parts)).toBe(0);
  });

  it('beeps when the wall clock shows a full second', () => {
    const loudest = (first: number): number => {
      const block = Buffer.from(toneBlock(first, 2000, 400));
      return Math.max(...Array.from({ length: 2000 }, (_, index) => Math.abs(block.readInt16LE(index * 4))));
    };
    expect(loudest(0)).toBeLessThan(4000);
    // 600 ms after sample 0, which lies 400 ms into its second.
    expect(loudest(28_800)).toBeGreaterThan(6000);
  });
});
