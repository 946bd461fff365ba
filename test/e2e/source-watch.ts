/** Runs a source and waits for what it says. */

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import {
  type CutChunk,
  createMediaSource,
  type MediaEvent,
  type MediaFormat,
  type MediaSource,
  type MediaSourceOptions,
} from '../../broadcaster/src/ingest/media-source.js';

const PATIENCE_MS = 20_000;

/** A started source with everything it has said. */
export class SourceWatch {
  readonly events: MediaEvent[] = [];
  /** Unix milliseconds at which each chunk came. */
  readonly chunkTimes: number[] = [];
  readonly #source: MediaSource;
  #onEvent: () => void = () => undefined;

  private constructor(source: MediaSource) {
    this.#source = source;
    source.start((event) => {
      this.events.push(event);
      if (event.kind === 'chunk') this.chunkTimes.push(Date.now());
      this.#onEvent();
    });
  }

  /** Creates and starts a source. */
  static async start(options: MediaSourceOptions): Promise<SourceWatch> {
    return new SourceWatch(await createMediaSource(options));
  }

  /** Starts a source that was made elsewhere. */
  static of(source: MediaSource): SourceWatch {
    return new SourceWatch(source);
  }

  get chunks(): readonly CutChunk[] {
    return this.events.flatMap((event) => (event.kind === 'chunk' ? [event.chunk] : []));
  }

  get formats(): readonly MediaFormat[] {
    return this.events.flatMap((event) => (event.kind === 'format' ? [event.format] : []));
  }

  get waitingReasons(): readonly string[] {
    return this.events.flatMap((event) => (event.kind === 'waiting' ? [event.reason] : []));
  }

  /** Kinds in order, with repetitions of the same kind and progress left out. */
  get story(): readonly string[] {
    const kinds = this.events.map((event) => event.kind).filter((kind) => kind !== 'progress');
    return kinds.filter((kind, index) => kind !== kinds[index - 1]);
  }

  /** Resolves once `isDone` holds; rejects with the story so far when it takes too long. */
  async until(isDone: () => boolean): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(
          new Error(`waited in vain; so far: ${this.story.join(' ')} ${this.waitingReasons.join(' | ')}`),
        );
      }, PATIENCE_MS);
      this.#onEvent = () => {
        if (!isDone()) return;
        clearTimeout(timer);
        resolve();
      };
      this.#onEvent();
    });
  }

  /** Resolves when the source has ended or failed. */
  async untilOver(): Promise<MediaEvent | undefined> {
    await this.until(() => this.events.some((event) => event.kind === 'ended' || event.kind === 'failed'));
    return this.events.at(-1);
  }

  /** Writes the last run as a playable file. */
  save(path: string): void {
    const start = this.events.findLastIndex((event) => event.kind === 'format');
    const parts = this.events.slice(start).flatMap((event) => {
      if (event.kind === 'format') return [event.format.initSegment];
      return event.kind === 'chunk' ? [event.chunk.bytes] : [];
    });
    writeFileSync(path, Buffer.concat(parts));
  }

  async stop(): Promise<void> {
    await this.#source.stop();
  }
}

/** Process ids of a process's living ffmpeg children, this one's by default, as Linux knows them. */
export function ffmpegChildren(ofPid: number = process.pid): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const [, name, state, parent] =
          /\((.*)\) (\S) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? [];
        return name === 'ffmpeg' && state !== 'Z' && Number(parent) === ofPid;
      } catch {
        // Gone between the listing and the reading.
        return false;
      }
    });
}

/** The ffmpeg that makes FLV for `ofPid`, not one that listens or publishes; 0 when there is none. */
export function encoderPid(ofPid: number = process.pid): number {
  const isEncoder = (pid: number): boolean =>
    readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('no_duration_filesize');
  return ffmpegChildren(ofPid).find(isEncoder) ?? 0;
}
