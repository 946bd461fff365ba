/** Relays that fail, leave, run full or name each other as parents: real sockets, real processes. */

import { once } from 'node:events';
import { CloseCode, encodeAddress, encodeControl } from '@freshet/proto';
import type { ChannelHost, Relay } from '@freshet/relay-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type CountingViewer, originOf, RelayTreeRig } from './relay-tree-rig.js';

/** Players keep 0.7 s in a mesh; the machine that tests run on may be busy. */
const GAP_MS_MAX = 700;
const SETTLED = { timeout: 20_000, interval: 50 };

const hostOf = (rig: RelayTreeRig, relay: Relay): ChannelHost => {
  const host = relay.hosts.get(encodeAddress(rig.channelKey));
  if (!host) throw new Error('the relay does not carry the channel');
  return host;
};

const flowing = (viewers: readonly CountingViewer[], more: number): Promise<void> => {
  const from = viewers.map(({ chunks }) => chunks.length);
  return expect
    .poll(() => viewers.every(({ chunks }, index) => chunks.length >= (from[index] ?? 0) + more), SETTLED)
    .toBe(true);
};

const longestGapMs = (viewers: readonly CountingViewer[]): number =>
  Math.max(...viewers.map((viewer) => viewer.takeGapMs()));

describe('relays in a tree', () => {
  let rig: RelayTreeRig;

  beforeEach(async () => {
    rig = await RelayTreeRig.start();
  });
  afterEach(() => rig.close());

  it('lose nothing when the one in the middle is killed, nor when its successor leaves', async () => {
    const top = await rig.relay([rig.origin]);
    const middle = await rig.remote([originOf(top)]);
    const spare = await rig.remote([originOf(top)]);
    const last = await rig.relay([middle.origin, spare.origin]);
    const viewers = [rig.viewer(originOf(last)), rig.viewer(originOf(last))];
    await flowing(viewers, 60);
    await expect.poll(() => hostOf(rig, last).stats().parentCount, SETTLED).toBe(2);
    expect(hostOf(rig, last).stats().hopCount).toBe(3);
    longestGapMs(viewers);
    await flowing(viewers, 60);
    const calmGapMs = longestGapMs(viewers);
    middle.process.kill('SIGKILL');
    await flowing(viewers, 60);
    const killGapMs = longestGapMs(viewers);
    spare.process.send('drain');
    const [left] = await once(spare.process, 'message');
    await flowing(viewers, 60);
    const drainGapMs = longestGapMs(viewers);
    process.stdout.write(`${JSON.stringify({ calmGapMs, killGapMs, drainGapMs })}\n`);
    expect(left).toBe(0);
    expect(viewers.map(({ missing }) => missing)).toEqual([0, 0]);
    expect(killGapMs).toBeLessThan(GAP_MS_MAX);
    expect(drainGapMs).toBeLessThan(GAP_MS_MAX);
  });

  it('move their viewers before they leave, without a missing chunk', async () => {
    const leaving = await rig.remote([rig.origin]);
    const staying = await rig.relay([leaving.origin, rig.origin]);
    const viewers = [rig.viewer(leaving.origin), rig.viewer(leaving.origin)];
    await flowing(viewers, 60);
    await expect.poll(() => hostOf(rig, staying).stats().parentCount, SETTLED).toBe(2);
    longestGapMs(viewers);
    leaving.process.send('drain');
    const [left] = await once(leaving.process, 'message');
    expect(left).toBe(0);
    await flowing(viewers, 60);
    expect(viewers.map(({ missing }) => missing)).toEqual([0, 0]);
    expect(viewers.map(({ statuses }) => statuses.includes('reconnecting'))).toEqual([false, false]);
    expect(hostOf(rig, staying).session.childCounts.viewer).toBe(2);
    expect(longestGapMs(viewers)).toBeLessThan(GAP_MS_MAX);
  });

  it('that name each other as parents find out, and take the stream from elsewhere', async () => {
    const one = await rig.relay(undefined);
    const other = await rig.relay(undefined);
    one.follow(rig.channelKey, [originOf(other)]);
    other.follow(rig.channelKey, [originOf(one)]);
    const loops = (): number =>
      [one, other].reduce((sum, relay) => sum + hostOf(rig, relay).stats().refused.loop, 0);
    await expect.poll(loops, SETTLED).toBeGreaterThan(0);
    hostOf(rig, one).addParents([
      `${rig.origin.replace('http', 'ws')}/channel/${encodeAddress(rig.channelKey)}`,
    ]);
    const viewers = [rig.viewer(originOf(one)), rig.viewer(originOf(other))];
    await flowing(viewers, 60);
    expect(loops()).toBeLessThan(20);
  });

  it('send a newcomer on when they are full', async () => {
    const full = await rig.relay([rig.origin], { childrenMax: 1 });
    const below = await rig.relay([originOf(full)]);
    const first = rig.viewer(originOf(full));
    await flowing([first], 30);
    await expect.poll(() => hostOf(rig, below).stats().hopCount, SETTLED).toBe(2);
    const second = rig.viewer(originOf(full));
    await flowing([first, second], 30);
    expect(hostOf(rig, full).session.childCounts).toEqual({ viewer: 1, relay: 1 });
    expect(hostOf(rig, below).session.childCounts.viewer).toBe(1);
  });

  it('take a channel when the first viewer asks for it, and refuse one that nobody knows', async () => {
    const relay = await rig.relay(undefined, { parents: [rig.origin] });
    expect(relay.hosts.size).toBe(0);
    await flowing([rig.viewer(originOf(relay))], 30);
    const unknown = new Uint8Array(32).fill(7);
    const socket = new WebSocket(
      `${originOf(relay).replace('http', 'ws')}/channel/${encodeAddress(unknown)}`,
    );
    socket.once('open', () =>
      socket.send(
        encodeControl({
          kind: 'hello',
          versionMin: 1,
          versionMax: 1,
          capabilities: [],
          channelKey: unknown,
          role: 'viewer',
          agent: 'test',
        }),
      ),
    );
    const [code] = await once(socket, 'close');
    expect(code).toBe(CloseCode.unknownChannel);
    expect([...relay.hosts.keys()]).toEqual([encodeAddress(rig.channelKey)]);
  });
});
