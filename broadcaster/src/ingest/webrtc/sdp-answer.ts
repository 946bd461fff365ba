/** Answers a WHIP client's offer (RFC 9725): one picture in H.264, one sound in Opus, on one ICE-lite transport. */

import type { IceCredentials } from '@freshet/relay-node';
import type { RtpTrack } from '../rtp/index.js';
import { TRANSPORT_CC_URI } from './router-capabilities.js';
import {
  attributeOf,
  codecsOf,
  extensionIdOf,
  fingerprintsOf,
  type OfferCodec,
  type OfferSection,
  type SdpOffer,
  ssrcsOf,
} from './sdp-offer.js';
import type { Fingerprint, ReceivePlan } from './webrtc-endpoint.js';
import type { IceCandidate } from './webrtc-port.js';

/** This end, as the answer describes it. */
export type LocalEnd = {
  readonly credentials: IceCredentials;
  /** SHA-256 of the certificate, as in SDP. */
  readonly fingerprint: string;
  readonly candidates: readonly IceCandidate[];
};

/** What an offer can be answered with. */
export type AnswerPlan = ReceivePlan & {
  readonly fingerprints: readonly Fingerprint[];
  /** The client's ICE name, by which a restart is told. */
  readonly remoteUfrag: string;
  readonly sections: readonly PlannedSection[];
};

type PlannedSection =
  | { readonly kind: 'rejected'; readonly section: OfferSection }
  | {
      readonly kind: 'taken';
      readonly section: OfferSection;
      readonly codec: OfferCodec;
      readonly rtx: OfferCodec | undefined;
      readonly extensionId: number | undefined;
    };

/** Outcome: the plan, or why there can be no answer, as a sentence. */
export type AnswerResult =
  | { readonly ok: true; readonly plan: AnswerPlan }
  | { readonly ok: false; readonly why: string };

const MID = /^[\w.:+/-]{1,64}$/;
const UFRAG = /^[0-9A-Za-z+/]{4,256}$/;

/** `level_idc` 5.1: up to 4K at 30 frames a second. Where levels may differ, this end takes that much. */
const LEVEL_TAKEN = '33';

/** libwebrtc begins at 300 kbit/s and a third of the size otherwise, and each larger size is a new run for viewers. */
const START_KBPS = 2_000;

/** Feedback that is sent where it was offered. */
const FEEDBACK = ['nack', 'nack pli', 'transport-cc'];

/** Decides what of an offer is taken. Never throws. */
export function planAnswer(offer: SdpOffer): AnswerResult {
  const taken = new Map<string, PlannedSection & { readonly kind: 'taken' }>();
  const sections = offer.sections.map((section): PlannedSection => {
    const planned = taken.has(section.kind) ? undefined : planSection(section);
    if (!planned) return { kind: 'rejected', section };
    taken.set(section.kind, planned);
    return planned;
  });
  const video = taken.get('video');
  const why = troubleOf(offer, video !== undefined, taken.has('audio'));
  if (why !== undefined || !video) return { ok: false, why: why ?? NEEDS_VIDEO };
  const remoteUfrag = attributeOf(offer, video.section, 'ice-ufrag') ?? '';
  const fingerprints = fingerprintsOf(offer, video.section);
  if (!UFRAG.test(remoteUfrag) || fingerprints.length === 0)
    return { ok: false, why: 'The offer lacks ICE names or a certificate fingerprint.' };
  const transportCcExtensionId = [...taken.values()].find((each) => each.extensionId)?.extensionId;
  const tracks = [...taken.values()].map(trackOf);
  return { ok: true, plan: { tracks, transportCcExtensionId, fingerprints, remoteUfrag, sections } };
}

/** The answer to an offer that was planned. */
export function writeAnswer(plan: AnswerPlan, local: LocalEnd): string {
  const mids = plan.sections.flatMap((each) => (each.kind === 'taken' ? [midOf(each.section)] : []));
  const lines = [
    'v=0',
    `o=- ${Date.now()} 1 IN IP4 127.0.0.1`,
    's=-',
    't=0 0',
    `a=group:BUNDLE ${mids.join(' ')}`,
    'a=ice-lite',
    'a=extmap-allow-mixed',
    'a=msid-semantic: WMS *',
    ...plan.sections.flatMap((each) =>
      each.kind === 'taken' ? takenLines(each, local) : rejectedLines(each),
    ),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

/** ICE of this end alone, for the answer to a restart (RFC 8840 §9). */
export function writeIceFragment(plan: AnswerPlan, local: LocalEnd): string {
  const first = plan.sections.find((each) => each.kind === 'taken')?.section;
  if (!first) return '';
  const lines = [
    'a=ice-lite',
    `a=ice-ufrag:${local.credentials.ufrag}`,
    `a=ice-pwd:${local.credentials.password}`,
    `m=${first.kind} 9 ${first.protocol} 0`,
    `a=mid:${midOf(first)}`,
    ...candidateLines(local),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

const NEEDS_VIDEO = 'This needs a video track; the offer has none.';

/** The first thing that stands against an answer. */
function troubleOf(offer: SdpOffer, hasVideo: boolean, hasAudio: boolean): string | undefined {
  const offered = (kind: string): OfferSection[] =>
    offer.sections.filter((section) => section.kind === kind && isSending(section));
  if (offered('video').length === 0)
    return offer.sections.length > 0 && offer.sections.every((section) => !isSending(section))
      ? 'The offer sends nothing: WHIP is for publishing, so offer sendonly.'
      : NEEDS_VIDEO;
  if (!hasVideo) return 'This needs H.264 (packetization-mode=1, 8-bit 4:2:0); choose it as the video codec.';
  if (!hasAudio && offered('audio').length > 0) return 'The sound needs Opus; choose it as the audio codec.';
  const isBundled = offer.attributes.some(
    ({ name, value }) => name === 'group' && value.startsWith('BUNDLE '),
  );
  if (hasAudio && !isBundled) return 'Sound and picture must share one transport: offer BUNDLE.';
  const isPassive = offer.sections.some((section) => attributeOf(offer, section, 'setup') === 'passive');
  if (isPassive) return 'The client must begin the DTLS handshake: offer setup:actpass.';
  return undefined;
}

function planSection(section: OfferSection): (PlannedSection & { readonly kind: 'taken' }) | undefined {
  const isMedia = section.kind === 'video' || section.kind === 'audio';
  if (!isMedia || !isSending(section) || !/^UDP\/TLS\/RTP\/SAVPF?$/.test(section.protocol)) return undefined;
  if (!MID.test(midOf(section)) || !section.attributes.some(({ name }) => name === 'rtcp-mux'))
    return undefined;
  const codecs = codecsOf(section);
  const codec = codecs.find(section.kind === 'video' ? isTakenVideo : isTakenAudio);
  if (!codec) return undefined;
  const rtx = codecs.find(
    (each) => each.name === 'rtx' && each.parameters.get('apt') === String(codec.payloadType),
  );
  const hasFeedback = codec.feedback.includes('transport-cc');
  const extensionId = hasFeedback ? extensionIdOf(section, TRANSPORT_CC_URI) : undefined;
  return { kind: 'taken', section, codec, rtx, extensionId };
}

function isTakenVideo({ name, clockRate, parameters }: OfferCodec): boolean {
  if (name !== 'h264' || clockRate !== 90_000 || parameters.get('packetization-mode') !== '1') return false;
  // Baseline, main and high; a missing profile is baseline (RFC 6184 §8.1).
  return /^(42|4d|64)[0-9a-f]{4}$/i.test(parameters.get('profile-level-id') ?? '420010');
}

const isTakenAudio = ({ name, clockRate, channels }: OfferCodec): boolean =>
  name === 'opus' && clockRate === 48_000 && channels === 2;

const isSending = (section: OfferSection): boolean =>
  !section.attributes.some(({ name }) => name === 'recvonly' || name === 'inactive');

const midOf = (section: OfferSection): string =>
  section.attributes.find(({ name }) => name === 'mid')?.value ?? '';

function trackOf({ section, codec, rtx }: PlannedSection & { readonly kind: 'taken' }): RtpTrack {
  const ssrcs = ssrcsOf(section);
  return {
    kind: section.kind === 'video' ? 'video' : 'audio',
    codec: section.kind === 'video' ? 'h264' : 'opus',
    payloadType: codec.payloadType,
    clockRate: codec.clockRate,
    hasNack: codec.feedback.includes('nack'),
    hasPli: codec.feedback.includes('nack pli'),
    ...(ssrcs.media !== undefined && { ssrc: ssrcs.media }),
    ...(rtx && { rtxPayloadType: rtx.payloadType }),
    ...(rtx && ssrcs.rtx !== undefined && { rtxSsrc: ssrcs.rtx }),
    ...(section.kind === 'audio' && { channels: 2 }),
  };
}

function takenLines(planned: PlannedSection & { readonly kind: 'taken' }, local: LocalEnd): string[] {
  const { section, codec, rtx, extensionId } = planned;
  const types = [codec.payloadType, ...(rtx ? [rtx.payloadType] : [])];
  const { credentials, fingerprint } = local;
  const isSmall = section.attributes.some(({ name }) => name === 'rtcp-rsize');
  return [
    `m=${section.kind} 9 ${section.protocol} ${types.join(' ')}`,
    'c=IN IP4 0.0.0.0',
    `a=mid:${midOf(section)}`,
    'a=recvonly',
    'a=rtcp-mux',
    ...(isSmall ? ['a=rtcp-rsize'] : []),
    `a=ice-ufrag:${credentials.ufrag}`,
    `a=ice-pwd:${credentials.password}`,
    `a=fingerprint:sha-256 ${fingerprint}`,
    'a=setup:passive',
    ...(extensionId === undefined ? [] : [`a=extmap:${extensionId} ${TRANSPORT_CC_URI}`]),
    ...codecLines(section, codec, extensionId !== undefined),
    ...(rtx
      ? [`a=rtpmap:${rtx.payloadType} rtx/90000`, `a=fmtp:${rtx.payloadType} apt=${codec.payloadType}`]
      : []),
    ...candidateLines(local),
  ];
}

function codecLines(section: OfferSection, codec: OfferCodec, hasTransportCc: boolean): string[] {
  const { payloadType, feedback } = codec;
  const fed = FEEDBACK.filter(
    (each) => feedback.includes(each) && (hasTransportCc || each !== 'transport-cc'),
  ).map((each) => `a=rtcp-fb:${payloadType} ${each}`);
  if (section.kind === 'audio')
    return [
      `a=rtpmap:${payloadType} opus/48000/2`,
      `a=fmtp:${payloadType} minptime=10;useinbandfec=1;stereo=1`,
      ...fed,
    ];
  return [`a=rtpmap:${payloadType} H264/90000`, `a=fmtp:${payloadType} ${videoFormat(codec)}`, ...fed];
}

function videoFormat({ parameters }: OfferCodec): string {
  const offered = parameters.get('profile-level-id') ?? '42001f';
  const isFree = parameters.get('level-asymmetry-allowed') === '1';
  const profile = isFree ? `${offered.slice(0, 4)}${LEVEL_TAKEN}` : offered;
  const start = `x-google-start-bitrate=${START_KBPS}`;
  return `level-asymmetry-allowed=${isFree ? 1 : 0};packetization-mode=1;profile-level-id=${profile};${start}`;
}

/** A rejected section is repeated with port 0 (RFC 3264 §6). */
function rejectedLines({ section }: { readonly section: OfferSection }): string[] {
  const format = section.kind === 'application' ? 'webrtc-datachannel' : (section.payloadTypes[0] ?? 0);
  const mid = midOf(section);
  return [
    `m=${/^\w{1,16}$/.test(section.kind) ? section.kind : 'application'} 0 ${section.protocol} ${format}`,
    'c=IN IP4 0.0.0.0',
    ...(MID.test(mid) ? [`a=mid:${mid}`] : []),
    'a=inactive',
  ];
}

const candidateLines = ({ candidates }: LocalEnd): string[] => [
  ...candidates.map(
    ({ foundation, protocol, priority, ip, port, type }) =>
      `a=candidate:${foundation} 1 ${protocol} ${priority} ${ip} ${port} typ ${type}`,
  ),
  'a=end-of-candidates',
];
