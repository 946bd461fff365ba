/** Turns ffmpeg's FLV outputs, one a rendition, into initialisation segments and CMAF chunks. */

import { Cmaf } from '@freshet/proto';
import type { AudioPacket, CutChunk, VideoPacket } from './cut-chunk.js';
import { type FlvPacket, FlvReader } from './flv-reader.js';
import { PictureCutter } from './picture-cutter.js';
import { pictureFormat, type RunFormat, soundFormat } from './run-format.js';
import { SoundCutter } from './sound-cutter.js';
import { TrackClock } from './track-clock.js';

/** What the chunker has to say; a `format` starts a run, whose first chunk is a keyframe near time 0. */
export type ChunkerEvent =
  /** `format` is that of the first output; `formats` has all of them in order, the sound alone last. */
  | { readonly kind: 'format'; readonly format: RunFormat; readonly formats: readonly RunFormat[] }
  /** `rendition` is the place in `formats`. */
  | { readonly kind: 'chunk'; readonly chunk: CutChunk; readonly rendition: number };

/** What `push` gives back; a failure is final. */
export type ChunkerResult =
  | { readonly ok: true; readonly events: readonly ChunkerEvent[] }
  | { readonly ok: false; readonly reason: 'malformed' | 'codec' };

/** More than one rendition of the same media. */
export type ChunkerLadder = {
  /** Outputs of ffmpeg, the first with the sound, the others without. */
  readonly outputCount: number;
  /** The sound is a rendition by itself, too. */
  readonly hasSoundRendition: boolean;
};

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

/** Frames of an output kept back until the run can begin; overflow drops them all, and a later keyframe begins it. */
const WAITING_PACKETS_MAX = 1_024;

/** Small steps back are an encoder's jitter, larger ones a new timeline. */
const JITTER_MS = 100;

/** One output of ffmpeg. */
type Lane = {
  readonly index: number;
  readonly reader: FlvReader;
  videoConfig: Uint8Array | undefined;
  /** What came since the run before, from a keyframe on. */
  waiting: (VideoPacket | AudioPacket)[];
  /** Cuts the run that this output is in; `undefined` while it waits for the next. */
  cutter: PictureCutter | undefined;
};

/** What all renditions of a run share. */
type Run = { readonly startMs: number; readonly audioClock: TrackClock | undefined };

/**
 * Pure and synchronous: bytes go in, events come out.
 *
 * All renditions of a run begin at the same keyframe and count time from it, and they have the very same sound: a
 * player can go from one to another at any keyframe. Where one of them breaks off (a jump in time, another encoding),
 * all do, each at the same place of its own output.
 */
export class Chunker {
  readonly #chunkMs: number;
  readonly #hasSoundRendition: boolean;
  readonly #soundLeadMs: number;
  readonly #lanes: readonly Lane[];
  #events: ChunkerEvent[] = [];
  #audioConfig: Uint8Array | undefined;
  #isAudioGivenUp = false;
  #run: Run | undefined;
  #sound: SoundCutter | undefined;

  /**
   * `chunkMs` of picture per chunk, clamped to 1 frame at least and `CHUNK_MS_MAX` at most. The sound's times are taken
   * back by `soundLeadMs`.
   */
  constructor(
    chunkMs: number = CHUNK_MS_DEFAULT,
    ladder: ChunkerLadder = { outputCount: 1, hasSoundRendition: false },
    soundLeadMs: number = 0,
  ) {
    this.#soundLeadMs = soundLeadMs;
    this.#chunkMs = Math.min(Math.max(chunkMs, 1), CHUNK_MS_MAX);
    this.#hasSoundRendition = ladder.hasSoundRendition;
    this.#lanes = Array.from({ length: ladder.outputCount }, (_, index) => ({
      index,
      reader: new FlvReader(),
      videoConfig: undefined,
      waiting: [],
      cutter: undefined,
    }));
  }

  /** Takes the next bytes of one of ffmpeg's outputs. Never throws. */
  push(bytes: Uint8Array, output: number = 0): ChunkerResult {
    const lane = this.#lanes[output];
    if (lane === undefined) return { ok: true, events: [] };
    const result = lane.reader.push(bytes);
    if (!result.ok) return result;
    for (const packet of result.packets) this.#take(lane, this.#inStep(packet));
    return { ok: true, events: this.#drain() };
  }

  /** The stream is over: the chunks that were being filled. */
  finish(): readonly ChunkerEvent[] {
    for (const lane of this.#lanes) lane.cutter?.cut();
    this.#sound?.cut();
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

  #take(lane: Lane, packet: FlvPacket): void {
    switch (packet.kind) {
      case 'video-config':
        if (!isSame(lane.videoConfig, packet.config)) this.#endLane(lane);
        lane.videoConfig = packet.config;
        return;
      case 'audio-config':
        if (lane.index !== 0) return;
        if (!isSame(this.#audioConfig, packet.config)) for (const each of this.#lanes) this.#endLane(each);
        this.#audioConfig = packet.config;
        return;
      case 'video':
        this.#takeVideo(lane, packet);
        return;
      case 'audio':
        if (lane.index === 0) this.#takeAudio(lane, packet);
        return;
    }
  }

  #takeVideo(lane: Lane, packet: VideoPacket): void {
    if (lane.cutter !== undefined) {
      const stepMs = packet.dtsMs - lane.cutter.lastVideoMs;
      const isSteady = stepMs >= -JITTER_MS && stepMs <= TIME_STEP_MS_MAX;
      if (isSteady && !this.#isBrokenOffAt(packet)) {
        this.#addFrame(lane, lane.cutter, packet);
        return;
      }
      this.#endLane(lane);
    }
    if (lane.waiting.length === 0 && !packet.isKeyframe) return;
    lane.waiting.push(packet);
    if (lane.waiting.length > WAITING_PACKETS_MAX) lane.waiting = [];
    this.#tryStart();
  }

  #addFrame(lane: Lane, cutter: PictureCutter, packet: VideoPacket): void {
    if (lane.index === 0 && packet.isKeyframe && this.#run) {
      this.#sound?.beginGroup(packet.dtsMs + packet.compositionMs - this.#run.startMs);
    }
    cutter.addFrame(packet);
  }

  /** Another output has begun anew at this keyframe's time. */
  #isBrokenOffAt(packet: VideoPacket): boolean {
    if (!packet.isKeyframe) return false;
    return this.#lanes.some((other) => {
      const beginMs = other.waiting[0]?.dtsMs;
      if (other.cutter !== undefined || beginMs === undefined) return false;
      return packet.dtsMs >= beginMs - JITTER_MS && packet.dtsMs <= beginMs + TIME_STEP_MS_MAX;
    });
  }

  #takeAudio(lane: Lane, packet: AudioPacket): void {
    const run = this.#run;
    if (run === undefined || lane.cutter === undefined) {
      if (lane.waiting.length > 0) lane.waiting.push(packet);
      return;
    }
    if (run.audioClock === undefined || packet.dtsMs < run.startMs) return;
    if (Math.abs(packet.dtsMs - lane.cutter.lastVideoMs) > AUDIO_DISTANCE_MS_MAX) return;
    const ms = packet.dtsMs - run.startMs;
    const ticks = run.audioClock.place(ms);
    if (ticks === undefined) return;
    const sound = { bytes: packet.bytes, ticks, ms };
    for (const { cutter } of this.#lanes) cutter?.addSound(sound);
    this.#sound?.addSound(sound);
  }

  /** Starts a run once it is known what the stream consists of, and all outputs have come to its first keyframe. */
  #tryStart(): void {
    if (this.#lanes.some(({ cutter }) => cutter !== undefined) || !this.#alignWaiting()) return;
    const [{ waiting, reader } = { waiting: [], reader: undefined }] = this.#lanes;
    const first = waiting.find((packet) => packet.kind === 'video');
    if (first === undefined) return;
    const last = waiting.at(-1) ?? first;
    const isAudioMissing = reader?.hasAudio === true && this.#audioConfig === undefined;
    if (isAudioMissing && !this.#isAudioGivenUp) {
      if (Math.abs(last.dtsMs - first.dtsMs) < AUDIO_WAIT_MS_MAX) return;
      this.#isAudioGivenUp = true;
    }
    const held = this.#lanes.map((lane) => lane.waiting);
    for (const lane of this.#lanes) lane.waiting = [];
    if (!this.#startRun(first.dtsMs)) return;
    for (const lane of this.#lanes) for (const packet of held[lane.index] ?? []) this.#take(lane, packet);
  }

  /** Lets go of what comes before the first keyframe that all outputs have; false while there is none. */
  #alignWaiting(): boolean {
    const starts = this.#lanes.map(({ waiting }) => waiting[0]?.dtsMs);
    if (starts.includes(undefined)) return false;
    const latestMs = Math.max(...starts.filter((ms) => ms !== undefined));
    for (const lane of this.#lanes) {
      const isReached = (packet: VideoPacket | AudioPacket): boolean =>
        packet.kind === 'video' && packet.isKeyframe && packet.dtsMs > latestMs - JITTER_MS;
      const index = lane.waiting.findIndex(isReached);
      lane.waiting = index < 0 ? [] : lane.waiting.slice(index);
    }
    return this.#lanes.every(({ waiting }) => waiting.length > 0);
  }

  #startRun(startMs: number): boolean {
    const audioConfig = this.#audioConfig;
    const audio = audioConfig && Cmaf.parseAacConfig(audioConfig);
    const formats: RunFormat[] = [];
    for (const { videoConfig } of this.#lanes) {
      const format = videoConfig && pictureFormat(videoConfig, audioConfig);
      if (!format) return false;
      formats.push(format);
    }
    const audioClock = audio && new TrackClock(audio.sampleRate, audio.frameSamples);
    const soundFrameTicks = audioClock?.frameTicks ?? 0;
    for (const lane of this.#lanes) {
      const frameRateMilli = formats[lane.index]?.frameRateMilli ?? 0;
      const onChunk = (chunk: CutChunk): void => this.#emit(chunk, lane.index);
      const chunkMs = this.#chunkMs;
      lane.cutter = new PictureCutter({ startMs, chunkMs, frameRateMilli, soundFrameTicks, onChunk });
    }
    const sound = this.#hasSoundRendition && audioConfig ? soundFormat(audioConfig) : undefined;
    this.#sound = undefined;
    if (sound && audio) {
      const onChunk = (chunk: CutChunk): void => this.#emit(chunk, this.#lanes.length);
      this.#sound = new SoundCutter({ sampleRate: audio.sampleRate, frameTicks: soundFrameTicks, onChunk });
      formats.push(sound);
    }
    const [format] = formats;
    if (format) this.#events.push({ kind: 'format', format, formats });
    this.#run = { startMs, audioClock };
    return true;
  }

  #endLane(lane: Lane): void {
    lane.cutter?.cut();
    lane.cutter = undefined;
    lane.waiting = [];
    if (lane.index !== 0) return;
    this.#sound?.cut();
    this.#sound = undefined;
  }

  #emit(chunk: CutChunk, rendition: number): void {
    this.#events.push({ kind: 'chunk', chunk, rendition });
  }
}

function isSame(left: Uint8Array | undefined, right: Uint8Array): boolean {
  return left?.length === right.length && left.every((byte, index) => byte === right[index]);
}
