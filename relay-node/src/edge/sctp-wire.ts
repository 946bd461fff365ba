/** SCTP packets (RFC 9260) as WebRTC uses them over DTLS (RFC 8831, RFC 8261). */

import { crc32c } from './crc32c.js';

/** Bytes of a packet's header: ports, verification tag, checksum. */
export const SCTP_HEADER_BYTES = 12;

/** Bytes of a DATA chunk in front of its payload. */
export const DATA_HEADER_BYTES = 16;

/** The port of both ends (RFC 8841). */
const SCTP_PORT = 5_000;

/** Chunks looked at in one packet; what follows is ignored: an honest packet of 1,200 bytes bundles a few. */
const CHUNKS_MAX = 32;

/** Kinds of chunk that an edge understands; others are passed over. */
export const ChunkType = {
  data: 0,
  init: 1,
  initAck: 2,
  sack: 3,
  heartbeat: 4,
  heartbeatAck: 5,
  abort: 6,
  shutdown: 7,
  shutdownAck: 8,
  cookieEcho: 10,
  cookieAck: 11,
  reconfig: 130,
} as const;

/** Flags of a DATA chunk: last and first fragment, and "acknowledge at once" (RFC 7053). */
export const DataFlag = { end: 1, begin: 2, immediate: 8 } as const;

/** What a message is (RFC 8831 §8). */
export const PayloadKind = { control: 50, text: 51, binary: 53, emptyText: 56, emptyBinary: 57 } as const;

/** A chunk, its body a view into the packet. */
export type Chunk = { readonly type: number; readonly flags: number; readonly body: Buffer };

/** A packet's parts. */
export type SctpPacket = { readonly tag: number; readonly chunks: readonly Chunk[] };

/** Splits a packet; `undefined` when a length is wrong. DTLS vouches for the bytes, so the checksum is not looked at. */
export function decodePacket(bytes: Buffer): SctpPacket | undefined {
  if (bytes.length < SCTP_HEADER_BYTES + 4) return undefined;
  const chunks: Chunk[] = [];
  let at = SCTP_HEADER_BYTES;
  while (at + 4 <= bytes.length && chunks.length < CHUNKS_MAX) {
    const length = bytes.readUInt16BE(at + 2);
    if (length < 4 || at + length > bytes.length) return undefined;
    chunks.push({
      type: bytes.readUInt8(at),
      flags: bytes.readUInt8(at + 1),
      body: bytes.subarray(at + 4, at + length),
    });
    at += (length + 3) & ~3;
  }
  return { tag: bytes.readUInt32BE(4), chunks };
}

/** Room for a packet with one chunk of this many bytes, header and padding done; the chunk's body follows at 16. */
export function startPacket(tag: number, type: number, flags: number, chunkBytes: number): Buffer {
  const paddedBytes = (chunkBytes + 3) & ~3;
  const bytes = Buffer.allocUnsafe(SCTP_HEADER_BYTES + paddedBytes);
  bytes.writeUInt16BE(SCTP_PORT, 0);
  bytes.writeUInt16BE(SCTP_PORT, 2);
  bytes.writeUInt32BE(tag, 4);
  bytes.writeUInt32LE(0, 8);
  bytes.writeUInt8(type, 12);
  bytes.writeUInt8(flags, 13);
  bytes.writeUInt16BE(chunkBytes, 14);
  bytes.fill(0, SCTP_HEADER_BYTES + chunkBytes);
  return bytes;
}

/** Puts the checksum into a finished packet. */
export function sealPacket(bytes: Buffer): Buffer {
  bytes.writeUInt32LE(crc32c(bytes), 8);
  return bytes;
}

/** A whole packet with one chunk, without its checksum. */
export function encodePacket(tag: number, type: number, body: Uint8Array): Buffer {
  const bytes = startPacket(tag, type, 0, 4 + body.length);
  bytes.set(body, SCTP_HEADER_BYTES + 4);
  return bytes;
}

/** A parameter of INIT, INIT ACK or RE-CONFIG. */
export type Parameter = { readonly type: number; readonly value: Buffer };

/** Splits parameters; stops at the first with a wrong length. */
export function decodeParameters(bytes: Buffer): readonly Parameter[] {
  const parameters: Parameter[] = [];
  let at = 0;
  while (at + 4 <= bytes.length && parameters.length < CHUNKS_MAX) {
    const length = bytes.readUInt16BE(at + 2);
    if (length < 4 || at + length > bytes.length) break;
    parameters.push({ type: bytes.readUInt16BE(at), value: bytes.subarray(at + 4, at + length) });
    at += (length + 3) & ~3;
  }
  return parameters;
}

/** Writes parameters, each padded to whole words. */
export function encodeParameters(parameters: readonly Parameter[]): Buffer {
  return Buffer.concat(
    parameters.map(({ type, value }) => {
      const bytes = Buffer.alloc((4 + value.length + 3) & ~3);
      bytes.writeUInt16BE(type, 0);
      bytes.writeUInt16BE(4 + value.length, 2);
      bytes.set(value, 4);
      return bytes;
    }),
  );
}

/** How far `b` lies behind `a` on the circle of 32-bit numbers; negative when it lies before. */
export function distance(a: number, b: number): number {
  return (b - a) | 0;
}
