/**
 * CMAF, fragmented ISO base media files: reading and writing.
 *
 * Reading is total: no bytes make it throw, and its work is bounded.
 */

export { type AacConfig, parseAacConfig } from './aac.js';
export { BOX_COUNT_MAX, type Box, childBoxes, findBox } from './box.js';
export { BOX_BYTES_MAX, BoxSplitter, type SplitResult, type TopLevelBox } from './box-splitter.js';
export type { PictureFormat } from './codec.js';
export { type AvcConfig, type H264Picture, parseAvcConfig, parseSps } from './h264.js';
export {
  audioTrackOf,
  type InitSegment,
  mimeTypeOf,
  parseInit,
  TRACK_COUNT_MAX,
  type Track,
  videoTrackOf,
} from './init-segment.js';
export {
  FRAGMENT_SAMPLES_MAX,
  type MovieFragment,
  parseMoof,
  shiftDecodeTimes,
  type TrackFragment,
} from './movie-fragment.js';
export {
  type AudioTrackSetup,
  type SampleToWrite,
  type TrackToWrite,
  type VideoTrackSetup,
  writeFragment,
  writeInit,
} from './writer.js';
