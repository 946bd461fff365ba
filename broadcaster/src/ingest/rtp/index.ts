/** From a browser's or an encoder's RTP (decrypted) to whole frames on one clock, and to Matroska for ffmpeg. */

export { MatroskaStream } from './matroska-stream.js';
export type { ParameterSets } from './parameter-sets.js';
export { RtpReceiver } from './rtp-receiver.js';
export type { MediaFrame, RtpStats, RtpTrack } from './track.js';
