/** What every engine of the relay's port must do with links. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { LinkEngine } from '../../relay-node/src/link/link-server.js';
import { ListenError } from '../../relay-node/src/link/listen-error.js';
import { numbered, numbersOf, openClient, Recorder, Rig, until } from './link-rig.js';
import { clientFrame, RawClient, upgradeRequest } from './raw-link-client.js';

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** Runs the suite against one engine. */
export const describeLinkServer = (engine: LinkEngine): void => {
  const rigs: Rig[] = [];
  const start: (options?: Parameters<typeof Rig.start>[1]) => Promise<Rig> = async (options) => {
    const rig = await Rig.start(engine, options);
    rigs.push(rig);
    return rig;
  };
  afterEach(async () => {
    await Promise.all(rigs.splice(0).map((rig) => rig.server.close()));
  });

  describe(`messages on ${engine}`, () => {
    it('tells the owner what a link asked for', async () => {
      const rig = await start();
      const client = await openClient(rig.port, '/link/abc?x=1&y=%20');
      await until('the link', () => rig.record.opened.length === 1);
      expect(rig.record.opened[0]?.request).toEqual({
        path: '/link/abc',
        query: 'x=1&y=%20',
        remoteAddress: '127.0.0.1',
        origin: undefined,
        forwardedFor: undefined,
      });
      expect(rig.server.engine).toBe(engine);
      expect(rig.server.linkCount).toBe(1);
      client.ws.terminate();
    });

    it('keeps sends and publishes to one link in the order they were made, whatever their size', async () => {
      const rig = await start();
      const { client, link } = await rig.attachClient('t');
      const sizes = [8, 125, 126, 4_000, 15_900, 16_500, 40_000, 70_000];
      for (const index of range(200)) {
        const bytes = numbered(index, sizes[(index * 7) % sizes.length] ?? 8);
        if (index % 3 === 0) link.send(bytes);
        else rig.server.publish('t', bytes);
        if (index % 5 === 0) await new Promise((resolve) => setImmediate(resolve));
        if (link.bufferedBytes > 300_000) await until('room', () => link.bufferedBytes === 0);
      }
      await until('all messages', () => client.got.length === 200);
      expect(numbersOf(client.got)).toEqual(range(200));
      expect(rig.record.overflows).toEqual([]);
    });

    it('attaches and detaches between two publishes of the same turn', async () => {
      const rig = await start();
      const { client, link } = await rig.attachClient();
      rig.server.publish('a', numbered(1, 100));
      link.attach('a');
      link.attach('a');
      rig.server.publish('a', numbered(2, 100));
      rig.server.publish('b', numbered(3, 100));
      link.attach('b');
      rig.server.publish('b', numbered(4, 100));
      link.detach('a');
      rig.server.publish('a', numbered(5, 100));
      rig.server.publish('b', numbered(6, 100));
      link.detach('b');
      link.detach('never attached');
      rig.server.publish('b', numbered(7, 100));
      link.send(numbered(8, 100));
      await until('the last message', () => numbersOf(client.got).includes(8));
      expect(numbersOf(client.got)).toEqual([2, 4, 6, 8]);
    });

    it('delivers what was published just before the link left its only topic', async () => {
      const rig = await start();
      const { client, link } = await rig.attachClient('t');
      rig.server.publish('t', numbered(1, 100));
      link.detach('t');
      await until('the message', () => client.got.length === 1);
    });

    it('delivers what was published just before the link was closed', async () => {
      const rig = await start();
      const { client, link } = await rig.attachClient('t');
      rig.server.publish('t', numbered(1, 100));
      link.close(4001, 'enough');
      await until('the end', () => client.end !== undefined);
      expect(numbersOf(client.got)).toEqual([1]);
    });

    it('hands over bytes that stay as they are after the handler has returned', async () => {
      const rig = await start();
      const { client } = await rig.attachClient();
      for (const index of range(20)) client.ws.send(numbered(index, 3_000));
      client.ws.send(new Uint8Array(0));
      await until('the messages', () => rig.record.messages.length === 21);
      await new Promise((resolve) => setTimeout(resolve, 20));
      const kept = rig.record.messages.map((message) => Buffer.from(message.bytes));
      expect(numbersOf(kept.slice(0, 20))).toEqual(range(20));
      expect(kept[20]?.length).toBe(0);
    });

    it('gets every publish to 200 links', async () => {
      const rig = await start();
      const clients = await Promise.all(range(200).map(() => openClient(rig.port)));
      await until('200 links', () => rig.server.linkCount === 200);
      for (const { link } of rig.record.opened) link.attach('t');
      expect(new Set(rig.record.opened.map(({ link }) => link.id)).size).toBe(200);
      for (const index of range(30)) {
        rig.server.publish('t', numbered(index, 5_000));
        await new Promise((resolve) => setImmediate(resolve));
      }
      await until('every message', () => clients.every((client) => client.got.length === 30));
      for (const client of clients) expect(numbersOf(client.got)).toEqual(range(30));
      for (const client of clients) client.ws.terminate();
    });
  });

  describe(`hostile and broken peers on ${engine}`, () => {
    it('closes a link at the header of a 10 MB message, and disturbs no other', async () => {
      const rig = await start();
      const { client } = await rig.attachClient('t');
      const raw = await RawClient.open(rig.port, true, true);
      raw.write(upgradeRequest('/link'));
      await until('the link', () => rig.server.linkCount === 2);
      // Only the header and a kilobyte are ever sent: a server that waited for the rest would not close.
      raw.write(clientFrame({ opcode: 2, payload: new Uint8Array(1_000), claimedBytes: 10_000_000 }));
      await until('the owner knows', () => rig.record.closed.length === 1);
      await until('the connection is cut, deaf as this client is to hints', () => {
        raw.write(new Uint8Array(10));
        return raw.isClosed;
      });
      expect(rig.record.closed.map(({ code }) => code)).toEqual([1009]);
      expect(rig.record.messages).toEqual([]);
      rig.server.publish('t', numbered(1, 100));
      await until('the other link is served', () => client.got.length === 1);
    });

    it('closes a link whose fragments add up to too much', async () => {
      const rig = await start();
      const raw = await RawClient.open(rig.port, true);
      raw.write(upgradeRequest('/link'));
      await until('the link', () => rig.server.linkCount === 1);
      const payload = new Uint8Array(30_000);
      raw.write(clientFrame({ opcode: 2, payload, isFinal: false }));
      raw.write(clientFrame({ opcode: 0, payload, isFinal: false }));
      raw.write(clientFrame({ opcode: 0, payload, isFinal: false }));
      await until('the connection is closed', () => raw.isClosed);
      expect(rig.record.closed).toHaveLength(1);
      expect(rig.record.messages).toEqual([]);
    });

    it('takes a message of exactly the limit', async () => {
      const rig = await start();
      const { client } = await rig.attachClient();
      client.ws.send(numbered(7, 64 * 1024));
      await until('the message', () => rig.record.messages.length === 1);
      expect(rig.record.messages[0]?.bytes.length).toBe(64 * 1024);
    });

    it('refuses text with 1003', async () => {
      const rig = await start();
      const { client } = await rig.attachClient();
      client.ws.send('hello');
      await until('the end', () => client.end !== undefined);
      expect(client.end?.code).toBe(1003);
      expect(rig.record.closed.map(({ code }) => code)).toEqual([1003]);
      expect(rig.record.messages).toEqual([]);
    });

    it('closes a link that sends nonsense instead of frames', async () => {
      const rig = await start();
      const raw = await RawClient.open(rig.port, true);
      raw.write(upgradeRequest('/link'));
      await until('the link', () => rig.server.linkCount === 1);
      raw.write(Buffer.alloc(5_000, 0xff));
      await until('the connection is closed', () => raw.isClosed);
      expect(rig.record.closed).toHaveLength(1);
    });

    it('bounds what waits for a reader that never reads, says so, and serves the others without a gap', async () => {
      const rig = await start();
      const stuck = await RawClient.open(rig.port, false);
      stuck.write(upgradeRequest('/link'));
      await until('the stuck link', () => rig.server.linkCount === 1);
      const stuckLink = rig.record.opened[0]?.link;
      stuckLink?.attach('t');
      const { client, link } = await rig.attachClient('t');
      const count = 1_500;
      let bufferedMax = 0;
      for (const index of range(count)) {
        rig.server.publish('t', numbered(index, 12_000));
        bufferedMax = Math.max(bufferedMax, stuckLink?.bufferedBytes ?? 0);
        if (index % 10 === 9) await new Promise((resolve) => setImmediate(resolve));
        if (link.bufferedBytes > 200_000) await until('room', () => link.bufferedBytes === 0);
      }
      await until('the reader has everything', () => client.got.length === count);
      expect(numbersOf(client.got)).toEqual(range(count));
      expect(bufferedMax).toBeGreaterThan(500_000);
      expect(bufferedMax).toBeLessThan(1024 * 1024 + 100_000);
      expect(rig.record.overflows.length).toBeGreaterThan(0);
      expect(new Set(rig.record.overflows)).toEqual(new Set([stuckLink]));

      // What it reads at last is whole messages in order, with a gap; and the owner learns that there is room.
      stuck.read();
      await until('the buffer drains', () => stuckLink?.bufferedBytes === 0);
      await until('the owner knows', () => rig.record.writable.some((told) => told.link === stuckLink));
      const early = numbersOf(stuck.messages);
      expect(early).toEqual([...early].sort((a, b) => a - b));
      expect(early.length).toBeLessThan(count);
      rig.server.publish('t', numbered(9_999, 12_000));
      await until('it is served again', () => numbersOf(stuck.messages).at(-1) === 9_999);
      stuck.close();
    });

    it('drops single sends over the limit as it drops publishes', async () => {
      const rig = await start({ limits: { bufferedBytesMax: 100_000 } });
      const stuck = await RawClient.open(rig.port, false);
      stuck.write(upgradeRequest('/link'));
      await until('the stuck link', () => rig.server.linkCount === 1);
      const link = rig.record.opened[0]?.link;
      for (const index of range(2_000)) link?.send(numbered(index, 10_000));
      expect(link?.bufferedBytes).toBeLessThan(120_000);
      expect(rig.record.overflows).toEqual([]);
      await until('the owner is told', () => rig.record.overflows.length > 0);
      expect(rig.record.overflows).toEqual([link]);
      stuck.close();
    });

    it('says nothing more of a link that is closed before its overflow is told', async () => {
      const rig = await start({ limits: { bufferedBytesMax: 100_000 } });
      const stuck = await RawClient.open(rig.port, false);
      stuck.write(upgradeRequest('/link'));
      await until('the stuck link', () => rig.server.linkCount === 1);
      const link = rig.record.opened[0]?.link;
      for (const index of range(2_000)) link?.send(numbered(index, 10_000));
      link?.close(4002, 'too slow');
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(rig.record.closed).toHaveLength(1);
      expect(rig.record.overflows).toEqual([]);
      stuck.close();
    });

    it('lets the owner close, detach and attach from any handler', async () => {
      class Meddler extends Recorder {
        override onOverflow(link: Parameters<Recorder['onOverflow']>[0]): void {
          super.onOverflow(link);
          link.detach('t');
          link.attach('u');
          link.close(4002, 'too slow');
        }
        override onMessage(...args: Parameters<Recorder['onMessage']>): void {
          super.onMessage(...args);
          args[0].close(4003, 'one is enough');
        }
      }
      const record = new Meddler();
      const rig = await start({ record, limits: { bufferedBytesMax: 50_000 } });
      const stuck = await Promise.all(range(5).map(() => RawClient.open(rig.port, false)));
      for (const client of stuck) client.write(upgradeRequest('/link'));
      await until('five links', () => rig.server.linkCount === 5);
      for (const { link } of record.opened) link.attach('t');
      const { client } = await rig.attachClient();
      for (const index of range(2_000)) {
        rig.server.publish('t', numbered(index, index % 2 === 0 ? 9_000 : 20_000));
        if (index % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      await until('the slow are closed', () => rig.server.linkCount === 1);
      client.ws.send(numbered(1, 10));
      client.ws.send(numbered(2, 10));
      await until('the end', () => client.end !== undefined);
      expect(client.end).toEqual({ code: 4003, reason: 'one is enough' });
      expect(record.messages).toHaveLength(1);
      expect(record.closed.map(({ code }) => code).sort()).toEqual([4002, 4002, 4002, 4002, 4002, 4003]);
      for (const raw of stuck) raw.close();
    });

    it('closes half handshakes and silent links in time, keeps links that answer pings', async () => {
      const rig = await start({ limits: { idleMs: 8_000, handshakeMs: 2_000 } });
      const { client, link } = await rig.attachClient('t');
      const silent = await RawClient.open(rig.port, true);
      silent.write(upgradeRequest('/link'));
      await until('the silent link', () => rig.server.linkCount === 2);
      const half = await RawClient.open(rig.port, true);
      half.write(upgradeRequest('/link').slice(0, 60));
      const mute = await RawClient.open(rig.port, true);
      const dripping = await RawClient.open(rig.port, true);
      dripping.write('GET /link HTTP/1.1\r\n');
      const drip = setInterval(() => dripping.write('X-More: yes\r\n'), 500);
      try {
        await until(
          'the unfinished are closed',
          () => half.isClosed && mute.isClosed && dripping.isClosed,
          16_000,
        );
        await until('the silent link is closed', () => silent.isClosed, 16_000);
        // Longer than the idle time: only its pongs have kept the other link.
        await new Promise((resolve) => setTimeout(resolve, 4_500));
      } finally {
        clearInterval(drip);
      }
      expect(rig.record.closed.map(({ code }) => code)).toEqual([1006]);
      expect(rig.record.closed[0]?.link).not.toBe(link);
      rig.server.publish('t', numbered(1, 100));
      await until('the living link is served', () => client.got.length === 1);
    });

    it('answers pings, and a flood of them fills no memory', async () => {
      const rig = await start({ limits: { bufferedBytesMax: 100_000 } });
      const { client, link } = await rig.attachClient();
      client.ws.ping('are you there');
      const [answer] = await once(client.ws, 'pong');
      expect(String(answer)).toBe('are you there');
      const flooding = await RawClient.open(rig.port, false);
      flooding.write(upgradeRequest('/link'));
      await until('the flooding link', () => rig.server.linkCount === 2);
      const flooded = rig.record.opened[1]?.link;
      const pings = Buffer.concat(
        range(2_000).map(() => clientFrame({ opcode: 9, payload: numbered(1, 125) })),
      );
      let bufferedMax = 0;
      for (const _ of range(160)) {
        // An engine may also give the link up.
        if (flooding.isClosed) break;
        flooding.write(pings);
        await until(
          'the pings are taken',
          () => flooding.isClosed || flooding.socket.writableLength < 1_000_000,
        );
        bufferedMax = Math.max(bufferedMax, flooded?.bufferedBytes ?? 0);
      }
      expect(bufferedMax).toBeLessThan(200_000);
      expect(rig.record.overflows).toEqual([]);
      expect(link.bufferedBytes).toBe(0);
      flooding.close();
    });
  });

  describe(`the end of links on ${engine}`, () => {
    it('carries close codes and reasons both ways and tells the owner exactly once', async () => {
      const rig = await start();
      const mine = await rig.attachClient();
      const theirs = await rig.attachClient();
      const lost = await rig.attachClient();
      mine.link.close(4100, 'moved');
      expect(rig.record.closed.map(({ code }) => code)).toEqual([4100]);
      mine.link.close(4101, 'again');
      theirs.client.ws.close(4200, 'bye');
      lost.client.ws.terminate();
      await until('all are gone', () => rig.record.closed.length === 3);
      await until('the client knows', () => mine.client.end !== undefined);
      expect(mine.client.end).toEqual({ code: 4100, reason: 'moved' });
      const told = new Map(rig.record.closed.map((end) => [end.link, end]));
      expect(told.get(theirs.link)).toMatchObject({ code: 4200, reason: 'bye' });
      expect(told.get(lost.link)?.code).toBe(1006);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(rig.record.closed).toHaveLength(3);
      expect(rig.server.linkCount).toBe(0);
    });

    it('ignores everything done to a closed link', async () => {
      const rig = await start();
      const { link } = await rig.attachClient('t');
      link.close(4100, 'over');
      link.send(numbered(1, 100));
      link.attach('t');
      link.detach('t');
      link.close(4100, 'over');
      rig.server.publish('t', numbered(2, 100));
      expect(link.bufferedBytes).toBe(0);
      expect(rig.record.closed).toHaveLength(1);
    });

    it('closes every link with 1001 and then refuses connections', async () => {
      const rig = await start();
      const first = await rig.attachClient('t');
      const second = await rig.attachClient('t');
      const closing = rig.server.close();
      await expect(openClient(rig.port)).rejects.toThrow(/ECONNREFUSED/);
      await closing;
      await rig.server.close();
      rig.server.publish('t', numbered(1, 100));
      await until('both know', () => first.client.end !== undefined && second.client.end !== undefined);
      expect(first.client.end?.code).toBe(1001);
      expect(second.client.end?.code).toBe(1001);
      expect(rig.record.closed.map(({ code }) => code)).toEqual([1001, 1001]);
      await expect(openClient(rig.port)).rejects.toThrow(/ECONNREFUSED/);
    });

    it('leaves nothing behind that keeps a process alive', async () => {
      const script = fileURLToPath(new URL('./close-and-exit.ts', import.meta.url));
      const child = spawn(process.execPath, ['--import', 'tsx', script, engine], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let output = '';
      let timer: NodeJS.Timeout | undefined;
      child.stdout.on('data', (part: Buffer) => {
        output += part.toString();
        // Kept-alive HTTP connections would end by themselves after some seconds: that is too late.
        if (output.includes('closed\n')) timer ??= setTimeout(() => child.kill('SIGKILL'), 2_000);
      });
      const [code, signal] = await once(child, 'exit');
      clearTimeout(timer);
      expect({ code, signal }).toEqual({ code: 0, signal: null });
      expect(output.trim().split('\n').sort()).toEqual(['client told 1001', 'closed', 'owner told 1001']);
    });

    it('answers 503 to one link too many, and takes another when one has left', async () => {
      const rig = await start({ limits: { linksMax: 2 } });
      const first = await rig.attachClient();
      await rig.attachClient();
      await expect(openClient(rig.port)).rejects.toThrow(/503/);
      first.client.ws.close(1000, '');
      await until('it has left', () => rig.server.linkCount === 1);
      await until('its connection is gone', () => first.client.end !== undefined);
      await rig.attachClient();
    });

    it('says which port is taken', async () => {
      const rig = await start();
      const second = Rig.start(engine, { port: rig.port });
      const error = await second.catch((cause: unknown) => cause);
      expect(error).toBeInstanceOf(ListenError);
      expect(error).toMatchObject({
        kind: 'port-taken',
        message: `Port ${rig.port} is already in use. Choose another with --port.`,
      });
    });
  });
};
