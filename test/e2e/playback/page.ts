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
  readonly latencyMs: readonly number[];
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
const latencyMs: number[] = [];
const count = (): void => {
  framesShown += 1;
  const latency = playback.readStats().latencyP50Ms;
  if (latency !== undefined) latencyMs.push(latency);
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
    latencyMs: latencyMs.slice(-150),
  };
};
Object.assign(globalThis, { playback, report });
feed.start((event) => playback.handleFeedEvent(event));
