/** Cuts one rendition's frames, with the sound beside them, into chunks. */

import { Cmaf } from '@freshet/proto';
import {
  AUDIO_TRACK,
  type CutChunk,
  PENDING_BYTES_MAX,
  type PlacedSound,
  VIDEO_TIMESCALE,
  VIDEO_TRACK,
  type VideoPacket,
} from './cut-chunk.js';

/** A run of one rendition. */
export type PictureCutterOptions = {
  /** ffmpeg's time at which the run begins, the same for all renditions. */
  readonly startMs: number;
  /** Picture per chunk. */
  readonly chunkMs: number;
  /** As the encoding announces it; 0 when it does not. */
  readonly frameRateMilli: number;
  /** Length of a frame of sound in ticks of its sample rate; 0 without sound. */
  readonly soundFrameTicks: number;
  /** Gets each chunk as it is cut. */
  readonly onChunk: (chunk: CutChunk) => void;
};

type TimedFrame = { readonly packet: VideoPacket; readonly dtsMs: number };
type Span = { readonly startMs: number; readonly lengthMs: number };

/** Sound is sent by itself when no frame has come for this long. */
const AUDIO_ALONE_MS = 500;

/** Frames over which the estimate of a frame's length forgets. */
const FRAME_SMOOTHING = 8;

const TICKS_PER_MS = VIDEO_TIMESCALE / 1000;

/**
 * A chunk ends with a frame as soon as it holds `chunkMs` of picture, with whatever sound is there; a frame never
 * waits for its sound. A keyframe always starts a chunk.
 */
export class PictureCutter {
  readonly #options: PictureCutterOptions;
  #lastVideoMs: number;
  #frameMs: number;
  #sequence = 0;
  #frames: TimedFrame[] = [];
  #sound: PlacedSound[] = [];
  #pendingBytes = 0;

  constructor(options: PictureCutterOptions) {
    this.#options = options;
    this.#lastVideoMs = options.startMs;
    const { frameRateMilli } = options;
    const isRateKnown = frameRateMilli >= 5_000 && frameRateMilli <= 120_000;
    this.#frameMs = isRateKnown ? 1_000_000 / frameRateMilli : 1000 / 30;
  }

  /** ffmpeg's time of the newest frame. */
  get lastVideoMs(): number {
    return this.#lastVideoMs;
  }

  /** Takes the next frame. */
  addFrame(packet: VideoPacket): void {
    if (packet.isKeyframe && this.#frames.length > 0) this.cut();
    const isFirst = this.#sequence === 0 && this.#frames.length === 0;
    const stepMs = packet.dtsMs - this.#lastVideoMs;
    // Decode times must rise, whatever the source says.
    const dtsMs = isFirst ? packet.dtsMs : this.#lastVideoMs + Math.max(stepMs, 1);
    if (!isFirst && stepMs > 0) this.#frameMs += (Math.min(stepMs, 1000) - this.#frameMs) / FRAME_SMOOTHING;
    this.#lastVideoMs = dtsMs;
    this.#frames.push({ packet, dtsMs });
    this.#pendingBytes += packet.bytes.length;
    const firstMs = this.#frames[0]?.dtsMs ?? dtsMs;
    const pictureMs = dtsMs - firstMs + this.#frameMs;
    // Half a frame of tolerance: 33 ms asked for is met by 33.3 ms, and by the 25 ms of 40 frames per second.
    const isFull = pictureMs + this.#frameMs / 2 >= this.#options.chunkMs;
    if (isFull || this.#pendingBytes > PENDING_BYTES_MAX) this.cut();
  }

  /** Takes the next frame of sound. */
  addSound(sound: PlacedSound): void {
    this.#sound.push(sound);
    this.#pendingBytes += sound.bytes.length;
    const firstMs = this.#sound[0]?.ms ?? sound.ms;
    const isLong = this.#frames.length === 0 && sound.ms - firstMs >= AUDIO_ALONE_MS;
    if (isLong || this.#pendingBytes > PENDING_BYTES_MAX) this.cut();
  }

  /** Ends the chunk that is being filled, if there is anything in it. */
  cut(): void {
    const { startMs, soundFrameTicks, onChunk } = this.#options;
    const frames = this.#frames;
    const sound = this.#sound;
    this.#frames = [];
    this.#sound = [];
    this.#pendingBytes = 0;
    if (frames.length === 0 && sound.length === 0) return;
    if (this.#sequence === 0 && frames.length === 0) return;
    const tracks: Cmaf.TrackToWrite[] = [];
    const firstFrame = frames[0];
    if (firstFrame !== undefined) {
      tracks.push({
        trackId: VIDEO_TRACK,
        baseMediaDecodeTime: (firstFrame.dtsMs - startMs) * TICKS_PER_MS,
        samples: videoSamples(frames, this.#frameMs),
      });
    }
    const firstSound = sound[0];
    if (firstSound !== undefined) {
      tracks.push({
        trackId: AUDIO_TRACK,
        baseMediaDecodeTime: firstSound.ticks,
        samples: audioSamples(sound, soundFrameTicks),
      });
    }
    this.#sequence += 1;
    const span = firstFrame === undefined ? soundSpan(sound) : this.#pictureSpan(frames);
    onChunk({
      bytes: Cmaf.writeFragment(this.#sequence, tracks),
      isKeyframe: firstFrame?.packet.isKeyframe ?? false,
      mediaTimeUs: Math.max(0, Math.round(span.startMs * 1000)),
      durationUs: Math.max(0, Math.round(span.lengthMs * 1000)),
    });
  }

  #pictureSpan(frames: readonly TimedFrame[]): Span {
    const first = frames[0];
    const last = frames.at(-1);
    if (first === undefined || last === undefined) return { startMs: 0, lengthMs: 0 };
    return {
      startMs: first.dtsMs - this.#options.startMs + first.packet.compositionMs,
      lengthMs: last.dtsMs - first.dtsMs + this.#frameMs,
    };
  }
}

/** A frame lasts until the next; how long the last one does is only known later, so it is estimated. */
function videoSamples(frames: readonly TimedFrame[], frameMs: number): Cmaf.SampleToWrite[] {
  return frames.map((frame, index) => {
    const next = frames[index + 1];
    const durationMs = next === undefined ? frameMs : next.dtsMs - frame.dtsMs;
    return {
      bytes: frame.packet.bytes,
      duration: Math.max(1, Math.round(durationMs * TICKS_PER_MS)),
      compositionOffset: frame.packet.compositionMs * TICKS_PER_MS,
      isSync: frame.packet.isKeyframe,
    };
  });
}

/** Frames of sound to write, each until the next; the last has `frameTicks`. */
export function audioSamples(sound: readonly PlacedSound[], frameTicks: number): Cmaf.SampleToWrite[] {
  return sound.map((frame, index) => ({
    bytes: frame.bytes,
    duration: (sound[index + 1]?.ticks ?? frame.ticks + frameTicks) - frame.ticks,
    compositionOffset: 0,
    isSync: true,
  }));
}

function soundSpan(sound: readonly PlacedSound[]): Span {
  const startMs = sound[0]?.ms ?? 0;
  return { startMs, lengthMs: (sound.at(-1)?.ms ?? startMs) - startMs };
}
