/** The adapter around one `MediaSource` with one `SourceBuffer`: one operation at a time, errors translated. */

import type { MediaFormat } from './append-queue.js';
import { PlaybackError } from './playback-error.js';
import type { BufferedRange } from './playout.js';
import type { MediaSourceSupport } from './support.js';

/** Called by a sink when something changed. */
export type MediaSinkListener = {
  /** The sink can take the next operation. */
  readonly onIdle: () => void;
  /** The sink is broken and has to be replaced. */
  readonly onFailed: (error: PlaybackError) => void;
};

const CODEC_HELP =
  'This browser cannot play the broadcast’s video format. A current Chrome, Edge, Firefox or Safari can.';

/** Copies the ranges out of the DOM's form. */
export const readRanges = (ranges: TimeRanges): BufferedRange[] =>
  Array.from({ length: ranges.length }, (_, index) => ({
    startS: ranges.start(index),
    endS: ranges.end(index),
  }));

/** Feeds one media element; after `close` or a failure it does nothing any more. */
export class MediaSink {
  readonly #element: HTMLMediaElement;
  readonly #mediaSource: MediaSource;
  readonly #listener: MediaSinkListener;
  readonly #isTypeSupported: (mimeType: string) => boolean;
  readonly #url: string;
  readonly #cleanup = new AbortController();
  #buffer: SourceBuffer | undefined;
  #mimeType = '';

  /** Attaches a new media source to `element`; the first `onIdle` says that it is open. */
  constructor(element: HTMLMediaElement, support: MediaSourceSupport, listener: MediaSinkListener) {
    this.#element = element;
    this.#listener = listener;
    this.#isTypeSupported = (mimeType) => support.constructor.isTypeSupported(mimeType);
    // A managed source opens only where the page rules out playing on another device.
    element.disableRemotePlayback = support.isManaged || element.disableRemotePlayback;
    this.#mediaSource = new support.constructor();
    const { signal } = this.#cleanup;
    this.#mediaSource.addEventListener('sourceopen', () => listener.onIdle(), { signal });
    element.addEventListener('error', () => this.#fail(element.error), { signal });
    this.#url = URL.createObjectURL(this.#mediaSource);
    element.src = this.#url;
  }

  /** True when an operation can be given. */
  get isIdle(): boolean {
    return (
      !this.#cleanup.signal.aborted &&
      this.#mediaSource.readyState !== 'closed' &&
      this.#buffer?.updating !== true
    );
  }

  /** What is buffered, in order. */
  get ranges(): BufferedRange[] {
    const buffer = this.#buffer;
    if (buffer === undefined || this.#mediaSource.readyState === 'closed') return [];
    return readRanges(buffer.buffered);
  }

  /** Appends an init segment, changing the codec where needed. */
  appendFormat(format: MediaFormat): void {
    const { mimeType } = format;
    if (!this.#isTypeSupported(mimeType)) {
      this.#listener.onFailed(new PlaybackError('unsupported-codec', CODEC_HELP));
      return;
    }
    this.#guard(() => {
      if (this.#buffer === undefined) {
        const buffer = this.#mediaSource.addSourceBuffer(mimeType);
        buffer.mode = 'segments';
        const { signal } = this.#cleanup;
        buffer.addEventListener('updateend', () => this.#listener.onIdle(), { signal });
        this.#buffer = buffer;
      } else if (this.#mimeType !== mimeType) {
        this.#buffer.changeType(mimeType);
      }
      this.#mimeType = mimeType;
      this.#buffer.appendBuffer(copyOf([format.initSegment]));
    });
  }

  /**
   * Appends media under the timestamp offset `offsetS`. Returns false when the browser's buffer is
   * full, and then nothing was appended.
   */
  appendMedia(parts: readonly Uint8Array[], offsetS: number): boolean {
    try {
      const buffer = this.#buffer;
      if (buffer === undefined) return true;
      // The end of a stream fixed its duration; what follows has none again.
      const { duration, readyState } = this.#mediaSource;
      if (readyState === 'open' && Number.isFinite(duration))
        this.#mediaSource.duration = Number.POSITIVE_INFINITY;
      if (buffer.timestampOffset !== offsetS) buffer.timestampOffset = offsetS;
      buffer.appendBuffer(copyOf(parts));
    } catch (error) {
      if (error instanceof DOMException && error.name === 'QuotaExceededError') return false;
      this.#fail(error);
    }
    return true;
  }

  /** Removes everything buffered before `endS`. */
  removeBefore(endS: number): void {
    this.#guard(() => this.#buffer?.remove(0, endS));
  }

  /** Says that nothing follows, so that the rest is played to its last frame; an append takes it back. */
  endOfStream(): void {
    if (this.#mediaSource.readyState === 'open') this.#guard(() => this.#mediaSource.endOfStream());
  }

  /** Detaches from the element. Idempotent. */
  close(): void {
    if (this.#cleanup.signal.aborted) return;
    this.#cleanup.abort();
    URL.revokeObjectURL(this.#url);
    this.#element.removeAttribute('src');
    this.#element.load();
  }

  #guard(operation: () => void): void {
    try {
      operation();
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(cause: unknown): void {
    if (this.#cleanup.signal.aborted) return;
    const detail = cause instanceof MediaError || cause instanceof Error ? cause.message : String(cause);
    this.#listener.onFailed(
      new PlaybackError('decode', `The browser could not decode the video (${detail}).`, { cause }),
    );
  }
}

/** One buffer of its own for the browser, which wants an `ArrayBuffer` that nobody else changes. */
const copyOf = (parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
};
