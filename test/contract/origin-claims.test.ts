/** Claimed origins are asked for over real sockets. */

import { createServer, type Server } from 'node:http';
import { encodeAddress } from '@freshet/proto';
import type { ChannelHost, Relay } from '@freshet/relay-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { askOrigin } from '../../relay-node/src/tree/ask-origin.js';
import { originOf, RelayTreeRig } from '../e2e/relay-tree-rig.js';
import { until } from './link-rig.js';

const TOKEN = '0f8fad5b-d9cb-469f-a165-70867728950e';
const ask = (origin: string, from = '198.51.100.7', isPrivateAllowed = false) =>
  askOrigin({ origin, token: TOKEN, from }, isPrivateAllowed);

describe('the question at a claimed origin', () => {
  let server: Server;
  let port: number;
  const paths: string[] = [];

  beforeEach(async () => {
    server = createServer((request, response) => {
      paths.push(request.url ?? '');
      if (request.url === `/proof/${TOKEN}`) response.writeHead(204).end();
      else response.writeHead(302, { Location: `/proof/${TOKEN}` }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
    paths.length = 0;
  });
  afterEach(() => server.close());

  it('is answered yes by who knows the token only, and no redirect is followed', async () => {
    const origin = `http://127.0.0.1:${port}`;
    expect(await ask(origin, '127.0.0.1')).toBe('proven');
    const other = { origin, token: 'another-token-of-another', from: '127.0.0.1' };
    expect(await askOrigin(other, false)).toBe('origin-foreign');
    expect(paths).toHaveLength(2);
  });

  it('is not put to private addresses, by number or by name, unless the child comes from there', async () => {
    for (const host of ['127.0.0.1', 'localhost', '0x7f000001', '10.0.0.1', '[::1]', '169.254.169.254'])
      expect([host, await ask(`http://${host}:${port}`)]).toEqual([host, 'origin-private']);
    expect(paths).toEqual([]);
    expect(await ask(`http://localhost:${port}`, '127.0.0.1')).toBe('proven');
    expect(await ask(`http://127.0.0.1:${port}`, '198.51.100.7', true)).toBe('proven');
  });

  it('is over when nobody answers', async () => {
    expect(await ask('http://127.0.0.1:1', '127.0.0.1')).toBe('origin-unreachable');
  });
});

describe('a child relay', () => {
  let rig: RelayTreeRig;
  beforeEach(async () => {
    rig = await RelayTreeRig.start();
  });
  afterEach(() => rig.close());

  const hostOf = (relay: Relay): ChannelHost | undefined => relay.hosts.get(encodeAddress(rig.channelKey));
  const below = (relay: Relay): readonly string[] => hostOf(relay)?.session.originsBelow ?? [];

  it('is named by its parent when it answers where it says, and not when it names another', async () => {
    const top = await rig.relay([rig.origin]);
    const honest = await rig.relay([originOf(top)]);
    await until('the honest one is proven', () => below(top).length === 1);
    const bystander = await rig.relay(undefined, { parents: [rig.origin] });
    await rig.relay([originOf(top)], { publicOrigin: originOf(bystander) });
    await rig.relay([originOf(top)], { publicOrigin: 'http://127.0.0.1:1' });
    const refused = async (): Promise<string> => (await fetch(`${originOf(top)}/metrics`)).text();
    await expect
      .poll(refused, { timeout: 10_000 })
      .toContain('freshet_refused_total{why="origin-foreign"} 1');
    await expect.poll(refused, { timeout: 10_000 }).toContain('why="origin-unreachable"} 1');
    expect(below(top)).toEqual([originOf(honest)]);
    expect(hostOf(top)?.session.childCounts.relay).toBe(3);
  });
});
