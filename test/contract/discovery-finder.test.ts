import { createHash } from 'node:crypto';
import { wallMs } from '@freshet/proto';
import { createKeyPair } from '@freshet/relay-node';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { findRelaysOnce } from '../../relay-node/src/discovery/find-once.js';
import {
  createFinder,
  type Finder,
  type FinderSettings,
  LAN_SEARCH_MS,
  PARENT_SEARCHES_MAX,
} from '../../relay-node/src/discovery/finder.js';
import { REFUSALS } from '../../relay-node/src/discovery/refusals.js';
import { bencode, signedItem, TestNetwork } from './discovery-rig.js';
import { until } from './link-rig.js';

const LAN = { interface: '127.0.0.1', port: 15_354 };
const FOREVER = new AbortController().signal;

let network = new TestNetwork();
const finders: Finder[] = [];
afterEach(async () => {
  for (const finder of finders.splice(0)) await finder.close();
  await network.close();
  network = new TestNetwork();
});

type Parts = { readonly isInDht?: boolean; readonly isInLan?: boolean; readonly own?: readonly string[] };

const open = async ({ isInDht = false, isInLan = false, own = [] }: Parts): Promise<Finder> => {
  const bootstrap = network.nodes.map(({ dht }) => ({ host: '127.0.0.1', port: dht.port }));
  const settings: FinderSettings = {
    dht: isInDht ? { port: 0, host: '127.0.0.1', bootstrap, isPrivateAllowed: true } : undefined,
    mdns: isInLan ? LAN : undefined,
    own,
    log: () => undefined,
  };
  const finder = await createFinder(settings);
  finders.push(finder);
  return finder;
};

describe('a finder', () => {
  it('puts the relays that the channel names before announced ones, and those before the ones of the LAN', async () => {
    await network.addMany(8);
    const keys = createKeyPair();
    const channelKey = keys.publicKey;
    const broadcaster = await open({ isInDht: true });
    const relay = await open({ isInDht: true });
    const neighbour = await open({ isInLan: true });
    const item = {
      epoch: wallMs(1_700_000_000_000),
      relays: ['http://127.0.0.1:1001', 'http://127.0.0.1:1002'],
    };
    expect(await broadcaster.publish({ channelKey, sign: keys.sign }, item)).toBeGreaterThan(0);
    relay.announce(channelKey, 1_003);
    neighbour.announce(channelKey, 1_004);
    await until('the announcement is stored', () => (relay.stats().dht?.storedCount ?? 0) > 0);

    const seeker = await open({ isInDht: true, isInLan: true, own: ['http://127.0.0.1:1002'] });
    const better: (readonly string[])[] = [];
    const first = await seeker.parentsOf(channelKey, FOREVER, (origins) => better.push(origins));
    expect(first[0]).toBe('http://127.0.0.1:1001');
    const all = ['http://127.0.0.1:1001', 'http://127.0.0.1:1003', 'http://127.0.0.1:1004'];
    await until('all are known', () => better.at(-1)?.length === all.length);
    expect(better.at(-1)).toEqual(all);
    await until('the search is over', () => seeker.stats().foundCount === 1);
    expect(await seeker.parentsOf(channelKey, FOREVER)).toEqual(all);
    expect(seeker.stats().dht?.searchCount).toBe(2);
  });

  // A machine with a session key only cannot sign the channel's item.
  it('finds a relay that has only announced itself', async () => {
    await network.addMany(4);
    const { publicKey } = createKeyPair();
    const relay = await open({ isInDht: true });
    relay.announce(publicKey, 1_003);
    await until('the announcement is stored', () => (relay.stats().dht?.storedCount ?? 0) > 0);
    const seeker = await open({ isInDht: true });
    expect(await seeker.parentsOf(publicKey, FOREVER)).toEqual(['http://127.0.0.1:1003']);
  });

  it('finds a relay of the LAN without a DHT', async () => {
    const { publicKey } = createKeyPair();
    (await open({ isInLan: true })).announce(publicKey, 1_004);
    const seeker = await open({ isInLan: true });
    expect(await seeker.parentsOf(publicKey, FOREVER)).toEqual(['http://127.0.0.1:1004']);
  });

  it('finds none where there is none, and says so when the search is over', async () => {
    await network.addMany(3);
    const seeker = await open({ isInDht: true });
    expect(await seeker.parentsOf(createKeyPair().publicKey, FOREVER)).toEqual([]);
    expect(seeker.stats()).toMatchObject({ foundCount: 0, unfoundCount: 1 });
    expect(Object.keys(seeker.stats().refused)).toEqual([...REFUSALS]);
  });

  it('stops searching when it is told to, or closed', async () => {
    const silent = await network.addSocket();
    const dht = {
      port: 0,
      host: '127.0.0.1',
      bootstrap: [{ host: '127.0.0.1', port: silent.address().port }],
      isPrivateAllowed: true,
    };
    const seeker = await createFinder({ dht, log: () => undefined });
    finders.push(seeker);
    const abort = new AbortController();
    const told = seeker.parentsOf(createKeyPair().publicKey, abort.signal);
    abort.abort();
    expect(await told).toEqual([]);
    const inLan = await open({ isInLan: true });
    let isOver = false;
    const search = inLan.parentsOf(createKeyPair().publicKey, FOREVER).then(() => {
      isOver = true;
    });
    await inLan.close();
    await until('it is over', () => isOver, LAN_SEARCH_MS / 2);
    await search;
    const closed = seeker.parentsOf(createKeyPair().publicKey, FOREVER);
    await seeker.close();
    expect(await closed).toEqual([]);
    expect(await seeker.parentsOf(createKeyPair().publicKey, FOREVER)).toEqual([]);
  });

  it('is opened and closed for a single question', async () => {
    await network.addMany(3);
    const { publicKey: channelKey } = createKeyPair();
    const relay = await open({ isInDht: true });
    relay.announce(channelKey, 1_003);
    await until('the announcement is stored', () => (relay.stats().dht?.storedCount ?? 0) > 0);
    const dhtBootstrap = network.nodes.map(({ dht }) => `127.0.0.1:${dht.port}`);
    const request = { channelKey, signal: FOREVER, log: () => undefined };
    const found = await findRelaysOnce({ ...request, flags: { dhtBootstrap, mdns: false } });
    expect(found).toEqual(['http://127.0.0.1:1003']);
    const wrong = findRelaysOnce({ ...request, flags: { dht: false, dhtPort: '1' } });
    await expect(wrong).rejects.toMatchObject({ kind: 'bad-option' });
  });

  it('runs a bounded number of searches at once', async () => {
    await network.addMany(2);
    const seeker = await open({ isInDht: true });
    const searches = Array.from({ length: PARENT_SEARCHES_MAX + 2 }, () =>
      seeker.parentsOf(createKeyPair().publicKey, FOREVER),
    );
    expect(seeker.stats().refused).toMatchObject({ 'too-many-searches': 2 });
    expect((await Promise.all(searches)).flat()).toEqual([]);
  });

  it('leaves no socket and no timer behind when it is closed', async () => {
    const count = (kind: string): number =>
      process.getActiveResourcesInfo().filter((name) => name === kind).length;
    await network.addMany(2);
    await until('the sockets of earlier tests are gone', () => count('UDPWrap') === 2);
    const timerCount = count('Timeout');
    const finder = await open({ isInDht: true, isInLan: true });
    finder.announce(createKeyPair().publicKey, 1_003);
    const search = finder.parentsOf(createKeyPair().publicKey, FOREVER);
    await until('it is announced', () => (finder.stats().dht?.storedCount ?? 0) > 0);
    expect(count('UDPWrap')).toBe(4);
    await finder.close();
    await search;
    await until('its sockets are gone', () => count('UDPWrap') === 2);
    expect(count('Timeout')).toBeLessThanOrEqual(timerCount);
  });
});

describe('a finder among hostile nodes', () => {
  /** Changes a few bytes of a datagram to ones that mean something in bencoding. */
  const change = fc.array(fc.tuple(fc.nat(300), fc.constantFrom(...'delias0123456789:-'), fc.boolean()), {
    maxLength: 4,
  });
  type Changes = readonly (readonly [number, string, boolean])[];
  const apply = (bytes: Uint8Array, changes: Changes): Buffer => {
    const list = [...bytes];
    for (const [at, character, isInserted] of changes)
      list.splice(at % (list.length + 1), isInserted ? 0 : 1, character.charCodeAt(0));
    return Buffer.from(list);
  };

  /** Leaves out some fields, and puts something else into others. */
  const anyOther = fc.constantFrom<unknown>(undefined, 0, -5, '', 'text', Buffer.alloc(20), [], [1], {
    toString: 1,
  });
  const others = (names: readonly string[]): fc.Arbitrary<object> =>
    fc.dictionary(fc.constantFrom(...names), anyOther, { maxKeys: 2 });

  // Whatever passes the checks must be harmless to the library: nothing is to be caught behind them.
  it('hands the library nothing that it chokes on', async () => {
    const rate = { burst: 1e6, perSecond: 1e6, totalPerSecond: 1e6 };
    const node = await network.add({ rate });
    const { port } = node.dht;
    const id = Buffer.alloc(20, 3);
    const info_hash = Buffer.alloc(20, 4);
    const item = signedItem(createKeyPair(), { seq: 5, v: Buffer.from('value') });
    const target = createHash('sha1').update(item.k).update('freshet').digest();
    // Without a token that holds, the library would not look further.
    const token = (await network.ask(port, 'get', { target })).get('token');
    const queries: readonly (readonly [string, object])[] = [
      ['ping', { id }],
      ['find_node', { id, target }],
      ['get_peers', { id, info_hash }],
      ['announce_peer', { id, info_hash, port: 5, implied_port: 0, token }],
      ['get', { id, target }],
      ['put', { id, token, salt: 'freshet', cas: 5, ...item }],
    ];
    const fields = others([
      ...Object.keys(item),
      'id',
      'target',
      'token',
      'salt',
      'cas',
      'info_hash',
      'port',
    ]);
    const anyQuery = fc.tuple(fc.constantFrom(...queries), fields, fc.oneof(fc.constant([]), change));
    const socket = await network.addSocket();
    const seed = Number(process.env.FUZZ_SEED ?? Date.now());
    const samples = fc.sample(anyQuery, { numRuns: 6_000, seed });
    for (const [index, [[q, a], other, changes]] of samples.entries()) {
      socket.send(apply(bencode({ t: 'aa', y: 'q', q, a: { ...a, ...other } }), changes), port, '127.0.0.1');
      if (index % 50 === 0) await network.ask(port, 'ping', {});
    }
    await network.ask(port, 'ping', {});
    expect(node.refusals.of('malformed-message')).toBeGreaterThan(samples.length / 10);
    expect({ seed, threw: node.refusals.of('library-threw') }).toEqual({ seed, threw: 0 });
  }, 120_000);

  it('is not thrown off by answers that are almost right', async () => {
    const keys = createKeyPair();
    const item = signedItem(keys, { seq: 5, v: Buffer.from('value') });
    const contact = Buffer.from([127, 0, 0, 1, 0, 9]);
    const whole = { nodes: Buffer.concat([Buffer.alloc(20, 8), contact]), values: [contact], ...item };
    const seed = Number(process.env.FUZZ_SEED ?? Date.now());
    const fields = others([...Object.keys(whole), 'id', 'token', 'salt']);
    const anyAnswer = fc.tuple(fields, fc.oneof(fc.constant([]), change));
    const samples = fc.sample(anyAnswer, { numRuns: 600, seed });
    const rate = { burst: 1e6, perSecond: 1e6, totalPerSecond: 1e6 };
    let changes: Changes = [];
    const fooled = await network.addFooled(
      () => {
        const [other, bytes] = samples.pop() ?? [{}, []];
        changes = bytes;
        return { ...whole, ...other };
      },
      { rate, change: (bytes) => apply(bytes, changes) },
    );
    for (let round = 0; round < 40; round++) {
      const signal = AbortSignal.timeout(30);
      await Promise.all([
        ...Array.from({ length: 8 }, () => fooled.dht.find(keys.publicKey, signal)),
        ...Array.from({ length: 8 }, () => fooled.dht.lookup(keys.publicKey, signal)),
      ]);
    }
    expect({ seed, threw: fooled.refusals.of('library-threw') }).toEqual({ seed, threw: 0 });
    expect(fooled.asked.length).toBeGreaterThan(100);
  }, 120_000);
});
