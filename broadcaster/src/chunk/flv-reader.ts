/**
 * Cuts an FLV stream (Adobe FLV 10.1, annex E) into H.264 and AAC packets.
 *
 * FLV is what comes out of ffmpeg here: unlike its MP4 muxer it writes each packet at once and never alters a time,
 * and its packets are laid out exactly as MP4 wants them.
 */

/** One thing an FLV stream says. Byte arrays are the receiver's own. */
export type FlvPacket =
  /** `AVCDecoderConfigurationRecord`; repeated when the encoding changes. */
  | { readonly kind: 'video-config'; readonly config: Uint8Array }
  /** `AudioSpecificConfig`. */
  | { readonly kind: 'audio-config'; readonly config: Uint8Array }
  /** One access unit with length-prefixed NAL units; times in milliseconds. */
  | {
      readonly kind: 'video';
      readonly dtsMs: number;
      readonly compositionMs: number;
      readonly isKeyframe: boolean;
      readonly bytes: Uint8Array;
    }
  /** One AAC frame. */
  | { readonly kind: 'audio'; readonly dtsMs: number; readonly bytes: Uint8Array };

/** What `push` gives back. */
export type FlvResult =
  | { readonly ok: true; readonly packets: readonly FlvPacket[] }
  /** Not FLV, or a codec other than H.264 and AAC. Final. */
  | { readonly ok: false; readonly reason: 'malformed' | 'codec' };

const FILE_HEADER_BYTES = 9;
const TAG_HEADER_BYTES = 11;
const PREVIOUS_SIZE_BYTES = 4;
const TAG_AUDIO = 8;
const TAG_VIDEO = 9;
const HAS_AUDIO = 0x04;
const CODEC_AVC = 7;
const FORMAT_AAC = 10;
const EXTENDED_HEADER = 0x80;

/** Incremental; holds at most one incomplete tag. */
export class FlvReader {
  #held: Uint8Array = new Uint8Array(64 * 1024);
  #start = 0;
  #end = 0;
  #hasAudio: boolean | undefined;
  #failure: 'malformed' | 'codec' | undefined;

  /** The file's header announces sound; `undefined` until the header is here. */
  get hasAudio(): boolean | undefined {
    return this.#hasAudio;
  }

  /** Takes the stream's next bytes. Never throws. */
  push(bytes: Uint8Array): FlvResult {
    if (this.#failure !== undefined) return { ok: false, reason: this.#failure };
    this.#append(bytes);
    if (this.#hasAudio === undefined && !this.#readFileHeader()) {
      return this.#failure === undefined ? { ok: true, packets: [] } : { ok: false, reason: this.#failure };
    }
    const packets: FlvPacket[] = [];
    while (this.#failure === undefined) {
      const tag = this.#takeTag();
      if (tag === undefined) break;
      const packet = this.#readTag(tag);
      if (packet !== undefined) packets.push(packet);
    }
    return this.#failure === undefined ? { ok: true, packets } : { ok: false, reason: this.#failure };
  }

  #append(bytes: Uint8Array): void {
    const heldBytes = this.#end - this.#start;
    if (this.#end + bytes.length > this.#held.length) {
      const needed = heldBytes + bytes.length;
      const target = needed > this.#held.length ? new Uint8Array(needed * 2) : this.#held;
      target.set(this.#held.subarray(this.#start, this.#end), 0);
      this.#held = target;
      this.#start = 0;
      this.#end = heldBytes;
    }
    this.#held.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  #readFileHeader(): boolean {
    if (this.#end - this.#start < FILE_HEADER_BYTES + PREVIOUS_SIZE_BYTES) return false;
    const head = this.#held.subarray(this.#start, this.#end);
    const view = new DataView(head.buffer, head.byteOffset);
    const isFlv = head[0] === 0x46 && head[1] === 0x4c && head[2] === 0x56;
    if (!isFlv || view.getUint32(5) !== FILE_HEADER_BYTES) {
      this.#failure = 'malformed';
      return false;
    }
    this.#hasAudio = ((head[4] ?? 0) & HAS_AUDIO) !== 0;
    this.#start += FILE_HEADER_BYTES + PREVIOUS_SIZE_BYTES;
    return true;
  }

  #takeTag(): { readonly type: number; readonly dtsMs: number; readonly body: Uint8Array } | undefined {
    const held = this.#end - this.#start;
    if (held < TAG_HEADER_BYTES) return undefined;
    const view = new DataView(this.#held.buffer, this.#start, held);
    const head = view.getUint32(0);
    const bodyBytes = head & 0xff_ffff;
    const tagBytes = TAG_HEADER_BYTES + bodyBytes + PREVIOUS_SIZE_BYTES;
    if (held < tagBytes) return undefined;
    // 24 bits of time, then 8 more above them.
    const time = view.getUint32(4);
    const dtsMs = (((time & 0xff) << 24) | (time >>> 8)) >>> 0;
    const bodyStart = this.#start + TAG_HEADER_BYTES;
    const body = this.#held.slice(bodyStart, bodyStart + bodyBytes);
    this.#start += tagBytes;
    return { type: (head >>> 24) & 0x1f, dtsMs, body };
  }

  #readTag(tag: {
    readonly type: number;
    readonly dtsMs: number;
    readonly body: Uint8Array;
  }): FlvPacket | undefined {
    if (tag.body.length < 2) return undefined;
    if (tag.type === TAG_VIDEO) return this.#readVideo(tag.dtsMs, tag.body);
    if (tag.type === TAG_AUDIO) return this.#readAudio(tag.dtsMs, tag.body);
    return undefined;
  }

  #readVideo(dtsMs: number, body: Uint8Array): FlvPacket | undefined {
    const first = body[0] ?? 0;
    if ((first & EXTENDED_HEADER) !== 0 || (first & 0x0f) !== CODEC_AVC) {
      this.#failure = 'codec';
      return undefined;
    }
    if (body.length < 5) return undefined;
    const payload = body.subarray(5);
    if (body[1] === 0) return { kind: 'video-config', config: payload };
    if (body[1] !== 1 || payload.length === 0) return undefined;
    const offset = ((body[2] ?? 0) << 16) | ((body[3] ?? 0) << 8) | (body[4] ?? 0);
    const compositionMs = (offset << 8) >> 8;
    return { kind: 'video', dtsMs, compositionMs, isKeyframe: first >> 4 === 1, bytes: payload };
  }

  #readAudio(dtsMs: number, body: Uint8Array): FlvPacket | undefined {
    if ((body[0] ?? 0) >> 4 !== FORMAT_AAC) {
      this.#failure = 'codec';
      return undefined;
    }
    const payload = body.subarray(2);
    if (payload.length === 0) return undefined;
    return body[1] === 0
      ? { kind: 'audio-config', config: payload }
      : { kind: 'audio', dtsMs, bytes: payload };
  }
}
