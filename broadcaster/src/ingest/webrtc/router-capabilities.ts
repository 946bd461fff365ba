/** What this end takes, in mediasoup's words: H.264 and Opus, repaired by NACK and RTX. */

/** URI of the header extension for transport-wide feedback, and the id it has here. */
export const TRANSPORT_CC_URI = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';
const TRANSPORT_CC_ID = 5;
const MID_URI = 'urn:ietf:params:rtp-hdrext:sdes:mid';

const VIDEO_FEEDBACK = [
  { type: 'nack' },
  { type: 'nack', parameter: 'pli' },
  { type: 'ccm', parameter: 'fir' },
  { type: 'transport-cc' },
];

/** The profiles that browsers encode, the one that all of them have first: `profile-level-id` (RFC 6184 §8.1). */
const PROFILES = ['42e01f', '42001f', '4d001f', '64001f'];
const H264_PAYLOAD_FIRST = 102;

/** Router RTP capabilities for mediasoup-client's `Device.load`. */
export const ROUTER_RTP_CAPABILITIES: object = {
  codecs: [
    {
      kind: 'audio',
      mimeType: 'audio/opus',
      preferredPayloadType: 100,
      clockRate: 48_000,
      channels: 2,
      parameters: { minptime: 10, useinbandfec: 1 },
      rtcpFeedback: [{ type: 'nack' }, { type: 'transport-cc' }],
    },
    ...PROFILES.flatMap((profile, index) => {
      const payloadType = H264_PAYLOAD_FIRST + 2 * index;
      return [
        {
          kind: 'video',
          mimeType: 'video/H264',
          preferredPayloadType: payloadType,
          clockRate: 90_000,
          parameters: {
            'packetization-mode': 1,
            'level-asymmetry-allowed': 1,
            'profile-level-id': profile,
          },
          rtcpFeedback: VIDEO_FEEDBACK,
        },
        {
          kind: 'video',
          mimeType: 'video/rtx',
          preferredPayloadType: payloadType + 1,
          clockRate: 90_000,
          parameters: { apt: payloadType },
          rtcpFeedback: [],
        },
      ];
    }),
  ],
  headerExtensions: (['audio', 'video'] as const).flatMap((kind) => [
    { kind, uri: MID_URI, preferredId: 1, preferredEncrypt: false, direction: 'sendrecv' },
    {
      kind,
      uri: TRANSPORT_CC_URI,
      preferredId: TRANSPORT_CC_ID,
      preferredEncrypt: false,
      direction: 'sendrecv',
    },
  ]),
};
