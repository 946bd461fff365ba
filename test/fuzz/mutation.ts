/** Valid messages, and what hostile senders make of them. */

import { concatBytes, encodeControl } from '@freshet/proto';
import fc from 'fast-check';
import { Broadcast, createRendition } from '../sim/broadcast.js';
import { CONTROL_MESSAGES, CONTROL_MESSAGES_AT_LIMIT } from '../unit/proto/wire/control-messages.js';

const broadcast = new Broadcast();

/** One valid message of every kind. */
export const SEED_MESSAGES: readonly Uint8Array[] = [
  ...Object.values({ ...CONTROL_MESSAGES, ...CONTROL_MESSAGES_AT_LIMIT }).map(encodeControl),
  encodeControl({
    kind: 'catalog',
    signed: broadcast.catalog({ renditions: [createRendition(1), createRendition(2)] }),
  }),
  ...broadcast.groups(1, 3),
];

const anySeed: fc.Arbitrary<Uint8Array> = fc.constantFrom(...SEED_MESSAGES);

type Change = (bytes: Uint8Array) => Uint8Array;

const placeIn = (bytes: Uint8Array, share: number): number =>
  Math.min(bytes.length - 1, Math.floor(share * bytes.length));

const flip = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)).map(
  ([share, mask]): Change =>
    (bytes) => {
      const changed = bytes.slice();
      const at = placeIn(bytes, share);
      if (at >= 0) changed[at] = (changed[at] ?? 0) ^ mask;
      return changed;
    },
);

const cut = fc.double({ min: 0, max: 1, noNaN: true }).map(
  (share): Change =>
    (bytes) =>
      bytes.slice(0, Math.floor(share * bytes.length)),
);

const insert = fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.uint8Array({ maxLength: 40 })).map(
  ([share, extra]): Change =>
    (bytes) => {
      const at = Math.floor(share * bytes.length);
      return concatBytes(bytes.slice(0, at), extra, bytes.slice(at));
    },
);

const splice = fc.tuple(anySeed, fc.double({ min: 0, max: 1, noNaN: true })).map(
  ([other, share]): Change =>
    (bytes) =>
      concatBytes(
        bytes.slice(0, Math.floor(share * bytes.length)),
        other.slice(Math.floor(share * other.length)),
      ),
);

/** Anything from an honest message to noise. */
export const anyMessage: fc.Arbitrary<Uint8Array> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(anySeed, fc.array(fc.oneof(flip, cut, insert, splice), { maxLength: 4 }))
      .map(([seed, changes]) => changes.reduce((bytes, change) => change(bytes), seed)),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 400 }) },
  {
    weight: 1,
    arbitrary: fc
      .uint8Array({ maxLength: 200 })
      .map((tail) => concatBytes(Uint8Array.of(1 + (tail.length & 1)), tail)),
  },
);
