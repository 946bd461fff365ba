import { createSocket, type Socket } from 'node:dgram';
import { encodeAddress } from '@freshet/proto';
import { createKeyPair } from '@freshet/relay-node';
import { afterEach, describe, expect, it } from 'vitest';
import { LAN_CARRIED_MAX, type Mdns, startMdns } from '../../relay-node/src/discovery/mdns.js';
import { RefusalCounts } from '../../relay-node/src/discovery/refusals.js';
import { until } from './link-rig.js';

/** A port of this test's own, so that whatever else talks multicast DNS on this machine is not disturbed. */
const PORT = 15_353;
const GROUP = '224.0.0.251';
const LOOPBACK = '127.0.0.1';

type Member = { readonly mdns: Mdns; readonly refusals: RefusalCounts; readonly lines: string[] };

const members: Member[] = [];
const sockets: Socket[] = [];
const aborts: AbortController[] = [];
afterEach(async () => {
  for (const abort of aborts.splice(0)) abort.abort();
  for (const { mdns } of members.splice(0)) await mdns.close();
  for (const socket of sockets.splice(0)) socket.close();
});

const join = async (name: string): Promise<Member> => {
  const refusals = new RefusalCounts();
  const lines: string[] = [];
  const log = (line: string): unknown => lines.push(line);
  const mdns = await startMdns({ interface: LOOPBACK, port: PORT }, { refusals, name, log });
  members.push({ mdns, refusals, lines });
  return { mdns, refusals, lines };
};

const seek = ({ mdns }: Member, channelKey: Uint8Array): (readonly string[])[] => {
  const found: (readonly string[])[] = [];
  const abort = new AbortController();
  aborts.push(abort);
  mdns.lookup(channelKey, abort.signal, (origins) => found.push(origins));
  return found;
};

const openSpeaker = async (): Promise<(bytes: Uint8Array) => void> => {
  const socket = createSocket('udp4');
  sockets.push(socket);
  await new Promise<void>((resolve) => socket.bind(0, LOOPBACK, resolve));
  socket.setMulticastInterface(LOOPBACK);
  return (bytes) => socket.send(bytes, PORT, GROUP);
};

describe('relays in one LAN', () => {
  it('find each other by the channel that they carry', async () => {
    const relay = await join('one');
    const seeker = await join('two');
    const { publicKey } = createKeyPair();
    relay.mdns.announce(publicKey, 8_080);
    const found = seek(seeker, publicKey);
    await until('it is found', () => found.length > 0);
    expect(found).toEqual([['http://127.0.0.1:8080']]);
    expect(seeker.mdns.relaysOf(publicKey)).toEqual(['http://127.0.0.1:8080']);
    expect(seek(seeker, createKeyPair().publicKey)).toEqual([]);
  });

  it('find a relay that comes later', async () => {
    const seeker = await join('one');
    const { publicKey } = createKeyPair();
    const found = seek(seeker, publicKey);
    (await join('two')).mdns.announce(publicKey, 8_081);
    await until('it is found', () => found.length > 0);
    expect(found.at(-1)).toEqual(['http://127.0.0.1:8081']);
  });

  it('find one of many channels of a relay, by asking for it', async () => {
    const relay = await join('one');
    const keys = Array.from({ length: 60 }, () => createKeyPair().publicKey);
    for (const key of keys) relay.mdns.announce(key, 8_080);
    const seeker = await join('two');
    const [, second = Buffer.of()] = keys;
    const last = keys.at(-1) ?? Buffer.of();
    const found = [seek(seeker, last), seek(seeker, second)];
    await until('both are found', () => found.every((origins) => origins.length > 0));
    expect(relay.mdns.stats().answeredCount).toBeGreaterThan(1);
  });

  it('forget one that leaves', async () => {
    const relay = await join('one');
    const seeker = await join('two');
    const { publicKey } = createKeyPair();
    relay.mdns.announce(publicKey, 8_080);
    const found = seek(seeker, publicKey);
    await until('it is found', () => found.length > 0);
    await relay.mdns.close();
    await until('it is forgotten', () => found.length > 1);
    expect(found.at(-1)).toEqual([]);
  });

  it('do not find themselves, nor answer for what they do not carry', async () => {
    const relay = await join('one');
    const { publicKey } = createKeyPair();
    relay.mdns.announce(publicKey, 8_080);
    const seeker = await join('two');
    const own = seek(relay, publicKey);
    const found = seek(seeker, publicKey);
    seek(seeker, createKeyPair().publicKey);
    await until('the other finds it', () => found.length > 0);
    expect(own).toEqual([]);
    expect(relay.mdns.stats().answeredCount).toBeLessThanOrEqual(2);
  });

  it('show a bounded number of channels', async () => {
    const relay = await join('one');
    for (let index = 0; index < LAN_CARRIED_MAX + 3; index++) {
      const channelKey = Buffer.alloc(32, 1);
      channelKey.writeUInt16BE(index);
      relay.mdns.announce(channelKey, 8_080);
    }
    expect(relay.refusals.of('too-many-channels')).toBe(3);
  });

  it('refuse what is no record, and go on', async () => {
    const relay = await join('one');
    const seeker = await join('two');
    const say = await openSpeaker();
    const service = Buffer.from('\x08_freshet\x04_tcp\x05local\x00', 'latin1');
    const head = Buffer.from('000084000000000100000000', 'hex');
    // A pointer to no record, a name that points to itself, and bytes of any kind.
    const record = Buffer.concat([
      head,
      service,
      Buffer.from('000c000100000078', 'hex'),
      Buffer.from([0, 2, 0xc0, 12]),
    ]);
    say(record);
    say(Buffer.concat([head, Buffer.from('c00c000c0001000000780000', 'hex')]));
    say(Buffer.from('nothing of the kind'));
    await until('all are refused', () => seeker.refusals.of('malformed-record') === 3);
    const { publicKey } = createKeyPair();
    relay.mdns.announce(publicKey, 8_080);
    const found = seek(seeker, publicKey);
    await until('it is found', () => found.length > 0);
  });

  it('stop listening to an address that says too much', async () => {
    const member = await join('one');
    const { publicKey } = createKeyPair();
    member.mdns.announce(publicKey, 8_080);
    const say = await openSpeaker();
    const labels = [encodeAddress(publicKey), '_sub', '_freshet', '_tcp', 'local', ''];
    const name = Buffer.concat(labels.flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]));
    const question = Buffer.concat([
      Buffer.from('000000000001000000000000', 'hex'),
      name,
      Buffer.from('000c0001', 'hex'),
    ]);
    for (let index = 0; index < 200; index++) say(question);
    await until('it is too much', () => member.refusals.of('too-many-messages') > 50);
    expect(member.mdns.stats().answeredCount).toBeLessThan(150);
  });

  it('go on without multicast where there is none, and say so once', async () => {
    const blocker = createSocket({ type: 'udp4' });
    sockets.push(blocker);
    const port = await new Promise<number>((resolve) =>
      blocker.bind(0, () => resolve(blocker.address().port)),
    );
    const lines: string[] = [];
    const log = (line: string): unknown => lines.push(line);
    const parts = { refusals: new RefusalCounts(), name: 'one', log };
    const mdns = await startMdns({ interface: LOOPBACK, port }, parts);
    expect(mdns.stats().isWorking).toBe(false);
    expect(lines).toHaveLength(1);
    mdns.announce(createKeyPair().publicKey, 80);
    await mdns.close();
    await mdns.close();
  });
});
