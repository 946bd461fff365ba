import { Capability, CloseCode, type ControlMessage, FrameKind, type Hello, Limits } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { Broadcast } from '../../../../sim/broadcast.js';
import { GROUP_PIECES, MeshRig, MeshViewer, planLink, RELAYS } from './mesh-rig.js';

const PEER = 7;

describe('a viewer in a mesh', () => {
  it('tells a relay that plans what it takes, and what it offers', () => {
    const rig = new MeshViewer().join();
    expect(rig.saidOf(rig.relay, 'share')).toMatchObject([
      { renditionId: 0, uplinkBps: 10_000_000, linksMax: 8, kept: [] },
    ]);
  });

  it('keeps its number and its secret at another relay', () => {
    const rig = new MeshViewer().join();
    const [first] = rig.saidOf(rig.relay, 'share');
    rig.input({ kind: 'closed', link: rig.relay, code: 1006, reason: '' });
    rig.pass(1_000);
    rig.relay = rig.connect();
    const [second] = rig.saidOf(rig.relay, 'share');
    expect(second).toMatchObject({ peer: first?.peer, secret: first?.secret });
  });

  it('says nothing of the mesh to a relay that plans none, and plays on', () => {
    const rig = new MeshViewer();
    rig.capabilities = [Capability.stripes];
    rig.join();
    rig.feed(10, () => rig.relay);
    rig.input({ kind: 'offer-uplink', uplinkBps: 1_000_000 });
    rig.feed(GROUP_PIECES, () => rig.relay);
    expect(new Set(rig.said(rig.relay).map(({ kind }) => kind))).toEqual(
      new Set(['hello', 'subscribe', 'ping']),
    );
    expect(rig.played).toHaveLength(10 + GROUP_PIECES);
  });

  it('that takes no part closes a relay that plans for it all the same', () => {
    const rig = new MeshRig(new Broadcast(), { role: 'viewer', parents: RELAYS });
    const relay = rig.connect();
    const links = [planLink(PEER, { parentMask: 1 })];
    rig.received(relay, { kind: 'plan', links, stunPort: 0, uplinkBps: 0 });
    expect(rig.closeCode(relay)).toBe(CloseCode.protocolViolation);
    expect(rig.of('connect')).toEqual([]);
  });

  it('answers a probe with the padding that was asked for, in small messages', () => {
    const rig = new MeshViewer().join();
    rig.received(rig.relay, { kind: 'probe', bytes: 20_000, padding: new Uint8Array() });
    const sizes = rig.saidOf(rig.relay, 'probe').map(({ padding }) => padding.length);
    expect(sizes).toEqual([Limits.PROBE_STEP_BYTES, Limits.PROBE_STEP_BYTES, 3_616]);
  });

  for (const message of [
    { kind: 'share', peer: 1, secret: 1, renditionId: 0, uplinkBps: 0, linksMax: 0, rttMs: 0, kept: [] },
    { kind: 'report', peer: PEER, why: 'late' },
    { kind: 'moved', stripe: 0, parent: PEER },
    { kind: 'request', renditionId: 0, sequences: [1] },
    { kind: 'declined', renditionId: 0, stripeMask: 1 },
    { kind: 'subscribe', renditionId: 0, stripeMask: 1 },
  ] as const satisfies readonly ControlMessage[])
    it(`does not take ${message.kind} from a relay`, () => {
      const rig = new MeshViewer().join();
      rig.received(rig.relay, message);
      expect(rig.closeCode(rig.relay)).toBe(CloseCode.protocolViolation);
    });
});

describe('a planned neighbour', () => {
  it('is connected to, by the side that the plan names, with the help of the relay in use', () => {
    const rig = new MeshViewer().join();
    rig.plan(
      planLink(PEER, { parentMask: 1, isOfferer: true }),
      planLink(8, { childMask: 1, isOfferer: false }),
      planLink(9, { standbyMask: 1, isOfferer: false }),
    );
    const connects = rig.of('connect').map(({ peer, isOfferer, relayUrl, stunPort }) => ({
      peer,
      isOfferer,
      relayUrl,
      stunPort,
    }));
    const relayUrl = RELAYS[0];
    expect(connects).toEqual([
      { peer: PEER, isOfferer: true, relayUrl, stunPort: 3478 },
      { peer: 8, isOfferer: false, relayUrl, stunPort: 3478 },
      { peer: 9, isOfferer: false, relayUrl, stunPort: 3478 },
    ]);
  });

  it('is connected to once, however often the plan names it', () => {
    const rig = new MeshViewer().join();
    for (let mask = 1; mask < 5; mask++) rig.plan(planLink(PEER, { parentMask: mask }));
    expect(rig.of('connect')).toHaveLength(1);
  });

  it('beyond the limit is ignored', () => {
    const rig = new MeshViewer().join();
    const peers = Array.from({ length: Limits.NEIGHBOURS_MAX + 20 }, (_, index) => 1_000 + index);
    rig.plan(...peers.map((peer) => planLink(peer, { parentMask: 1 })));
    expect(rig.of('connect')).toHaveLength(Limits.NEIGHBOURS_MAX);
  });

  it('has its signals carried by way of the relay, both ways', () => {
    const rig = new MeshViewer().join();
    rig.plan(planLink(PEER, { parentMask: 1 }));
    const link = rig.linkOf(PEER);
    rig.input({ kind: 'signal', link, bytes: Uint8Array.of(1, 2) });
    expect(rig.saidOf(rig.relay, 'signal')).toEqual([
      { kind: 'signal', peer: PEER, body: Uint8Array.of(1, 2) },
    ]);
    rig.received(rig.relay, { kind: 'signal', peer: PEER, body: Uint8Array.of(3) });
    rig.received(rig.relay, { kind: 'signal', peer: 99, body: Uint8Array.of(4) });
    expect(rig.of('signal')).toEqual([{ kind: 'signal', link, bytes: Uint8Array.of(3) }]);
  });

  it('is greeted, and asked for nothing before it has greeted', () => {
    const rig = new MeshViewer().join();
    rig.feed(GROUP_PIECES, () => rig.relay);
    rig.plan(planLink(PEER, { parentMask: 0b0010 }));
    const link = rig.linkOf(PEER);
    expect(rig.said(link)).toEqual([]);
    rig.input({ kind: 'peer-opened', link });
    expect(rig.said(link).map(({ kind }) => kind)).toEqual(['hello', 'ping']);
    expect(rig.saidOf(link, 'hello')[0]).toMatchObject({ role: 'viewer' });
    rig.received(link, rig.hello('viewer'));
    // The next piece of stripe 1 after 40 pieces.
    expect(rig.saidOf(link, 'subscribe')).toEqual([
      { kind: 'subscribe', renditionId: 1, stripeMask: 0b0010, from: 41, behindMs: undefined },
    ]);
  });

  it('whose first message overtakes the news of its connection is greeted all the same', () => {
    const rig = new MeshViewer().join();
    rig.plan(planLink(PEER, { parentMask: 1 }));
    const link = rig.linkOf(PEER);
    rig.received(link, rig.hello('viewer'));
    rig.input({ kind: 'peer-opened', link });
    expect(rig.said(link).map(({ kind }) => kind)).toEqual(['hello', 'ping', 'subscribe']);
  });

  const greetings: readonly (readonly [string, Partial<Hello>, number])[] = [
    ['of no common version', { versionMin: 9, versionMax: 9 }, CloseCode.versionUnsupported],
    ['of another channel', { channelKey: new Uint8Array(32) }, CloseCode.protocolViolation],
    ['that says it is a relay', { role: 'relay' }, CloseCode.protocolViolation],
  ];
  for (const [name, changes, code] of greetings)
    it(`${name} is closed, reported and asked for nothing`, () => {
      const rig = new MeshViewer().join();
      rig.plan(planLink(PEER, { parentMask: 1 }));
      const link = rig.linkOf(PEER);
      rig.input({ kind: 'peer-opened', link });
      rig.received(link, { ...rig.hello('viewer'), ...changes });
      expect(rig.closeCode(link)).toBe(code);
      expect(rig.saidOf(link, 'subscribe')).toEqual([]);
      expect(rig.saidOf(rig.relay, 'report').map(({ peer }) => peer)).toEqual([PEER]);
    });

  const early: readonly ControlMessage[] = [
    { kind: 'ping', sentMs: 1 },
    { kind: 'subscribe', renditionId: 1, stripeMask: 1 },
    { kind: 'request', renditionId: 1, sequences: [1] },
  ];
  for (const message of early)
    it(`that sends ${message.kind} before its hello is closed and not answered`, () => {
      const rig = new MeshViewer().join();
      rig.feed(4, () => rig.relay);
      rig.plan(planLink(PEER, { childMask: 1 }));
      const link = rig.linkOf(PEER);
      rig.input({ kind: 'peer-opened', link });
      rig.clear();
      rig.received(link, message);
      expect(rig.closeCode(link)).toBe(CloseCode.protocolViolation);
      expect(rig.of('transmit').filter((output) => output.link === link)).toEqual([]);
    });

  it('that sends a piece before its hello is closed, and the piece not taken', () => {
    const rig = new MeshViewer().join();
    rig.plan(planLink(PEER, { parentMask: 1 }));
    const link = rig.linkOf(PEER);
    rig.input({ kind: 'peer-opened', link });
    rig.received(link, rig.cut());
    expect(rig.closeCode(link)).toBe(CloseCode.protocolViolation);
    expect(rig.played).toEqual([]);
  });

  it('that says hello twice, or nonsense, is closed', () => {
    for (const message of [
      undefined,
      Uint8Array.of(FrameKind.control, 255, 255),
      Uint8Array.of(77),
      new Uint8Array(),
    ]) {
      const rig = new MeshViewer().join();
      const link = rig.meet(PEER, { parentMask: 1 });
      expect(rig.closeCode(link)).toBeUndefined();
      rig.received(link, message ?? rig.hello('viewer'));
      expect(rig.closeCode(link)).toBe(CloseCode.protocolViolation);
    }
  });

  it('whose connection opens and then says nothing is closed and reported as unreachable', () => {
    const rig = new MeshViewer().join();
    rig.plan(planLink(PEER, { parentMask: 1 }));
    const link = rig.linkOf(PEER);
    rig.pass(1_000);
    rig.input({ kind: 'peer-opened', link });
    rig.pass(Limits.NEIGHBOUR_CONNECT_MS_MAX - 1);
    expect(rig.closeCode(link)).toBeUndefined();
    rig.pass(Limits.MESH_TICK_MS + 1);
    expect(rig.closeCode(link)).toBe(CloseCode.timeout);
    expect(rig.saidOf(rig.relay, 'report')).toEqual([{ kind: 'report', peer: PEER, why: 'unreachable' }]);
  });

  it('whose connection never opens, or fails, is reported as unreachable', () => {
    const rig = new MeshViewer().join();
    rig.plan(planLink(PEER, { parentMask: 1 }), planLink(8, { parentMask: 2 }));
    rig.input({ kind: 'closed', link: rig.linkOf(8), code: 1006, reason: '' });
    rig.pass(Limits.NEIGHBOUR_CONNECT_MS_MAX + Limits.MESH_TICK_MS);
    expect(rig.closeCode(rig.linkOf(PEER))).toBe(CloseCode.timeout);
    expect(rig.saidOf(rig.relay, 'report')).toEqual([
      { kind: 'report', peer: 8, why: 'unreachable' },
      { kind: 'report', peer: PEER, why: 'unreachable' },
    ]);
  });

  it('that has gone silent is left after five seconds, and reported', () => {
    const rig = new MeshViewer().join();
    const silent = rig.meet(PEER, { childMask: 1 });
    const talking = rig.meet(8, { childMask: 2 });
    for (let ms = 0; ms < Limits.NEIGHBOUR_SILENCE_MS_MAX - 250; ms += 250) {
      rig.pass(250);
      rig.answerPings(talking);
    }
    expect(rig.closeCode(silent)).toBeUndefined();
    rig.pass(500);
    expect(rig.closeCode(silent)).toBe(CloseCode.timeout);
    expect(rig.closeCode(talking)).toBeUndefined();
    expect(rig.saidOf(rig.relay, 'report')).toEqual([{ kind: 'report', peer: PEER, why: 'silent' }]);
  });

  it('has its pings answered', () => {
    const rig = new MeshViewer().join();
    const link = rig.meet(PEER, { childMask: 1 });
    rig.received(link, { kind: 'ping', sentMs: 55 });
    expect(rig.saidOf(link, 'pong')).toEqual([{ kind: 'pong', sentMs: 55, broadcastMs: undefined }]);
  });

  it('that the plan drops unused is closed at once, and may come again', () => {
    const rig = new MeshViewer().join();
    const link = rig.meet(PEER, { standbyMask: 1 });
    rig.plan(planLink(PEER));
    expect(rig.closeCode(link)).toBe(CloseCode.goingAway);
    rig.plan(planLink(PEER, { standbyMask: 1 }));
    expect(rig.of('connect')).toHaveLength(2);
    expect(rig.linkOf(PEER)).not.toBe(link);
  });

  it('is told goodbye when the session ends', () => {
    const rig = new MeshViewer().join();
    const link = rig.meet(PEER, { parentMask: 1 });
    rig.session.close();
    rig.drain();
    expect(rig.closeCode(link)).toBe(CloseCode.goingAway);
    expect(rig.closeCode(rig.relay)).toBe(CloseCode.goingAway);
  });
});
