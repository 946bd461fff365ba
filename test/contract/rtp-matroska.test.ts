import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MatroskaStream } from '../../broadcaster/src/ingest/rtp/index.js';
import { ClipFolder, ffmpegPath, ffmpegText } from '../media.js';
import { SimulatedCall } from '../unit/broadcaster/rtp/simulated-call.js';

const SECONDS = 6;
const TONE_AT = 3;
const FRAMES = SECONDS * 30;
const START_MS = 1000;

type Picture = { readonly units: readonly Uint8Array[]; readonly isKeyframe: boolean };

/** NAL units between start codes; ffmpeg put a delimiter in front of every picture. */
function readPictures(path: string): Picture[] {
  const bytes = readFileSync(path);
  const starts: number[] = [];
  for (let at = bytes.indexOf('000001', 0, 'hex'); at >= 0; at = bytes.indexOf('000001', at + 3, 'hex'))
    starts.push(at + 3);
  const pictures: Uint8Array[][] = [];
  starts.forEach((start, i) => {
    let end = (starts[i + 1] ?? bytes.length + 3) - 3;
    while (bytes[end - 1] === 0) end -= 1;
    const unit = Uint8Array.from(bytes.subarray(start, end));
    if (((unit[0] ?? 0) & 31) === 9) pictures.push([]);
    else pictures.at(-1)?.push(unit);
  });
  return pictures.map((units) => ({ units, isKeyframe: units.some((unit) => ((unit[0] ?? 0) & 31) === 5) }));
}

/** The packets in an Ogg file behind its two headers (RFC 3533 §6). */
function readOggPackets(path: string): Uint8Array[] {
  const bytes = readFileSync(path);
  const packets: Uint8Array[] = [];
  let parts: Uint8Array[] = [];
  for (let page = 0; page + 27 <= bytes.length; ) {
    const segments = bytes.subarray(page + 27, page + 27 + (bytes[page + 26] ?? 0));
    let at = page + 27 + segments.length;
    for (const size of segments) {
      parts.push(bytes.subarray(at, at + size));
      at += size;
      if (size === 255) continue;
      packets.push(Uint8Array.from(Buffer.concat(parts)));
      parts = [];
    }
    page = at;
  }
  return packets.slice(2);
}

/** What ffmpeg makes of the stream with the arguments that the broadcaster uses. */
async function transcode(chunks: readonly Uint8Array[], path: string): Promise<void> {
  const input = ['-probesize', '32', '-analyzeduration', '0', '-f', 'matroska', '-i', 'pipe:0'];
  const audio = ['-c:a', 'aac', '-af', 'aresample=async=1:min_hard_comp=0.010:first_pts=0'];
  const child = spawn(ffmpegPath, ['-loglevel', 'error', '-y', ...input, '-c:v', 'copy', ...audio, path], {
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  for (const chunk of chunks) if (!child.stdin.write(chunk)) await once(child.stdin, 'drain');
  child.stdin.end();
  const [code] = await once(child, 'close');
  expect(code).toBe(0);
}

/** One hash per decoded picture, and its time in seconds. */
async function decodedPictures(path: string): Promise<{ hash: string; time: number }[]> {
  const args = ['-copyts', '-i', path, '-map', '0:v:0', '-vsync', 'passthrough'];
  const text = await ffmpegText([...args, '-enc_time_base', '1:1000', '-f', 'framemd5', '-']);
  const rows = text.split('\n').filter((line) => /^\d/.test(line));
  return rows.map((line) => {
    const cells = line.split(',').map((cell) => cell.trim());
    return { hash: cells[5] ?? '', time: Number(cells[2]) / 1000 };
  });
}

/** Seconds at which the sound begins. */
async function toneTime(path: string): Promise<number> {
  const filter = 'silencedetect=noise=-30dB:d=0.5,ametadata=print:key=lavfi.silence_end:file=-';
  const text = await ffmpegText([
    '-copyts',
    '-i',
    path,
    '-map',
    '0:a:0',
    '-af',
    filter,
    '-f',
    'null',
    '/dev/null',
  ]);
  return Number(/silence_end=([\d.]+)/.exec(text)?.[1]);
}

describe('MatroskaStream', () => {
  const clips = new ClipFolder();
  let pictures: Picture[] = [];
  let sounds: Uint8Array[] = [];

  beforeAll(async () => {
    const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p'];
    const video = await clips.make('video.h264', [
      ...['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=30', '-t', String(SECONDS), ...x264, '-g', '30'],
      ...['-b:v', '800k', '-bsf:v', 'h264_metadata=aud=insert'],
    ]);
    const tone = `aevalsrc='if(gte(t,${TONE_AT}),sin(2*PI*1000*t),0)|0':s=48000`;
    const audio = await clips.make('audio.ogg', [
      ...['-f', 'lavfi', '-i', tone, '-t', String(SECONDS), '-c:a', 'libopus', '-b:a', '64k'],
    ]);
    pictures = readPictures(video);
    sounds = readOggPackets(audio);
  });

  afterAll(() => clips.remove());

  for (const loss of [0, 0.02, 0.05]) {
    it(`gives ffmpeg every picture, with the sound beside it, at a loss of ${loss * 100} %`, async () => {
      expect(pictures).toHaveLength(FRAMES);
      const isSilent = (_kind: string, now: number): boolean => now >= START_MS + SECONDS * 1000 - 1;
      const call = new SimulatedCall({ seed: 'film', loss, jitterMs: 3, pictures, sounds, isSilent });
      call.run(SECONDS * 1000 + 1500);

      const first = call.frames[0];
      if (first?.parameterSets === undefined) throw new Error('no key frame at the start');
      const { parameterSets, width = 0, height = 0 } = first;
      const stream = new MatroskaStream({ video: { parameterSets, width, height }, audio: { channels: 2 } });
      const chunks = [stream.header(), ...call.frames.flatMap((frame) => stream.frame(frame))];
      const path = clips.of(`out-${loss}.mkv`);
      await transcode(chunks, path);

      const expected = await decodedPictures(clips.of('video.h264'));
      const got = await decodedPictures(path);
      expect(got.map(({ hash }) => hash)).toEqual(expected.map(({ hash }) => hash));
      const start = got[0]?.time ?? 0;
      got.forEach(({ time }, i) => void expect(Math.abs(time - start - i / 30)).toBeLessThan(0.012));
      expect(Math.abs((await toneTime(path)) - start - TONE_AT)).toBeLessThan(0.03);
    });
  }
});
