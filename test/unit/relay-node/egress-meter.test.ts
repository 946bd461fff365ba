import { describe, expect, it } from 'vitest';
import { EgressMeter, offloadOf } from '../../../relay-node/src/egress-meter.js';

const sent = (bytes: Record<string, number>): Map<string, number> => new Map(Object.entries(bytes));

describe('the meter of what a relay sends', () => {
  it('follows each channel, and all together', () => {
    const meter = new EgressMeter();
    for (let second = 0; second <= 20; second++)
      meter.tick(second * 1_000, sent({ a: second * 125_000, b: second * 250_000 }));
    expect(meter.bpsOf('a')).toBeCloseTo(1_000_000, 0);
    expect(meter.bps).toBeCloseTo(3_000_000, 0);
    for (let second = 21; second <= 40; second++) meter.tick(second * 1_000, sent({ a: 20 * 125_000, b: 0 }));
    expect(meter.bpsOf('a')).toBeLessThan(1_000);
  });

  it('is not fooled by a channel that is let go and taken again', () => {
    const meter = new EgressMeter();
    meter.tick(0, sent({ a: 1_000 }));
    meter.tick(1_000, sent({ a: 2_000 }));
    meter.tick(2_000, sent({}));
    expect(meter.bps).toBe(0);
    meter.tick(3_000, sent({ a: 500 }));
    expect(meter.bps).toBe(0);
    meter.tick(4_000, sent({ a: 1_500 }));
    expect(meter.bpsOf('a')).toBe(8_000);
    meter.tick(5_000, sent({ a: 100 }));
    expect(meter.bpsOf('a')).toBe(8_000);
  });
});

describe('what viewers save a relay', () => {
  it('is what it does not send of what they watch', () => {
    expect(offloadOf(4e6, 10, 4e6)).toBeCloseTo(0.9);
    expect(offloadOf(50e6, 10, 4e6)).toBe(0);
    expect([offloadOf(1, 0, 4e6), offloadOf(1, 3, 0)]).toEqual([undefined, undefined]);
  });
});
