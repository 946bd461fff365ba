/** What HLS asks of whoever keeps finished segments beyond memory. */

import type { Rendition } from '@freshet/proto';

/** One finished segment, without its bytes. */
export type SegmentInfo = {
  readonly renditionId: number;
  /** Its media sequence number: one more for each segment of the rendition, over all epochs and restarts. */
  readonly sequence: number;
  readonly epoch: number;
  /** Unix milliseconds on the broadcaster's clock. */
  readonly captureMs: number;
  readonly durationUs: number;
  readonly isDiscontinuity: boolean;
  /** Discontinuities of the rendition up to here, its own included. */
  readonly discontinuityCount: number;
  /** It begins with a keyframe. */
  readonly isIndependent: boolean;
  readonly byteCount: number;
};

/** A rendition as it was in one epoch. */
export type RenditionRun = { readonly epoch: number; readonly rendition: Rendition };

/** Keeps one channel's finished segments. It never fails: what it cannot keep it does not have. */
export interface SegmentStore {
  /** Segments held when it was opened, oldest first. */
  readonly restored: readonly SegmentInfo[];
  /** The renditions that these belong to. */
  readonly restoredRuns: readonly RenditionRun[];
  /** Takes a finished segment; the bytes must not change afterwards. */
  append(segment: SegmentInfo, run: RenditionRun, bytes: Uint8Array): void;
  /** Whether the segment can be read. */
  has(renditionId: number, sequence: number): boolean;
  /** The segment's bytes, `undefined` when they are not held or no longer what was written. */
  read(renditionId: number, sequence: number): Promise<Uint8Array | undefined>;
}
