import { FrameKind, Prng } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { CONSENT_MS, createDatagramLink, PIECE_LIFETIME_MS } from './datagram-link.js';
import { type Host, Network, type NetworkOptions } from './network.js';
import type { HostProfile } from './population.js';
import { VirtualClock } from './virtual-clock.js';
import { LINK_BROKEN, LinkEnd, type LinkOwner } from './virtual-link.js';

const CALM = { lossShare: 0, jitterMs: 0, spikeShare: 0, isUplinkVarying: false };

/** 1,000 usable bytes a millisecond up, 10,000 down, 10 ms away from everybody. */
const HOME: HostProfile = {
  accessMs: 5,
  uplinkBps: 8_000_000 / 0.7,
  downlinkBps: 80_000_000,
  isBehindNat: false,
  isDownloadOnly: false,
  region: 0,
};

class Owner implements LinkOwner {
  readonly log: { atMs: number; what: string; value: number }[] = [];
  readonly #clock: VirtualClock;
  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }
  onMessage(_end: LinkEnd, bytes: Uint8Array): void {
    this.#note('message', bytes.length);
  }
  onWritable(_end: LinkEnd, bufferedBytes: number): void {
    this.#note('writable', bufferedBytes);
  }
  onOverflow(): void {
    this.#note('overflow', 0);
  }
  onClosed(_end: LinkEnd, code: number): void {
    this.#note('closed', code);
  }
  of(what: string): number[] {
    return this.log.filter((entry) => entry.what === what).map(({ atMs }) => Math.round(atMs * 100) / 100);
  }
  #note(what: string, value: number): void {
    this.log.push({ atMs: this.#clock.now, what, value });
  }
}

class Rig {
  readonly clock: VirtualClock = new VirtualClock();
  readonly network: Network;
  readonly sent: number[] = [];
  #ends = 0;
  constructor(options: Partial<NetworkOptions> = {}) {
    this.network = new Network(new Prng('rig'), { ...CALM, ...options });
  }
  host(name: string): Host {
    return this.network.addHome(HOME, name);
  }
  link(hosts: readonly [Host, Host]): { near: LinkEnd; far: LinkEnd; nearLog: Owner; farLog: Owner } {
    const [nearLog, farLog] = [new Owner(this.clock), new Owner(this.clock)];
    const near = new LinkEnd(nearLog, 1, this.#ends++, true);
    const far = new LinkEnd(farLog, 1, this.#ends++, true);
    const { clock, network } = this;
    const onSent = (_from: LinkEnd, bytes: Uint8Array): void => void this.sent.push(bytes.length);
    createDatagramLink({ clock, network, ends: [near, far], hosts, onSent });
    return { near, far, nearLog, farLog };
  }
  run(): void {
    while (this.clock.step());
  }
}

const piece = (length: number): Uint8Array => new Uint8Array(length).fill(FrameKind.piece, 0, 1);
const control = (length: number): Uint8Array => new Uint8Array(length).fill(FrameKind.control, 0, 1);

describe('a data channel', () => {
  it('takes the uplink, the way and the downlink for each message', () => {
    const rig = new Rig();
    const { near, farLog } = rig.link([rig.host('a'), rig.host('b')]);
    near.send(piece(1_000));
    near.send(piece(2_000));
    rig.run();
    expect(farLog.of('message')).toEqual([11.1, 13.2]);
  });

  it('shares its uplink with every other channel of the host', () => {
    const rig = new Rig();
    const host = rig.host('a');
    const links = ['b', 'c', 'd'].map((name) => rig.link([host, rig.host(name)]));
    for (const { near } of links) near.send(piece(1_000));
    expect(links.map(({ near }) => near.bufferedBytes)).toEqual([1_000, 1_000, 1_000]);
    rig.run();
    expect(links.map(({ farLog }) => farLog.of('message')[0])).toEqual([11.1, 12.1, 13.1]);
  });

  it('lets what comes from many hosts in one after the other', () => {
    const rig = new Rig();
    const host = rig.host('a');
    const links = ['b', 'c'].map((name) => rig.link([rig.host(name), host]));
    for (const { near } of links) near.send(piece(1_000));
    rig.run();
    expect(links.flatMap(({ farLog }) => farLog.of('message'))).toEqual([11.1, 11.2]);
  });

  it('tells its owner when little is left, and when nothing is', () => {
    const rig = new Rig();
    const { near, nearLog } = rig.link([rig.host('a'), rig.host('b')]);
    for (let count = 0; count < 8; count++) near.send(piece(10_000));
    rig.run();
    expect(nearLog.log.map(({ value }) => value)).toEqual([30_000, 0]);
    expect(nearLog.of('writable')).toEqual([50, 80]);
  });

  it('never sends a piece that would wait longer than its life', () => {
    const rig = new Rig();
    const { near, farLog } = rig.link([rig.host('a'), rig.host('b')]);
    for (let count = 0; count < 40; count++) near.send(piece(10_000));
    near.send(control(10));
    rig.run();
    // Those that found 0, 10, ... 300 ms of queue, and the control message, which waits however long.
    expect(farLog.of('message')).toHaveLength(PIECE_LIFETIME_MS / 10 + 2);
  });

  it('drops what finds a megabyte queued, and tells once, later', () => {
    const rig = new Rig();
    const { near, nearLog } = rig.link([rig.host('a'), rig.host('b')]);
    for (let count = 0; count < 40; count++) near.send(control(50_000));
    expect(nearLog.log).toEqual([]);
    expect(rig.sent.length).toBe(21);
    rig.run();
    expect(nearLog.of('overflow')).toHaveLength(1);
  });

  it('loses pieces for good, sends control messages again and keeps their order', () => {
    const rig = new Rig({ lossShare: 0.3, jitterMs: 5 });
    const { near, farLog } = rig.link([rig.host('a'), rig.host('b')]);
    for (let count = 1; count <= 200; count++)
      rig.clock.schedule(count * 50, { wake: () => near.send(piece(count)) }, 0);
    for (let count = 1; count <= 200; count++)
      rig.clock.schedule(20_000 + count, { wake: () => near.send(control(1_000 + count)) }, 0);
    rig.run();
    const lengths = farLog.log.map(({ value }) => value);
    const pieces = lengths.filter((length) => length <= 200);
    expect(pieces.length).toBeLessThan(180);
    expect(pieces.length).toBeGreaterThan(100);
    const controls = lengths.filter((length) => length > 200);
    expect(controls).toEqual(Array.from({ length: 200 }, (_, index) => 1_001 + index));
  });

  it('lets a piece overtake another', () => {
    const rig = new Rig({ jitterMs: 50 });
    const { near, farLog } = rig.link([rig.host('a'), rig.host('b')]);
    for (let length = 1; length <= 50; length++) near.send(piece(length));
    rig.run();
    const lengths = farLog.log.map(({ value }) => value);
    expect(lengths).not.toEqual([...lengths].sort((a, b) => a - b));
    expect(lengths).toHaveLength(50);
  });

  it('tells the other end of its close', () => {
    const rig = new Rig();
    const { near, nearLog, farLog } = rig.link([rig.host('a'), rig.host('b')]);
    near.close(4_000, 'done');
    near.send(piece(10));
    rig.run();
    expect(farLog.log).toEqual([{ atMs: 10, what: 'closed', value: 4_000 }]);
    expect(nearLog.log).toEqual([]);
  });

  it('of a page that vanished goes silent, and is missed only later', () => {
    const rig = new Rig();
    const { near, far, nearLog, farLog } = rig.link([rig.host('a'), rig.host('b')]);
    near.break();
    far.send(piece(10));
    rig.run();
    expect(farLog.log.filter(({ what }) => what === 'closed')).toEqual([
      { atMs: CONSENT_MS, what: 'closed', value: LINK_BROKEN },
    ]);
    expect(nearLog.log).toEqual([]);
  });
});
