/** What follows the media of a show beside its viewers. */

import type { CutChunk, MediaFormat } from '../ingest/media-source.js';

/** Takes what is on air of the best rendition, in order; never throws, never waits. */
export interface MediaTap {
  /** A run begins; its first chunk is a keyframe. */
  begin(format: MediaFormat): void;
  add(chunk: CutChunk): void;
}
