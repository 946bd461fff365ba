/** Arbitrary mesh messages that decode: what a member of the mesh may say, true or not. */

import { type ControlMessage, Limits } from '@freshet/proto';
import fc from 'fast-check';

const peer = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(0, 7, 8, 9) },
  { weight: 3, arbitrary: fc.nat(Number.MAX_SAFE_INTEGER) },
);
const known = peer.filter((number) => number > 0);
const mask = fc.oneof(fc.nat(15), fc.nat(0xffffffff));
const uint32 = fc.oneof(fc.nat(40), fc.nat(0xffffffff));
const renditionId = fc.constantFrom(0, 1, 1, 1, 2, 0xffffffff);
const sequences = fc.array(uint32, { minLength: 1, maxLength: Limits.REQUEST_SEQUENCES_MAX });
const stripe = fc.nat(Limits.STRIPES_MAX - 1);
const bytes = fc.uint8Array({ minLength: 1, maxLength: 60 });

const link = fc.record({
  peer,
  parentMask: mask,
  childMask: mask,
  standbyMask: mask,
  weight: uint32,
  isOfferer: fc.boolean(),
});

/** One arbitrary for each kind. */
export const MESH_MESSAGES: readonly fc.Arbitrary<ControlMessage>[] = [
  fc.record({
    kind: fc.constant('share' as const),
    peer: known,
    secret: fc.oneof(fc.nat(3), fc.nat(Number.MAX_SAFE_INTEGER)),
    renditionId,
    uplinkBps: uint32,
    linksMax: uint32,
    rttMs: uint32,
    kept: fc.array(fc.record({ stripe, parent: peer }), { maxLength: Limits.KEPT_EDGES_MAX }),
  }),
  fc.record({
    kind: fc.constant('probe' as const),
    bytes: fc.nat(Limits.PROBE_BYTES_MAX),
    padding: fc.nat(40_000).map((length) => new Uint8Array(length)),
  }),
  fc.record({
    kind: fc.constant('plan' as const),
    links: fc.oneof(
      fc.array(link, { maxLength: 20 }),
      fc.array(link, { minLength: 90, maxLength: 120, size: 'max' }),
    ),
    stunPort: fc.nat(0xffff),
    uplinkBps: uint32,
  }),
  fc.record({ kind: fc.constant('signal' as const), peer: known, body: bytes }),
  fc.record({
    kind: fc.constant('report' as const),
    peer: known,
    why: fc.constantFrom('unreachable', 'silent', 'late', 'forged', 'overloaded'),
  }),
  fc.record({ kind: fc.constant('moved' as const), stripe, parent: peer }),
  fc.record({ kind: fc.constant('request' as const), renditionId, sequences }),
  fc.record({ kind: fc.constant('missing' as const), renditionId, sequences }),
  fc.record({ kind: fc.constant('declined' as const), renditionId, stripeMask: mask }),
  fc.record({
    kind: fc.constant('playing' as const),
    renditionId,
    latencyMs: uint32,
    stalls: uint32,
    stallMs: uint32,
    spanMs: uint32,
    relayBytes: uint32,
    peerBytes: uint32,
    givenBytes: uint32,
  }),
  fc.record({
    kind: fc.constant('subscribe' as const),
    renditionId,
    stripeMask: mask,
    from: fc.option(uint32, { nil: undefined }),
    behindMs: fc.option(uint32, { nil: undefined }),
  }),
];
