/** How far sound and picture are apart in a recording of the bench's own picture and beep. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { readClock } from '../../broadcaster/src/ingest/clock-strip.js';
import { percentile } from './bench.js';

const run = promisify(execFile);
const OUTPUT_BYTES_MAX = 256 * 1024 * 1024;
const STRIP = { width: 1280, height: 64 } as const;
const SAMPLE_RATE = 48_000;

/** Louder than this is the beep; it must have been quiet for half a second before. */
const BEEP_LEVEL = 0.1;
const QUIET_SAMPLES = SAMPLE_RATE / 2;

async function decode(file: string, ...output: string[]): Promise<Buffer> {
  const args = ['-v', 'error', '-i', file, ...output, 'pipe:1'];
  const { stdout } = await run('ffmpeg', args, { encoding: 'buffer', maxBuffer: OUTPUT_BYTES_MAX });
  return stdout;
}

/** Milliseconds by which the sound is late (median over the beeps); `undefined` when there is nothing to compare. */
export async function avOffsetMs(file: string): Promise<number | undefined> {
  const crop = [
    '-an',
    '-vf',
    `scale=${STRIP.width}:-2,crop=${STRIP.width}:${STRIP.height}:0:0`,
    '-fps_mode',
    'passthrough',
  ];
  const table = (await decode(file, ...crop, '-enc_time_base', '1:1000', '-f', 'framecrc')).toString();
  const timesMs = table
    .split('\n')
    .filter((line) => line.startsWith('0,'))
    .map((line) => Number(line.split(',')[2]));
  const pixels = await decode(file, ...crop, '-pix_fmt', 'gray', '-f', 'rawvideo');
  const frameBytes = STRIP.width * STRIP.height;
  const origins = timesMs.flatMap((timeMs, index) => {
    const frame = pixels.subarray(index * frameBytes, (index + 1) * frameBytes);
    const clockMs = readClock(frame, STRIP.width, STRIP.height);
    return clockMs === undefined ? [] : [clockMs - timeMs];
  });
  const sound = ['-vn', '-af', 'aresample=async=1:first_pts=0', '-ac', '1', '-ar', String(SAMPLE_RATE)];
  const offsets = beepsMs(await decode(file, ...sound, '-f', 'f32le')).map((beepMs) => {
    const late = (beepMs + percentile(origins, 0.5)) % 1000;
    return late > 500 ? late - 1000 : late;
  });
  return origins.length === 0 || offsets.length === 0 ? undefined : percentile(offsets, 0.5);
}

function beepsMs(bytes: Buffer): number[] {
  const beeps: number[] = [];
  let quiet = 0;
  for (let index = 0; index + 4 <= bytes.length; index += 4) {
    const isLoud = Math.abs(bytes.readFloatLE(index)) > BEEP_LEVEL;
    if (isLoud && quiet > QUIET_SAMPLES) beeps.push((index / 4 / SAMPLE_RATE) * 1000);
    quiet = isLoud ? 0 : quiet + 1;
  }
  return beeps;
}
