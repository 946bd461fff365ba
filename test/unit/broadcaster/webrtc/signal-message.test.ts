import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRtpParameters } from '../../../../broadcaster/src/ingest/webrtc/rtp-parameters.js';
import { decodeSignal, SIGNAL_CHARS_MAX } from '../../../../broadcaster/src/ingest/webrtc/signal-message.js';

const request = (method: string, data: unknown = {}): string => JSON.stringify({ id: 7, method, data });

const parameters = {
  codecs: [
    {
      mimeType: 'video/H264',
      payloadType: 103,
      clockRate: 90_000,
      rtcpFeedback: [{ type: 'nack' }, { type: 'nack', parameter: 'pli' }],
    },
    { mimeType: 'video/rtx', payloadType: 104, clockRate: 90_000, parameters: { apt: 103 } },
  ],
  headerExtensions: [
    { uri: 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01', id: 4 },
  ],
  encodings: [{ ssrc: 111, rtx: { ssrc: 222 } }],
};

describe('a message of the studio page', () => {
  it.each([
    ['hello', { publisherId: 'abc-1' }],
    ['createTransport', { kinds: ['video', 'audio'] }],
    ['connectTransport', { dtlsParameters: { fingerprints: [{ algorithm: 'sha-256', value: 'AB' }] } }],
    ['produce', { kind: 'video', rtpParameters: {} }],
    ['pauseProducer', { producerId: 'video' }],
    ['restartIce', {}],
    ['keyframe', {}],
    ['closeTransport', {}],
  ])('is read: %s', (method, data) => {
    expect(decodeSignal(request(method, data))).toMatchObject({ ok: true, id: 7, request: { method } });
  });

  it.each([
    ['hello', { publisherId: 'no spaces' }],
    ['createTransport', { kinds: ['audio'] }],
    ['createTransport', { kinds: ['video', 'video'] }],
    ['connectTransport', { dtlsParameters: { fingerprints: [] } }],
    ['produce', { kind: 'data' }],
    ['closeProducer', { producerId: 5 }],
    ['constructor', {}],
  ])('is answered with a sentence when it makes no sense: %s %o', (method, data) => {
    expect(decodeSignal(request(method, data))).toMatchObject({
      ok: false,
      id: 7,
      why: expect.stringMatching(/[.]$/),
    });
  });

  it('is not looked at when it is too long', () => {
    expect(decodeSignal(' '.repeat(SIGNAL_CHARS_MAX + 1))).toMatchObject({ ok: false });
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(typeof decodeSignal(text).ok).toBe('boolean');
      }),
    );
  });
});

describe('RTP parameters', () => {
  it('give the payload types and SSRCs of the media and of its repair', () => {
    expect(readRtpParameters('video', parameters)).toEqual({
      ok: true,
      transportCcExtensionId: 4,
      track: {
        kind: 'video',
        codec: 'h264',
        payloadType: 103,
        ssrc: 111,
        clockRate: 90_000,
        hasNack: true,
        hasPli: true,
        rtxPayloadType: 104,
        rtxSsrc: 222,
      },
    });
  });

  it.each([
    ['simulcast', { ...parameters, encodings: [{ ssrc: 1 }, { ssrc: 2 }] }],
    ['SSRC', { ...parameters, encodings: [{ rid: 'a' }] }],
    ['H.264', { ...parameters, codecs: [{ mimeType: 'video/VP8', payloadType: 96, clockRate: 90_000 }] }],
    ['RTP parameters', null],
  ])('are refused in plain words: %s', (word, value) => {
    const result = readRtpParameters('video', value);
    expect(result.ok ? '' : result.why).toContain(word);
  });

  it('never throw', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(typeof readRtpParameters('video', value).ok).toBe('boolean');
      }),
    );
  });
});
