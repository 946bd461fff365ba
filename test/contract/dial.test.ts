import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import {
  type DialError,
  type DialedLink,
  type DialHandlers,
  type DialLimits,
  dialLink,
} from '../../relay-node/src/link/dial.js';
import { numbered, numbersOf, Rig, until } from './link-rig.js';

/** Everything an outgoing link told its owner. */
class DialRecorder implements DialHandlers {
  openCount = 0;
  overflowCount = 0;
  writableCount = 0;
  readonly got: Buffer[] = [];
  readonly closed: { code: number; reason: string; error: DialError | undefined }[] = [];

  onOpen(): void {
    this.openCount += 1;
  }
  onMessage(_link: DialedLink, bytes: Uint8Array): void {
    this.got.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }
  onWritable(): void {
    this.writableCount += 1;
  }
  onOverflow(): void {
    this.overflowCount += 1;
  }
  onClose(_link: DialedLink, code: number, reason: string, error: DialError | undefined): void {
    this.closed.push({ code, reason, error });
  }
}

/** A TCP server that accepts and never says a word. */
const startMute = async (): Promise<{ server: Server; port: number }> => {
  const server = createServer((socket) => socket.on('error', () => undefined));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { server, port: address.port };
};

describe('an outgoing link', () => {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
  const startRig = async (limits: Parameters<typeof Rig.start>[1] = {}): Promise<Rig> => {
    const rig = await Rig.start('ws', limits);
    cleanups.push(() => rig.server.close());
    return rig;
  };
  const dial = (
    port: number,
    limits: Partial<DialLimits> = {},
    path = '/link',
  ): { record: DialRecorder; link: DialedLink } => {
    const record = new DialRecorder();
    const link = dialLink(`ws://127.0.0.1:${port}${path}`, record, { lingerMs: 200, ...limits });
    cleanups.push(() => link.close(1000, ''));
    return { record, link };
  };

  it('carries messages both ways, in order, and leaves the sent bytes as they were', async () => {
    const rig = await startRig();
    const { record, link } = dial(rig.port);
    link.send(numbered(99, 10));
    await until('it opens', () => record.openCount === 1);
    const bytes = numbered(1, 5_000);
    link.send(bytes);
    link.send(numbered(2, 60_000));
    await until('the messages', () => rig.record.messages.length === 2);
    expect(numbersOf(rig.record.messages.map((message) => Buffer.from(message.bytes)))).toEqual([1, 2]);
    expect(Buffer.from(bytes).equals(numbered(1, 5_000))).toBe(true);
    for (let index = 0; index < 50; index += 1) {
      rig.record.opened[0]?.link.send(numbered(index, index * 2_000 + 4));
    }
    await until('the answers', () => record.got.length === 50);
    expect(numbersOf(record.got)).toEqual(Array.from({ length: 50 }, (_, index) => index));
  });

  it('tells the close code of the other end once, and its own during the call', async () => {
    const rig = await startRig();
    const theirs = dial(rig.port);
    const mine = dial(rig.port);
    await until('both open', () => rig.server.linkCount === 2 && mine.record.openCount === 1);
    mine.link.close(4300, 'done');
    expect(mine.record.closed).toEqual([{ code: 4300, reason: 'done', error: undefined }]);
    mine.link.close(4301, 'again');
    await until('the server knows', () => rig.record.closed.length === 1);
    expect(rig.record.closed[0]).toMatchObject({ code: 4300, reason: 'done' });
    for (const { link } of rig.record.opened) link.close(4400, 'go away');
    await until('the dialer knows', () => theirs.record.closed.length === 1);
    expect(theirs.record.closed).toEqual([{ code: 4400, reason: 'go away', error: undefined }]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(mine.record.closed).toHaveLength(1);
  });

  it('says in one sentence why a link could not be made', async () => {
    const rig = await startRig();
    const { server, port } = await startMute();
    server.close();
    const refused = dial(port);
    const wrongPath = dial(rig.port, {}, '/elsewhere');
    await until('both fail', () => refused.record.closed.length + wrongPath.record.closed.length === 2);
    expect(refused.record.closed[0]).toMatchObject({ code: 1006, error: { kind: 'refused' } });
    expect(wrongPath.record.closed[0]).toMatchObject({ code: 1006, error: { kind: 'refused' } });
    expect(wrongPath.record.closed[0]?.error?.message).toBe(
      `127.0.0.1:${rig.port} takes no link at this address. Check the address.`,
    );
    for (const address of ['http://a/', 'nonsense', 'ws://a/#b']) {
      expect(() => dialLink(address, new DialRecorder())).toThrow(/is not the address of a relay/);
    }
  });

  it('gives up on a server that accepts and says nothing', async () => {
    const { server, port } = await startMute();
    cleanups.push(() => server.close());
    const { record } = dial(port, { connectMs: 200 });
    await until('it gives up', () => record.closed.length === 1, 3_000);
    expect(record.closed[0]?.error?.kind).toBe('timed-out');
  });

  it('can be closed before it has opened', async () => {
    const { server, port } = await startMute();
    cleanups.push(() => server.close());
    const { record, link } = dial(port);
    link.close(1000, 'changed my mind');
    expect(record.closed).toEqual([{ code: 1000, reason: 'changed my mind', error: undefined }]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(record.closed).toHaveLength(1);
    expect(record.openCount).toBe(0);
  });

  it('closes on a message that is too long', async () => {
    const rig = await startRig();
    const { record } = dial(rig.port, { messageBytesMax: 10_000 });
    await until('it opens', () => rig.server.linkCount === 1 && record.openCount === 1);
    rig.record.opened[0]?.link.send(numbered(1, 10_001));
    await until('it closes', () => record.closed.length === 1);
    expect(record.closed[0]).toMatchObject({ code: 1009, error: { kind: 'broken' } });
    expect(record.got).toEqual([]);
    await until('the other end knows', () => rig.record.closed.length === 1);
  });

  it('refuses text with 1003', async () => {
    const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
    cleanups.push(() => server.close());
    const codes: number[] = [];
    server.on('connection', (ws) => {
      ws.on('close', (code) => codes.push(code));
      ws.send('hello');
    });
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const { record } = dial(address.port);
    await until('both know', () => record.closed.length === 1 && codes.length === 1);
    expect(record.closed[0]?.code).toBe(1003);
    expect(codes).toEqual([1003]);
    expect(record.got).toEqual([]);
  });

  it('bounds what waits for a parent that does not read, and says when there is room', async () => {
    const rig = await startRig();
    const { record, link } = dial(rig.port, { bufferedBytesMax: 200_000 });
    await until('it opens', () => record.openCount === 1);
    // Nothing leaves before the event loop turns, except what the kernel takes at once.
    let sent = 0;
    while (link.bufferedBytes <= 200_000 && sent < 5_000) {
      link.send(numbered(sent, 30_000));
      sent += 1;
    }
    for (let extra = 0; extra < 10; extra += 1) link.send(numbered(9_999, 30_000));
    expect(link.bufferedBytes).toBeLessThan(240_000);
    expect(record.overflowCount).toBe(0);
    await until('the owner is told', () => record.overflowCount === 1 && record.writableCount > 0);
    await until('what was not dropped arrives', () => rig.record.messages.length === sent);
    const numbers = numbersOf(rig.record.messages.map((message) => Buffer.from(message.bytes)));
    expect(numbers).not.toContain(9_999);
  });

  it('ends a link whose other end has fallen silent, and keeps one that answers pings', async () => {
    const rig = await startRig();
    const lively = dial(rig.port, { pingMs: 100 });
    const deaf = createServer((socket) => {
      socket.on('error', () => undefined);
      // The handshake of RFC 6455 §1.3, answered by rote; then silence.
      socket.once('data', (request) => {
        const key = /sec-websocket-key: (.+)\r\n/i.exec(request.toString())?.[1] ?? '';
        void import('node:crypto').then(({ createHash }) => {
          const accept = createHash('sha1')
            .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
            .digest('base64');
          socket.write(
            `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
              `Sec-WebSocket-Accept: ${accept}\r\n\r\n`,
          );
        });
      });
      socket.resume();
    });
    await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => deaf.close());
    const address = deaf.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    const silent = dial(address.port, { pingMs: 100 });
    await until('the silent one ends', () => silent.record.closed.length === 1, 3_000);
    expect(silent.record.openCount).toBe(1);
    expect(silent.record.closed[0]).toMatchObject({ code: 1006, error: { kind: 'timed-out' } });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(lively.record.closed).toEqual([]);
  });
});
