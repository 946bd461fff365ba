import { CloseCode } from '@freshet/proto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SIGNAL_BYTES_MAX } from '../../../../viewer/src/link/peer-link.js';
import {
  decodeSignal,
  describeHandshake,
  encodeSignal,
  parseCandidate,
  parseDescription,
  type RtcHandshake,
} from '../../../../viewer/src/link/rtc-signal.js';

const OFFER: RtcHandshake = {
  type: 'offer',
  ufrag: 'oUbx',
  password: 'cjUMQwUiLPFzq7MAndwk0+I/',
  fingerprint: Array.from({ length: 32 }, () => '2E').join(':'),
  setup: 'actpass',
};
const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const refused = { ok: false, code: CloseCode.protocolViolation };

describe('a signal', () => {
  it('comes out as it went in', () => {
    const candidate = parseCandidate('candidate:1 1 udp 2122260223 192.0.2.1 50000 typ host generation 0');
    for (const signal of [OFFER, { ...OFFER, type: 'answer', setup: 'active' } as const, candidate]) {
      if (signal === undefined) throw new Error('no candidate');
      expect(decodeSignal(encodeSignal(signal))).toEqual({ ok: true, signal });
    }
  });

  it.each([
    ['a line break in a value that becomes a line of SDP', { ...OFFER, ufrag: 'oUbx\r\nm=audio' }],
    ['a password too short to be one', { ...OFFER, password: 'short' }],
    ['another hash', { ...OFFER, fingerprint: 'sha-1 00:11' }],
    ['an offer that has chosen its role', { ...OFFER, setup: 'active' }],
    ['an answer that has not', { ...OFFER, type: 'answer' }],
    ['numbers for text', { ...OFFER, ufrag: 1234 }],
    ['a list', [OFFER]],
    ['null', null],
    ['inherited values', { type: 'offer', __proto__: OFFER }],
    ['a candidate over TCP', candidateOf('candidate:1 1 tcp 1 192.0.2.1 9 typ host tcptype active')],
    ['a candidate for another component', candidateOf('candidate:1 2 udp 1 192.0.2.1 9 typ host')],
    ['a candidate at port 0', candidateOf('candidate:1 1 udp 1 192.0.2.1 0 typ host')],
    ['a candidate of two lines', candidateOf('candidate:1 1 udp 1 192.0.2.1\r\na=x 9 typ host')],
  ])('is refused with %s', (_what, value) => {
    expect(decodeSignal(encode(value))).toEqual(refused);
  });

  it('is refused when it is too long, before it is read', () => {
    const bytes = new Uint8Array(SIGNAL_BYTES_MAX + 1);
    expect(decodeSignal(bytes)).toEqual({ ok: false, code: CloseCode.messageTooLarge });
  });

  it('never makes the decoder throw', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void decodeSignal(bytes)));
    fc.assert(fc.property(fc.jsonValue(), (value) => void decodeSignal(encode(value))));
  });
});

describe('a description', () => {
  it('survives the way through an engine of the other end', () => {
    expect(parseDescription('offer', describeHandshake(OFFER))).toEqual(OFFER);
  });

  it('has one section, for data channels', () => {
    expect(describeHandshake(OFFER).match(/^m=.*$/gm)).toEqual([
      'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    ]);
  });

  it('is refused without credentials', () => {
    expect(parseDescription('offer', 'v=0\r\n')).toBeUndefined();
  });
});

describe('a candidate', () => {
  it('loses the address inside the home', () => {
    const line =
      'candidate:2 1 UDP 1686052607 203.0.113.5 40000 typ srflx raddr 192.168.1.20 rport 50000 ufrag x';
    expect(parseCandidate(line)?.candidate).toBe(
      'candidate:2 1 udp 1686052607 203.0.113.5 40000 typ srflx raddr 0.0.0.0 rport 0',
    );
  });

  it('may be a name that hides an address', () => {
    const line = 'candidate:1 1 udp 2113937151 0b8e8a1c-1d5b-4cde-9c2a-000000000000.local 50000 typ host';
    expect(parseCandidate(line)?.candidate).toBe(line);
  });
});

function candidateOf(candidate: string): object {
  return { type: 'candidate', candidate };
}
