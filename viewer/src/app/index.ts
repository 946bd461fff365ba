/** The viewer as a program: plays a channel in a player, records it, or hands it to another program. */

export type { EndReason, MediaOutput, OutputHandlers } from './media-output.js';
export {
  Mp4Recorder,
  type RecordedFile,
  type RecorderHandlers,
  type RecorderProgress,
} from './mp4-recorder.js';
export { PlayerProcess } from './player-process.js';
export { choosePlayer, PLAYER_NAMES, type PlayerName, type PlayerProgram } from './player-program.js';
export type { RecordingTarget } from './recording-target.js';
export { addWatchCommand } from './watch-command.js';
export { WatchError, type WatchErrorKind } from './watch-error.js';
export { dialWs } from './ws-dial.js';
