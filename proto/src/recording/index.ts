/** Recording a broadcast as MP4: what the bytes are. The viewer's and the broadcaster's recorders write them to disk. */

export { CHAPTERS_MAX, type Chapter, chaptersToVtt } from './chapters.js';
export {
  type ChunkToPlace,
  FragmentTimeline,
  HELD_CHUNKS_MAX,
  HELD_US_MAX,
  type PlacedChunk,
} from './fragment-timeline.js';
export { canShareFile, type MovieInit, readMovieInit } from './movie-init.js';
export {
  FILE_SAMPLES_MAX,
  type Finish,
  isUnfinishedRecording,
  RECORDING_HEAD_BYTES,
  RecordingLayout,
} from './recording-layout.js';
export { readSampleRuns, type SampleRun } from './sample-run.js';
