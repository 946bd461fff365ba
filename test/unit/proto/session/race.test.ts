/** Parents that are dialled side by side: whichever opens first feeds, the better one is kept. */

import { Capability, CloseCode, Limits } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { Broadcast } from '../../../sim/broadcast.js';
import { Rig } from './rig.js';

const dialled = (rig: Rig): string[] => rig.of('dial').map(({ url }) => url);
const linkOf = (rig: Rig, url: string): number =>
  rig.of('dial').findLast((dial) => dial.url === url)?.link ?? 0;
const closedUrls = (rig: Rig): (string | undefined)[] =>
  rig.of('close').map(({ link }) => rig.of('dial').find((dial) => dial.link === link)?.url);

function viewer(parents: readonly string[], role: 'viewer' | 'relay' = 'viewer'): Rig {
  const rig = new Rig(new Broadcast(), { role, parents });
  rig.input({ kind: 'timeout' });
  return rig;
}

/** The parent opens, says hello and what it has, and answers pings after `rttMs`. */
function answer(rig: Rig, url: string, rttMs = 20): number {
  const link = linkOf(rig, url);
  rig.input({ kind: 'parent-opened', link });
  rig.received(link, { ...rig.hello('relay'), capabilities: [Capability.tree] });
  rig.received(link, { kind: 'catalog', signed: rig.broadcast.catalog() });
  const sentMs = rig.nowMs;
  rig.pass(rttMs);
  rig.received(link, { kind: 'pong', sentMs, broadcastMs: undefined });
  return link;
}

describe('a viewer that knows several relays', () => {
  it('dials one, and the next beside it only when that takes long', () => {
    const rig = viewer(['ws://a', 'ws://b', 'ws://c']);
    rig.pass(Limits.RACE_MS - 1);
    expect(dialled(rig)).toEqual(['ws://a']);
    rig.pass(1);
    expect(dialled(rig)).toEqual(['ws://a', 'ws://b']);
  });

  it('never dials another beside one that answered in time', () => {
    const rig = viewer(['ws://a', 'ws://b']);
    rig.pass(Limits.RACE_MS / 2);
    answer(rig, 'ws://a');
    rig.pass(Limits.RACE_MS * 4);
    expect(dialled(rig)).toEqual(['ws://a']);
  });

  it('takes whichever says hello first, and lets the other go', () => {
    const rig = viewer(['ws://a', 'ws://b']);
    rig.pass(Limits.RACE_MS);
    answer(rig, 'ws://b');
    expect(rig.events('parent-ready').map(({ url }) => url)).toEqual(['ws://b']);
    rig.pass(Limits.RACE_JUDGE_MS);
    expect(closedUrls(rig)).toEqual(['ws://a']);
    expect(rig.session.stats(rig.now).parentCount).toBe(1);
  });

  it('keeps the first when the other comes in late and is no better', () => {
    const rig = viewer(['ws://a', 'ws://b']);
    rig.pass(Limits.RACE_MS);
    answer(rig, 'ws://a', 20);
    answer(rig, 'ws://b', 20);
    rig.pass(Limits.RACE_JUDGE_MS);
    expect(closedUrls(rig)).toEqual(['ws://b']);
  });

  it('changes to one that comes in later and is nearer as soon as it delivers, without a piece lost or twice', () => {
    const rig = viewer(['ws://far', 'ws://near']);
    rig.pass(Limits.RACE_MS);
    const far = answer(rig, 'ws://far', 300);
    const messages = rig.broadcast.groups(4, 10);
    for (const message of messages.slice(0, 6)) rig.received(far, message);
    const near = answer(rig, 'ws://near', 10);
    rig.pass(Limits.RACE_JUDGE_MS);
    const asked = rig.said(near).find(({ kind }) => kind === 'subscribe');
    expect(asked).toMatchObject({ kind: 'subscribe', from: 6 });
    expect(closedUrls(rig)).toEqual([]);
    for (const message of messages.slice(6)) rig.received(near, message);
    expect(closedUrls(rig)).toEqual(['ws://far']);
    expect(rig.chunks).toHaveLength(messages.length);
  });

  it('goes through all of them while none answers', () => {
    const rig = viewer(['ws://a', 'ws://b', 'ws://c', 'ws://d']);
    rig.pass(Limits.RACE_MS + Limits.RACE_TURN_MS * 2);
    expect(new Set(dialled(rig))).toEqual(new Set(['ws://a', 'ws://b', 'ws://c', 'ws://d']));
    const closed = rig.of('close').filter(({ code }) => code === CloseCode.timeout);
    expect(dialled(rig).length - closed.length).toBe(2);
  });

  it('is left with the other one when the first refuses', () => {
    const rig = viewer(['ws://a', 'ws://b']);
    rig.pass(Limits.RACE_MS);
    rig.input({ kind: 'closed', link: linkOf(rig, 'ws://a'), code: 1006, reason: '' });
    answer(rig, 'ws://b');
    expect(rig.session.stats(rig.now).parentCount).toBe(1);
    expect(rig.said(linkOf(rig, 'ws://b')).some(({ kind }) => kind === 'subscribe')).toBe(true);
  });

  it('prefers a WebSocket to an edge that is as near', () => {
    const edge = 'udp://192.0.2.7:9000/x';
    const rig = viewer([edge, 'ws://a']);
    expect(dialled(rig)).toEqual(['ws://a']);
  });
});

describe('a relay that knows several parents', () => {
  it('keeps the slower one of a race as its warm parent', () => {
    const rig = viewer(['ws://a', 'ws://b'], 'relay');
    rig.pass(Limits.RACE_MS);
    answer(rig, 'ws://b');
    answer(rig, 'ws://a');
    rig.pass(Limits.RACE_JUDGE_MS * 2);
    expect(rig.session.stats(rig.now).parentCount).toBe(2);
    expect(closedUrls(rig)).toEqual([]);
  });
});
