import { describe, expect, it } from 'vitest';
import { Attention, HIDE_MS } from '../../../../viewer/src/ui/attention.js';

describe('Attention', () => {
  it('shows the controls at first and hides them when nothing moves', () => {
    const attention = new Attention(1000);
    expect(attention.isShown(1000 + HIDE_MS - 1, false)).toBe(true);
    expect(attention.isShown(1000 + HIDE_MS, false)).toBe(false);
  });

  it('shows them again from the next movement on', () => {
    const attention = new Attention(0);
    attention.note(HIDE_MS * 2);
    expect(attention.isShown(HIDE_MS * 3 - 1, false)).toBe(true);
  });

  it('hides them at once when the pointer leaves', () => {
    const attention = new Attention(0);
    attention.drop();
    expect(attention.isShown(1, false)).toBe(false);
  });

  it('never hides them while they are held', () => {
    const attention = new Attention(0);
    attention.drop();
    expect(attention.isShown(HIDE_MS * 10, true)).toBe(true);
  });
});
