/** Plays a feed in a video element, with its sound beside it where that is quicker. */

import { type MediaChunk, type MonoMs, monoMs, type Rendition, type WallMs } from '@freshet/proto';
import { ArrivalMeter } from './arrival.js';
import type { FeedEvent } from './feed.js';
import { FrameMeter } from './frame-meter.js';
import { Lane } from './lane.js';
import { PlaybackError } from './playback-error.js';
import type { PlaybackState, PlaybackStats } from './playback-state.js';
import { START_MS } from './playout.js';
import { startElement } from './start-element.js';
import { findMediaSource, playsSoundApart } from './support.js';
import { Timeline } from './timeline.js';
import { splitChunk, splitRendition } from './track-split.js';

/**
 * Sound played apart is at most about this much later than the picture, in milliseconds; a picture with less buffer
 * waits for it. People notice sound that is 125 ms late (ITU-R BT.1359).
 */
export const SOUND_LAG_MS_MAX = 100;

const TICK_MS = 50;
/** Nearer to the live edge than this, continuing after a pause means following again. */
const STILL_LIVE_MS = 2000;
/** Sound that lags more than this behind a live picture jumps after it. */
const SOUND_LAG_JUMP_MS = 250;
const RESYNC_PAUSE_MS = 2000;
/** Media kept in hand when other viewers feed this one: their pieces take a few hops, and repairs some more. */
const MESH_BUFFER_MS = 400;
/** Sound further than this from a picture that does not follow live is moved to it. */
const RESYNC_S = 0.12;

export type { PlaybackState, PlaybackStats } from './playback-state.js';

/** What playback needs from its surroundings. */
export type MsePlaybackOptions = {
  readonly video: HTMLVideoElement;
  /** The broadcaster's clock, as the feed knows it. */
  readonly broadcastNowMs: () => WallMs | undefined;
  /** Called whenever `state` changed. */
  readonly onChange: () => void;
  readonly isMuted?: boolean;
  /** Starts without being asked; true unless given. */
  readonly isAutoplay?: boolean;
  /** Forces sound into the picture's element (`false`) or beside it (`true`); decided by browser unless given. */
  readonly isSoundApart?: boolean;
};

/**
 * One player, from construction to `dispose`.
 *
 * Chromium's audio renderer reads more than 100 ms ahead, stops the picture whenever it runs dry, and then wants twice as
 * much. So there the picture plays alone in the video element, as near to live as frames allow, and the sound follows
 * in an audio element of its own, on the same timeline. Elsewhere one element plays both.
 */
export class MsePlayback {
  readonly #options: MsePlaybackOptions;
  readonly #video: HTMLVideoElement;
  readonly #arrivals = new ArrivalMeter();
  readonly #timeline = new Timeline();
  readonly #frames: FrameMeter;
  readonly #cleanup = new AbortController();
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #createdMs = now();
  #picture: Lane | undefined;
  #sound: Lane | undefined;
  #trackIds: { readonly picture: number; readonly sound: number } | undefined;
  #failure: PlaybackError | undefined;
  #isFollowing = true;
  /** What is kept in hand at least. */
  #meshFloorMs = 0;
  #isPaused: boolean;
  #isMuted: boolean;
  #volume = 1;
  #isMutedByBrowser = false;
  #isBlocked = false;
  #hasSound = false;
  #isBreak = true;
  #resyncedAtMs = monoMs(0);
  #epoch: number | undefined;

  constructor(options: MsePlaybackOptions) {
    this.#options = options;
    this.#video = options.video;
    this.#isMuted = options.isMuted ?? false;
    this.#isPaused = options.isAutoplay === false;
    this.#frames = new FrameMeter(options.video, {
      captureMsAt: (playerS) => this.#timeline.captureMsAt(playerS),
      broadcastNowMs: options.broadcastNowMs,
    });
    const { signal } = this.#cleanup;
    document.addEventListener('visibilitychange', () => this.#noteVisibility(), { signal });
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  /** How playback stands now. */
  get state(): PlaybackState {
    return {
      phase: this.#phase,
      failure: this.#failure,
      isFollowing: this.#isFollowing,
      isMuted: this.#isMuted,
      volume: this.#volume,
      isMutedByBrowser: this.#isMutedByBrowser,
      hasSound: this.#hasSound,
    };
  }

  /** Takes what the feed reports; only formats, chunks and the end concern playback. */
  handleFeedEvent(event: FeedEvent): void {
    if (this.#cleanup.signal.aborted || this.#failure !== undefined) return;
    if (event.kind === 'format') this.#takeFormat(event.epoch, event.rendition);
    else if (event.kind === 'chunk') this.#takeChunk(event.chunk);
    else if (event.kind === 'mesh') this.#meshFloorMs = event.stripesFromPeers > 0 ? MESH_BUFFER_MS : 0;
    else if (event.kind === 'status' && event.status.kind === 'ended') {
      this.#picture?.end();
      this.#sound?.end();
    }
  }

  /** Starts or continues. After a long pause it stays where it was, until `goLive`. */
  play(): void {
    const isNear = this.readStats().behindLiveMs < STILL_LIVE_MS;
    if (!this.#isFollowing && !isNear) {
      this.#isPaused = false;
      this.#startPlaying();
      this.#options.onChange();
      return;
    }
    this.goLive();
  }

  /** Pauses where it is; what arrives meanwhile is kept as far as there is room. */
  pause(): void {
    this.#isPaused = true;
    this.#isFollowing = false;
    this.#tick();
    this.#video.pause();
    this.#sound?.element.pause();
    this.#options.onChange();
  }

  /** Goes to the live edge and follows it, playing. */
  goLive(): void {
    this.#isFollowing = true;
    this.#isPaused = false;
    this.#picture?.requestLive();
    this.#sound?.requestLive();
    this.#startPlaying();
    this.#tick();
    this.#options.onChange();
  }

  /** Turns the sound off or on; call it from a person's tap or key, or the browser may refuse. */
  setMuted(isMuted: boolean): void {
    this.#isMuted = isMuted;
    this.#isMutedByBrowser = false;
    this.#applySound();
    // Chromium lets no audio element start by itself, not even a silent one: it has waited until now.
    if (!isMuted && this.#isFollowing && this.#sound?.element.paused === true) this.#sound.requestLive();
    if (!this.#isPaused) this.#startPlaying();
    this.#options.onChange();
  }

  /** Sets the volume, from 0 to 1. */
  setVolume(volume: number): void {
    this.#volume = Math.min(1, Math.max(0, volume));
    this.#applySound();
    this.#options.onChange();
  }

  /** Playback's figures now. */
  readStats(): PlaybackStats {
    const nowMs = now();
    const firstFrameMs = this.#frames.firstFrameMs;
    const endS = this.#picture?.ranges.at(-1)?.endS;
    const counts = this.#picture?.counts;
    return {
      latencyP50Ms: this.#frames.latencyMs(nowMs, 0.5),
      latencyP99Ms: this.#frames.latencyMs(nowMs, 0.99),
      bufferMs: this.#picture?.decision.bufferMs ?? 0,
      targetMs: this.#picture?.decision.targetMs ?? 0,
      jitterMs: this.#arrivals.jitterMs,
      rate: this.#video.playbackRate,
      behindLiveMs: endS === undefined ? 0 : Math.max(0, (endS - this.#video.currentTime) * 1000),
      soundLagMs: this.#soundLagMs,
      soundStallCount: this.#sound?.counts.stalls ?? 0,
      width: this.#video.videoWidth,
      height: this.#video.videoHeight,
      framesPerSecond: this.#frames.framesPerSecond(nowMs),
      framesDropped: this.#video.getVideoPlaybackQuality?.().droppedVideoFrames ?? 0,
      stallCount: counts?.stalls ?? 0,
      jumpCount: counts?.jumps ?? 0,
      rebuildCount: (counts?.rebuilds ?? 0) + (this.#sound?.counts.rebuilds ?? 0),
      chunksDropped: this.#timeline.droppedCount + (counts?.dropped ?? 0),
      epoch: this.#epoch,
      firstFrameMs: firstFrameMs === undefined ? undefined : firstFrameMs - this.#createdMs,
    };
  }

  /** Ends playback and releases the video element. Idempotent. */
  dispose(): void {
    if (this.#cleanup.signal.aborted) return;
    this.#cleanup.abort();
    clearInterval(this.#timer);
    this.#frames.stop();
    this.#picture?.close();
    this.#sound?.close();
  }

  get #phase(): PlaybackState['phase'] {
    if (this.#failure !== undefined) return 'failed';
    if (this.#timeline.endS === undefined) return 'idle';
    if (this.#isPaused) return 'paused';
    if (this.#isBlocked) return 'blocked';
    const isMoving = this.#video.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA && !this.#video.paused;
    return isMoving && this.#picture?.isStalled !== true ? 'playing' : 'buffering';
  }

  get #soundLagMs(): number | undefined {
    const sound = this.#sound?.element;
    if (sound === undefined || sound.paused || sound.readyState < HTMLMediaElement.HAVE_CURRENT_DATA)
      return undefined;
    return (this.#video.currentTime - sound.currentTime) * 1000;
  }

  #takeFormat(epoch: number, rendition: Rendition): void {
    const support = findMediaSource();
    if (support === undefined) {
      this.#fail(new PlaybackError('no-media-source', NO_MEDIA_SOURCE));
      return;
    }
    this.#epoch = epoch;
    this.#isBreak = true;
    this.#timeline.setFormat({ epoch, renditionId: rendition.id });
    const isApart = this.#options.isSoundApart ?? playsSoundApart(support);
    const split = isApart ? splitRendition(rendition) : undefined;
    this.#trackIds =
      split === undefined ? undefined : { picture: split.picture.trackId, sound: split.sound.trackId };
    this.#hasSound = split !== undefined || /mp4a|opus|ac-3|ec-3|flac/i.test(rendition.mimeType);
    this.#picture ??= this.#openLane(this.#video, support, (error) => this.#fail(error));
    if (split === undefined) {
      this.#sound?.close();
      this.#sound = undefined;
      this.#picture.pushFormat(rendition, this.#hasSound);
    } else {
      // A broken sound leaves the picture alone.
      this.#sound ??= this.#openLane(document.createElement('audio'), support, () => {
        this.#sound = undefined;
        this.#hasSound = false;
        this.#options.onChange();
      });
      this.#picture.pushFormat(split.picture.format, false);
      this.#sound.pushFormat(split.sound.format, true);
    }
    this.#applySound();
    const isAtRest = this.#video.paused || this.#sound?.element.paused === true;
    if (isAtRest && !this.#isPaused) this.#startPlaying();
  }

  #openLane(
    element: HTMLMediaElement,
    support: NonNullable<ReturnType<typeof findMediaSource>>,
    onFailed: (error: PlaybackError) => void,
  ): Lane {
    return new Lane({
      element,
      support,
      arrivals: this.#arrivals,
      onChange: this.#options.onChange,
      onWantsPlay: () => {
        if (!this.#isPaused) this.#startPlaying();
      },
      onFailed,
    });
  }

  #takeChunk(chunk: MediaChunk): void {
    const nowMs = now();
    const dropped = this.#timeline.droppedCount;
    const offsetS = this.#timeline.place(chunk);
    this.#isBreak ||= this.#timeline.droppedCount > dropped;
    if (offsetS === undefined) return;
    if (this.#isBreak) this.#arrivals.restart();
    this.#isBreak = false;
    this.#arrivals.note(nowMs, chunk);
    const durationMs = chunk.durationUs / 1000;
    const { isKeyframe } = chunk;
    const ids = this.#trackIds;
    const picture = ids === undefined ? [chunk.bytes] : splitChunk(chunk.bytes, ids.picture);
    if (picture.length > 0)
      this.#picture?.pushMedia({ parts: picture, isKeyframe, offsetS }, nowMs, durationMs);
    const sound = ids === undefined ? [] : splitChunk(chunk.bytes, ids.sound);
    // Sound can start anywhere.
    if (sound.length > 0)
      this.#sound?.pushMedia({ parts: sound, isKeyframe: true, offsetS }, nowMs, durationMs);
  }

  #tick(): void {
    const control = { isPaused: this.#isPaused, isFollowing: this.#isFollowing };
    const sound = this.#sound;
    const isSounding = sound !== undefined && !sound.element.paused;
    sound?.tick({ ...control, isPaused: this.#isPaused || !isSounding, targetFloorMs: this.#meshFloorMs });
    const isHeard = isSounding && !this.#isMuted;
    const floorMs = isHeard ? sound.decision.targetMs - SOUND_LAG_MS_MAX : 0;
    this.#picture?.tick({ ...control, targetFloorMs: Math.max(floorMs, this.#meshFloorMs) });
    if (sound !== undefined && !this.#isPaused) this.#keepTogether(sound);
  }

  #keepTogether(sound: Lane): void {
    const lagMs = this.#soundLagMs;
    if (lagMs === undefined || this.#video.seeking || sound.element.seeking) return;
    if (!this.#isFollowing) {
      if (Math.abs(lagMs) > RESYNC_S * 1000) sound.seekTo(this.#video.currentTime);
      return;
    }
    // It may catch up by a jump only where enough is buffered to sound again at once.
    const hasEnough = sound.decision.bufferMs > START_MS.withAudio + SOUND_LAG_MS_MAX;
    const nowMs = now();
    if (lagMs < SOUND_LAG_JUMP_MS || !hasEnough || nowMs - this.#resyncedAtMs < RESYNC_PAUSE_MS) return;
    this.#resyncedAtMs = nowMs;
    sound.requestLive();
  }

  #startPlaying(): void {
    if (this.#picture === undefined) return;
    this.#start(this.#video, () => {
      if (this.#video.muted) {
        this.#isBlocked = true;
        return;
      }
      this.#muteForBrowser();
      this.#startPlaying();
    });
    this.#startSound();
  }

  #startSound(): void {
    const sound = this.#sound?.element;
    if (sound === undefined) return;
    this.#start(sound, () => {
      if (sound.muted) return;
      this.#muteForBrowser();
      this.#startSound();
    });
  }

  #start(element: HTMLMediaElement, onRefused: () => void): void {
    void startElement(element).then((result) => {
      if (this.#cleanup.signal.aborted || this.#isPaused || result === 'interrupted') return;
      if (result === 'refused') onRefused();
      else if (element === this.#video) this.#isBlocked = false;
      this.#options.onChange();
    });
  }

  #muteForBrowser(): void {
    this.#isMuted = true;
    this.#isMutedByBrowser = true;
    this.#applySound();
  }

  #applySound(): void {
    // A picture whose sound plays apart is silent, and a silent video may always start.
    this.#video.muted = this.#isMuted || this.#sound !== undefined;
    this.#video.volume = this.#volume;
    if (this.#sound === undefined) return;
    this.#sound.element.muted = this.#isMuted;
    this.#sound.element.volume = this.#volume;
  }

  #noteVisibility(): void {
    if (document.hidden || this.#isPaused) return;
    if (this.#isFollowing) this.goLive();
    else this.#startPlaying();
  }

  #fail(error: PlaybackError): void {
    this.#failure = error;
    this.#sound?.close();
    this.#sound = undefined;
    this.#options.onChange();
  }
}

const NO_MEDIA_SOURCE =
  'This browser cannot play live video in a page. Update it, or open the link in Chrome, Edge, Firefox or Safari.';

const now = (): MonoMs => monoMs(performance.now());
