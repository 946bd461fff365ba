import {
  type ControlMessage,
  concatBytes,
  decodeControl,
  encodeControl,
  FrameKind,
  Limits,
} from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { freshet } from '../../../../proto/src/wire/generated/wire.js';
import { CONTROL_MESSAGES, CONTROL_MESSAGES_AT_LIMIT } from './control-messages.js';

const { Control } = freshet.v1;

type Body = Readonly<Record<string, unknown>>;

/** A message that no node would send; several bodies come one after the other. */
function decodeRaw(...bodies: readonly Body[]): ControlMessage | undefined {
  const encoded = bodies.map((body) => Control.encode({ ...body }).finish());
  return decodeControl(concatBytes(Uint8Array.of(FrameKind.control), ...encoded));
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const share = { peer: 7, secret: 8 };
const link = { peer: 7, parentMask: 1 };
const body = new Uint8Array(9);

/** What is taken, and what is broken in it one by one. */
const BROKEN: Readonly<
  Record<string, { readonly whole: Body; readonly broken: Readonly<Record<string, Body>> }>
> = {
  'a share': {
    whole: { share },
    broken: {
      'without a number': { share: { secret: 8 } },
      'of number 0, which is the relay': { share: { ...share, peer: 0 } },
      'of a number that is none': { share: { ...share, peer: Number.NaN } },
      'of an endless number': { share: { ...share, peer: Number.POSITIVE_INFINITY } },
      'of a number below 0': { share: { ...share, peer: -1 } },
      'of half a number': { share: { ...share, peer: 1.5 } },
      'of a number that a double does not hold exactly': { share: { ...share, peer: 2 ** 53 } },
      'with a secret that is no number': { share: { ...share, secret: Number.NaN } },
      'with more edges than stripes': {
        share: { ...share, kept: upTo(Limits.KEPT_EDGES_MAX + 1).map(() => ({ stripe: 0, parent: 1 })) },
      },
      'with an edge of a stripe that there cannot be': {
        share: { ...share, kept: [{ stripe: Limits.STRIPES_MAX, parent: 1 }] },
      },
      'with an edge from nobody': { share: { ...share, kept: [{ stripe: 0, parent: Number.NaN }] } },
    },
  },
  'a probe': {
    whole: { probe: { bytes: 1 } },
    broken: { 'for more padding than is sent': { probe: { bytes: Limits.PROBE_BYTES_MAX + 1 } } },
  },
  'a plan': {
    whole: { plan: { links: [link], stunPort: 0xffff } },
    broken: {
      'of too many neighbours': { plan: { links: upTo(Limits.PLAN_LINKS_MAX + 1).map(() => link) } },
      'with a neighbour that is no number': { plan: { links: [link, { ...link, peer: Number.NaN }] } },
      'with a neighbour below 0': { plan: { links: [{ ...link, peer: -7 }] } },
      'with a port that there cannot be': { plan: { links: [link], stunPort: 0x10000 } },
    },
  },
  'a signal': {
    whole: { signal: { peer: 7, body } },
    broken: {
      'to the relay': { signal: { peer: 0, body } },
      'to nobody': { signal: { peer: Number.NaN, body } },
      'without a body': { signal: { peer: 7 } },
      'that is a byte too long': { signal: { peer: 7, body: new Uint8Array(Limits.SIGNAL_BYTES_MAX + 1) } },
    },
  },
  'a report': {
    whole: { report: { peer: 7, kind: 1 } },
    broken: {
      'of no kind': { report: { peer: 7 } },
      'of an unknown kind': { report: { peer: 7, kind: 6 } },
      'about the relay': { report: { peer: 0, kind: 1 } },
      'about nobody': { report: { peer: Number.NaN, kind: 1 } },
    },
  },
  'a move': {
    whole: { moved: { stripe: Limits.STRIPES_MAX - 1, parent: 7 } },
    broken: {
      'of a stripe that there cannot be': { moved: { stripe: Limits.STRIPES_MAX, parent: 7 } },
      'to nobody': { moved: { stripe: 0, parent: Number.NaN } },
      'to half a neighbour': { moved: { stripe: 0, parent: 0.5 } },
    },
  },
  'a request': {
    whole: { request: { sequences: [1] } },
    broken: {
      'of nothing': { request: { rendition: 1 } },
      'of one piece too many': { request: { sequences: upTo(Limits.REQUEST_SEQUENCES_MAX + 1) } },
    },
  },
  'an answer about missing pieces': {
    whole: { missing: { sequences: [1] } },
    broken: {
      'about none': { missing: { rendition: 1 } },
      'about one piece too many': { missing: { sequences: upTo(Limits.REQUEST_SEQUENCES_MAX + 1) } },
    },
  },
};

describe('a mesh message', () => {
  for (const [what, { whole, broken }] of Object.entries(BROKEN)) {
    it(`that is ${what} is taken`, () => {
      expect(decodeRaw(whole)).toBeDefined();
    });

    for (const [how, wire] of Object.entries(broken))
      it(`that is ${what} ${how} is refused`, () => {
        expect(decodeRaw(wire)).toBeUndefined();
      });
  }

  it('that was cut off is refused at every length', () => {
    for (const name of ['plan', 'share of a viewer that comes from another relay', 'request']) {
      const whole = encodeControl(CONTROL_MESSAGES[name] ?? { kind: 'absent' });
      for (let length = 0; length < whole.length; length++)
        expect(decodeControl(whole.subarray(0, length)), `${name}, ${length} bytes`).toBeUndefined();
    }
  });

  it('fits in a control message where it is as long as it may be', () => {
    for (const [name, message] of Object.entries(CONTROL_MESSAGES_AT_LIMIT))
      expect(encodeControl(message).length, name).toBeLessThanOrEqual(Limits.CONTROL_BYTES_MAX + 1);
  });
});

/** Protobuf joins repeated fields of a body that comes twice: what is allowed in one must not double so. */
describe('a limit', () => {
  it('holds over a list that comes in two bodies of one message', () => {
    const half = { request: { sequences: upTo(Limits.REQUEST_SEQUENCES_MAX - 4) } };
    const message = decodeRaw(half, half);
    const count = message?.kind === 'request' ? message.sequences.length : 0;
    expect(count).toBeLessThanOrEqual(Limits.REQUEST_SEQUENCES_MAX);
    const plan = { plan: { links: upTo(Limits.PLAN_LINKS_MAX - 4).map(() => link) } };
    const joined = decodeRaw(plan, plan);
    expect(joined?.kind === 'plan' ? joined.links.length : 0).toBeLessThanOrEqual(Limits.PLAN_LINKS_MAX);
  });

  it('holds for a value that a later one of the same field replaces', () => {
    const nobody = { signal: { peer: Number.NaN } };
    expect(decodeRaw({ signal: { peer: 7, body } }, nobody)).toBeUndefined();
    expect(decodeRaw(nobody, { signal: { peer: 7, body } })).toMatchObject({ peer: 7 });
  });
});

describe('a plan', () => {
  it('that names a neighbour twice keeps the order, so that the later word counts', () => {
    const message = decodeRaw({ plan: { links: [link, { ...link, parentMask: 2 }] } });
    expect(message?.kind === 'plan' && message.links.map(({ parentMask }) => parentMask)).toEqual([1, 2]);
  });

  it('without masks drops the neighbour, and without a number means the relay', () => {
    expect(decodeRaw({ plan: { links: [{ peer: 7 }, { parentMask: 3 }] } })).toEqual({
      kind: 'plan',
      stunPort: 0,
      uplinkBps: 0,
      links: [
        { peer: 7, parentMask: 0, childMask: 0, standbyMask: 0, weight: 0, isOfferer: false },
        { peer: 0, parentMask: 3, childMask: 0, standbyMask: 0, weight: 0, isOfferer: false },
      ],
    });
  });
});

describe('a subscription', () => {
  it('from piece 0 on is not one that begins at a keyframe', () => {
    expect(decodeRaw({ subscribe: { rendition: 1, from: 0 } })).toMatchObject({ from: 0 });
    expect(decodeRaw({ subscribe: { rendition: 1 } })).toMatchObject({ from: undefined });
  });

  it('at no distance is one that begins at the newest keyframe', () => {
    expect(decodeRaw({ subscribe: { rendition: 1, behindMs: 0 } })).toMatchObject({ behindMs: undefined });
  });
});
