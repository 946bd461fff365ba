/** Segments to keep, and a folder to keep them in. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RenditionRun, SegmentInfo } from '../../../../relay-node/src/hls/index.js';
import { EPOCH, rendition } from '../hls/broadcast.js';

/** The run that the segments belong to. */
export const run: RenditionRun = { epoch: EPOCH, rendition: rendition(1) };

/** The body of a segment: `byteCount` bytes that its number tells. */
export const body = (sequence: number, byteCount: number = 1_000): Uint8Array =>
  new Uint8Array(byteCount).fill(sequence);

/** A segment of two seconds. */
export const segment = (sequence: number, more: Partial<SegmentInfo> = {}): SegmentInfo => ({
  renditionId: 1,
  sequence,
  epoch: EPOCH,
  captureMs: EPOCH + sequence * 2_000,
  durationUs: 2_000_000,
  isDiscontinuity: false,
  discontinuityCount: 0,
  isIndependent: true,
  byteCount: 1_000,
  ...more,
});

/** Temporary folders, removed by {@link removeAll}. */
export class Folders {
  readonly #paths: string[] = [];

  /** A new one. */
  make(): string {
    const path = mkdtempSync(join(tmpdir(), 'freshet-window-'));
    this.#paths.push(path);
    return path;
  }

  /** Deletes them all. */
  removeAll(): void {
    for (const path of this.#paths.splice(0)) rmSync(path, { recursive: true, force: true });
  }
}
