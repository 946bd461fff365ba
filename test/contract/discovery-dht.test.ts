import { type ChannelItem, encodeItem, ITEM_AGE_MS_MAX, ITEM_AHEAD_MS_MAX, wallMs } from '@freshet/proto';
import { createKeyPair, type KeyPair } from '@freshet/relay-node';
import { afterEach, describe, expect, it } from 'vitest';
import {
  CHANNELS_ANNOUNCED_MAX,
  type ChannelSigner,
  REANNOUNCE_MS,
  REPUBLISH_MS,
  SEARCHES_MAX,
} from '../../relay-node/src/discovery/dht.js';
import type { Refusal } from '../../relay-node/src/discovery/refusals.js';
import { HandClock } from '../unit/relay-node/discovery/hand-clock.js';
import { signedItem, TestNetwork, type TestNode } from './discovery-rig.js';
import { until } from './link-rig.js';

const RELAYS = ['https://relay.example.org', 'http://127.0.0.1:8080'];
const FOREVER = new AbortController().signal;
const itemOf = (relays: readonly string[]): ChannelItem => ({ epoch: wallMs(1_700_000_000_000), relays });
const signerOf = ({ publicKey, sign }: KeyPair): ChannelSigner => ({ channelKey: publicKey, sign });
const refusedBy = (node: TestNode, kind: Refusal): number => node.refusals.of(kind);

let network = new TestNetwork();
afterEach(async () => {
  await network.close();
  network = new TestNetwork();
});

/** Nine nodes; the second one publishes, the last one seeks. */
const openNine = async (): Promise<{ readonly publisher: TestNode; readonly seeker: TestNode }> => {
  const nodes = await network.addMany(9);
  const [, publisher] = nodes;
  const seeker = nodes.at(-1);
  if (!publisher || !seeker) throw new Error('no nodes');
  return { publisher, seeker };
};

describe('a channel in a DHT of nine nodes', () => {
  it('is found by its key alone', async () => {
    const { publisher, seeker } = await openNine();
    const keys = createKeyPair();
    expect(await publisher.dht.publish(signerOf(keys), itemOf(RELAYS))).toBeGreaterThan(4);
    expect(await seeker.dht.find(keys.publicKey, FOREVER)).toMatchObject(itemOf(RELAYS));
    expect(Object.values(seeker.refusals.all()).every((count) => count === 0)).toBe(true);
  });

  it('is not found when nobody has published it', async () => {
    const { seeker } = await openNine();
    expect(await seeker.dht.find(createKeyPair().publicKey, FOREVER)).toBeUndefined();
  });

  // The library keeps what is stored at a node from that node's own search.
  it('is found at each node, also by the only one that stores it', async () => {
    const keys = createKeyPair();
    const holder = await network.add();
    const publisher = await network.add();
    expect(await publisher.dht.publish(signerOf(keys), itemOf(RELAYS))).toBe(1);
    expect(await holder.dht.find(keys.publicKey, FOREVER)).toMatchObject(itemOf(RELAYS));
    await network.addMany(7);
    for (const { dht } of network.nodes)
      expect(await dht.find(keys.publicKey, FOREVER)).toMatchObject(itemOf(RELAYS));
  });

  it('says what it said last, also from a machine whose clock is behind', async () => {
    const { publisher, seeker } = await openNine();
    const signer = signerOf(createKeyPair());
    await publisher.dht.publish(signer, itemOf(RELAYS));
    await publisher.dht.publish(signer, itemOf(['https://newer.example']));
    expect((await seeker.dht.find(signer.channelKey, FOREVER))?.relays).toEqual(['https://newer.example']);
    // A clock that is an hour behind: the number goes by what is published already.
    const late = await network.add({ wallNow: () => Date.now() - 3_600_000 });
    const stored = await late.dht.publish(signer, itemOf(['https://late.example']));
    expect(stored).toBeGreaterThan(0);
    expect((await seeker.dht.find(signer.channelKey, FOREVER))?.relays).toEqual(['https://late.example']);
  });

  it('is published again every hour with a new number, and announced every quarter of an hour', async () => {
    await network.addMany(4);
    const clock = new HandClock();
    const { dht } = await network.add({ clock });
    const signer = signerOf(createKeyPair());
    const seeker = await network.add();
    const sequences: number[] = [];
    const published = dht.publish(signer, itemOf(RELAYS));
    dht.announce(signer.channelKey, 8_080).catch(() => undefined);
    const goOn = async (storedCount: number): Promise<void> => {
      await clock.ring();
      await until('it is stored', () => dht.stats().storedCount === storedCount);
      await until('the next one is planned', () => clock.dueAtMs !== undefined);
    };
    await goOn(1);
    await published;
    sequences.push((await seeker.dht.find(signer.channelKey, FOREVER))?.sequence ?? 0);
    for (let count = 2; count < 6; count++) await goOn(count);
    expect(clock.now()).toBe(3 * REANNOUNCE_MS);
    await goOn(6);
    expect(clock.now()).toBe(REPUBLISH_MS);
    await goOn(7);
    sequences.push((await seeker.dht.find(signer.channelKey, FOREVER))?.sequence ?? 0);
    expect(sequences[1]).toBeGreaterThan(sequences[0] ?? 0);
  });

  it('keeps its newer item when an older one is put by hand', async () => {
    const { publisher, seeker } = await openNine();
    const keys = createKeyPair();
    await publisher.dht.publish(signerOf(keys), itemOf(RELAYS));
    const older = signedItem(keys, {
      seq: Date.now() - 60_000,
      v: encodeItem(itemOf(['https://older.example'])),
    });
    for (const { dht } of network.nodes) await network.putAt(dht.port, older);
    expect((await seeker.dht.find(keys.publicKey, FOREVER))?.relays).toEqual(RELAYS);
  });

  it('tells at once what it finds, before the search is over', async () => {
    const { publisher, seeker } = await openNine();
    const signer = signerOf(createKeyPair());
    await publisher.dht.publish(signer, itemOf(RELAYS));
    const found: unknown[] = [];
    await seeker.dht.find(signer.channelKey, FOREVER, (item) => found.push(item.relays));
    expect(found).toEqual([RELAYS]);
  });

  it('has its relays announced by whoever carries it', async () => {
    const { publisher, seeker } = await openNine();
    const { publicKey } = createKeyPair();
    expect(await publisher.dht.announce(publicKey, 8_080)).toBeGreaterThan(0);
    const origins: (readonly string[])[] = [];
    const found = await seeker.dht.lookup(publicKey, FOREVER, (sample) => origins.push(sample));
    expect(found).toEqual(['http://127.0.0.1:8080']);
    expect(origins).toEqual([found]);
    expect(await seeker.dht.lookup(createKeyPair().publicKey, FOREVER)).toEqual([]);
  });
});

describe('an item that a node hands out', () => {
  const keys = createKeyPair();
  const now = Date.now();
  const good = encodeItem(itemOf(RELAYS));
  const forged = { ...signedItem(keys, { seq: now, v: good }), sig: new Uint8Array(64).fill(1) };
  const { k: _key, sig: _signature, ...unsigned } = forged;

  it.each<[Refusal, string, object]>([
    ['bad-signature', 'with a wrong signature', forged],
    ['bad-signature', 'of another salt', signedItem(keys, { seq: now, v: good, salt: 'other' })],
    ['bad-signature', 'without a salt', signedItem(keys, { seq: now, v: good, salt: '' })],
    ['foreign-key', 'of another channel', signedItem(createKeyPair(), { seq: now, v: good })],
    ['unsigned-item', 'without a signature', unsigned],
    ['oversized-item', 'longer than allowed', signedItem(keys, { seq: now, v: Buffer.alloc(997, good) })],
    ['malformed-item', 'that does not decode', signedItem(keys, { seq: now, v: Buffer.from('nonsense') })],
    ['stale-item', 'made too long ago', signedItem(keys, { seq: now - ITEM_AGE_MS_MAX - 9_000, v: good })],
    [
      'future-item',
      'far in the future',
      signedItem(keys, { seq: now + ITEM_AHEAD_MS_MAX + 600_000, v: good }),
    ],
  ])(
    'is refused as %s when it is %s',
    async (kind, _what, item) => {
      const fooled = await network.addFooled((query) => (query === 'get' ? item : {}));
      expect(await fooled.dht.find(keys.publicKey, FOREVER)).toBeUndefined();
      expect(refusedBy(fooled, kind)).toBeGreaterThan(0);
    },
    60_000,
  );

  it('is taken when nothing is wrong with it', async () => {
    const item = signedItem(keys, { seq: now, v: good });
    const fooled = await network.addFooled((query) => (query === 'get' ? item : {}));
    expect(await fooled.dht.find(keys.publicKey, FOREVER)).toEqual({ ...itemOf(RELAYS), sequence: now });
  });

  it('does not hide another one that holds', async () => {
    const { publisher } = await openNine();
    const future = signedItem(keys, {
      seq: now + 10 * ITEM_AHEAD_MS_MAX,
      v: encodeItem(itemOf(['http://x.example'])),
    });
    await publisher.dht.publish(signerOf(keys), itemOf(RELAYS));
    const [first] = network.nodes;
    if (first) await network.putAt(first.dht.port, future);
    const found = await network.nodes.at(-1)?.dht.find(keys.publicKey, FOREVER);
    expect(found?.relays).toEqual(RELAYS);
  });
});

describe('announced relays', () => {
  it('are a small sample of what one node claims, however many', async () => {
    const values = Array.from({ length: 1_500 }, (_, index) =>
      Buffer.from([20, index >> 8, index & 255, 1, 31, 144]),
    );
    const fooled = await network.addFooled((query) => (query === 'get_peers' ? { values } : {}));
    const found = await fooled.dht.lookup(createKeyPair().publicKey, FOREVER);
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThanOrEqual(32);
    expect(refusedBy(fooled, 'too-many-announced')).toBe(1_400);
  });

  it('are not taken at private addresses, nor are nodes there asked', async () => {
    const values = [Buffer.from([10, 0, 0, 1, 31, 144]), Buffer.from([127, 0, 0, 1, 31, 144])];
    const nodes = Buffer.concat([Buffer.alloc(20, 3), Buffer.from([192, 168, 0, 1, 31, 144])]);
    const fooled = await network.addFooled(() => ({ values, nodes }));
    expect(await fooled.dht.lookup(createKeyPair().publicKey, FOREVER)).toHaveLength(2);
    const strict = await network.add({ isPrivateAllowed: false });
    expect(await strict.dht.lookup(createKeyPair().publicKey, AbortSignal.timeout(300))).toEqual([]);
    expect(refusedBy(strict, 'private-destination')).toBeGreaterThan(0);
  });

  // The library answers with all it knows, in a datagram that the system refuses to send beyond 64 KiB.
  it('are still handed out by a node to which thousands were announced', async () => {
    const rate = { burst: 100_000, perSecond: 100_000, totalPerSecond: 100_000 };
    const { dht } = await network.add({ rate });
    const { publicKey } = createKeyPair();
    await network.announceManyAt(dht.port, publicKey, 9_000);
    const answer = await network.askForRelays(dht.port, publicKey);
    expect(answer).toBe(50);
  }, 120_000);
});

describe('a node of the DHT', () => {
  // Each of the first three ends the library's process, or fills its memory.
  it.each<[Refusal, string, string]>([
    ['malformed-message', 'a type that is a dictionary', 'd1:t2:aa1:yd8:toStringi1eee'],
    ['malformed-message', 'a string of negative length', 'd1:t2:aa1:y1:q1:ql-3:ee'],
    [
      'malformed-message',
      'a token that is a number',
      'd1:ad2:id20:aaaaaaaaaaaaaaaaaaaa9:info_hash20:aaaaaaaaaaaaaaaaaaaa4:porti1e5:tokeni5ee1:q13:announce_peer1:t2:aa1:y1:qe',
    ],
    ['malformed-message', 'nothing', ''],
    ['malformed-message', 'lists without end', 'l'.repeat(1_400)],
    ['oversized-message', 'more than any message has', 'd'.padEnd(20_000, '1')],
  ])('drops as %s %s, and goes on', async (kind, _what, text) => {
    const { publisher, seeker } = await openNine();
    const socket = await network.addSocket();
    socket.send(text, publisher.dht.port, '127.0.0.1');
    await until('it is refused', () => refusedBy(publisher, kind) > 0);
    const signer = signerOf(createKeyPair());
    await publisher.dht.publish(signer, itemOf(RELAYS));
    expect(await seeker.dht.find(signer.channelKey, FOREVER)).toBeDefined();
  });

  it('stops listening to an address that sends too much', async () => {
    const node = await network.add({ rate: { burst: 20, perSecond: 1, totalPerSecond: 1_000 } });
    const socket = await network.addSocket();
    for (let index = 0; index < 60; index++) socket.send('x', node.dht.port, '127.0.0.1');
    await until(
      'all have come',
      () => refusedBy(node, 'malformed-message') + refusedBy(node, 'too-many-messages') === 60,
    );
    expect(refusedBy(node, 'malformed-message')).toBeLessThan(30);
  });

  it('publishes to nobody when it is alone, and says so', async () => {
    const { dht } = await network.add();
    expect(await dht.publish(signerOf(createKeyPair()), itemOf(RELAYS))).toBe(0);
    expect(dht.stats()).toMatchObject({ nodeCount: 0, storedCount: 0, unstoredCount: 1 });
  });

  it('runs a bounded number of searches at once', async () => {
    const [node] = await network.addMany(2);
    const searches = Array.from({ length: SEARCHES_MAX + 3 }, () =>
      node?.dht.lookup(createKeyPair().publicKey, FOREVER),
    );
    await Promise.all(searches);
    expect(node && refusedBy(node, 'too-many-searches')).toBe(3);
  });

  it('announces a bounded number of channels', async () => {
    const node = await network.add();
    const announcements = Array.from({ length: CHANNELS_ANNOUNCED_MAX + 2 }, () =>
      node.dht.announce(createKeyPair().publicKey, 80),
    );
    await until('two are refused', () => refusedBy(node, 'too-many-channels') === 2);
    await node.dht.close();
    expect(await Promise.all(announcements)).toHaveLength(CHANNELS_ANNOUNCED_MAX + 2);
  });

  it('ends what is under way when it is closed, twice, and frees its port', async () => {
    const { dht } = await network.add({ bootstrap: [{ host: '127.0.0.1', port: 9 }] });
    const { port } = dht;
    const signer = signerOf(createKeyPair());
    const ends = [dht.find(signer.channelKey, FOREVER), dht.publish(signer, itemOf(RELAYS))];
    await dht.close();
    await dht.close();
    expect(await Promise.all(ends)).toEqual([undefined, 0]);
    expect((await network.add({ port })).dht.port).toBe(port);
  });

  it('says that its port is taken', async () => {
    const { dht } = await network.add();
    await expect(network.add({ port: dht.port })).rejects.toMatchObject({ kind: 'port-taken' });
  });
});
