import { describe, expect, it } from 'vitest';
import {
  formatBitrate,
  formatBytes,
  formatClock,
  formatCount,
  formatMs,
  formatPicture,
  formatSince,
} from '../../../../viewer/src/ui/figures.js';

describe('figures', () => {
  it('shows short times in milliseconds and long ones in seconds', () => {
    expect(formatMs(127.6)).toBe('128 ms');
    expect(formatMs(1999)).toBe('1999 ms');
    expect(formatMs(2000)).toBe('2.0 s');
    expect(formatMs(12_340)).toBe('12.3 s');
  });

  it('shows a dash for what is not known', () => {
    for (const text of [formatMs(undefined), formatMs(Number.NaN), formatBitrate(0), formatPicture(0, 0, 0)])
      expect(text).toBe('–');
  });

  it('shows bit rates in the unit that fits', () => {
    expect(formatBitrate(940_000)).toBe('940 kbit/s');
    expect(formatBitrate(4_210_000)).toBe('4.2 Mbit/s');
  });

  it('shows amounts of bytes in the unit that fits', () => {
    expect(formatBytes(412_000)).toBe('412 kB');
    expect(formatBytes(38_100_000)).toBe('38.1 MB');
    expect(formatBytes(1_250_000_000)).toBe('1.25 GB');
  });

  it('groups the digits of counts', () => {
    expect(formatCount(12_480)).toBe('12\u2009480');
    expect(formatCount(1_234_567)).toBe('1\u2009234\u2009567');
    expect(formatCount(999)).toBe('999');
  });

  it('shows lengths of time as a clock does', () => {
    expect(formatClock(7_900)).toBe('0:07');
    expect(formatClock(760_000)).toBe('12:40');
    expect(formatClock(3_729_000)).toBe('1:02:09');
    expect(formatClock(-5)).toBe('0:00');
  });

  it('shows roughly how long a broadcast has been running', () => {
    expect(formatSince(59_000)).toBe('just now');
    expect(formatSince(420_000)).toBe('7 min');
    expect(formatSince(7_500_000)).toBe('2 h 05 min');
  });

  it('shows size and frame rate of the picture', () => {
    expect(formatPicture(1280, 720, 29.97)).toBe('1280 × 720 · 30 fps');
  });
});
