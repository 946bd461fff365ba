import { createSocket, type Socket } from 'node:dgram';
import { afterEach, describe, expect, it } from 'vitest';
import { RTCPeerConnection } from 'werift';
import { STUN_LIMITS } from '../../relay-node/src/stun/source-limiter.js';
import { type StunServer, startStunServer } from '../../relay-node/src/stun/stun-server.js';
import { loadPeerDial, type RtcEngineName } from '../../viewer/src/app/rtc-engine.js';
import { until } from './link-rig.js';
import { End } from './peer-link-rig.js';

const REQUEST = Buffer.from('000100002112a442b7e7a701bc34d686fa87dfae', 'hex');

const servers: StunServer[] = [];
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close();
  for (const server of servers.splice(0)) await server.close();
});

const start = async (host?: string): Promise<StunServer> => {
  const server = await startStunServer({ port: 0, host });
  servers.push(server);
  return server;
};

const openClient = async (): Promise<{ socket: Socket; got: Buffer[] }> => {
  const socket = createSocket('udp4');
  sockets.push(socket);
  const got: Buffer[] = [];
  socket.on('message', (bytes) => got.push(bytes));
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { socket, got };
};

describe('the STUN server', () => {
  it.each([
    ['on IPv4', '127.0.0.1'],
    ['on all addresses', undefined],
  ])('tells a client its address, %s', async (_where, host) => {
    const server = await start(host);
    const { socket, got } = await openClient();
    socket.send(REQUEST, server.port, '127.0.0.1');
    await until('the answer is here', () => got.length > 0);
    const answer = got[0] ?? Buffer.of();
    expect(answer.readUInt16BE(26) ^ 0x2112).toBe(socket.address().port);
    expect((answer.readUInt32BE(28) ^ 0x2112a442) >>> 0).toBe(0x7f000001);
    expect(answer.subarray(4, 20)).toEqual(REQUEST.subarray(4, 20));
  });

  it('says nothing to anything else, and goes on', async () => {
    const server = await start('127.0.0.1');
    const { socket, got } = await openClient();
    const others = [Buffer.of(), Buffer.alloc(1_400), Buffer.from('hello'), REQUEST.subarray(0, 19)];
    for (const bytes of others) socket.send(bytes, server.port, '127.0.0.1');
    await until('all have come', () => server.ignoredCount === others.length);
    socket.send(REQUEST, server.port, '127.0.0.1');
    await until('the answer is here', () => got.length > 0);
    expect(got).toHaveLength(1);
  });

  it('stops answering a source that asks too often', async () => {
    const server = await start('127.0.0.1');
    const { socket } = await openClient();
    for (let index = 0; index < STUN_LIMITS.burst * 3; index += 1)
      socket.send(REQUEST, server.port, '127.0.0.1');
    await until('all have come', () => server.answeredCount + server.ignoredCount === STUN_LIMITS.burst * 3);
    expect(server.answeredCount).toBeLessThan(STUN_LIMITS.burst * 2);
  });

  it('says that its port is taken', async () => {
    const { port } = await start('127.0.0.1');
    await expect(startStunServer({ port, host: '127.0.0.1' })).rejects.toMatchObject({ kind: 'port-taken' });
  });

  it('frees its port, however often it is closed', async () => {
    const server = await start('127.0.0.1');
    await server.close();
    await server.close();
    const again = await startStunServer({ port: server.port, host: '127.0.0.1' });
    servers.push(again);
    expect(again.port).toBe(server.port);
  });

  it.each<RtcEngineName>(['werift', 'wrtc'])('is asked by %s', async (engine) => {
    const server = await start();
    const end = new End((await loadPeerDial(engine)).dial, true, [`stun:127.0.0.1:${server.port}`]);
    await until('it was asked', () => server.answeredCount > 0);
    end.link.close(4000, 'the test is over');
  });

  it('gives werift a candidate with the address it is seen at', async () => {
    const server = await start();
    const connection = new RTCPeerConnection({
      iceServers: [{ urls: `stun:127.0.0.1:${server.port}` }],
      iceAdditionalHostAddresses: ['127.0.0.1'],
    });
    const candidates: string[] = [];
    connection.onIceCandidate.subscribe((found) => candidates.push(found?.candidate ?? ''));
    connection.createDataChannel('control');
    await connection.setLocalDescription(await connection.createOffer());
    await until('it is told', () => candidates.some((line) => line.includes('typ srflx')));
    await connection.close();
  });
});
