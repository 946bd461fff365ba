/** The STUN messages by which a browser checks that it may send to an ICE-lite end (RFC 8445 §2.5, RFC 8489). */

import { createHmac, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { addressBytesOf, STUN_HEADER_BYTES } from '../stun/stun-message.js';

/** A longer check is not looked at: browsers send 100 to 200 bytes. */
export const ICE_CHECK_BYTES_MAX = 512;

const BINDING_REQUEST = 0x0001;
const BINDING_RESPONSE = 0x0101;
const MAGIC_COOKIE = 0x2112_a442;
const FINGERPRINT_MASK = 0x5354_554e;

const Attribute = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  xorMappedAddress: 0x0020,
  useCandidate: 0x0025,
  fingerprint: 0x8028,
} as const;

/** Bytes of an attribute's head, of an HMAC-SHA1, and of a fingerprint. */
const HEAD_BYTES = 4;
const INTEGRITY_BYTES = 20;
const FINGERPRINT_BYTES = 4;

/** Attributes looked at; an honest check has seven. */
const ATTRIBUTES_MAX = 24;

/** Longest name of a page's end: RFC 8839 §5.4 allows 256, browsers have 4 to 32. */
const PEER_UFRAG = /^[0-9A-Za-z+/]{4,256}$/;

/** A check that holds. */
export type IceCheck = {
  /** The name that the page's end has given itself for this connection. */
  readonly peerUfrag: string;
  /** The page has chosen this path. */
  readonly isNominated: boolean;
};

/** What an ICE-lite end is called. */
export type IceCredentials = { readonly ufrag: string; readonly password: string };

/** Reads a check that is meant for us and proves to know our password; `undefined` for anything else. Never throws. */
export function decodeIceCheck(bytes: Buffer, { ufrag, password }: IceCredentials): IceCheck | undefined {
  if (bytes.length < STUN_HEADER_BYTES || bytes.length > ICE_CHECK_BYTES_MAX || bytes.length % 4 !== 0)
    return undefined;
  if (bytes.readUInt16BE(0) !== BINDING_REQUEST || bytes.readUInt32BE(4) !== MAGIC_COOKIE) return undefined;
  if (bytes.readUInt16BE(2) !== bytes.length - STUN_HEADER_BYTES) return undefined;
  let peerUfrag: string | undefined;
  let isNominated = false;
  let at = STUN_HEADER_BYTES;
  for (let count = 0; count < ATTRIBUTES_MAX && at + HEAD_BYTES <= bytes.length; count += 1) {
    const type = bytes.readUInt16BE(at);
    const length = bytes.readUInt16BE(at + 2);
    const end = at + HEAD_BYTES + length;
    if (end > bytes.length) return undefined;
    const value = bytes.subarray(at + HEAD_BYTES, end);
    if (type === Attribute.username) peerUfrag = peerUfragOf(value, ufrag);
    else if (type === Attribute.useCandidate) isNominated = true;
    else if (type === Attribute.messageIntegrity) {
      // What follows it, other than the fingerprint, is not covered and does not count (RFC 8489 §14.5).
      if (peerUfrag === undefined || !isIntact(bytes, at, value, password)) return undefined;
      return hasGoodFingerprint(bytes, end) ? { peerUfrag, isNominated } : undefined;
    }
    at += HEAD_BYTES + ((length + 3) & ~3);
  }
  return undefined;
}

/** Answers a check with the address it came from, as Node's dgram gives it. */
export function encodeIceAnswer(
  check: Buffer,
  from: { readonly address: string; readonly port: number },
  password: string,
): Buffer {
  const addressBytes = addressBytesOf(from.address);
  const mappedBytes = HEAD_BYTES + 4 + addressBytes.length;
  const integrityAt = STUN_HEADER_BYTES + mappedBytes;
  const fingerprintAt = integrityAt + HEAD_BYTES + INTEGRITY_BYTES;
  const bytes = Buffer.alloc(fingerprintAt + HEAD_BYTES + FINGERPRINT_BYTES);
  bytes.writeUInt16BE(BINDING_RESPONSE, 0);
  // Cookie and transaction id, which are also what the address is masked with.
  const mask = check.subarray(4, STUN_HEADER_BYTES);
  bytes.set(mask, 4);
  bytes.writeUInt16BE(Attribute.xorMappedAddress, STUN_HEADER_BYTES);
  bytes.writeUInt16BE(4 + addressBytes.length, STUN_HEADER_BYTES + 2);
  bytes.writeUInt8(addressBytes.length === 4 ? 1 : 2, STUN_HEADER_BYTES + 5);
  bytes.writeUInt16BE(from.port ^ (MAGIC_COOKIE >>> 16), STUN_HEADER_BYTES + 6);
  for (const [index, byte] of addressBytes.entries())
    bytes[STUN_HEADER_BYTES + 8 + index] = byte ^ (mask[index] ?? 0);
  bytes.writeUInt16BE(Attribute.messageIntegrity, integrityAt);
  bytes.writeUInt16BE(INTEGRITY_BYTES, integrityAt + 2);
  bytes.set(integrityOf(bytes, integrityAt, password), integrityAt + HEAD_BYTES);
  bytes.writeUInt16BE(bytes.length - STUN_HEADER_BYTES, 2);
  bytes.writeUInt16BE(Attribute.fingerprint, fingerprintAt);
  bytes.writeUInt16BE(FINGERPRINT_BYTES, fingerprintAt + 2);
  bytes.writeUInt32BE(fingerprintOf(bytes, fingerprintAt), fingerprintAt + HEAD_BYTES);
  return bytes;
}

function peerUfragOf(value: Buffer, ufrag: string): string | undefined {
  const text = value.toString('latin1');
  if (!text.startsWith(`${ufrag}:`)) return undefined;
  const peerUfrag = text.slice(ufrag.length + 1);
  return PEER_UFRAG.test(peerUfrag) ? peerUfrag : undefined;
}

function isIntact(bytes: Buffer, at: number, value: Buffer, password: string): boolean {
  return value.length === INTEGRITY_BYTES && timingSafeEqual(value, integrityOf(bytes, at, password));
}

/** HMAC over everything in front of the attribute, with a length that ends with it (RFC 8489 §14.5). */
function integrityOf(bytes: Buffer, at: number, password: string): Buffer {
  const head = Buffer.from(bytes.subarray(0, STUN_HEADER_BYTES));
  head.writeUInt16BE(at + HEAD_BYTES + INTEGRITY_BYTES - STUN_HEADER_BYTES, 2);
  return createHmac('sha1', password).update(head).update(bytes.subarray(STUN_HEADER_BYTES, at)).digest();
}

function hasGoodFingerprint(bytes: Buffer, at: number): boolean {
  if (at + HEAD_BYTES + FINGERPRINT_BYTES !== bytes.length) return false;
  if (bytes.readUInt16BE(at) !== Attribute.fingerprint || bytes.readUInt16BE(at + 2) !== FINGERPRINT_BYTES)
    return false;
  return bytes.readUInt32BE(at + HEAD_BYTES) === fingerprintOf(bytes, at);
}

function fingerprintOf(bytes: Buffer, at: number): number {
  return (crc32(bytes.subarray(0, at)) ^ FINGERPRINT_MASK) >>> 0;
}
