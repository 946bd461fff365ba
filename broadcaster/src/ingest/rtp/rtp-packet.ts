/** Reads RTP packets (RFC 3550 §5.1) with their header extensions (RFC 8285). */

import { u16, u32 } from './byte-read.js';

/** One packet as the receiver uses it. `payload` is a view of the datagram. */
export type RtpPacket = {
  /** 7 bits. */
  readonly payloadType: number;
  /** Ends a picture in video. */
  readonly hasMarker: boolean;
  /** 16 bits, wrapping. */
  readonly sequence: number;
  /** 32 bits, wrapping, in the track's clock rate. */
  readonly timestamp: number;
  /** 32 bits. */
  readonly ssrc: number;
  /** Without padding; empty when the packet is nothing but padding. */
  readonly payload: Uint8Array;
  /** The transport-wide sequence number, 16 bits, where the sender put one in. */
  readonly transportSequence: number | undefined;
};

const HEADER_BYTES = 12;
const ONE_BYTE_PROFILE = 0xbede;
const TWO_BYTE_PROFILE = 0x1000;
const ONE_BYTE_STOP = 15;

/** Reads a packet; `undefined` when it is cut short or no RTP. `transportCcId` is the negotiated extension id. */
export function decodeRtp(bytes: Uint8Array, transportCcId?: number): RtpPacket | undefined {
  const first = bytes[0] ?? 0;
  if (bytes.length < HEADER_BYTES || first >> 6 !== 2) return undefined;
  let start = HEADER_BYTES + (first & 0x0f) * 4;
  let transportSequence: number | undefined;
  if ((first & 0x10) !== 0) {
    const extensionStart = start + 4;
    const profile = u16(bytes, start);
    start = extensionStart + u16(bytes, start + 2) * 4;
    if (start > bytes.length) return undefined;
    if (transportCcId !== undefined) {
      const at = findExtension(bytes, { profile, start: extensionStart, end: start, id: transportCcId });
      if (at !== undefined) transportSequence = u16(bytes, at);
    }
  }
  let end = bytes.length;
  if ((first & 0x20) !== 0) end -= Math.max(1, bytes[bytes.length - 1] ?? 0);
  if (start > end) return undefined;
  const second = bytes[1] ?? 0;
  return {
    payloadType: second & 0x7f,
    hasMarker: second >= 0x80,
    sequence: u16(bytes, 2),
    timestamp: u32(bytes, 4),
    ssrc: u32(bytes, 8),
    payload: bytes.subarray(start, end),
    transportSequence,
  };
}

type ExtensionSearch = {
  readonly profile: number;
  readonly start: number;
  readonly end: number;
  readonly id: number;
};

/** Where the two bytes of the element begin; `undefined` when it is not there or too short. */
function findExtension(bytes: Uint8Array, search: ExtensionSearch): number | undefined {
  const isOneByte = search.profile === ONE_BYTE_PROFILE;
  if (!isOneByte && (search.profile & 0xfff0) !== TWO_BYTE_PROFILE) return undefined;
  let at = search.start;
  while (at < search.end) {
    const head = bytes[at] ?? 0;
    if (head === 0) {
      at += 1;
      continue;
    }
    const id = isOneByte ? head >> 4 : head;
    if (isOneByte && id === ONE_BYTE_STOP) return undefined;
    const length = isOneByte ? (head & 0x0f) + 1 : (bytes[at + 1] ?? 0);
    const value = at + (isOneByte ? 1 : 2);
    if (value + length > search.end) return undefined;
    if (id === search.id) return length >= 2 ? value : undefined;
    at = value + length;
  }
  return undefined;
}
