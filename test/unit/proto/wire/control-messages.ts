/** Every control message once or more: the table that encoding, decoding and fuzzing share. */

import { type ControlMessage, Limits } from '@freshet/proto';

const bytes = (length: number, fill: number): Uint8Array => new Uint8Array(length).fill(fill);

/** Messages within all limits, with the limits' own values among them. */
export const CONTROL_MESSAGES: Readonly<Record<string, ControlMessage>> = {
  'hello of a viewer': {
    kind: 'hello',
    versionMin: 1,
    versionMax: 3,
    capabilities: [1, 200],
    channelKey: bytes(32, 7),
    role: 'viewer',
    agent: 'freshet 0.1.0',
  },
  'hello of a relay': {
    kind: 'hello',
    versionMin: 1,
    versionMax: 1,
    capabilities: [],
    channelKey: bytes(32, 0),
    role: 'relay',
    agent: '',
  },
  'hello of a relay that others can reach': {
    kind: 'hello',
    versionMin: 1,
    versionMax: 1,
    capabilities: [1, 2, 3],
    channelKey: bytes(32, 0),
    role: 'relay',
    agent: '',
    origin: 'https://relay.example:8443',
    originToken: '0f8fad5b-d9cb-469f-a165-70867728950e',
  },
  'subscribe to the default': { kind: 'subscribe', renditionId: 0, stripeMask: 0 },
  'subscribe to stripes': { kind: 'subscribe', renditionId: 2, stripeMask: 0xffffffff },
  'subscribe from a piece on': { kind: 'subscribe', renditionId: 1, stripeMask: 0b0110, from: 4_294_967_295 },
  'subscribe from the first piece on': { kind: 'subscribe', renditionId: 1, stripeMask: 1, from: 0 },
  'subscribe at a distance': { kind: 'subscribe', renditionId: 1, stripeMask: 0, behindMs: 1_500 },
  unsubscribe: { kind: 'unsubscribe', renditionId: 2 },
  catalog: {
    kind: 'catalog',
    signed: {
      catalog: bytes(40, 1),
      signature: bytes(64, 2),
      certificate: bytes(80, 3),
      certificateSignature: bytes(64, 4),
    },
  },
  absent: { kind: 'absent' },
  poster: { kind: 'poster', picture: bytes(40, 5) },
  ping: { kind: 'ping', sentMs: 1234.5 },
  pong: { kind: 'pong', sentMs: 1234.5, broadcastMs: 1_800_000_000_000.25 },
  'pong without a clock': { kind: 'pong', sentMs: 0, broadcastMs: undefined },
  audience: { kind: 'audience', viewerCount: 12_345 },
  'share of a viewer that comes from another relay': {
    kind: 'share',
    peer: Number.MAX_SAFE_INTEGER,
    secret: 4_503_599_627_370_497,
    renditionId: 2,
    uplinkBps: 4_294_967_295,
    linksMax: 16,
    rttMs: 23,
    kept: [
      { stripe: 0, parent: 0 },
      { stripe: 31, parent: 9_007_199_254_740_990 },
    ],
  },
  'share of a leaf': {
    kind: 'share',
    peer: 1,
    secret: 0,
    renditionId: 0,
    uplinkBps: 0,
    linksMax: 0,
    rttMs: 0,
    kept: [],
  },
  'probe of a relay': { kind: 'probe', bytes: 98_304, padding: bytes(0, 0) },
  'probe of a viewer': { kind: 'probe', bytes: 0, padding: bytes(40, 0) },
  plan: {
    kind: 'plan',
    stunPort: 65_535,
    uplinkBps: 4_294_967_295,
    links: [
      { peer: 0, parentMask: 0b0001, childMask: 0, standbyMask: 0, weight: 0, isOfferer: false },
      {
        peer: 9_007_199_254_740_991,
        parentMask: 0xffffffff,
        childMask: 0x80000000,
        standbyMask: 0b0110,
        weight: 812,
        isOfferer: true,
      },
      { peer: 5, parentMask: 0, childMask: 0, standbyMask: 0, weight: 0, isOfferer: false },
    ],
  },
  'plan of nothing': { kind: 'plan', stunPort: 0, uplinkBps: 0, links: [] },
  signal: { kind: 'signal', peer: 77, body: bytes(300, 123) },
  'report of an unreachable neighbour': { kind: 'report', peer: 77, why: 'unreachable' },
  'report of a silent neighbour': { kind: 'report', peer: 77, why: 'silent' },
  'report of a late neighbour': { kind: 'report', peer: 77, why: 'late' },
  'report of a forger': { kind: 'report', peer: 77, why: 'forged' },
  'report of an overload': { kind: 'report', peer: 77, why: 'overloaded' },
  'moved to a neighbour': { kind: 'moved', stripe: 31, parent: 77 },
  'moved to the relay': { kind: 'moved', stripe: 0, parent: 0 },
  request: { kind: 'request', renditionId: 1, sequences: [0, 700, 4_294_967_295] },
  missing: { kind: 'missing', renditionId: 1, sequences: [700] },
  declined: { kind: 'declined', renditionId: 1, stripeMask: 0x80000001 },
  path: {
    kind: 'path',
    nodes: [Number.MAX_SAFE_INTEGER, 0, 4_503_599_627_370_497],
    loadPermille: 1_000,
    siblings: ['https://sibling.example'],
  },
  'path of nobody': { kind: 'path', nodes: [], loadPermille: 0, siblings: [] },
  'redirect of a full relay': {
    kind: 'redirect',
    relays: ['https://a.example', 'http://[::1]:8080'],
    isLeaving: false,
  },
  'redirect of a relay that leaves': { kind: 'redirect', relays: [], isLeaving: true },
};

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** Messages that are exactly as long as they may be: too long for the vectors. */
export const CONTROL_MESSAGES_AT_LIMIT: Readonly<Record<string, ControlMessage>> = {
  'a signal of 16 KiB': { kind: 'signal', peer: 1, body: bytes(Limits.SIGNAL_BYTES_MAX, 1) },
  'a step of padding': { kind: 'probe', bytes: 0, padding: bytes(Limits.PROBE_STEP_BYTES, 0) },
  'a probe for all the padding there may be': {
    kind: 'probe',
    bytes: Limits.PROBE_BYTES_MAX,
    padding: bytes(0, 0),
  },
  'a request of 64 pieces': {
    kind: 'request',
    renditionId: 1,
    sequences: upTo(Limits.REQUEST_SEQUENCES_MAX),
  },
  '64 missing pieces': { kind: 'missing', renditionId: 1, sequences: upTo(Limits.REQUEST_SEQUENCES_MAX) },
  'a plan of 256 neighbours': {
    kind: 'plan',
    stunPort: 3478,
    uplinkBps: 1,
    links: upTo(Limits.PLAN_LINKS_MAX).map((index) => ({
      peer: Number.MAX_SAFE_INTEGER - index,
      parentMask: 0xffffffff,
      childMask: 0xffffffff,
      standbyMask: 0xffffffff,
      weight: 4_294_967_295,
      isOfferer: true,
    })),
  },
  'a path of 16 nodes': {
    kind: 'path',
    nodes: upTo(Limits.HOPS_MAX),
    loadPermille: 1,
    siblings: upTo(Limits.SIBLINGS_MAX).map((index) => `https://${'r'.repeat(480)}${index}`),
  },
  'a redirect to 4 relays': {
    kind: 'redirect',
    relays: upTo(Limits.REDIRECTS_MAX).map((index) => `https://${'r'.repeat(480)}${index}`),
    isLeaving: true,
  },
  'a share with an edge for every stripe': {
    kind: 'share',
    peer: 1,
    secret: 1,
    renditionId: 1,
    uplinkBps: 1,
    linksMax: 1,
    rttMs: 1,
    kept: upTo(Limits.KEPT_EDGES_MAX).map((stripe) => ({ stripe, parent: stripe + 1 })),
  },
};
