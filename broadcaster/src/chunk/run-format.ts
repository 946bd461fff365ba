/** The encoding of a run, read from the configurations that ffmpeg states. */

import { Cmaf } from '@freshet/proto';
import { AUDIO_TRACK, VIDEO_TIMESCALE, VIDEO_TRACK } from './cut-chunk.js';

/** The encoding of one rendition in a run, as its bytes state it. */
export type RunFormat = {
  /** For `MediaSource.isTypeSupported`. */
  readonly mimeType: string;
  /** Pixels; 0 for sound alone. */
  readonly width: number;
  /** Pixels; 0 for sound alone. */
  readonly height: number;
  /** Frames per 1,000 seconds as announced; 0 when unknown. */
  readonly frameRateMilli: number;
  /** There is a sound track. */
  readonly hasAudio: boolean;
  /** `ftyp` + `moov`. */
  readonly initSegment: Uint8Array;
};

/** Picture and, where `audioConfig` can be read, sound; `undefined` when the picture's configuration cannot be. */
export function pictureFormat(
  videoConfig: Uint8Array,
  audioConfig: Uint8Array | undefined,
): RunFormat | undefined {
  const video = Cmaf.parseAvcConfig(videoConfig, 0, videoConfig.length);
  if (video?.picture === undefined) return undefined;
  const { width, height, frameRateMilli } = video.picture;
  const audio = audioConfig && audioTrackOf(audioConfig);
  const initSegment = Cmaf.writeInit([
    { kind: 'video', id: VIDEO_TRACK, timescale: VIDEO_TIMESCALE, width, height, avcConfig: videoConfig },
    ...(audio ? [audio.track] : []),
  ]);
  const codecs = [video.codec, ...(audio ? [audio.codec] : [])].join(',');
  const mimeType = `video/mp4; codecs="${codecs}"`;
  return { mimeType, width, height, frameRateMilli, hasAudio: audio !== undefined, initSegment };
}

/** Sound alone; `undefined` when its configuration cannot be read. */
export function soundFormat(audioConfig: Uint8Array): RunFormat | undefined {
  const audio = audioTrackOf(audioConfig);
  if (audio === undefined) return undefined;
  const mimeType = `audio/mp4; codecs="${audio.codec}"`;
  const initSegment = Cmaf.writeInit([audio.track]);
  return { mimeType, width: 0, height: 0, frameRateMilli: 0, hasAudio: true, initSegment };
}

function audioTrackOf(
  aacConfig: Uint8Array,
): { readonly codec: string; readonly track: Cmaf.AudioTrackSetup } | undefined {
  const audio = Cmaf.parseAacConfig(aacConfig);
  if (audio === undefined) return undefined;
  const { sampleRate: timescale, channels } = audio;
  return {
    codec: audio.codec,
    track: { kind: 'audio', id: AUDIO_TRACK, timescale, channels: channels || 2, aacConfig },
  };
}
