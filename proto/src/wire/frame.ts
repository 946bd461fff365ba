/** The outermost layer of a message: one byte that says what follows (PROTOCOL.md §3). */

import { concatBytes } from '../bytes.js';
import { HEADER_BYTES_MAX, PIECE_BYTES_MAX, SIGNATURE_BYTES } from '../limits.js';

/** The first byte of every message. */
export const FrameKind = { piece: 1, control: 2 } as const;

/** A piece's parts, as views into the message they came in. */
export type PieceFrame = {
  /** Encoded header: what the signature covers. */
  readonly header: Uint8Array;
  readonly signature: Uint8Array;
  readonly payload: Uint8Array;
};

/** Bytes in front of a piece's header: the kind and the header's length as two bytes, high byte first. */
const PIECE_PREFIX_BYTES = 3;

/** Builds a piece message. The parts are copied. */
export function encodePieceFrame(frame: PieceFrame): Uint8Array {
  const length = frame.header.length;
  const prefix = Uint8Array.of(FrameKind.piece, length >>> 8, length & 0xff);
  return concatBytes(prefix, frame.header, frame.signature, frame.payload);
}

/** Splits a piece message without copying; `undefined` when a part is missing, empty or too long. */
export function decodePieceFrame(message: Uint8Array): PieceFrame | undefined {
  if (message[0] !== FrameKind.piece || message.length < PIECE_PREFIX_BYTES) return undefined;
  const headerLength = ((message[1] ?? 0) << 8) | (message[2] ?? 0);
  const signatureStart = PIECE_PREFIX_BYTES + headerLength;
  const payloadStart = signatureStart + SIGNATURE_BYTES;
  const payloadLength = message.length - payloadStart;
  if (headerLength === 0 || headerLength > HEADER_BYTES_MAX) return undefined;
  if (payloadLength < 1 || payloadLength > PIECE_BYTES_MAX) return undefined;
  return {
    header: message.subarray(PIECE_PREFIX_BYTES, signatureStart),
    signature: message.subarray(signatureStart, payloadStart),
    payload: message.subarray(payloadStart),
  };
}
