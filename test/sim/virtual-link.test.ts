import { Prng } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from './virtual-clock.js';
import {
  createLink,
  FAST_LINK,
  LINK_BROKEN,
  LinkEnd,
  type LinkOwner,
  type LinkProfile,
  type VirtualLink,
} from './virtual-link.js';

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
  of(what: string): { atMs: number; value: number }[] {
    return this.log.filter((entry) => entry.what === what);
  }
  #note(what: string, value: number): void {
    this.log.push({ atMs: this.#clock.now, what, value });
  }
}

function pair(changes: Partial<LinkProfile>): {
  clock: VirtualClock;
  near: Owner;
  far: Owner;
  link: VirtualLink;
} {
  const clock = new VirtualClock();
  const [near, far] = [new Owner(clock), new Owner(clock)];
  const profile = { ...FAST_LINK, latencyMs: 10, jitterMs: 0, upBps: 8_000_000, ...changes };
  const [dialled, answered] = [new LinkEnd(near, 1, 1), new LinkEnd(far, 1, 2)];
  const link = createLink({
    clock,
    prng: new Prng('link'),
    profile,
    dialled,
    answered,
    onSent: () => undefined,
  });
  return { clock, near, far, link };
}

const runAll = (clock: VirtualClock): void => {
  while (clock.step());
};

describe('a virtual link', () => {
  it('takes its rate and latency for each message', () => {
    const { clock, far, link } = pair({});
    for (let i = 0; i < 3; i++) link.dialled.send(new Uint8Array(1_000));
    expect(link.dialled.bufferedBytes).toBe(3_000);
    runAll(clock);
    expect(far.log.map(({ atMs }) => atMs)).toEqual([11, 12, 13]);
    expect(link.dialled.bufferedBytes).toBe(0);
  });

  it('keeps the order whatever the jitter', () => {
    const { clock, far, link } = pair({ jitterMs: 200 });
    for (let length = 1; length < 200; length++) link.dialled.send(new Uint8Array(length));
    runAll(clock);
    expect(far.log.map(({ value }) => value)).toEqual(Array.from({ length: 199 }, (_, index) => index + 1));
  });

  it('drops what finds its queue full, and tells once, later', () => {
    const { clock, near, far, link } = pair({ bufferedBytesMax: 2_500 });
    for (let i = 0; i < 6; i++) link.dialled.send(new Uint8Array(1_000));
    expect(near.log).toEqual([]);
    runAll(clock);
    expect(far.log).toHaveLength(3);
    expect(near.of('overflow')).toHaveLength(1);
  });

  it('tells when a long queue drains', () => {
    const { clock, near, link } = pair({});
    for (let i = 0; i < 10; i++) link.dialled.send(new Uint8Array(20_000));
    runAll(clock);
    expect(near.of('writable').at(-1)?.value).toBe(0);
    expect(near.of('writable').length).toBeGreaterThan(1);
  });

  it('has nothing left in its queue once everything arrived, however much that was', () => {
    const { clock, link, far } = pair({});
    for (let i = 0; i < 500; i++)
      clock.schedule(i * 5, { wake: () => link.dialled.send(new Uint8Array(1_000)) }, 0);
    runAll(clock);
    expect(far.of('message')).toHaveLength(500);
    expect(link.dialled.bufferedBytes).toBe(0);
  });

  it('lets the other end hear of a close after everything sent before', () => {
    const { clock, near, far, link } = pair({});
    link.dialled.send(new Uint8Array(1_000));
    link.dialled.close(4000, 'done');
    link.dialled.send(new Uint8Array(1));
    runAll(clock);
    expect(far.log.map(({ what, value }) => [what, value])).toEqual([
      ['message', 1_000],
      ['closed', 4000],
    ]);
    expect(near.log).toEqual([]);
  });

  it('that breaks tells both ends and loses what is under way', () => {
    const { clock, near, far, link } = pair({});
    link.dialled.send(new Uint8Array(1_000));
    link.answered.break();
    runAll(clock);
    for (const owner of [near, far]) expect(owner.log.map(({ value }) => value)).toEqual([LINK_BROKEN]);
  });

  it('that is stalled delivers nothing, then everything in order', () => {
    const { clock, far, link } = pair({});
    link.setStalled(true);
    for (let length = 1; length < 5; length++) link.dialled.send(new Uint8Array(length));
    runAll(clock);
    expect(far.log).toEqual([]);
    link.setStalled(false);
    runAll(clock);
    expect(far.log.map(({ value }) => value)).toEqual([1, 2, 3, 4]);
  });
});
