import { encodeControl, type MediaChunk, mediaUs, wallMs } from '@freshet/proto';
import { beforeEach, describe, expect, it } from 'vitest';
import { Broadcast } from './broadcast.js';
import { AuthenticChecker } from './checkers/authentic.js';
import { SafetyError } from './checkers/checker.js';
import { LimitsChecker } from './checkers/limits.js';
import { staleViewers } from './checkers/liveness.js';
import { OncePerLinkChecker } from './checkers/once-per-link.js';
import { OrderChecker } from './checkers/order.js';
import type { SimNode } from './sim-node.js';
import { LinkEnd } from './virtual-link.js';
import { World } from './world.js';

let world: World;
let node: SimNode;

beforeEach(() => {
  world = new World({ seed: 'checkers' });
  node = world.addNode({ name: 'viewer-0', role: 'viewer', parents: [], verifyDelay: 'at-once' });
});

const chunkOf = (chunkNumber: number, changes: Partial<MediaChunk> = {}): MediaChunk => ({
  epoch: 7,
  renditionId: 1,
  chunkNumber,
  isKeyframe: false,
  mediaTimeUs: mediaUs(0),
  durationUs: 1,
  captureMs: wallMs(0),
  bytes: Uint8Array.of(1, 2, 3),
  ...changes,
});

describe('the checker of authenticity', () => {
  it('stops at a chunk that was not published, or not like that', () => {
    const broadcast = new Broadcast();
    const bytes = Uint8Array.of(5, 6);
    world.ledger.record(bytes, broadcast.cut({ isKeyframe: true, bytes, atMs: 0 }));
    const checker = new AuthenticChecker(world);
    const { epoch } = broadcast;
    checker.onChunk(node, chunkOf(0, { epoch, bytes: Uint8Array.of(5, 6) }));
    expect(() => checker.onChunk(node, chunkOf(0, { epoch, bytes: Uint8Array.of(5, 7) }))).toThrow(
      SafetyError,
    );
    expect(() => checker.onChunk(node, chunkOf(1, { epoch, bytes }))).toThrow(SafetyError);
  });
});

describe('the checker of order', () => {
  it('lets a run go on, and skip to a keyframe', () => {
    const checker = new OrderChecker(world);
    for (const chunk of [chunkOf(3, { isKeyframe: true }), chunkOf(4), chunkOf(9, { isKeyframe: true })])
      checker.onChunk(node, chunk);
    checker.onChunk(node, chunkOf(0, { epoch: 8, isKeyframe: true }));
  });

  it('stops at a beginning without a keyframe, a repetition, an undecodable gap and an older epoch', () => {
    const begun = (): OrderChecker => {
      const checker = new OrderChecker(world);
      checker.onChunk(node, chunkOf(3, { isKeyframe: true }));
      return checker;
    };
    expect(() => new OrderChecker(world).onChunk(node, chunkOf(3))).toThrow(SafetyError);
    expect(() => begun().onChunk(node, chunkOf(3, { isKeyframe: true }))).toThrow(SafetyError);
    expect(() => begun().onChunk(node, chunkOf(5))).toThrow(SafetyError);
    expect(() => begun().onChunk(node, chunkOf(4, { epoch: 6, isKeyframe: true }))).toThrow(SafetyError);
  });
});

describe('the checker of links', () => {
  it('stops at a piece that travels twice over one link, not over two', () => {
    const broadcast = new Broadcast();
    const messages = broadcast.groups(1, 3);
    world.ledger.record(new Uint8Array(1), messages);
    const checker = new OncePerLinkChecker(world);
    const [a, b] = [new LinkEnd(node, 1, 1), new LinkEnd(node, 2, 2)];
    for (const message of messages) {
      checker.onSent(a, message);
      checker.onSent(b, message);
    }
    const [again = new Uint8Array()] = messages;
    expect(() => checker.onSent(a, again)).toThrow(SafetyError);
  });
});

describe('the checker of links, when the receiver asks again,', () => {
  const broadcast = new Broadcast();
  const messages = broadcast.groups(1, 4);
  const [first = new Uint8Array(), , third = new Uint8Array()] = messages;
  const setUp = (): { checker: OncePerLinkChecker; parent: LinkEnd; child: LinkEnd } => {
    world.ledger.record(new Uint8Array(1), messages);
    const checker = new OncePerLinkChecker(world);
    const [parent, child] = [new LinkEnd(node, 1, 1, true), new LinkEnd(node, 2, 2, true)];
    const outlet = { bufferedBytes: 0, send: () => undefined, end: () => undefined, break: () => undefined };
    parent.connect(outlet, child);
    child.connect(outlet, parent);
    for (const message of messages) checker.onSent(parent, message);
    return { checker, parent, child };
  };

  it('lets each piece that a request names pass once more, and no other', () => {
    const { checker, parent, child } = setUp();
    checker.onSent(child, encodeControl({ kind: 'request', renditionId: 1, sequences: [0] }));
    checker.onSent(parent, first);
    expect(() => checker.onSent(parent, third)).toThrow(SafetyError);
    expect(() => checker.onSent(parent, first)).toThrow(SafetyError);
  });

  it('lets everything pass again from where a subscription begins', () => {
    const { checker, parent, child } = setUp();
    checker.onSent(child, encodeControl({ kind: 'subscribe', renditionId: 1, stripeMask: 15, from: 2 }));
    checker.onSent(parent, third);
    expect(() => checker.onSent(parent, first)).toThrow(SafetyError);
  });

  it('takes no ask from the sender itself', () => {
    const { checker, parent } = setUp();
    checker.onSent(parent, encodeControl({ kind: 'request', renditionId: 1, sequences: [0] }));
    expect(() => checker.onSent(parent, first)).toThrow(SafetyError);
  });
});

describe('the checker of limits', () => {
  it('stops at a queue that is longer than its link allows', () => {
    const checker = new LimitsChecker(world, 1_000);
    const end = new LinkEnd(node, 1, 1);
    expect(() => checker.onSent(end)).not.toThrow();
    Object.defineProperty(end, 'bufferedBytes', { value: 100_000 });
    expect(() => checker.onSent(end)).toThrow(SafetyError);
  });
});

describe('the check of liveness', () => {
  it('names the viewers that see nothing new', () => {
    expect(staleViewers(world)).toEqual(['viewer-0']);
    node.crash();
    expect(staleViewers(world)).toEqual([]);
  });
});
