/** Keeps what a reader needs who joins a stream that has been running for a while. Pure. */

import { concatBytes } from '@freshet/proto';

/** Bytes kept since the last keyframe; with more, a new reader gets none of it and waits for the next keyframe. */
export const TAIL_BYTES_MAX = 16 * 1024 * 1024;

/** A tag that says it is longer ends the watching: no new reader can join. */
const TAG_BYTES_MAX = 8 * 1024 * 1024;

const FLV_HEADER_BYTES = 13;
const TAG_HEADER_BYTES = 11;
const PREVIOUS_SIZE_BYTES = 4;
const TAG_AUDIO = 8;
const TAG_VIDEO = 9;
const TAG_SCRIPT = 18;
const TS_PACKET_BYTES = 188;
const TS_SYNC = 0x47;

type Kind = 'unknown' | 'flv' | 'ts' | 'other';

/**
 * Takes all bytes of a stream. FLV (Adobe FLV 10.1, annex E) is joined at its last keyframe, with the header and the
 * codecs' configurations in front; an MPEG transport stream anywhere, since it repeats them; others cannot be joined.
 */
export class StreamTail {
  #kind: Kind = 'unknown';
  #parts: Uint8Array[] = [];
  #partBytes = 0;
  /** `#partBytes` from which on there is something to read. */
  #neededBytes = FLV_HEADER_BYTES;
  #header: Uint8Array = new Uint8Array(0);
  /** Newest script tag and configurations, by what they are. */
  readonly #setup = new Map<string, Uint8Array>();
  #group: Uint8Array[] = [];
  #groupBytes = 0;
  #isGroupWhole = false;

  /** Takes the next bytes, which must not change any more. Never throws. */
  push(bytes: Uint8Array): void {
    if (!this.#isReading) return;
    this.#parts.push(bytes);
    this.#partBytes += bytes.length;
    while (this.#partBytes >= this.#neededBytes && this.#readOne());
    if (!this.#isReading) this.#parts = [];
  }

  /** A new reader could join now. */
  get canBegin(): boolean {
    return this.#kind === 'ts' || this.#kind === 'flv';
  }

  /** What a new reader gets before the bytes that come from now on; `undefined` when it cannot join. */
  begin(): readonly Uint8Array[] | undefined {
    if (!this.canBegin) return undefined;
    if (this.#kind === 'ts') return [];
    return [this.#header, ...this.#setup.values(), ...this.#group, ...this.#parts];
  }

  get #isReading(): boolean {
    return this.#kind === 'unknown' || this.#kind === 'flv';
  }

  #readOne(): boolean {
    const bytes = concatBytes(...this.#parts);
    this.#parts = [bytes];
    const takenBytes = this.#kind === 'unknown' ? this.#readStart(bytes) : this.#readTag(bytes);
    if (takenBytes === 0) return this.#isReading && this.#partBytes >= this.#neededBytes;
    this.#parts = [bytes.subarray(takenBytes)];
    this.#partBytes -= takenBytes;
    return this.#kind === 'flv';
  }

  #readStart(bytes: Uint8Array): number {
    const isFlv = bytes[0] === 0x46 && bytes[1] === 0x4c && bytes[2] === 0x56;
    if (isFlv) {
      this.#kind = 'flv';
      this.#neededBytes = TAG_HEADER_BYTES;
      this.#header = bytes.slice(0, FLV_HEADER_BYTES);
      return FLV_HEADER_BYTES;
    }
    this.#neededBytes = TS_PACKET_BYTES + 1;
    if (bytes.length < this.#neededBytes) return 0;
    this.#kind = bytes[0] === TS_SYNC && bytes[TS_PACKET_BYTES] === TS_SYNC ? 'ts' : 'other';
    return 0;
  }

  /** Bytes of the tag; 0 while it is not complete. */
  #readTag(bytes: Uint8Array): number {
    const bodyBytes = ((bytes[1] ?? 0) << 16) | ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0);
    const tagBytes = TAG_HEADER_BYTES + bodyBytes + PREVIOUS_SIZE_BYTES;
    if (tagBytes > TAG_BYTES_MAX) {
      this.#kind = 'other';
      return 0;
    }
    this.#neededBytes = tagBytes;
    if (bytes.length < tagBytes) return 0;
    this.#neededBytes = TAG_HEADER_BYTES;
    this.#keepTag(bytes.slice(0, tagBytes));
    return tagBytes;
  }

  #keepTag(tag: Uint8Array): void {
    const type = (tag[0] ?? 0) & 0x1f;
    const isConfig = tag[TAG_HEADER_BYTES + 1] === 0;
    const isKeyframe = type === TAG_VIDEO && (tag[TAG_HEADER_BYTES] ?? 0) >> 4 === 1 && !isConfig;
    if (type === TAG_SCRIPT) this.#setup.set('script', tag);
    else if ((type === TAG_VIDEO || type === TAG_AUDIO) && isConfig) this.#setup.set(`config ${type}`, tag);
    else this.#keepMedia(tag, isKeyframe);
  }

  #keepMedia(tag: Uint8Array, isKeyframe: boolean): void {
    if (isKeyframe) this.#isGroupWhole = true;
    const isTooMuch = this.#groupBytes + tag.length > TAIL_BYTES_MAX;
    if (isKeyframe || isTooMuch) {
      this.#group = [];
      this.#groupBytes = 0;
    }
    if (isTooMuch && !isKeyframe) this.#isGroupWhole = false;
    if (!this.#isGroupWhole) return;
    this.#group.push(tag);
    this.#groupBytes += tag.length;
  }
}
