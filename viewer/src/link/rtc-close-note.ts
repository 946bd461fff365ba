/** The last message on a control channel: why the sender goes. WebRTC itself has no close code. */

import { CloseCode } from '@freshet/proto';

/** First byte of a close note; messages of the protocol begin with a `FrameKind`, which is never 0. */
const NOTE = 0;

/** Bytes of a reason; the rest is cut off. */
const REASON_BYTES_MAX = 100;

/** The codes of applications, the same as on WebSocket. */
const CODE_MIN = 4000;
const CODE_MAX = 4999;

/** Why the other end closed. */
export type CloseNote = { readonly code: number; readonly reason: string };

/** Whether a message on the control channel is a close note. */
export function isCloseNote(bytes: Uint8Array): boolean {
  return bytes[0] === NOTE;
}

/** Builds a close note: 0, the code as two bytes, the reason as UTF-8. */
export function encodeCloseNote({ code, reason }: CloseNote): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(reason).subarray(0, REASON_BYTES_MAX);
  const bytes = new Uint8Array(3 + text.length);
  bytes.set([NOTE, code >>> 8, code & 0xff]);
  bytes.set(text, 3);
  return bytes;
}

/** Reads a close note; one that makes no sense counts as a protocol violation. Never throws. */
export function decodeCloseNote(bytes: Uint8Array): CloseNote {
  const code = ((bytes[1] ?? 0) << 8) | (bytes[2] ?? 0);
  if (bytes.length < 3 || code < CODE_MIN || code > CODE_MAX) {
    return { code: CloseCode.protocolViolation, reason: 'a close note of no known form' };
  }
  return { code, reason: new TextDecoder().decode(bytes.subarray(3, 3 + REASON_BYTES_MAX)) };
}
