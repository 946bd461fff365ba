/** Finds an ffmpeg and what it can do. */

import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, chmod, copyFile, mkdtemp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { FfmpegError } from './ffmpeg-error.js';

const run = promisify(execFile);

/** Where an ffmpeg was found. */
export type FfmpegOrigin = 'FFMPEG_PATH' | 'PATH' | 'bundled';

/** An ffmpeg that runs, and what it can do. */
export type Ffmpeg = {
  /** Absolute, or as `FFMPEG_PATH` gives it. */
  readonly path: string;
  readonly origin: FfmpegOrigin;
  /** As it states it: `5.1.9-0+deb12u1`, `N-47683-g0e8eb07980-static`. */
  readonly version: string;
  readonly hasSrt: boolean;
  readonly hasRtmp: boolean;
  readonly hasX264: boolean;
  readonly hasAac: boolean;
  /** Knows `-fps_mode`, which takes the place of `-vsync`. */
  readonly hasFpsMode: boolean;
};

/** Where to look; replaceable in tests. */
export type FindFfmpegOptions = {
  /** Holds `FFMPEG_PATH` and `PATH`. */
  readonly env?: NodeJS.ProcessEnv;
  /** Path of the binary that npm brought, `undefined` when it brought none. */
  readonly bundledPath?: () => string | undefined;
};

const RUN_MS_MAX = 10_000;
const OUTPUT_BYTES_MAX = 4 * 1024 * 1024;
const WAY_OUT = 'install ffmpeg (apt install ffmpeg, brew install ffmpeg), or set FFMPEG_PATH to one';

/**
 * The first that runs of `FFMPEG_PATH`, `ffmpeg` on the `PATH`, and the one that npm brought.
 *
 * Rejects with `FfmpegError` `ffmpeg-missing`; an `FFMPEG_PATH` that is set but does not work is never passed over.
 */
export async function findFfmpeg(options: FindFfmpegOptions = {}): Promise<Ffmpeg> {
  const env = options.env ?? process.env;
  const wanted = env.FFMPEG_PATH;
  if (wanted !== undefined && wanted !== '') {
    try {
      return await inspect(wanted, 'FFMPEG_PATH');
    } catch (cause) {
      const message = `FFMPEG_PATH is set to ${wanted}, which is not a working ffmpeg; correct it or unset it.`;
      throw new FfmpegError('ffmpeg-missing', message, cause);
    }
  }
  let cause: unknown;
  for (const candidate of await pathCandidates(env.PATH ?? '')) {
    try {
      return await inspect(candidate, 'PATH');
    } catch (error) {
      cause = error;
    }
  }
  const bundled = (options.bundledPath ?? bundledFfmpeg)();
  if (bundled !== undefined) {
    try {
      return await inspect(await makeExecutable(bundled), 'bundled');
    } catch (error) {
      cause = error;
    }
  }
  throw new FfmpegError('ffmpeg-missing', `No working ffmpeg was found; ${WAY_OUT}.`, cause);
}

/** Throws `ffmpeg-cannot` with one sentence unless `ffmpeg` has what `feature` needs. */
export function requireFeature(
  ffmpeg: Ffmpeg,
  feature: 'SRT' | 'RTMP' | 'H.264 encoding' | 'AAC encoding',
): void {
  const has = {
    SRT: ffmpeg.hasSrt,
    RTMP: ffmpeg.hasRtmp,
    'H.264 encoding': ffmpeg.hasX264,
    'AAC encoding': ffmpeg.hasAac,
  }[feature];
  if (has) return;
  const which = ffmpeg.origin === 'bundled' ? 'The ffmpeg that npm brought' : `The ffmpeg at ${ffmpeg.path}`;
  throw new FfmpegError('ffmpeg-cannot', `${which} cannot do ${feature}; ${WAY_OUT} that can.`);
}

async function inspect(path: string, origin: FfmpegOrigin): Promise<Ffmpeg> {
  const [version, protocols, encoders] = await Promise.all([
    output(path, '-version'),
    output(path, '-protocols'),
    output(path, '-encoders'),
  ]);
  const stated = /^ffmpeg version (\S+)/m.exec(version)?.[1];
  if (stated === undefined) throw new Error(`${path} does not answer -version like ffmpeg`);
  const hasProtocol = (name: string): boolean => new RegExp(`^\\s*${name}\\s*$`, 'm').test(protocols);
  const hasEncoder = (name: string): boolean => new RegExp(`^\\s*\\S+\\s+${name}\\s`, 'm').test(encoders);
  return {
    path,
    origin,
    version: stated,
    hasSrt: hasProtocol('srt'),
    hasRtmp: hasProtocol('rtmp'),
    hasX264: hasEncoder('libx264'),
    hasAac: hasEncoder('aac'),
    hasFpsMode: isSince51(stated),
  };
}

/** `5.1.9-0`, `n6.0`; a development build says `N-` and a count of commits, 5.1 being about 107,000. */
function isSince51(version: string): boolean {
  const commits = /^N-(\d+)/.exec(version)?.[1];
  if (commits !== undefined) return Number(commits) > 107_600;
  const [major, minor] = (/^n?(\d+)\.(\d+)/.exec(version)?.slice(1) ?? ['0', '0']).map(Number);
  return (major ?? 0) > 5 || ((major ?? 0) === 5 && (minor ?? 0) >= 1);
}

async function output(path: string, option: string): Promise<string> {
  const { stdout } = await run(path, ['-hide_banner', option], {
    timeout: RUN_MS_MAX,
    maxBuffer: OUTPUT_BYTES_MAX,
    windowsHide: true,
  });
  return stdout;
}

async function pathCandidates(path: string): Promise<string[]> {
  const name = process.platform === 'win32' ? 'ffmpeg.exe' : 'ffmpeg';
  const found: string[] = [];
  for (const folder of path.split(delimiter)) {
    const candidate = join(folder, name);
    if (folder !== '' && (await isExecutable(candidate))) found.push(candidate);
  }
  return found;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The package throws where it has no binary for this platform. */
function bundledFfmpeg(): string | undefined {
  try {
    const installer: unknown = createRequire(import.meta.url)('@ffmpeg-installer/ffmpeg');
    if (typeof installer !== 'object' || installer === null || !('path' in installer)) return undefined;
    return typeof installer.path === 'string' ? installer.path : undefined;
  } catch {
    return undefined;
  }
}

/** npm sets the executable bit in an install script, which many people switch off. */
async function makeExecutable(path: string): Promise<string> {
  if (await isExecutable(path)) return path;
  try {
    await chmod(path, 0o755);
    return path;
  } catch {
    const copy = join(await mkdtemp(join(tmpdir(), 'freshet-ffmpeg-')), basename(path));
    await copyFile(path, copy);
    await chmod(copy, 0o755);
    return copy;
  }
}
