/** The bounded queue before a source buffer. Pure: no DOM, no clock. */

/** Most bytes that wait to be appended: 8 s of a 16 Mbit/s rendition. Overflow: drop up to the newest keyframe. */
export const QUEUE_BYTES_MAX = 16 * 1024 * 1024;

/** Most chunks that wait to be appended: 20 s of 33 ms chunks. Overflow: drop up to the newest keyframe. */
export const QUEUE_CHUNKS_MAX = 600;

/** Most bytes of one append: large enough for a join's burst in few steps, small enough to stay responsive. */
export const APPEND_BYTES_MAX = 1024 * 1024;

/** What a source buffer is set up with. */
export type MediaFormat = { readonly mimeType: string; readonly initSegment: Uint8Array };

/** One chunk on its way into a source buffer. */
export type QueuedMedia = {
  /** The bytes, in order; they may lie in several arrays. */
  readonly parts: readonly Uint8Array[];
  /** Decoding can begin here. */
  readonly isKeyframe: boolean;
  /** `timestampOffset` in seconds that puts it where it belongs on the player's timeline. */
  readonly offsetS: number;
};

/** What the source buffer is to do next. */
export type AppendStep =
  | { readonly kind: 'format'; readonly format: MediaFormat }
  /** Append these in one go, under one timestamp offset. */
  | { readonly kind: 'media'; readonly parts: readonly Uint8Array[]; readonly offsetS: number };

type Entry =
  | { readonly kind: 'format'; readonly format: MediaFormat }
  | { readonly kind: 'media'; readonly media: QueuedMedia; readonly bytes: number };

/**
 * Holds formats and chunks until the source buffer takes them. After a restart or an overflow it passes nothing on
 * until a keyframe comes, so a decoder never sees a frame whose reference is missing.
 */
export class AppendQueue {
  #entries: Entry[] = [];
  #bytes = 0;
  #chunks = 0;
  #needsKeyframe = true;
  #droppedCount = 0;
  #format: MediaFormat | undefined;

  /** Chunks dropped since the start. */
  get droppedCount(): number {
    return this.#droppedCount;
  }

  /** Takes a new format into force, for the chunks that follow. */
  pushFormat(format: MediaFormat): void {
    this.#format = format;
    if (this.#entries.at(-1)?.kind === 'format') this.#entries.pop();
    this.#entries.push({ kind: 'format', format });
  }

  /** Takes a chunk; returns false when it was dropped. */
  pushMedia(media: QueuedMedia): boolean {
    if (this.#needsKeyframe && !media.isKeyframe) {
      this.#droppedCount += 1;
      return false;
    }
    this.#needsKeyframe = false;
    const bytes = media.parts.reduce((sum, part) => sum + part.length, 0);
    this.#entries.push({ kind: 'media', media, bytes });
    this.#bytes += bytes;
    this.#chunks += 1;
    if (this.#isTooFull) this.#dropToNewestKeyframe();
    return true;
  }

  /** The next step, removed from the queue; `undefined` when it is empty. */
  take(): AppendStep | undefined {
    const first = this.#entries[0];
    if (first === undefined) return undefined;
    if (first.kind === 'format') {
      this.#entries.shift();
      return first;
    }
    const { offsetS } = first.media;
    const parts: Uint8Array[] = [];
    let bytes = 0;
    let count = 0;
    for (const entry of this.#entries) {
      if (entry.kind !== 'media' || entry.media.offsetS !== offsetS) break;
      if (count > 0 && bytes + entry.bytes > APPEND_BYTES_MAX) break;
      parts.push(...entry.media.parts);
      bytes += entry.bytes;
      count += 1;
    }
    this.#entries.splice(0, count);
    this.#bytes -= bytes;
    this.#chunks -= count;
    return { kind: 'media', parts, offsetS };
  }

  /** Forgets everything queued and starts over at the next keyframe, with the format in force sent again. */
  restart(): void {
    this.#droppedCount += this.#chunks;
    this.#entries = this.#format === undefined ? [] : [{ kind: 'format', format: this.#format }];
    this.#bytes = 0;
    this.#chunks = 0;
    this.#needsKeyframe = true;
  }

  get #isTooFull(): boolean {
    return this.#bytes > QUEUE_BYTES_MAX || this.#chunks > QUEUE_CHUNKS_MAX;
  }

  #dropToNewestKeyframe(): void {
    const keyframeAt = this.#entries.findLastIndex(
      (entry) => entry.kind === 'media' && entry.media.isKeyframe,
    );
    if (keyframeAt < 0) {
      this.restart();
      return;
    }
    const format = this.#entries.slice(0, keyframeAt).findLast((entry) => entry.kind === 'format');
    const kept = this.#entries.slice(keyframeAt);
    const chunksBefore = this.#chunks;
    this.#entries = format === undefined ? kept : [format, ...kept];
    this.#bytes = 0;
    this.#chunks = 0;
    for (const entry of kept) {
      if (entry.kind !== 'media') continue;
      this.#bytes += entry.bytes;
      this.#chunks += 1;
    }
    this.#droppedCount += chunksBefore - this.#chunks;
    if (this.#isTooFull) this.restart();
  }
}
