/** What the broadcaster itself costs, beside its ffmpeg: reading, cutting, signing and publishing a pass-through. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FreshetProcess } from '../freshet-process.js';
import { type Bench, round } from './bench.js';
import { cpuSeconds } from './process-cpu.js';

const SECONDS = 20;
const SETTLE_MS = 4_000;

/** Measures the CPU of the node process alone, by the kernel's accounting. */
export const benchPipeline: Bench = {
  about: 'CPU of the broadcaster beside ffmpeg, for a 6 Mbit/s pass-through',
  async run({ note, seconds = SECONDS }) {
    const folder = mkdtempSync(join(tmpdir(), 'freshet-bench-'));
    const clip = join(folder, 'clip.mp4');
    note('making a 6 Mbit/s clip ...');
    makeClip(clip);
    const live = new FreshetProcess(['live', clip, '--loop', '--port', '0', '--host', '127.0.0.1', '--json']);
    try {
      const begun = await live.waitFor(({ event }) => event === 'live');
      note(String(begun.describe));
      await sleep(SETTLE_MS);
      const cpuBefore = cpuSeconds(live.pid);
      const timeBefore = performance.now();
      const eventsBefore = live.events.length;
      await sleep(seconds * 1000);
      const cpuShare = (cpuSeconds(live.pid) - cpuBefore) / ((performance.now() - timeBefore) / 1000);
      const rates = live.events.slice(eventsBefore).filter(({ event }) => event === 'status');
      const bitrate =
        rates.reduce((sum, { bitrate: rate }) => sum + Number(rate), 0) / Math.max(1, rates.length);
      return [{ cpuShare: round(cpuShare, 4), mbitPerS: round(bitrate / 1e6, 2), seconds }];
    } finally {
      await live.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

function makeClip(path: string): void {
  const video = '-f lavfi -i testsrc2=s=1280x720:r=30 -f lavfi -i sine=r=48000 -t 20'.split(' ');
  const x264 =
    '-c:v libx264 -preset ultrafast -bf 0 -g 30 -pix_fmt yuv420p -b:v 6M -minrate 6M -maxrate 6M -bufsize 1M';
  const rest = '-x264-params nal-hrd=cbr -c:a aac -b:a 128k -movflags +faststart -y'.split(' ');
  execFileSync('ffmpeg', ['-loglevel', 'error', ...video, ...x264.split(' '), ...rest, path]);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
