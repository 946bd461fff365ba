/** Which H.264 encoder hardware works here, by a real encode of a few frames. */

import { execFile } from 'node:child_process';

/** ffmpeg's hardware encoders that going live knows, and what each needs besides its name. */
const CANDIDATES: Readonly<Record<string, readonly string[]>> = {
  h264_nvenc: [],
  h264_qsv: ['-vf', 'format=nv12'],
  h264_vaapi: ['-vf', 'format=nv12,hwupload'],
  h264_videotoolbox: [],
};

const VAAPI = ['-vaapi_device', '/dev/dri/renderD128'];
const RUN_MS_MAX = 4_000;
const FRAMES = 5;
const WIDTH = 320;
const HEIGHT = 240;

/** Names of those that encode, of those that `encoders` (what `ffmpeg -encoders` prints) lists. Never rejects. */
export async function findHardware(
  path: string,
  encoders: string,
  env: NodeJS.ProcessEnv,
): Promise<readonly string[]> {
  const listed = Object.entries(CANDIDATES).filter(([name]) => encoders.includes(` ${name} `));
  const tests = await Promise.all(
    listed.map(async ([name, more]) => ((await encodes(path, name, more, env)) ? [name] : [])),
  );
  return tests.flat();
}

function encodes(
  path: string,
  name: string,
  more: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<boolean> {
  const args = [
    ...['-hide_banner', '-loglevel', 'error', ...(name === 'h264_vaapi' ? VAAPI : [])],
    ...['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-s', `${WIDTH}x${HEIGHT}`, '-r', '30', '-i', 'pipe:0'],
    ...[...more, '-c:v', name, '-b:v', '500k', '-f', 'null', '-'],
  ];
  return new Promise((resolve) => {
    const options = { env, timeout: RUN_MS_MAX, killSignal: 'SIGKILL' as const, windowsHide: true };
    const child = execFile(path, args, options, (error) => resolve(error === null));
    // An encoder that does not work makes ffmpeg go before it has read anything.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(Buffer.alloc(((WIDTH * HEIGHT * 3) / 2) * FRAMES, 0x80));
  });
}
