import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { TestNetwork } from '../contract/discovery-rig.js';
import { FreshetProcess } from '../freshet-process.js';

const network = new TestNetwork();
const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  await network.close();
});

/** A DHT of nine nodes on this machine, as flags name it. */
async function dhtFlags(): Promise<string[]> {
  await network.addMany(9);
  const [first] = network.nodes;
  return ['--dht-bootstrap', `127.0.0.1:${first?.dht.port}`, '--no-mdns'];
}

describe('a channel of which only the key is known', () => {
  it('is found in the DHT and plays in the app', async () => {
    const flags = await dhtFlags();
    const live = new FreshetProcess(['live', '--port', '0', '--host', '127.0.0.1', '--json', ...flags]);
    ends.push(() => live.stop());
    const { address } = await live.waitFor(({ event }) => event === 'ready');
    const folder = mkdtempSync(join(tmpdir(), 'freshet-found-'));
    ends.push(async () => rmSync(folder, { recursive: true, force: true }));
    const out = join(folder, 'found.mp4');
    const watchFlags = ['--json', '--relay-only', '--duration', '2', '--out', out, ...flags];
    const watch = new FreshetProcess(['watch', `freshet:${address}`, ...watchFlags]);
    ends.push(() => watch.stop());
    expect(await watch.exitCode()).toBe(0);
    expect(statSync(out).size).toBeGreaterThan(10_000);
  });
});
