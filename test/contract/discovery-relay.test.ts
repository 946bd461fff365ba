import type { SessionEvent } from '@freshet/proto';
import { createFinder, type Finder, type Relay, startRelay } from '@freshet/relay-node';
import { afterEach, expect, it } from 'vitest';
import { type SyntheticPublisher, startSyntheticPublisher } from '../synthetic-publisher.js';
import { TestNetwork } from './discovery-rig.js';
import { until } from './link-rig.js';

const network = new TestNetwork();
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  await network.close();
});

const openFinder = async (): Promise<Finder> => {
  const bootstrap = network.nodes.map(({ dht }) => ({ host: '127.0.0.1', port: dht.port }));
  const dht = { port: 0, host: '127.0.0.1', bootstrap, isPrivateAllowed: true };
  const finder = await createFinder({ dht, log: () => undefined });
  closers.push(() => finder.close());
  return finder;
};

const openRelay = async (onEvent: (event: SessionEvent) => void): Promise<Relay> => {
  const options = { port: 0, host: '127.0.0.1', log: () => undefined };
  const relay = await startRelay({ ...options, onEvent: (_address, event) => onEvent(event) });
  closers.push(() => relay.close());
  return relay;
};

const openPublisher = async (): Promise<SyntheticPublisher> => {
  const publisher = await startSyntheticPublisher({ chunkBytes: 4_000, chunksPerS: 30 });
  closers.push(() => publisher.close());
  return publisher;
};

// The publisher's machine has no channel key at hand for the DHT: it announces, and that is enough.
it('a relay carries a channel of which it knows nothing but the key', async () => {
  await network.addMany(6);
  const publisher = await openPublisher();
  const { channelKey } = publisher;
  const announcer = await openFinder();
  announcer.announce(channelKey, publisher.relay.port);
  await until('it is announced', () => (announcer.stats().dht?.storedCount ?? 0) > 0);

  const events: string[] = [];
  const relay = await openRelay(({ kind }) => events.push(kind));
  const finder = await openFinder();
  const parents = await finder.parentsOf(channelKey, AbortSignal.timeout(20_000));
  expect(parents).toEqual([`http://127.0.0.1:${publisher.relay.port}`]);
  const host = relay.follow(channelKey, parents);
  await until('pieces come', () => host.stats().piecesVerified > 30, 30_000);
  expect(events).toContain('parent-ready');
});
