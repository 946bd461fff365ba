/** Test clips, made by ffmpeg in a temporary folder; and what ffmpeg makes of bytes. */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findProgram } from '../scripts/testing/real-programs.js';

const run = promisify(execFile);

/** The ffmpeg that makes and reads clips. */
export const ffmpegPath: string = findProgram('ffmpeg') ?? 'ffmpeg';

const QUIET = ['-hide_banner', '-nostdin', '-loglevel', 'error', '-y'];

/** Arguments of a source that plays everywhere as it is: H.264 baseline with 1 s groups, and AAC. */
export const PLAIN_VIDEO: readonly string[] = [
  ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p'],
  ...['-g', '30', '-keyint_min', '30', '-bf', '0', '-b:v', '400k', '-c:a', 'aac', '-b:a', '64k', '-ac', '2'],
];

/** Moving bars, 320 by 180 pixels and 30 frames a second unless told otherwise. */
export const bars = (size = '320x180', rate = '30'): string[] => [
  '-f',
  'lavfi',
  '-i',
  `testsrc2=size=${size}:rate=${rate}`,
];

/** A sine tone. */
export const TONE: readonly string[] = ['-f', 'lavfi', '-i', 'sine=sample_rate=48000'];

/** A folder of clips; `remove` it at the end. */
export class ClipFolder {
  /** Absolute. */
  readonly path: string = mkdtempSync(join(tmpdir(), 'freshet-clips-'));

  /** Runs ffmpeg with `args` and the clip's name as output; gives the clip's path. */
  async make(name: string, args: readonly string[]): Promise<string> {
    const path = this.of(name);
    await run(ffmpegPath, [...QUIET, ...args, path]);
    return path;
  }

  /** The path of a clip or any other file in the folder. */
  of(name: string): string {
    return join(this.path, name);
  }

  /** Deletes the folder and all in it. */
  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** ffmpeg's standard output as text. */
export async function ffmpegText(args: readonly string[]): Promise<string> {
  const { stdout } = await run(ffmpegPath, [...QUIET, ...args], { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}

/** One line per coded video frame: its size and hash, without times. */
export async function videoFrameHashes(path: string): Promise<string[]> {
  const text = await ffmpegText(['-i', path, '-map', '0:v:0', '-c', 'copy', '-f', 'framemd5', '-']);
  return text
    .split('\n')
    .filter((line) => /^\d/.test(line))
    .map((line) => line.split(',').slice(4, 6).join(',').trim());
}

/** A running ffmpeg, for publishing; `stop` it when its stream is to go away. */
export class RunningFfmpeg {
  readonly #process: ChildProcess;
  readonly #gone: Promise<unknown>;

  /** Starts at once. */
  constructor(args: readonly string[]) {
    this.#process = spawn(ffmpegPath, [...QUIET, ...args], { stdio: 'ignore' });
    this.#gone = once(this.#process, 'exit');
  }

  /** Kills it unless it has ended; resolves when it is gone. */
  async stop(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#gone;
  }

  /** Resolves when it is gone by itself. */
  async ended(): Promise<void> {
    await this.#gone;
  }
}
