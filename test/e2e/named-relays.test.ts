/** A broadcaster that nobody reaches, and a relay below it that everybody does: real processes, a DHT on loopback. */

import { decodeAddress } from '@freshet/proto';
import { afterEach, expect, it } from 'vitest';
import { TestNetwork } from '../contract/discovery-rig.js';
import { FreshetProcess } from '../freshet-process.js';
import { describeIfReal } from '../require-real.js';
import { freePort } from './relay-tree-rig.js';

const network = new TestNetwork();
const processes: FreshetProcess[] = [];
afterEach(async () => {
  for (const process of processes.splice(0).reverse()) await process.stop();
  await network.close();
});

function start(...args: string[]): FreshetProcess {
  const process = new FreshetProcess(args);
  processes.push(process);
  return process;
}

const HERE = ['--host', '127.0.0.1', '--json'];

describeIfReal('the relays below a broadcaster', ['ffmpeg'], () => {
  it('are named in its catalog and in the DHT, where its own has no origin to be named by', async () => {
    await network.addMany(9);
    const dht = ['--dht-bootstrap', `127.0.0.1:${network.nodes[0]?.dht.port}`];
    const live = start('live', '--port', '0', '--size', '320x180', ...HERE, ...dht);
    const { watch, address } = await live.waitFor(({ event }) => event === 'ready');
    const port = await freePort();
    const origin = `http://127.0.0.1:${port}`;
    start('relay', '--parent', String(watch), '--port', String(port), '--public-url', origin, ...HERE);
    const relaysSaid = async (): Promise<unknown> => {
      const reply = await fetch(`${origin}/catalog/${String(address)}`).catch(() => undefined);
      return reply?.ok ? (await reply.json()).relays : undefined;
    };
    await expect.poll(relaysSaid, { timeout: 30_000, interval: 200 }).toEqual([origin]);
    const decoded = decodeAddress(String(address));
    const seeker = await network.add();
    const itemSaid = async (): Promise<unknown> => {
      if (!decoded.ok) return decoded.why;
      return (await seeker.dht.find(decoded.channelKey, AbortSignal.timeout(5_000)))?.relays;
    };
    await expect.poll(itemSaid, { timeout: 30_000, interval: 500 }).toEqual([origin]);
  });
});
