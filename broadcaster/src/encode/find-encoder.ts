/** Finds out which encoder works here, by a real encode of a few frames. */

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { FfmpegError } from './ffmpeg-error.js';
import type { Ffmpeg } from './find-ffmpeg.js';
import {
  CODEC_NAMES,
  deviceOptions,
  encoderFilters,
  encoderOptions,
  VIDEO_ENCODERS,
  type VideoEncoder,
} from './video-encoder.js';

/** What `--encoder` may say. */
export type EncoderChoice = 'auto' | VideoEncoder;

/** Outcome of one test encode. */
export type EncoderTest =
  | { readonly encoder: VideoEncoder; readonly works: true }
  /** `why` is ffmpeg's complaint, short enough to stand in a sentence. */
  | { readonly encoder: VideoEncoder; readonly works: false; readonly why: string };

/** A driver that has not encoded ten frames by then is not to be relied on. */
export const TEST_ENCODE_MS_MAX = 4_000;

const FRAMES = 10;
const WIDTH = 320;
const HEIGHT = 240;
const OUTPUT_BYTES_MAX = 4 * 1024 * 1024;

const TOO_LONG = 'it took too long';

const known = new Map<string, Promise<EncoderTest>>();

/** Encodes a few frames, once per ffmpeg and encoder in the life of this process. Never rejects. */
export async function testEncoder(ffmpeg: Ffmpeg, encoder: VideoEncoder): Promise<EncoderTest> {
  const key = `${encoder} ${ffmpeg.path}`;
  const test = known.get(key) ?? runTest(ffmpeg.path, encoder);
  known.set(key, test);
  const result = await test;
  // Too slow this time may be the machine's load.
  if (!result.works && result.why === TOO_LONG) known.delete(key);
  return result;
}

/** Tests what `choice` leaves open and chooses. Rejects with `FfmpegError` when what was asked for does not work. */
export async function findEncoder(ffmpeg: Ffmpeg, choice: EncoderChoice): Promise<VideoEncoder> {
  if (choice === 'x264') return choice;
  // What was asked for and fails is worth knowing the others for; otherwise a start is not to wait for hopeless tests.
  const candidates = choice === 'auto' ? likelyHardware(process.platform, existsSync) : VIDEO_ENCODERS;
  const tests = await Promise.all(candidates.map((encoder) => testEncoder(ffmpeg, encoder)));
  return chooseEncoder(choice, tests);
}

/** Device files of NVIDIA's driver: of its own, and within Windows. */
const NVIDIA_DEVICES: readonly string[] = ['/dev/nvidiactl', '/dev/dxg'];

/** Hardware that there may be on a platform, `exists` telling of its device files. */
export function likelyHardware(
  platform: NodeJS.Platform,
  exists: (path: string) => boolean,
): readonly VideoEncoder[] {
  if (platform === 'darwin') return ['videotoolbox'];
  if (platform !== 'linux') return ['nvenc', 'qsv'];
  const nvidia: readonly VideoEncoder[] = NVIDIA_DEVICES.some(exists) ? ['nvenc'] : [];
  return exists('/dev/dri') ? [...nvidia, 'qsv', 'vaapi'] : nvidia;
}

/**
 * Pure: `auto` takes the first hardware that works and otherwise x264; one that was asked for must work. Throws
 * `FfmpegError` `ffmpeg-cannot`, which says what failed and what works.
 */
export function chooseEncoder(choice: EncoderChoice, tests: readonly EncoderTest[]): VideoEncoder {
  const working = tests.filter(({ works }) => works).map(({ encoder }) => encoder);
  if (choice === 'auto')
    return VIDEO_ENCODERS.find((encoder) => encoder !== 'x264' && working.includes(encoder)) ?? 'x264';
  if (working.includes(choice)) return choice;
  const test = tests.find(({ encoder }) => encoder === choice);
  const why = test && !test.works ? ` (${test.why})` : '';
  const others = working.length > 0 ? `what works is ${working.join(', ')}` : 'no other one works either';
  throw new FfmpegError(
    'ffmpeg-cannot',
    `The encoder ${choice} does not work on this machine${why}; ${others}; leave --encoder out to have one chosen.`,
  );
}

function runTest(path: string, encoder: VideoEncoder): Promise<EncoderTest> {
  const args = [
    ...['-hide_banner', '-loglevel', 'error', ...deviceOptions(encoder)],
    ...['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${WIDTH}x${HEIGHT}`, '-r', '30', '-i', 'pipe:0'],
    ...['-vf', ['null', ...encoderFilters(encoder)].join(',')],
    ...encoderOptions({ encoder, preset: 'veryfast', kbps: 500 }),
    ...['-f', 'flv', 'pipe:1'],
  ];
  return new Promise((resolve) => {
    const options = {
      encoding: 'buffer' as const,
      timeout: TEST_ENCODE_MS_MAX,
      killSignal: 'SIGKILL' as const,
      maxBuffer: OUTPUT_BYTES_MAX,
      windowsHide: true,
    };
    const child = execFile(path, args, options, (error, stdout, stderr) => {
      if (error === null && stdout.length > 0) return resolve({ encoder, works: true });
      const why = error?.killed ? TOO_LONG : complaintOf(stderr.toString(), encoder);
      resolve({ encoder, works: false, why });
    });
    // An encoder that is missing makes ffmpeg go before it has read anything.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(Buffer.alloc(((WIDTH * HEIGHT * 3) / 2) * FRAMES, 0x80));
  });
}

function complaintOf(text: string, encoder: VideoEncoder): string {
  const [line = ''] = text.split('\n');
  if (/Unknown encoder|Unrecognized option/.test(line))
    return `this ffmpeg is built without ${CODEC_NAMES[encoder]}`;
  const bare = line
    .replace(/^(\[.*?\]\s*)+/, '')
    .replace(/\.$/, '')
    .slice(0, 120);
  return bare || 'it gives no picture';
}
