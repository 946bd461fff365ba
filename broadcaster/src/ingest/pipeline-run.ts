/** One run of ffmpeg from a source to chunks. */

import type { Rendition } from '@freshet/proto';
import { Chunker, type ChunkerEvent } from '../chunk/chunker.js';
import type { RunFormat } from '../chunk/run-format.js';
import { AUDIO_KBPS } from '../encode/encode-plan.js';
import type { EncodeRun } from '../encode/encoding.js';
import { type FfmpegExit, FfmpegRun, type FfmpegTotals } from '../encode/ffmpeg-run.js';
import { AUDIO_ID } from '../encode/ladder.js';
import { ProgressMeter } from '../encode/progress-meter.js';
import { SpeedWatch } from '../encode/speed-watch.js';
import type { MediaFormat } from './media-event.js';
import type { PipelineOptions } from './pipeline-options.js';
import type { SourceSession } from './source-session.js';

/** One run. */
export type PipelineRunOptions = PipelineOptions & {
  readonly encode: EncodeRun;
  /** It may be stopped for being too slow. */
  readonly isShrinkable: () => boolean;
};

/** How a run ended. */
export type PipelineRunEnd = FfmpegExit & {
  readonly chunkCount: number;
  /** It was given up because nothing came. */
  readonly isSilent: boolean;
};

/** `run` once. */
export class PipelineRun {
  readonly #session: SourceSession;
  readonly #options: PipelineRunOptions;
  readonly #chunker: Chunker;
  readonly #run: FfmpegRun;
  readonly #progress = new ProgressMeter();
  readonly #watch = new SpeedWatch(performance.now());
  #chunkCount = 0;
  #emittedMs = 0;
  #firstChunkAt: number | undefined;
  #lastOutputAt = performance.now();
  #lastUnread = 0;
  #isSilent = false;
  #isTooSlow = false;
  #codecFailure = '';

  /** Nothing runs before `run`. */
  constructor(session: SourceSession, options: PipelineRunOptions) {
    this.#session = session;
    this.#options = options;
    const { ladder, outputs, deviceOptions } = options.encode;
    const shape = { outputCount: outputs.length, hasSoundRendition: ladder.hasAudio };
    this.#chunker = new Chunker(options.chunkMs, shape, options.soundLeadMs);
    const [first = [], ...others] = outputs;
    this.#run = new FfmpegRun({
      path: options.ffmpeg.path,
      input: options.input,
      inputOptions: [...deviceOptions, ...options.inputOptions],
      soundInput: options.soundInput,
      outputOptions: first,
      onOutput: (bytes) => {
        this.#takeOutput(bytes, 0);
        return this.#waitMs();
      },
      moreOutputs: others.map((outputOptions, index) => ({
        options: outputOptions,
        onOutput: (bytes) => this.#takeOutput(bytes, index + 1),
      })),
      onProgress: (totals) => this.#takeProgress(totals),
    });
  }

  /** Chunks of the best rendition so far. */
  get chunkCount(): number {
    return this.#chunkCount;
  }

  /** Media of the best rendition so far. */
  get playedMs(): number {
    return this.#emittedMs;
  }

  /** It was stopped because encoding fell behind. */
  get isTooSlow(): boolean {
    return this.#isTooSlow;
  }

  /** Resolves when ffmpeg is gone. */
  async run(): Promise<PipelineRunEnd> {
    const watch = this.#watchSilence();
    this.#run.start();
    const exit = await this.#session.during(() => this.#run.stop(), this.#run.exit);
    clearInterval(watch);
    this.#emitAll(this.#chunker.finish());
    const message = this.#codecFailure || exit.message;
    const isClean = exit.isClean && this.#codecFailure === '';
    return { ...exit, isClean, message, chunkCount: this.#chunkCount, isSilent: this.#isSilent };
  }

  #watchSilence(): NodeJS.Timeout | undefined {
    const silenceMsMax = this.#options.silenceMsMax;
    if (silenceMsMax === undefined) return undefined;
    return setInterval(() => {
      if (performance.now() - this.#lastOutputAt < silenceMsMax) return;
      this.#isSilent = true;
      void this.#run.stop();
    }, silenceMsMax / 4);
  }

  #takeOutput(bytes: Uint8Array, output: number): void {
    this.#lastOutputAt = performance.now();
    this.#progress.addBytes(bytes.length);
    const result = this.#chunker.push(bytes, output);
    if (result.ok) return this.#emitAll(result.events);
    if (this.#codecFailure === '') this.#codecFailure = `ffmpeg's output is not usable (${result.reason})`;
    void this.#run.stop();
  }

  #emitAll(events: readonly ChunkerEvent[]): void {
    const { rungs, hasAudio } = this.#options.encode.ladder;
    const isAlone = rungs.length === 1 && !hasAudio;
    for (const event of events) {
      if (event.kind === 'format') {
        this.#session.emit({ kind: 'format', format: mediaFormat(event.formats, this.#options.encode) });
        continue;
      }
      const { chunk, rendition } = event;
      if (rendition === 0) {
        this.#chunkCount += 1;
        this.#emittedMs += chunk.durationUs / 1000;
        this.#firstChunkAt ??= performance.now();
      }
      if (isAlone) this.#session.emit({ kind: 'chunk', chunk });
      else this.#session.emit({ kind: 'chunk', chunk, renditionId: rungs[rendition]?.id ?? AUDIO_ID });
    }
  }

  #waitMs(): number | undefined {
    const { leadMsMax } = this.#options;
    if (leadMsMax === undefined || this.#firstChunkAt === undefined) return undefined;
    const leadMs = this.#emittedMs - (performance.now() - this.#firstChunkAt);
    return leadMs > leadMsMax ? leadMs - leadMsMax : undefined;
  }

  #takeProgress(totals: FfmpegTotals): void {
    const nowMs = performance.now();
    const progress = this.#progress.take(totals, nowMs);
    if (progress === undefined) return;
    const { encode, isLimiting, isShrinkable, readSpeed } = this.#options;
    const measured = this.#withUnread(progress.speed);
    const speed = readSpeed?.(measured) ?? measured;
    const health = {
      ...progress,
      speed,
      droppedFrames: totals.droppedFrames,
      encoder: encode.encoder,
      preset: encode.preset,
      ladder: namesOf(encode),
      shrunk: encode.shrunk,
    };
    const { fps, bitrate } = progress;
    this.#session.emit({ kind: 'progress', speed, fps, bitrate, health });
    const isInputLimiting = isLimiting?.() ?? false;
    const isSlow = this.#watch.take({ nowMs, speed, isInputLimiting });
    if (!isSlow || !isShrinkable() || !this.#options.encoding.canShrink(encode)) return;
    this.#isTooSlow = true;
    void this.#run.stop();
  }

  /** A source that leaves out what ffmpeg does not take keeps it at real time by that: those frames count as missing. */
  #withUnread(speed: number): number {
    const unread = this.#options.unreadFrames?.() ?? 0;
    const news = unread - this.#lastUnread;
    this.#lastUnread = unread;
    const frames = this.#options.plan.frameRateMilli / 1000;
    return news > 0 && frames > 0 ? Math.max(0, speed - news / frames) : speed;
  }
}

function namesOf({ ladder }: EncodeRun): string[] {
  return [...ladder.rungs.map(({ name }) => name), ...(ladder.hasAudio ? ['audio'] : [])];
}

function mediaFormat(formats: readonly RunFormat[], encode: EncodeRun): MediaFormat {
  const { plan, ladder } = encode;
  const renditions = formats.map((format, index) => renditionOf(format, index, encode));
  const [best = EMPTY_FORMAT] = formats;
  const { mimeType, width, height, initSegment } = best;
  const isEncoded = encode.encoder !== 'none' || plan.audio === 'encode';
  return {
    mimeType,
    width,
    height,
    frameRateMilli: best.frameRateMilli || plan.frameRateMilli,
    bitrate: renditions[0]?.bitrate ?? 0,
    initSegment,
    mode: isEncoded ? 'encoded' : 'pass-through',
    describe: describeRun(best, encode),
    ...((ladder.rungs.length > 1 || ladder.hasAudio) && { renditions }),
  };
}

const EMPTY_FORMAT: RunFormat = {
  mimeType: '',
  width: 0,
  height: 0,
  frameRateMilli: 0,
  hasAudio: false,
  initSegment: new Uint8Array(0),
};

function renditionOf(format: RunFormat, index: number, { plan, ladder }: EncodeRun): Rendition {
  const { mimeType, width, height, initSegment, hasAudio } = format;
  const rung = ladder.rungs[index];
  const audioBitrate = hasAudio ? AUDIO_KBPS * 1000 : 0;
  const coded = { mimeType, width, height, initSegment };
  if (rung === undefined)
    return { ...coded, id: AUDIO_ID, name: 'audio', frameRateMilli: 0, bitrate: audioBitrate };
  return {
    ...coded,
    id: rung.id,
    name: ladder.rungs.length > 1 ? rung.name : `${height}p`,
    frameRateMilli: format.frameRateMilli || plan.frameRateMilli,
    bitrate: rung.isCopy ? plan.bitrate : rung.kbps * 1000 + audioBitrate,
  };
}

function describeRun(run: RunFormat, encode: EncodeRun): string {
  const { plan, ladder, encoder } = encode;
  const what = `${run.width}x${run.height} H.264${run.hasAudio ? ' + AAC' : ', no sound'}`;
  const why = plan.reasons.length > 0 ? ` because ${plan.reasons.join(' and ')}` : '';
  const others = namesOf(encode).slice(1);
  const list = others.length > 0 ? `; also ${others.join(', ')}` : '';
  const by = encoder === 'none' || encoder === 'x264' ? '' : ` by ${encoder}`;
  if (ladder.rungs[0]?.isCopy !== true) return `${what}, encoded${by}${why}${list}`;
  if (plan.audio === 'encode') return `${what}, video passed through, sound encoded${why}${list}`;
  return `${what}, passed through${list}`;
}
