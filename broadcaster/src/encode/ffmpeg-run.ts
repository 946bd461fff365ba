/** Runs one ffmpeg through fluent-ffmpeg, from start to the last of it. */

import { type Readable, Writable } from 'node:stream';
import createCommand, { type FfmpegCommand } from 'fluent-ffmpeg';

/** How one ffmpeg is run. */
export type FfmpegRunOptions = {
  /** The binary. */
  readonly path: string;
  /** What `-i` gets, or a stream for its standard input. */
  readonly input: string | Readable;
  /** Options before `-i`. */
  readonly inputOptions: readonly string[];
  /** Options for the output, which is standard output. */
  readonly outputOptions: readonly string[];
  /**
   * Takes standard output as it comes. A positive result is milliseconds to wait before reading on, which makes
   * ffmpeg wait too.
   */
  readonly onOutput: (bytes: Uint8Array) => number | undefined;
  /** A line of standard error; progress lines too. */
  readonly onLine?: (line: string) => void;
  /** About twice a second, with ffmpeg's own totals. */
  readonly onProgress?: (totals: FfmpegTotals) => void;
};

/** What an ffmpeg has done so far. */
export type FfmpegTotals = {
  readonly frames: number;
  /** Media written, in seconds; undefined while ffmpeg does not say. */
  readonly mediaSeconds: number | undefined;
};

/** How an ffmpeg ended. */
export type FfmpegExit = {
  /** It ended by itself, without an error. */
  readonly isClean: boolean;
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
    command.output(outputSink(options.onOutput), { end: true });
    command.outputOptions(...options.outputOptions, '-y');
    // A listener for progress makes fluent-ffmpeg run ffprobe on the input, which would take the one connection
    // that a listening input accepts.
    Object.assign(command, { ffprobe: () => undefined });
    command.on('stderr', (line: string) => this.#onLine(line, options.onLine));
    if (options.onProgress !== undefined) {
      const onProgress = options.onProgress;
      command.on('progress', (progress) => onProgress(totalsOf(progress)));
    }
    command.on('start', () => this.#onStart());
    command.on('end', () => this.#onEnd({ isClean: true, message: '', lines: this.#lines }));
    command.on('error', (error: Error) => {
      this.#onEnd({ isClean: false, message: error.message, lines: this.#lines });
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
    if (!PROGRESS_LINE.test(line)) {
      this.#lines.push(line);
      if (this.#lines.length > STDERR_LINES_MAX) this.#lines.shift();
    }
    listener?.(line);
  }

  #onEnd(exit: FfmpegExit): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
    running.delete(this);
    this.#resolveExit(exit);
  }
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

function totalsOf(progress: { readonly frames: number; readonly timemark: string }): FfmpegTotals {
  const parts = /^(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(progress.timemark ?? '');
  const frames = Number.isFinite(progress.frames) ? progress.frames : 0;
  if (parts === null) return { frames, mediaSeconds: undefined };
  const [hours, minutes, seconds] = parts.slice(1).map(Number);
  return { frames, mediaSeconds: (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0) };
}

function hookProcessExit(): void {
  if (isExitHooked) return;
  isExitHooked = true;
  process.on('exit', () => {
    for (const run of running) run.killNow();
  });
}
