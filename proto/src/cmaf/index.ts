/** Reader of CMAF: fragmented ISO base media files. Total: no bytes make it throw, and its work is bounded. */

export { BOX_COUNT_MAX, type Box, childBoxes, findBox } from './box.js';
export { BOX_BYTES_MAX, BoxSplitter, type SplitResult, type TopLevelBox } from './box-splitter.js';
export type { PictureFormat } from './codec.js';
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
