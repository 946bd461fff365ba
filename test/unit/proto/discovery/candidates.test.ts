import {
  AnnouncedSample,
  mergeCandidates,
  NETWORK_RELAYS_MAX,
  Prng,
  SAMPLE_NETWORKS_MAX,
} from '@freshet/proto';
import { describe, expect, it } from 'vitest';

const createSample = (seed: string, isPrivateAllowed = false): AnnouncedSample =>
  new AnnouncedSample({ prng: new Prng(seed), isPrivateAllowed });

describe('the sample of announced relays', () => {
  it('holds a few networks and a few relays of each, of a hundred thousand', () => {
    const sample = createSample('crowd');
    for (let index = 0; index < 100_000; index++)
      sample.add(
        `${20 + (index % 7)}.${(index >> 8) & 255}.${index & 255}.${index % 200}`,
        1024 + (index % 999),
      );
    const origins = sample.origins();
    expect(origins.length).toBeLessThanOrEqual(SAMPLE_NETWORKS_MAX * NETWORK_RELAYS_MAX);
    const networks = origins.map((origin) => origin.split('.').slice(0, 3).join('.'));
    expect(new Set(networks).size).toBe(SAMPLE_NETWORKS_MAX);
    // One of every network comes first, so that whoever takes the first few has them from different ones.
    expect(new Set(networks.slice(0, SAMPLE_NETWORKS_MAX)).size).toBe(SAMPLE_NETWORKS_MAX);
  }, 60_000);

  // A single network with thousands of addresses is one of nine here, however much and early it talks.
  it('is not taken over by one network', () => {
    const sample = createSample('flood');
    const flood = (): void => {
      for (let index = 0; index < 5_000; index++) sample.add(`20.0.0.${index % 256}`, 1 + index);
    };
    flood();
    for (let network = 0; network < 8; network++) sample.add(`21.0.${network}.1`, 80);
    flood();
    const honest = sample.origins().filter((origin) => origin.startsWith('http://21.'));
    expect(honest).toHaveLength(8);
    expect(sample.origins()).toHaveLength(8 + NETWORK_RELAYS_MAX);
  });

  it('depends on the seed, not on the order', () => {
    const addresses = Array.from({ length: 500 }, (_, index) => `2${index % 10}.${index & 255}.7.1`);
    const sampleOf = (seed: string, hosts: readonly string[]): readonly string[] => {
      const sample = createSample(seed);
      for (const host of hosts) sample.add(host, 80);
      return sample.origins();
    };
    const forward = sampleOf('one', addresses);
    expect(sampleOf('one', addresses.toReversed())).toEqual(forward);
    expect(sampleOf('two', addresses)).not.toEqual(forward);
  });

  it('refuses private addresses unless they are allowed, and what is no address', () => {
    expect(createSample('x').add('10.0.0.1', 80)).toBe('private-address');
    expect(createSample('x', true).add('10.0.0.1', 80)).toBe('kept');
    expect(createSample('x').add('8.8.8.8', 0)).toBe('malformed');
    const sample = createSample('x');
    expect(sample.add('8.8.8.8', 80)).toBe('kept');
    expect(sample.add('8.8.8.8', 80)).toBe('known');
  });
});

describe('the list of candidates', () => {
  const rules = { isPrivateAllowed: false, own: ['https://me.example'] };
  const many = (name: string): string[] =>
    Array.from({ length: 30 }, (_, index) => `http://${name}${index}.example`);

  it('has the relays that the channel names first, then announced ones, then those of the LAN, each once', () => {
    const found = {
      item: ['https://a.example', 'HTTPS://A.example:443', 'https://me.example'],
      announced: ['http://8.8.8.8:8080', 'https://a.example'],
      lan: ['http://192.168.1.7:8080'],
    };
    expect(mergeCandidates(found, rules)).toEqual([
      'https://a.example',
      'http://8.8.8.8:8080',
      'http://192.168.1.7:8080',
    ]);
  });

  it('keeps places for every kind when there are too many of each', () => {
    const found = { item: many('item'), announced: many('announced'), lan: many('lan') };
    const count = (name: string): number =>
      mergeCandidates(found, rules).filter((origin) => origin.includes(name)).length;
    expect([count('item'), count('announced'), count('lan')]).toEqual([8, 4, 4]);
    expect(mergeCandidates({ ...found, item: [], announced: [] }, rules)).toHaveLength(16);
  });

  it('takes no private address from the DHT unless that is allowed', () => {
    const found = {
      item: ['http://10.0.0.1', 'http://localhost'],
      announced: ['http://127.0.0.1:1'],
      lan: [],
    };
    expect(mergeCandidates(found, rules)).toEqual([]);
    expect(mergeCandidates(found, { ...rules, isPrivateAllowed: true })).toHaveLength(3);
  });
});
