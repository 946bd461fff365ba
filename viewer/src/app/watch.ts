/** Takes one channel's feed into outputs until there is a reason to stop. */

import type { Feed, FeedEvent, FeedStats, FeedStatus } from '../playback/feed.js';
import type { EndReason, MediaOutput, OutputHandlers } from './media-output.js';
import { MediaProgress } from './media-progress.js';
import type { RecorderProgress } from './mp4-recorder.js';
import { WatchError } from './watch-error.js';
import { printable, type WatchReport } from './watch-report.js';

/** How long chunks may still come after the broadcast was said to be over. */
const ENDED_GRACE_MS = 500;

/** Between two reports of figures. */
const FIGURES_MS = 1_000;

/** What the process ends with when the user stopped it before anything had come (128 + SIGINT). */
const EXIT_INTERRUPTED = 130;

/** When to stop without being told. */
export type WatchLimits = {
  readonly durationMs: number | undefined;
  readonly timeoutMs: number | undefined;
};

/** What a watch is made of. */
export type WatchParts = {
  readonly feed: Feed;
  readonly report: WatchReport;
  readonly limits: WatchLimits;
};

const NO_STATS: FeedStats = {
  piecesVerified: 0,
  piecesRefused: 0,
  bytesReceived: 0,
  bitrate: 0,
  rttMs: 0,
  parents: 0,
  mesh: undefined,
};

/** One run of `freshet watch`. Add the outputs, then {@link run} it. */
export class Watch {
  readonly #feed: Feed;
  readonly #report: WatchReport;
  readonly #limits: WatchLimits;
  readonly #outputs = new Map<MediaOutput, () => RecorderProgress | undefined>();
  readonly #progress = new MediaProgress();
  #title = '';
  #stats = NO_STATS;
  #latencyMs: number | undefined;
  #hasReceived = false;
  #error: WatchError | undefined;
  #outcome: EndReason | undefined;
  #unreachableTimer: NodeJS.Timeout | undefined;
  #endedTimer: NodeJS.Timeout | undefined;
  #figuresTimer: NodeJS.Timeout | undefined;
  #resolveOutcome: (reason: EndReason) => void = () => undefined;

  constructor({ feed, report, limits }: WatchParts) {
    this.#feed = feed;
    this.#report = report;
    this.#limits = limits;
  }

  /** The broadcast's title, safe to print; '' before it is known. */
  get title(): string {
    return this.#title;
  }

  /**
   * Makes an output with the handlers it must call, and feeds it. `progressOf` gives what it has recorded, for
   * reports. When the last output has closed or failed, watching ends.
   */
  addOutput<T extends MediaOutput>(
    create: (handlers: OutputHandlers) => T,
    progressOf: (output: T) => RecorderProgress | undefined = () => undefined,
  ): void {
    const output = create({
      onClosed: () => this.#drop(output),
      onFailed: (error) => {
        this.#fail(error);
        this.#drop(output);
      },
      onNote: (text) => this.#report.note(text),
    });
    this.#outputs.set(output, () => progressOf(output));
  }

  /** Connects and goes on to the end. Resolves with the process's exit code once every output is finished. */
  async run(): Promise<number> {
    const outcome = new Promise<EndReason>((resolve) => {
      this.#resolveOutcome = resolve;
    });
    this.#figuresTimer = setInterval(() => this.#reportFigures(), FIGURES_MS);
    this.#feed.start((event) => this.#handle(event));
    const reason = await outcome;
    clearTimeout(this.#unreachableTimer);
    clearTimeout(this.#endedTimer);
    clearInterval(this.#figuresTimer);
    this.#feed.stop();
    const hadOutputs = [...this.#outputs.keys()];
    await Promise.all(hadOutputs.map((output) => output.end(reason)));
    return this.#exitCode(reason);
  }

  /** Stops as if the broadcast were over: for the user's Ctrl-C. Idempotent. */
  stop(): void {
    this.#finish('stopped');
  }

  /** Ends child processes at once, for an exit that cannot wait. */
  abort(): void {
    for (const output of this.#outputs.keys()) output.abort();
  }

  #exitCode(reason: EndReason): number {
    if (this.#error) return this.#error.exitCode;
    if (this.#hasReceived) return 0;
    if (reason === 'stopped') return EXIT_INTERRUPTED;
    const why =
      'The broadcast was over before anything of it came. Ask for the recording, or for the next date.';
    const error = new WatchError('nothing-received', why);
    this.#report.failed(error);
    return error.exitCode;
  }

  #handle(event: FeedEvent): void {
    if (this.#outcome) return;
    switch (event.kind) {
      case 'status':
        return this.#handleStatus(event.status);
      case 'broadcast': {
        const title = printable(event.title);
        if (title !== this.#title) this.#report.broadcast(title);
        this.#title = title;
        return;
      }
      case 'format':
        for (const output of [...this.#outputs.keys()])
          output.setFormat(event.epoch, event.rendition.initSegment);
        return;
      case 'chunk': {
        const { chunk } = event;
        this.#hasReceived = true;
        this.#progress.add(chunk);
        const now = this.#feed.broadcastNowMs();
        this.#latencyMs = now === undefined ? undefined : now - chunk.captureMs;
        for (const output of [...this.#outputs.keys()]) output.addChunk(chunk);
        const { durationMs } = this.#limits;
        if (durationMs !== undefined && this.#progress.watchedMs >= durationMs) this.#finish('finished');
        return;
      }
      case 'stats':
        this.#stats = event.stats;
        return;
    }
  }

  #handleStatus(status: FeedStatus): void {
    this.#report.status(status);
    const isReached = status.kind !== 'connecting' && status.kind !== 'reconnecting';
    if (isReached) this.#stopWaiting();
    else this.#startWaiting();
    if (status.kind !== 'ended') clearTimeout(this.#endedTimer);
    switch (status.kind) {
      case 'ended':
        // The last chunks may still be in verification.
        this.#endedTimer = setTimeout(() => this.#finish('finished'), ENDED_GRACE_MS);
        return;
      case 'unknown-channel':
        return this.#failAndFinish('unknown-channel', UNKNOWN_CHANNEL);
      case 'bad-address':
        return this.#failAndFinish('bad-link', status.why);
      case 'incompatible':
        return this.#failAndFinish('incompatible', status.why);
      case 'untrusted':
        return this.#failAndFinish('untrusted', status.why);
      default:
        return;
    }
  }

  /** Counts from the first moment without a relay; further attempts don't begin it anew. */
  #startWaiting(): void {
    const { timeoutMs } = this.#limits;
    if (timeoutMs === undefined || this.#unreachableTimer) return;
    const why = `No relay of this channel could be reached for ${timeoutMs / 1000} s. Check the link and the network; --timeout 0 waits for ever.`;
    this.#unreachableTimer = setTimeout(() => this.#failAndFinish('unreachable', why), timeoutMs);
  }

  #stopWaiting(): void {
    clearTimeout(this.#unreachableTimer);
    this.#unreachableTimer = undefined;
  }

  #failAndFinish(kind: WatchError['kind'], why: string): void {
    this.#fail(new WatchError(kind, why));
    this.#finish('finished');
  }

  #fail(error: WatchError): void {
    // What fails while the outputs finish still counts, but for a consequence of the first failure.
    this.#error ??= error;
    this.#report.failed(error);
  }

  #drop(output: MediaOutput): void {
    this.#outputs.delete(output);
    void output.end('stopped');
    if (this.#outputs.size === 0) this.#finish('finished');
    else if (!this.#outcome) this.#report.note('The rest goes on (Ctrl-C to stop).');
  }

  #finish(reason: EndReason): void {
    if (this.#outcome) return;
    this.#outcome = reason;
    this.#resolveOutcome(reason);
  }

  #reportFigures(): void {
    this.#feed.reportPlaying(this.#latencyMs ?? 0, this.#progress.gapCount, 0);
    const recordings = [...this.#outputs.values()].map((progressOf) => progressOf());
    this.#report.figures({
      latencyMs: this.#latencyMs,
      network: this.#stats,
      watchedMs: Math.round(this.#progress.watchedMs),
      gapCount: this.#progress.gapCount,
      recording: recordings.find((progress) => progress !== undefined),
    });
  }
}

const UNKNOWN_CHANNEL =
  'None of its relays carries this channel. Check the link, or name another relay with --relay.';
