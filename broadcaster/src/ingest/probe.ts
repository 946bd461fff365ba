/** Looks at a source's first seconds, with ffmpeg's copy of them. */

import type { Readable } from 'node:stream';
import type { EncodePlan } from '../encode/encode-plan.js';
import { FfmpegRun } from '../encode/ffmpeg-run.js';
import type { Ffmpeg } from '../encode/find-ffmpeg.js';
import { type InputReport, inputTrouble, isCodecRefusedLine, readInputReport } from './ffmpeg-lines.js';
import { ProbeVerdict } from './probe-verdict.js';
import type { SourceError } from './source-error.js';

/** Media that is looked at. */
export const PROBE_SECONDS = 8;

/** How a source is looked at. */
export type ProbeOptions = {
  readonly ffmpeg: Ffmpeg;
  /** Opens the source anew for each attempt; there may be two. */
  readonly openInput: () => string | Readable;
  readonly inputOptions: readonly string[];
  /** Look at all `PROBE_SECONDS` before passing through; else two groups are enough. */
  readonly isWhole: boolean;
  /** For messages: the file's name. */
  readonly name: string;
  /** The look ends after this long with what is known by then. */
  readonly timeMsMax: number;
};

/** What was found. `lines` is what ffmpeg said. */
export type ProbeResult =
  | { readonly ok: true; readonly plan: EncodePlan; readonly report: InputReport }
  | { readonly ok: false; readonly error: SourceError; readonly lines: readonly string[] };

/** Handle of a look that is under way. */
export type Probe = { readonly result: Promise<ProbeResult>; readonly stop: () => Promise<void> };

/** Starts to look. `stop` makes `result` come soon. */
export function startProbe(options: ProbeOptions): Probe {
  let current: FfmpegRun | undefined;
  let isStopped = false;
  const attempt = async (hasAudio: boolean): Promise<Attempt> => {
    const verdict = new ProbeVerdict({ isWhole: options.isWhole });
    let plan: EncodePlan | undefined;
    const run = new FfmpegRun({
      path: options.ffmpeg.path,
      input: options.openInput(),
      inputOptions: ['-t', String(PROBE_SECONDS), ...options.inputOptions],
      outputOptions: copyOptions(hasAudio),
      onOutput: (bytes) => {
        if (plan !== undefined) return undefined;
        plan = verdict.push(bytes);
        if (plan !== undefined) void run.stop();
        return undefined;
      },
    });
    current = run;
    const timer = setTimeout(() => void run.stop(), options.timeMsMax);
    run.start();
    if (isStopped) void run.stop();
    const exit = await run.exit;
    clearTimeout(timer);
    return { plan: plan ?? verdict.finish(), lines: exit.lines };
  };
  return {
    result: look(options, attempt),
    stop: async () => {
      isStopped = true;
      await current?.stop();
    },
  };
}

type Attempt = { readonly plan: EncodePlan | undefined; readonly lines: readonly string[] };

async function look(
  options: ProbeOptions,
  attempt: (hasAudio: boolean) => Promise<Attempt>,
): Promise<ProbeResult> {
  const first = await attempt(true);
  const report = readInputReport(first.lines);
  const error = inputTrouble(report, first.lines, options.name);
  if (error !== undefined) return { ok: false, error, lines: first.lines };
  if (first.plan !== undefined) return { ok: true, plan: first.plan, report };
  // MP4 cannot hold one of the codecs. When it is the sound, the picture may still be passed through.
  const isAudioRefused =
    report.videoCodec === 'h264' && report.hasAudio && first.lines.some(isCodecRefusedLine);
  const second = isAudioRefused ? await attempt(false) : undefined;
  const audioReason = `its sound is ${report.audioCodec}`;
  if (second?.plan !== undefined) {
    const plan = { ...second.plan, audio: 'encode' as const, reasons: [...second.plan.reasons, audioReason] };
    return { ok: true, plan, report };
  }
  return { ok: true, plan: encodeAll(report), report };
}

function encodeAll(report: InputReport): EncodePlan {
  return {
    video: 'encode',
    audio: report.hasAudio ? 'encode' : 'none',
    reasons: [`its video is ${report.videoCodec}`],
    frameRateMilli: report.frameRateMilli,
    width: report.width,
    height: report.height,
    bitrate: 0,
    isInterlaced: report.isInterlaced,
  };
}

const copyOptions = (hasAudio: boolean): string[] => [
  ...['-map', '0:V:0', ...(hasAudio ? ['-map', '0:a:0?'] : []), '-sn', '-dn', '-c', 'copy'],
  ...['-f', 'mp4', '-movflags', 'frag_keyframe+empty_moov+default_base_moof+delay_moov'],
  ...['-frag_duration', '200000', '-flush_packets', '1'],
];
