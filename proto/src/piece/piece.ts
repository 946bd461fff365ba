/** A piece as nodes hold it: the message as received, and its parts decoded once. */

import { decodePieceFrame } from '../wire/frame.js';
import { decodePieceHeader, type PieceHeader } from './header.js';

/** One piece. `message` is what is forwarded, untouched; the other fields are views into it. */
export type Piece = {
  readonly header: PieceHeader;
  readonly headerBytes: Uint8Array;
  readonly signature: Uint8Array;
  readonly payload: Uint8Array;
  readonly message: Uint8Array;
};

/** Reads a piece message; `undefined` for anything malformed. The message must not change afterwards. */
export function decodePiece(message: Uint8Array): Piece | undefined {
  const frame = decodePieceFrame(message);
  const header = frame && decodePieceHeader(frame.header);
  if (!frame || !header) return undefined;
  const { header: headerBytes, signature, payload } = frame;
  return { header, headerBytes, signature, payload, message };
}
