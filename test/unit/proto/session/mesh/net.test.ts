import { describe, expect, it } from 'vitest';
import { Net, type NetNode, saidBy, sentTwice } from './net.js';

/** What a viewer has in its mesh at this moment. */
const meshOf = ({ rig }: NetNode) => rig.session.stats(rig.now).mesh;

/** A relay that feeds each stripe once, and viewers that share the rest; settled. */
function settled(uplinks: readonly number[]): Net {
  const net = new Net(1);
  net.pass(1_000);
  for (const uplinkBps of uplinks) {
    net.join(uplinkBps);
    net.pass(500);
  }
  net.pass(8_000);
  return net;
}

/** Chunks missing in what a viewer plays, from its first to its last. */
function holes(net: Net, node: NetNode): number {
  const played = net.played(node);
  return (played.at(-1) ?? 0) - (played[0] ?? 0) + 1 - played.length;
}

/** A viewer that others take stripes from. */
function interior(net: Net): NetNode {
  const [most] = [...net.viewers].sort(
    (a, b) => (meshOf(b)?.helpedCount ?? 0) - (meshOf(a)?.helpedCount ?? 0),
  );
  if (!most || (meshOf(most)?.helpedCount ?? 0) === 0) throw new Error('nobody feeds anybody');
  return most;
}

const UPLINKS = [30_000_000, 20_000_000, 20_000_000, 10_000_000, 0];

describe('a cell of real sessions', () => {
  it('has viewers feed viewers: all play everything, and the relay feeds each stripe about once', () => {
    const net = settled(UPLINKS);
    for (const [index, node] of net.viewers.entries()) {
      expect(holes(net, node), `viewer ${index}`).toBe(0);
      expect(net.played(node).at(-1), `viewer ${index}`).toBeGreaterThan(net.pieceCount - 8);
    }
    const fromPeers = net.viewers.reduce((sum, node) => sum + (meshOf(node)?.stripesFromPeers ?? 0), 0);
    // Of 5 times 4 stripes the relay feeds 4 by the plan.
    expect(fromPeers).toBe(16);
    expect(net.relay.rig.session.stats(net.relay.rig.now).cell).toMatchObject({
      viewerCount: 5,
      guestFeeds: 0,
    });
  });

  it('costs few duplicates to build up, and no piece goes over a link twice', () => {
    const net = settled(UPLINKS);
    for (const node of net.viewers) {
      const { piecesDuplicate, piecesVerified } = node.rig.session.stats(node.rig.now);
      expect(piecesDuplicate).toBeLessThan(40);
      expect(piecesDuplicate).toBeLessThan(piecesVerified / 5);
      expect(sentTwice(node)).toBe(0);
    }
    expect(sentTwice(net.relay)).toBe(0);
  });

  it('uploads nothing from one that is download-only', () => {
    const net = settled(UPLINKS);
    expect(meshOf(net.viewers[4] ?? net.relay)).toMatchObject({
      bytesToPeers: 0,
      helpedCount: 0,
      stripesFromPeers: 4,
    });
  });

  it('goes on without a hole when a viewer that feeds others vanishes', () => {
    const net = settled(UPLINKS);
    const gone = interior(net);
    gone.isGone = true;
    net.pass(10_000);
    for (const node of net.viewers) {
      if (node === gone) continue;
      expect(holes(net, node)).toBe(0);
      expect(net.played(node).at(-1)).toBeGreaterThan(net.pieceCount - 8);
      expect(node.rig.session.stats(node.rig.now).chunksSkipped).toBe(0);
    }
    const switches = net.viewers.reduce((sum, node) => sum + (meshOf(node)?.sourceSwitches ?? 0), 0);
    expect(switches).toBeGreaterThan(0);
  });

  it('leaves one that answers but passes nothing on, and tells the relay', () => {
    const net = settled(UPLINKS);
    const mute = interior(net);
    mute.isMute = true;
    net.pass(10_000);
    for (const node of net.viewers) expect(holes(net, node)).toBe(0);
    const cell = net.relay.rig.session.stats(net.relay.rig.now).cell;
    expect((cell?.reports.silent ?? 0) + (cell?.reports.late ?? 0)).toBeGreaterThan(0);
  });

  it('goes on without a hole when a viewer takes its uplink back', () => {
    const net = settled(UPLINKS);
    const node = interior(net);
    node.rig.nowMs = net.nowMs;
    node.rig.input({ kind: 'offer-uplink', uplinkBps: 0 });
    net.pass(8_000);
    expect(meshOf(node)?.helpedCount).toBe(0);
    const sentBefore = meshOf(node)?.bytesToPeers;
    net.pass(2_000);
    expect(meshOf(node)?.bytesToPeers).toBe(sentBefore);
    for (const viewer of net.viewers) expect(holes(net, viewer)).toBe(0);
  });

  it('plans anew when the number of stripes changes, and viewers feed viewers again', () => {
    const net = settled([30_000_000, 20_000_000, 0]);
    const { rig } = net.relay;
    rig.nowMs = net.nowMs;
    rig.input({ kind: 'publish-catalog', signed: net.broadcast.catalog({ revision: 2, stripeCount: 2 }) });
    net.pass(10_000);
    for (const node of net.viewers) {
      expect(meshOf(node)?.stripeCount).toBe(2);
      expect(holes(net, node)).toBe(0);
    }
    const fromPeers = net.viewers.reduce((sum, node) => sum + (meshOf(node)?.stripesFromPeers ?? 0), 0);
    expect(fromPeers).toBe(4);
  });

  it('plans anew as well where a catalog takes a while to verify: the plan is there before it', () => {
    const net = new Net(1, 3);
    net.pass(1_000);
    for (const uplinkBps of [30_000_000, 20_000_000, 0]) {
      net.join(uplinkBps);
      net.pass(500);
    }
    net.pass(8_000);
    const { rig } = net.relay;
    rig.nowMs = net.nowMs;
    rig.input({ kind: 'publish-catalog', signed: net.broadcast.catalog({ revision: 2, stripeCount: 2 }) });
    net.pass(10_000);
    const fromPeers = net.viewers.reduce((sum, node) => sum + (meshOf(node)?.stripesFromPeers ?? 0), 0);
    expect(fromPeers).toBe(4);
  });

  it('closes nobody and refuses nothing while all are honest', () => {
    const net = settled(UPLINKS);
    for (const { rig } of [net.relay, ...net.viewers]) {
      expect(rig.events('refused')).toEqual([]);
      expect(rig.of('close').filter(({ code }) => code !== 4000 && code !== 1001)).toEqual([]);
    }
    expect(saidBy(net.relay, 'missing')).toBe(0);
  });
});
