/** The feed of a channel: a viewer's session over real links, told to the player in its own terms. */

import {
  type Catalog,
  equalBytes,
  type MediaChunk,
  type Output,
  Prng,
  parseLink,
  type Rendition,
  Session,
  type SessionEvent,
  SessionRunner,
  type SessionStats,
  socketUrl,
  type WallMs,
} from '@freshet/proto';
import { BitrateMeter } from './bitrate-meter.js';
import type { VerifyEffect } from './crypto/verify-effect.js';
import type { DialEffect, ViewerLink } from './link/link.js';
import { NeighbourLinks } from './link/neighbour-links.js';
import type { PeerDialEffect } from './link/peer-link.js';
import type { Feed, FeedEvent, FeedStatus } from './playback/feed.js';
import { chooseRendition, type PlaybackMeans } from './rendition-choice.js';

/** What the platform gives to a feed. */
export type FeedPlatform = {
  readonly dial: DialEffect;
  readonly verify: VerifyEffect;
  /** Program name and version, for the relay's logs. */
  readonly agent: string;
  /** Opens connections to other viewers; without it, or with none allowed, the relay feeds this viewer alone. */
  readonly peerDial?: PeerDialEffect | undefined;
  /** What may be uploaded for others, in bits per second; 0 for download-only. */
  readonly uploadBps: number;
  /** What can be played; without it, anything. Asked for each new run of the broadcast. */
  readonly means?: () => PlaybackMeans;
};

/** Which channel, and where it may be found. */
export type FeedOptions = { readonly channel: string; readonly relays: readonly string[] };

/** Neighbours that one viewer feeds at most. */
const LINKS_MAX = 16;

/** Between two `stats` events. */
const STATS_MS = 500;

/** Statuses that say more than that a relay is gone, and stay while relays are dialled again. */
const FINAL_STATUSES: ReadonlySet<FeedStatus['kind']> = new Set([
  'ended',
  'unknown-channel',
  'incompatible',
  'untrusted',
]);

/** What a person is told when no relay can be trusted. */
const FORGERS_ONLY =
  'Every relay of this broadcast has sent data that its broadcaster did not sign. Nothing of it is shown.';

/** What a person is told when signatures cannot be checked at all. */
const CANNOT_VERIFY = 'The part of this page that checks signatures could not be loaded. Reload the page.';

const PLAYS_ANYTHING: PlaybackMeans = { canPlay: () => true, downlinkBps: undefined };

/** Makes a feed. Nothing happens before `start`. A channel that cannot be read is reported as a status. */
export function createSessionFeed(platform: FeedPlatform, options: FeedOptions): Feed {
  return new SessionFeed(platform, options);
}

class SessionFeed implements Feed {
  readonly #platform: FeedPlatform;
  readonly #options: FeedOptions;
  readonly #links = new Map<number, ViewerLink>();
  readonly #neighbours: NeighbourLinks;
  readonly #meter = new BitrateMeter();
  #onEvent: (event: FeedEvent) => void = () => undefined;
  #runner: SessionRunner | undefined;
  #statsTimer: ReturnType<typeof setInterval> | undefined;
  #attempt = 0;
  #status: FeedStatus = { kind: 'connecting' };
  #announced:
    | { readonly epoch: number; readonly initSegment: Uint8Array; readonly renditionId: number }
    | undefined;

  constructor(platform: FeedPlatform, options: FeedOptions) {
    this.#platform = platform;
    this.#options = options;
    this.#neighbours = new NeighbourLinks(platform.peerDial, (input) => this.#runner?.handle(input));
  }

  start(onEvent: (event: FeedEvent) => void): void {
    this.#onEvent = onEvent;
    const parsed = parseLink(this.#options.channel);
    if (!parsed.ok) return this.#setStatus({ kind: 'bad-address', why: parsed.why });
    const { channelKey } = parsed.link;
    const relays = [...new Set([...parsed.link.relays, ...this.#options.relays])];
    const session = new Session({
      role: 'viewer',
      channelKey,
      agent: this.#platform.agent,
      prng: new Prng(crypto.getRandomValues(new Uint32Array(4)).join()),
      parents: relays.map((origin) => socketUrl(origin, channelKey)),
      ...(this.#platform.peerDial && { mesh: { linksMax: LINKS_MAX, uplinkBps: this.#platform.uploadBps } }),
    });
    this.#runner = new SessionRunner(session, {
      now: () => performance.now(),
      carryOut: (output) => this.#carryOut(output),
      startTimer: (delayMs, callback) => {
        const timer = setTimeout(callback, delayMs);
        return () => clearTimeout(timer);
      },
    });
    this.#setStatus({ kind: 'connecting' });
    this.#statsTimer = setInterval(() => this.#reportStats(), STATS_MS);
    this.#runner.handle({ kind: 'timeout' });
  }

  stop(): void {
    clearInterval(this.#statsTimer);
    this.#runner?.close();
    this.#runner = undefined;
    this.#onEvent = () => undefined;
  }

  reportPlayout(lagMs: number): void {
    this.#runner?.handle({ kind: 'playout', lagMs });
  }

  reportPlaying(latencyMs: number, stallCount: number, stallMs: number): void {
    this.#runner?.handle({ kind: 'playing', latencyMs, stallCount, stallMs });
  }

  offerUplink(uplinkBps: number): void {
    this.#runner?.handle({ kind: 'offer-uplink', uplinkBps });
  }

  broadcastNowMs(): WallMs | undefined {
    return this.#runner?.session.broadcastNow(this.#runner.now());
  }

  #carryOut(output: Output): void {
    switch (output.kind) {
      case 'transmit':
        if (!this.#neighbours.send(output.link, output.bytes))
          this.#links.get(output.link)?.send(output.bytes);
        return;
      case 'connect':
        return this.#neighbours.connect(output);
      case 'signal':
        return this.#neighbours.signal(output.link, output.bytes);
      case 'verify': {
        const { id } = output;
        this.#platform.verify(output.request).then(
          (ok) => this.#runner?.handle({ kind: 'verified', id, ok }),
          () => this.#setStatus({ kind: 'incompatible', why: CANNOT_VERIFY }),
        );
        return;
      }
      case 'dial':
        return this.#dial(output.link, output.url);
      case 'close':
        if (this.#neighbours.close(output.link, output.code, output.reason)) return;
        this.#links.get(output.link)?.close(output.code, output.reason);
        this.#links.delete(output.link);
        return;
      case 'event':
        return this.#handleEvent(output.event);
      case 'publish':
      case 'attach':
      case 'detach':
        // Topics are for relays.
        return;
    }
  }

  #dial(id: number, url: string): void {
    const link = this.#platform.dial(url, {
      onOpen: () => this.#runner?.handle({ kind: 'parent-opened', link: id }),
      onMessage: (bytes) => this.#runner?.handle({ kind: 'received', link: id, bytes, bufferedBytes: 0 }),
      onClose: (code, reason) => {
        this.#links.delete(id);
        this.#runner?.handle({ kind: 'closed', link: id, code, reason });
      },
    });
    this.#links.set(id, link);
  }

  #handleEvent(event: SessionEvent): void {
    switch (event.kind) {
      case 'catalog':
        return this.#announce(event.catalog);
      case 'chunk':
        return this.#handleChunk(event.chunk);
      case 'state':
        return this.#setStatus(this.#statusOf(event.state, event.detail));
      case 'parent-ready': {
        this.#attempt = 0;
        const state = this.#runner?.session.state;
        if (state && this.#status.kind === 'reconnecting') this.#setStatus(this.#statusOf(state, ''));
        return;
      }
      case 'parent-lost': {
        this.#attempt++;
        if (!FINAL_STATUSES.has(this.#status.kind))
          this.#setStatus({ kind: 'reconnecting', attempt: this.#attempt, retryInMs: event.retryInMs });
        return;
      }
      case 'mesh':
        return this.#onEvent({ kind: 'mesh', stripesFromPeers: event.stripesFromPeers });
      case 'refused':
        return;
    }
  }

  #announce(catalog: Catalog): void {
    const { title, epoch, renditions, startedMs, reason, startsMs } = catalog;
    this.#onEvent({ kind: 'broadcast', title, epoch, renditions, startedMs, reason, startsMs });
    const rendition = this.#choose(epoch, renditions);
    if (rendition) this.#announceFormat(epoch, rendition);
  }

  /** Once a run: a player that changes its mind in the middle of one would show it. */
  #choose(epoch: number, renditions: readonly Rendition[]): Rendition | undefined {
    const before = this.#announced?.epoch === epoch ? this.#announced.renditionId : undefined;
    const kept = renditions.find(({ id }) => id === before);
    const means = this.#platform.means?.() ?? PLAYS_ANYTHING;
    const rendition = kept ?? chooseRendition(renditions, means);
    // 0 is the first by whatever number, and asked for before there is a catalog.
    const renditionId = rendition === renditions[0] ? 0 : (rendition?.id ?? 0);
    this.#runner?.handle({ kind: 'select-rendition', renditionId });
    return rendition;
  }

  #announceFormat(epoch: number, rendition: Rendition): void {
    const { id, initSegment } = rendition;
    const announced = this.#announced;
    if (announced?.epoch === epoch && equalBytes(announced.initSegment, initSegment)) return;
    this.#announced = { epoch, initSegment, renditionId: id };
    this.#onEvent({ kind: 'format', epoch, rendition });
  }

  #handleChunk(chunk: MediaChunk): void {
    this.#onEvent({ kind: 'chunk', chunk });
  }

  #setStatus(status: FeedStatus): void {
    this.#status = status;
    this.#onEvent({ kind: 'status', status });
  }

  #reportStats(): void {
    if (!this.#runner) return;
    const now = this.#runner.now();
    const stats: SessionStats = this.#runner.session.stats(now);
    this.#onEvent({
      kind: 'stats',
      stats: {
        piecesVerified: stats.piecesVerified,
        piecesRefused: Object.values(stats.refused).reduce((total, count) => total + count, 0),
        bytesReceived: stats.bytesReceived,
        bitrate: this.#meter.update(now, stats.bytesReceived),
        rttMs: stats.rttMs ?? 0,
        parents: stats.parentCount,
        mesh: stats.mesh,
      },
    });
  }

  #statusOf(state: Session['state'], detail: string): FeedStatus {
    const catalog = this.#runner?.session.catalog;
    switch (state) {
      case 'incompatible':
        return { kind: 'incompatible', why: detail };
      case 'untrusted':
        return { kind: 'untrusted', why: FORGERS_ONLY };
      case 'waiting':
        // Without a rendition there has been nothing to see yet: the broadcaster waits for its source's first frame.
        return { kind: catalog?.renditions.length === 0 ? 'not-started' : 'waiting' };
      default:
        return { kind: state };
    }
  }
}
