/** The signed header of a piece (PROTOCOL.md §6). */

import { CHUNK_PIECES_MAX, DIGEST_BYTES, HEADER_BYTES_MAX } from '../limits.js';
import { type MediaUs, mediaUs, type WallMs, wallMs } from '../time.js';
import { decodeWith, isBytes, isCount } from '../wire/decode.js';
import { freshet } from '../wire/generated/wire.js';

const WireHeader = freshet.v1.PieceHeader;
const UINT32_MAX = 0xffffffff;

/** What a piece says about itself. */
export type PieceHeader = {
  readonly epoch: number;
  readonly renditionId: number;
  /** Running number in its epoch and rendition; the stripe is `sequence` modulo the catalog's stripe count. */
  readonly sequence: number;
  /** Running number of the chunk in its epoch and rendition. */
  readonly chunkNumber: number;
  /** Place in the chunk, 0 to `pieceCount` - 1. */
  readonly pieceIndex: number;
  readonly pieceCount: number;
  /** Chunks since the keyframe that starts the group; 0 says that this chunk is it. */
  readonly groupOffset: number;
  readonly mediaTimeUs: MediaUs;
  readonly durationUs: number;
  readonly captureMs: WallMs;
  readonly payloadDigest: Uint8Array;
};

/** Bytes of a header. These bytes are signed and travel; they are never made again from the decoded form. */
export function encodePieceHeader(header: PieceHeader): Uint8Array {
  return WireHeader.encode({
    epoch: header.epoch,
    rendition: header.renditionId,
    sequence: header.sequence,
    chunk: header.chunkNumber,
    index: header.pieceIndex,
    count: header.pieceCount,
    groupOffset: header.groupOffset,
    mediaUs: header.mediaTimeUs,
    durationUs: header.durationUs,
    captureMs: header.captureMs,
    payloadSha256: header.payloadDigest,
  }).finish();
}

/** Reads a header; `undefined` for anything malformed or out of range. Does not verify it. */
export function decodePieceHeader(bytes: Uint8Array): PieceHeader | undefined {
  const wire = decodeWith((b) => WireHeader.decode(b), bytes, HEADER_BYTES_MAX);
  if (!wire || !isCount(wire.epoch) || !isCount(wire.rendition, UINT32_MAX) || wire.rendition < 1)
    return undefined;
  if (!isCount(wire.count, CHUNK_PIECES_MAX) || !isCount(wire.index) || wire.index >= wire.count)
    return undefined;
  if (wire.sequence < wire.index || wire.groupOffset > wire.chunk) return undefined;
  if (!isCount(wire.mediaUs) || !isCount(wire.captureMs) || !isBytes(wire.payloadSha256, DIGEST_BYTES))
    return undefined;
  return {
    epoch: wire.epoch,
    renditionId: wire.rendition,
    sequence: wire.sequence,
    chunkNumber: wire.chunk,
    pieceIndex: wire.index,
    pieceCount: wire.count,
    groupOffset: wire.groupOffset,
    mediaTimeUs: mediaUs(wire.mediaUs),
    durationUs: wire.durationUs,
    captureMs: wallMs(wire.captureMs),
    payloadDigest: wire.payloadSha256,
  };
}

/** The stripe a piece belongs to, 0 to `stripeCount` - 1. */
export function stripeOf(sequence: number, stripeCount: number): number {
  return sequence % stripeCount;
}
