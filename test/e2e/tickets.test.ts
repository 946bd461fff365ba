/** Relays that carry channels by ticket, and the command that makes tickets. */

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloseCode, encodeAddress, signTicket, wallMs } from '@freshet/proto';
import { createKeyPair, type Relay, startRelay } from '@freshet/relay-node';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { until } from '../contract/link-rig.js';
import { FreshetProcess } from '../freshet-process.js';
import { describeIfReal } from '../require-real.js';
import { type SyntheticPublisher, startSyntheticPublisher } from '../synthetic-publisher.js';
import { CountingViewer } from './relay-tree-rig.js';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const operator = createKeyPair();

const publish = async (ticketFor: (channelKey: Uint8Array) => Uint8Array[]): Promise<SyntheticPublisher> => {
  const publisher = await startSyntheticPublisher({ chunkBytes: 4_000, chunksPerS: 30, ticketFor });
  ends.push(() => publisher.close());
  return publisher;
};
const ticket = (channelKey: Uint8Array, lifeMs: number): Uint8Array =>
  signTicket(
    { operatorKey: operator.publicKey, channelKey, notAfterMs: wallMs(Date.now() + lifeMs) },
    operator.sign,
  );

const openRelay = async (publisher: SyntheticPublisher): Promise<{ relay: Relay; origin: string }> => {
  const relay = await startRelay({
    port: 0,
    host: '127.0.0.1',
    parents: [`http://127.0.0.1:${publisher.relay.port}`],
    ticketOperator: operator.publicKey,
    log: () => undefined,
  });
  ends.push(() => relay.close());
  return { relay, origin: `http://127.0.0.1:${relay.port}` };
};

const watch = (publisher: SyntheticPublisher, origin: string): CountingViewer => {
  const viewer = new CountingViewer(publisher.channelKey, origin);
  ends.push(() => viewer.close());
  return viewer;
};

const textAt = async (url: string): Promise<string> => (await fetch(url)).text();

describe('a relay that takes channels by ticket', () => {
  it('carries one with a ticket, until it ends, and says so', async () => {
    const publisher = await publish((channelKey) => [ticket(channelKey, 6_000)]);
    const { relay, origin } = await openRelay(publisher);
    const viewer = watch(publisher, origin);
    await until('the viewer gets the stream', () => viewer.chunks.length > 30, 5_000);
    await until('the ticket has ended', () => relay.hosts.size === 0, 20_000);
    expect(await textAt(`${origin}/metrics`)).toMatch(/freshet_refused_total\{why="ticket-expired"\} [1-9]/);
  });

  it('closes who asks for one without, or with that of another operator, and says why', async () => {
    const foreign = createKeyPair();
    const publisher = await publish((channelKey) => [
      signTicket(
        { operatorKey: foreign.publicKey, channelKey, notAfterMs: wallMs(Date.now() + 60_000) },
        foreign.sign,
      ),
    ]);
    const { relay, origin } = await openRelay(publisher);
    const address = encodeAddress(publisher.channelKey);
    const closed = (): Promise<[number, string]> =>
      new Promise((resolve) => {
        const socket = new WebSocket(`${origin.replace('http', 'ws')}/channel/${address}`);
        socket.once('close', (code, reason) => resolve([code, reason.toString()]));
      });
    const refusal = [
      CloseCode.unknownChannel,
      'this relay takes channels with a ticket of its operator only',
    ];
    expect(await closed()).toEqual(refusal);
    expect(await closed()).toEqual(refusal);
    const viewer = watch(publisher, origin);
    await until('the viewer knows', () => viewer.statuses.length > 1);
    expect(viewer.chunks).toEqual([]);
    expect(relay.hosts.size).toBe(0);
    const health = JSON.parse(await textAt(`${origin}/health`));
    expect(health.tickets).toMatchObject({
      operator: expect.stringMatching(/^fro/),
      refused: { 'ticket-missing': 1 },
    });
  });

  it('carries those of its parents without', async () => {
    const publisher = await publish(() => []);
    const { relay, origin } = await openRelay(publisher);
    relay.follow(publisher.channelKey, [`http://127.0.0.1:${publisher.relay.port}`]);
    const viewer = watch(publisher, origin);
    await until('the viewer gets the stream', () => viewer.chunks.length > 30, 15_000);
  });
});

describeIfReal('the commands around tickets', ['ffmpeg'], () => {
  it('make one, hand it to viewers in the catalog, and have a relay take the channel by it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'freshet-tickets-'));
    ends.push(() => rmSync(folder, { recursive: true, force: true }));
    const run = (args: readonly string[]): FreshetProcess => {
      const process = new FreshetProcess(args);
      ends.push(() => process.stop());
      return process;
    };
    const [channelFile, ticketFile] = [join(folder, 'channel.key'), join(folder, 'ticket.key')];
    const printed = (args: readonly string[]): Promise<string> => {
      const process = run(args);
      let text = '';
      process.child.stdout?.on('data', (bytes: Buffer) => {
        text += bytes.toString();
      });
      return process.exitCode().then(() => text);
    };
    const channel = JSON.parse(await printed(['keys', 'new', '--key', channelFile, '--json']));
    const make = ['relay', 'ticket', channel.address, '--days', '2', '--key', ticketFile, '--json'];
    const first = JSON.parse(await printed(make));
    expect(first).toMatchObject({ ticket: expect.stringMatching(/^frt/), isNew: true });
    expect(statSync(ticketFile).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await printed(make))).toMatchObject({ operator: first.operator, isNew: false });
    const here = ['--host', '127.0.0.1', '--port', '0', '--json'];
    const live = run(['live', '--key', channelFile, '--ticket', first.ticket, '--size', '320x180', ...here]);
    const { watch: link } = await live.waitFor(({ event }) => event === 'ready');
    const byTicket = ['--channel', 'ticket', '--ticket-operator', first.operator];
    const relay = run(['relay', '--parent', new URL(String(link)).origin, ...byTicket, ...here]);
    const { port } = await relay.waitFor(({ event }) => event === 'ready');
    const socket = new WebSocket(`ws://127.0.0.1:${String(port)}/channel/${channel.address}`);
    ends.push(() => socket.terminate());
    const shown = async (): Promise<unknown> => {
      const reply = await fetch(`http://127.0.0.1:${String(port)}/catalog/${channel.address}`);
      return reply.ok ? (await reply.json()).ticketCount : undefined;
    };
    await expect.poll(shown, { timeout: 20_000 }).toBe(1);
    const wrong = run(['live', '--ticket', first.ticket, ...here]);
    expect(await wrong.exitCode()).not.toBe(0);
    expect(wrong.stderr).toMatch(/--ticket: This one is for fr1/);
  });
});
