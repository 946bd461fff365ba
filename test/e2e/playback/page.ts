/** The page of the playback test: a bare video element played by `MsePlayback`, steered from outside. */

import { MsePlayback } from '../../../viewer/src/playback/mse-playback.js';
import type { PlaybackState, PlaybackStats } from '../../../viewer/src/playback/playback-state.js';
import { createTestFeed } from './test-feed.js';

/** What the test reads from the page. */
export type PageReport = {
  readonly stats: PlaybackStats;
  readonly phase: PlaybackState['phase'];
  readonly failure: string | undefined;
  readonly isMuted: boolean;
  readonly isMutedByBrowser: boolean;
  readonly isFollowing: boolean;
  readonly currentTime: number;
  readonly framesShown: number;
  readonly audioBytesDecoded: number;
  /** From capture to the page's hands, over the last 150 chunks. */
  readonly arrivalP50Ms: number | undefined;
};

const parameters = new URLSearchParams(location.search);
const video = document.createElement('video');
video.playsInline = true;
document.body.append(video);
const feed = createTestFeed();
const apart = parameters.get('apart');
const playback = new MsePlayback({
  video,
  broadcastNowMs: () => feed.broadcastNowMs(),
  onChange: () => {
    if (playback.state.isMutedByBrowser) console.log('muted by browser');
  },
  ...(apart === null ? {} : { isSoundApart: apart === 'yes' }),
});
let framesShown = 0;
const arrivalMs: number[] = [];
const count = (): void => {
  framesShown += 1;
  video.requestVideoFrameCallback(count);
};
video.requestVideoFrameCallback(count);
document.addEventListener('click', () => playback.setMuted(false));

const report = (): PageReport => {
  const { phase, failure, isMuted, isMutedByBrowser, isFollowing } = playback.state;
  return {
    stats: playback.readStats(),
    phase,
    failure: failure?.message,
    isMuted,
    isMutedByBrowser,
    isFollowing,
    currentTime: video.currentTime,
    framesShown,
    // Only Chromium counts this.
    audioBytesDecoded: Number(Reflect.get(video, 'webkitAudioDecodedByteCount')),
    arrivalP50Ms: arrivalMs.slice(-150).toSorted((a, b) => a - b)[75],
  };
};
Object.assign(globalThis, { playback, report });
feed.start((event) => {
  const nowMs = feed.broadcastNowMs();
  if (event.kind === 'chunk' && nowMs !== undefined) arrivalMs.push(nowMs - event.chunk.captureMs);
  playback.handleFeedEvent(event);
});
