/**
 * What the length of a chunk costs: from the creation of a frame to the chunk that holds it, read back from the clock in
 * the picture, and the pieces per second that have to be signed, sent and verified.
 */

import { createReadStream } from 'node:fs';
import { readClock } from '../../broadcaster/src/ingest/clock-strip.js';
import { SourceWatch } from '../e2e/source-watch.js';
import { ClipFolder, ffmpegText } from '../media.js';
import { type Bench, percentile, round } from './bench.js';

const CHUNK_MS = [33, 66, 100];
const SIZE = { width: 640, height: 360 };
const FRAMES_PER_S = 30;
/** Frames at the beginning that are not counted: ffmpeg starts. */
const FRAMES_SKIPPED = 30;
const SECONDS = 8;

/** Measures the test picture's whole way through ffmpeg and the chunker. */
export const benchChunking: Bench = {
  about: 'delay from a frame to its chunk, by chunk length',
  async run({ note, seconds = SECONDS }) {
    const results: object[] = [];
    for (const chunkMs of CHUNK_MS) {
      const { delaysMs, chunksPerS } = await measure(chunkMs, seconds);
      const delayMs = { p50: round(percentile(delaysMs, 0.5), 1), p99: round(percentile(delaysMs, 0.99), 1) };
      results.push({ chunkMs, delayMs, chunksPerS: round(chunksPerS, 1), samples: delaysMs.length });
      note(`chunks of ${chunkMs} ms: ${JSON.stringify(delayMs)}`);
    }
    return results;
  },
};

async function measure(
  chunkMs: number,
  seconds: number,
): Promise<{ delaysMs: number[]; chunksPerS: number }> {
  const folder = new ClipFolder();
  try {
    const seen = await SourceWatch.start({ chunkMs, size: SIZE });
    await seen.until(() => (seen.chunks.at(-1)?.mediaTimeUs ?? 0) > seconds * 1e6);
    await seen.stop();
    seen.save(folder.of('picture.mp4'));
    const raw = folder.of('picture.gray');
    const toGrey = ['-vsync', 'passthrough', '-f', 'rawvideo', '-pix_fmt', 'gray', raw];
    await ffmpegText(['-i', folder.of('picture.mp4'), '-map', '0:v', ...toGrey]);
    const delaysMs = await delaysOf(raw, seen);
    return { delaysMs: delaysMs.slice(FRAMES_SKIPPED), chunksPerS: seen.chunks.length / seconds };
  } finally {
    folder.remove();
  }
}

/** For each frame, how much later than its own clock says its chunk came. */
async function delaysOf(path: string, seen: SourceWatch): Promise<number[]> {
  const frameBytes = SIZE.width * SIZE.height;
  const delays: number[] = [];
  let index = 0;
  for await (const frame of createReadStream(path, { highWaterMark: frameBytes })) {
    const mediaUs = (index++ * 1e6) / FRAMES_PER_S;
    const shown = readClock(frame, SIZE.width, SIZE.height);
    // Half a frame of tolerance: times are rounded on the way.
    const at = seen.chunks.findLastIndex((chunk) => chunk.mediaTimeUs <= mediaUs + 16_000);
    const cameAt = seen.chunkTimes[at];
    if (shown !== undefined && cameAt !== undefined) delays.push(cameAt - shown);
  }
  return delays;
}
