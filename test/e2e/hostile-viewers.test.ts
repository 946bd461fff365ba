/** Viewers that misbehave, against a real relay on a real socket: each is closed with its code, nobody else notices. */

import { once } from 'node:events';
import { connect } from 'node:net';
import { CloseCode, decodeControl, encodeControl, FrameKind, Limits } from '@freshet/proto';
import { createKeyPair, type LinkEngine, startRelay } from '@freshet/relay-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { type SyntheticPublisher, startSyntheticPublisher } from '../synthetic-publisher.js';

describe.each<LinkEngine>(['uWebSockets.js', 'ws'])('a relay on %s with viewers that misbehave', (engine) => {
  let publisher: SyntheticPublisher;
  let url: string;

  const hello = (
    changes: { versionMin?: number; versionMax?: number; channelKey?: Uint8Array } = {},
  ): Uint8Array =>
    encodeControl({
      kind: 'hello',
      versionMin: 1,
      versionMax: 1,
      capabilities: [],
      channelKey: publisher.channelKey,
      role: 'viewer',
      agent: 'test',
      ...changes,
    });
  const subscribe = encodeControl({ kind: 'subscribe', renditionId: 0, stripeMask: 0 });

  beforeEach(async () => {
    publisher = await startSyntheticPublisher({ chunkBytes: 9_000, chunksPerS: 30, engine });
    url = publisher.link.replace('http', 'ws').replace('/watch/', '/channel/');
  });
  afterEach(() => publisher.close());

  const closeOf = async (act: (socket: WebSocket) => void): Promise<number> => {
    const socket = new WebSocket(url);
    socket.on('error', () => undefined);
    socket.once('open', () => act(socket));
    const [code] = await once(socket, 'close');
    return code;
  };

  /** A well-behaved viewer that counts its pieces and notes any gap. */
  const watch = async (): Promise<{ readonly pieces: number[]; close(): void }> => {
    const socket = new WebSocket(url);
    const pieces: number[] = [];
    socket.on('message', (data: Buffer) => {
      if (data[0] === FrameKind.piece) pieces.push(data.length);
    });
    await once(socket, 'open');
    socket.send(hello());
    socket.send(subscribe);
    return { pieces, close: () => socket.close() };
  };

  it('closes each with its code and goes on serving the others', async () => {
    const viewer = await watch();
    await expect.poll(() => viewer.pieces.length, { timeout: 10_000 }).toBeGreaterThan(10);
    const codes = await Promise.all([
      closeOf((socket) => socket.send(Buffer.from('ff00ff00', 'hex'))),
      closeOf((socket) => socket.send(subscribe)),
      closeOf((socket) => socket.send(hello({ versionMin: 7, versionMax: 9 }))),
      closeOf((socket) => socket.send(hello({ channelKey: new Uint8Array(32) }))),
      closeOf((socket) => {
        socket.send(hello());
        for (let n = 0; n < Limits.CONTROL_RATE_MAX + 100; n++)
          socket.send(encodeControl({ kind: 'ping', sentMs: n }));
      }),
      closeOf((socket) => socket.send(new Uint8Array(10_000_000))),
    ]);
    expect(codes.slice(0, 5)).toEqual([
      CloseCode.protocolViolation,
      CloseCode.protocolViolation,
      CloseCode.versionUnsupported,
      CloseCode.unknownChannel,
      CloseCode.tooManyMessages,
    ]);
    // The frame is refused before it is read whole; the sender may see the cut before the code.
    expect([1006, 1009]).toContain(codes[5]);
    const before = viewer.pieces.length;
    await expect.poll(() => viewer.pieces.length, { timeout: 10_000 }).toBeGreaterThan(before + 15);
    viewer.close();
  });

  it('outlives half a handshake and a connection that says nothing', async () => {
    const half = connect(publisher.relay.port, '127.0.0.1');
    half.write('GET /channel/');
    const silent = connect(publisher.relay.port, '127.0.0.1');
    const viewer = await watch();
    await expect.poll(() => viewer.pieces.length, { timeout: 10_000 }).toBeGreaterThan(30);
    half.destroy();
    silent.destroy();
    viewer.close();
  });

  it('answers a viewer of another channel with unknownChannel', async () => {
    url = url.replace(/fr1.*$/, 'fr1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq');
    expect(await closeOf(() => undefined)).toBe(CloseCode.unknownChannel);
  });

  it('closes a viewer that offers a megabyte of SDP, and goes on', async () => {
    const signal = encodeControl({ kind: 'signal', peer: 7, body: new Uint8Array(16 * 1024) });
    const huge = new Uint8Array(1024 * 1024);
    huge.set(signal.subarray(0, 64));
    expect([1006, 1009]).toContain(await closeOf((socket) => socket.send(huge)));
    const viewer = await watch();
    await expect.poll(() => viewer.pieces.length, { timeout: 10_000 }).toBeGreaterThan(10);
    viewer.close();
  });

  it('refuses an address that opens links without end, counts it, and lets it back in later', async () => {
    const relay = await startRelay({
      port: 0,
      host: '127.0.0.1',
      engine,
      log: () => undefined,
      openLimits: { burst: 5, perSecond: 2, totalPerSecond: 1_000 },
      isLoopbackLimited: true,
    });
    relay.follow(publisher.channelKey, []);
    const path = new URL(url).pathname;
    const isRefused = async (): Promise<boolean> => {
      const socket = new WebSocket(`ws://127.0.0.1:${relay.port}${path}`);
      const isClosed = once(socket, 'close').then(([code]) => code === CloseCode.tooManyMessages);
      await once(socket, 'open');
      socket.send(hello());
      const isAnswered = once(socket, 'message').then(() => false);
      const refused = await Promise.race([isClosed, isAnswered]);
      socket.terminate();
      return refused;
    };
    const outcomes: boolean[] = [];
    for (let i = 0; i < 8; i++) outcomes.push(await isRefused());
    expect(outcomes.filter((refused) => refused).length).toBeGreaterThanOrEqual(1);
    expect(outcomes.slice(0, 5)).toEqual([false, false, false, false, false]);
    const metrics = await (await fetch(`http://127.0.0.1:${relay.port}/metrics`)).text();
    expect(metrics).toMatch(/freshet_opens_refused_total [1-9]/);
    await expect.poll(isRefused, { timeout: 10_000, interval: 1_000 }).toBe(false);
    await relay.close();
  });
});

describe('a relay of a newer protocol version', () => {
  it('is named as such to whoever dials it', async () => {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    const channel = createKeyPair();
    server.on('connection', (socket) => {
      socket.once('message', (data: Buffer) => {
        const message = decodeControl(new Uint8Array(data));
        if (message?.kind !== 'hello') return;
        socket.send(
          encodeControl({ ...message, versionMin: 8, versionMax: 9, role: 'relay', agent: 'future' }),
        );
      });
    });
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const told: string[] = [];
    const relay = await startRelay({
      port: 0,
      host: '127.0.0.1',
      log: () => undefined,
      onEvent: (_, event) => {
        if (event.kind === 'state') told.push(`${event.state}: ${event.detail}`);
      },
    });
    relay.follow(channel.publicKey, [`http://127.0.0.1:${port}`]);
    await expect
      .poll(() => told.join('\n'), { timeout: 5_000 })
      .toMatch(/incompatible: .*newer.*8 to 9.*update/);
    await relay.close();
    server.close();
  });
});
