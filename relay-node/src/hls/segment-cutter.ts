/** Joins chunks to the parts and segments of HLS. Pure: chunks go in, parts and segments come out. */

import { concatBytes, type MediaChunk } from '@freshet/proto';
import {
  HOLE_US_MAX,
  PART_BYTES_MAX,
  PART_GRID_US,
  PART_US_MAX,
  PART_US_MIN,
  SEGMENT_BYTES_MAX,
  SEGMENT_US_MAX,
} from './limits.js';

/** A few chunks: the unit in which low-latency players fetch. */
export type CutPart = {
  readonly bytes: Uint8Array;
  readonly durationUs: number;
  /** It begins with a keyframe. One in its middle is not said: hls.js would begin to play before it. */
  readonly isIndependent: boolean;
};

/** How a segment begins. */
export type SegmentStart = {
  /** Unix milliseconds on the broadcaster's clock. */
  readonly captureMs: number;
  /** Its times do not continue those before it. */
  readonly isDiscontinuity: boolean;
  /** It begins with a keyframe. */
  readonly isIndependent: boolean;
};

/** In this order: a `start`, its parts, its `end`. */
export type CutEvent =
  | { readonly kind: 'start'; readonly start: SegmentStart }
  | { readonly kind: 'part'; readonly part: CutPart }
  | { readonly kind: 'end'; readonly durationUs: number };

type OpenSegment = {
  readonly startUs: number;
  readonly isIndependent: boolean;
  durationUs: number;
  byteCount: number;
};

type OpenPart = {
  readonly chunks: Uint8Array[];
  durationUs: number;
  byteCount: number;
  isIndependent: boolean;
};

const emptyPart = (): OpenPart => ({ chunks: [], durationUs: 0, byteCount: 0, isIndependent: false });

/** How far a time, counted from the group's keyframe, is from where a part should end. */
const gridDistance = (timeUs: number): number =>
  Math.abs(timeUs - Math.round(timeUs / PART_GRID_US) * PART_GRID_US);

/** Cuts one rendition in one epoch. The first segment is a discontinuity; chunks come in order, a keyframe first. */
export class SegmentCutter {
  #events: CutEvent[] = [];
  #segment: OpenSegment | undefined;
  #part: OpenPart = emptyPart();
  /** Length of the group so far, and of the one before it: what the next one is taken to be. */
  #groupUs = 0;
  #lastGroupUs = 0;
  /** Where the media's times go on, as far as the durations tell. */
  #expectedUs: number | undefined;

  /** Takes the next chunk. */
  add(chunk: MediaChunk): readonly CutEvent[] {
    // A chunk that says it is longer would break the part's target.
    const durationUs = Math.min(chunk.durationUs, PART_US_MAX);
    if (chunk.isKeyframe && this.#groupUs > 0) {
      this.#lastGroupUs = this.#groupUs;
      this.#groupUs = 0;
    }
    const isHole = chunk.isKeyframe && this.#isHole(chunk.mediaTimeUs);
    if (this.#segment && (isHole || this.#endsBefore(this.#segment, chunk, durationUs))) {
      this.#endSegment(isHole ? undefined : chunk);
    }
    this.#segment ??= this.#begin(chunk, isHole);
    const isPartFull =
      this.#part.durationUs + durationUs > PART_US_MAX ||
      this.#part.byteCount + chunk.bytes.length > PART_BYTES_MAX;
    if (isPartFull) this.#endPart();
    this.#append(this.#segment, chunk, durationUs);
    return this.#drain();
  }

  /** Nothing more comes: what is open ends. */
  finish(): readonly CutEvent[] {
    this.#endSegment(undefined);
    this.#groupUs = 0;
    this.#expectedUs = undefined;
    return this.#drain();
  }

  #isHole(mediaTimeUs: number): boolean {
    if (this.#expectedUs === undefined) return true;
    return Math.abs(mediaTimeUs - this.#expectedUs) > HOLE_US_MAX;
  }

  #endsBefore(segment: OpenSegment, chunk: MediaChunk, durationUs: number): boolean {
    if (segment.durationUs + durationUs > SEGMENT_US_MAX) return true;
    if (segment.byteCount + chunk.bytes.length > SEGMENT_BYTES_MAX) return true;
    return chunk.isKeyframe && segment.durationUs + this.#lastGroupUs > SEGMENT_US_MAX;
  }

  #begin(chunk: MediaChunk, isHole: boolean): OpenSegment {
    const { captureMs, isKeyframe, mediaTimeUs } = chunk;
    const start = { captureMs, isDiscontinuity: isHole, isIndependent: isKeyframe };
    this.#events.push({ kind: 'start', start });
    return { startUs: mediaTimeUs, isIndependent: isKeyframe, durationUs: 0, byteCount: 0 };
  }

  #append(segment: OpenSegment, chunk: MediaChunk, durationUs: number): void {
    const part = this.#part;
    if (part.chunks.length === 0) part.isIndependent = chunk.isKeyframe;
    part.chunks.push(chunk.bytes);
    part.durationUs += durationUs;
    part.byteCount += chunk.bytes.length;
    segment.durationUs += durationUs;
    segment.byteCount += chunk.bytes.length;
    this.#groupUs += durationUs;
    // Chunks of frames that are shown in another order than sent have times that jump: durations do not.
    const startUs = chunk.isKeyframe ? chunk.mediaTimeUs : (this.#expectedUs ?? chunk.mediaTimeUs);
    this.#expectedUs = startUs + chunk.durationUs;
    const isLongEnough = part.durationUs >= PART_US_MIN;
    const isNearer = gridDistance(this.#groupUs) <= gridDistance(this.#groupUs + durationUs);
    if (isLongEnough && (isNearer || part.durationUs + durationUs > PART_US_MAX)) this.#endPart();
  }

  #endPart(): void {
    const { chunks, durationUs, isIndependent } = this.#part;
    this.#part = emptyPart();
    if (chunks.length === 0) return;
    this.#events.push({ kind: 'part', part: { bytes: concatBytes(...chunks), durationUs, isIndependent } });
  }

  /** `next` is the keyframe chunk that follows without a break: its time tells the length best. */
  #endSegment(next: MediaChunk | undefined): void {
    const segment = this.#segment;
    if (!segment) return;
    this.#segment = undefined;
    this.#endPart();
    const stepUs = next?.isKeyframe && segment.isIndependent ? next.mediaTimeUs - segment.startUs : 0;
    const isPlausible = stepUs > 0 && stepUs <= SEGMENT_US_MAX;
    this.#events.push({ kind: 'end', durationUs: isPlausible ? stepUs : segment.durationUs });
  }

  #drain(): readonly CutEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}
