import { Limits, type MonoMs, monoMs } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { UplinkProof } from '../../../../proto/src/session/uplink-proof.js';

const at = (ms: number): MonoMs => monoMs(1_000 + ms);
const WANTED = 80_000;
const STEP = 8_000;

/** A viewer that sends what was asked for at this rate, in equal steps. */
/** It carries as much for others as anybody could. */
const BUSY = Number.POSITIVE_INFINITY;

function measured(bps: number, announcedBps = 1_000_000_000): UplinkProof {
  const proof = new UplinkProof(at(0), announcedBps, WANTED);
  const stepMs = (STEP * 8_000) / bps;
  for (let step = 1; step <= WANTED / STEP; step++) proof.receive(at(100 + step * stepMs), STEP);
  proof.conclude();
  return proof;
}

describe('an uplink', () => {
  it('is worth nothing before it is measured, whatever its owner says', () => {
    const proof = new UplinkProof(at(0), 100_000_000, WANTED);
    expect(proof.provenBps).toBe(0);
    proof.announce(at(60_000), 100_000_000, BUSY);
    expect(proof.provenBps).toBe(0);
  });

  it('is measured from the first message to the last, not from the question', () => {
    expect(measured(8_000_000).provenBps).toBe(8_000_000);
    expect(measured(1_000_000).provenBps).toBe(1_000_000);
  });

  it('is no faster than its owner says', () => {
    expect(measured(8_000_000, 2_000_000).provenBps).toBe(2_000_000);
    expect(measured(8_000_000, 0).provenBps).toBe(0);
  });

  it('is believed to be no faster than the limit, even if everything came at once', () => {
    const proof = new UplinkProof(at(0), 4_294_967_295, 10_000_000);
    proof.receive(at(1), 1);
    proof.receive(at(1), 9_999_999);
    proof.conclude();
    expect(proof.provenBps).toBe(Limits.UPLINK_BPS_MAX);
  });

  it('of a viewer that sends nothing, or one message, is proven by nothing', () => {
    const silent = new UplinkProof(at(0), 5_000_000, WANTED);
    silent.conclude();
    expect(silent.provenBps).toBe(0);
    const single = new UplinkProof(at(0), 5_000_000, WANTED);
    single.receive(at(10), WANTED);
    single.conclude();
    expect(single.provenBps).toBe(0);
  });
});

describe('the measurement of an uplink', () => {
  it('is over when everything came, or when its time is', () => {
    const proof = new UplinkProof(at(0), 5_000_000, WANTED);
    proof.receive(at(10), WANTED - 1);
    expect(proof.isOver(at(10))).toBe(false);
    expect(proof.isOver(at(Limits.PROBE_MS_MAX - 1))).toBe(false);
    expect(proof.isOver(at(Limits.PROBE_MS_MAX))).toBe(true);
    expect(proof.deadline).toBe(at(Limits.PROBE_MS_MAX));
    proof.receive(at(20), 1);
    expect(proof.isOver(at(20))).toBe(true);
  });

  it('ends with what has come when the uplink is slower than the padding is long', () => {
    const proof = new UplinkProof(at(0), 5_000_000, WANTED);
    proof.receive(at(0), STEP);
    proof.receive(at(1_000), STEP);
    proof.conclude();
    expect(proof.provenBps).toBe(STEP * 8);
  });

  it('takes what was asked for, and tells of more, also after its end', () => {
    const early = new UplinkProof(at(0), 5_000_000, WANTED);
    expect(early.receive(at(1), WANTED)).toBe(true);
    expect(early.receive(at(2), 1)).toBe(false);
    const late = new UplinkProof(at(0), 5_000_000, WANTED);
    expect(late.receive(at(1), STEP)).toBe(true);
    late.conclude();
    expect(late.receive(at(2_000), WANTED - STEP)).toBe(true);
    expect(late.receive(at(2_001), 1)).toBe(false);
  });

  it('is not changed by what comes after its end, nor by a second end', () => {
    const proof = measured(8_000_000);
    proof.receive(at(60_000), 1);
    proof.conclude();
    expect(proof.provenBps).toBe(8_000_000);
  });
});

describe('what a viewer says of a measured uplink', () => {
  it('lowers it at once and brings it back at once, as far as it was proven', () => {
    const proof = measured(8_000_000);
    proof.announce(at(500), 3_000_000, BUSY);
    expect(proof.provenBps).toBe(3_000_000);
    proof.announce(at(501), 0, BUSY);
    expect(proof.provenBps).toBe(0);
    proof.announce(at(502), 8_000_000, BUSY);
    expect(proof.provenBps).toBe(8_000_000);
  });

  it('raises it by one step at a time, with a pause between two', () => {
    const proof = measured(8_000_000);
    const { UPLINK_RAISE_MS, UPLINK_RAISE } = Limits;
    proof.announce(at(UPLINK_RAISE_MS - 1), 100_000_000, BUSY);
    expect(proof.provenBps).toBe(8_000_000);
    proof.announce(at(UPLINK_RAISE_MS), 100_000_000, BUSY);
    expect(proof.provenBps).toBe(8_000_000 * UPLINK_RAISE);
    proof.announce(at(UPLINK_RAISE_MS + 1), 100_000_000, BUSY);
    expect(proof.provenBps).toBe(8_000_000 * UPLINK_RAISE);
    proof.announce(at(2 * UPLINK_RAISE_MS), 100_000_000, BUSY);
    expect(proof.provenBps).toBe(8_000_000 * UPLINK_RAISE ** 2);
  });

  it('does not raise it while the viewer carries less than half of what is believed', () => {
    const proof = measured(8_000_000);
    proof.announce(at(Limits.UPLINK_RAISE_MS), 100_000_000, 3_999_999);
    expect(proof.provenBps).toBe(8_000_000);
    proof.announce(at(Limits.UPLINK_RAISE_MS), 100_000_000, 4_000_000);
    expect(proof.provenBps).toBe(8_000_000 * Limits.UPLINK_RAISE);
  });

  it('raises it no higher than it says, and never above the limit', () => {
    const modest = measured(8_000_000);
    modest.announce(at(Limits.UPLINK_RAISE_MS), 9_000_000, BUSY);
    expect(modest.provenBps).toBe(9_000_000);
    const boastful = measured(8_000_000);
    for (let step = 1; step < 50; step++)
      boastful.announce(at(step * Limits.UPLINK_RAISE_MS), 4_294_967_295, BUSY);
    expect(boastful.provenBps).toBe(Limits.UPLINK_BPS_MAX);
  });
});
