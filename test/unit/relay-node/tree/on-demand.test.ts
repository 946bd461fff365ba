import { type Catalog, CloseCode, encodeAddress, type Session } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import {
  CHANNELS_MAX,
  CHANNELS_PENDING_MAX,
  type DemandedHost,
  HOPELESS_MS,
  IDLE_MS,
  OnDemandChannels,
  type OnDemandOptions,
  PENDING_PER_NETWORK_MAX,
  SEARCH_AGAIN_MS,
  UNKNOWN_MAX,
  UNKNOWN_MS,
} from '../../../../relay-node/src/tree/on-demand.js';
import { Broadcast } from '../../../sim/broadcast.js';

class FakeHost implements DemandedHost {
  isWanted = true;
  parentCount = 0;
  readonly urls: string[] = [];
  readonly session: { catalog: Catalog | undefined; state: Session['state'] } = {
    catalog: undefined,
    state: 'connecting',
  };

  addParents(urls: readonly string[]): void {
    this.urls.push(...urls);
  }

  stats(): { parentCount: number } {
    return this;
  }

  goLive(): void {
    this.session.catalog = new Broadcast().plain();
    this.session.state = 'live';
    this.parentCount = 1;
  }
}

const keyOf = (index: number): Uint8Array => {
  const key = new Uint8Array(32);
  new DataView(key.buffer).setUint32(0, index);
  return key;
};

function rig(options: Partial<OnDemandOptions<FakeHost>> = {}) {
  const state = { nowMs: 1_000 };
  const hosts: FakeHost[] = [];
  const closed: { address: string; code: number }[] = [];
  const channels = new OnDemandChannels<FakeHost>({
    parents: ['https://parent.example'],
    upstream: undefined,
    mayCarry: () => true,
    origin: 'https://own.example',
    open: () => {
      const host = new FakeHost();
      hosts.push(host);
      return host;
    },
    close: (address, code) => closed.push({ address, code }),
    now: () => state.nowMs,
    ...options,
  });
  const pass = (ms: number): void => {
    for (const untilMs = state.nowMs + ms; state.nowMs < untilMs; ) {
      state.nowMs = Math.min(untilMs, state.nowMs + 1_000);
      channels.tick();
    }
  };
  /** A refusal's code, or 0 for a channel that was taken. */
  const take = (index: number, network = 'home'): number => {
    const taken = channels.take(keyOf(index), network);
    return taken.ok ? 0 : taken.code;
  };
  return { channels, hosts, closed, pass, take };
}

/** Promises that a search waits for have run. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a channel on demand', () => {
  it('is opened with the fixed parents', () => {
    const { take, hosts } = rig();
    expect(take(1)).toBe(0);
    expect(hosts[0]?.urls).toEqual([`wss://parent.example/channel/${encodeAddress(keyOf(1))}`]);
  });

  it('is opened with the parents that are found, but for the relay itself', async () => {
    const parentsOf = async (): Promise<readonly string[]> => [
      'https://own.example',
      'https://found.example',
    ];
    const { take, hosts } = rig({ parents: [], upstream: { parentsOf } });
    expect(take(1)).toBe(0);
    await settled();
    expect(hosts[0]?.urls).toEqual([`wss://found.example/channel/${encodeAddress(keyOf(1))}`]);
  });

  it('is refused where the policy, or the want of any parent, says so', () => {
    expect(rig({ mayCarry: () => false }).take(1)).toBe(CloseCode.unknownChannel);
    expect(rig({ parents: [] }).take(1)).toBe(CloseCode.unknownChannel);
  });

  it('that nobody takes for a while is let go, and one that somebody takes is not', () => {
    const { take, hosts, pass, closed } = rig();
    take(1);
    take(2);
    for (const host of hosts) host.goLive();
    const [first] = hosts;
    if (first) first.isWanted = false;
    pass(IDLE_MS - 1_000);
    expect(closed).toEqual([]);
    pass(2_000);
    expect(closed).toEqual([{ address: encodeAddress(keyOf(1)), code: CloseCode.goingAway }]);
  });

  it('that no parent knows is forgotten, and refused for a moment without a search', () => {
    const { take, hosts, pass, closed } = rig();
    take(1);
    const [host] = hosts;
    if (host) host.session.state = 'unknown-channel';
    pass(1_000);
    expect(closed).toEqual([{ address: encodeAddress(keyOf(1)), code: CloseCode.unknownChannel }]);
    expect(take(1)).toBe(CloseCode.unknownChannel);
    expect(hosts).toHaveLength(1);
    pass(UNKNOWN_MS);
    expect(take(1)).toBe(0);
  });

  it('that nobody is found for is forgotten as soon as the search ends, however it ends', async () => {
    for (const parentsOf of [async () => [], () => Promise.reject(new Error('no network'))]) {
      const { take, closed } = rig({ parents: [], upstream: { parentsOf } });
      take(1);
      await settled();
      expect(closed.map(({ code }) => code)).toEqual([CloseCode.unknownChannel]);
    }
  });

  it('whose parents do not answer is given up, and may be asked for again at once', () => {
    const { take, pass, closed } = rig();
    take(1);
    pass(HOPELESS_MS);
    expect(closed.map(({ code }) => code)).toEqual([CloseCode.goingAway]);
    expect(take(1)).toBe(0);
  });

  it('that has lost its parents is searched for again, now and then', async () => {
    let searches = 0;
    const parentsOf = async (): Promise<readonly string[]> => [`https://found-${++searches}.example`];
    const { take, hosts, pass } = rig({ parents: [], upstream: { parentsOf } });
    take(1);
    await settled();
    hosts[0]?.goLive();
    pass(SEARCH_AGAIN_MS * 3);
    expect(searches).toBe(1);
    if (hosts[0]) hosts[0].parentCount = 0;
    pass(SEARCH_AGAIN_MS);
    await settled();
    expect(searches).toBe(2);
    expect(hosts[0]?.urls).toHaveLength(2);
  });

  it('that the owner wants by itself is not let go', () => {
    const { channels, take, hosts, pass, closed } = rig();
    take(1);
    hosts[0]?.goLive();
    if (hosts[0]) hosts[0].isWanted = false;
    expect(channels.release(encodeAddress(keyOf(1)))).toBe(true);
    pass(IDLE_MS * 2);
    expect(closed).toEqual([]);
  });
});

describe('a flood of channel names', () => {
  it('from one network opens a few, from many some more, and then none', () => {
    const { take, hosts } = rig();
    for (let index = 0; index < 1_000; index++) take(index, 'home');
    expect(hosts).toHaveLength(PENDING_PER_NETWORK_MAX);
    expect(take(5_000, 'home')).toBe(CloseCode.tooManyMessages);
    for (let index = 1_000; index < 2_000; index++) take(index, `network ${index}`);
    expect(hosts).toHaveLength(CHANNELS_PENDING_MAX);
    expect(take(6_000, 'elsewhere')).toBe(CloseCode.full);
  });

  it('is forgotten in the end: so many unknown names are remembered, no more', () => {
    const { take, hosts, pass, channels } = rig();
    for (let index = 0; index < UNKNOWN_MAX * 2; index++) {
      take(index, `network ${index}`);
      const host = hosts.at(-1);
      if (host) host.session.state = 'unknown-channel';
      if (index % CHANNELS_PENDING_MAX === CHANNELS_PENDING_MAX - 1) channels.tick();
    }
    expect(hosts).toHaveLength(UNKNOWN_MAX * 2);
    expect(take(0)).toBe(0);
    expect(take(UNKNOWN_MAX * 2 - 1)).toBe(CloseCode.unknownChannel);
    pass(1_000);
  });

  it('of live channels is bounded as well, and takes the place of one that nobody takes', () => {
    const { take, hosts, channels, closed } = rig();
    for (let index = 0; index < CHANNELS_MAX; index++) {
      expect(take(index)).toBe(0);
      hosts.at(-1)?.goLive();
    }
    expect(take(9_999)).toBe(CloseCode.full);
    const idle = hosts[7];
    if (idle) idle.isWanted = false;
    expect(take(9_999)).toBe(0);
    expect(channels.size).toBe(CHANNELS_MAX);
    expect(closed.map(({ address }) => address)).toEqual([encodeAddress(keyOf(7))]);
  });
});
