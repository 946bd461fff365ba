/** The two STUN messages a relay needs (RFC 8489): a binding request in, its answer out. */

import { isIPv4 } from 'node:net';

/** Bytes of a STUN header. */
export const STUN_HEADER_BYTES = 20;

/** A longer datagram is not looked at: a request of a browser or of werift has 20 to 100 bytes. */
export const STUN_REQUEST_BYTES_MAX = 256;

/** The longest answer: header and an IPv6 address. It bounds what a forged sender address can gain. */
export const STUN_RESPONSE_BYTES_MAX: number = STUN_HEADER_BYTES + 24;

const BINDING_REQUEST = 0x0001;
const BINDING_RESPONSE = 0x0101;
const MAGIC_COOKIE = 0x2112_a442;
const XOR_MAPPED_ADDRESS = 0x0020;
const FAMILY_IPV4 = 1;
const FAMILY_IPV6 = 2;
/** Attributes below this must be understood; a plain binding request has none (RFC 8489 §14). */
const OPTIONAL_FROM = 0x8000;

/**
 * Whether a datagram is a binding request that this server answers. One with an attribute that must be understood
 * (a login, a wish for another port) is left unanswered: an error answer would only be something more to abuse.
 */
export function isBindingRequest(bytes: Uint8Array): boolean {
  if (bytes.length < STUN_HEADER_BYTES || bytes.length > STUN_REQUEST_BYTES_MAX) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint16(0) !== BINDING_REQUEST || view.getUint32(4) !== MAGIC_COOKIE) return false;
  if (view.getUint16(2) !== bytes.length - STUN_HEADER_BYTES || bytes.length % 4 !== 0) return false;
  let offset = STUN_HEADER_BYTES;
  while (offset < bytes.length) {
    if (view.getUint16(offset) < OPTIONAL_FROM) return false;
    // A length is padded to whole words.
    offset += 4 + ((view.getUint16(offset + 2) + 3) & ~3);
  }
  return offset === bytes.length;
}

/** Answers a request that `isBindingRequest` with the address it came from, as Node's dgram gives it. */
export function encodeBindingResponse(request: Uint8Array, address: string, port: number): Uint8Array {
  const addressBytes = addressBytesOf(address);
  const bytes = new Uint8Array(STUN_HEADER_BYTES + 8 + addressBytes.length);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, BINDING_RESPONSE);
  view.setUint16(2, 8 + addressBytes.length);
  // Cookie and transaction id, which are also what the address is masked with.
  const mask = request.subarray(4, STUN_HEADER_BYTES);
  bytes.set(mask, 4);
  view.setUint16(20, XOR_MAPPED_ADDRESS);
  view.setUint16(22, 4 + addressBytes.length);
  view.setUint8(25, addressBytes.length === 4 ? FAMILY_IPV4 : FAMILY_IPV6);
  view.setUint16(26, port ^ (MAGIC_COOKIE >>> 16));
  for (const [index, byte] of addressBytes.entries()) bytes[28 + index] = byte ^ (mask[index] ?? 0);
  return bytes;
}

/** The bytes of an address as dgram writes it: 4 or 16; an IPv4 one may stand in an IPv6 one. */
export function addressBytesOf(address: string): Uint8Array {
  const text = address.startsWith('::ffff:') && isIPv4(address.slice(7)) ? address.slice(7) : address;
  if (isIPv4(text)) return Uint8Array.from(text.split('.'), Number);
  const [left = '', right] = text.replace(/%.*$/, '').split('::');
  const head = left === '' ? [] : left.split(':');
  const tail = right === undefined || right === '' ? [] : right.split(':');
  const gap = right === undefined ? 0 : Math.max(0, 8 - head.length - tail.length);
  const groups = [...head, ...Array.from({ length: gap }, () => '0'), ...tail].slice(0, 8);
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  for (const [index, group] of groups.entries()) view.setUint16(index * 2, Number.parseInt(group, 16));
  return bytes;
}
