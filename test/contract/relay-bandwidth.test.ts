import { CloseCode, encodeControl, socketUrl } from '@freshet/proto';
import { startRelay } from '@freshet/relay-node';
import { afterEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startSyntheticPublisher } from '../synthetic-publisher.js';
import { until } from './link-rig.js';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** A viewer that takes everything; what it was closed with. */
async function watch(
  origin: string,
  channelKey: Uint8Array,
): Promise<{ bytes: number; code: number | undefined }> {
  const seen: { bytes: number; code: number | undefined } = { bytes: 0, code: undefined };
  const ws = new WebSocket(socketUrl(origin, channelKey), { perMessageDeflate: false });
  closers.push(async () => ws.terminate());
  ws.on('message', (data: Buffer) => {
    seen.bytes += data.length;
  });
  ws.on('close', (code) => {
    seen.code = code;
  });
  await new Promise((resolve, reject) => ws.once('open', resolve).once('error', reject));
  const hello = { capabilities: [], channelKey, role: 'viewer', agent: 'test' } as const;
  ws.send(encodeControl({ kind: 'hello', versionMin: 1, versionMax: 1, ...hello }));
  ws.send(encodeControl({ kind: 'subscribe', renditionId: 0, stripeMask: 0 }));
  return seen;
}

it('a relay that sends as much as it may turns newcomers away, serves who is there, and tells its rate', async () => {
  const publisher = await startSyntheticPublisher({ chunkBytes: 4_000, chunksPerS: 30 });
  closers.push(() => publisher.close());
  const relay = await startRelay({ port: 0, host: '127.0.0.1', egressMaxBps: 300_000, log: () => undefined });
  closers.push(() => relay.close());
  const host = relay.follow(publisher.channelKey, [`http://127.0.0.1:${publisher.relay.port}`]);
  await until('the channel is live', () => host.session.state === 'live');
  const origin = `http://127.0.0.1:${relay.port}`;
  const first = await watch(origin, publisher.channelKey);
  await until('the first is served for a while', () => first.bytes > 300_000, 20_000);
  const second = await watch(origin, publisher.channelKey);
  await until('the second is turned away', () => second.code !== undefined, 20_000);
  expect(second.code).toBe(CloseCode.full);
  const before = first.bytes;
  await until('the first goes on', () => first.bytes > before + 50_000, 20_000);
  const metrics = await (await fetch(`${origin}/metrics`)).text();
  expect(Number(/^freshet_egress_bits_per_second (\S+)$/m.exec(metrics)?.[1])).toBeGreaterThan(300_000);
});
