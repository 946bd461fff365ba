import {
  CloseCode,
  type ControlMessage,
  createCell,
  encodeControl,
  Limits,
  RELAY,
  type ReportKind,
} from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { BROADCAST_START_MS, Broadcast, createRendition } from '../../../../sim/broadcast.js';
import { RIG_START_MS } from '../rig.js';
import { MeshRig, STEP_MS } from './mesh-rig.js';

const STUN_PORT = 3478;
const FAST_BPS = 20_000_000;
const A = { link: 11, peer: 101 };
const B = { link: 12, peer: 102 };
const C = { link: 13, peer: 103 };

type Guest = { readonly link: number; readonly peer: number };
type Share = Extract<ControlMessage, { kind: 'share' }>;

/** A relay that plans its cell, here the broadcaster's own; its viewers are played by hand. */
class Cell extends MeshRig {
  constructor(directMax = 0) {
    super(new Broadcast(), {
      role: 'publisher',
      wallAtZeroMs: BROADCAST_START_MS - RIG_START_MS,
      cell: { create: createCell, headsMax: 1, directMax, stunPort: STUN_PORT },
    });
    const renditions = [createRendition(1), createRendition(2)];
    this.input({ kind: 'publish-catalog', signed: this.broadcast.catalog({ renditions }) });
  }

  /** A viewer attaches itself and does nothing else. */
  attach(link: number): void {
    this.input({ kind: 'child-opened', link, network: `10.${link}` });
    this.received(link, this.hello('viewer'));
  }

  share({ link, peer }: Guest, changes: Partial<Share> = {}): void {
    this.received(link, {
      kind: 'share',
      peer,
      secret: peer * 7,
      renditionId: 0,
      uplinkBps: FAST_BPS,
      linksMax: 8,
      rttMs: 20,
      kept: [],
      ...changes,
    });
  }

  /** Answers the probe so that the relay measures this rate; the first message starts the watch. */
  prove(link: number, bps: number): void {
    const steps = Limits.PROBE_BYTES / Limits.PROBE_STEP_BYTES;
    const stepMs = (Limits.PROBE_STEP_BYTES * 8000) / bps;
    for (let step = 0; step < steps; step++) {
      if (step > 0) this.pass(stepMs);
      this.received(link, { kind: 'probe', bytes: 0, padding: new Uint8Array(Limits.PROBE_STEP_BYTES) });
    }
  }

  /** A viewer of the cell whose uplink was measured. */
  enter(guest: Guest, bps = FAST_BPS, changes: Partial<Share> = {}): void {
    this.attach(guest.link);
    this.share(guest, changes);
    this.prove(guest.link, bps);
  }

  /** Pieces until that time has passed. */
  broadcastFor(ms: number): void {
    for (let at = 0; at < ms; at += STEP_MS) {
      this.pass(STEP_MS);
      this.publish([this.cut()]);
    }
  }

  /** What the relay told of the uplink last. */
  uplinkTold(link: number): number | undefined {
    return this.saidOf(link, 'plan').at(-1)?.uplinkBps;
  }

  slots(peer: number): number | undefined {
    return this.session.planner(1)?.loadOf(peer)?.slots;
  }

  /** What the last word on each neighbour makes of the stripes' sources: by stripe, whom this viewer was told to take. */
  parentsTold(link: number): number[] {
    const parents = [-1, -1, -1, -1];
    for (const { links } of this.saidOf(link, 'plan'))
      for (const { peer, parentMask } of links)
        for (let stripe = 0; stripe < 4; stripe++)
          if ((parentMask & (1 << stripe)) !== 0) parents[stripe] = peer;
    return parents;
  }
}

const within = (bps: number, share: number): [number, number] => [bps * (1 - share), bps * (1 + share)];
function expectAbout(value: number | undefined, bps: number): void {
  const [least, most] = within(bps, 0.02);
  expect(value).toBeGreaterThan(least);
  expect(value).toBeLessThan(most);
}

/** Children that a viewer may have that was measured at this rate and says the same. */
function slotsAt(bps: number): number {
  const cell = new Cell();
  cell.enter(A, bps);
  return cell.slots(A.peer) ?? 0;
}

describe('a viewer that shares', () => {
  it('is asked for padding, and planned with the uplink that this measures', () => {
    const cell = new Cell();
    cell.attach(A.link);
    cell.share(A);
    expect(cell.saidOf(A.link, 'probe').map(({ bytes }) => bytes)).toEqual([Limits.PROBE_BYTES]);
    expect(cell.slots(A.peer)).toBe(0);
    cell.prove(A.link, 5_300_000);
    expectAbout(cell.uplinkTold(A.link), 5_300_000);
    expect(cell.saidOf(A.link, 'plan').at(-1)?.stunPort).toBe(STUN_PORT);
    // A stripe has 1 Mbit/s.
    expect(cell.slots(A.peer)).toBeGreaterThan(2);
    expect(cell.slots(A.peer)).toBeLessThanOrEqual(5);
  });

  it('gains nothing by claiming more than was measured, but by steps, with children that it feeds', () => {
    const cell = new Cell();
    cell.enter(A, 4_300_000, { uplinkBps: 4e9 });
    expectAbout(cell.uplinkTold(A.link), 4_300_000);
    for (let i = 0; i < 5; i++) cell.share(A, { uplinkBps: 4e9 });
    expect(cell.slots(A.peer)).toBe(slotsAt(4_300_000));
    cell.pass(Limits.UPLINK_RAISE_MS);
    for (let i = 0; i < 5; i++) cell.share(A, { uplinkBps: 4e9 });
    expect(cell.slots(A.peer)).toBe(slotsAt(4_300_000));
    // Viewers that can carry nothing: A must.
    for (let i = 0; i < 4; i++) {
      cell.attach(100 + i);
      cell.share({ link: 100 + i, peer: 200 + i }, { uplinkBps: 0 });
    }
    cell.pass(Limits.UPLINK_RAISE_MS);
    expect(cell.session.planner(1)?.loadOf(A.peer)?.used).toBeGreaterThan(0);
    for (let i = 0; i < 5; i++) cell.share(A, { uplinkBps: 4e9 });
    expect(cell.slots(A.peer)).toBe(slotsAt(4_300_000 * Limits.UPLINK_RAISE));
    expect(cell.slots(A.peer)).toBeGreaterThan(slotsAt(4_300_000));
  });

  it('is taken at its word at once when it can carry less', () => {
    const cell = new Cell();
    cell.enter(A, 10_000_000);
    cell.share(A, { uplinkBps: 2_700_000 });
    expect(cell.slots(A.peer)).toBe(slotsAt(2_700_000));
    expect(cell.slots(A.peer)).toBeLessThan(slotsAt(10_000_000));
  });

  it('and does not answer the probe is planned with nothing once its time is over', () => {
    const cell = new Cell();
    cell.attach(A.link);
    cell.share(A);
    cell.clear();
    cell.pass(Limits.PROBE_MS_MAX);
    expect(cell.uplinkTold(A.link)).toBe(0);
    expect(cell.slots(A.peer)).toBe(0);
  });

  it('may be late with what was asked of it, and is closed when it sends more', () => {
    const cell = new Cell();
    cell.attach(A.link);
    cell.share(A);
    cell.pass(Limits.PROBE_MS_MAX);
    cell.prove(A.link, 1_000_000);
    expect(cell.closeCode(A.link)).toBeUndefined();
    cell.received(A.link, { kind: 'probe', bytes: 0, padding: new Uint8Array(1) });
    expect(cell.closeCode(A.link)).toBe(CloseCode.protocolViolation);
  });

  it('is closed when it sends more padding than was asked for', () => {
    const cell = new Cell();
    cell.enter(A);
    cell.received(A.link, { kind: 'probe', bytes: 0, padding: new Uint8Array(1) });
    expect(cell.closeCode(A.link)).toBe(CloseCode.protocolViolation);
  });

  it('and offers nothing is not asked for padding, and closed when it sends some', () => {
    const cell = new Cell();
    cell.attach(A.link);
    cell.share(A, { uplinkBps: 0 });
    expect(cell.saidOf(A.link, 'probe')).toEqual([]);
    cell.received(A.link, { kind: 'probe', bytes: 0, padding: new Uint8Array(10) });
    expect(cell.closeCode(A.link)).toBe(CloseCode.protocolViolation);
  });

  it('and offers an uplink only later is measured then', () => {
    const cell = new Cell();
    cell.attach(A.link);
    cell.share(A, { uplinkBps: 0 });
    cell.share(A);
    expect(cell.saidOf(A.link, 'probe')).toHaveLength(1);
    cell.prove(A.link, 5_300_000);
    expectAbout(cell.uplinkTold(A.link), 5_300_000);
    expect(cell.slots(A.peer)).toBe(slotsAt(5_300_000));
  });

  it('and takes its offer back carries nothing, and the same as before when it offers again', () => {
    const cell = new Cell();
    cell.enter(A, 5_300_000);
    cell.share(A, { uplinkBps: 0 });
    expect(cell.slots(A.peer)).toBe(0);
    cell.share(A);
    expect(cell.slots(A.peer)).toBe(slotsAt(5_300_000));
    expect(cell.saidOf(A.link, 'probe')).toHaveLength(1);
  });
});

describe('the number of a viewer', () => {
  it('stays: a second one over the same link is a violation', () => {
    const cell = new Cell();
    cell.enter(A);
    cell.share({ link: A.link, peer: 999 });
    expect(cell.closeCode(A.link)).toBe(CloseCode.protocolViolation);
  });

  it('that another has does nothing without that one’s secret: it hurts neither, and the second is fed all the same', () => {
    const cell = new Cell();
    cell.enter(A);
    cell.attach(B.link);
    cell.share({ link: B.link, peer: A.peer }, { secret: 1 });
    cell.received(B.link, { kind: 'moved', stripe: 0, parent: 9 });
    expect(cell.session.stats(cell.now).refused.impostor).toBe(1);
    expect(cell.closeCode(B.link)).toBeUndefined();
    expect(cell.closeCode(A.link)).toBeUndefined();
    expect(cell.session.planner(1)?.peers).toEqual([A.peer]);
    expect(cell.slots(A.peer)).toBeGreaterThan(0);
  });

  it('with the secret is the same viewer again: its newer link counts, and outlives the older one', () => {
    const cell = new Cell();
    cell.enter(A);
    cell.enter(B);
    cell.enter({ link: C.link, peer: A.peer });
    expect(cell.session.planner(1)?.size).toBe(2);
    cell.clear();
    cell.received(B.link, { kind: 'signal', peer: A.peer, body: Uint8Array.of(1) });
    expect(cell.saidOf(A.link, 'signal')).toEqual([]);
    expect(cell.saidOf(C.link, 'signal')).toHaveLength(1);
    cell.input({ kind: 'closed', link: A.link, code: 1006, reason: '' });
    expect(cell.session.planner(1)?.peers).toContain(A.peer);
    expect(cell.session.stats(cell.now).cell?.viewerCount).toBe(2);
  });
});

describe('signals', () => {
  /** Two neighbours, and one in the trees of another rendition. */
  function neighbours(): Cell {
    const cell = new Cell();
    cell.enter(A);
    cell.enter(B);
    cell.enter(C, FAST_BPS, { renditionId: 2 });
    cell.clear();
    return cell;
  }

  it('go to the planned neighbour they are for, with the sender’s number, and to nobody else', () => {
    const cell = neighbours();
    cell.received(A.link, { kind: 'signal', peer: B.peer, body: Uint8Array.of(5, 6) });
    expect(cell.of('transmit').map(({ link }) => link)).toEqual([B.link]);
    expect(cell.saidOf(B.link, 'signal')).toEqual([
      { kind: 'signal', peer: A.peer, body: Uint8Array.of(5, 6) },
    ]);
    expect(cell.session.stats(cell.now).cell?.signalsForwarded).toBe(1);
  });

  it('to any other viewer, to nobody and to oneself are dropped without a word', () => {
    const cell = neighbours();
    for (const peer of [C.peer, 4_711, A.peer])
      cell.received(A.link, { kind: 'signal', peer, body: Uint8Array.of(5) });
    expect(cell.of('transmit')).toEqual([]);
    expect(cell.of('close')).toEqual([]);
    expect(cell.session.stats(cell.now).cell?.signalsForwarded).toBe(0);
  });

  it('to a neighbour that has left are dropped', () => {
    const cell = neighbours();
    cell.input({ kind: 'closed', link: B.link, code: 1006, reason: '' });
    cell.attach(B.link);
    cell.share({ link: B.link, peer: B.peer }, { renditionId: 2 });
    cell.clear();
    cell.received(A.link, { kind: 'signal', peer: B.peer, body: Uint8Array.of(5) });
    expect(cell.saidOf(B.link, 'signal')).toEqual([]);
  });

  it('longer than the limit close their sender, and those at the limit go through', () => {
    const cell = neighbours();
    const signal = (bytes: number) =>
      encodeControl({ kind: 'signal', peer: B.peer, body: new Uint8Array(bytes) });
    cell.received(A.link, signal(Limits.SIGNAL_BYTES_MAX));
    expect(cell.saidOf(B.link, 'signal')).toHaveLength(1);
    expect(cell.closeCode(A.link)).toBeUndefined();
    cell.received(A.link, signal(Limits.SIGNAL_BYTES_MAX + 1));
    expect(cell.saidOf(B.link, 'signal')).toHaveLength(1);
    expect(cell.closeCode(A.link)).toBe(CloseCode.protocolViolation);
  });
});

describe('requests at the relay', () => {
  it('are served from the window, and what is not there is said to be missing', () => {
    const cell = new Cell();
    cell.enter(A);
    cell.broadcastFor(500);
    cell.clear();
    cell.received(A.link, { kind: 'request', renditionId: 0, sequences: [3, 900, 7] });
    expect(cell.sequencesTo(A.link)).toEqual([3, 7]);
    expect(cell.saidOf(A.link, 'missing')).toEqual([{ kind: 'missing', renditionId: 0, sequences: [900] }]);
    expect(cell.session.stats(cell.now).cell?.repairsServed).toBe(2);
  });

  it('of a rendition that is not there are all missing', () => {
    const cell = new Cell();
    cell.enter(A);
    cell.broadcastFor(100);
    cell.received(A.link, { kind: 'request', renditionId: 9, sequences: [1, 2] });
    expect(cell.saidOf(A.link, 'missing')).toEqual([{ kind: 'missing', renditionId: 9, sequences: [1, 2] }]);
  });

  it('beyond all measure close the link, and are counted', () => {
    const cell = new Cell();
    cell.enter(A);
    cell.broadcastFor(64 * STEP_MS);
    const sequences = Array.from({ length: 64 }, (_, sequence) => sequence);
    for (let i = 0; i < 60 && cell.closeCode(A.link) === undefined; i++)
      cell.received(A.link, { kind: 'request', renditionId: 0, sequences });
    expect(cell.closeCode(A.link)).toBe(CloseCode.tooManyMessages);
    expect(cell.session.stats(cell.now).refused.flood).toBe(1);
    // What one asker has at once, and not what makes a flood.
    const bytes = cell.burst(A.link).reduce((sum, { length }) => sum + length, 0);
    expect(bytes).toBeLessThan(500_000);
  });
});

describe('what viewers say of each other', () => {
  it('is counted by its kind', () => {
    const cell = new Cell();
    cell.enter(A);
    cell.enter(B);
    const kinds: ReportKind[] = ['unreachable', 'silent', 'silent', 'late', 'forged', 'overloaded'];
    for (const why of kinds) cell.received(A.link, { kind: 'report', peer: B.peer, why });
    expect(cell.session.stats(cell.now).cell?.reports).toEqual({
      unreachable: 1,
      silent: 2,
      late: 1,
      forged: 1,
      overloaded: 1,
    });
  });

  it('keeps two apart that cannot reach each other', () => {
    const cell = new Cell();
    cell.enter(A);
    cell.enter(B);
    cell.pass(1_000);
    expect(cell.parentsTold(B.link)).toContain(A.peer);
    cell.received(B.link, { kind: 'report', peer: A.peer, why: 'unreachable' });
    for (let stripe = 0; stripe < 4; stripe++)
      expect(cell.session.planner(1)?.parentOf(B.peer, stripe)).toBe(RELAY);
    expect(cell.parentsTold(B.link)).toEqual([RELAY, RELAY, RELAY, RELAY]);
  });

  it('of a stripe that does not exist is a violation', () => {
    const cell = new Cell();
    cell.enter(A);
    cell.received(A.link, { kind: 'moved', stripe: 4, parent: RELAY });
    expect(cell.closeCode(A.link)).toBe(CloseCode.protocolViolation);
  });

  it('before it has shared is a violation', () => {
    const cell = new Cell();
    cell.attach(A.link);
    cell.received(A.link, { kind: 'report', peer: B.peer, why: 'late' });
    expect(cell.closeCode(A.link)).toBe(CloseCode.protocolViolation);
  });
});

/** Every message of the mesh that a viewer may send to its relay. */
const MESSAGES: readonly ControlMessage[] = [
  {
    kind: 'share',
    peer: 1,
    secret: 2,
    renditionId: 0,
    uplinkBps: 3,
    linksMax: 4,
    rttMs: 5,
    kept: [],
  },
  { kind: 'probe', bytes: 0, padding: new Uint8Array(9) },
  { kind: 'signal', peer: 1, body: Uint8Array.of(1) },
  { kind: 'report', peer: 1, why: 'late' },
  { kind: 'moved', stripe: 0, parent: 1 },
  { kind: 'request', renditionId: 0, sequences: [1] },
];

describe('messages of the mesh', () => {
  for (const message of MESSAGES) {
    it(`(${message.kind}) close the link at a relay that plans nothing`, () => {
      const rig = new MeshRig(new Broadcast(), { role: 'relay' });
      rig.addChild(A.link);
      rig.received(A.link, message);
      expect(rig.closeCode(A.link)).toBe(CloseCode.protocolViolation);
    });

    it(`(${message.kind}) may not come from a relay below`, () => {
      const cell = new Cell();
      cell.addChild(A.link, 'relay');
      cell.received(A.link, message);
      expect(cell.closeCode(A.link)).toBe(CloseCode.protocolViolation);
      expect(cell.session.stats(cell.now).cell?.viewerCount).toBe(0);
    });
  }

  for (const message of [
    { kind: 'plan', links: [], stunPort: 0, uplinkBps: 0 },
    { kind: 'missing', renditionId: 0, sequences: [1] },
    { kind: 'declined', renditionId: 0, stripeMask: 1 },
  ] as const)
    it(`(${message.kind}) may not come from a viewer`, () => {
      const cell = new Cell();
      cell.enter(A);
      cell.received(A.link, message);
      expect(cell.closeCode(A.link)).toBe(CloseCode.protocolViolation);
    });
});

describe('the plan', () => {
  it('gives what the relay may not feed twice to a viewer that can carry it', () => {
    const cell = new Cell();
    cell.enter(A);
    cell.attach(B.link);
    cell.share(B, { uplinkBps: 0 });
    cell.pass(1_000);
    expect(cell.parentsTold(A.link)).toEqual([RELAY, RELAY, RELAY, RELAY]);
    expect(cell.parentsTold(B.link)).toContain(A.peer);
  });

  it('finds other sources for those whom a leaving viewer fed', () => {
    const cell = new Cell();
    cell.enter(A);
    cell.attach(B.link);
    cell.share(B, { uplinkBps: 0 });
    cell.pass(1_000);
    cell.clear();
    cell.input({ kind: 'closed', link: A.link, code: 1006, reason: '' });
    expect(cell.session.planner(1)?.peers).toEqual([B.peer]);
    const links = cell.saidOf(B.link, 'plan').flatMap((plan) => plan.links);
    expect(links.find(({ peer }) => peer === RELAY)?.parentMask).toBe(0b1111);
    expect(links.find(({ peer }) => peer === A.peer)).toMatchObject({
      parentMask: 0,
      childMask: 0,
      standbyMask: 0,
    });
  });

  it('stays in a new epoch', () => {
    const cell = new Cell();
    cell.enter(A);
    cell.enter(B);
    cell.pass(1_000);
    const planner = cell.session.planner(1);
    const renditions = [createRendition(1), createRendition(2)];
    const next = new Broadcast({ epoch: BROADCAST_START_MS + 60_000 });
    cell.clear();
    cell.input({ kind: 'publish-catalog', signed: next.catalog({ renditions }) });
    expect(cell.session.planner(1)).toBe(planner);
    expect(planner?.size).toBe(2);
    expect(cell.saidOf(B.link, 'plan')).toEqual([]);
  });

  it('begins anew with another number of stripes, without measuring again', () => {
    const cell = new Cell();
    cell.enter(A);
    cell.enter(B);
    cell.pass(1_000);
    const planner = cell.session.planner(1);
    const renditions = [createRendition(1), createRendition(2)];
    cell.clear();
    const signed = cell.broadcast.catalog({ revision: 2, stripeCount: 2, renditions });
    cell.input({ kind: 'publish-catalog', signed });
    expect(cell.session.planner(1)).not.toBe(planner);
    expect(cell.session.planner(1)?.size).toBe(2);
    expect(cell.slots(A.peer)).toBeGreaterThan(0);
    expect(cell.saidOf(A.link, 'probe')).toEqual([]);
    expect(cell.saidOf(B.link, 'plan').length).toBeGreaterThan(0);
    // A plan speaks of the stripes of the catalog in force.
    const order = cell.outputs
      .map(({ kind }) => kind)
      .filter((kind) => kind === 'publish' || kind === 'transmit');
    expect(order[0]).toBe('publish');
  });

  it('moves a viewer that plays another rendition into the trees of that one', () => {
    const cell = new Cell();
    cell.enter(A);
    cell.share(A, { renditionId: 2 });
    expect(cell.session.planner(1)?.peers).toEqual([]);
    expect(cell.session.planner(2)?.peers).toEqual([A.peer]);
  });
});

describe('an audience that the relay feeds anyway', () => {
  const neighboursTold = (cell: Cell, { link }: Guest): number[] =>
    cell.saidOf(link, 'plan').flatMap(({ links }) => links.map(({ peer }) => peer));

  it('is left with the relay until it grows, and stays planned when it shrinks', () => {
    const cell = new Cell(2);
    cell.enter(A);
    cell.enter(B);
    cell.pass(10_000);
    expect(neighboursTold(cell, A)).toEqual([]);
    expect(neighboursTold(cell, B)).toEqual([]);
    cell.enter(C);
    cell.pass(10_000);
    expect(neighboursTold(cell, A)).not.toEqual([]);
    expect(neighboursTold(cell, C)).not.toEqual([]);
    cell.input({ kind: 'closed', link: C.link, code: 1006, reason: '' });
    expect(cell.session.planner(1)?.size).toBe(2);
  });
});
