/** A page with one player whose feed only notes what it is asked for; the fragment holds the player's attributes. */

import type { MeshStats } from '@freshet/proto';
import type { CreateFeed, CreateFeedOptions, FeedEvent } from '../../../viewer/src/playback/feed.js';
import { definePlayer, FreshetPlayer, PLAYER_TAG } from '../../../viewer/src/ui/index.js';

const MESH: MeshStats = {
  bytesFromRelay: 1_000_000,
  bytesFromPeers: 3_000_000,
  bytesToPeers: 2_000_000,
  neighbourCount: 5,
  helpedCount: 0,
  stripesFromPeers: 3,
  stripeCount: 4,
  uplinkBps: 5_000_000,
  piecesRequested: 0,
  piecesRepaired: 0,
  piecesDropped: 0,
  sourceSwitches: 0,
  peer: 1,
  sources: [],
  handovers: [],
};

/** What the test sees as the global `noted`. */
export class Noted {
  /** What the newest feed was made with. */
  asked: CreateFeedOptions | undefined;
  /** How many feeds there were. */
  starts = 0;
  /** Uplinks offered after the start. */
  readonly offers: number[] = [];
  tell: (event: FeedEvent) => void = () => undefined;

  /** Lets the feed report that so many viewers are helped. */
  reportHelped(helpedCount: number): void {
    const base = { piecesVerified: 1, piecesRefused: 0, bytesReceived: 1, bitrate: 1, rttMs: 1, parents: 1 };
    this.tell({ kind: 'stats', stats: { ...base, mesh: { ...MESH, helpedCount } } });
  }
}

const noted = new Noted();

const createFeed: CreateFeed = (options) => {
  noted.asked = options;
  return {
    start: (onEvent) => {
      noted.starts++;
      noted.tell = onEvent;
      onEvent({ kind: 'status', status: { kind: 'live' } });
    },
    stop: () => undefined,
    reportPlayout: () => undefined,
    reportPlaying: () => undefined,
    offerUplink: (uplinkBps) => noted.offers.push(uplinkBps),
    broadcastNowMs: () => undefined,
  };
};

definePlayer(createFeed);
const player = document.createElement(PLAYER_TAG);
if (player instanceof FreshetPlayer) {
  player.setAttribute('channel', 'any');
  for (const [name, value] of new URLSearchParams(location.hash.slice(1))) player.setAttribute(name, value);
  player.setAttribute('autoplay', '');
  document.body.append(player);
}
Object.assign(globalThis, { noted, player });
