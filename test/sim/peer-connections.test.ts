import { CloseCode, type LinkId, Prng } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { Network } from './network.js';
import {
  ICE_FAILED_MS,
  OPEN_TIMEOUT_MS,
  type PeerConnection,
  PeerConnections,
  type PeerOwner,
} from './peer-connections.js';
import type { HostProfile } from './population.js';
import { VirtualClock } from './virtual-clock.js';
import { LINK_BROKEN, type LinkEnd } from './virtual-link.js';

const HOME: HostProfile = {
  accessMs: 10,
  uplinkBps: 10_000_000,
  downlinkBps: 80_000_000,
  isBehindNat: false,
  isDownloadOnly: false,
  region: 0,
};

const SIGNALLING_MS = 30;

/** A session that does nothing but carry its connection's signals to the other one's. */
class Side implements PeerOwner {
  readonly log: { atMs: number; what: string; value: number }[] = [];
  connection: PeerConnection | undefined;
  other: Side | undefined;
  end: LinkEnd | undefined;
  readonly #rig: Rig;
  constructor(rig: Rig) {
    this.#rig = rig;
  }
  onSignal(_link: LinkId, bytes: Uint8Array): void {
    const { clock, connections } = this.#rig;
    const arrive = (): void => {
      const connection = this.other?.connection;
      if (connection) connections.receiveSignal(connection, bytes);
    };
    clock.schedule(clock.now + SIGNALLING_MS, { wake: arrive }, 0);
  }
  onPeerOpened(end: LinkEnd): void {
    this.end = end;
    this.#note('opened', end.id);
  }
  onPeerFailed(_link: LinkId, code: number): void {
    this.#note('failed', code);
  }
  onMessage(_end: LinkEnd, bytes: Uint8Array): void {
    this.#note('message', bytes.length);
  }
  onWritable(): void {
    this.#note('writable', 0);
  }
  onOverflow(): void {
    this.#note('overflow', 0);
  }
  onClosed(_end: LinkEnd, code: number): void {
    this.#note('closed', code);
  }
  #note(what: string, value: number): void {
    this.log.push({ atMs: this.#rig.clock.now, what, value });
  }
}

class Rig {
  readonly clock: VirtualClock = new VirtualClock();
  readonly network: Network = new Network(new Prng('rig'), { lossShare: 0, jitterMs: 0, spikeShare: 0 });
  readonly connections: PeerConnections;
  readonly offerer: Side;
  readonly answerer: Side;
  constructor(changes: Partial<HostProfile> = {}, answererAtMs = 0) {
    let ends = 0;
    const { clock, network } = this;
    this.connections = new PeerConnections({
      clock,
      network,
      nextEnd: () => ends++,
      onSent: () => undefined,
    });
    [this.offerer, this.answerer] = [new Side(this), new Side(this)];
    this.offerer.other = this.answerer;
    this.answerer.other = this.offerer;
    const hostOf = (name: string) => network.addHome({ ...HOME, ...changes }, name);
    this.offerer.connection = this.connections.connect(this.offerer, hostOf('a'), 7, true);
    const host = hostOf('b');
    const answer = (): void => {
      this.answerer.connection = this.connections.connect(this.answerer, host, 9, false);
    };
    if (answererAtMs === 0) answer();
    else clock.schedule(answererAtMs, { wake: answer }, 0);
  }
  run(): void {
    while (this.clock.step());
  }
}

describe('a connection between viewers', () => {
  it('opens some round trips after both signals have gone through', () => {
    const rig = new Rig();
    rig.run();
    const [opened] = rig.offerer.log;
    expect(opened).toMatchObject({ what: 'opened', value: 7 });
    expect(rig.answerer.log).toEqual([{ atMs: opened?.atMs, what: 'opened', value: 9 }]);
    expect(opened?.atMs).toBeGreaterThanOrEqual(2 * SIGNALLING_MS + 2 * 40);
    expect(opened?.atMs).toBeLessThanOrEqual(2 * SIGNALLING_MS + 4 * 40);
    expect(rig.connections.opened).toBe(1);
  });

  it('carries messages both ways once it is open', () => {
    const rig = new Rig();
    rig.run();
    rig.offerer.end?.send(new Uint8Array(100));
    rig.answerer.end?.send(new Uint8Array(200));
    rig.run();
    expect(rig.offerer.log.find(({ what }) => what === 'message')?.value).toBe(200);
    expect(rig.answerer.log.find(({ what }) => what === 'message')?.value).toBe(100);
  });

  it('fails after a while when both hosts are behind a translation', () => {
    const rig = new Rig({ isBehindNat: true });
    rig.run();
    const failed = { atMs: 2 * SIGNALLING_MS + ICE_FAILED_MS, what: 'failed', value: LINK_BROKEN };
    expect([rig.offerer.log, rig.answerer.log]).toEqual([[failed], [failed]]);
  });

  it('fails at the side whose neighbour never answers', () => {
    const rig = new Rig({}, SIGNALLING_MS + 1);
    rig.run();
    expect(rig.offerer.log).toEqual([{ atMs: OPEN_TIMEOUT_MS, what: 'failed', value: LINK_BROKEN }]);
  });

  it('that its owner closed says nothing more', () => {
    const rig = new Rig();
    if (rig.answerer.connection) rig.connections.close(rig.answerer.connection);
    rig.run();
    expect(rig.answerer.log).toEqual([]);
    expect(rig.offerer.log).toEqual([{ atMs: OPEN_TIMEOUT_MS, what: 'failed', value: LINK_BROKEN }]);
  });

  it('is closed by a signal that makes no sense', () => {
    const rig = new Rig();
    if (rig.offerer.connection) rig.connections.receiveSignal(rig.offerer.connection, Uint8Array.of(1, 2, 3));
    expect(rig.offerer.log).toEqual([{ atMs: 0, what: 'failed', value: CloseCode.protocolViolation }]);
  });
});
