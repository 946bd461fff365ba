import { createAudience, equalBytes, type Input, Limits, type SessionRole } from '@freshet/proto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BROADCAST_START_MS, Broadcast } from '../sim/broadcast.js';
import { RIG_START_MS, Rig } from '../unit/proto/session/rig.js';
import { anyMessage } from './mutation.js';
import { checkForAWhile, readCorpus } from './run-for.js';

const broadcast = new Broadcast();
const HONEST = broadcast.groups(3, 5);
const CATALOG = broadcast.catalog();

/** How far a link has come when the fuzzing begins. */
type Phase = 'opened' | 'greeted' | 'live';
const PHASES: readonly Phase[] = ['opened', 'greeted', 'live'];

/** A node and the link that the hostile messages come over. */
function prepare(role: SessionRole, phase: Phase): { rig: Rig; link: number } {
  const isPublisher = role === 'publisher';
  const wallAtZeroMs = BROADCAST_START_MS - RIG_START_MS;
  const rig = new Rig(
    broadcast,
    isPublisher
      ? { role, wallAtZeroMs, audience: { create: createAudience } }
      : {
          role,
          parents: ['ws://a', 'ws://b'],
          tree: { origin: 'http://own' },
          ...(role === 'relay' && { audience: { create: createAudience } }),
        },
  );
  const link = isPublisher ? 1 : openParent(rig);
  if (isPublisher) rig.input({ kind: 'child-opened', link });
  if (phase === 'opened') return { rig, link };
  // All that two nodes of today agree on.
  rig.received(link, { ...rig.hello('relay'), capabilities: [1, 2, 3, 4] });
  if (phase === 'greeted') return { rig, link };
  if (isPublisher) {
    rig.input({ kind: 'publish-catalog', signed: CATALOG });
    rig.publish(HONEST.slice(0, 7));
    rig.received(link, { kind: 'subscribe', renditionId: 0, stripeMask: 0 });
  } else {
    rig.received(link, { kind: 'catalog', signed: CATALOG });
    for (const message of HONEST.slice(0, 7)) rig.received(link, message);
  }
  return { rig, link };
}

function openParent(rig: Rig): number {
  rig.input({ kind: 'timeout' });
  const link = rig.of('dial').at(-1)?.link ?? 0;
  rig.input({ kind: 'parent-opened', link });
  return link;
}

/** Nothing was handed out that the broadcast does not hold, and nothing is held beyond its limits. */
function expectSafe(rig: Rig): void {
  for (const chunk of rig.chunks) {
    const published = HONEST[chunk.chunkNumber];
    const payload = published?.subarray(published.length - chunk.bytes.length) ?? new Uint8Array();
    expect(equalBytes(chunk.bytes, payload)).toBe(true);
  }
  const { windowBytes, piecesWaiting, verifying } = rig.session.holdings;
  expect(windowBytes).toBeLessThanOrEqual(Limits.WINDOW_BYTES_MAX * Limits.RENDITIONS_MAX);
  expect(piecesWaiting).toBeLessThanOrEqual(Limits.PENDING_PIECES_MAX);
  expect(verifying).toBeLessThanOrEqual(Limits.PENDING_PIECES_MAX + Limits.PENDING_CATALOGS_MAX);
}

const anyLink = fc.constantFrom(0, 1, 2, 2 ** 40, 2 ** 40 + 1);
const anyInput: fc.Arbitrary<Input> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('received' as const),
      link: anyLink,
      bytes: anyMessage,
      bufferedBytes: fc.nat(2_000_000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('child-opened' as const, 'parent-opened' as const, 'overflowed' as const),
      link: anyLink.filter((link) => link < 9),
    }),
  },
  fc.record({ kind: fc.constant('writable' as const), link: anyLink, bufferedBytes: fc.nat(2_000_000) }),
  fc.record({
    kind: fc.constant('closed' as const),
    link: anyLink,
    code: fc.constantFrom(1006, 4000, 4404, 4406),
    reason: fc.string(),
  }),
  fc.record({ kind: fc.constant('verified' as const), id: fc.nat(50), ok: fc.constant(false) }),
  fc.record({ kind: fc.constant('select-rendition' as const), renditionId: fc.nat(3) }),
  fc.constant({ kind: 'drain' as const }),
  fc.constant({ kind: 'timeout' as const }),
);

describe('a session', () => {
  for (const role of ['publisher', 'relay', 'viewer'] as const)
    for (const phase of PHASES)
      it(`of a ${role}, ${phase}, takes any messages without throwing, and hands out and holds only what it may`, () => {
        checkForAWhile(
          fc.property(fc.array(anyMessage, { maxLength: 12 }), fc.nat(3_000), (messages, stepMs) => {
            const { rig, link } = prepare(role, phase);
            for (const message of messages) {
              rig.received(link, message);
              rig.nowMs += stepMs;
              rig.input({ kind: 'timeout' });
            }
            expectSafe(rig);
          }),
        );
      }, 60_000);

  it('takes any inputs in any order', () => {
    const anyRole = fc.constantFrom<SessionRole>('publisher', 'relay', 'viewer');
    checkForAWhile(
      fc.property(
        anyRole,
        fc.array(anyInput, { maxLength: 30 }),
        fc.boolean(),
        (role, inputs, isVerifying) => {
          const { rig } = prepare(role, 'live');
          rig.isVerifying = isVerifying;
          for (const input of inputs) {
            rig.input(input);
            rig.nowMs += 100;
          }
          expectSafe(rig);
          rig.session.close();
          rig.drain();
        },
      ),
    );
  }, 60_000);

  it('survives every case that once broke one', () => {
    for (const { bytes } of readCorpus())
      for (const role of ['publisher', 'relay', 'viewer'] as const)
        for (const phase of PHASES) {
          const { rig, link } = prepare(role, phase);
          rig.received(link, bytes);
          expectSafe(rig);
        }
  });
});
