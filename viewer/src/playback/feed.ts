/** What the network side of the viewer gives to playback: the one interface between the two. */

import type { MediaChunk, MeshStats, Rendition, WallMs } from '@freshet/proto';

/** What the person is told, in plain words, when the broadcast is not simply playing. */
export type FeedStatus =
  /** The first attempt to reach a relay is under way. */
  | { readonly kind: 'connecting' }
  /** The broadcast is arriving. */
  | { readonly kind: 'live' }
  /** The connection broke; `attempt` counts from 1, the next try comes in `retryInMs`. */
  | { readonly kind: 'reconnecting'; readonly attempt: number; readonly retryInMs: number }
  /** The channel is known, nothing is live (yet). */
  | { readonly kind: 'not-started' }
  /** The broadcaster's source is gone for a moment and comes back in the same page. */
  | { readonly kind: 'waiting' }
  /** The broadcast is over. */
  | { readonly kind: 'ended' }
  /** No relay knows this channel. */
  | { readonly kind: 'unknown-channel' }
  /** The address of the channel or relay cannot be read; `why` is one clear sentence. */
  | { readonly kind: 'bad-address'; readonly why: string }
  /** The relay speaks another protocol version: reload or update. */
  | { readonly kind: 'incompatible'; readonly why: string }
  /** Every source sends pieces that fail verification. */
  | { readonly kind: 'untrusted'; readonly why: string };

/** The network's figures, about twice a second. */
export type FeedStats = {
  /** Pieces whose signature held, since the start. */
  readonly piecesVerified: number;
  /** Pieces refused, since the start. */
  readonly piecesRefused: number;
  /** Bytes received since the start. */
  readonly bytesReceived: number;
  /** Bits per second over the last seconds. */
  readonly bitrate: number;
  /** Round trip to the relay in milliseconds. */
  readonly rttMs: number;
  /** Neighbours that pieces come from now. */
  readonly parents: number;
  /** This viewer's share in carrying the stream; `undefined` where it takes none. */
  readonly mesh: MeshStats | undefined;
};

/** One thing the network side reports; events of one feed come in order. */
export type FeedEvent =
  | { readonly kind: 'status'; readonly status: FeedStatus }
  | {
      readonly kind: 'broadcast';
      readonly title: string;
      readonly epoch: number;
      readonly renditions: readonly Rendition[];
      readonly startedMs: WallMs;
      /** Why it waits, in the broadcaster's words. */
      readonly reason?: string | undefined;
      /** When it is to begin, while it waits for that. */
      readonly startsMs?: WallMs | undefined;
    }
  /**
   * A (new) init segment comes into force: the first chunk after it is a keyframe; a new epoch means that the
   * media timeline restarts.
   */
  | { readonly kind: 'format'; readonly epoch: number; readonly rendition: Rendition }
  /** Chunks come in order; a gap in `chunkNumber` means that the feed skipped to a keyframe. */
  | { readonly kind: 'chunk'; readonly chunk: MediaChunk }
  /**
   * So many stripes are planned to come from other viewers, which takes longer than from the relay: playback should keep
   * more in hand before they do.
   */
  | { readonly kind: 'mesh'; readonly stripesFromPeers: number }
  | { readonly kind: 'stats'; readonly stats: FeedStats };

/** A source of one channel's verified media. */
export interface Feed {
  /** Begins to connect; `onEvent` is called until `stop`. Call once. */
  start(onEvent: (event: FeedEvent) => void): void;
  /** Ends the feed for good and releases its connections. Idempotent. */
  stop(): void;
  /** Says how far behind the capture the picture is shown, in milliseconds: what comes later is of no use. */
  reportPlayout(lagMs: number): void;
  /** Says how it plays, for the broadcaster's sums: latency now, and counts since the start. */
  reportPlaying(latencyMs: number, stallCount: number, stallMs: number): void;
  /** Says what may be uploaded for others from now on, in bits per second; 0 for nothing. */
  offerUplink(uplinkBps: number): void;
  /** The broadcaster's clock now; `undefined` until it is synchronised. */
  broadcastNowMs(): WallMs | undefined;
}

/** Which channel to bring, and on which terms. */
export type CreateFeedOptions = {
  readonly channel: string;
  /** Base addresses, best first. */
  readonly relays: readonly string[];
  /** Never connect to other viewers: only the relay learns this viewer's address. */
  readonly isRelayOnly: boolean;
  /** What may be uploaded for other viewers at first, in bits per second; 0 for nothing. */
  readonly uploadBps: number;
};

/** Makes a feed for a channel. */
export type CreateFeed = (options: CreateFeedOptions) => Feed;
