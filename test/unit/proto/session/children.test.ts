import { CloseCode, encodeControl, FrameKind, Limits } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { BROADCAST_START_MS, Broadcast, createRendition } from '../../../sim/broadcast.js';
import { RIG_START_MS, Rig } from './rig.js';

const CHILD = 5;

/** A publisher that is live, with some groups of ten chunks behind it. */
function publisher(groups = 0, broadcast = new Broadcast()): Rig {
  const rig = new Rig(broadcast, { role: 'publisher', wallAtZeroMs: BROADCAST_START_MS - RIG_START_MS });
  rig.input({ kind: 'publish-catalog', signed: broadcast.catalog() });
  rig.publish(broadcast.groups(groups, 10));
  rig.clear();
  return rig;
}

const closeOf = (rig: Rig): number | undefined => rig.of('close')[0]?.code;

describe('a child', () => {
  it('is greeted with hello and catalog, then hears of changes by the control topic', () => {
    const rig = publisher();
    rig.addChild(CHILD);
    expect(rig.said(CHILD).map(({ kind }) => kind)).toEqual(['hello', 'catalog']);
    expect(rig.topics(CHILD)).toContain('control');
  });

  it('of a node without a catalog is told that nothing is on', () => {
    const rig = new Rig(new Broadcast(), { role: 'relay' });
    rig.addChild(CHILD);
    expect(rig.said(CHILD).map(({ kind }) => kind)).toEqual(['hello', 'absent']);
  });

  it('gets the newest group in a burst, then live pieces by one topic for each stripe', () => {
    const rig = publisher(3);
    rig.addChild(CHILD);
    expect(rig.burst(CHILD)).toHaveLength(10);
    expect(rig.topics(CHILD)).toEqual(['control', '1/0', '1/1', '1/2', '1/3']);
    const [next = new Uint8Array()] = rig.broadcast.groups(1, 10);
    rig.clear();
    rig.publish([next]);
    expect(rig.of('publish')).toMatchObject([{ kind: 'publish', topic: '1/2', bytes: next }]);
    expect(rig.of('transmit')).toEqual([]);
  });

  it('that comes before the first keyframe begins with it', () => {
    const rig = publisher();
    rig.addChild(CHILD);
    const [keyframe = new Uint8Array()] = rig.broadcast.groups(1, 10);
    rig.publish([keyframe]);
    expect(rig.burst(CHILD)).toEqual([keyframe]);
    expect(rig.topics(CHILD)).toContain('1/0');
  });

  it('that subscribed before the catalog was known is served once it is', () => {
    const broadcast = new Broadcast();
    const rig = new Rig(broadcast, { role: 'publisher' });
    rig.addChild(CHILD);
    rig.input({ kind: 'publish-catalog', signed: broadcast.catalog() });
    rig.publish(broadcast.groups(1, 3));
    expect(rig.topics(CHILD)).toContain('1/0');
  });

  it('may take single stripes', () => {
    const rig = publisher(1);
    rig.input({ kind: 'child-opened', link: CHILD });
    rig.received(CHILD, rig.hello('viewer'));
    rig.received(CHILD, { kind: 'subscribe', renditionId: 1, stripeMask: 0b1010 });
    expect(rig.burst(CHILD)).toHaveLength(5);
    expect(rig.topics(CHILD)).toEqual(['control', '1/1', '1/3']);
  });

  it('that asks for the same rendition by its number and as the default gets it once', () => {
    const rig = publisher(2);
    rig.addChild(CHILD);
    rig.received(CHILD, { kind: 'subscribe', renditionId: 1, stripeMask: 0 });
    rig.received(CHILD, { kind: 'unsubscribe', renditionId: 0 });
    expect(rig.burst(CHILD)).toHaveLength(10);
    expect(rig.topics(CHILD)).toContain('1/0');
  });

  it('that unsubscribes is detached from the stripes and stays for catalogs', () => {
    const rig = publisher(1);
    rig.addChild(CHILD);
    rig.received(CHILD, { kind: 'unsubscribe', renditionId: 0 });
    expect(rig.topics(CHILD)).toEqual(['control']);
  });

  it('is told the broadcast clock', () => {
    const rig = publisher();
    rig.addChild(CHILD);
    rig.pass(500);
    rig.received(CHILD, { kind: 'ping', sentMs: 77 });
    expect(rig.said(CHILD).at(-1)).toEqual({
      kind: 'pong',
      sentMs: 77,
      broadcastMs: BROADCAST_START_MS + 500,
    });
  });

  it('is served anew from the first keyframe of a new epoch', () => {
    const rig = publisher(2);
    rig.addChild(CHILD);
    const next = new Broadcast({ epoch: BROADCAST_START_MS + 60_000 });
    rig.clear();
    rig.input({ kind: 'publish-catalog', signed: next.catalog() });
    expect(rig.of('publish')[0]?.bytes[0]).toBe(FrameKind.control);
    expect(rig.topics(CHILD)).toEqual([]);
    rig.publish(next.groups(1, 10));
    expect(rig.topics(CHILD)).toContain('1/0');
  });

  it('of the default follows it when a catalog names another first', () => {
    const rig = publisher(1);
    rig.addChild(CHILD);
    const renditions = [createRendition(2), createRendition(1)];
    rig.input({ kind: 'publish-catalog', signed: rig.broadcast.catalog({ revision: 2, renditions }) });
    rig.publish(rig.broadcast.groups(1, 10, { renditionId: 2 }));
    expect(rig.topics(CHILD)).toEqual(['control', '2/0', '2/1', '2/2', '2/3']);
  });

  it('counts as one viewer, a relay as what it reports, and neither once it is gone', () => {
    const rig = publisher();
    rig.addChild(1);
    rig.addChild(2, 'relay');
    rig.received(2, { kind: 'audience', viewerCount: 40 });
    expect(rig.session.stats(rig.now).viewerCount).toBe(41);
    rig.input({ kind: 'closed', link: 2, code: 1006, reason: '' });
    expect(rig.session.stats(rig.now).viewerCount).toBe(1);
    expect(rig.session.childCount).toBe(1);
  });
});

describe('a slow child', () => {
  const BIG = 15_000;

  /** Live, with a burst behind it. */
  function live(): Rig {
    const rig = publisher(1);
    rig.addChild(CHILD);
    rig.clear();
    return rig;
  }

  const nextGroup = (rig: Rig): Uint8Array[] => rig.broadcast.groups(1, 10);

  it('waits for its queue to drain in the middle of a burst', () => {
    const rig = publisher();
    const bytes = new Uint8Array(BIG);
    for (let i = 0; i < 60; i++) rig.publish(rig.broadcast.cut({ isKeyframe: i === 0, bytes, atMs: i * 30 }));
    rig.addChild(CHILD);
    const first = rig.burst(CHILD).length;
    expect(first * BIG).toBeLessThanOrEqual(Limits.BURST_BYTES_MAX);
    expect(rig.topics(CHILD)).toEqual(['control']);
    rig.input({ kind: 'writable', link: CHILD, bufferedBytes: 100_000 });
    for (let i = 0; i < 20; i++) rig.input({ kind: 'writable', link: CHILD, bufferedBytes: 0 });
    expect(rig.burst(CHILD)).toHaveLength(60);
    expect(rig.topics(CHILD)).toContain('1/0');
  });

  it('never has more waiting than the burst allows, though its adapter reports after every message', () => {
    const rig = publisher();
    const bytes = new Uint8Array(3_000);
    for (let i = 0; i < 300; i++) rig.publish(rig.broadcast.cut({ isKeyframe: i === 0, bytes, atMs: i * 3 }));
    rig.session.handleInput(rig.now, { kind: 'child-opened', link: CHILD });
    // A link whose kernel takes the first 200,000 bytes and then nothing.
    let sentBytes = 0;
    let mostWaiting = 0;
    const carryOut = (): void => {
      for (let output = rig.session.pollOutput(); output; output = rig.session.pollOutput()) {
        if (output.kind !== 'transmit') continue;
        sentBytes += output.bytes.length;
        const bufferedBytes = Math.max(0, sentBytes - 200_000);
        mostWaiting = Math.max(mostWaiting, bufferedBytes);
        rig.session.handleInput(rig.now, { kind: 'writable', link: CHILD, bufferedBytes });
      }
    };
    for (const message of [
      rig.hello('viewer'),
      { kind: 'subscribe', renditionId: 0, stripeMask: 0 } as const,
    ]) {
      const encoded = encodeControl(message);
      rig.session.handleInput(rig.now, { kind: 'received', link: CHILD, bytes: encoded, bufferedBytes: 0 });
      carryOut();
    }
    expect(sentBytes).toBeGreaterThan(200_000);
    expect(mostWaiting).toBeLessThanOrEqual(Limits.BURST_BYTES_MAX);
  });

  it('lets the rest of an old group go when a newer one began while it waited', () => {
    const rig = publisher();
    const bytes = new Uint8Array(BIG);
    const cut = (isKeyframe: boolean): Uint8Array[] => rig.broadcast.cut({ isKeyframe, bytes, atMs: 0 });
    rig.publish(cut(true));
    for (let i = 1; i < 60; i++) rig.publish(cut(false));
    rig.addChild(CHILD);
    rig.clear();
    const keyframe = cut(true);
    rig.publish(keyframe);
    rig.input({ kind: 'writable', link: CHILD, bufferedBytes: 0 });
    expect(rig.burst(CHILD)).toEqual(keyframe);
  });

  it('that lost a message is detached until it has drained and a newer group has begun', () => {
    const rig = live();
    rig.input({ kind: 'overflowed', link: CHILD });
    expect(rig.of('detach').map(({ topic }) => topic)).toEqual(['1/0', '1/1', '1/2', '1/3']);
    rig.input({ kind: 'writable', link: CHILD, bufferedBytes: 0 });
    expect(rig.burst(CHILD)).toEqual([]);
    const group = nextGroup(rig);
    rig.publish(group.slice(0, 1));
    expect(rig.burst(CHILD)).toEqual(group.slice(0, 1));
    expect(rig.of('attach').map(({ topic }) => topic)).toEqual(['1/0', '1/1', '1/2', '1/3']);
    expect(rig.session.stats(rig.now).childrenLagged).toBe(1);
  });

  it('that has not drained when the next group begins waits on', () => {
    const rig = live();
    rig.input({ kind: 'overflowed', link: CHILD });
    rig.publish(nextGroup(rig));
    rig.input({ kind: 'writable', link: CHILD, bufferedBytes: 500_000 });
    expect(rig.burst(CHILD)).toEqual([]);
    rig.input({ kind: 'writable', link: CHILD, bufferedBytes: 10_000 });
    expect(rig.burst(CHILD)).toHaveLength(10);
  });

  it('that speaks while a second of media waits for it falls behind, one with less does not', () => {
    const second = createRendition(1).bitrate / 8;
    const ping = { kind: 'ping', sentMs: 1 } as const;
    const rig = live();
    rig.received(CHILD, ping, second);
    expect(rig.of('detach')).toEqual([]);
    rig.received(CHILD, ping, second + 1);
    expect(rig.of('detach')).toHaveLength(4);
  });

  it('that lost a message gets the catalog again: it may have been that', () => {
    const rig = live();
    rig.input({ kind: 'overflowed', link: CHILD });
    rig.input({ kind: 'writable', link: CHILD, bufferedBytes: 500_000 });
    expect(rig.said(CHILD)).toEqual([]);
    rig.input({ kind: 'writable', link: CHILD, bufferedBytes: 0 });
    rig.input({ kind: 'writable', link: CHILD, bufferedBytes: 0 });
    expect(rig.said(CHILD).map(({ kind }) => kind)).toEqual(['catalog']);
  });

  it('that is live with one rendition still gets the burst of another when its queue is empty', () => {
    const broadcast = new Broadcast();
    const rig = new Rig(broadcast, { role: 'publisher' });
    const renditions = [createRendition(1), createRendition(2)];
    rig.input({ kind: 'publish-catalog', signed: broadcast.catalog({ renditions }) });
    const bytes = new Uint8Array(BIG);
    for (const id of [1, 2])
      for (let i = 0; i < 30; i++) rig.publish(broadcast.cut({ isKeyframe: i === 0, bytes, atMs: 0 }, id));
    rig.addChild(CHILD, 'relay');
    rig.received(CHILD, { kind: 'subscribe', renditionId: 2, stripeMask: 0 });
    for (let sentMs = 1; sentMs < 20; sentMs++) rig.received(CHILD, { kind: 'ping', sentMs });
    expect(rig.burst(CHILD)).toHaveLength(60);
    expect(rig.topics(CHILD)).toContain('2/0');
  });
});

describe('a child that does not keep to the protocol', () => {
  const cases: Readonly<Record<string, { play: (rig: Rig) => void; code: number }>> = {
    'sends garbage': {
      play: (rig) => rig.received(CHILD, Uint8Array.of(2, 255, 255)),
      code: CloseCode.protocolViolation,
    },
    'sends an empty message': {
      play: (rig) => rig.received(CHILD, new Uint8Array(0)),
      code: CloseCode.protocolViolation,
    },
    'speaks before its hello': {
      play: (rig) => rig.received(CHILD, { kind: 'ping', sentMs: 1 }),
      code: CloseCode.protocolViolation,
    },
    'says hello twice': {
      play: (rig) => {
        rig.received(CHILD, rig.hello('viewer'));
        rig.received(CHILD, rig.hello('viewer'));
      },
      code: CloseCode.protocolViolation,
    },
    'says what only parents say': {
      play: (rig) => {
        rig.received(CHILD, rig.hello('viewer'));
        rig.received(CHILD, { kind: 'absent' });
      },
      code: CloseCode.protocolViolation,
    },
    'has an audience and is no relay': {
      play: (rig) => {
        rig.received(CHILD, rig.hello('viewer'));
        rig.received(CHILD, { kind: 'audience', viewerCount: 9 });
      },
      code: CloseCode.protocolViolation,
    },
    'wants another channel': {
      play: (rig) => rig.received(CHILD, { ...rig.hello('viewer'), channelKey: new Uint8Array(32) }),
      code: CloseCode.unknownChannel,
    },
    'sends too much at once': {
      play: (rig) => rig.received(CHILD, new Uint8Array(Limits.CONTROL_BYTES_MAX + 2).fill(2)),
      code: CloseCode.messageTooLarge,
    },
    'sends too often': {
      play: (rig) => {
        rig.received(CHILD, rig.hello('viewer'));
        for (let i = 0; i < Limits.CONTROL_RATE_MAX; i++) rig.received(CHILD, { kind: 'ping', sentMs: i });
      },
      code: CloseCode.tooManyMessages,
    },
    'never says hello': { play: (rig) => rig.pass(Limits.HELLO_TIMEOUT_MS), code: CloseCode.timeout },
    'falls silent': {
      play: (rig) => {
        rig.received(CHILD, rig.hello('viewer'));
        rig.pass(Limits.CHILD_SILENCE_MS_MAX);
      },
      code: CloseCode.timeout,
    },
  };
  for (const [what, { play, code }] of Object.entries(cases))
    it(`and ${what} is closed with ${code}`, () => {
      const rig = publisher();
      rig.input({ kind: 'child-opened', link: CHILD });
      play(rig);
      expect(closeOf(rig)).toBe(code);
      expect(rig.session.childCount).toBe(0);
    });

  it('is not heard any more', () => {
    const rig = publisher(1);
    rig.input({ kind: 'child-opened', link: CHILD });
    rig.received(CHILD, Uint8Array.of(9));
    rig.clear();
    rig.received(CHILD, rig.hello('viewer'));
    rig.input({ kind: 'writable', link: CHILD, bufferedBytes: 0 });
    rig.input({ kind: 'overflowed', link: CHILD });
    rig.input({ kind: 'closed', link: CHILD, code: 1000, reason: '' });
    expect(rig.outputs).toEqual([]);
  });

  it('and speaks no common version is told what to do', () => {
    const rig = publisher();
    rig.input({ kind: 'child-opened', link: CHILD });
    const { channelKey } = rig.broadcast;
    const hello = { kind: 'hello', versionMin: 9, versionMax: 9, capabilities: [], channelKey } as const;
    rig.received(CHILD, encodeControl({ ...hello, role: 'viewer', agent: '' }));
    expect(rig.of('close')[0]).toMatchObject({ code: CloseCode.versionUnsupported });
    expect(rig.of('close')[0]?.reason).toContain('older version 1, this one 9: update Freshet there');
  });

  it('does not stay for speaking in time: one that pings lives', () => {
    const rig = publisher();
    rig.addChild(CHILD);
    for (let i = 0; i < 20; i++) {
      rig.pass(Limits.CHILD_SILENCE_MS_MAX - 1);
      rig.received(CHILD, { kind: 'ping', sentMs: i });
    }
    expect(rig.session.childCount).toBe(1);
  });

  it('at a slow rate is no flood', () => {
    const rig = publisher();
    rig.addChild(CHILD);
    for (let i = 0; i < Limits.CONTROL_RATE_MAX * 3; i++) {
      rig.pass(Limits.PING_FAST_MS);
      rig.received(CHILD, { kind: 'ping', sentMs: i });
    }
    expect(rig.session.childCount).toBe(1);
  });
});
