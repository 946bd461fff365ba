/** Relays in the tree under hostile parents and children: whatever comes, nothing is thrown and nothing grows. */

import { type Input, Limits, type SessionRole } from '@freshet/proto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyMessage } from '../../../fuzz/mutation.js';
import { BROADCAST_START_MS, Broadcast } from '../../../sim/broadcast.js';
import { RIG_START_MS, Rig } from './rig.js';

const broadcast = new Broadcast();
const PARENT = 2 ** 40;
const RUNS = 300;

const anyLink = fc.constantFrom(1, 2, PARENT, PARENT + 1, PARENT + 2);
const anyOrigin = fc.constantFrom(
  ...['https://a.example', 'https://b.example', 'http://own', 'http://10.0.0.1', 'https://c.example:1'],
);
const anyInput: fc.Arbitrary<Input> = fc.oneof(
  fc.record({
    kind: fc.constant('received' as const),
    link: anyLink,
    bytes: anyMessage,
    bufferedBytes: fc.nat(2_000_000),
  }),
  fc.record({ kind: fc.constant('child-opened' as const), link: fc.constantFrom(1, 2) }),
  fc.record({ kind: fc.constant('parent-opened' as const), link: anyLink }),
  fc.record({
    kind: fc.constant('closed' as const),
    link: anyLink,
    code: fc.constantFrom(1006, 4000, 4404, 4503, 4508),
    reason: fc.string({ maxLength: 5 }),
  }),
  fc.record({
    kind: fc.constant('add-parents' as const),
    urls: fc.array(fc.webUrl({ validSchemes: ['ws', 'wss'] }), { maxLength: 9 }),
  }),
  fc.record({ kind: fc.constant('hold' as const), isHeld: fc.boolean() }),
  fc.constant({ kind: 'drain' as const }),
);
/** What two nodes of today say to each other about the tree, well formed. */
const anyTalk = fc.oneof(
  fc.record({
    kind: fc.constant('path' as const),
    nodes: fc.array(fc.nat(20), { maxLength: Limits.HOPS_MAX }),
    loadPermille: fc.nat(1_000),
    siblings: fc.array(anyOrigin, { maxLength: Limits.SIBLINGS_MAX }),
  }),
  fc.record({
    kind: fc.constant('redirect' as const),
    relays: fc.array(anyOrigin, { maxLength: Limits.REDIRECTS_MAX }),
    isLeaving: fc.boolean(),
  }),
  fc.constant({ kind: 'absent' as const }),
  fc.constant({ kind: 'catalog' as const, signed: broadcast.catalog() }),
);

const step = fc.record({
  input: fc.oneof(anyInput, anyInput, fc.record({ link: anyLink, message: anyTalk })),
  ms: fc.nat(600),
});

describe('a node of the tree', () => {
  for (const role of ['relay', 'viewer', 'publisher'] as const satisfies readonly SessionRole[])
    it(`that is a ${role} takes any inputs in any order, and dials no more often than its limits allow`, () => {
      fc.assert(
        fc.property(fc.array(step, { maxLength: 60 }), fc.boolean(), (steps, isOnDemand) => {
          const wallAtZeroMs = BROADCAST_START_MS - RIG_START_MS;
          const isPublisher = role === 'publisher';
          const rig = new Rig(broadcast, {
            role,
            ...(isPublisher ? { wallAtZeroMs } : { parents: ['ws://a.example', 'ws://b.example'] }),
            tree: { origin: 'http://own', isOnDemand, hasRoom: (kind) => kind === 'relay' },
          });
          rig.input({ kind: 'timeout' });
          for (const link of rig.of('dial').map((dial) => dial.link)) {
            rig.input({ kind: 'parent-opened', link });
            rig.received(link, { ...rig.hello('relay'), capabilities: [1, 2, 3] });
          }
          for (const { input, ms } of steps) {
            if ('kind' in input) rig.input(input);
            else rig.received(input.link, input.message);
            rig.pass(ms);
          }
          // Each failure doubles the wait, and redirects are bounded: nothing here can make a node dial in a loop.
          expect(rig.of('dial').length).toBeLessThan(steps.length * 2 + 40);
          rig.session.close();
          rig.drain();
        }),
        { numRuns: RUNS },
      );
    }, 60_000);
});
