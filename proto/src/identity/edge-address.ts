/**
 * Where a relay takes WebRTC without any signalling: `udp://203.0.113.5:9000/<fingerprint>`, the fingerprint being the
 * SHA-256 of its certificate in base64url. ICE credentials follow from the fingerprint, so that a page that knows the
 * address can write the relay's answer itself.
 */

import { base64urlnopad } from '@scure/base';
import { assert } from '../assert.js';
import { toHex } from '../bytes.js';
import { encodeAddress } from './address.js';

/** Bytes of a SHA-256. */
export const EDGE_FINGERPRINT_BYTES = 32;

/** Longest text that is looked at as an edge address: scheme, an IPv6 address in full, port, fingerprint. */
export const EDGE_ADDRESS_LENGTH_MAX = 120;

/** Longest text that is looked at as an edge address with a path behind it. */
export const EDGE_URL_LENGTH_MAX = 1_024;

/** Longest offer that is looked at: a browser's for data channels alone has 500 to 3,000 characters. */
export const EDGE_OFFER_LENGTH_MAX = 32_768;

/** Longest message that a page may send to an edge. */
export const EDGE_MESSAGE_BYTES_MAX = 65_536;

/** A relay's place for WebRTC. */
export type EdgeAddress = {
  /** IP address, without brackets. */
  readonly host: string;
  /** UDP port. */
  readonly port: number;
  /** SHA-256 of the certificate. */
  readonly fingerprint: Uint8Array;
};

/** The outcome of reading an edge address; `why` is one sentence for a person. */
export type EdgeAddressResult =
  | { readonly ok: true; readonly address: EdgeAddress }
  | { readonly ok: false; readonly why: string };

/** The outcome of answering an offer; `why` is one sentence for a person. */
export type EdgeAnswerResult =
  | { readonly ok: true; readonly sdp: string }
  | { readonly ok: false; readonly why: string };

/** What the two ends of ICE know each other by. */
export type EdgeCredentials = { readonly ufrag: string; readonly password: string };

const FORM = /^udp:\/\/(\[[0-9a-f:.]{2,45}\]|[0-9.]{7,15}):(\d{1,5})\/([\w-]{43})$/i;

/** Characters of the fingerprint that serve as user name; the rest is the password (RFC 8839 §5.4 asks for 22). */
const UFRAG_LENGTH = 8;

/** Writes an address. The host must be an IP address. */
export function encodeEdgeAddress({ host, port, fingerprint }: EdgeAddress): string {
  assert(isIpAddress(host), 'the host of an edge is an IP address');
  assert(Number.isInteger(port) && port > 0 && port < 65_536, 'a port lies between 1 and 65535');
  assert(fingerprint.length === EDGE_FINGERPRINT_BYTES, 'a fingerprint is a SHA-256');
  const authority = host.includes(':') ? `[${host.toLowerCase()}]` : host;
  return `udp://${authority}:${port}/${base64urlnopad.encode(fingerprint)}`;
}

/** Reads an address. Any text gives a result, never a throw. */
export function decodeEdgeAddress(text: string): EdgeAddressResult {
  const match = text.length > EDGE_ADDRESS_LENGTH_MAX ? null : FORM.exec(text);
  if (!match)
    return { ok: false, why: 'This is no edge address: it should look like udp://203.0.113.5:9000/... .' };
  const [, authority = '', portText, encoded = ''] = match;
  const host = authority.replace(/^\[|\]$/g, '').toLowerCase();
  if (!isIpAddress(host) || host.includes(':') !== authority.startsWith('['))
    return { ok: false, why: 'An edge address names an IP address, IPv6 in brackets; this one does not.' };
  const port = Number(portText);
  if (port < 1 || port > 65_535)
    return { ok: false, why: `A port lies between 1 and 65535, not at ${port}.` };
  const fingerprint = decodeFingerprint(encoded);
  if (!fingerprint)
    return { ok: false, why: 'The fingerprint in this edge address has a wrong end. Copy the whole again.' };
  return { ok: true, address: { host, port, fingerprint } };
}

/** The address of a channel's link at an edge, as `socketUrl` is for WebSocket: what viewers dial. */
export function edgeUrl(edgeAddress: string, channelKey: Uint8Array): string {
  return `${edgeAddress}/channel/${encodeAddress(channelKey)}`;
}

/** Splits what `edgeUrl` gives; the path begins with a slash. Any text gives a result, never a throw. */
export function decodeEdgeUrl(
  url: string,
): { readonly address: EdgeAddress; readonly path: string } | undefined {
  const match = url.length > EDGE_URL_LENGTH_MAX ? null : /^(udp:\/\/[^/]+\/[^/]+)(\/[!-~]*)$/i.exec(url);
  const decoded = decodeEdgeAddress(match?.[1] ?? '');
  return decoded.ok ? { address: decoded.address, path: match?.[2] ?? '/' } : undefined;
}

/** The relay's own user name and password: they are public, since they only tell its datagrams from others. */
export function edgeCredentials(fingerprint: Uint8Array): EdgeCredentials {
  assert(fingerprint.length === EDGE_FINGERPRINT_BYTES, 'a fingerprint is a SHA-256');
  // ICE has the characters of plain base64 (RFC 8839 §5.1: ice-char).
  const text = base64urlnopad.encode(fingerprint).replaceAll('-', '+').replaceAll('_', '/');
  return { ufrag: text.slice(0, UFRAG_LENGTH), password: text.slice(UFRAG_LENGTH) };
}

/**
 * Writes the answer that the relay would give to an offer with data channels alone. Any text gives a result, never a
 * throw; of the offer only the name of its media section is used.
 */
export function edgeAnswer(offerSdp: string, address: EdgeAddress): EdgeAnswerResult {
  if (offerSdp.length > EDGE_OFFER_LENGTH_MAX) return { ok: false, why: 'This offer is too long to be one.' };
  const lines = offerSdp.split(/\r?\n/);
  const sections = lines.filter((line) => line.startsWith('m='));
  const [, protocol] = /^m=application \d+ ((?:UDP\/)?DTLS\/SCTP) /.exec(sections[0] ?? '') ?? [];
  if (sections.length !== 1 || protocol === undefined)
    return { ok: false, why: 'This offer is not for data channels alone, which is all that an edge takes.' };
  const mediaId = lines.map((line) => /^a=mid:([\w-]{1,32})$/.exec(line)?.[1]).find((id) => id !== undefined);
  if (mediaId === undefined) return { ok: false, why: 'This offer does not name its media section.' };
  const { ufrag, password } = edgeCredentials(address.fingerprint);
  const { host, port } = address;
  const family = host.includes(':') ? 'IP6' : 'IP4';
  const sdp = [
    'v=0',
    'o=- 1 1 IN IP4 0.0.0.0',
    's=-',
    't=0 0',
    'a=ice-lite',
    `a=group:BUNDLE ${mediaId}`,
    `m=application ${port} ${protocol} webrtc-datachannel`,
    `c=IN ${family} ${host}`,
    `a=mid:${mediaId}`,
    `a=ice-ufrag:${ufrag}`,
    `a=ice-pwd:${password}`,
    `a=fingerprint:sha-256 ${fingerprintText(address.fingerprint)}`,
    'a=setup:passive',
    'a=sctp-port:5000',
    `a=max-message-size:${EDGE_MESSAGE_BYTES_MAX}`,
    `a=candidate:1 1 udp 2130706431 ${host} ${port} typ host`,
    'a=end-of-candidates',
    '',
  ].join('\r\n');
  return { ok: true, sdp };
}

function fingerprintText(fingerprint: Uint8Array): string {
  return (toHex(fingerprint).toUpperCase().match(/../g) ?? []).join(':');
}

function decodeFingerprint(text: string): Uint8Array | undefined {
  try {
    return base64urlnopad.decode(text);
  } catch {
    // 43 characters carry 258 bits; the last two must be zero.
    return undefined;
  }
}

/** Whether the text is an IPv4 or IPv6 address (RFC 4291 §2.2), without a zone. */
function isIpAddress(text: string): boolean {
  if (!text.includes(':')) return isIpv4(text);
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return false;
  const groups = [...groupsOf(head), ...groupsOf(tail ?? '')];
  const last = groups.at(-1) ?? '';
  const hasIpv4 = last.includes('.');
  const words = hasIpv4 ? groups.slice(0, -1) : groups;
  if (hasIpv4 && !isIpv4(last)) return false;
  if (!words.every((word) => /^[0-9a-f]{1,4}$/i.test(word))) return false;
  const count = words.length + (hasIpv4 ? 2 : 0);
  return tail === undefined ? count === 8 : count < 8;
}

function groupsOf(text: string): readonly string[] {
  return text === '' ? [] : text.split(':');
}

function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
}
