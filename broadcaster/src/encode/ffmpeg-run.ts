/** Runs one ffmpeg through fluent-ffmpeg, from start to the last of it. */

import type { ChildProcess } from 'node:child_process';
import { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { assert } from '@freshet/proto';
import createCommand, { type FfmpegCommand } from 'fluent-ffmpeg';

/** How one ffmpeg is run. */
export type FfmpegRunOptions = {
  /** The binary. */
  readonly path: string;
  /** What `-i` gets, or a stream for its standard input. */
  readonly input: string | Readable;
  /** Options before `-i`. */
  readonly inputOptions: readonly string[];
  /** A second input, where the sound is another device. */
  readonly soundInput?: { readonly input: string; readonly inputOptions: readonly string[] } | undefined;
  /** Options for the output, which is standard output. */
  readonly outputOptions: readonly string[];
  /**
   * Takes standard output as it comes. A positive result is milliseconds to wait before reading on, which makes
   * ffmpeg wait too.
   */
  readonly onOutput: (bytes: Uint8Array) => number | undefined;
  /** Further outputs, which come through pipes of their own. */
  readonly moreOutputs?: readonly ExtraOutput[];
  /** A line of standard error; progress lines too. */
  readonly onLine?: (line: string) => void;
  /** About twice a second, with ffmpeg's own totals. */
  readonly onProgress?: (totals: FfmpegTotals) => void;
};

/** An output besides the first. */
export type ExtraOutput = {
  readonly options: readonly string[];
  /** Takes the output as it comes; it cannot make ffmpeg wait. */
  readonly onOutput: (bytes: Uint8Array) => void;
};

/** What an ffmpeg has done so far. */
export type FfmpegTotals = {
  readonly frames: number;
  /** Frames left out to keep the rate. */
  readonly droppedFrames: number;
  /** Media written, in seconds; undefined while ffmpeg does not say. */
  readonly mediaSeconds: number | undefined;
};

/** How an ffmpeg ended. */
export type FfmpegExit = {
  /** It ended by itself, without an error. */
  readonly isClean: boolean;
  /** A signal ended it that nobody here sent: it crashed, or somebody or something killed it. */
  readonly isKilled: boolean;
  /** Why not; empty otherwise. */
  readonly message: string;
  /** Last lines of standard error, at most `STDERR_LINES_MAX`; progress lines left out. */
  readonly lines: readonly string[];
};

/** Lines of standard error that are kept; the oldest go first. */
export const STDERR_LINES_MAX = 200;

/** An ffmpeg that does not react to SIGTERM within this is killed. */
export const KILL_AFTER_MS = 2_000;

/** A blocked read ends at the second SIGTERM. */
const SECOND_SIGNAL_AFTER_MS = 400;

const running = new Set<FfmpegRun>();
let isExitHooked = false;

/** One ffmpeg. `start` once; `exit` resolves when the process is gone, however it went. */
export class FfmpegRun {
  /** Resolves when the process is gone; never rejects. */
  readonly exit: Promise<FfmpegExit>;
  readonly #command: FfmpegCommand;
  readonly #lines: string[] = [];
  #resolveExit: (exit: FfmpegExit) => void = () => undefined;
  #isStopping = false;
  #hasEnded = false;
  #timers: NodeJS.Timeout[] = [];
  #droppedFrames = 0;
  #piped: Promise<void> = Promise.resolve();

  /** Nothing runs before `start`. */
  constructor(options: FfmpegRunOptions) {
    this.exit = new Promise((resolve) => {
      this.#resolveExit = resolve;
    });
    const command = createCommand({ stdoutLines: STDERR_LINES_MAX });
    this.#command = command;
    command.setFfmpegPath(options.path);
    command.input(options.input);
    const inputOptions = ['-hide_banner', '-stats', ...options.inputOptions];
    // Passed one by one: fluent-ffmpeg splits the members of an array at spaces.
    command.inputOptions(...inputOptions);
    if (options.soundInput) {
      command.input(options.soundInput.input);
      command.inputOptions(...options.soundInput.inputOptions);
    }
    command.output(outputSink(options.onOutput), { end: true });
    command.outputOptions(...options.outputOptions, '-y');
    const more = options.moreOutputs ?? [];
    for (const [index, output] of more.entries()) {
      command.output(`pipe:${FIRST_EXTRA_PIPE + index}`);
      command.outputOptions(...output.options);
    }
    if (more.length > 0) {
      addPipes(command, more, (piped) => {
        this.#piped = piped;
      });
    }
    // A listener for progress makes fluent-ffmpeg run ffprobe on the input, which would take the one connection
    // that a listening input accepts.
    Object.assign(command, { ffprobe: () => undefined });
    command.on('stderr', (line: string) => this.#onLine(line, options.onLine));
    if (options.onProgress !== undefined) {
      const onProgress = options.onProgress;
      command.on('progress', (progress) => onProgress(totalsOf(progress, this.#droppedFrames)));
    }
    command.on('start', () => this.#onStart());
    const lines = this.#lines;
    command.on('end', () => void this.#onEnd({ isClean: true, isKilled: false, message: '', lines }));
    command.on('error', ({ message }: Error) => {
      const isKilled = !this.#isStopping && message.startsWith('ffmpeg was killed with signal');
      void this.#onEnd({ isClean: false, isKilled, message, lines });
    });
  }

  /** Spawns ffmpeg. */
  start(): void {
    hookProcessExit();
    running.add(this);
    this.#command.run();
  }

  /** SIGTERM, then SIGKILL after `KILL_AFTER_MS`. Idempotent; resolves when the process is gone. */
  async stop(): Promise<void> {
    if (!this.#isStopping && !this.#hasEnded) {
      this.#isStopping = true;
      this.#command.kill('SIGTERM');
      this.#later(SECOND_SIGNAL_AFTER_MS, 'SIGTERM');
      this.#later(KILL_AFTER_MS, 'SIGKILL');
    }
    await this.exit;
  }

  /** For when this process is about to go. */
  killNow(): void {
    this.#command.kill('SIGKILL');
  }

  #later(delayMs: number, signal: string): void {
    this.#timers.push(setTimeout(() => this.#command.kill(signal), delayMs));
  }

  #onStart(): void {
    // Stopped while fluent-ffmpeg was still asking ffmpeg for its formats: there was nothing to signal yet.
    if (this.#isStopping) this.#command.kill('SIGTERM');
  }

  #onLine(line: string, listener: ((line: string) => void) | undefined): void {
    if (PROGRESS_LINE.test(line)) {
      this.#droppedFrames = Number(/ drop=\s*(\d+)/.exec(line)?.[1] ?? 0);
    } else {
      this.#lines.push(line);
      if (this.#lines.length > STDERR_LINES_MAX) this.#lines.shift();
    }
    listener?.(line);
  }

  async #onEnd(exit: FfmpegExit): Promise<void> {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    // What ffmpeg wrote last may still be on its way; a child of its own could hold a pipe open for ever.
    await Promise.race([this.#piped, delay(LAST_BYTES_MS_MAX, undefined, { ref: false })]);
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    running.delete(this);
    this.#resolveExit(exit);
  }
}

/** File descriptor of the first output besides standard output. */
const FIRST_EXTRA_PIPE = 3;

/** Wait for the last bytes of further outputs after ffmpeg has gone. */
const LAST_BYTES_MS_MAX = 500;

/**
 * Gives ffmpeg pipes besides the standard ones. fluent-ffmpeg hands its options on to `spawn`, so they are added on
 * the way there; its own questions to ffmpeg (which formats, which encoders) pass through untouched.
 */
function addPipes(
  command: FfmpegCommand,
  outputs: readonly ExtraOutput[],
  onPiped: (piped: Promise<void>) => void,
): void {
  const plain: unknown = Reflect.get(command, '_spawnFfmpeg');
  assert(typeof plain === 'function', 'fluent-ffmpeg spawns through _spawnFfmpeg');
  const spawnWithPipes = (args: string[], options: object, onProcess: OnProcess, onEnd: unknown): void => {
    const stdio = Array.from({ length: FIRST_EXTRA_PIPE + outputs.length }, () => 'pipe');
    const attach: OnProcess = (child, ...rings) => {
      const closed = outputs.map(({ onOutput }, index) =>
        readPipe(child.stdio[FIRST_EXTRA_PIPE + index], onOutput),
      );
      onPiped(Promise.all(closed).then(() => undefined));
      onProcess(child, ...rings);
    };
    Reflect.apply(plain, command, [args, { ...options, stdio }, attach, onEnd]);
  };
  Object.assign(command, {
    _spawnFfmpeg: (args: string[], options: object, onProcess: OnProcess, onEnd: unknown) => {
      if (args.includes(`pipe:${FIRST_EXTRA_PIPE}`)) spawnWithPipes(args, options, onProcess, onEnd);
      else Reflect.apply(plain, command, [args, options, onProcess, onEnd]);
    },
  });
}

type OnProcess = (child: ChildProcess, ...rings: unknown[]) => void;

/** Resolves when the pipe is closed. */
function readPipe(pipe: unknown, onOutput: (bytes: Uint8Array) => void): Promise<void> {
  if (!(pipe instanceof Readable)) return Promise.resolve();
  pipe.on('data', onOutput);
  // A pipe that breaks ends; that ffmpeg is gone is told by its exit.
  pipe.on('error', () => undefined);
  return new Promise((resolve) => {
    pipe.once('close', () => resolve());
  });
}

const PROGRESS_LINE = /^(frame|size)=\s*\S+/;

/** fluent-ffmpeg takes a sink's `close` for a failure, so this one never says it. */
function outputSink(onOutput: (bytes: Uint8Array) => number | undefined): Writable {
  return new Writable({
    emitClose: false,
    write(bytes: Uint8Array, _encoding, done): void {
      const waitMs = onOutput(bytes) ?? 0;
      if (waitMs > 0) setTimeout(done, waitMs);
      else done();
    },
  });
}

function totalsOf(
  progress: { readonly frames: number; readonly timemark: string },
  droppedFrames: number,
): FfmpegTotals {
  const parts = /^(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(progress.timemark ?? '');
  const frames = Number.isFinite(progress.frames) ? progress.frames : 0;
  if (parts === null) return { frames, droppedFrames, mediaSeconds: undefined };
  const [hours, minutes, seconds] = parts.slice(1).map(Number);
  return { frames, droppedFrames, mediaSeconds: (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0) };
}

function hookProcessExit(): void {
  if (isExitHooked) return;
  isExitHooked = true;
  process.on('exit', () => {
    for (const run of running) run.killNow();
  });
}
