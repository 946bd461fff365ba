import { concatBytes, decodePiece, Limits, type Piece, signedMessage } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { Broadcast } from '../../../sim/broadcast.js';
import { Ed25519Scheme } from '../../../sim/signing-scheme.js';

const decodeAll = (messages: readonly Uint8Array[]): Piece[] =>
  messages.map(decodePiece).filter((piece) => piece !== undefined);

const bytesOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => index * 7);
const key = { isKeyframe: true, atMs: 0 };
const delta = { isKeyframe: false, atMs: 33 };

describe('the cutter', () => {
  it('cuts a chunk into full pieces and a shorter last one, whose payloads are the chunk', () => {
    const bytes = bytesOf(Limits.PIECE_BYTES_MAX * 2 + 5);
    const pieces = decodeAll(new Broadcast().cut({ ...key, bytes }));
    expect(pieces.map(({ payload }) => payload.length)).toEqual([16_128, 16_128, 5]);
    expect(pieces.map(({ header }) => [header.pieceIndex, header.pieceCount])).toEqual([
      [0, 3],
      [1, 3],
      [2, 3],
    ]);
    expect(concatBytes(...pieces.map(({ payload }) => payload))).toEqual(bytes);
  });

  it('makes one piece of a chunk that just fills it', () => {
    expect(new Broadcast().cut({ ...key, bytes: bytesOf(Limits.PIECE_BYTES_MAX) })).toHaveLength(1);
  });

  it('numbers pieces and chunks through, and counts each group from its keyframe', () => {
    const broadcast = new Broadcast();
    const bytes = bytesOf(20_000);
    const pieces = [key, delta, delta, key, delta].flatMap((each) =>
      decodeAll(broadcast.cut({ ...each, bytes })),
    );
    expect(pieces.map(({ header }) => header.sequence)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(pieces.map(({ header }) => header.chunkNumber)).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4]);
    expect(pieces.map(({ header }) => header.groupOffset)).toEqual([0, 0, 1, 1, 2, 2, 0, 0, 1, 1]);
  });

  it('signs each header and its payload’s digest with the session key', () => {
    const scheme = new Ed25519Scheme();
    const broadcast = new Broadcast({ scheme });
    const { publicKey } = scheme.createKeys(`session ${broadcast.epoch}`);
    for (const { headerBytes, signature, payload, header } of decodeAll(
      broadcast.cut({ ...key, bytes: bytesOf(20_000) }),
    )) {
      const message = signedMessage('piece', headerBytes);
      expect(scheme.isValid({ publicKey, message, signature, payload, digest: header.payloadDigest })).toBe(
        true,
      );
    }
  });

  it('sends nothing before the first keyframe', () => {
    const broadcast = new Broadcast();
    expect(broadcast.cut({ ...delta, bytes: bytesOf(9) })).toEqual([]);
    expect(decodeAll(broadcast.cut({ ...key, bytes: bytesOf(9) }))[0]?.header.chunkNumber).toBe(0);
  });

  it('takes the longest chunk there may be, and none longer', () => {
    const most = Limits.CHUNK_PIECES_MAX * Limits.PIECE_BYTES_MAX;
    expect(new Broadcast().cut({ ...key, bytes: new Uint8Array(most) })).toHaveLength(
      Limits.CHUNK_PIECES_MAX,
    );
    expect(new Broadcast().cut({ ...key, bytes: new Uint8Array(most + 1) })).toEqual([]);
  });

  it('sends nothing that refers to a chunk which could not be sent', () => {
    const broadcast = new Broadcast();
    const tooLong = new Uint8Array(Limits.CHUNK_PIECES_MAX * Limits.PIECE_BYTES_MAX + 1);
    broadcast.cut({ ...key, bytes: bytesOf(9) });
    broadcast.cut({ ...delta, bytes: tooLong });
    expect(broadcast.cut({ ...delta, bytes: bytesOf(9) })).toEqual([]);
    broadcast.cut({ ...key, bytes: tooLong });
    expect(broadcast.cut({ ...delta, bytes: bytesOf(9) })).toEqual([]);
    expect(decodeAll(broadcast.cut({ ...key, bytes: bytesOf(9) }))[0]?.header.chunkNumber).toBe(1);
  });
});
