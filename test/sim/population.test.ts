import { Prng } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { drawHost, POPULATION_DEFAULT, RELAY_ACCESS_MS, UPLINK_CLASSES } from './population.js';

const COUNT = 20_000;
const prng = new Prng('population');
const hosts = Array.from({ length: COUNT }, (_, index) => drawHost(prng, index));
const shareOf = (isMeant: (host: (typeof hosts)[number]) => boolean): number =>
  hosts.filter(isMeant).length / COUNT;
const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length * share)] ?? 0;

describe('a population', () => {
  it('has the same host at a place whatever was drawn before', () => {
    expect(drawHost(new Prng('population'), 777)).toEqual(hosts[777]);
    expect(drawHost(new Prng('another'), 777)).not.toEqual(hosts[777]);
  });

  it('has the uplinks, the phones and the address translations that it is said to', () => {
    for (const { share, bps } of UPLINK_CLASSES)
      expect(shareOf(({ uplinkBps }) => uplinkBps === bps)).toBeCloseTo(share, 1);
    expect(shareOf(({ isDownloadOnly }) => isDownloadOnly)).toBeCloseTo(0.3, 1);
    expect(shareOf(({ isBehindNat }) => isBehindNat)).toBeCloseTo(0.2, 1);
  });

  it('never has less than 20 Mbit/s to come in', () => {
    expect(Math.min(...hosts.map(({ downlinkBps }) => downlinkBps))).toBe(20_000_000);
    expect(hosts.every(({ uplinkBps, downlinkBps }) => downlinkBps >= uplinkBps * 8)).toBe(true);
  });

  it('lies 20 ms from host to host in the median and 60 ms for one pair in twenty', () => {
    const delays: number[] = [];
    for (let index = 1; index < COUNT; index += 2)
      delays.push((hosts[index - 1]?.accessMs ?? 0) + (hosts[index]?.accessMs ?? 0));
    expect(Math.abs(quantile(delays, 0.5) - 20)).toBeLessThan(1);
    expect(Math.abs(quantile(delays, 0.95) - 60)).toBeLessThan(3);
    const toRelay = hosts.map(({ accessMs }) => accessMs + RELAY_ACCESS_MS);
    expect(Math.abs(quantile(toRelay, 0.5) - 20)).toBeLessThan(1);
  });

  it('is spread over as many regions as are asked for', () => {
    const regions = new Set<number>();
    for (let index = 0; index < 200; index++)
      regions.add(drawHost(prng, index, { ...POPULATION_DEFAULT, regions: 4 }).region);
    expect([...regions].sort()).toEqual([0, 1, 2, 3]);
    expect(shareOf(({ region }) => region === 0)).toBe(1);
  });
});
