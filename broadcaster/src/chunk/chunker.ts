/** Turns ffmpeg's FLV into an initialisation segment and CMAF chunks. */

import { Cmaf } from '@freshet/proto';
import { type FlvPacket, FlvReader } from './flv-reader.js';
import { TrackClock } from './track-clock.js';

/** One chunk as it was cut; `moof` + `mdat`. */
export type CutChunk = {
  readonly bytes: Uint8Array;
  /** Decoding can begin here. */
  readonly isKeyframe: boolean;
  /** Presentation time of the first frame since the start of the run. */
  readonly mediaTimeUs: number;
  /** Length of the chunk's media. */
  readonly durationUs: number;
};

/** The encoding of a run, as its bytes state it. */
export type RunFormat = {
  /** For `MediaSource.isTypeSupported`. */
  readonly mimeType: string;
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** Frames per 1,000 seconds as announced; 0 when unknown. */
  readonly frameRateMilli: number;
  /** There is a sound track. */
  readonly hasAudio: boolean;
  /** `ftyp` + `moov`. */
  readonly initSegment: Uint8Array;
};

/** What the chunker has to say; a `format` starts a run, whose first chunk is a keyframe near time 0. */
export type ChunkerEvent =
  | { readonly kind: 'format'; readonly format: RunFormat }
  | { readonly kind: 'chunk'; readonly chunk: CutChunk };

/** What `push` gives back; a failure is final. */
export type ChunkerResult =
  | { readonly ok: true; readonly events: readonly ChunkerEvent[] }
  | { readonly ok: false; readonly reason: 'malformed' | 'codec' };

/**
 * Media per chunk. One frame at 30 per second: measured from a frame's creation to its chunk, 4 ms at p50, against
 * 37 ms with two frames per chunk and 71 ms with three, as the first frame waits for the last.
 */
export const CHUNK_MS_DEFAULT = 33;

/** Longest chunk that may be asked for. */
export const CHUNK_MS_MAX = 100;

/** A step in the video's time beyond this, or backward, starts a new run: nobody can play across it. */
export const TIME_STEP_MS_MAX = 5_000;

/** Sound further than this from the picture belongs to another timeline and is left out. */
export const AUDIO_DISTANCE_MS_MAX = 5_000;

/** Announced sound that has not come by then is given up: the run goes on with the picture alone. */
export const AUDIO_WAIT_MS_MAX = 2_000;

/** Sound is sent by itself when no frame has come for this long. */
const AUDIO_ALONE_MS = 500;

/** Bytes that may wait for a chunk to be full; more end the chunk at once. */
const PENDING_BYTES_MAX = 16 * 1024 * 1024;

/** Frames kept back while the sound's configuration is awaited; the oldest go first. */
const WAITING_PACKETS_MAX = 1_024;

/** Small steps back are an encoder's jitter, larger ones a new timeline. */
const JITTER_MS = 100;

const VIDEO_TRACK = 1;
const AUDIO_TRACK = 2;
const VIDEO_TIMESCALE = 90_000;
const TICKS_PER_MS = VIDEO_TIMESCALE / 1000;

type VideoPacket = Extract<FlvPacket, { kind: 'video' }>;
type AudioPacket = Extract<FlvPacket, { kind: 'audio' }>;
type TimedFrame = { readonly packet: VideoPacket; readonly dtsMs: number };
type TimedSound = { readonly bytes: Uint8Array; readonly ticks: number; readonly ms: number };

type Run = {
  readonly startMs: number;
  readonly audioClock: TrackClock | undefined;
  lastVideoMs: number;
  frameMs: number;
};

/**
 * Pure and synchronous: bytes go in, events come out.
 *
 * A chunk ends with a frame as soon as it holds `chunkMs` of picture, with whatever sound is there; a frame never
 * waits for its sound. A keyframe always starts a chunk.
 */
export class Chunker {
  readonly #reader = new FlvReader();
  readonly #chunkMs: number;
  readonly #soundLeadMs: number;
  #events: ChunkerEvent[] = [];
  #videoConfig: Uint8Array | undefined;
  #audioConfig: Uint8Array | undefined;
  #run: Run | undefined;
  #waiting: (VideoPacket | AudioPacket)[] = [];
  #isAudioGivenUp = false;
  #sequence = 0;
  #frames: TimedFrame[] = [];
  #sound: TimedSound[] = [];
  #pendingBytes = 0;

  /**
   * `chunkMs` of picture per chunk, clamped to 1 frame at least and `CHUNK_MS_MAX` at most. The sound's times are taken
   * back by `soundLeadMs`.
   */
  constructor(chunkMs: number = CHUNK_MS_DEFAULT, soundLeadMs: number = 0) {
    this.#soundLeadMs = soundLeadMs;
    this.#chunkMs = Math.min(Math.max(chunkMs, 1), CHUNK_MS_MAX);
  }

  /** Takes ffmpeg's next bytes. Never throws. */
  push(bytes: Uint8Array): ChunkerResult {
    const result = this.#reader.push(bytes);
    if (!result.ok) return result;
    for (const packet of result.packets) this.#take(this.#inStep(packet));
    return { ok: true, events: this.#drain() };
  }

  /** The stream is over: the chunk that was being filled. */
  finish(): readonly ChunkerEvent[] {
    this.#cut();
    return this.#drain();
  }

  #drain(): readonly ChunkerEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  #inStep(packet: FlvPacket): FlvPacket {
    if (packet.kind !== 'audio' || this.#soundLeadMs === 0) return packet;
    return { ...packet, dtsMs: packet.dtsMs - this.#soundLeadMs };
  }

  #take(packet: FlvPacket): void {
    switch (packet.kind) {
      case 'video-config':
        if (!isSame(this.#videoConfig, packet.config)) this.#endRun();
        this.#videoConfig = packet.config;
        return;
      case 'audio-config':
        if (!isSame(this.#audioConfig, packet.config)) this.#endRun();
        this.#audioConfig = packet.config;
        return;
      case 'video':
        this.#takeVideo(packet);
        return;
      case 'audio':
        this.#takeAudio(packet);
        return;
    }
  }

  #takeVideo(packet: VideoPacket): void {
    const run = this.#run;
    if (run !== undefined) {
      const stepMs = packet.dtsMs - run.lastVideoMs;
      if (stepMs >= -JITTER_MS && stepMs <= TIME_STEP_MS_MAX) {
        this.#addFrame(run, packet, stepMs);
        return;
      }
      this.#endRun();
    }
    if (this.#waiting.length === 0 && !packet.isKeyframe) return;
    this.#waiting.push(packet);
    if (this.#waiting.length > WAITING_PACKETS_MAX) this.#waiting = [];
    this.#tryStart();
  }

  #takeAudio(packet: AudioPacket): void {
    const run = this.#run;
    if (run === undefined) {
      if (this.#waiting.length > 0) this.#waiting.push(packet);
      return;
    }
    if (run.audioClock === undefined || packet.dtsMs < run.startMs) return;
    const lastVideoMs = run.lastVideoMs;
    if (Math.abs(packet.dtsMs - lastVideoMs) > AUDIO_DISTANCE_MS_MAX) return;
    const ms = packet.dtsMs - run.startMs;
    const ticks = run.audioClock.place(ms);
    if (ticks === undefined) return;
    this.#sound.push({ bytes: packet.bytes, ticks, ms });
    this.#pendingBytes += packet.bytes.length;
    const firstMs = this.#sound[0]?.ms ?? ms;
    const isLong = this.#frames.length === 0 && ms - firstMs >= AUDIO_ALONE_MS;
    if (isLong || this.#pendingBytes > PENDING_BYTES_MAX) this.#cut();
  }

  /** Starts a run once it is known what the stream consists of. */
  #tryStart(): void {
    const first = this.#waiting.find((packet) => packet.kind === 'video');
    if (first === undefined || this.#videoConfig === undefined) return;
    const last = this.#waiting.at(-1) ?? first;
    const isAudioMissing = this.#reader.hasAudio === true && this.#audioConfig === undefined;
    if (isAudioMissing && !this.#isAudioGivenUp) {
      if (Math.abs(last.dtsMs - first.dtsMs) < AUDIO_WAIT_MS_MAX) return;
      this.#isAudioGivenUp = true;
    }
    const waiting = this.#waiting;
    this.#waiting = [];
    if (!this.#startRun(this.#videoConfig, first.dtsMs)) return;
    for (const packet of waiting) this.#take(packet);
  }

  #startRun(videoConfig: Uint8Array, startMs: number): boolean {
    const video = Cmaf.parseAvcConfig(videoConfig, 0, videoConfig.length);
    if (video?.picture === undefined) return false;
    const { width, height, frameRateMilli } = video.picture;
    const audioConfig = this.#audioConfig;
    const audio = audioConfig && Cmaf.parseAacConfig(audioConfig);
    const initSegment = Cmaf.writeInit([
      { kind: 'video', id: VIDEO_TRACK, timescale: VIDEO_TIMESCALE, width, height, avcConfig: videoConfig },
      ...(audioConfig && audio
        ? [
            {
              kind: 'audio' as const,
              id: AUDIO_TRACK,
              timescale: audio.sampleRate,
              channels: audio.channels || 2,
              aacConfig: audioConfig,
            },
          ]
        : []),
    ]);
    const codecs = [video.codec, ...(audio ? [audio.codec] : [])].join(',');
    const mimeType = `video/mp4; codecs="${codecs}"`;
    const hasAudio = audio !== undefined;
    this.#events.push({
      kind: 'format',
      format: { mimeType, width, height, frameRateMilli, hasAudio, initSegment },
    });
    const isRateKnown = frameRateMilli >= 5_000 && frameRateMilli <= 120_000;
    this.#run = {
      startMs,
      audioClock: audio && new TrackClock(audio.sampleRate, audio.frameSamples),
      lastVideoMs: startMs,
      frameMs: isRateKnown ? 1_000_000 / frameRateMilli : 1000 / 30,
    };
    this.#sequence = 0;
    return true;
  }

  #endRun(): void {
    this.#cut();
    this.#run = undefined;
    this.#waiting = [];
    this.#sound = [];
  }

  #addFrame(run: Run, packet: VideoPacket, stepMs: number): void {
    if (packet.isKeyframe && this.#frames.length > 0) this.#cut();
    const isFirst = this.#sequence === 0 && this.#frames.length === 0;
    // Decode times must rise, whatever the source says.
    const dtsMs = isFirst ? packet.dtsMs : run.lastVideoMs + Math.max(stepMs, 1);
    if (!isFirst && stepMs > 0) run.frameMs += (Math.min(stepMs, 1000) - run.frameMs) / FRAME_SMOOTHING;
    run.lastVideoMs = dtsMs;
    this.#frames.push({ packet, dtsMs });
    this.#pendingBytes += packet.bytes.length;
    const firstMs = this.#frames[0]?.dtsMs ?? dtsMs;
    const pictureMs = dtsMs - firstMs + run.frameMs;
    // Half a frame of tolerance: 33 ms asked for is met by 33.3 ms, and by the 25 ms of 40 frames per second.
    const isFull = pictureMs + run.frameMs / 2 >= this.#chunkMs;
    if (isFull || this.#pendingBytes > PENDING_BYTES_MAX) this.#cut();
  }

  #cut(): void {
    const run = this.#run;
    const frames = this.#frames;
    const sound = this.#sound;
    this.#frames = [];
    this.#sound = [];
    this.#pendingBytes = 0;
    if (run === undefined || (frames.length === 0 && sound.length === 0)) return;
    if (this.#sequence === 0 && frames.length === 0) return;
    const tracks: Cmaf.TrackToWrite[] = [];
    const firstFrame = frames[0];
    if (firstFrame !== undefined) {
      tracks.push({
        trackId: VIDEO_TRACK,
        baseMediaDecodeTime: (firstFrame.dtsMs - run.startMs) * TICKS_PER_MS,
        samples: videoSamples(frames, run.frameMs),
      });
    }
    const firstSound = sound[0];
    if (firstSound !== undefined) {
      tracks.push({
        trackId: AUDIO_TRACK,
        baseMediaDecodeTime: firstSound.ticks,
        samples: audioSamples(sound, run.audioClock?.frameTicks ?? 0),
      });
    }
    this.#sequence += 1;
    const span = firstFrame === undefined ? soundSpan(sound) : pictureSpan(frames, run);
    this.#events.push({
      kind: 'chunk',
      chunk: {
        bytes: Cmaf.writeFragment(this.#sequence, tracks),
        isKeyframe: firstFrame?.packet.isKeyframe ?? false,
        mediaTimeUs: Math.max(0, Math.round(span.startMs * 1000)),
        durationUs: Math.max(0, Math.round(span.lengthMs * 1000)),
      },
    });
  }
}

/** Frames over which the estimate of a frame's length forgets. */
const FRAME_SMOOTHING = 8;

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

function audioSamples(sound: readonly TimedSound[], frameTicks: number): Cmaf.SampleToWrite[] {
  return sound.map((frame, index) => ({
    bytes: frame.bytes,
    duration: (sound[index + 1]?.ticks ?? frame.ticks + frameTicks) - frame.ticks,
    compositionOffset: 0,
    isSync: true,
  }));
}

type Span = { readonly startMs: number; readonly lengthMs: number };

function pictureSpan(frames: readonly TimedFrame[], run: Run): Span {
  const first = frames[0];
  const last = frames.at(-1);
  if (first === undefined || last === undefined) return { startMs: 0, lengthMs: 0 };
  return {
    startMs: first.dtsMs - run.startMs + first.packet.compositionMs,
    lengthMs: last.dtsMs - first.dtsMs + run.frameMs,
  };
}

function soundSpan(sound: readonly TimedSound[]): Span {
  const startMs = sound[0]?.ms ?? 0;
  return { startMs, lengthMs: (sound.at(-1)?.ms ?? startMs) - startMs };
}

function isSame(left: Uint8Array | undefined, right: Uint8Array): boolean {
  return left?.length === right.length && left.every((byte, index) => byte === right[index]);
}
