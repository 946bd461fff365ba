/** Received frames as a live Matroska stream for ffmpeg's standard input: H.264 as it is, Opus as it is. */

import { type MatroskaTrack, MatroskaWriter, RAW_TICK_US } from '../matroska-writer.js';
import type { ParameterSets } from './parameter-sets.js';
import type { MediaFrame } from './track.js';

/** What the stream begins with; a new format needs a new stream (and a new ffmpeg). */
export type MatroskaStreamFormat = {
  /** From the first key frame; `undefined` for sound alone. */
  readonly video?: { readonly parameterSets: ParameterSets; readonly width: number; readonly height: number };
  /** `undefined` for a picture alone. */
  readonly audio?: { readonly channels: number };
};

const VIDEO_TRACK = 1;
const AUDIO_TRACK = 2;
const OPUS_SAMPLE_RATE = 48_000;

/**
 * Write `header()` first, then what `frame()` gives for each frame. Read it with
 * `-probesize 32 -analyzeduration 0 -f matroska -i pipe:0`: everything ffmpeg has to know is in the header.
 */
export class MatroskaStream {
  readonly #writer: MatroskaWriter;
  readonly #hasVideo: boolean;
  readonly #hasAudio: boolean;

  /** At least one track. */
  constructor(format: MatroskaStreamFormat) {
    const tracks: MatroskaTrack[] = [];
    const { video, audio } = format;
    if (video !== undefined) {
      const { width, height } = video;
      const codecPrivate = encodeAvcConfig(video.parameterSets);
      tracks.push({
        kind: 'video',
        number: VIDEO_TRACK,
        codec: 'V_MPEG4/ISO/AVC',
        codecPrivate,
        width,
        height,
      });
    }
    if (audio !== undefined) {
      const { channels } = audio;
      const codecPrivate = encodeOpusHead(channels);
      tracks.push({
        kind: 'audio',
        number: AUDIO_TRACK,
        codec: 'A_OPUS',
        codecPrivate,
        channels,
        sampleRate: OPUS_SAMPLE_RATE,
      });
    }
    this.#writer = new MatroskaWriter(tracks);
    this.#hasVideo = video !== undefined;
    this.#hasAudio = audio !== undefined;
  }

  /** The bytes before the first frame. */
  header(): Uint8Array {
    return this.#writer.header();
  }

  /** What to write for a frame: a head and the frame's own bytes, not copied. Nothing for a track that is not there. */
  frame(frame: MediaFrame): readonly Uint8Array[] {
    if (!(frame.kind === 'video' ? this.#hasVideo : this.#hasAudio)) return [];
    const track = frame.kind === 'video' ? VIDEO_TRACK : AUDIO_TRACK;
    const ticks = Math.round(frame.timeUs / RAW_TICK_US);
    const head = this.#writer.blockHead(track, ticks, {
      payloadBytes: frame.bytes.length,
      isKeyframe: frame.isKeyframe,
    });
    return [head, frame.bytes];
  }
}

/** The `AVCDecoderConfigurationRecord` of the sets, with lengths of four bytes (ISO/IEC 14496-15 §5.3.3.1). */
export function encodeAvcConfig({ sps, pps }: ParameterSets): Uint8Array {
  const bytes = [
    1,
    sps[1] ?? 0,
    sps[2] ?? 0,
    sps[3] ?? 0,
    0xff,
    0xe1,
    sps.length >> 8,
    sps.length & 0xff,
    ...sps,
  ];
  bytes.push(pps.length);
  for (const unit of pps) bytes.push(unit.length >> 8, unit.length & 0xff, ...unit);
  return Uint8Array.from(bytes);
}

/** The identification header of Opus (RFC 7845 §5.1): RTP says nothing of a pre-skip. */
function encodeOpusHead(channels: number): Uint8Array {
  const head = new Uint8Array(19);
  head.set(new TextEncoder().encode('OpusHead'));
  head[8] = 1;
  head[9] = channels;
  new DataView(head.buffer).setUint32(12, OPUS_SAMPLE_RATE, true);
  return head;
}
