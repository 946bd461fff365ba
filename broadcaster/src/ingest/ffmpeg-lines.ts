/** What ffmpeg's standard error means. */

import type { FfmpegExit } from '../encode/ffmpeg-run.js';
import { SourceError } from './source-error.js';

/** What an ffmpeg that read a source had to say about it. */
export type InputReport = {
  /** ffmpeg opened it and found its tracks. */
  readonly isOpened: boolean;
  /** Demuxer's names: `mov,mp4,m4a,3gp,3g2,mj2`. */
  readonly format: string;
  /** It ends some time; a live source does not say. */
  readonly hasDuration: boolean;
  /** Length in milliseconds; 0 when not said. */
  readonly durationMs: number;
  readonly hasVideo: boolean;
  readonly hasAudio: boolean;
  /** Codec names as ffmpeg has them, empty where there is no such track. */
  readonly videoCodec: string;
  readonly audioCodec: string;
  /** Pixels; 0 when not said. */
  readonly width: number;
  readonly height: number;
  readonly isInterlaced: boolean;
  /** Frames per 1,000 seconds; 0 when not said. */
  readonly frameRateMilli: number;
};

/** A still picture comes as a film of one frame, a text file as a terminal's screen. */
const NOT_MOVING = /^(image2|tty|\w+_pipe|ico|gif_pipe)\b/;

/** Reads the part of standard error that describes the first input. */
export function readInputReport(lines: readonly string[]): InputReport {
  const start = lines.findIndex((line) => /^Input #0, /.test(line));
  const end = lines.findIndex((line) => /^(Output #0|Stream mapping)/.test(line));
  const input = start < 0 ? [] : lines.slice(start, end < start ? undefined : end);
  // Covers and thumbnails are pictures that belong to the file, not its video.
  const video =
    input.find((line) => /Stream #0.*: Video: /.test(line) && !line.includes('(attached pic)')) ?? '';
  const audio = input.find((line) => /Stream #0.*: Audio: /.test(line)) ?? '';
  const size = /[ ,](\d{2,5})x(\d{2,5})\b/.exec(video);
  const rate = /([\d.]+) fps\b/.exec(video) ?? /([\d.]+) tbr\b/.exec(video);
  const duration = input.find((line) => line.includes('Duration:')) ?? '';
  return {
    isOpened: start >= 0,
    format: /^Input #0, (.*?), from /.exec(input[0] ?? '')?.[1] ?? '',
    hasDuration: /Duration: \d/.test(duration),
    durationMs: durationMsOf(duration),
    hasVideo: video !== '',
    hasAudio: audio !== '',
    videoCodec: /: Video: (\w+)/.exec(video)?.[1] ?? '',
    audioCodec: /: Audio: (\w+)/.exec(audio)?.[1] ?? '',
    width: Number(size?.[1] ?? 0),
    height: Number(size?.[2] ?? 0),
    isInterlaced: /(top|bottom) (coded )?first/.test(video),
    frameRateMilli: Math.round(Number(rate?.[1] ?? 0) * 1000),
  };
}

function durationMsOf(line: string): number {
  const [, hours, minutes, seconds] = /Duration: (\d+):(\d+):(\d+(?:\.\d+)?)/.exec(line) ?? [];
  return Math.round((Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0)) * 1000);
}

/** Why a source whose input was read like this cannot be sent; `undefined` when nothing speaks against it. */
export function inputTrouble(
  report: InputReport,
  lines: readonly string[],
  name: string,
): SourceError | undefined {
  if (!report.isOpened) {
    if (lines.some((line) => line.includes('moov atom not found'))) {
      const message = `${name} is not a video that ffmpeg can read whole: an MP4's index is missing; give a complete file by its name.`;
      return new SourceError('not-media', message);
    }
    return new SourceError('not-media', `${name} is not a video that ffmpeg can read; choose another one.`);
  }
  if (NOT_MOVING.test(report.format)) {
    return new SourceError('not-media', `${name} is a still picture or a text, not a video; choose a video.`);
  }
  if (!report.hasVideo) {
    const what = report.hasAudio ? 'has sound but no video track' : 'has no video track';
    return new SourceError('no-video', `${name} ${what}; choose one that has video.`);
  }
  return undefined;
}

/** A publisher came with another stream key or application than the one that was given out. */
export function isWrongKeyLine(line: string): boolean {
  return /Unexpected stream .*, expecting |App field don't match up/.test(line);
}

/** ffmpeg could not listen because another program does. */
export function isPortTakenLine(line: string): boolean {
  return /Address already in use|Connection setup failure: unable to create\/configure SRT socket/i.test(
    line,
  );
}

/** The container cannot hold one of the codecs when copying. */
export function isCodecRefusedLine(line: string): boolean {
  return /Could not find tag for codec|codec not currently supported in container|not compatible with/.test(
    line,
  );
}

const COMPLAINT = /error|invalid|failed|refused|denied|not found|no such|timed out|unable|40\d|50\d/i;

/** The last line that says what went wrong, for a message; empty when there is none. */
export function lastComplaint(lines: readonly string[]): string {
  const complaint = lines.findLast((line) => !line.startsWith('Conversion failed') && COMPLAINT.test(line));
  // An address may hold a password or a key.
  const bare = (complaint ?? '').replace(/^\[.*?\]\s*/, '').replace(/\w+:\/\/\S+\s*/g, '');
  return bare.trim();
}

/** Why an ffmpeg ended, short enough to stand in a sentence. */
export function exitReason(exit: FfmpegExit): string {
  if (exit.isClean) return 'nothing came out of it';
  return lastComplaint(exit.lines) || (exit.message.split(/[:\n]/)[0] ?? '');
}
