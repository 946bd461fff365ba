/** Relays among relays: paths, the warm parent, silence, redirects. */

import { Capability, CloseCode, type ControlMessage, Limits } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { BROADCAST_START_MS, Broadcast, createRendition } from '../../../sim/broadcast.js';
import { RIG_START_MS, Rig } from './rig.js';
import {
  answer,
  CHILD,
  CHUNK_MS,
  closeOf,
  feed,
  lastDial,
  PARENTS,
  path,
  relay,
  saidOf,
  urlOf,
  warmRelay,
} from './tree-rig.js';

describe('a relay in the tree', () => {
  it('tells its child relays, and nobody else, the path from the publisher to itself', () => {
    const rig = relay();
    rig.addChild(1);
    rig.input({ kind: 'child-opened', link: CHILD });
    rig.received(CHILD, { ...rig.hello('relay'), capabilities: [Capability.tree] });
    rig.addChild(6, 'relay');
    const [told] = saidOf(rig, CHILD, 'path');
    expect(told?.nodes).toHaveLength(3);
    expect(told?.nodes.slice(0, 2)).toEqual([1, 2]);
    expect([...saidOf(rig, 1, 'path'), ...saidOf(rig, 6, 'path')]).toEqual([]);
  });

  it('tells them again when it changes, once however often', () => {
    const rig = relay();
    rig.input({ kind: 'child-opened', link: CHILD });
    rig.received(CHILD, { ...rig.hello('relay'), capabilities: [Capability.tree] });
    rig.pass(Limits.PATH_MS);
    rig.clear();
    for (let node = 10; node < 60; node++) rig.received(lastDial(rig) || 2 ** 40, path(1, node));
    rig.pass(Limits.PATH_MS * 2);
    const told = saidOf(rig, CHILD, 'path');
    expect(told.length).toBeLessThanOrEqual(2);
    expect(told.at(-1)?.nodes.slice(0, 2)).toEqual([1, 59]);
  });

  it('leaves a parent that is below itself, and takes another', () => {
    const rig = relay();
    const link = lastDial(rig);
    rig.input({ kind: 'child-opened', link: CHILD });
    rig.received(CHILD, { ...rig.hello('relay'), capabilities: [Capability.tree] });
    const own = saidOf(rig, CHILD, 'path')[0]?.nodes.at(-1) ?? 0;
    rig.received(link, path(1, own, 7));
    expect(closeOf(rig, link)).toBe(CloseCode.loop);
    expect(rig.session.stats(rig.now).refused.loop).toBe(1);
    rig.input({ kind: 'timeout' });
    expect(urlOf(rig, lastDial(rig))).toBe('ws://b');
  });

  it('leaves a parent that is too far from the publisher', () => {
    const far = path(...Array.from({ length: Limits.HOPS_MAX }, (_, index) => index));
    const rig = relay(PARENTS, [far]);
    expect(rig.of('close').map(({ code }) => code)).toEqual([CloseCode.loop]);
  });

  it('dials a parent that is below itself less and less often', () => {
    const rig = new Rig(new Broadcast(), { role: 'relay', parents: ['ws://a'] });
    rig.input({ kind: 'child-opened', link: CHILD });
    rig.received(CHILD, { ...rig.hello('relay'), capabilities: [Capability.tree] });
    const own = saidOf(rig, CHILD, 'path')[0]?.nodes.at(-1) ?? 0;
    const untilMs = rig.nowMs + 600_000;
    let dials = 0;
    for (; rig.nowMs < untilMs; dials++) {
      const before = rig.of('dial').length;
      while (rig.of('dial').length === before && rig.nowMs < untilMs) rig.pass(100);
      if (rig.nowMs < untilMs) answer(rig, lastDial(rig), [path(9, own)]);
    }
    expect(dials).toBeLessThan(30);
  });

  it('closes a parent that speaks of paths though it never said that it would', () => {
    const rig = new Rig(new Broadcast(), { role: 'relay', parents: ['ws://a'] });
    const link = rig.connect();
    rig.received(link, path(1));
    expect(closeOf(rig, link)).toBe(CloseCode.protocolViolation);
  });
});

describe('the warm parent', () => {
  it('is greeted and pinged, and asked for nothing', () => {
    const { rig, second } = warmRelay();
    expect(new Set(rig.said(second).map(({ kind }) => kind))).toEqual(new Set(['hello', 'ping']));
    expect(rig.session.stats(rig.now).parentCount).toBe(2);
  });

  it('goes on at once with the piece that comes next when the first is lost', () => {
    const { rig, first, second } = warmRelay();
    rig.clear();
    rig.input({ kind: 'closed', link: first, code: 1006, reason: '' });
    expect(saidOf(rig, second, 'subscribe')).toMatchObject([{ renditionId: 0, from: 20 }]);
    expect(rig.events('parent-ready').map(({ url }) => url)).toEqual(['ws://b']);
  });

  it('is asked for a piece that is missing among those that came', () => {
    const { rig, first, second, messages } = warmRelay();
    feed(rig, first, messages.slice(1, 5));
    rig.input({ kind: 'closed', link: first, code: 1006, reason: '' });
    expect(saidOf(rig, second, 'subscribe')).toMatchObject([{ from: 20 }]);
  });

  it('of another epoch begins at a keyframe: numbers mean something else there', () => {
    const { rig, first, second } = warmRelay();
    rig.isVerifying = false;
    const signed = new Broadcast({ epoch: 1_900_000_000_000 }).catalog();
    rig.received(second, { kind: 'catalog', signed });
    rig.input({ kind: 'closed', link: first, code: 1006, reason: '' });
    expect(saidOf(rig, second, 'subscribe').map(({ from }) => from)).toEqual([undefined]);
  });

  it('may skip to a keyframe when the last piece is long ago, and not when it is not', () => {
    for (const isLongAgo of [true, false]) {
      const { rig, first, second } = warmRelay();
      const signed = rig.broadcast.catalog({ revision: 2, state: 'waiting' });
      rig.received(first, { kind: 'catalog', signed });
      rig.pass(isLongAgo ? Limits.RESUME_MS_MAX : 10);
      rig.input({ kind: 'closed', link: first, code: 1006, reason: '' });
      const behindMs = isLongAgo ? undefined : Limits.RESUME_MS_MAX;
      expect(saidOf(rig, second, 'subscribe')).toMatchObject([{ from: 20, behindMs }]);
    }
  });

  it('is not asked for an old epoch, and asked as soon as it has the new one', () => {
    const { rig, first, second } = warmRelay();
    const next = new Broadcast({ epoch: BROADCAST_START_MS + 5_000 });
    rig.received(first, { kind: 'catalog', signed: next.catalog() });
    rig.input({ kind: 'closed', link: first, code: 1006, reason: '' });
    expect(saidOf(rig, second, 'subscribe')).toEqual([]);
    rig.received(second, { kind: 'catalog', signed: next.catalog() });
    expect(saidOf(rig, second, 'subscribe')).toHaveLength(1);
  });

  it('is asked as well when the first delivers nothing, and the first is left when only the second delivers', () => {
    const { rig, first, second, messages } = warmRelay();
    rig.pass(Limits.FLOW_SILENCE_MS);
    expect(saidOf(rig, second, 'subscribe')).toMatchObject([{ from: 20 }]);
    expect(closeOf(rig, first)).toBeUndefined();
    feed(rig, second, messages.splice(0, 10));
    expect(closeOf(rig, first)).toBe(CloseCode.timeout);
    expect(rig.events('parent-ready').map(({ url }) => url)).toEqual(['ws://a', 'ws://b']);
  });

  it('leaves nobody while neither delivers: the broadcast itself halts', () => {
    const { rig, first, second, messages } = warmRelay();
    rig.pass(5_000);
    expect(rig.of('close')).toEqual([]);
    expect(saidOf(rig, second, 'subscribe')).toHaveLength(1);
    for (const message of messages.splice(0, 10)) {
      rig.pass(CHUNK_MS);
      rig.received(first, message);
      rig.received(second, message);
    }
    expect(rig.of('close')).toEqual([]);
    expect(saidOf(rig, second, 'unsubscribe')).toHaveLength(1);
  });

  it('does not take over from one that only paused, and is asked for nothing any more', () => {
    const { rig, first, second, messages } = warmRelay();
    rig.pass(Limits.FLOW_SILENCE_MS);
    rig.received(second, messages[0] ?? new Uint8Array());
    feed(rig, first, messages.splice(1, 8));
    expect(rig.of('close')).toEqual([]);
    expect(saidOf(rig, second, 'unsubscribe')).toHaveLength(1);
    expect(rig.session.stats(rig.now).parentChanges).toBe(0);
  });

  it('is let go once, and not asked again, when the first is only a moment slower', () => {
    const { rig, first, second, messages } = warmRelay();
    rig.pass(Limits.FLOW_SILENCE_MS);
    for (const message of messages.splice(0, 20)) {
      rig.pass(CHUNK_MS);
      if (saidOf(rig, second, 'unsubscribe').length === 0) rig.received(second, message);
      rig.received(first, message);
    }
    expect(saidOf(rig, second, 'subscribe')).toHaveLength(1);
    expect(saidOf(rig, second, 'unsubscribe')).toHaveLength(1);
    expect(rig.of('close')).toEqual([]);
  });

  it('is not asked because a stream has few pieces', () => {
    const { rig, first, second, messages } = warmRelay();
    for (let round = 0; round < 12; round++) {
      rig.pass(Limits.FLOW_SILENCE_MS - 20);
      rig.received(first, messages.shift() ?? new Uint8Array());
    }
    rig.pass(Limits.FLOW_SILENCE_MS * 2);
    expect(saidOf(rig, second, 'subscribe')).toEqual([]);
  });

  it('does not tell the time', () => {
    const { rig, second } = warmRelay();
    const before = (rig.session.broadcastNow(rig.now) ?? 0) - rig.nowMs;
    rig.received(second, { kind: 'pong', sentMs: rig.nowMs, broadcastMs: BROADCAST_START_MS + 9e9 });
    expect((rig.session.broadcastNow(rig.now) ?? 0) - rig.nowMs).toBe(before);
  });

  it('is another one when the second hangs on the first', () => {
    const rig = relay();
    rig.pass(Limits.WARM_AFTER_MS);
    const second = answer(rig, lastDial(rig), [path(1, 2, 8)]);
    expect(closeOf(rig, second)).toBe(CloseCode.goingAway);
    rig.pass(1);
    expect(urlOf(rig, lastDial(rig))).toBe('ws://c');
  });

  it('takes over from one that is farther away, seldom, and without a missing piece', () => {
    const { rig, first, second, messages } = warmRelay();
    rig.addChild(1);
    const pong = (link: number, rttMs: number): void =>
      rig.received(link, { kind: 'pong', sentMs: rig.nowMs - rttMs, broadcastMs: undefined });
    rig.received(lastDial(rig), path(1));
    for (let round = 0; round < 400 && rig.session.stats(rig.now).parentChanges === 0; round++) {
      pong(first, 400);
      pong(second, 10);
      const more = messages.length > 0 ? messages : rig.broadcast.groups(1, 10);
      const [message = new Uint8Array()] = more.splice(0, 1);
      messages.splice(0, messages.length, ...more);
      rig.pass(250);
      rig.received(first, message);
      if (saidOf(rig, second, 'subscribe').length > 0) rig.received(second, message);
    }
    expect(rig.session.stats(rig.now).parentChanges).toBe(1);
    expect(rig.nowMs - RIG_START_MS).toBeGreaterThanOrEqual(Limits.CHANGE_MS_MIN);
    expect(saidOf(rig, first, 'unsubscribe')).toHaveLength(1);
    expect(rig.of('close')).toEqual([]);
    // Or the publisher would count the viewer twice.
    rig.pass(Limits.AUDIENCE_MS);
    expect(saidOf(rig, first, 'audience').map(({ viewerCount }) => viewerCount)).toEqual([1, 0]);
    expect(saidOf(rig, second, 'audience').map(({ viewerCount }) => viewerCount)).toEqual([1]);
  });

  it('need not be there: a relay that finds another parent later waits for its catalog, and goes on', () => {
    const rig = relay(['ws://a', 'ws://b']);
    const first = lastDial(rig);
    feed(rig, first, rig.broadcast.groups(1, 4));
    rig.input({ kind: 'closed', link: lastDial(rig), code: 1006, reason: '' });
    rig.input({ kind: 'closed', link: first, code: 1006, reason: '' });
    rig.pass(Limits.DIAL_BACKOFF_MS_MIN);
    const link = lastDial(rig);
    rig.input({ kind: 'parent-opened', link });
    expect(saidOf(rig, link, 'subscribe')).toEqual([]);
    rig.received(link, rig.hello('relay'));
    rig.received(link, { kind: 'catalog', signed: rig.broadcast.catalog() });
    expect(saidOf(rig, link, 'subscribe')).toMatchObject([{ from: 4 }]);
  });
});

const redirect = (isLeaving: boolean, ...relays: string[]): ControlMessage => ({
  kind: 'redirect',
  relays,
  isLeaving,
});

describe('a redirect', () => {
  const dialled = (rig: Rig): string[] => rig.of('dial').map(({ url }) => url.replace(/\/channel.*/, ''));

  it('of a full parent is followed first', () => {
    const rig = new Rig(new Broadcast(), { role: 'viewer', parents: ['wss://a.example', 'wss://b.example'] });
    rig.input({ kind: 'timeout' });
    const link = answer(rig, lastDial(rig), [redirect(false, 'https://below.example')]);
    rig.input({ kind: 'closed', link, code: CloseCode.full, reason: '' });
    rig.input({ kind: 'timeout' });
    expect(dialled(rig)).toEqual(['wss://a.example', 'wss://below.example']);
  });

  it('counts once for a link', () => {
    const rig = new Rig(new Broadcast(), { role: 'viewer', parents: ['wss://a.example'] });
    rig.input({ kind: 'timeout' });
    const twice = [redirect(false, 'https://one.example'), redirect(false, 'https://two.example')];
    const link = answer(rig, lastDial(rig), twice);
    rig.input({ kind: 'closed', link, code: CloseCode.full, reason: '' });
    for (let round = 0; round < 3; round++) {
      rig.pass(5_000);
      rig.input({ kind: 'closed', link: lastDial(rig), code: 1006, reason: '' });
    }
    expect(new Set(dialled(rig))).toEqual(new Set(['wss://a.example', 'wss://one.example']));
  });

  it('leads nowhere when it is one of many in a row', () => {
    const rig = new Rig(new Broadcast(), { role: 'viewer', parents: ['wss://a.example'] });
    for (let round = 0; round < 200; round++) {
      const before = rig.of('dial').length;
      while (rig.of('dial').length === before) rig.pass(100);
      const names = [0, 1, 2, 3].map((index) => `https://r${round}-${index}.example`);
      answer(rig, lastDial(rig), [redirect(false, ...names), redirect(false, ...names)]);
      rig.input({ kind: 'closed', link: lastDial(rig), code: CloseCode.full, reason: '' });
      if (rig.nowMs > RIG_START_MS + 60_000) break;
    }
    const [own, others] = [0, 1].map(
      (other) => dialled(rig).filter((url) => (url === 'wss://a.example') === (other === 0)).length,
    );
    expect(own).toBeLessThan(20);
    // Three spans of half a minute, at most.
    expect(others).toBeLessThanOrEqual(3 * Limits.PARENTS_TOLD_MAX);
  });

  it('of a parent on the internet sends nobody into a private network', () => {
    const rig = new Rig(new Broadcast(), { role: 'viewer', parents: ['wss://a.example'] });
    rig.input({ kind: 'timeout' });
    const link = answer(rig, lastDial(rig), [redirect(false, 'http://192.168.1.1', 'http://router.local')]);
    rig.input({ kind: 'closed', link, code: CloseCode.full, reason: '' });
    rig.pass(1_000);
    expect(new Set(dialled(rig))).toEqual(new Set(['wss://a.example']));
  });

  it('of a parent that leaves is followed while that goes on, which is closed when the other delivers', () => {
    const rig = new Rig(new Broadcast(), { role: 'viewer', parents: ['wss://a.example'] });
    rig.input({ kind: 'timeout' });
    const first = answer(rig, lastDial(rig));
    rig.received(first, { kind: 'pong', sentMs: RIG_START_MS, broadcastMs: BROADCAST_START_MS });
    const messages = rig.broadcast.groups(3, 10);
    feed(rig, first, messages.splice(0, 5));
    rig.received(first, redirect(true, 'https://next.example'));
    rig.pass(1);
    const second = lastDial(rig);
    expect(dialled(rig).at(-1)).toBe('wss://next.example');
    rig.input({ kind: 'parent-opened', link: second });
    expect(saidOf(rig, second, 'subscribe')).toEqual([]);
    feed(rig, first, messages.splice(0, 2));
    answer(rig, second);
    expect(saidOf(rig, second, 'subscribe')).toMatchObject([{ from: 7 }]);
    expect(closeOf(rig, first)).toBeUndefined();
    feed(rig, second, messages.splice(0, 1));
    expect(closeOf(rig, first)).toBe(CloseCode.goingAway);
    expect(rig.chunks.map(({ chunkNumber }) => chunkNumber)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(rig.events('parent-lost')).toEqual([]);
  });

  it('of a parent that leaves makes a relay use its warm one', () => {
    const { rig, first, second, messages } = warmRelay();
    rig.received(first, redirect(true));
    expect(saidOf(rig, second, 'subscribe')).toMatchObject([{ from: 20 }]);
    feed(rig, second, messages.splice(0, 1));
    expect(closeOf(rig, first)).toBe(CloseCode.goingAway);
    rig.pass(20_000);
    expect(rig.of('dial').filter(({ url }) => url === 'ws://a')).toHaveLength(1);
  });
});

describe('a relay with limits', () => {
  /** A child of today; `origin` makes it a relay that others can reach. */
  const greet = (rig: Rig, link: number, role: 'viewer' | 'relay', origin?: string): void => {
    rig.input({ kind: 'child-opened', link });
    const hello = { ...rig.hello(role), capabilities: [Capability.stripes, Capability.tree] };
    const claim = { origin, originToken: 'recognised-by-itself' };
    rig.received(link, origin === undefined ? hello : { ...hello, ...claim });
  };
  const full = (): Rig =>
    new Rig(new Broadcast(), {
      role: 'relay',
      tree: { origin: 'https://own.example', hasRoom: (role) => role === 'relay' },
    });

  it('sends a newcomer to the relays below, one after the other first, and closes it as full', () => {
    const rig = full();
    for (const [index, origin] of ['https://x.example', 'https://y.example'].entries())
      greet(rig, 10 + index, 'relay', origin);
    greet(rig, 1, 'viewer');
    greet(rig, 2, 'viewer');
    expect(rig.said(1).map(({ kind }) => kind)).toEqual(['hello', 'redirect']);
    expect(saidOf(rig, 1, 'redirect')[0]?.relays).toEqual(['https://x.example', 'https://y.example']);
    expect(saidOf(rig, 2, 'redirect')[0]?.relays).toEqual(['https://y.example', 'https://x.example']);
    expect(rig.of('close').map(({ code }) => code)).toEqual([CloseCode.full, CloseCode.full]);
    expect(rig.session.childCounts).toEqual({ viewer: 0, relay: 2 });
  });

  it('sends nobody to an origin before it is proven, and names it to no sibling', () => {
    const rig = full();
    rig.isProvingOrigins = false;
    greet(rig, 10, 'relay', 'https://x.example');
    greet(rig, 11, 'relay', 'https://y.example');
    expect(rig.events('origin-claimed').map(({ link, origin }) => [link, origin])).toEqual([
      [10, 'https://x.example'],
      [11, 'https://y.example'],
    ]);
    rig.input({ kind: 'origin-proven', link: 11 });
    rig.pass(Limits.PATH_MS);
    greet(rig, 1, 'viewer');
    expect(saidOf(rig, 1, 'redirect')[0]?.relays).toEqual(['https://y.example']);
    expect(rig.session.originsBelow).toEqual(['https://y.example']);
    expect(saidOf(rig, 10, 'path').at(-1)?.siblings).toEqual(['https://y.example']);
    expect(saidOf(rig, 11, 'path').at(-1)?.siblings).toEqual([]);
    rig.input({ kind: 'closed', link: 11, code: 1006, reason: '' });
    expect(rig.session.originsBelow).toEqual([]);
  });

  it('closes a newcomer that knows no redirects as full, without one', () => {
    const rig = full();
    rig.addChild(1);
    expect(rig.said(1).map(({ kind }) => kind)).toEqual(['hello']);
    expect(closeOf(rig, 1)).toBe(CloseCode.full);
  });

  it('tells a relay nothing twice, however many come and go', () => {
    const rig = new Rig(new Broadcast(), { role: 'relay' });
    greet(rig, 10, 'relay', 'https://x.example');
    for (let link = 20; link < 30; link++) {
      greet(rig, link, 'viewer');
      rig.pass(Limits.PATH_MS);
      rig.input({ kind: 'closed', link, code: 1006, reason: '' });
    }
    rig.pass(Limits.PATH_MS);
    expect(saidOf(rig, 10, 'path')).toHaveLength(1);
    expect(rig.session.childCounts).toEqual({ viewer: 0, relay: 1 });
  });

  it('names siblings to each other', () => {
    const rig = full();
    greet(rig, 10, 'relay', 'https://x.example');
    greet(rig, 11, 'relay', 'https://y.example');
    rig.pass(Limits.PATH_MS);
    expect(saidOf(rig, 10, 'path').at(-1)?.siblings).toEqual(['https://y.example']);
    expect(saidOf(rig, 11, 'path').at(-1)?.siblings).toEqual(['https://x.example']);
  });

  it('that leaves tells everybody over a few seconds, feeds them on, and turns newcomers away', () => {
    const rig = new Rig(new Broadcast(), {
      role: 'publisher',
      wallAtZeroMs: BROADCAST_START_MS - RIG_START_MS,
    });
    rig.input({ kind: 'publish-catalog', signed: rig.broadcast.catalog() });
    for (let link = 1; link <= 60; link++) greet(rig, link, 'viewer');
    greet(rig, 70, 'relay', 'https://x.example');
    rig.clear();
    rig.input({ kind: 'drain' });
    const toldAt = (): number =>
      Array.from({ length: 60 }, (_, index) => saidOf(rig, index + 1, 'redirect')).filter(
        ({ length }) => length === 1,
      ).length;
    expect(toldAt()).toBeLessThan(5);
    rig.pass(Limits.DRAIN_SPREAD_MS / 2);
    expect(toldAt()).toBeGreaterThan(25);
    expect(toldAt()).toBeLessThan(40);
    rig.pass(Limits.DRAIN_SPREAD_MS);
    expect(toldAt()).toBe(60);
    expect(saidOf(rig, 1, 'redirect')).toEqual([
      { kind: 'redirect', relays: ['https://x.example'], isLeaving: true },
    ]);
    expect(saidOf(rig, 70, 'redirect')).toEqual([{ kind: 'redirect', relays: [], isLeaving: true }]);
    expect(rig.of('close')).toEqual([]);
    greet(rig, 99, 'viewer');
    expect(closeOf(rig, 99)).toBe(CloseCode.full);
  });
});

describe('a relay on demand', () => {
  const onDemand = (): Rig => {
    const rig = new Rig(new Broadcast(), { role: 'relay', parents: PARENTS, tree: { isOnDemand: true } });
    rig.input({ kind: 'timeout' });
    answer(rig, lastDial(rig), [path(1, 2)]);
    return rig;
  };

  it('takes nothing that no child wants, and keeps no second parent for nobody', () => {
    const rig = onDemand();
    const link = lastDial(rig);
    rig.pass(Limits.WARM_AFTER_MS * 4);
    expect(saidOf(rig, link, 'subscribe')).toEqual([]);
    expect(rig.of('dial')).toHaveLength(1);
    rig.addChild(1);
    expect(saidOf(rig, link, 'subscribe')).toHaveLength(1);
    rig.pass(Limits.WARM_AFTER_MS);
    expect(rig.of('dial')).toHaveLength(2);
  });

  it('stops taking when the last child has gone, and lets its warm parent go', () => {
    const rig = onDemand();
    const link = lastDial(rig);
    rig.addChild(1);
    rig.pass(Limits.WARM_AFTER_MS);
    const second = answer(rig, lastDial(rig), [path(1, 3)]);
    rig.input({ kind: 'closed', link: 1, code: 1006, reason: '' });
    expect(saidOf(rig, link, 'unsubscribe')).toHaveLength(1);
    expect(closeOf(rig, second)).toBe(CloseCode.goingAway);
  });

  it('takes all renditions for an owner that wants them, and then the first for one that wants that', () => {
    const rig = onDemand();
    const link = lastDial(rig);
    const renditions = [createRendition(1), createRendition(720)];
    rig.received(link, { kind: 'catalog', signed: rig.broadcast.catalog({ revision: 2, renditions }) });
    rig.input({ kind: 'hold', isHeld: true, takesAll: true });
    expect(saidOf(rig, link, 'subscribe')).toMatchObject([{ renditionId: 0 }, { renditionId: 720 }]);
    rig.input({ kind: 'hold', isHeld: true, takesAll: false });
    expect(saidOf(rig, link, 'unsubscribe')).toMatchObject([{ renditionId: 720 }]);
  });

  it('takes the first rendition while its owner holds it', () => {
    const rig = onDemand();
    const link = lastDial(rig);
    rig.input({ kind: 'hold', isHeld: true });
    rig.input({ kind: 'hold', isHeld: false });
    expect(saidOf(rig, link, 'subscribe')).toHaveLength(1);
    expect(saidOf(rig, link, 'unsubscribe')).toHaveLength(1);
  });
});
