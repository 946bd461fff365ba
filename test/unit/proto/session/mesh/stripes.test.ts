import { CloseCode, Limits, RELAY } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { BROADCAST_START_MS, Broadcast, createRendition } from '../../../../sim/broadcast.js';
import { RIG_START_MS } from '../rig.js';
import { fedByParent, GROUP_PIECES, MeshViewer, PARENT, planLink, STAND_IN, STEP_MS } from './mesh-rig.js';

const OTHER = 9;

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, index) => from + index);

/** The same when the parent has just vanished. */
function fedByGoneParent(): ReturnType<typeof fedByParent> {
  const fed = fedByParent();
  fed.rig.vanish(fed.parent);
  return fed;
}

/** Pieces until something is said to the link; how long after the first one that did not come. */
function feedUntilAsked(rig: MeshViewer, link: number, via: (stripe: number) => number): number {
  const since = rig.nowMs + STEP_MS;
  for (let i = 0; i < 80 && rig.saidOf(link, 'subscribe').length === 0; i++) {
    rig.feed(1, via);
  }
  return rig.nowMs - since;
}

describe('a stripe that the plan gives to a neighbour', () => {
  it('is asked for from the first piece that is not here, once', () => {
    const rig = new MeshViewer().join();
    rig.feed(10, () => rig.relay);
    const parent = rig.meet(PARENT, { parentMask: 0b0101 });
    rig.plan(planLink(PARENT, { parentMask: 0b0101 }));
    rig.feed(1, () => rig.relay);
    expect(rig.saidOf(parent, 'subscribe')).toMatchObject([{ stripeMask: 0b0101, from: 10 }]);
  });

  it('goes on coming from the relay until the first piece of the neighbour, stripe by stripe', () => {
    const rig = new MeshViewer().join();
    rig.feed(GROUP_PIECES, () => rig.relay);
    const parent = rig.meet(PARENT, { parentMask: 0b0011 });
    rig.feed(8, () => rig.relay);
    expect(rig.relayMask).toBe(0b1111);
    rig.feed(1, () => [rig.relay, parent]);
    expect(rig.relayMask).toBe(0b1110);
    rig.feed(1, () => [parent]);
    expect(rig.relayMask).toBe(0b1100);
    expect(rig.session.stats(rig.now).mesh).toMatchObject({ stripesFromPeers: 2, stripeCount: 4 });
  });

  it('is taken over without a loss, whoever is first', () => {
    const rig = new MeshViewer().join();
    rig.feed(GROUP_PIECES, () => rig.relay);
    const parent = rig.meet(PARENT, { parentMask: 0b0001 });
    // It sends what it holds from there on while the relay does the same.
    rig.feed(8, (stripe) => (stripe === 0 ? [rig.relay, parent] : rig.relay));
    rig.feed(2 * GROUP_PIECES, (stripe) => (stripe === 0 ? parent : rig.relay));
    expect(rig.played).toEqual(range(0, 3 * GROUP_PIECES + 8));
    expect(rig.session.stats(rig.now)).toMatchObject({ piecesDuplicate: 2 });
    expect(rig.session.stats(rig.now).mesh).toMatchObject({ piecesRequested: 0, sourceSwitches: 0 });
  });

  it('is taken over by a piece that the relay had sent a moment before', () => {
    const rig = new MeshViewer().join();
    rig.feed(GROUP_PIECES, () => rig.relay);
    const parent = rig.meet(PARENT, { parentMask: 0b0001 });
    rig.feed(1, () => rig.relay);
    rig.received(parent, rig.pieces.at(-1)?.slice() ?? new Uint8Array());
    expect(rig.relayMask).toBe(0b1110);
  });

  it('is taken over by a piece that was verified at the same time as the relay’s', () => {
    const rig = new MeshViewer().join();
    rig.feed(GROUP_PIECES, () => rig.relay);
    const parent = rig.meet(PARENT, { parentMask: 0b0001 });
    rig.isVerifying = false;
    rig.clear();
    rig.feed(1, () => [rig.relay, parent]);
    for (const { id } of rig.of('verify')) rig.input({ kind: 'verified', id, ok: true });
    expect(rig.relayMask).toBe(0b1110);
    expect(rig.played).toEqual([GROUP_PIECES]);
  });

  it('stays with the relay while the player is too near to the capture', () => {
    const rig = new MeshViewer().join();
    rig.input({ kind: 'playout', lagMs: Limits.MESH_LAG_MS_MIN - 1 });
    rig.feed(GROUP_PIECES, () => rig.relay);
    const parent = rig.meet(PARENT, { parentMask: 0b0001 });
    rig.feed(20, () => rig.relay);
    expect(rig.saidOf(parent, 'subscribe')).toEqual([]);
    rig.input({ kind: 'playout', lagMs: Limits.MESH_LAG_MS_MIN });
    rig.feed(20, () => rig.relay);
    expect(rig.saidOf(parent, 'subscribe')).toHaveLength(1);
  });

  it('and that does not come is reported, and stays where it is', () => {
    const rig = new MeshViewer().join();
    rig.feed(GROUP_PIECES, () => rig.relay);
    const parent = rig.meet(PARENT, { parentMask: 0b0001 });
    for (let ms = 0; ms < Limits.SOURCE_PENDING_MS_MAX + Limits.MESH_TICK_MS; ms += 250) {
      rig.feed(10, () => rig.relay);
      rig.answerPings(parent);
    }
    expect(rig.saidOf(rig.relay, 'report')).toEqual([{ kind: 'report', peer: PARENT, why: 'silent' }]);
    expect(rig.saidOf(parent, 'unsubscribe')).toHaveLength(1);
    expect(rig.relayMask).toBe(0b1111);
  });

  it('and that the neighbour declines stays where it is', () => {
    const rig = new MeshViewer().join();
    rig.feed(GROUP_PIECES, () => rig.relay);
    const parent = rig.meet(PARENT, { parentMask: 0b0001 });
    rig.received(parent, { kind: 'declined', renditionId: 1, stripeMask: 0b0001 });
    rig.feed(GROUP_PIECES, () => rig.relay);
    expect(rig.saidOf(parent, 'subscribe')).toHaveLength(1);
    expect(rig.relayMask).toBe(0b1111);
    expect(rig.played).toEqual(range(0, 2 * GROUP_PIECES));
  });

  it('goes to another neighbour by the plan in the same way', () => {
    const { rig, parent } = fedByParent();
    const other = rig.meet(OTHER, { parentMask: 0b0001 });
    rig.plan(planLink(PARENT), planLink(OTHER, { parentMask: 0b0001 }));
    expect(rig.saidOf(other, 'subscribe')).toHaveLength(1);
    rig.feed(8, (stripe) => (stripe === 0 ? parent : rig.relay));
    expect(rig.saidOf(parent, 'unsubscribe')).toEqual([]);
    rig.feed(8, (stripe) => (stripe === 0 ? other : rig.relay));
    expect(rig.saidOf(parent, 'unsubscribe')).toHaveLength(1);
    expect(rig.session.stats(rig.now).mesh?.sourceSwitches).toBe(0);
    expect(rig.played).toEqual(range(2 * GROUP_PIECES, 2 * GROUP_PIECES + 16));
  });

  it('goes back to the relay by the plan in the same way', () => {
    const { rig, parent } = fedByParent();
    rig.plan(planLink(PARENT), planLink(RELAY, { parentMask: 0b1111 }));
    expect(rig.saidOf(rig.relay, 'subscribe')).toMatchObject([
      { stripeMask: 0b1111, from: 2 * GROUP_PIECES },
    ]);
    rig.feed(4, (stripe) => (stripe === 0 ? parent : rig.relay));
    expect(rig.saidOf(parent, 'unsubscribe')).toEqual([]);
    rig.feed(4, () => rig.relay);
    expect(rig.saidOf(parent, 'unsubscribe')).toHaveLength(1);
  });
});

describe('a parent that falls silent', () => {
  it('is replaced by its stand-in within 250 ms, from the first missing piece on', () => {
    const { rig, standIn } = fedByGoneParent();
    const elapsedMs = feedUntilAsked(rig, standIn, (stripe) => (stripe === 0 ? 0 : rig.relay));
    expect(elapsedMs).toBeLessThanOrEqual(250);
    expect(rig.saidOf(standIn, 'subscribe')).toMatchObject([{ stripeMask: 0b0001, from: 2 * GROUP_PIECES }]);
    expect(rig.saidOf(rig.relay, 'report')).toEqual([{ kind: 'report', peer: PARENT, why: 'silent' }]);
    expect(rig.saidOf(rig.relay, 'moved')).toEqual([{ kind: 'moved', stripe: 0, parent: STAND_IN }]);
    expect(rig.session.stats(rig.now).mesh?.sourceSwitches).toBe(1);
  });

  it('is told to send no more', () => {
    const { rig, parent, standIn } = fedByGoneParent();
    feedUntilAsked(rig, standIn, (stripe) => (stripe === 0 ? 0 : rig.relay));
    expect(rig.saidOf(parent, 'unsubscribe')).toHaveLength(1);
  });

  it('is replaced by the relay when the stand-in is silent too', () => {
    const { rig, standIn } = fedByGoneParent();
    feedUntilAsked(rig, standIn, (stripe) => (stripe === 0 ? 0 : rig.relay));
    rig.clear();
    rig.vanish(standIn);
    for (let i = 0; i < 60 && rig.relayMask === 0; i++)
      rig.feed(1, (stripe) => (stripe === 0 ? 0 : rig.relay));
    expect(rig.relayMask).toBe(0b1111);
    expect(rig.saidOf(rig.relay, 'moved')).toEqual([{ kind: 'moved', stripe: 0, parent: RELAY }]);
    expect(rig.saidOf(rig.relay, 'report')).toEqual([{ kind: 'report', peer: STAND_IN, why: 'silent' }]);
  });

  it('is replaced by the relay when nobody may stand in', () => {
    const { rig, standIn } = fedByGoneParent();
    rig.plan(planLink(STAND_IN, { standbyMask: 0b0010 }));
    rig.clear();
    feedUntilAsked(rig, rig.relay, (stripe) => (stripe === 0 ? 0 : rig.relay));
    expect(rig.relayMask).toBe(0b1111);
    expect(rig.saidOf(standIn, 'subscribe')).toEqual([]);
  });

  it('is not replaced by one that takes the stripe from here', () => {
    const { rig, standIn } = fedByGoneParent();
    rig.received(standIn, { kind: 'subscribe', renditionId: 1, stripeMask: 0b0001 });
    feedUntilAsked(rig, rig.relay, (stripe) => (stripe === 0 ? 0 : rig.relay));
    expect(rig.relayMask).toBe(0b1111);
  });

  it('is not asked again for a while, though the plan names it', () => {
    const { rig, parent, standIn } = fedByGoneParent();
    feedUntilAsked(rig, standIn, (stripe) => (stripe === 0 ? 0 : rig.relay));
    rig.clear();
    const answered = (ms: number): void => {
      for (let at = 0; at < ms; at += 500) {
        rig.feed(20, (stripe) => (stripe === 0 ? standIn : rig.relay));
        rig.answerPings(parent, standIn);
      }
    };
    answered(Limits.NEIGHBOUR_FAILED_MS - 500);
    expect(rig.saidOf(parent, 'subscribe')).toEqual([]);
    answered(1_500);
    expect(rig.saidOf(parent, 'subscribe')).toHaveLength(1);
  });

  it('loses the player no piece when the stand-in has them', () => {
    const { rig, standIn } = fedByGoneParent();
    const first = rig.pieces.length;
    feedUntilAsked(rig, standIn, (stripe) => (stripe === 0 ? 0 : rig.relay));
    for (let sequence = first; sequence < rig.pieces.length; sequence += 4)
      rig.received(standIn, rig.pieces[sequence]?.slice() ?? new Uint8Array());
    rig.feed(20, (stripe) => (stripe === 0 ? standIn : rig.relay));
    expect(rig.played).toEqual(range(first, rig.pieces.length));
  });

  it('with all that comes from it is left within half a second, though nothing shows what it owes', () => {
    const rig = new MeshViewer().join();
    rig.feed(GROUP_PIECES, () => rig.relay);
    const parent = rig.meet(PARENT, { parentMask: 0b1111 });
    rig.feed(GROUP_PIECES, () => parent);
    rig.vanish(parent);
    rig.clear();
    const since = rig.nowMs;
    while (rig.relayMask === 0 && rig.nowMs < since + 5_000) rig.pass(5);
    expect(rig.relayMask).toBe(0b1111);
    expect(rig.nowMs - since).toBeLessThanOrEqual(500);
  });

  it('is not replaced by a stand-in that does not answer either', () => {
    const { rig, standIn } = fedByGoneParent();
    rig.vanish(standIn);
    feedUntilAsked(rig, rig.relay, (stripe) => (stripe === 0 ? 0 : rig.relay));
    expect(rig.relayMask).toBe(0b1111);
    expect(rig.saidOf(standIn, 'subscribe')).toEqual([]);
  });

  it('is replaced by the relay when there is no time for two tries', () => {
    const { rig, parent, standIn } = fedByParent();
    // Every piece comes when it is nearly due; then the link breaks.
    rig.input({ kind: 'playout', lagMs: 60 });
    rig.input({ kind: 'closed', link: parent, code: 1006, reason: '' });
    expect(rig.relayMask).toBe(0b1111);
    expect(rig.saidOf(standIn, 'subscribe')).toEqual([]);
  });

  it('is not left when the whole broadcast halts: the relay has nothing new either', () => {
    const { rig, parent } = fedByParent();
    rig.plan(planLink(PARENT, { parentMask: 0b1111 }));
    rig.feed(2 * GROUP_PIECES, () => parent);
    expect(rig.relayMask).toBe(0);
    rig.clear();
    for (let ms = 0; ms < 3_000; ms += 20) {
      rig.pass(20);
      rig.answerPings(parent);
      const [request] = rig.saidOf(rig.relay, 'request');
      if (!request) continue;
      expect(request.sequences[0]).toBe(rig.pieces.length);
      rig.clear();
      rig.received(rig.relay, { kind: 'missing', renditionId: 1, sequences: request.sequences });
    }
    expect(rig.saidOf(rig.relay, 'moved')).toEqual([]);
    expect(rig.session.stats(rig.now).mesh).toMatchObject({ stripesFromPeers: 4, sourceSwitches: 0 });
  });

  it('in a pause of the broadcast is not left', () => {
    const { rig, parent } = fedByGoneParent();
    rig.received(rig.relay, {
      kind: 'catalog',
      signed: rig.broadcast.catalog({ state: 'waiting', revision: 2 }),
    });
    rig.clear();
    rig.pass(Limits.NEIGHBOUR_PING_MS * 2);
    expect(rig.relayMask).toBe(0);
    expect(rig.closeCode(parent)).toBeUndefined();
  });

  it('and whose link closes is replaced at once', () => {
    const { rig, parent, standIn } = fedByParent();
    rig.input({ kind: 'closed', link: parent, code: 1006, reason: '' });
    expect(rig.saidOf(standIn, 'subscribe')).toMatchObject([{ stripeMask: 0b0001 }]);
    expect(rig.saidOf(rig.relay, 'moved')).toEqual([{ kind: 'moved', stripe: 0, parent: STAND_IN }]);
  });
});

describe('a parent that declines what it fed', () => {
  it('is replaced at once, and not held to account', () => {
    const { rig, parent, standIn } = fedByParent();
    rig.received(parent, { kind: 'declined', renditionId: 1, stripeMask: 0b0001 });
    expect(rig.saidOf(standIn, 'subscribe')).toMatchObject([{ stripeMask: 0b0001 }]);
    expect(rig.saidOf(rig.relay, 'report')).toEqual([]);
  });
});

describe('a piece that is lost', () => {
  it('is asked of a neighbour that has the stripe, then of the relay', () => {
    const { rig, parent, standIn } = fedByParent();
    const lost = rig.pieces.length;
    for (let i = 0; i < 12 && rig.saidOf(standIn, 'request').length === 0; i++)
      rig.feed(1, (stripe, sequence) => (sequence === lost ? 0 : stripe === 0 ? parent : rig.relay));
    expect(rig.saidOf(standIn, 'request')).toEqual([{ kind: 'request', renditionId: 1, sequences: [lost] }]);
    rig.clear();
    rig.received(standIn, { kind: 'missing', renditionId: 1, sequences: [lost] });
    expect(rig.saidOf(rig.relay, 'request')).toMatchObject([{ sequences: [lost] }]);
    rig.received(rig.relay, rig.pieces[lost]?.slice() ?? new Uint8Array());
    expect(rig.session.stats(rig.now).mesh).toMatchObject({ piecesRequested: 2, piecesRepaired: 1 });
    expect(rig.session.stats(rig.now).mesh?.sourceSwitches).toBe(0);
  });
});

describe('a forged piece', () => {
  const forged = (rig: MeshViewer): Uint8Array => {
    const bytes = rig.cut().slice();
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1;
    return bytes;
  };

  it('from a neighbour closes it, is reported, and neither played nor passed on', () => {
    const { rig, parent, standIn } = fedByParent();
    const child = rig.meet(OTHER, { childMask: 0b0001 });
    rig.received(child, { kind: 'subscribe', renditionId: 1, stripeMask: 0b0001 });
    rig.clear();
    rig.received(parent, forged(rig));
    expect(rig.closeCode(parent)).toBe(CloseCode.badSignature);
    expect(rig.saidOf(rig.relay, 'report')).toEqual([{ kind: 'report', peer: PARENT, why: 'forged' }]);
    expect(rig.saidOf(standIn, 'subscribe')).toMatchObject([{ stripeMask: 0b0001, from: 2 * GROUP_PIECES }]);
    expect(rig.played).toEqual([]);
    expect(rig.burst(child)).toEqual([]);
    expect(rig.session.stats(rig.now).refused['bad-signature']).toBe(1);
  });

  it('does nothing to the relay or to other neighbours', () => {
    const { rig, parent, standIn } = fedByParent();
    rig.received(parent, forged(rig));
    expect(rig.closeCode(rig.relay)).toBeUndefined();
    expect(rig.closeCode(standIn)).toBeUndefined();
    expect(rig.session.state).toBe('live');
  });

  it('of which the true one is here confirms nobody as a source, and is a forgery all the same', () => {
    const rig = new MeshViewer().join();
    rig.feed(GROUP_PIECES, () => rig.relay);
    const parent = rig.meet(PARENT, { parentMask: 0b0001 });
    rig.feed(1, () => rig.relay);
    rig.clear();
    const altered = rig.pieces[GROUP_PIECES]?.slice() ?? new Uint8Array();
    altered[altered.length - 1] = (altered.at(-1) ?? 0) ^ 1;
    rig.received(parent, altered);
    expect(rig.saidOf(rig.relay, 'report')).toEqual([{ kind: 'report', peer: PARENT, why: 'forged' }]);
    expect(rig.relayMask || 0b1111).toBe(0b1111);
    expect(rig.session.stats(rig.now).mesh).toMatchObject({ stripesFromPeers: 0 });
  });
});

describe('a viewer that has lost its relay and then its parents', () => {
  /** The next relay, as a viewer reaches it. */
  function nextRelay(rig: MeshViewer): void {
    rig.clear();
    for (let i = 0; i < 40 && rig.of('dial').length === 0; i++) rig.pass(500);
    rig.relay = rig.of('dial').at(-1)?.link ?? 0;
    rig.input({ kind: 'parent-opened', link: rig.relay });
    rig.received(rig.relay, rig.hello('relay'));
  }

  it('is fed by the next one, which need not plan', () => {
    for (const capabilities of [[1], [1, 2]]) {
      const { rig, parent, standIn } = fedByParent();
      for (const link of [rig.relay, parent, standIn])
        rig.input({ kind: 'closed', link, code: 1006, reason: '' });
      rig.capabilities = capabilities;
      nextRelay(rig);
      expect(rig.relayMask).toBe(0b1111);
      const from = rig.pieces.length;
      rig.feed(2 * GROUP_PIECES, () => rig.relay);
      expect(rig.played.filter((chunk) => chunk >= from + GROUP_PIECES)).toHaveLength(GROUP_PIECES);
    }
  });

  it('takes stripes back from parents that go while the relay does not plan', () => {
    const { rig, parent, standIn } = fedByParent();
    rig.input({ kind: 'closed', link: rig.relay, code: 1006, reason: '' });
    rig.capabilities = [1];
    nextRelay(rig);
    for (const link of [parent, standIn]) rig.input({ kind: 'closed', link, code: 1006, reason: '' });
    expect(rig.relayMask).toBe(0b1111);
  });
});

describe('a viewer whose relay is lost', () => {
  it('has the rest from stand-ins, and loses nothing of what neighbours feed', () => {
    const { rig, parent } = fedByParent();
    const other = rig.meet(OTHER, { standbyMask: 0b1110 });
    const first = rig.pieces.length;
    rig.input({ kind: 'closed', link: rig.relay, code: 1006, reason: '' });
    expect(rig.saidOf(other, 'subscribe')).toMatchObject([{ stripeMask: 0b1110, from: first + 1 }]);
    rig.feed(20, (stripe) => (stripe === 0 ? parent : other));
    expect(rig.saidOf(parent, 'unsubscribe')).toEqual([]);
    expect(rig.played).toEqual(range(first, rig.pieces.length));
    expect(rig.session.stats(rig.now).mesh?.stripesFromPeers).toBe(4);
  });

  it('asks the next relay only for what it lacks, from where it lacks it, and tells what it keeps', () => {
    const { rig, parent } = fedByParent();
    rig.input({ kind: 'closed', link: rig.relay, code: 1006, reason: '' });
    rig.feed(20, (stripe) => (stripe === 0 ? parent : 0));
    rig.relay = rig.connect();
    expect(rig.saidOf(rig.relay, 'subscribe')).toMatchObject([
      { stripeMask: 0b1110, from: 2 * GROUP_PIECES + 1 },
    ]);
    expect(rig.saidOf(rig.relay, 'share')).toMatchObject([{ kept: [{ stripe: 0, parent: PARENT }] }]);
  });

  it('asks the next relay for nothing when it lacks nothing', () => {
    const { rig, parent } = fedByParent();
    const other = rig.meet(OTHER, { standbyMask: 0b1110 });
    rig.input({ kind: 'closed', link: rig.relay, code: 1006, reason: '' });
    rig.feed(20, (stripe) => (stripe === 0 ? parent : other));
    rig.relay = rig.connect();
    expect(rig.saidOf(rig.relay, 'subscribe')).toEqual([]);
    rig.clear();
    rig.received(rig.relay, { kind: 'catalog', signed: rig.broadcast.catalog() });
    rig.feed(20, (stripe) => (stripe === 0 ? parent : other));
    expect(rig.saidOf(rig.relay, 'subscribe')).toEqual([]);
    expect(rig.relayMask).toBe(0);
  });

  it('keeps those that feed it until the next relay has planned, and leaves the others', () => {
    const { rig, parent, standIn } = fedByParent();
    rig.input({ kind: 'closed', link: rig.relay, code: 1006, reason: '' });
    for (let ms = 0; ms < Limits.NEIGHBOUR_DROP_MS + 1_000; ms += 500) {
      rig.feed(20, (stripe) => (stripe === 0 ? parent : 0));
      rig.answerPings(parent, standIn);
    }
    expect(rig.closeCode(parent)).toBeUndefined();
    expect(rig.closeCode(standIn)).toBe(CloseCode.goingAway);
  });
});

describe('a link that the plan drops', () => {
  /** Stripe 0 is to come from another neighbour, which is not there yet. */
  function dropped(): { rig: MeshViewer; parent: number } {
    const { rig, parent } = fedByParent();
    rig.plan(planLink(PARENT), planLink(OTHER, { parentMask: 0b0001 }), planLink(STAND_IN));
    return { rig, parent };
  }

  it('in use goes on until it is replaced', () => {
    const { rig, parent } = dropped();
    expect(rig.closeCode(parent)).toBeUndefined();
    const other = rig.linkOf(OTHER);
    rig.input({ kind: 'peer-opened', link: other });
    rig.received(other, rig.hello('viewer'));
    rig.feed(8, (stripe) => (stripe === 0 ? parent : rig.relay));
    expect(rig.closeCode(parent)).toBeUndefined();
    rig.feed(20, (stripe) => (stripe === 0 ? other : rig.relay));
    expect(rig.closeCode(parent)).toBe(CloseCode.goingAway);
    expect(rig.session.stats(rig.now).mesh?.sourceSwitches).toBe(0);
  });

  it('in use goes on for four seconds at most, and then the relay takes over', () => {
    const { rig, parent } = dropped();
    const since = rig.nowMs;
    while (rig.closeCode(parent) === undefined && rig.nowMs < since + 10_000) {
      rig.feed(1, (stripe) => (stripe === 0 ? parent : rig.relay));
      rig.answerPings(parent);
    }
    expect(rig.closeCode(parent)).toBe(CloseCode.goingAway);
    expect(rig.nowMs - since).toBeGreaterThanOrEqual(Limits.NEIGHBOUR_DROP_MS);
    expect(rig.nowMs - since).toBeLessThanOrEqual(Limits.NEIGHBOUR_DROP_MS + Limits.MESH_TICK_MS);
    expect(rig.relayMask).toBe(0b1111);
  });
});

describe('a new epoch', () => {
  it('goes on over the same links, counted from 0 again, and is passed on from its first piece', () => {
    const rig = new MeshViewer().join();
    const parent = rig.meet(PARENT, { parentMask: 0b0001 });
    const child = rig.meet(OTHER, { childMask: 0b0001 });
    rig.received(child, { kind: 'subscribe', renditionId: 1, stripeMask: 0b0001 });
    rig.feed(20, (stripe) => (stripe === 0 ? parent : rig.relay));
    expect(rig.sequencesTo(child)).toContain(4);
    const next = new Broadcast({ epoch: BROADCAST_START_MS + 60_000 });
    rig.received(rig.relay, { kind: 'catalog', signed: next.catalog() });
    rig.clear();
    const messages = next.groups(1, 8, { fromMs: rig.nowMs - RIG_START_MS });
    for (const [sequence, message] of messages.entries()) {
      rig.pass(100);
      rig.answerPings(parent);
      rig.received(sequence % 4 === 0 ? parent : rig.relay, message.slice());
    }
    expect(rig.played).toEqual(range(0, 8));
    expect(rig.closeCode(parent)).toBeUndefined();
    expect(rig.session.stats(rig.now).mesh).toMatchObject({ stripesFromPeers: 1, sourceSwitches: 0 });
    expect(rig.burst(child)).toEqual([messages[0], messages[4]]);
  });
});

describe('another number of stripes', () => {
  it('begins with the relay again, and leaves the neighbours that are not planned anew', () => {
    const { rig, parent, standIn } = fedByParent();
    const signed = rig.broadcast.catalog({ revision: 2, stripeCount: 2 });
    rig.received(rig.relay, { kind: 'catalog', signed });
    expect(rig.session.stats(rig.now).mesh).toMatchObject({ stripesFromPeers: 0, stripeCount: 2 });
    expect(rig.saidOf(parent, 'unsubscribe')).toHaveLength(1);
    rig.plan(planLink(STAND_IN, { standbyMask: 0b01 }));
    for (let ms = 0; ms < Limits.NEIGHBOUR_DROP_MS + 500; ms += 250) {
      rig.feed(10, () => rig.relay);
      rig.answerPings(parent, standIn);
    }
    expect(rig.closeCode(parent)).toBe(CloseCode.goingAway);
    expect(rig.closeCode(standIn)).toBeUndefined();
  });
});

describe('another rendition', () => {
  it('that is the same by another name changes nothing but the name', () => {
    const { rig, parent } = fedByParent();
    rig.input({ kind: 'select-rendition', renditionId: 1 });
    expect(rig.saidOf(rig.relay, 'subscribe')).toMatchObject([{ renditionId: 1, stripeMask: 0b1110 }]);
    expect(rig.saidOf(rig.relay, 'unsubscribe')).toMatchObject([{ renditionId: 0 }]);
    expect(rig.saidOf(rig.relay, 'share')).toMatchObject([{ renditionId: 1 }]);
    expect(rig.saidOf(parent, 'unsubscribe')).toEqual([]);
    rig.feed(8, (stripe) => (stripe === 0 ? parent : rig.relay));
    expect(rig.played).toEqual(range(2 * GROUP_PIECES, 2 * GROUP_PIECES + 8));
  });

  it('is taken whole from the relay, and told; neighbours of the old one are told to stop', () => {
    const { rig, parent } = fedByParent();
    const renditions = [createRendition(1), createRendition(2)];
    rig.received(rig.relay, { kind: 'catalog', signed: rig.broadcast.catalog({ revision: 2, renditions }) });
    rig.clear();
    rig.input({ kind: 'select-rendition', renditionId: 2 });
    expect(rig.saidOf(rig.relay, 'subscribe')).toMatchObject([{ renditionId: 2, stripeMask: 0 }]);
    expect(rig.saidOf(rig.relay, 'share')).toMatchObject([{ renditionId: 2, kept: [] }]);
    expect(rig.saidOf(parent, 'unsubscribe')).toHaveLength(1);
    expect(rig.session.stats(rig.now).mesh).toMatchObject({ stripesFromPeers: 0, stripeCount: 4 });
  });
});
