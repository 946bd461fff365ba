/**
 * What two viewers tell each other to connect. An SDP is never carried: only the few values that differ from one
 * connection to the next, each checked, so that a stranger cannot make an engine do anything but open data channels.
 */

import { CloseCode } from '@freshet/proto';
import { PEER_MESSAGE_BYTES_MAX, SIGNAL_BYTES_MAX } from './peer-link.js';

/** One end's part of a connection: ICE credentials (RFC 8839), certificate and DTLS role (RFC 8842). */
export type RtcHandshake = {
  readonly type: 'offer' | 'answer';
  readonly ufrag: string;
  readonly password: string;
  /** SHA-256 of the certificate, in pairs of hex digits with colons. */
  readonly fingerprint: string;
  readonly setup: 'actpass' | 'active' | 'passive';
};

/** An address at which one end can perhaps be reached. */
export type RtcCandidate = { readonly type: 'candidate'; readonly candidate: string };

/** What goes through the relay from one end to the other. */
export type RtcSignal = RtcHandshake | RtcCandidate;

/** A signal, or the close code for whoever sent it. */
export type DecodedSignal =
  | { readonly ok: true; readonly signal: RtcSignal }
  | { readonly ok: false; readonly code: CloseCode };

/** The media id of the only section; engines number from zero. */
export const MEDIA_ID = '0';

const UFRAG = /^[0-9A-Za-z+/]{4,256}$/;
const PASSWORD = /^[0-9A-Za-z+/]{22,256}$/;
const FINGERPRINT = /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/;
/** Component 1, UDP only: foundation, priority, address, port, type. What may follow is not carried. */
const CANDIDATE =
  /^candidate:([0-9A-Za-z+/]{1,32}) 1 udp (\d{1,10}) ([0-9A-Za-z.:-]{1,255}) (\d{1,5}) typ (host|srflx|prflx|relay)(?: |$)/i;

const BAD: DecodedSignal = { ok: false, code: CloseCode.protocolViolation };

/** Encodes a signal. */
export function encodeSignal(signal: RtcSignal): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(signal));
}

/** Decodes and checks a signal from a stranger. Never throws. */
export function decodeSignal(bytes: Uint8Array): DecodedSignal {
  if (bytes.length > SIGNAL_BYTES_MAX) return { ok: false, code: CloseCode.messageTooLarge };
  const value = parseJson(bytes);
  if (typeof value !== 'object' || value === null) return BAD;
  const signal = 'type' in value && value.type === 'candidate' ? candidateOf(value) : handshakeOf(value);
  return signal === undefined ? BAD : { ok: true, signal };
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    // Not UTF-8 or not JSON: the caller refuses it like any other wrong form.
    return undefined;
  }
}

function candidateOf(value: object): RtcCandidate | undefined {
  const text = textOf(value, 'candidate', CANDIDATE);
  return text === undefined ? undefined : parseCandidate(text);
}

function handshakeOf(value: object): RtcHandshake | undefined {
  const ufrag = textOf(value, 'ufrag', UFRAG);
  const password = textOf(value, 'password', PASSWORD);
  const fingerprint = textOf(value, 'fingerprint', FINGERPRINT);
  if (ufrag === undefined || password === undefined || fingerprint === undefined) return undefined;
  const type = 'type' in value ? value.type : undefined;
  const setup = 'setup' in value ? value.setup : undefined;
  // RFC 8842 §5.3: the offer leaves the role open, the answer chooses one.
  if (type === 'offer' && setup === 'actpass') return { type, ufrag, password, fingerprint, setup };
  if (type !== 'answer' || (setup !== 'active' && setup !== 'passive')) return undefined;
  return { type, ufrag, password, fingerprint, setup };
}

function textOf(value: object, key: string, form: RegExp): string | undefined {
  const found: unknown = Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
  return typeof found === 'string' && form.test(found) ? found : undefined;
}

/**
 * Takes a candidate down to what the other end needs; `undefined` for one that is not carried (TCP, or none at all).
 * The related address is left out: it would tell a stranger the address inside the home.
 */
export function parseCandidate(line: string): RtcCandidate | undefined {
  const match = CANDIDATE.exec(line);
  if (match === null) return undefined;
  const [, foundation, priority, address, port, kind] = match;
  const portNumber = Number(port);
  if (portNumber < 1 || portNumber > 65_535 || Number(priority) >= 2 ** 32) return undefined;
  const related = kind?.toLowerCase() === 'host' ? '' : ' raddr 0.0.0.0 rport 0';
  const candidate = `candidate:${foundation} 1 udp ${priority} ${address} ${port} typ ${kind?.toLowerCase()}${related}`;
  return { type: 'candidate', candidate };
}

/** Reads an engine's own description; `undefined` when it is not of the expected form. */
export function parseDescription(type: 'offer' | 'answer', sdp: string): RtcHandshake | undefined {
  const attribute = (name: string): string | undefined =>
    new RegExp(`^a=${name}:(.*?)\\r?$`, 'm').exec(sdp)?.[1]?.trim();
  return handshakeOf({
    type,
    ufrag: attribute('ice-ufrag'),
    password: attribute('ice-pwd'),
    fingerprint: attribute('fingerprint')
      ?.replace(/^sha-256 +/i, '')
      .toUpperCase(),
    setup: attribute('setup'),
  });
}

/** Writes the description that tells an engine about the other end: one section, data channels only (RFC 8841). */
export function describeHandshake(handshake: RtcHandshake): string {
  return [
    'v=0',
    'o=- 1 1 IN IP4 0.0.0.0',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${MEDIA_ID}`,
    'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    'c=IN IP4 0.0.0.0',
    `a=ice-ufrag:${handshake.ufrag}`,
    `a=ice-pwd:${handshake.password}`,
    'a=ice-options:trickle',
    `a=fingerprint:sha-256 ${handshake.fingerprint}`,
    `a=setup:${handshake.setup}`,
    `a=mid:${MEDIA_ID}`,
    'a=sctp-port:5000',
    `a=max-message-size:${PEER_MESSAGE_BYTES_MAX}`,
    '',
  ].join('\r\n');
}
