/** Puts H.264 pictures together from packets in sequence order (RFC 6184, non-interleaved mode). */

import { NAL, nalType, splitAggregate, surelyStartsPicture } from './h264-payload.js';
import { FRAME_BYTES_MAX, FRAME_PARTS_MAX } from './limits.js';
import type { WaitingPacket } from './packet-window.js';
import { ParameterSetKeeper, type VideoFormat } from './parameter-sets.js';

/** A whole picture. */
export type H264Frame = {
  /** 32 bits, in the track's clock rate. */
  readonly timestamp: number;
  /** When its last packet arrived, ms. */
  readonly arrivedAt: number;
  /** NAL units, each behind its length in four bytes; parameter sets and delimiters are left out. */
  readonly bytes: Uint8Array;
  readonly isKeyframe: boolean;
  /** On the first key frame and on each with other parameter sets than before. */
  readonly format: VideoFormat | undefined;
};

const LENGTH_BYTES = 4;

/** Marks in `#heads`: a part that continues its unit, and a part that is a whole unit. */
const CONTINUES = -2;
const WHOLE = -1;

/**
 * Drain rule: after each `handlePacket`, `pollFrame` until it is empty (a packet may end two pictures).
 *
 * A picture that lacks anything is dropped, and all after it up to the next key frame.
 */
export class H264Assembler {
  readonly #parameterSets = new ParameterSetKeeper();
  readonly #ready: H264Frame[] = [];
  #parts: Uint8Array[] = [];
  /** For each part: the header of the unit that it begins, `WHOLE` or `CONTINUES`. */
  #heads: number[] = [];
  #bytes = 0;
  #timestamp: number | undefined;
  #arrivedAt = 0;
  #isKeyframe = false;
  #isBroken = false;
  #isInFragment = false;
  #hasGap = true;
  #waitsForKeyframe = true;
  #droppedCount = 0;

  /** Whether nothing but a key frame is of use. */
  get waitsForKeyframe(): boolean {
    return this.#waitsForKeyframe;
  }

  /** Pictures dropped since the start. */
  get droppedCount(): number {
    return this.#droppedCount;
  }

  /** Packets are missing in front of the next one, and will not come. */
  handleGap(): void {
    if (this.#timestamp !== undefined) this.#isBroken = true;
    this.#hasGap = true;
    this.#waitsForKeyframe = true;
  }

  /** The next packet in order. */
  handlePacket(packet: WaitingPacket): void {
    if (packet.payload.length === 0) return;
    if (this.#timestamp !== undefined && packet.timestamp !== this.#timestamp) this.#finish();
    if (this.#timestamp === undefined) this.#begin(packet);
    this.#hasGap = false;
    this.#arrivedAt = Math.max(this.#arrivedAt, packet.arrivedAt);
    this.#addPayload(packet.payload);
    if (packet.hasMarker) this.#finish();
  }

  /** A picture, in the order of the packets. */
  pollFrame(): H264Frame | undefined {
    return this.#ready.shift();
  }

  #begin(packet: WaitingPacket): void {
    this.#timestamp = packet.timestamp;
    this.#arrivedAt = packet.arrivedAt;
    // Behind a gap the beginning of this picture may be what is missing.
    this.#isBroken = this.#hasGap && !surelyStartsPicture(packet.payload);
  }

  #addPayload(payload: Uint8Array): void {
    const type = nalType(payload[0]);
    if (type === NAL.fragment) return this.#addFragment(payload);
    if (this.#isInFragment) this.#isBroken = true;
    this.#isInFragment = false;
    if (type === NAL.aggregate) {
      if (!splitAggregate(payload, (unit) => this.#addUnit(unit))) this.#isBroken = true;
    } else if (type >= 1 && type < NAL.aggregate) this.#addUnit(payload);
    // Interleaved packets are not negotiated; what is in them would be missing.
    else this.#isBroken = true;
  }

  #addUnit(unit: Uint8Array): void {
    const type = nalType(unit[0]);
    if (this.#parameterSets.handleUnit(unit) || type === NAL.delimiter || type === NAL.filler) return;
    this.#addPart(unit, WHOLE, type);
  }

  #addFragment(payload: Uint8Array): void {
    const second = payload[1] ?? 0;
    const isStart = (second & 0x80) !== 0;
    if (isStart === this.#isInFragment || payload.length < 3) this.#isBroken = true;
    this.#isInFragment = (second & 0x40) === 0;
    const header = ((payload[0] ?? 0) & 0xe0) | (second & 0x1f);
    this.#addPart(payload.subarray(2), isStart ? header : CONTINUES, nalType(second));
  }

  #addPart(part: Uint8Array, head: number, type: number): void {
    this.#bytes += part.length + (head === CONTINUES ? 0 : LENGTH_BYTES + 1);
    if (this.#bytes > FRAME_BYTES_MAX || this.#parts.length >= FRAME_PARTS_MAX) this.#isBroken = true;
    if (this.#isBroken) return;
    this.#isKeyframe ||= type === NAL.idrSlice;
    this.#parts.push(part);
    this.#heads.push(head);
  }

  #finish(): void {
    const isBroken = this.#isBroken || this.#isInFragment;
    if (isBroken) this.#waitsForKeyframe = true;
    const isUsable = this.#isKeyframe ? this.#parameterSets.isComplete : !this.#waitsForKeyframe;
    if (isBroken || (this.#parts.length > 0 && !isUsable)) this.#droppedCount += 1;
    else if (this.#parts.length > 0) {
      if (this.#isKeyframe) this.#waitsForKeyframe = false;
      this.#ready.push({
        timestamp: this.#timestamp ?? 0,
        arrivedAt: this.#arrivedAt,
        bytes: this.#join(),
        isKeyframe: this.#isKeyframe,
        format: this.#isKeyframe ? this.#parameterSets.takeChange() : undefined,
      });
    }
    this.#timestamp = undefined;
    this.#parts = [];
    this.#heads = [];
    this.#bytes = 0;
    this.#isKeyframe = false;
    this.#isBroken = false;
    this.#isInFragment = false;
  }

  /** The only copy that a picture costs. */
  #join(): Uint8Array {
    let size = 0;
    for (let index = 0; index < this.#parts.length; index++) {
      const head = this.#heads[index] ?? WHOLE;
      size +=
        (this.#parts[index]?.length ?? 0) + (head === CONTINUES ? 0 : LENGTH_BYTES) + (head >= 0 ? 1 : 0);
    }
    const bytes = new Uint8Array(size);
    let at = 0;
    let lengthAt = 0;
    for (let index = 0; index < this.#parts.length; index++) {
      const head = this.#heads[index] ?? WHOLE;
      if (head !== CONTINUES) {
        lengthAt = at;
        at += LENGTH_BYTES;
        if (head >= 0) bytes[at++] = head;
      }
      const part = this.#parts[index];
      if (part !== undefined) {
        bytes.set(part, at);
        at += part.length;
      }
      writeLength(bytes, lengthAt, at - lengthAt - LENGTH_BYTES);
    }
    return bytes;
  }
}

function writeLength(bytes: Uint8Array, at: number, length: number): void {
  bytes[at] = length >>> 24;
  bytes[at + 1] = length >>> 16;
  bytes[at + 2] = length >>> 8;
  bytes[at + 3] = length;
}
