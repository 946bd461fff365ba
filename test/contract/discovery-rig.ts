/** A DHT of real nodes on loopback, and datagrams of a node that behaves badly. */

import { createHash } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { announceHashOf, Prng } from '@freshet/proto';
import { type KeyPair, sha256 } from '@freshet/relay-node';
import {
  type Bencoded,
  type BencodedDictionary,
  decodeBencoded,
  isDictionary,
} from '../../relay-node/src/discovery/bencode.js';
import type { ChoreClock } from '../../relay-node/src/discovery/chores.js';
import { type Dht, type DhtAddress, type DhtSettings, startDht } from '../../relay-node/src/discovery/dht.js';
import { RefusalCounts } from '../../relay-node/src/discovery/refusals.js';
import { until } from './link-rig.js';

/** A node and what it refused. */
export type TestNode = { readonly dht: Dht; readonly refusals: RefusalCounts };

/** How a node differs from the others. */
export type TestNodeOptions = Partial<DhtSettings> & {
  readonly wallNow?: () => number;
  readonly clock?: ChoreClock;
};

/** Nodes that know each other, and sockets beside them; closed together. */
export class TestNetwork {
  readonly nodes: TestNode[] = [];
  readonly #sockets: Socket[] = [];

  /** Adds a node that asks the first one. */
  async add({ wallNow = Date.now, clock, ...settings }: TestNodeOptions = {}): Promise<TestNode> {
    const refusals = new RefusalCounts();
    const [first] = this.nodes;
    const bootstrap: DhtAddress[] = first ? [{ host: '127.0.0.1', port: first.dht.port }] : [];
    const dht = await startDht(
      { port: 0, host: '127.0.0.1', bootstrap, isPrivateAllowed: true, ...settings },
      { refusals, prng: new Prng(`node ${this.nodes.length}`), wallNow, clock },
    );
    const node = { dht, refusals };
    this.nodes.push(node);
    return node;
  }

  /** Adds so many. */
  async addMany(count: number): Promise<readonly TestNode[]> {
    for (let index = 0; index < count; index++) await this.add();
    return this.nodes;
  }

  /** A socket that says whatever it is told to. */
  async addSocket(onMessage: (bytes: Buffer, port: number) => void = () => undefined): Promise<Socket> {
    const socket = createSocket('udp4');
    this.#sockets.push(socket);
    socket.on('message', (bytes, from) => onMessage(bytes, from.port));
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return socket;
  }

  /**
   * Adds a node that answers every query as it likes, and another one that knows no other. Returns that one, and what the
   * false one was asked.
   */
  async addFooled(
    answer: (query: string) => object,
    {
      change = (bytes) => bytes,
      ...options
    }: TestNodeOptions & { readonly change?: (bytes: Buffer) => Buffer } = {},
  ): Promise<TestNode & { readonly asked: readonly string[] }> {
    const asked: string[] = [];
    const socket = await this.addSocket((bytes, port) => {
      const query = decodeBencoded(bytes);
      if (!isDictionary(query)) return;
      const name = Buffer.from(textOf(query.get('q'))).toString();
      asked.push(name);
      const result = { id: Buffer.alloc(20, 7), token: 'token', ...answer(name) };
      const t = textOf(query.get('t'));
      socket.send(change(bencode({ t, y: 'r', r: result })), port, '127.0.0.1');
      // Should that one be dropped, this one saves the wait for it.
      socket.send(bencode({ t, y: 'e', e: [201, 'no'] }), port, '127.0.0.1');
    });
    const bootstrap = [{ host: '127.0.0.1', port: socket.address().port }];
    return { ...(await this.add({ bootstrap, ...options })), asked };
  }

  /** Asks a node one thing and waits for its answer. */
  async ask(port: number, query: string, fields: object): Promise<BencodedDictionary> {
    const answer = new Promise<Buffer>((resolve) => {
      void this.addSocket(resolve).then((socket) => {
        const message = { t: 'aa', y: 'q', q: query, a: { id: Buffer.alloc(20, 9), ...fields } };
        socket.send(bencode(message), port, '127.0.0.1');
      });
    });
    const message = decodeBencoded(await answer);
    const result = isDictionary(message) ? message.get('r') : undefined;
    return isDictionary(result) ? result : new Map();
  }

  /** Puts an item at one node, however old it is. */
  async putAt(port: number, item: ReturnType<typeof signedItem>, salt = 'freshet'): Promise<void> {
    const target = createHash('sha1').update(item.k).update(salt).digest();
    const token = textOf((await this.ask(port, 'get', { target })).get('token'));
    await this.ask(port, 'put', { token, salt, ...item });
  }

  /** Announces so many relays at one node, all at this address, and waits until it has confirmed them. */
  async announceManyAt(port: number, channelKey: Uint8Array, count: number): Promise<void> {
    const info_hash = announceHashOf(channelKey, sha256);
    const token = textOf((await this.ask(port, 'get_peers', { info_hash })).get('token'));
    let sent = 0;
    let confirmed = 0;
    const sendNext = (): void => {
      const a = { id: Buffer.alloc(20, 9), info_hash, port: 1_024 + sent, token };
      sent += 1;
      socket.send(bencode({ t: 'aa', y: 'q', q: 'announce_peer', a }), port, '127.0.0.1');
    };
    const socket = await this.addSocket(() => {
      confirmed += 1;
      if (sent < count) sendNext();
    });
    sendNext();
    await until('all are confirmed', () => confirmed === count, 60_000);
  }

  /** Asks one node for announced relays; returns how many it names. */
  async askForRelays(port: number, channelKey: Uint8Array): Promise<number> {
    const info_hash = announceHashOf(channelKey, sha256);
    const values = (await this.ask(port, 'get_peers', { info_hash })).get('values');
    return Array.isArray(values) ? values.length : 0;
  }

  /** Frees every port. */
  async close(): Promise<void> {
    for (const socket of this.#sockets.splice(0)) socket.close();
    for (const { dht } of this.nodes.splice(0)) await dht.close();
  }
}

const textOf = (value: Bencoded | undefined): Uint8Array =>
  value instanceof Uint8Array ? value : Buffer.of();

/** An item as DHT nodes hand it out, signed by the pair of keys; each field may be another one. */
export const signedItem = (
  keys: KeyPair,
  { seq, v, salt = 'freshet' }: { readonly seq: number; readonly v: Uint8Array; readonly salt?: string },
): { readonly k: Uint8Array; readonly sig: Uint8Array; readonly seq: number; readonly v: Uint8Array } => {
  const saltPart = salt === '' ? '' : `4:salt${salt.length}:${salt}`;
  const message = Buffer.concat([Buffer.from(`${saltPart}3:seqi${seq}e1:v`), bencode(v)]);
  return { k: keys.publicKey, sig: keys.sign(message), seq, v };
};

/** Bencodes numbers, texts, bytes, lists and dictionaries; keys in the order given, those without a value left out. */
export const bencode = (value: unknown): Buffer => {
  if (typeof value === 'number') return Buffer.from(`i${value}e`);
  if (typeof value === 'string') return bencode(Buffer.from(value));
  if (value instanceof Uint8Array) return Buffer.concat([Buffer.from(`${value.length}:`), value]);
  if (Array.isArray(value)) return Buffer.concat([Buffer.from('l'), ...value.map(bencode), Buffer.from('e')]);
  const entries = Object.entries(value ?? {}).filter(([, item]) => item !== undefined);
  const pairs = entries.flatMap(([name, item]) => [bencode(name), bencode(item)]);
  return Buffer.concat([Buffer.from('d'), ...pairs, Buffer.from('e')]);
};
