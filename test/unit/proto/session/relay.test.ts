import { Limits } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { BROADCAST_START_MS, Broadcast, createRendition } from '../../../sim/broadcast.js';
import { plainBytes } from '../plain-bytes.js';
import { RIG_START_MS, Rig } from './rig.js';

const renditions = [createRendition(1), createRendition(2), createRendition(3)];

/** A relay with a parent, a catalog of three renditions, and the clock. */
function relay(): { rig: Rig; parent: number } {
  const broadcast = new Broadcast();
  const rig = new Rig(broadcast, { role: 'relay', parents: ['ws://a', 'ws://b'] });
  const parent = rig.connect();
  rig.received(parent, { kind: 'catalog', signed: broadcast.catalog({ renditions }) });
  rig.received(parent, { kind: 'pong', sentMs: RIG_START_MS, broadcastMs: BROADCAST_START_MS });
  return { rig, parent };
}

const askedOf = (rig: Rig, link: number): number[] =>
  rig.said(link).flatMap((message) => (message.kind === 'subscribe' ? [message.renditionId] : []));

describe('a relay', () => {
  it('passes a piece on as the very bytes that came, as soon as it is verified', () => {
    const { rig, parent } = relay();
    rig.addChild(1);
    const [keyframe = new Uint8Array(), next = new Uint8Array()] = rig.broadcast.groups(1, 2);
    rig.received(parent, keyframe);
    rig.received(parent, next);
    expect(rig.burst(1)).toEqual([keyframe]);
    expect(rig.of('publish').at(-1)?.bytes).toBe(next);
  });

  it('passes nothing on that is not verified', () => {
    const { rig, parent } = relay();
    rig.addChild(1);
    rig.isVerifying = false;
    for (const message of rig.broadcast.groups(1, 3)) rig.received(parent, message);
    expect(rig.burst(1)).toEqual([]);
    expect(rig.of('publish').filter(({ topic }) => topic !== 'control')).toEqual([]);
  });

  it('passes the catalog on as it came', () => {
    const { rig, parent } = relay();
    rig.addChild(1);
    rig.clear();
    const signed = rig.broadcast.catalog({ revision: 2, renditions });
    rig.received(parent, { kind: 'catalog', signed });
    expect(rig.of('publish').map(({ topic }) => topic)).toEqual(['control']);
    rig.addChild(2);
    expect(plainBytes(rig.said(2)[1])).toEqual(plainBytes({ kind: 'catalog', signed }));
  });

  it('takes the default for itself, and what children want beside it once', () => {
    const { rig, parent } = relay();
    expect(askedOf(rig, parent)).toEqual([0]);
    for (const link of [1, 2]) {
      rig.addChild(link);
      rig.received(link, { kind: 'subscribe', renditionId: 2, stripeMask: 0 });
      rig.received(link, { kind: 'subscribe', renditionId: 1, stripeMask: 0 });
    }
    expect(askedOf(rig, parent)).toEqual([0, 2]);
  });

  it('asks for nothing that the catalog does not name, however much children ask', () => {
    const { rig, parent } = relay();
    rig.addChild(1);
    for (let renditionId = 100; renditionId < 140; renditionId++) {
      rig.received(1, { kind: 'subscribe', renditionId, stripeMask: 0 });
      rig.received(1, { kind: 'unsubscribe', renditionId });
    }
    expect(askedOf(rig, parent)).toEqual([0]);
  });

  it('asks a new parent for what children want now, and later for what they come to want', () => {
    const { rig, parent } = relay();
    rig.addChild(1);
    rig.received(1, { kind: 'subscribe', renditionId: 2, stripeMask: 0 });
    rig.addChild(2);
    rig.received(2, { kind: 'subscribe', renditionId: 3, stripeMask: 0 });
    rig.received(2, { kind: 'unsubscribe', renditionId: 3 });
    rig.input({ kind: 'closed', link: parent, code: 1006, reason: '' });
    const next = rig.connect();
    expect(askedOf(rig, next)).toEqual([0, 2]);
    rig.received(2, { kind: 'subscribe', renditionId: 3, stripeMask: 0 });
    expect(askedOf(rig, next)).toEqual([0, 2, 3]);
  });

  it('asks for what its children wait for when a catalog comes to name it', () => {
    const { rig, parent } = relay();
    rig.addChild(1);
    rig.received(1, { kind: 'subscribe', renditionId: 4, stripeMask: 0 });
    const more = [...renditions, createRendition(4)];
    rig.received(parent, {
      kind: 'catalog',
      signed: rig.broadcast.catalog({ revision: 2, renditions: more }),
    });
    expect(askedOf(rig, parent)).toEqual([0, 4]);
  });

  it('lets go of what a rendition held when a catalog drops it', () => {
    const { rig, parent } = relay();
    for (const message of rig.broadcast.groups(1, 3, { renditionId: 2 })) rig.received(parent, message);
    expect(rig.session.holdings.windowBytes).toBeGreaterThan(0);
    const [first = createRendition(1)] = renditions;
    rig.received(parent, {
      kind: 'catalog',
      signed: rig.broadcast.catalog({ revision: 2, renditions: [first] }),
    });
    expect(rig.session.holdings.windowBytes).toBe(0);
  });

  it('tells its parent its audience when that changes, at most once a second', () => {
    const { rig, parent } = relay();
    for (let link = 1; link <= 5; link++) {
      rig.addChild(link);
      rig.pass(100);
    }
    rig.pass(Limits.AUDIENCE_MS * 2);
    const audiences = rig
      .said(parent)
      .flatMap((message) => (message.kind === 'audience' ? [message.viewerCount] : []));
    expect(audiences.at(-1)).toBe(5);
    expect(audiences.length).toBeLessThanOrEqual(3);
  });

  it('tells no more viewers than the message can carry', () => {
    const { rig, parent } = relay();
    for (const link of [1, 2]) {
      rig.addChild(link, 'relay');
      rig.received(link, { kind: 'audience', viewerCount: 0xffffffff });
    }
    rig.pass(Limits.AUDIENCE_MS * 2);
    expect(rig.said(parent)).toContainEqual({ kind: 'audience', viewerCount: 0xffffffff });
  });

  it('tells no time while it knows none', () => {
    const rig = new Rig(new Broadcast(), { role: 'relay', parents: ['ws://a'] });
    rig.addChild(1);
    rig.received(1, { kind: 'ping', sentMs: 3 });
    expect(rig.said(1).at(-1)).toEqual({ kind: 'pong', sentMs: 3, broadcastMs: undefined });
  });

  it('tells no time that it cannot be, whatever its parent says', () => {
    const rig = new Rig(new Broadcast(), { role: 'relay', parents: ['ws://a'] });
    const parent = rig.connect();
    rig.received(parent, { kind: 'pong', sentMs: -1e308, broadcastMs: 1.7e308 });
    rig.addChild(1);
    rig.received(1, { kind: 'ping', sentMs: 3 });
    expect(rig.said(1).at(-1)).toEqual({ kind: 'pong', sentMs: 3, broadcastMs: undefined });
  });

  it('puts its prefix in front of every topic', () => {
    const broadcast = new Broadcast();
    const rig = new Rig(broadcast, { role: 'publisher', topicPrefix: 'x/' });
    rig.input({ kind: 'publish-catalog', signed: broadcast.catalog() });
    rig.publish(broadcast.groups(1, 1));
    rig.addChild(1);
    expect(rig.topics(1).every((topic) => topic.startsWith('x/'))).toBe(true);
  });

  it('learns no parents from the catalog: its own are configured', () => {
    const broadcast = new Broadcast();
    const relays = ['https://r.example'];
    for (const role of ['relay', 'viewer'] as const) {
      const rig = new Rig(broadcast, { role, parents: ['ws://a'] });
      const link = rig.connect();
      rig.received(link, { kind: 'catalog', signed: broadcast.catalog({ relays }) });
      rig.input({ kind: 'closed', link, code: 1006, reason: '' });
      rig.input({ kind: 'timeout' });
      const second = rig.of('dial')[1]?.url;
      if (role === 'relay') expect(second).toBeUndefined();
      else expect(second).toMatch(/^wss:\/\/r\.example\/channel\/fr1/);
    }
  });
});
