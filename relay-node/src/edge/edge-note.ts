/**
 * What the two ends of an edge link tell each other besides the protocol's own messages: which channel a page wants,
 * its first message, and why an end goes, its last. Both begin with a 0, with which no other message begins.
 */

import { CloseCode } from '@freshet/proto';

/** First byte of a note; messages of the protocol begin with a `FrameKind`, which is never 0. */
const NOTE = 0;

/** Code of the note that asks for a path. */
const REQUEST = 0;

/** Codes that a WebSocket could have as well (RFC 6455 §7.4). */
const CODE_MIN = 1000;
const CODE_MAX = 4999;

/** Bytes of a reason; the rest is cut off. */
const REASON_BYTES_MAX = 123;

/** Bytes of a request; a longer one is refused. */
const REQUEST_BYTES_MAX = 1024;

const HEAD_BYTES = 3;

/** Whether a message is a note. */
export function isNote(bytes: Uint8Array): boolean {
  return bytes[0] === NOTE;
}

/** The path that the first message asks for, as in an HTTP request, its query apart; `undefined` for anything else. */
export function decodeRequestNote(
  bytes: Buffer,
): { readonly path: string; readonly query: string } | undefined {
  if (bytes.length <= HEAD_BYTES || bytes.length > HEAD_BYTES + REQUEST_BYTES_MAX) return undefined;
  if (!isNote(bytes) || bytes.readUInt16BE(1) !== REQUEST) return undefined;
  const match = /^(\/[!-~]*?)(?:\?([!-~]*))?$/.exec(bytes.toString('latin1', HEAD_BYTES));
  return match ? { path: match[1] ?? '', query: match[2] ?? '' } : undefined;
}

/** The last message: why this end goes. */
export function encodeCloseNote(code: number, reason: string): Buffer {
  const text = Buffer.from(reason).subarray(0, REASON_BYTES_MAX);
  const head = Buffer.from([NOTE, code >>> 8, code & 0xff]);
  return Buffer.concat([head, text]);
}

/** Reads a close note; one that makes no sense counts as a protocol violation. */
export function decodeCloseNote(bytes: Buffer): { readonly code: number; readonly reason: string } {
  const code = bytes.length < HEAD_BYTES ? 0 : bytes.readUInt16BE(1);
  if (code < CODE_MIN || code > CODE_MAX)
    return { code: CloseCode.protocolViolation, reason: 'a note of no known form' };
  return { code, reason: bytes.toString('utf8', HEAD_BYTES, HEAD_BYTES + REASON_BYTES_MAX) };
}
