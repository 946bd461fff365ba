/** ffmpeg, which only going live needs. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Finding, ok, warn } from './finding.js';
import { findHardware } from './hardware.js';

/** Longest wait for ffmpeg, and the most that it may print. */
const RUN_MS_MAX = 10_000;
const OUTPUT_BYTES_MAX = 4 * 1024 * 1024;

/** What going live uses when the source is not passed through. */
const ENCODERS = ['libx264', 'aac'] as const;

const WAY_OUT = 'To go live from here, install ffmpeg (apt install ffmpeg); a relay does without.';

/** Looks for the ffmpeg of `FFMPEG_PATH`, else the one on the `PATH`. */
export async function checkFfmpeg(env: NodeJS.ProcessEnv): Promise<Finding> {
  const path = env.FFMPEG_PATH || 'ffmpeg';
  const options = { env, timeout: RUN_MS_MAX, maxBuffer: OUTPUT_BYTES_MAX, windowsHide: true };
  const output = async (option: string): Promise<string> =>
    (await promisify(execFile)(path, ['-hide_banner', option], options)).stdout;
  try {
    const [version, encoders] = await Promise.all([output('-version'), output('-encoders')]);
    return judgeFfmpeg(path, version, encoders, await findHardware(path, encoders, env));
  } catch {
    return warn('ffmpeg', `There is no ffmpeg that runs (${path}); the old one from npm is used.`, WAY_OUT);
  }
}

/** Judges what an ffmpeg says of itself, and which hardware it was seen to encode with. */
export function judgeFfmpeg(
  path: string,
  version: string,
  encoders: string,
  hardware: readonly string[] = [],
): Finding {
  const stated = /^ffmpeg version (\S+)/m.exec(version)?.[1];
  if (stated === undefined) return warn('ffmpeg', `${path} does not answer like ffmpeg.`, WAY_OUT);
  const missing = ENCODERS.filter((name) => !new RegExp(`^\\s*\\S+\\s+${name}\\s`, 'm').test(encoders));
  const works = hardware.length > 0 ? `${hardware.join(', ')} by hardware` : 'no encoder hardware that works';
  if (missing.length === 0)
    return ok('ffmpeg', `ffmpeg ${stated} has ${ENCODERS.join(' and ')}, and ${works}.`);
  return warn('ffmpeg', `ffmpeg ${stated} lacks ${missing.join(' and ')}.`, WAY_OUT);
}
