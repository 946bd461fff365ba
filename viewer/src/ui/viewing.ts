/** One viewing of a channel: its feed and its playback, from start to stop. */

import type { CreateFeed, Feed, FeedEvent, FeedStats, FeedStatus } from '../playback/feed.js';
import { MsePlayback, type PlaybackState, type PlaybackStats } from '../playback/mse-playback.js';
import type { Wait } from './screen.js';

/** What a viewing needs. */
export type ViewingOptions = {
  readonly createFeed: CreateFeed;
  readonly channel: string;
  readonly relays: readonly string[];
  readonly video: HTMLVideoElement;
  readonly isMuted: boolean;
  readonly isRelayOnly: boolean;
  /** What may be uploaded for other viewers at first, in bits per second. */
  readonly uploadBps: number;
  /** Called after everything but chunks: status, title, figures, playback. Not before the constructor returns. */
  readonly onChange: () => void;
};

/** What is being broadcast. */
export type Broadcast = Pick<
  Extract<FeedEvent, { kind: 'broadcast' }>,
  'title' | 'startedMs' | 'reason' | 'startsMs'
>;

/** Figures of network and playback in one flat object, for the overlay, scripts and tests. */
export type PlayerStats = PlaybackStats &
  FeedStats & {
    readonly hasSound: boolean;
    /** `Rendition.name` of what plays; empty before it is known. */
    readonly renditionName: string;
    /** `codecs` of what plays; empty before it is known. */
    readonly codecs: string;
  };

/** How playback stands before anything was asked of it. */
export const IDLE_PLAYBACK: PlaybackState = {
  phase: 'idle',
  failure: undefined,
  isFollowing: true,
  isMuted: false,
  volume: 1,
  isMutedByBrowser: false,
  hasSound: false,
};

const NO_FEED_STATS: FeedStats = {
  piecesVerified: 0,
  piecesRefused: 0,
  bytesReceived: 0,
  bitrate: 0,
  rttMs: 0,
  parents: 0,
  mesh: undefined,
};

/** Starts to connect when constructed; `stop` ends it. */
export class Viewing {
  readonly #options: ViewingOptions;
  readonly #feed: Feed;
  readonly #playback: MsePlayback;
  #status: FeedStatus = { kind: 'connecting' };
  #statusSinceMs = performance.now();
  #phase: PlaybackState['phase'] = 'idle';
  #phaseSinceMs = performance.now();
  #broadcast: Broadcast | undefined;
  #feedStats = NO_FEED_STATS;
  #stallMs = 0;
  #reportedAtMs = performance.now();
  #uploadBps: number;
  #renditionName = '';
  #codecs = '';
  #isReady = false;

  constructor(options: ViewingOptions) {
    this.#options = options;
    const { createFeed, channel, relays, video, isMuted, isRelayOnly, uploadBps } = options;
    this.#uploadBps = uploadBps;
    this.#feed = createFeed({ channel, relays, isRelayOnly, uploadBps });
    this.#playback = new MsePlayback({
      video,
      isMuted,
      broadcastNowMs: () => this.#feed.broadcastNowMs(),
      onChange: () => this.#tell(),
    });
    this.#feed.start((event) => this.#handle(event));
    this.#isReady = true;
  }

  /** What the network side says. */
  get status(): FeedStatus {
    return this.#status;
  }

  /** Since the status was reported, in milliseconds. */
  get statusAgeMs(): number {
    return performance.now() - this.#statusSinceMs;
  }

  /** Since playback came into its phase, in milliseconds. */
  get phaseAgeMs(): number {
    return performance.now() - this.#phaseSinceMs;
  }

  /** Title and start; `undefined` until known. */
  get broadcast(): Broadcast | undefined {
    return this.#broadcast;
  }

  /** The running time of the broadcast in milliseconds; `undefined` until it is known. */
  get broadcastAgeMs(): number | undefined {
    const nowMs = this.#feed.broadcastNowMs();
    return nowMs === undefined || this.#broadcast === undefined
      ? undefined
      : nowMs - this.#broadcast.startedMs;
  }

  /** What the broadcaster says of the wait; `startsInMs` by their clock. */
  get wait(): Wait {
    const { reason, startsMs } = this.#broadcast ?? {};
    const nowMs = startsMs && this.#feed.broadcastNowMs();
    return { reason, startsInMs: nowMs && startsMs - nowMs };
  }

  /** The playback, for commands and its state. */
  get playback(): MsePlayback {
    return this.#playback;
  }

  /** Says what may be uploaded for other viewers from now on, in bits per second. */
  offerUplink(uploadBps: number): void {
    if (uploadBps === this.#uploadBps) return;
    this.#uploadBps = uploadBps;
    this.#feed.offerUplink(uploadBps);
  }

  /** All figures now. */
  readStats(): PlayerStats {
    return {
      ...this.#playback.readStats(),
      ...this.#feedStats,
      hasSound: this.#playback.state.hasSound,
      renditionName: this.#renditionName,
      codecs: this.#codecs,
    };
  }

  /** Ends feed and playback for good. Idempotent. */
  stop(): void {
    this.#isReady = false;
    this.#feed.stop();
    this.#playback.dispose();
  }

  #handle(event: FeedEvent): void {
    this.#playback.handleFeedEvent(event);
    switch (event.kind) {
      case 'chunk':
        return;
      case 'status':
        this.#status = event.status;
        this.#statusSinceMs = performance.now();
        break;
      case 'broadcast':
        this.#broadcast = event;
        break;
      case 'format':
        this.#renditionName = event.rendition.name;
        this.#codecs = /codecs="?([^"]*)/.exec(event.rendition.mimeType)?.[1] ?? '';
        break;
      case 'stats':
        this.#feedStats = event.stats;
        this.#reportPlayout();
        break;
    }
    this.#tell();
  }

  #reportPlayout(): void {
    const { latencyP50Ms, stallCount, firstFrameMs } = this.#playback.readStats();
    const nowMs = performance.now();
    if (firstFrameMs !== undefined && this.#playback.state.phase === 'buffering')
      this.#stallMs += nowMs - Math.max(this.#reportedAtMs, this.#phaseSinceMs);
    this.#reportedAtMs = nowMs;
    this.#feed.reportPlaying(latencyP50Ms ?? 0, stallCount, this.#stallMs);
    if (latencyP50Ms !== undefined && this.#playback.state.isFollowing)
      this.#feed.reportPlayout(latencyP50Ms);
  }

  #tell(): void {
    // The feed may report, and playback fail, while their constructors still run.
    if (!this.#isReady) return;
    const { phase } = this.#playback.state;
    if (phase !== this.#phase) {
      this.#phase = phase;
      this.#phaseSinceMs = performance.now();
    }
    this.#options.onChange();
  }
}
