/** What ffmpeg is to do with a source, and the options that say so. */

import type { Ffmpeg } from './find-ffmpeg.js';
import { encoderFilters, encoderOptions, type Preset, type VideoEncoder } from './video-encoder.js';

/** What becomes of each track. */
export type EncodePlan = {
  readonly video: 'copy' | 'encode';
  readonly audio: 'copy' | 'encode' | 'none';
  /** Why something is encoded, for people; empty when nothing is. */
  readonly reasons: readonly string[];
  /** Frames per 1,000 seconds of the source; 0 when unknown. */
  readonly frameRateMilli: number;
  /** Pixels of the source as coded; 0 when unknown. */
  readonly width: number;
  /** Pixels of the source as coded; 0 when unknown. */
  readonly height: number;
  /** Bits per second of the source, as measured; 0 when unknown. */
  readonly bitrate: number;
  /** Needs its fields woven together. */
  readonly isInterlaced: boolean;
  /** ffmpeg's filter for sound that is encoded; one that follows drifting clocks if left out. */
  readonly audioFilter?: string;
  /** Frames come when they come, such as from a camera: what is encoded keeps their times. */
  readonly isTimed?: boolean;
  /** The sound is the second input. */
  readonly isSoundApart?: boolean;
};

/** Only fills holes and cuts overlaps, from 10 ms on: the sound of RTP is aligned with its picture already. */
export const RTP_AUDIO_FILTER = 'aresample=async=1:min_hard_comp=0.010:first_pts=0';

/** Choices a person may make about the encoding. */
export type EncodeChoices = {
  /** Kilobits per second of video; chosen by size when left out. */
  readonly bitrateKbps?: number | undefined;
};

/** Fastest rate that is encoded; a faster source loses frames. */
export const FRAME_RATE_MILLI_MAX = 60_000;

/** Rate that is encoded when the source does not state its own. */
export const FRAME_RATE_MILLI_DEFAULT = 30_000;

/** Longer side of an encoded picture; a larger source is made smaller. */
export const PICTURE_SIDE_MAX = 1920;

/** Seconds from one keyframe to the next when encoding. */
export const GROUP_SECONDS = 1;

/** Kilobits per second of sound when encoding. */
export const AUDIO_KBPS = 128;

const BITRATE_KBPS_MIN = 300;
const BITRATE_KBPS_MAX = 12_000;

/** Frame rates that sources really have; a measured rate within 1 % is taken for one of them. */
const COMMON_RATES = ['24000/1001', '24', '25', '30000/1001', '30', '48', '50', '60000/1001', '60'];

/** What distinguishes one output of several, or of one that had to be made cheaper. */
export type OutputTuning = {
  /** x264 when left out. */
  readonly encoder?: VideoEncoder;
  /** Of x264; `veryfast` when left out. */
  readonly preset?: Preset;
  /** Lines of picture; the source's own, unless that is too large, when left out. */
  readonly height?: number | undefined;
  /** Kilobits per second of video, over what was chosen for the whole broadcast. */
  readonly kbps?: number | undefined;
  /** The picture as it comes; the plan's verdict when left out. */
  readonly isCopy?: boolean;
  /** The sound is in another output. */
  readonly isSilent?: boolean;
  /** Another output passes the picture through: same frames, same times, same keyframes. */
  readonly followsSource?: boolean;
};

/** ffmpeg's options after `-i` for one output of `plan`, up to and including the container. */
export function outputOptions(
  plan: EncodePlan,
  choices: EncodeChoices,
  ffmpeg: Ffmpeg,
  tuning: OutputTuning = {},
): string[] {
  const isSilent = tuning.isSilent === true || plan.audio === 'none';
  const isCopy = tuning.isCopy ?? plan.video === 'copy';
  return [
    ...['-map', '0:V:0', ...(isSilent ? [] : ['-map', plan.isSoundApart ? '1:a:0' : '0:a:0'])],
    '-sn',
    '-dn',
    ...(isCopy ? ['-c:v', 'copy'] : videoOptions(plan, choices, ffmpeg, tuning)),
    ...(isSilent ? ['-an'] : audioOptions(plan)),
    ...CONTAINER_OPTIONS,
  ];
}

/**
 * A frame leaves as soon as it is there. `max_interleave_delta` bounds how long it waits for sound that does not
 * come. The offset keeps an AAC encoder's lead-in, which lies before time 0, from being refused.
 */
const CONTAINER_OPTIONS: readonly string[] = [
  '-max_interleave_delta',
  '1000000',
  '-output_ts_offset',
  '1',
  '-flush_packets',
  '1',
  '-flvflags',
  'no_duration_filesize',
  '-f',
  'flv',
];

/** Kilobits per second that suit an encoded picture of this size: 1 Mbit/s at 360p, 3 at 720p, 5.5 at 1080p. */
export function bitrateKbpsFor(width: number, height: number, frameRateMilli: number): number {
  const scale = Math.min(1, PICTURE_SIDE_MAX / Math.max(width, height, 1));
  const pixels = width * height * scale ** 2 || 1280 * 720;
  const rate = frameRateMilli > 35_000 ? 1.4 : 1;
  const kbps = Math.round((pixels ** 0.75 / 10) * rate);
  return Math.min(BITRATE_KBPS_MAX, Math.max(BITRATE_KBPS_MIN, kbps));
}

/** The rate to encode at, as ffmpeg writes fractions, for a measured one. */
export function encodedFrameRate(frameRateMilli: number): string {
  const wanted = frameRateMilli > 0 ? frameRateMilli : FRAME_RATE_MILLI_DEFAULT;
  const capped = Math.min(wanted, FRAME_RATE_MILLI_MAX);
  const distance = (rate: string): number => Math.abs(rateMilliOf(rate) - capped);
  const common = COMMON_RATES.reduce((best, rate) => (distance(rate) < distance(best) ? rate : best));
  return distance(common) <= capped / 100 ? common : `${Math.round(capped)}/1000`;
}

/** Frames per 1,000 seconds of a rate as ffmpeg writes it: `30000/1001` is 29,970. */
export function rateMilliOf(rate: string): number {
  const [numerator, denominator] = rate.split('/').map(Number);
  return Math.round(((numerator ?? 0) * 1000) / (denominator ?? 1));
}

/** Video bit rate of a plan that encodes. */
export function chosenBitrateKbps(plan: EncodePlan, choices: EncodeChoices): number {
  return choices.bitrateKbps ?? bitrateKbpsFor(plan.width, plan.height, plan.frameRateMilli);
}

function videoOptions(
  plan: EncodePlan,
  choices: EncodeChoices,
  ffmpeg: Ffmpeg,
  tuning: OutputTuning,
): string[] {
  const kbps = tuning.kbps ?? chosenBitrateKbps(plan, choices);
  const { encoder = 'x264', preset = 'veryfast' } = tuning;
  const filters = [
    ...(plan.isInterlaced ? ['yadif=deint=interlaced'] : []),
    scaleFilter(tuning.height),
    'setsar=1',
    ...encoderFilters(encoder),
  ];
  return [
    ...encoderOptions({ encoder, preset, kbps }),
    ...['-vf', filters.join(',')],
    ...timeOptions(plan, ffmpeg, tuning.followsSource === true),
  ];
}

function scaleFilter(height: number | undefined): string {
  if (height !== undefined) return `scale=trunc(iw*sar*${height}/ih/2)*2:${height}`;
  const shrink = `min(1\\,${PICTURE_SIDE_MAX}/max(iw*sar\\,ih))`;
  return `scale=trunc(iw*sar*${shrink}/2)*2:trunc(ih*${shrink}/2)*2`;
}

/** Which frames there are, and which are keyframes: alike in all outputs of a run. */
function timeOptions(plan: EncodePlan, ffmpeg: Ffmpeg, followsSource: boolean): string[] {
  const modeName = ffmpeg.hasFpsMode ? '-fps_mode' : '-vsync';
  // In milliseconds, as FLV has them: in units of a frame, times would not be those of the copy beside it.
  if (followsSource)
    return [
      modeName,
      'passthrough',
      ...['-enc_time_base', '1:1000', '-g', '9999', '-force_key_frames', 'source'],
    ];
  const rate = encodedFrameRate(plan.frameRateMilli);
  const groupFrames = Math.ceil((rateMilliOf(rate) * GROUP_SECONDS) / 1000);
  return [
    // A constant rate: a frame that is missing is repeated, so that no player finds a hole.
    ...(plan.isTimed ? [modeName, 'vfr'] : ['-r', rate, modeName, 'cfr']),
    ...['-g', `${groupFrames * 2}`],
    ...['-force_key_frames', `expr:gte(t,n_forced*${GROUP_SECONDS})`],
  ];
}

function audioOptions(plan: EncodePlan): string[] {
  if (plan.audio === 'copy') return ['-c:a', 'copy'];
  const filter = plan.audioFilter ?? 'aresample=async=1000';
  return ['-c:a', 'aac', '-b:a', `${AUDIO_KBPS}k`, '-ar', '48000', '-ac', '2', '-af', filter];
}
