/** Counts the pieces in one client's stream of WebSocket frames, and notices gaps, with a few operations a frame. */

import { decodePieceHeader, Limits } from '@freshet/proto';

/** First byte of a piece message (PROTOCOL.md, section 3). */
const PIECE = 1;

/** What of a message is looked at: kind, length and the longest header. */
const LOOK_BYTES = 3 + Limits.HEADER_BYTES_MAX;

/** Tags of `PieceHeader` in the schema: a double, then two numbers, in this order. */
const EPOCH_TAG = 0x09;
const RENDITION_TAG = 0x10;
const SEQUENCE_TAG = 0x18;

/** What a client has got since the last {@link reset}. */
export class FrameCounter {
  pieces = 0;
  /** Sequence numbers of the first and the newest piece; -1 before there was one. */
  first = -1;
  newest = -1;
  /** Bytes of the present frame that are still to come. */
  #left = 0;
  /** The beginning of a frame that a read has cut through. */
  #head: Buffer | undefined;

  /** Forgets what was counted, not where the stream stands. */
  reset(): void {
    this.pieces = 0;
    this.first = -1;
    this.newest = -1;
  }

  /** Pieces that should have come between the first and the newest. */
  get expected(): number {
    return this.first < 0 ? 0 : this.newest - this.first + 1;
  }

  /** Takes what was read; `onPiece` gets the beginning of each piece message if it is asked for. */
  read(part: Buffer, onPiece?: (message: Buffer) => void): void {
    const bytes = this.#head ? Buffer.concat([this.#head, part]) : part;
    this.#head = undefined;
    let at = 0;
    for (;;) {
      const skipped = Math.min(this.#left, bytes.length - at);
      at += skipped;
      this.#left -= skipped;
      if (at >= bytes.length) return;
      const frame = frameAt(bytes, at);
      // Short frames, pongs and hellos, end before there is so much to look at.
      const wanted = frame === undefined ? 2 : Math.min(frame.headBytes + frame.payloadBytes, LOOK_BYTES);
      if (frame === undefined || bytes.length - at < wanted) {
        this.#head = Buffer.from(bytes.subarray(at));
        return;
      }
      at += frame.headBytes;
      this.#left = frame.payloadBytes;
      if (frame.isBinary && bytes[at] === PIECE) {
        const message = bytes.subarray(at, at + Math.min(frame.payloadBytes, LOOK_BYTES));
        this.#note(sequenceOf(message));
        onPiece?.(message);
      }
    }
  }

  #note(sequence: number): void {
    if (this.first < 0) this.first = sequence;
    this.newest = Math.max(this.newest, sequence);
    this.pieces++;
  }
}

type Frame = { readonly headBytes: number; readonly payloadBytes: number; readonly isBinary: boolean };

/** The head of the server's frame at an offset (RFC 6455 §5.2); `undefined` while not all of it is there. */
function frameAt(bytes: Buffer, at: number): Frame | undefined {
  if (bytes.length - at < 2) return undefined;
  const isBinary = ((bytes[at] ?? 0) & 0x0f) === 2;
  const short = (bytes[at + 1] ?? 0) & 0x7f;
  if (short < 126) return { headBytes: 2, payloadBytes: short, isBinary };
  if (bytes.length - at < (short === 126 ? 4 : 10)) return undefined;
  return short === 126
    ? { headBytes: 4, payloadBytes: bytes.readUInt16BE(at + 2), isBinary }
    : { headBytes: 10, payloadBytes: Number(bytes.readBigUInt64BE(at + 2)), isBinary };
}

/** The sequence number in a piece message: kind, length of the header, then the header's fields in their order. */
export function sequenceOf(message: Buffer): number {
  let at = 3;
  if (message[at] === EPOCH_TAG) at += 9;
  if (message[at] === RENDITION_TAG) at += 1 + varintBytes(message, at + 1);
  return message[at] === SEQUENCE_TAG ? varintAt(message, at + 1) : 0;
}

/** The capture time in a piece message, in Unix milliseconds; `undefined` if it is malformed. */
export function captureMsOf(message: Buffer): number | undefined {
  return decodePieceHeader(message.subarray(3, 3 + message.readUInt16BE(1)))?.captureMs;
}

function varintBytes(bytes: Buffer, at: number): number {
  let count = 1;
  while (((bytes[at + count - 1] ?? 0) & 0x80) !== 0) count++;
  return count;
}

function varintAt(bytes: Buffer, at: number): number {
  let value = 0;
  for (let index = 0; index < varintBytes(bytes, at); index++)
    value += ((bytes[at + index] ?? 0) & 0x7f) * 2 ** (7 * index);
  return value;
}
