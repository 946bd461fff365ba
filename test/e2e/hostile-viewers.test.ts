/** Viewers that misbehave, against a real relay on a real socket: each is closed with its code, nobody else notices. */

import { once } from 'node:events';
import { connect } from 'node:net';
import {
  CloseCode,
  decodeControl,
  encodeControl,
  FrameKind,
  mediaUs,
  PieceCutter,
  signCatalog,
  signCertificate,
  wallMs,
} from '@freshet/proto';
import { createKeyPair, type LinkEngine, type Relay, sha256, startRelay } from '@freshet/relay-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';

const CHUNK_MS = 33;

describe.each<LinkEngine>(['uWebSockets.js', 'ws'])('a relay on %s with viewers that misbehave', (engine) => {
  const channel = createKeyPair();
  const session = createKeyPair();
  let relay: Relay;
  let url: string;
  let pacing: NodeJS.Timeout;

  const hello = (
    changes: { versionMin?: number; versionMax?: number; channelKey?: Uint8Array } = {},
  ): Uint8Array =>
    encodeControl({
      kind: 'hello',
      versionMin: 1,
      versionMax: 1,
      capabilities: [],
      channelKey: channel.publicKey,
      role: 'viewer',
      agent: 'test',
      ...changes,
    });
  const subscribe = encodeControl({ kind: 'subscribe', renditionId: 0, stripeMask: 0 });

  beforeEach(async () => {
    const epoch = Date.now();
    const wallAtZeroMs = epoch - performance.now();
    relay = await startRelay({ port: 0, host: '127.0.0.1', engine, log: () => undefined });
    const publisher = relay.publish(channel.publicKey, wallAtZeroMs);
    const keys = { channelKey: channel.publicKey, sessionKey: session.publicKey };
    const certificate = signCertificate({ ...keys, epochFirst: epoch, epochLast: epoch }, channel.sign);
    const shape = { width: 320, height: 240, frameRateMilli: 30_000, bitrate: 2_000_000 };
    const mimeType = 'video/mp4; codecs="avc1.64001f"';
    const rendition = { id: 1, name: '240p', mimeType, ...shape, initSegment: new Uint8Array(100) };
    const catalog = {
      epoch,
      revision: 1,
      state: 'live' as const,
      title: 'test',
      startedMs: wallMs(epoch),
      stripeCount: 4,
      renditions: [rendition],
      relays: [],
    };
    publisher.publishCatalog(signCatalog(catalog, certificate, session.sign));
    const cutter = new PieceCutter({ epoch, renditionId: 1, sign: session.sign, digest: sha256 });
    let count = 0;
    pacing = setInterval(() => {
      const chunk = {
        isKeyframe: count % 30 === 0,
        mediaTimeUs: mediaUs(count * CHUNK_MS * 1000),
        durationUs: CHUNK_MS * 1000,
        captureMs: wallMs(Math.floor(wallAtZeroMs + performance.now())),
        bytes: new Uint8Array(9_000).fill(count),
      };
      for (const message of cutter.cut(chunk)) publisher.publishPiece(message);
      count++;
    }, CHUNK_MS);
    const [address] = relay.hosts.keys();
    url = `ws://127.0.0.1:${relay.port}/channel/${address}`;
  });
  afterEach(async () => {
    clearInterval(pacing);
    await relay.close();
  });

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
        for (let n = 0; n < 300; n++) socket.send(encodeControl({ kind: 'ping', sentMs: n }));
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
    const half = connect(relay.port, '127.0.0.1');
    half.write('GET /channel/');
    const silent = connect(relay.port, '127.0.0.1');
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
