import { monoMs, Prng } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { lowQuantile, UplinkLimits, UplinkMeter } from '../../../../proto/src/uplink/index.js';

const at = monoMs;
const PIECE_BYTES = 16_000;

/**
 * A host whose links share an uplink of `bps(t)`, behind a socket buffer that swallows `bufferBytes` unreported. Each
 * link's queue is reported every millisecond.
 */
class Host {
  readonly meter: UplinkMeter;
  readonly #bps: (t: number) => number;
  readonly #bufferBytes: number;
  /** Bytes that the buffer takes in a millisecond beyond what leaves it. */
  readonly #intakeBytes: number;
  #queued = 0;
  #inBuffer = 0;
  #now = 0;

  constructor(
    meter: UplinkMeter,
    bps: (t: number) => number,
    bufferBytes = 0,
    intakeBytes = Number.POSITIVE_INFINITY,
  ) {
    this.meter = meter;
    this.#bps = bps;
    this.#bufferBytes = bufferBytes;
    this.#intakeBytes = intakeBytes;
  }

  /** `offered(t)`: pieces handed over at that millisecond, to links in turn. */
  run(ms: number, offered: (t: number) => number, links = 4): void {
    const until = this.#now + ms;
    for (; this.#now < until; this.#now++) {
      for (let i = offered(this.#now); i > 0; i--) {
        this.meter.sent(at(this.#now), i % links, PIECE_BYTES);
        this.#queued += PIECE_BYTES;
      }
      this.#inBuffer = Math.max(0, this.#inBuffer - this.#bps(this.#now) / 8000);
      const sentBytes = this.#bps(this.#now) / 8000;
      const room = this.#bufferBytes + sentBytes - this.#inBuffer;
      const taken = Math.min(this.#queued, room, sentBytes + this.#intakeBytes);
      this.#queued -= taken;
      this.#inBuffer += taken;
      this.meter.buffered(at(this.#now), this.#queued);
    }
  }

  get now(): number {
    return this.#now;
  }
}

/** So many pieces every so many milliseconds. */
const every = (ms: number, count: number) => (t: number) => (t % ms === 0 ? count : 0);

describe('the uplink meter', () => {
  it('finds the rate of a busy uplink, from above and from below', () => {
    for (const startBps of [1_000_000, 40_000_000])
      for (const bps of [1_500_000, 8_000_000, 30_000_000]) {
        const host = new Host(new UplinkMeter({ startBps }), () => bps);
        host.run(6_000, every(500, 60));
        expect(host.meter.estimateBps / bps).toBeGreaterThan(0.93);
        expect(host.meter.estimateBps / bps).toBeLessThan(1.02);
      }
  });

  it('does not sink while it is idle or lightly used', () => {
    const host = new Host(new UplinkMeter({ startBps: 9_000_000 }), () => 20_000_000);
    host.run(60_000, every(200, 1));
    host.run(60_000, () => 0);
    expect(host.meter.estimateBps).toBe(9_000_000);
    host.run(4_000, every(500, 80));
    const busy = host.meter.estimateBps;
    expect(busy).toBeGreaterThan(18_000_000);
    host.run(120_000, every(200, 1));
    expect(host.meter.estimateBps).toBe(busy);
  });

  it('does not believe a burst that a socket buffer swallows', () => {
    const host = new Host(new UplinkMeter({ startBps: 3_000_000 }), () => 3_000_000, 64 * 1024);
    // 96 KB at once each second: two thirds vanish in the buffer in a millisecond.
    host.run(30_000, every(1_000, 6));
    expect(host.meter.estimateBps).toBeLessThan(3_200_000);
    host.run(30_000, every(1_000, 20));
    expect(host.meter.estimateBps / 3_000_000).toBeGreaterThan(0.9);
    expect(host.meter.estimateBps / 3_000_000).toBeLessThan(1.1);
  });

  it('does not believe a buffer that swallows step by step either', () => {
    const host = new Host(new UplinkMeter({ startBps: 3_000_000 }), () => 3_000_000, 60 * 1024, 1_400);
    host.run(30_000, every(1_000, 6));
    expect(host.meter.estimateBps).toBeLessThan(3_300_000);
  });

  it('stays at the low side of an uplink that varies', () => {
    const prng = new Prng('uplink');
    let bps = 8_000_000;
    const host = new Host(new UplinkMeter({ startBps: 8_000_000 }), (t) => {
      if (t % 250 === 0) bps = 6_000_000 + prng.next() * 6_000_000;
      return bps;
    });
    host.run(20_000, every(100, 8));
    expect(host.meter.estimateBps).toBeGreaterThan(6_000_000);
    expect(host.meter.estimateBps).toBeLessThan(9_000_000);
  });

  it('follows a fall within a second, and a rise while it is busy', () => {
    const host = new Host(new UplinkMeter({ startBps: 10_000_000 }), (t) =>
      t >= 5_000 && t < 15_000 ? 3e6 : 1e7,
    );
    host.run(5_000, every(100, 9));
    expect(host.meter.estimateBps).toBeGreaterThan(9_000_000);
    host.run(1_000, every(100, 9));
    expect(host.meter.estimateBps).toBeLessThan(4_000_000);
    host.run(9_000, every(1_000, 20));
    host.run(20_000, every(100, 9));
    expect(host.meter.estimateBps).toBeGreaterThan(9_000_000);
  });

  it('takes one slow link among several for that link’s trouble', () => {
    const host = new Host(new UplinkMeter({ startBps: 10_000_000 }), (t) => (t < 5_000 ? 1e7 : 2e6));
    host.run(5_000, every(100, 10));
    const before = host.meter.estimateBps;
    host.run(4_000, every(100, 3), 1);
    expect(host.meter.estimateBps).toBe(before);
    const alone = new Host(new UplinkMeter({ startBps: 10_000_000 }), () => 2_000_000);
    alone.run(4_000, every(100, 3), 1);
    expect(alone.meter.estimateBps).toBeLessThan(2_200_000);
  });

  it('never says more than the person allows', () => {
    const host = new Host(new UplinkMeter({ startBps: 9_000_000, capBps: 2_000_000 }), () => 20_000_000);
    expect(host.meter.estimateBps).toBe(2_000_000);
    host.run(4_000, every(500, 80));
    expect(host.meter.estimateBps).toBe(2_000_000);
    host.meter.setCap(0);
    expect(host.meter.estimateBps).toBe(0);
    host.meter.setCap(1e9);
    expect(host.meter.estimateBps).toBeGreaterThan(18_000_000);
  });

  it('takes a better start until it knows by itself', () => {
    const host = new Host(new UplinkMeter({ startBps: 4_000_000 }), () => 8_000_000);
    host.meter.setStart(6_000_000);
    expect(host.meter.estimateBps).toBe(6_000_000);
    host.run(4_000, every(500, 40));
    const known = host.meter.estimateBps;
    host.meter.setStart(1_000_000);
    expect(host.meter.estimateBps).toBe(known);
  });

  it('says how long what is queued takes', () => {
    const meter = new UplinkMeter({ startBps: 8_000_000 });
    expect(meter.queueDelayMs).toBe(0);
    meter.sent(at(0), 1, 50_000);
    expect(meter.queueDelayMs).toBe(50);
    meter.buffered(at(10), 20_000);
    expect(meter.queueDelayMs).toBe(20);
  });

  it('asks to be told anew after a change of a fifth, at most once a second', () => {
    const meter = new UplinkMeter({ startBps: 10_000_000, capBps: 10_000_000 });
    expect(meter.isChanged(at(0))).toBe(false);
    meter.setCap(8_500_000);
    expect(meter.isChanged(at(100))).toBe(false);
    meter.setCap(7_000_000);
    expect(meter.isChanged(at(200))).toBe(true);
    expect(meter.isChanged(at(201))).toBe(false);
    meter.setCap(1_000_000);
    expect(meter.isChanged(at(200 + UplinkLimits.UPLINK_TELL_MS - 1))).toBe(false);
    expect(meter.isChanged(at(200 + UplinkLimits.UPLINK_TELL_MS))).toBe(true);
    meter.setCap(0);
    expect(meter.isChanged(at(5_000))).toBe(true);
    expect(meter.isChanged(at(9_000))).toBe(false);
  });

  it('takes the quantile from below', () => {
    expect(lowQuantile([5, 1, 4, 2, 3], 0.25)).toBe(2);
    expect(lowQuantile([7], 0.25)).toBe(7);
  });
});
