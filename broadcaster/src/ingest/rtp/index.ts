/** From a browser's or an encoder's RTP (decrypted) to whole frames on one clock, and to Matroska for ffmpeg. */

export { MatroskaStream, type MatroskaStreamFormat } from './matroska-stream.js';
export type { ParameterSets } from './parameter-sets.js';
export { GROUP_MS_DEFAULT, RtpReceiver, type RtpReceiverOptions } from './rtp-receiver.js';
export type { MediaFrame, RtpStats, RtpTrack, TrackStats } from './track.js';
