import { Prng } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { Host, LossChain, Network } from './network.js';
import { type HostProfile, relayHost, USABLE_SHARE } from './population.js';

const home: HostProfile = {
  accessMs: 10,
  uplinkBps: 8_000_000,
  downlinkBps: 16_000_000,
  isBehindNat: false,
  isDownloadOnly: false,
  region: 0,
};
const hostOf = (isVarying: boolean): Host => new Host(home, new Prng('host'), { isRelay: false, isVarying });

describe('a host', () => {
  it('sends one message after the other, whichever link it is for', () => {
    const host = hostOf(false);
    const takesMs = 1_000 / (1_000 * USABLE_SHARE);
    expect(host.leave(0, 1_000)).toBeCloseTo(takesMs);
    expect(host.leave(0, 1_000)).toBeCloseTo(2 * takesMs);
    expect(host.uplinkWaitMs(1)).toBeCloseTo(2 * takesMs - 1);
    expect(host.leave(100, 1_000)).toBeCloseTo(100 + takesMs);
    expect(host.sentBytes).toBe(3_000);
  });

  it('takes in what comes at once one after the other, and what comes alone at once', () => {
    const host = hostOf(false);
    expect(host.admit(10, 2_000)).toBeCloseTo(10);
    expect(host.admit(10, 2_000)).toBeCloseTo(11);
    expect(host.admit(50, 2_000)).toBeCloseTo(50);
  });

  it('has an uplink that changes, around its mean and within its bounds', () => {
    const host = hostOf(true);
    const shares = Array.from(
      { length: 5_000 },
      (_, second) => host.usableBps(second * 1_000) / home.uplinkBps,
    );
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    expect(Math.abs(mean - USABLE_SHARE)).toBeLessThan(0.02);
    expect(Math.min(...shares)).toBeGreaterThanOrEqual(0.5);
    expect(Math.max(...shares)).toBeLessThanOrEqual(0.9);
    expect(new Set(shares).size).toBeGreaterThan(1_000);
  });

  it('of a relay uses its whole line', () => {
    const network = new Network(new Prng('network'));
    expect(network.addRelay(relayHost(), 'relay').usableBps(60_000)).toBe(1_000_000_000);
  });
});

describe('losses', () => {
  it('take their share of the messages, in bursts', () => {
    const losses = new LossChain(new Prng('losses'), { lossShare: 0.005, lossBurst: 2 });
    let [lost, bursts, wasLost] = [0, 0, false];
    for (let message = 0; message < 400_000; message++) {
      const isLost = losses.isLost();
      if (isLost) lost++;
      if (isLost && !wasLost) bursts++;
      wasLost = isLost;
    }
    expect(lost / 400_000).toBeCloseTo(0.005, 3);
    expect(Math.abs(lost / bursts - 2)).toBeLessThan(0.2);
  });

  it('are none in a calm network', () => {
    const losses = new LossChain(new Prng('losses'), { lossShare: 0, lossBurst: 2 });
    for (let message = 0; message < 1_000; message++) expect(losses.isLost()).toBe(false);
  });
});

describe('a network', () => {
  it('adds the ways of both hosts and the one between their regions', () => {
    const network = new Network(new Prng('network'));
    const near = network.addHome(home, 'near');
    const far = network.addHome({ ...home, accessMs: 25, region: 1 }, 'far');
    expect(network.pathMs(near, near)).toBe(20);
    expect(network.pathMs(near, far)).toBe(10 + 25 + 80);
    expect(network.pathMs(far, near)).toBe(network.pathMs(near, far));
  });

  it('lets two hosts meet unless both are behind a translation', () => {
    const network = new Network(new Prng('network'));
    const open = network.addHome(home, 'open');
    const hidden = network.addHome({ ...home, isBehindNat: true }, 'hidden');
    expect([
      network.canMeet(open, open),
      network.canMeet(open, hidden),
      network.canMeet(hidden, open),
    ]).toEqual([true, true, true]);
    expect(network.canMeet(hidden, hidden)).toBe(false);
  });

  it('holds one message in a hundred up', () => {
    const network = new Network(new Prng('network'), { jitterMs: 0 });
    let held = 0;
    for (let message = 0; message < 100_000; message++) if (network.hopMs() === 20) held++;
    expect(held / 100_000).toBeCloseTo(0.01, 2);
  });
});
