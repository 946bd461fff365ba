import { CloseCode, Limits } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { GROUP_PIECES, MeshViewer, planLink, STEP_MS } from './mesh-rig.js';

const CHILD = 7;
const OTHER = 8;

/** A viewer in the middle of the stream, all of which comes from the relay. */
function playing(uplinkBps = 10_000_000): MeshViewer {
  const rig = new MeshViewer({ mesh: { linksMax: 8, uplinkBps } }).join();
  rig.feed(GROUP_PIECES, () => rig.relay);
  return rig;
}

const subscribe = (stripeMask: number, from?: number) =>
  ({ kind: 'subscribe', renditionId: 1, stripeMask, from }) as const;
const request = (...sequences: number[]) => ({ kind: 'request', renditionId: 1, sequences }) as const;

describe('a viewer that feeds a neighbour', () => {
  it('passes on each verified piece of the stripes that it takes, and no others', () => {
    const rig = playing();
    const child = rig.meet(CHILD, { childMask: 0b0110 });
    rig.received(child, subscribe(0b0110));
    rig.feed(8, () => rig.relay);
    expect(rig.sequencesTo(child)).toEqual([41, 42, 45, 46]);
    expect(rig.saidOf(child, 'declined')).toEqual([]);
    expect(rig.session.stats(rig.now).mesh?.helpedCount).toBe(1);
  });

  it('sends nothing before the piece is verified', () => {
    const rig = playing();
    const child = rig.meet(CHILD, { childMask: 0b1111 });
    rig.received(child, subscribe(0b1111));
    rig.isVerifying = false;
    rig.feed(1, () => rig.relay);
    expect(rig.burst(child)).toEqual([]);
    const [verify] = rig.of('verify').slice(-1);
    rig.input({ kind: 'verified', id: verify?.id ?? 0, ok: true });
    expect(rig.sequencesTo(child)).toEqual([40]);
  });

  it('begins where it is asked to, as far as it is of use', () => {
    const rig = playing();
    const child = rig.meet(CHILD, { childMask: 0b0001 });
    rig.received(child, subscribe(0b0001, 0));
    // What was captured longer ago than the playout lag, of 24 pieces, comes too late for anybody.
    const sequences = rig.sequencesTo(child);
    expect(sequences).toEqual(expect.arrayContaining([20, 24, 28, 32, 36]));
    expect(Math.min(...sequences)).toBeGreaterThanOrEqual(GROUP_PIECES - Limits.PLAYOUT_LAG_MS / STEP_MS);
    expect(sequences.every((sequence) => sequence % 4 === 0)).toBe(true);
  });

  it('does not pass a piece back to the one that it came from', () => {
    const rig = playing();
    const child = rig.meet(CHILD, { childMask: 0b1111 });
    rig.received(child, subscribe(0b1111));
    rig.feed(1, () => child);
    rig.feed(1, () => rig.relay);
    expect(rig.sequencesTo(child)).toEqual([41]);
    rig.received(child, { kind: 'unsubscribe', renditionId: 1 });
    rig.received(child, subscribe(0b1111, 40));
    expect(rig.sequencesTo(child)).toEqual([41]);
  });

  it('does not pass a piece to one that has sent it as well, later', () => {
    const rig = playing();
    const child = rig.meet(CHILD, { childMask: 0b0001 });
    rig.feed(1, () => [rig.relay, child]);
    rig.received(child, subscribe(0b0001, 40));
    expect(rig.sequencesTo(child)).toEqual([]);
  });

  it('passes no piece over a link twice, from however many it has it and however often it is asked', () => {
    const rig = playing();
    const child = rig.meet(CHILD, { childMask: 0b1111 });
    const other = rig.meet(OTHER, { parentMask: 0b0001 });
    rig.received(child, subscribe(0b1111, 30));
    rig.feed(8, () => [other, rig.relay, rig.relay]);
    for (const mask of [0b0001, 0b1111, 0b1110, 0b1111]) rig.received(child, subscribe(mask, 0));
    rig.received(child, { kind: 'unsubscribe', renditionId: 1 });
    rig.received(child, subscribe(0b1111, 0));
    const sequences = rig.sequencesTo(child);
    expect(new Set(sequences).size).toBe(sequences.length);
    expect(sequences).toEqual(expect.arrayContaining([30, 39, 40, 47]));
  });

  it('sends a piece again that is requested', () => {
    const rig = playing();
    const child = rig.meet(CHILD, { childMask: 0b0001 });
    rig.received(child, subscribe(0b0001));
    rig.feed(1, () => rig.relay);
    rig.received(child, request(40));
    expect(rig.sequencesTo(child)).toEqual([40, 40]);
  });

  it('serves requests of neighbours that take nothing, and says what it does not have', () => {
    const rig = playing();
    const link = rig.meet(CHILD, { standbyMask: 0b0001 });
    rig.received(link, request(39, 500, 38));
    expect(rig.sequencesTo(link).sort()).toEqual([38, 39]);
    expect(rig.saidOf(link, 'missing')).toEqual([{ kind: 'missing', renditionId: 1, sequences: [500] }]);
  });

  it('stops when it is told to, and when the link is gone', () => {
    const rig = playing();
    const child = rig.meet(CHILD, { childMask: 0b1111 });
    const other = rig.meet(OTHER, { childMask: 0b1111 });
    rig.received(child, subscribe(0b1111));
    rig.received(other, subscribe(0b1111));
    rig.received(child, { kind: 'unsubscribe', renditionId: 1 });
    rig.input({ kind: 'closed', link: other, code: 1006, reason: '' });
    rig.feed(4, () => rig.relay);
    expect(rig.burst(child)).toEqual([]);
    expect(rig.burst(other)).toEqual([]);
    expect(rig.session.stats(rig.now).mesh?.helpedCount).toBe(0);
  });

  it('reports one that cannot take what is pushed to it, and plays on', () => {
    const rig = playing();
    const child = rig.meet(CHILD, { childMask: 0b1111 });
    rig.received(child, subscribe(0b1111));
    for (let i = 0; i < 4; i++) {
      // Its queue is never said to shrink.
      rig.feed(GROUP_PIECES, () => rig.relay);
      rig.answerPings(child);
    }
    expect(rig.saidOf(rig.relay, 'report')[0]).toEqual({ kind: 'report', peer: CHILD, why: 'overloaded' });
    expect(rig.played).toHaveLength(5 * GROUP_PIECES);
    expect(rig.session.stats(rig.now).mesh?.piecesDropped).toBeGreaterThan(0);
  });

  it('goes on as long as the link takes it', () => {
    const rig = playing();
    const child = rig.meet(CHILD, { childMask: 0b1111 });
    rig.received(child, subscribe(0b1111));
    for (let i = 0; i < 5 * GROUP_PIECES; i++) {
      rig.feed(1, () => rig.relay);
      rig.input({ kind: 'writable', link: child, bufferedBytes: 0 });
      rig.answerPings(child);
    }
    expect(rig.sequencesTo(child)).toHaveLength(5 * GROUP_PIECES);
    expect(rig.saidOf(rig.relay, 'report')).toEqual([]);
  });
});

describe('a neighbour that asks for stripes', () => {
  it('beyond the plan gets them while there is room, and is declined the rest', () => {
    // A stripe has 1 Mbit/s.
    const rig = playing(2_500_000);
    const link = rig.meet(CHILD, { childMask: 0b0001 });
    rig.received(link, subscribe(0b1111));
    expect(rig.saidOf(link, 'declined')).toEqual([{ kind: 'declined', renditionId: 1, stripeMask: 0b1100 }]);
    rig.feed(4, () => rig.relay);
    expect(rig.sequencesTo(link)).toEqual([40, 41]);
  });

  it('beyond the plan is declined when others have the room', () => {
    const rig = playing(1_500_000);
    const planned = rig.meet(CHILD, { childMask: 0b0001 });
    const beyond = rig.meet(OTHER, { parentMask: 0b1000 });
    rig.received(planned, subscribe(0b0001));
    rig.received(beyond, subscribe(0b0010));
    expect(rig.saidOf(planned, 'declined')).toEqual([]);
    expect(rig.saidOf(beyond, 'declined')).toEqual([
      { kind: 'declined', renditionId: 1, stripeMask: 0b0010 },
    ]);
  });

  it('is declined those that it feeds itself', () => {
    const rig = playing();
    const link = rig.meet(CHILD, { parentMask: 0b0001, childMask: 0b0011 });
    rig.feed(4, () => link);
    rig.received(link, subscribe(0b0011));
    expect(rig.saidOf(link, 'declined')).toEqual([{ kind: 'declined', renditionId: 1, stripeMask: 0b0001 }]);
  });

  it('of a rendition that is not played here is declined all', () => {
    const rig = playing();
    const link = rig.meet(CHILD, { childMask: 0b0011 });
    rig.received(link, { kind: 'subscribe', renditionId: 2, stripeMask: 0b0011 });
    expect(rig.saidOf(link, 'declined')).toEqual([{ kind: 'declined', renditionId: 2, stripeMask: 0b0011 }]);
  });
});

describe('a viewer that uploads nothing', () => {
  it('says so, and serves nobody, planned or not', () => {
    const rig = playing(0);
    expect(rig.saidOf(rig.relay, 'share')).toMatchObject([{ uplinkBps: 0 }]);
    const link = rig.meet(CHILD, { childMask: 0b0011 });
    rig.received(link, subscribe(0b0111, 0));
    rig.received(link, request(39));
    rig.feed(8, () => rig.relay);
    expect(rig.burst(link)).toEqual([]);
    expect(rig.saidOf(link, 'declined')).toEqual([{ kind: 'declined', renditionId: 1, stripeMask: 0b0111 }]);
    expect(rig.saidOf(link, 'missing')).toEqual([{ kind: 'missing', renditionId: 1, sequences: [39] }]);
    expect(rig.session.stats(rig.now).mesh).toMatchObject({ bytesToPeers: 0, helpedCount: 0 });
  });

  it('takes from neighbours as others do', () => {
    const rig = playing(0);
    const parent = rig.meet(OTHER, { parentMask: 0b0001 });
    rig.feed(8, (stripe) => (stripe === 0 ? parent : rig.relay));
    expect(rig.session.stats(rig.now).mesh?.stripesFromPeers).toBe(1);
  });

  it('from some moment on tells the relay, and takes no new children and no requests', () => {
    const rig = playing();
    const before = rig.meet(CHILD, { childMask: 0b0001 });
    const after = rig.meet(OTHER, { childMask: 0b0010 });
    rig.received(before, subscribe(0b0001));
    rig.clear();
    rig.input({ kind: 'offer-uplink', uplinkBps: 0 });
    expect(rig.saidOf(rig.relay, 'share')).toMatchObject([{ uplinkBps: 0 }]);
    rig.received(after, subscribe(0b0010));
    rig.received(after, request(39));
    rig.received(before, subscribe(0b0011));
    expect(rig.saidOf(after, 'declined')).toMatchObject([{ stripeMask: 0b0010 }]);
    expect(rig.saidOf(after, 'missing')).toHaveLength(1);
    expect(rig.saidOf(before, 'declined')).toMatchObject([{ stripeMask: 0b0010 }]);
    rig.feed(4, () => rig.relay);
    expect(rig.burst(after)).toEqual([]);
    // Those it feeds are not left without: the relay finds others for them, and drops the link.
    expect(rig.sequencesTo(before)).toEqual([40]);
    rig.plan(planLink(CHILD));
    rig.feed(Math.ceil((Limits.NEIGHBOUR_DROP_MS + Limits.MESH_TICK_MS) / STEP_MS), () => rig.relay);
    expect(rig.closeCode(before)).toBe(CloseCode.goingAway);
  });

  it('may change its mind', () => {
    const rig = playing(0);
    const link = rig.meet(CHILD, { childMask: 0b0001 });
    rig.input({ kind: 'offer-uplink', uplinkBps: 5_000_000 });
    rig.received(link, subscribe(0b0001));
    rig.feed(4, () => rig.relay);
    expect(rig.sequencesTo(link)).toEqual([40]);
    expect(rig.saidOf(rig.relay, 'share').at(-1)?.uplinkBps).toBe(5_000_000);
  });
});

describe('a neighbour that floods', () => {
  it('with requests is closed, counted and reported', () => {
    const rig = playing();
    const link = rig.meet(CHILD, { childMask: 0b0001 });
    const sequences = Array.from({ length: GROUP_PIECES }, (_, sequence) => sequence);
    for (let i = 0; i < 80 && rig.closeCode(link) === undefined; i++)
      rig.received(link, request(...sequences));
    expect(rig.closeCode(link)).toBe(CloseCode.tooManyMessages);
    expect(rig.session.stats(rig.now).refused.flood).toBe(1);
    expect(rig.saidOf(rig.relay, 'report')).toEqual([{ kind: 'report', peer: CHILD, why: 'overloaded' }]);
  });

  it('with messages of any kind is closed', () => {
    for (const message of [
      request(9_999),
      subscribe(1, 0),
      { kind: 'ping', sentMs: 1 },
      { kind: 'missing', renditionId: 1, sequences: [1] },
    ] as const) {
      const rig = playing();
      const link = rig.meet(CHILD, { childMask: 0b0001 });
      for (let i = 0; i < 2_000 && rig.closeCode(link) === undefined; i++) rig.received(link, message);
      expect(rig.closeCode(link), message.kind).toBe(CloseCode.tooManyMessages);
    }
  });
});
