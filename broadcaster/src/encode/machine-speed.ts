/** How fast this machine encodes, by a short real encode. */

import { execFile } from 'node:child_process';
import type { Ffmpeg } from './find-ffmpeg.js';
import { encoderOptions, type VideoEncoder } from './video-encoder.js';

const WIDTH = 640;
const HEIGHT = 360;

/** Two groups: enough for x264 to have found its pace. */
const FRAMES = 60;

const TEST_MS_MAX = 5_000;

const known = new Map<string, Promise<number>>();

/**
 * Pixels a second that `encoder` (x264: `veryfast`) makes of noise that moves, which is harder than most pictures;
 * 0 when the test fails. Measured once per ffmpeg and encoder in the life of this process, a second at most as a rule.
 * Hardware is not asked: it is fast enough wherever it works, and its limit is told by the watch on its speed.
 */
export async function measurePixelsPerSecond(ffmpeg: Ffmpeg, encoder: VideoEncoder): Promise<number> {
  if (encoder !== 'x264') return HARDWARE_PIXELS_PER_SECOND;
  const measured = known.get(ffmpeg.path) ?? measure(ffmpeg.path);
  known.set(ffmpeg.path, measured);
  return await measured;
}

/** Three renditions of 1080p30: what the slowest encoder hardware of the last ten years does. */
const HARDWARE_PIXELS_PER_SECOND = 1920 * 1080 * 30 * 3 * 2;

function measure(path: string): Promise<number> {
  const args = [
    ...['-hide_banner', '-loglevel', 'error'],
    ...['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${WIDTH}x${HEIGHT}`, '-r', '30', '-i', 'pipe:0'],
    ...encoderOptions({ encoder: 'x264', preset: 'veryfast', kbps: 1000 }),
    ...['-f', 'flv', 'pipe:1'],
  ];
  return new Promise((resolve) => {
    let startedAt = performance.now();
    const options = { encoding: 'buffer' as const, timeout: TEST_MS_MAX, maxBuffer: 16 * 1024 * 1024 };
    const child = execFile(path, args, options, (error) => {
      const seconds = (performance.now() - startedAt) / 1000;
      resolve(error === null ? (WIDTH * HEIGHT * FRAMES) / seconds : 0);
    });
    child.stdin?.on('error', () => undefined);
    child.once('spawn', () => {
      startedAt = performance.now();
    });
    child.stdin?.end(movingFrames());
  });
}

/** Blocks of grey that differ and move, so that motion search and residual both have work. */
function movingFrames(): Buffer {
  const frameBytes = (WIDTH * HEIGHT * 3) / 2;
  const frames = Buffer.alloc(frameBytes * FRAMES, 0x80);
  for (let frame = 0; frame < FRAMES; frame++) {
    for (let y = 0; y < HEIGHT; y++) {
      const row = frame * frameBytes + y * WIDTH;
      for (let x = 0; x < WIDTH; x++) {
        const block = (((x + frame * 3) >> 3) * 2654435761 + ((y + frame) >> 3) * 40503) >>> 0;
        frames[row + x] = 64 + ((block >>> 7) & 0x7f);
      }
    }
  }
  return frames;
}
