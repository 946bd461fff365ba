/** Parents that leave out pieces, or do worse. */

import { Capability, CloseCode, Limits } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { BROADCAST_START_MS, Broadcast } from '../../../sim/broadcast.js';
import type { Rig } from './rig.js';
import { CHILD, CHUNK_MS, closeOf, feed, lastDial, path, saidOf, urlOf, warmRelay } from './tree-rig.js';

describe('a parent that jumps over a piece', () => {
  /** The piece with number 23 does not come in its turn; whoever is asked has what `hasIt` says. */
  function jump(hasIt: (from: 'first' | 'second') => boolean): { rig: Rig; first: number; second: number } {
    const { rig, first, second, messages } = warmRelay();
    const missing = messages[3] ?? new Uint8Array();
    for (const [index, message] of messages.splice(0, 30).entries()) {
      rig.pass(CHUNK_MS);
      const isAsked = saidOf(rig, second, 'subscribe').length > saidOf(rig, second, 'unsubscribe').length;
      if (index !== 3 && closeOf(rig, first) === undefined) rig.received(first, message);
      if (index === 5 && hasIt('first')) rig.received(first, missing);
      if (index === 5 && hasIt('second')) rig.received(second, missing);
      if (isAsked && index !== 3) rig.received(second, message);
    }
    return { rig, first, second };
  }

  it('is left when the warm one has it: it withholds, and nothing is missing', () => {
    const { rig, first, second } = jump((from) => from === 'second');
    expect(saidOf(rig, second, 'subscribe')).toMatchObject([{ from: 23 }]);
    expect(closeOf(rig, first)).toBe(CloseCode.timeout);
    expect(rig.session.stats(rig.now).piecesVerified).toBe(50);
  });

  it('is kept when it comes a moment later', () => {
    const { rig, first, second } = jump(() => true);
    expect(closeOf(rig, first)).toBeUndefined();
    expect(saidOf(rig, second, 'unsubscribe')).toHaveLength(1);
  });

  it('is kept when nobody has it, and the other is not asked again and again', () => {
    const { rig, first, second } = jump(() => false);
    expect(closeOf(rig, first)).toBeUndefined();
    expect(saidOf(rig, second, 'subscribe')).toHaveLength(1);
  });

  it('to the beginning of a group has set a slow child forward', () => {
    const { rig, first, second, messages } = warmRelay();
    feed(rig, first, messages.slice(0, 3));
    feed(rig, first, messages.slice(10, 20));
    expect(saidOf(rig, second, 'subscribe')).toEqual([]);
  });
});

describe('a hostile parent', () => {
  it("that sends another channel's pieces is left for the warm one at once, and not dialled again soon", () => {
    const { rig, first, second, messages } = warmRelay();
    // To this channel a piece of another one is a piece whose signature does not hold.
    const foreign = messages[5]?.slice() ?? new Uint8Array();
    foreign.set([(foreign.at(-1) ?? 0) ^ 1], foreign.length - 1);
    rig.received(first, foreign);
    expect(closeOf(rig, first)).toBe(CloseCode.badSignature);
    expect(saidOf(rig, second, 'subscribe')).toMatchObject([{ from: 20 }]);
    feed(rig, second, messages.splice(0, 10));
    expect(rig.session.stats(rig.now).piecesVerified).toBe(30);
    rig.pass(Limits.DISTRUST_MS / 2);
    expect(rig.of('dial').filter(({ url }) => url === 'ws://a')).toHaveLength(1);
  });

  it('that sends pieces of an old epoch is left like one that sends nothing', () => {
    const { rig, first, second, messages } = warmRelay();
    const old = new Broadcast({ epoch: BROADCAST_START_MS - 10_000 }).groups(3, 10);
    for (const message of messages.splice(0, 20)) {
      rig.pass(CHUNK_MS);
      rig.received(first, old.shift() ?? new Uint8Array());
      if (saidOf(rig, second, 'subscribe').length > 0) rig.received(second, message);
    }
    expect(closeOf(rig, first)).toBe(CloseCode.timeout);
    expect(rig.session.stats(rig.now).refused['wrong-epoch']).toBeGreaterThan(5);
    expect(rig.events('parent-ready').at(-1)?.url).toBe('ws://b');
  });

  it('that names this relay in its paths again and again costs the other relays nothing', () => {
    const { rig, first, second } = warmRelay();
    rig.input({ kind: 'child-opened', link: CHILD });
    rig.received(CHILD, { ...rig.hello('relay'), capabilities: [Capability.tree] });
    const own = saidOf(rig, CHILD, 'path')[0]?.nodes.at(-1) ?? 0;
    rig.received(second, path(1, own));
    expect(closeOf(rig, second)).toBe(CloseCode.loop);
    expect(closeOf(rig, first)).toBeUndefined();
    expect(rig.events('parent-lost')).toEqual([]);
    rig.pass(1);
    expect(urlOf(rig, lastDial(rig))).toBe('ws://c');
  });
});
