/** Plays a feed in another program's window. */

import { spawn } from 'node:child_process';
import { type MediaChunk, Recording } from '@freshet/proto';
import { FragmentPipe, type PipeLimits } from './fragment-pipe.js';
import type { EndReason, MediaOutput, OutputHandlers } from './media-output.js';
import { type PlayerProgram, playerArguments } from './player-program.js';
import { WatchError } from './watch-error.js';

/** A player that does not read (paused, or too slow) comes back to the live picture; gaps are not played. */
export const PLAYER_LIMITS: PipeLimits = {
  queueBytesMax: 16 * 1024 * 1024,
  queueUsMax: 4_000_000,
  gapUsMax: 200_000,
};

/** How long a player may go on with what it has when the broadcast is over. */
const PLAY_OUT_MS_MAX = 10_000;

/** How long a player that was asked to end may take before it is killed. */
const KILL_MS = 1_500;

/** What is kept of the player's own messages, for the one line that explains its end. */
const MESSAGE_BYTES_MAX = 4096;

/** What is needed of a child process once it runs. */
interface Killable {
  readonly pid?: number | undefined;
  kill(signal: NodeJS.Signals): unknown;
}

type Running = {
  readonly child: Killable;
  readonly pipe: FragmentPipe;
  readonly gone: Promise<void>;
  /** We ended it ourselves. */
  isDismissed: boolean;
};

/**
 * Starts the player with the first init segment, and anew when the broadcast comes back in a format that cannot
 * follow the one before. The player never outlives this process: its input ends with it, and `end`, `abort` and the
 * process's exit kill it.
 */
export class PlayerProcess implements MediaOutput {
  readonly #program: PlayerProgram;
  readonly #title: () => string;
  readonly #handlers: OutputHandlers;
  #running: Running | undefined;
  #epoch: number | undefined;
  #isDone = false;
  #ending: Promise<void> | undefined;

  constructor(program: PlayerProgram, title: () => string, handlers: OutputHandlers) {
    this.#program = program;
    this.#title = title;
    this.#handlers = handlers;
  }

  /** Process number of the running player. */
  get pid(): number | undefined {
    return this.#running?.child.pid;
  }

  setFormat(epoch: number, initSegment: Uint8Array): void {
    if (this.#isDone) return;
    const init = Recording.readMovieInit(initSegment);
    if (!init) {
      this.#isDone = true;
      const why = 'This broadcast has a format that no player can be fed with. Watch it in a browser.';
      return this.#handlers.onFailed(new WatchError('format-changed', why));
    }
    const isNewRun = this.#epoch !== undefined && this.#epoch !== epoch;
    this.#epoch = epoch;
    if (this.#running?.pipe.canContinueWith(init)) {
      if (isNewRun) this.#running.pipe.startRun();
      return;
    }
    if (this.#running) {
      this.#handlers.onNote('The broadcast has changed its format: the player starts again.');
      void this.#dismiss(this.#running);
    }
    this.#running = this.#start(init);
  }

  addChunk(chunk: MediaChunk): void {
    if (!this.#isDone) this.#running?.pipe.addChunk(chunk);
  }

  end(reason: EndReason): Promise<void> {
    this.#ending ??= this.#end(reason);
    return this.#ending;
  }

  abort(): void {
    this.#isDone = true;
    if (this.#running) kill(this.#running.child, 'SIGKILL');
  }

  async #end(reason: EndReason): Promise<void> {
    this.#isDone = true;
    const running = this.#running;
    if (!running) return;
    running.isDismissed = true;
    if (reason === 'finished') {
      void running.pipe.end();
      await within(running.gone, PLAY_OUT_MS_MAX);
    }
    await this.#dismiss(running);
  }

  #start(init: Recording.MovieInit): Running {
    const { name, path } = this.#program;
    const child = spawn(path, playerArguments(name, this.#title()), { stdio: ['pipe', 'ignore', 'pipe'] });
    const messages = new TailText(MESSAGE_BYTES_MAX);
    child.stderr.on('data', (bytes: Buffer) => messages.add(bytes));
    const killWithUs = (): void => kill(child, 'SIGKILL');
    process.on('exit', killWithUs);
    const pipe = new FragmentPipe({
      stream: child.stdin,
      init,
      limits: PLAYER_LIMITS,
      // A closed input is no news: the player's exit tells more, and follows.
      handlers: { onClosed: () => undefined, onDropped: () => undefined },
    });
    const gone = new Promise<void>((resolve) => {
      const finish = (): void => {
        process.off('exit', killWithUs);
        resolve();
      };
      child.once('error', (cause) => {
        finish();
        this.#handleGone(running, undefined, cause);
      });
      child.once('close', (code, signal) => {
        finish();
        this.#handleGone(
          running,
          code === 0 ? undefined : `${signal ?? `code ${code}`}${messages.line}`,
          undefined,
        );
      });
    });
    const running: Running = { child, pipe, gone, isDismissed: false };
    return running;
  }

  /** Asks it to end, then insists. */
  async #dismiss(running: Running): Promise<void> {
    running.isDismissed = true;
    kill(running.child, 'SIGTERM');
    await within(running.gone, KILL_MS);
    kill(running.child, 'SIGKILL');
    await within(running.gone, KILL_MS);
  }

  #handleGone(running: Running, failure: string | undefined, cause: unknown): void {
    if (running.isDismissed || this.#isDone) return;
    running.isDismissed = true;
    this.#isDone = true;
    this.#running = undefined;
    const { name, path } = this.#program;
    if (cause !== undefined) {
      const why = `${path} could not be started. Choose another player with --player, or record with --out FILE.mp4.`;
      this.#handlers.onFailed(new WatchError('player-failed', why, cause));
    } else if (failure !== undefined) {
      const why = `${name} stopped with ${failure}. Try another player with --player, or record with --out FILE.mp4.`;
      this.#handlers.onFailed(new WatchError('player-failed', why));
    } else {
      this.#handlers.onClosed();
    }
  }
}

function kill(child: Killable, signal: NodeJS.Signals): void {
  child.kill(signal);
}

/** Waits for `done`, at most for `ms`. */
async function within(done: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([done, patience]);
  clearTimeout(timer);
}

/** The end of a text that comes in parts. */
class TailText {
  readonly #bytesMax: number;
  #text = '';

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  add(bytes: Buffer): void {
    this.#text = (this.#text + bytes.toString('utf8')).slice(-this.#bytesMax);
  }

  /** The last line in brackets, '' when nothing was said. */
  get line(): string {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out
    const lines = this.#text.split('\n').map((line) => line.replace(/[\x00-\x1f\x7f]/g, ' ').trim());
    const last = lines.findLast((line) => line !== '');
    return last === undefined ? '' : ` (${last})`;
  }
}
