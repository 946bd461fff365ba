import { describe, expect, it } from 'vitest';
import { BitrateMeter } from '../../../viewer/src/bitrate-meter.js';

describe('the bitrate meter', () => {
  it('knows nothing from one sample', () => {
    expect(new BitrateMeter().update(0, 1_000)).toBe(0);
  });

  it('gives bits per second over what it has seen', () => {
    const meter = new BitrateMeter();
    meter.update(0, 0);
    expect(meter.update(500, 62_500)).toBe(1_000_000);
  });

  it('forgets what is older than its span', () => {
    const meter = new BitrateMeter();
    for (let atMs = 0; atMs <= 4_000; atMs += 500) meter.update(atMs, atMs * 1_000);
    let rate = 0;
    for (let atMs = 4_500; atMs <= 9_000; atMs += 500) rate = meter.update(atMs, 4_000_000);
    expect(rate).toBe(0);
  });
});
