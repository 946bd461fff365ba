import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planAnswer, writeAnswer } from '../../../../broadcaster/src/ingest/webrtc/sdp-answer.js';
import { parseOffer } from '../../../../broadcaster/src/ingest/webrtc/sdp-offer.js';
import { AUDIO_LINES, offerOf, VIDEO_LINES } from './offers.js';

const local = {
  credentials: { ufrag: 'serverufrag', password: 'serverpassword' },
  fingerprint: 'CD:CD',
  candidates: [{ foundation: '1', priority: 5, ip: '127.0.0.1', port: 4000, protocol: 'udp', type: 'host' }],
} as const;

function answerTo(text: string): { readonly sdp: string } | { readonly why: string } {
  const offer = parseOffer(text);
  if (!offer) return { why: 'no offer' };
  const result = planAnswer(offer);
  return result.ok ? { sdp: writeAnswer(result.plan, local) } : { why: result.why };
}

const without = (lines: readonly string[], part: string): string[] =>
  lines.filter((line) => !line.includes(part));

describe('the answer to an offer', () => {
  it('takes H.264 in packetization mode 1 with its repair, and Opus, with their SSRCs', () => {
    const offer = parseOffer(offerOf(AUDIO_LINES, VIDEO_LINES));
    const result = offer && planAnswer(offer);
    expect(result).toMatchObject({ ok: true, plan: { remoteUfrag: 'abcd', transportCcExtensionId: 3 } });
    if (!result?.ok) return;
    expect(result.plan.tracks).toEqual([
      {
        kind: 'audio',
        codec: 'opus',
        payloadType: 111,
        clockRate: 48_000,
        hasNack: true,
        hasPli: false,
        ssrc: 3333,
        channels: 2,
      },
      {
        kind: 'video',
        codec: 'h264',
        payloadType: 104,
        clockRate: 90_000,
        hasNack: true,
        hasPli: true,
        ssrc: 1111,
        rtxPayloadType: 105,
        rtxSsrc: 2222,
      },
    ]);
  });

  it('says ice-lite for the whole session, where browsers look for it, and is passive in DTLS', () => {
    const answer = answerTo(offerOf(AUDIO_LINES, VIDEO_LINES));
    const sdp = 'sdp' in answer ? answer.sdp : '';
    const [session = ''] = sdp.split('m=');
    expect(session).toContain('a=ice-lite\r\n');
    expect(session).toContain('a=group:BUNDLE 0 1\r\n');
    expect(sdp.match(/a=setup:passive/g)).toHaveLength(2);
    expect(sdp).toContain('m=video 9 UDP/TLS/RTP/SAVPF 104 105\r\n');
    expect(sdp).toContain('a=candidate:1 1 udp 5 127.0.0.1 4000 typ host\r\n');
  });

  it('promises transport-wide feedback only where its extension is offered', () => {
    const answer = answerTo(offerOf(AUDIO_LINES, without(VIDEO_LINES, 'extmap')));
    expect('sdp' in answer && !answer.sdp.includes('transport-cc')).toBe(true);
  });

  it('learns the SSRCs later when the offer names none', () => {
    const offer = parseOffer(offerOf(AUDIO_LINES, without(VIDEO_LINES, 'a=ssrc')));
    const result = offer && planAnswer(offer);
    expect(result?.ok && result.plan.tracks[1]).not.toHaveProperty('ssrc');
  });

  it('rejects sections it has no use for, and keeps them out of the bundle', () => {
    const data = ['m=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'a=mid:2', 'a=sctp-port:5000'];
    const answer = answerTo(offerOf(AUDIO_LINES, VIDEO_LINES, data));
    const sdp = 'sdp' in answer ? answer.sdp : '';
    expect(sdp).toContain('m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n');
    expect(sdp).toContain('a=group:BUNDLE 0 1\r\n');
  });

  it.each([
    ['H.264', offerOf(AUDIO_LINES, without(VIDEO_LINES, 'packetization-mode=1'))],
    ['a video track', offerOf(AUDIO_LINES)],
    ['Opus', offerOf(without(AUDIO_LINES, 'opus'), VIDEO_LINES)],
    ['sendonly', offerOf([...without(VIDEO_LINES, 'a=sendonly'), 'a=recvonly'])],
    ['BUNDLE', offerOf(AUDIO_LINES, VIDEO_LINES).replace('a=group:BUNDLE 0 1\r\n', '')],
    ['setup:actpass', offerOf(AUDIO_LINES, VIDEO_LINES).replaceAll('actpass', 'passive')],
    ['fingerprint', offerOf(without(VIDEO_LINES, 'a=fingerprint'))],
  ])('says in plain words that it needs %s', (needed, text) => {
    const answer = answerTo(text);
    expect('why' in answer ? answer.why : '').toContain(needed);
  });

  it('never throws, and never writes a line that the client could have planted', () => {
    const lines = [...AUDIO_LINES, ...VIDEO_LINES];
    const mutated = fc
      .array(fc.tuple(fc.nat(lines.length - 1), fc.string()), { maxLength: 4 })
      .map((changes) => {
        const copy = [...lines];
        for (const [index, text] of changes) copy[index] = `${copy[index]?.slice(0, 9)}${text}`;
        return offerOf(copy);
      });
    fc.assert(
      fc.property(fc.oneof(fc.string(), mutated), (text) => {
        const answer = answerTo(text);
        if ('sdp' in answer)
          for (const line of answer.sdp.split('\r\n')) expect(line).toMatch(/^$|^[a-z]=[^\r\n]*$/);
      }),
      { numRuns: 300 },
    );
  });
});
