/** What the broadcaster's chunker hands to the core and the core hands to a player. */

import type { MediaUs, WallMs } from './time.js';

/** One encoding of the broadcast, as the signed catalog describes it. */
export type Rendition = {
  /** Small number that names the rendition on the wire, unique within the broadcast. */
  readonly id: number;
  /** For people: `720p`, `audio`. */
  readonly name: string;
  /** Full type for `MediaSource.isTypeSupported`: `video/mp4; codecs="avc1.64001f,mp4a.40.2"`. */
  readonly mimeType: string;
  /** Pixels; 0 for audio only. */
  readonly width: number;
  /** Pixels; 0 for audio only. */
  readonly height: number;
  /** Frames per 1,000 seconds, as far as known; 0 when unknown or audio only. */
  readonly frameRateMilli: number;
  /** Bits per second as announced, 0 when unknown. */
  readonly bitrate: number;
  /** `ftyp` + `moov`. */
  readonly initSegment: Uint8Array;
};

/** One CMAF chunk (`moof` + `mdat`), complete and verified. */
export type MediaChunk = {
  /** The broadcast run this chunk belongs to; rises when the source comes back. */
  readonly epoch: number;
  /** `Rendition.id`. */
  readonly renditionId: number;
  /** Runs from 0 within one epoch and rendition. */
  readonly chunkNumber: number;
  /** The chunk starts a group: decoding can begin here. */
  readonly isKeyframe: boolean;
  /** Presentation time of the first sample. */
  readonly mediaTimeUs: MediaUs;
  /** Length of the chunk's media. */
  readonly durationUs: number;
  /** When the first frame was captured, on the broadcaster's clock. */
  readonly captureMs: WallMs;
  /** `moof` + `mdat`, one or several pairs. */
  readonly bytes: Uint8Array;
};
