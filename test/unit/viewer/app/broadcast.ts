/** Hand-made chunks of a broadcast with a picture at 30 frames a second and sound at 50. */

import { Cmaf, type MediaChunk, mediaUs, wallMs } from '@freshet/proto';

/** Ticks per second of the picture's times. */
export const VIDEO_TIMESCALE = 90_000;

/** Ticks per second of the sound's times. */
export const AUDIO_TIMESCALE = 48_000;

const VIDEO_TICKS = 3000;
const AUDIO_TICKS = 960;

/** The init segment; another `profile` is another decoder configuration. */
export const initOf = (profile = 66): Uint8Array =>
  Cmaf.writeInit([
    {
      kind: 'video',
      id: 1,
      timescale: VIDEO_TIMESCALE,
      width: 320,
      height: 180,
      avcConfig: Uint8Array.of(1, profile, 0xc0, 0x0d, 0xff, 0xe0, 0),
    },
    { kind: 'audio', id: 2, timescale: AUDIO_TIMESCALE, channels: 1, aacConfig: Uint8Array.of(0x11, 0x88) },
  ]);

/** What a hand-made chunk may differ in. */
export type ChunkSetup = {
  readonly epoch?: number;
  /** Seconds by which the picture's times are later than `chunkNumber` says; the sound's too. */
  readonly laterBy?: number;
  readonly isKeyframe?: boolean;
  readonly hasAudio?: boolean;
  readonly hasVideo?: boolean;
  readonly compositionOffset?: number;
};

/** The chunk numbered `chunkNumber`: three frames and the five of sound beside them, 100 ms; each 10th a keyframe. */
export const chunkOf = (chunkNumber: number, setup: ChunkSetup = {}): MediaChunk => {
  const { epoch = 1, laterBy = 0, hasAudio = true, hasVideo = true, compositionOffset = 0 } = setup;
  const isKeyframe = setup.isKeyframe ?? chunkNumber % 10 === 0;
  const start = chunkNumber * 0.1 + laterBy;
  const samples = (count: number, duration: number, isVideo: boolean): readonly Cmaf.SampleToWrite[] =>
    Array.from({ length: count }, (_, index) => ({
      bytes: new Uint8Array(isVideo ? 40 : 10).fill(chunkNumber * 8 + index),
      duration,
      compositionOffset: isVideo ? compositionOffset : 0,
      isSync: !isVideo || (isKeyframe && index === 0),
    }));
  const video = {
    trackId: 1,
    baseMediaDecodeTime: Math.round(start * VIDEO_TIMESCALE),
    samples: samples(3, VIDEO_TICKS, true),
  };
  const audio = {
    trackId: 2,
    baseMediaDecodeTime: Math.round(start * AUDIO_TIMESCALE),
    samples: samples(5, AUDIO_TICKS, false),
  };
  const tracks = [...(hasVideo ? [video] : []), ...(hasAudio ? [audio] : [])];
  return {
    epoch,
    renditionId: 1,
    chunkNumber,
    isKeyframe,
    mediaTimeUs: mediaUs(Math.round(start * 1e6)),
    durationUs: 100_000,
    captureMs: wallMs(1_700_000_000_000 + start * 1000),
    bytes: Cmaf.writeFragment(1000 + chunkNumber, tracks),
  };
};

/** The chunks numbered `first` up to, not including, `end`. */
export const chunksOf = (first: number, end: number, setup: ChunkSetup = {}): readonly MediaChunk[] =>
  Array.from({ length: end - first }, (_, index) => chunkOf(first + index, setup));
