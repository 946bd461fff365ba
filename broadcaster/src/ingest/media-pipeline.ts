/** One run of ffmpeg from a source to chunks. */

import type { Readable } from 'node:stream';
import { Chunker, type ChunkerEvent, type RunFormat } from '../chunk/chunker.js';
import {
  AUDIO_KBPS,
  chosenBitrateKbps,
  type EncodeChoices,
  type EncodePlan,
  outputOptions,
} from '../encode/encode-plan.js';
import { type FfmpegExit, FfmpegRun, type FfmpegTotals } from '../encode/ffmpeg-run.js';
import type { Ffmpeg } from '../encode/find-ffmpeg.js';
import type { MediaFormat } from './media-event.js';
import type { SourceSession } from './source-session.js';

/** What every source needs to know. */
export type SourceSetup = {
  readonly ffmpeg: Ffmpeg;
  /** Milliseconds of picture per chunk; the chunker's default when left out. */
  readonly chunkMs?: number | undefined;
  readonly choices: EncodeChoices;
};

/** One run. */
export type PipelineOptions = SourceSetup & {
  readonly input: string | Readable;
  /** ffmpeg's options before `-i`. */
  readonly inputOptions: readonly string[];
  readonly plan: EncodePlan;
  /** Chunks come at most this far ahead of real time; beyond it ffmpeg is made to wait. Unlimited when left out. */
  readonly leadMsMax?: number;
  /** The input's sound is stamped this much later than it belongs, which is taken back; 0 when left out. */
  readonly soundLeadMs?: number;
  /** A source that delivers nothing for this long is given up. */
  readonly silenceMsMax?: number;
};

/** How a run ended. */
export type PipelineEnd = FfmpegExit & {
  readonly chunkCount: number;
  /** It was given up because nothing came. */
  readonly isSilent: boolean;
};

const PROGRESS_EVERY_MS = 1_000;

/** Reports formats, chunks and progress to `session`; resolves when ffmpeg is gone. */
export async function runPipeline(session: SourceSession, options: PipelineOptions): Promise<PipelineEnd> {
  const pipeline = new MediaPipeline(session, options);
  return await pipeline.run();
}

class MediaPipeline {
  readonly #session: SourceSession;
  readonly #options: PipelineOptions;
  readonly #chunker: Chunker;
  readonly #run: FfmpegRun;
  readonly #progress = new ProgressMeter();
  #chunkCount = 0;
  #emittedMs = 0;
  #firstChunkAt: number | undefined;
  #lastOutputAt = performance.now();
  #isSilent = false;
  #codecFailure = '';

  constructor(session: SourceSession, options: PipelineOptions) {
    this.#session = session;
    this.#options = options;
    this.#chunker = new Chunker(options.chunkMs, options.soundLeadMs);
    this.#run = new FfmpegRun({
      path: options.ffmpeg.path,
      input: options.input,
      inputOptions: options.inputOptions,
      outputOptions: outputOptions(options.plan, options.choices, options.ffmpeg),
      onOutput: (bytes) => this.#takeOutput(bytes),
      onProgress: (totals) => this.#takeProgress(totals),
    });
  }

  async run(): Promise<PipelineEnd> {
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

  #takeOutput(bytes: Uint8Array): number | undefined {
    this.#lastOutputAt = performance.now();
    this.#progress.addBytes(bytes.length);
    const result = this.#chunker.push(bytes);
    if (!result.ok) {
      if (this.#codecFailure === '') this.#codecFailure = `ffmpeg's output is not usable (${result.reason})`;
      void this.#run.stop();
      return undefined;
    }
    this.#emitAll(result.events);
    return this.#waitMs();
  }

  #emitAll(events: readonly ChunkerEvent[]): void {
    for (const event of events) {
      if (event.kind === 'format') {
        this.#session.emit({ kind: 'format', format: mediaFormat(event.format, this.#options) });
        continue;
      }
      this.#chunkCount += 1;
      this.#emittedMs += event.chunk.durationUs / 1000;
      this.#firstChunkAt ??= performance.now();
      this.#session.emit(event);
    }
  }

  #waitMs(): number | undefined {
    const { leadMsMax } = this.#options;
    if (leadMsMax === undefined || this.#firstChunkAt === undefined) return undefined;
    const leadMs = this.#emittedMs - (performance.now() - this.#firstChunkAt);
    return leadMs > leadMsMax ? leadMs - leadMsMax : undefined;
  }

  #takeProgress(totals: FfmpegTotals): void {
    const progress = this.#progress.take(totals, performance.now());
    if (progress !== undefined) this.#session.emit({ kind: 'progress', ...progress });
  }
}

/** Speeds over the last second or so, out of ffmpeg's totals. */
class ProgressMeter {
  #bytes = 0;
  #last: { readonly at: number; readonly totals: FfmpegTotals } | undefined;

  addBytes(count: number): void {
    this.#bytes += count;
  }

  take(
    totals: FfmpegTotals,
    now: number,
  ): { readonly speed: number; readonly fps: number; readonly bitrate: number } | undefined {
    const last = this.#last;
    if (totals.mediaSeconds === undefined) return undefined;
    if (last === undefined || last.totals.mediaSeconds === undefined) {
      this.#last = { at: now, totals };
      this.#bytes = 0;
      return undefined;
    }
    const seconds = (now - last.at) / 1000;
    if (seconds * 1000 < PROGRESS_EVERY_MS * 0.9) return undefined;
    const speed = (totals.mediaSeconds - last.totals.mediaSeconds) / seconds;
    const fps = (totals.frames - last.totals.frames) / seconds;
    const bitrate = (this.#bytes * 8) / seconds;
    this.#last = { at: now, totals };
    this.#bytes = 0;
    return { speed: round2(speed), fps: round2(fps), bitrate: Math.round(bitrate) };
  }
}

const round2 = (value: number): number => Math.max(0, Math.round(value * 100) / 100);

function mediaFormat(run: RunFormat, options: PipelineOptions): MediaFormat {
  const { plan, choices } = options;
  const isEncoded = plan.video === 'encode' || plan.audio === 'encode';
  const audioBitrate = run.hasAudio ? AUDIO_KBPS * 1000 : 0;
  return {
    mimeType: run.mimeType,
    width: run.width,
    height: run.height,
    frameRateMilli: run.frameRateMilli || plan.frameRateMilli,
    bitrate: plan.video === 'encode' ? chosenBitrateKbps(plan, choices) * 1000 + audioBitrate : plan.bitrate,
    initSegment: run.initSegment,
    mode: isEncoded ? 'encoded' : 'pass-through',
    describe: describeRun(run, plan),
  };
}

function describeRun(run: RunFormat, plan: EncodePlan): string {
  const what = `${run.width}x${run.height} H.264${run.hasAudio ? ' + AAC' : ', no sound'}`;
  const why = plan.reasons.length > 0 ? ` because ${plan.reasons.join(' and ')}` : '';
  if (plan.video === 'encode') return `${what}, encoded${why}`;
  if (plan.audio === 'encode') return `${what}, video passed through, sound encoded${why}`;
  return `${what}, passed through`;
}
