import {
  decodeEdgeAddress,
  decodeEdgeUrl,
  EDGE_OFFER_LENGTH_MAX,
  edgeAnswer,
  edgeCredentials,
  edgeUrl,
  encodeAddress,
  encodeEdgeAddress,
  Prng,
} from '@freshet/proto';
import { describe, expect, it } from 'vitest';

const prng = new Prng('edges');
const fingerprint = Uint8Array.from({ length: 32 }, () => prng.below(256));
const address = { host: '203.0.113.5', port: 9000, fingerprint };
const text = encodeEdgeAddress(address);

const OFFER = [
  'v=0',
  'o=- 46117 2 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 0.0.0.0',
  'a=ice-ufrag:AbCd',
  'a=ice-pwd:0123456789012345678901',
  'a=setup:actpass',
  'a=mid:0',
  'a=sctp-port:5000',
  '',
].join('\r\n');

describe('an edge address', () => {
  it.each(['203.0.113.5', '2001:db8::1', '::', '::ffff:192.0.2.1', '1:2:3:4:5:6:7:8'])(
    'gives back what was put in, at %s',
    (host) => {
      const decoded = decodeEdgeAddress(encodeEdgeAddress({ host, port: 65_535, fingerprint }));
      expect(decoded).toEqual({ ok: true, address: { host, port: 65_535, fingerprint } });
    },
  );

  it('looks as it is documented', () => {
    expect(text).toMatch(/^udp:\/\/203\.0\.113\.5:9000\/[\w-]{43}$/);
    expect(encodeEdgeAddress({ ...address, host: '2001:db8::1' })).toContain('udp://[2001:db8::1]:9000/');
  });

  const wrong: readonly [string, string][] = [
    ['another scheme', text.replace('udp:', 'tcp:')],
    ['a name instead of an address', text.replace('203.0.113.5', 'example.org')],
    ['a number above 255', text.replace('203.0', '303.0')],
    ['a leading zero', text.replace('203.0', '203.00')],
    ['three numbers', text.replace('203.0.113.5', '203.0.113')],
    ['port 0', text.replace(':9000', ':0')],
    ['port 65536', text.replace(':9000', ':65536')],
    ['IPv6 without brackets', text.replace('203.0.113.5', '::1')],
    ['IPv4 in brackets', text.replace('203.0.113.5', '[203.0.113.5]')],
    ['seven groups', text.replace('203.0.113.5', '[1:2:3:4:5:6:7]')],
    ['two gaps', text.replace('203.0.113.5', '[1::2::3]')],
    ['three colons', text.replace('203.0.113.5', '[1:::2]')],
    ['a group too long', text.replace('203.0.113.5', '[1::12345]')],
    ['a fingerprint cut off', text.slice(0, -1)],
    ['a path behind it', `${text}/`],
    ['bits behind the last byte', `${text.slice(0, -1)}_`],
    ['nothing', ''],
    ['very much', `udp://${'1'.repeat(100_000)}`],
  ];
  it.each(wrong)('is refused with %s, and says why', (_name, given) => {
    const decoded = decodeEdgeAddress(given);
    expect(decoded.ok).toBe(false);
    expect(decoded.ok ? '' : decoded.why).toMatch(/\.$/);
  });

  it('gives credentials of the length and characters that ICE asks for, other ones for other certificates', () => {
    const { ufrag, password } = edgeCredentials(fingerprint);
    expect(ufrag).toMatch(/^[0-9A-Za-z+/]{8}$/);
    expect(password).toMatch(/^[0-9A-Za-z+/]{22,}$/);
    const other = edgeCredentials(fingerprint.map((byte) => byte ^ 0xff));
    expect(other.ufrag).not.toBe(ufrag);
    // The characters that base64url has and ICE has not.
    expect(edgeCredentials(new Uint8Array(32).fill(0xfb)).password).toMatch(/^[0-9A-Za-z+/]{35}$/);
  });

  it('with a channel behind it is what viewers dial', () => {
    const channelKey = new Uint8Array(32).fill(7);
    const url = edgeUrl(text, channelKey);
    expect(decodeEdgeUrl(url)).toEqual({ address, path: `/channel/${encodeAddress(channelKey)}` });
    for (const bad of [
      text,
      `${text}?x`,
      url.replace('udp', 'ws'),
      `${text}/a b`,
      `${text}/${'x'.repeat(2_000)}`,
    ]) {
      expect(decodeEdgeUrl(bad), bad.slice(0, 80)).toBeUndefined();
    }
  });
});

describe('the answer of an edge', () => {
  const answer = edgeAnswer(OFFER, address);
  const lines = answer.ok ? answer.sdp.split('\r\n') : [];

  it('says where the relay is, what it is called, and that it waits', () => {
    const { ufrag, password } = edgeCredentials(fingerprint);
    expect(lines).toEqual(
      expect.arrayContaining([
        'a=ice-lite',
        `a=ice-ufrag:${ufrag}`,
        `a=ice-pwd:${password}`,
        'a=setup:passive',
        'a=sctp-port:5000',
        'a=candidate:1 1 udp 2130706431 203.0.113.5 9000 typ host',
        'a=mid:0',
        'a=group:BUNDLE 0',
      ]),
    );
    const digits = /^a=fingerprint:sha-256 (([0-9A-F]{2}:){31}[0-9A-F]{2})$/;
    const [, written = ''] = lines.map((line) => digits.exec(line)).find((match) => match !== null) ?? [];
    expect(Uint8Array.from(written.split(':'), (pair) => Number.parseInt(pair, 16))).toEqual(fingerprint);
  });

  it('takes over the name and the protocol of the media section', () => {
    const old = OFFER.replace('UDP/DTLS/SCTP', 'DTLS/SCTP').replace('a=mid:0', 'a=mid:sdparta_0');
    const other = edgeAnswer(old, { ...address, host: '2001:db8::1' });
    const sdp = other.ok ? other.sdp : '';
    expect(sdp).toContain(
      'm=application 9000 DTLS/SCTP webrtc-datachannel\r\nc=IN IP6 2001:db8::1\r\na=mid:sdparta_0',
    );
  });

  it.each([
    ['nothing', ''],
    ['media in it', OFFER.replace('a=mid:0', 'a=mid:0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111')],
    ['another protocol', OFFER.replace('UDP/DTLS/SCTP', 'TCP/DTLS/SCTP')],
    ['no name', OFFER.replace('a=mid:0', 'a=mid:')],
    ['a name with a line in it', OFFER.replace('a=mid:0', 'a=mid:0 a')],
    ['too much', OFFER + 'a=x\r\n'.repeat(EDGE_OFFER_LENGTH_MAX / 5)],
  ])('is refused to an offer with %s, and says why', (_name, offer) => {
    const refused = edgeAnswer(offer, address);
    expect(refused.ok ? '' : refused.why).toMatch(/\.$/);
  });

  it('is never a throw, and never has a line of the offer in it', () => {
    for (let round = 0; round < 300; round += 1) {
      const at = prng.below(OFFER.length);
      const changed =
        OFFER.slice(0, at) + String.fromCharCode(prng.below(300)) + OFFER.slice(at + prng.below(9));
      const result = edgeAnswer(changed, address);
      if (result.ok) expect(result.sdp.split('\r\n')).toHaveLength(lines.length);
    }
  });
});
