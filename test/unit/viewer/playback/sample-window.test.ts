import { describe, expect, it } from 'vitest';
import { SampleWindow } from '../../../../viewer/src/playback/sample-window.js';
import { at } from './chunks.js';

describe('sample window', () => {
  const make = (): SampleWindow => new SampleWindow({ spanMs: 100, countMax: 5 });

  it('gives percentiles of what it holds', () => {
    const samples = make();
    [30, 10, 20].forEach((value, index) => {
      samples.add(at(index), value);
    });
    expect(samples.quantile(0.5)).toBe(20);
    expect(samples.quantile(1)).toBe(30);
  });

  it('has no percentile without samples', () => {
    expect(make().quantile(0.5)).toBeUndefined();
  });

  it('forgets samples older than its span', () => {
    const samples = make();
    samples.add(at(0), 1);
    samples.add(at(101), 2);
    expect(samples.count).toBe(1);
    expect(samples.quantile(0)).toBe(2);
  });

  it('forgets the oldest beyond its count', () => {
    const samples = make();
    for (let i = 0; i < 9; i += 1) samples.add(at(i), i);
    expect(samples.count).toBe(5);
    expect(samples.quantile(0)).toBe(4);
  });
});
