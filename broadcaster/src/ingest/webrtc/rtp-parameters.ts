/** Reads mediasoup's `rtpParameters`: what a producer will send, with its real payload types and SSRCs. */

import type { RtpTrack } from '../rtp/index.js';
import { type Fields, fieldsOf, listOf, textOf, wholeOf } from './json-fields.js';
import { TRANSPORT_CC_URI } from './router-capabilities.js';

/** Codecs, encodings, feedback kinds and extensions that are looked at in one set of parameters. */
const ITEMS_MAX = 32;
const TEXT_CHARS_MAX = 200;
const SSRC_MAX = 2 ** 32 - 1;

/** A producer's media. */
export type ProducedTrack = {
  readonly track: RtpTrack;
  readonly transportCcExtensionId: number | undefined;
};

/** Outcome: the track, or why it cannot be taken, as a sentence. */
export type ProducedResult =
  | ({ readonly ok: true } & ProducedTrack)
  | { readonly ok: false; readonly why: string };

const refuse = (why: string): ProducedResult => ({ ok: false, why });

/** Never throws. */
export function readRtpParameters(kind: 'audio' | 'video', value: unknown): ProducedResult {
  const parameters = fieldsOf(value);
  const codecs = listOf(parameters?.codecs, ITEMS_MAX)?.map(fieldsOf);
  const encodings = listOf(parameters?.encodings, ITEMS_MAX)?.map(fieldsOf);
  if (!parameters || !codecs || !encodings) return refuse('The RTP parameters cannot be read.');
  if (encodings.length !== 1) return refuse('One encoding is taken: switch simulcast off.');
  const wanted = kind === 'video' ? 'video/h264' : 'audio/opus';
  const codec = codecs.find((each) => mimeOf(each) === wanted);
  const payloadType = wholeOf(codec?.payloadType, 0, 127);
  const ssrc = wholeOf(encodings[0]?.ssrc, 1, SSRC_MAX);
  const clockRate = wholeOf(codec?.clockRate, 8_000, 192_000);
  if (!codec || payloadType === undefined || clockRate === undefined)
    return refuse(`This needs ${kind === 'video' ? 'H.264' : 'Opus'}, and the browser does not send it.`);
  if (ssrc === undefined) return refuse('The RTP parameters name no SSRC.');
  const repair = codecs.find(
    (each) => mimeOf(each) === 'video/rtx' && fieldsOf(each?.parameters)?.apt === payloadType,
  );
  const rtxPayloadType = wholeOf(repair?.payloadType, 0, 127);
  const rtxSsrc = wholeOf(fieldsOf(encodings[0]?.rtx)?.ssrc, 1, SSRC_MAX);
  const feedback = (listOf(codec.rtcpFeedback, ITEMS_MAX) ?? []).map(fieldsOf);
  const has = (type: string, parameter: string): boolean =>
    feedback.some((each) => each?.type === type && (each.parameter ?? '') === parameter);
  const channels = wholeOf(codec.channels, 1, 2);
  const track: RtpTrack = {
    kind,
    codec: kind === 'video' ? 'h264' : 'opus',
    payloadType,
    ssrc,
    clockRate,
    hasNack: has('nack', ''),
    hasPli: has('nack', 'pli'),
    ...(channels !== undefined && { channels }),
    ...(rtxPayloadType !== undefined && rtxSsrc !== undefined && { rtxPayloadType, rtxSsrc }),
  };
  return { ok: true, track, transportCcExtensionId: transportCcId(parameters) };
}

function transportCcId(parameters: Fields): number | undefined {
  const extensions = (listOf(parameters.headerExtensions, ITEMS_MAX) ?? []).map(fieldsOf);
  return wholeOf(extensions.find((each) => each?.uri === TRANSPORT_CC_URI)?.id, 1, 14);
}

const mimeOf = (codec: Fields | undefined): string =>
  (textOf(codec?.mimeType, TEXT_CHARS_MAX) ?? '').toLowerCase();
