/** What the RTMP and the SRT source share: wait for a publisher, send its stream, wait again. */

import { PassThrough } from 'node:stream';
import { FfmpegRun } from '../encode/ffmpeg-run.js';
import { exitReason, isPortTakenLine, isWrongKeyLine } from './ffmpeg-lines.js';
import type { MediaSource } from './media-event.js';
import { runPiped } from './piped-run.js';
import type { SourceSetup } from './pipeline-options.js';
import { type ListenPlace, portTaken } from './port-check.js';
import { ReplayInput } from './replay-input.js';
import { SourceError } from './source-error.js';
import { SessionSource, type SourceSession } from './source-session.js';

/** A listening input. */
export type ListenerOptions = {
  readonly setup: SourceSetup;
  readonly place: ListenPlace;
  /** What ffmpeg opens. */
  readonly url: string;
  /** ffmpeg's options before `-i`. */
  readonly inputOptions: readonly string[];
};

/** A publisher that sends nothing for this long is gone. */
const SILENCE_MS_MAX = 8_000;

/** ffmpeg names a wrong key when the stream is announced, which is before its first bytes; this is for its pipe. */
const KEY_GRACE_MS = 250;

/** Bytes of a publisher's stream that may wait for the encoder; with more, the publisher has to wait. */
const BACKLOG_BYTES_MAX = 16 * 1024 * 1024;

const BACKLOG_POLL_MS = 20;

/** Between two tries to listen, so that a publisher that fails at once does not keep the machine busy. */
const RELISTEN_MS = 200;

/** Tries in a row at a port that is taken, in case the listener before is only just gone. */
const PORT_TRIES_MAX = 10;

/** ffmpeg hands the publisher's container on, byte by byte: nothing is looked into, held back or re-timed. */
const RAW_OUTPUT: readonly string[] = ['-map', '0', '-c', 'copy', '-flush_packets', '1', '-f', 'data'];

/** Waits for publishers one after the other, for ever. */
export function createListenerSource(options: ListenerOptions): MediaSource {
  return new SessionSource(async (session) => {
    const { name, port } = options.place;
    let reason = `waiting for a stream on ${name} port ${port}`;
    let portTries = 0;
    while (!session.isStopping) {
      session.emit({ kind: 'waiting', reason });
      const visit = await new PublisherVisit(session, options).run();
      portTries = visit.kind === 'port-taken' ? portTries + 1 : 0;
      if (portTries >= PORT_TRIES_MAX) throw portTaken(options.place);
      reason = reasonAfter(visit, options.place);
      await session.sleep(RELISTEN_MS);
    }
  });
}

type Visit =
  | { readonly kind: 'left' | 'nobody' | 'port-taken' | 'wrong-key' }
  | { readonly kind: 'unusable'; readonly message: string };

function reasonAfter(visit: Visit, place: ListenPlace): string {
  const waiting = `waiting on ${place.name} port ${place.port}`;
  switch (visit.kind) {
    case 'left':
      return `the stream stopped; ${waiting} for it to come back`;
    case 'wrong-key':
      return `a stream with a wrong key was refused; ${waiting}`;
    case 'unusable':
      return `${visit.message.replace(/\.$/, '')}; ${waiting}`;
    default:
      return `${waiting} for a stream`;
  }
}

/** One listening ffmpeg, from before the publisher comes until after it has gone. */
class PublisherVisit {
  readonly #session: SourceSession;
  readonly #options: ListenerOptions;
  readonly #stream = new PassThrough();
  readonly #listener: FfmpegRun;
  #isWrongKey = false;
  #isPortTaken = false;
  #lastBytesAt: number | undefined;

  constructor(session: SourceSession, options: ListenerOptions) {
    this.#session = session;
    this.#options = options;
    this.#stream.on('error', () => undefined);
    this.#listener = new FfmpegRun({
      path: options.setup.ffmpeg.path,
      input: options.url,
      inputOptions: options.inputOptions,
      outputOptions: RAW_OUTPUT,
      onOutput: (bytes) => this.#takeBytes(bytes),
      onLine: (line) => this.#takeLine(line),
    });
  }

  async run(): Promise<Visit> {
    const watch = setInterval(() => this.#checkSilence(), SILENCE_MS_MAX / 4);
    const input = new ReplayInput(this.#stream);
    this.#listener.start();
    const over = this.#listener.exit.then(() => this.#stream.end());
    try {
      return await this.#session.during(() => this.#listener.stop(), this.#serve(input));
    } finally {
      clearInterval(watch);
      await this.#listener.stop();
      await over;
      this.#stream.destroy();
    }
  }

  async #serve(input: ReplayInput): Promise<Visit> {
    await input.begun;
    if (input.isEmpty) return this.#emptyVisit();
    try {
      const { setup, place } = this.#options;
      const end = await runPiped(this.#session, {
        setup,
        input,
        name: `The stream on ${place.name} port ${place.port}`,
        isWelcome: () => this.#isWelcome(),
      });
      if (this.#isWrongKey) return { kind: 'wrong-key' };
      if (end === undefined || end.isClean) return { kind: 'left' };
      return { kind: 'unusable', message: `ffmpeg stopped on the stream (${exitReason(end)})` };
    } catch (error) {
      if (this.#isWrongKey) return { kind: 'wrong-key' };
      if (error instanceof SourceError) return { kind: 'unusable', message: error.message };
      throw error;
    }
  }

  #emptyVisit(): Visit {
    if (this.#isWrongKey) return { kind: 'wrong-key' };
    return { kind: this.#isPortTaken ? 'port-taken' : 'nobody' };
  }

  async #isWelcome(): Promise<boolean> {
    await this.#session.sleep(KEY_GRACE_MS);
    return !this.#isWrongKey;
  }

  #takeBytes(bytes: Uint8Array): number | undefined {
    if (this.#isWrongKey) return undefined;
    this.#lastBytesAt = performance.now();
    this.#stream.write(bytes);
    return this.#stream.writableLength > BACKLOG_BYTES_MAX ? BACKLOG_POLL_MS : undefined;
  }

  #takeLine(line: string): void {
    if (isPortTakenLine(line)) this.#isPortTaken = true;
    if (!isWrongKeyLine(line) || this.#isWrongKey) return;
    this.#isWrongKey = true;
    // ffmpeg only warns and would take the stream; it is dropped before anything of it is sent.
    this.#stream.end();
    void this.#listener.stop();
  }

  #checkSilence(): void {
    const last = this.#lastBytesAt;
    if (last !== undefined && performance.now() - last > SILENCE_MS_MAX) void this.#listener.stop();
  }
}
