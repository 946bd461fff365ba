/** Makes the picture that stands for a show: from what is on air, or from a file of the broadcaster's. */

import { spawn } from 'node:child_process';
import { Limits } from '@freshet/proto';
import type { CutChunk, MediaFormat } from '../ingest/media-source.js';
import type { MediaTap } from './media-tap.js';
import { ShowError } from './show-error.js';

/**
 * Between two pictures made from what is on air. Each is a new catalog for every viewer, so that many a minute would cost
 * more than they are worth.
 */
export const POSTER_REFRESH_MS = 300_000;

/** Media after the beginning of a run before the first picture: many a show begins in black. */
const POSTER_AFTER_US = 3_000_000;

/** An ffmpeg that takes longer for one frame is killed. */
const FFMPEG_MS_MAX = 10_000;

/** Qualities tried until the picture is small enough, in ffmpeg's `-q:v`. */
const QUALITIES = ['4', '9', '16', '31'];

/** Largest picture that is read of the broadcaster's. */
export const POSTER_SOURCE_BYTES_MAX: number = 20 * 1024 * 1024;

/** Fits into the square in which link previews show it, never larger than it was. */
const SCALE = "scale='min(960,iw)':'min(960,ih)':force_original_aspect_ratio=decrease";

/** A JPEG of at most `POSTER_BYTES_MAX` bytes of the first picture in `media`; `undefined` when there is none. */
export async function makePoster(ffmpegPath: string, media: Uint8Array): Promise<Uint8Array | undefined> {
  for (const quality of QUALITIES) {
    const picture = await oneFrame(ffmpegPath, media, quality);
    if (!picture || picture.length <= Limits.POSTER_BYTES_MAX) return picture;
  }
  return undefined;
}

/**
 * A poster of a JPEG, PNG or WebP. It is always made anew: that bounds its size, and leaves behind what cameras write into
 * pictures, such as where they were taken. Throws a ShowError.
 */
export async function posterOf(ffmpegPath: string, picture: Uint8Array): Promise<Uint8Array> {
  const poster = await makePoster(ffmpegPath, picture);
  if (!poster) throw new ShowError('That is no picture that can be read: use a JPEG, PNG or WebP.');
  return poster;
}

function oneFrame(path: string, media: Uint8Array, quality: string): Promise<Uint8Array | undefined> {
  const output = [
    '-frames:v',
    '1',
    '-map_metadata',
    '-1',
    '-vf',
    SCALE,
    '-q:v',
    quality,
    '-f',
    'mjpeg',
    'pipe:1',
  ];
  const args = ['-v', 'error', '-threads', '1', '-i', 'pipe:0', '-an', ...output];
  return new Promise((resolve) => {
    const child = spawn(path, args, {
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: FFMPEG_MS_MAX,
      killSignal: 'SIGKILL',
    });
    const parts: Buffer[] = [];
    let size = 0;
    child.stdout.on('data', (bytes: Buffer) => {
      size += bytes.length;
      if (size <= POSTER_SOURCE_BYTES_MAX) parts.push(bytes);
      else child.kill('SIGKILL');
    });
    child.once('error', () => resolve(undefined));
    child.once('close', (code) =>
      resolve(code === 0 && size > 0 ? Uint8Array.from(Buffer.concat(parts)) : undefined),
    );
    // It may have seen enough before it has read everything.
    child.stdin.on('error', () => undefined);
    child.stdin.end(media);
  });
}

/** How pictures are made from what is on air. */
export type PosterMakerOptions = {
  readonly make: (media: Uint8Array) => Promise<Uint8Array | undefined>;
  readonly onPoster: (picture: Uint8Array) => void;
  /** Milliseconds, of any clock that does not go back. */
  readonly now: () => number;
};

/** Makes a picture soon after the beginning and then now and then; one at a time. */
export class PosterMaker implements MediaTap {
  readonly #options: PosterMakerOptions;
  #init: Uint8Array | undefined;
  #mediaUs = 0;
  #madeAt: number | undefined;
  #isBusy = false;
  /** The broadcaster has chosen a picture. */
  isFixed = false;

  constructor(options: PosterMakerOptions) {
    this.#options = options;
  }

  begin(format: MediaFormat): void {
    this.#init = format.height > 0 ? format.initSegment : undefined;
    this.#mediaUs = 0;
  }

  add(chunk: CutChunk): void {
    this.#mediaUs += chunk.durationUs;
    if (!chunk.isKeyframe || this.#isBusy || this.isFixed || !this.#init) return;
    const isEarly = this.#madeAt === undefined && this.#mediaUs < POSTER_AFTER_US;
    const now = this.#options.now();
    if (isEarly || (this.#madeAt !== undefined && now - this.#madeAt < POSTER_REFRESH_MS)) return;
    this.#madeAt = now;
    void this.#make(Buffer.concat([this.#init, chunk.bytes]));
  }

  async #make(media: Uint8Array): Promise<void> {
    this.#isBusy = true;
    const picture = await this.#options.make(media);
    this.#isBusy = false;
    if (picture && !this.isFixed) this.#options.onPoster(picture);
  }
}
