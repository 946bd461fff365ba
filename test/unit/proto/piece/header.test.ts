import {
  decodePieceHeader,
  encodePieceHeader,
  mediaUs,
  type PieceHeader,
  stripeOf,
  wallMs,
} from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { plainBytes } from '../plain-bytes.js';

const header: PieceHeader = {
  epoch: 1_800_000_000_000,
  renditionId: 2,
  sequence: 4_294_967_295,
  chunkNumber: 900,
  pieceIndex: 3,
  pieceCount: 512,
  groupOffset: 29,
  mediaTimeUs: mediaUs(30_000_000),
  durationUs: 33_333,
  captureMs: wallMs(1_800_000_030_000),
  payloadDigest: new Uint8Array(32).fill(5),
};

describe('a piece header', () => {
  it('comes back as it was encoded, zeros included', () => {
    const first: PieceHeader = { ...header, sequence: 0, chunkNumber: 0, pieceIndex: 0, groupOffset: 0 };
    for (const each of [header, first, { ...first, mediaTimeUs: mediaUs(0) }])
      expect(plainBytes(decodePieceHeader(encodePieceHeader(each)))).toEqual(each);
  });

  const refused: Readonly<Record<string, Partial<PieceHeader>>> = {
    'an epoch that is no whole number': { epoch: 0.5 },
    'an epoch beyond what a double holds': { epoch: 2 ** 53 },
    'the rendition 0, which means none': { renditionId: 0 },
    'no pieces': { pieceCount: 0 },
    'more pieces than a chunk may have': { pieceCount: 513 },
    'an index that is not below its count': { pieceIndex: 512 },
    'fewer pieces before it than in its own chunk': { sequence: 2 },
    'a group that began before the first chunk': { groupOffset: 901 },
    'a negative media time': { mediaTimeUs: mediaUs(-1) },
    'a capture time that is no number': { captureMs: wallMs(Number.NaN) },
    'a digest of another length': { payloadDigest: new Uint8Array(31) },
  };
  for (const [what, change] of Object.entries(refused))
    it(`is refused with ${what}`, () => {
      expect(decodePieceHeader(encodePieceHeader({ ...header, ...change }))).toBeUndefined();
    });

  it('longer than the limit is refused', () => {
    // Unknown fields are skipped, so that only the length stands against this.
    const padded = new Uint8Array([
      ...encodePieceHeader(header),
      0xfa,
      0x01,
      0xff,
      0x01,
      ...new Uint8Array(255),
    ]);
    expect(decodePieceHeader(padded)).toBeUndefined();
  });

  it('places its piece in a stripe', () => {
    expect([0, 1, 2, 3, 4, 5].map((sequence) => stripeOf(sequence, 4))).toEqual([0, 1, 2, 3, 0, 1]);
  });
});
