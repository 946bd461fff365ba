/**
 * Writes video and sound, raw or coded, as live Matroska (RFC 9559), for ffmpeg's standard input.
 *
 * Every frame carries its own time, so a frame may be left out without the rest moving; in AVI each slot has to be
 * filled. One pipe for both tracks makes them start together.
 */

/** The two tracks of a raw stream. */
export type RawStreamFormat = {
  /** Pixels; I420 frames. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** Frames per second, announced as the default duration. */
  readonly frameRate: number;
  /** Hz; 16-bit little-endian samples. */
  readonly sampleRate: number;
  /** Interleaved. */
  readonly channels: number;
};

/** One track as it stands in the header. */
export type MatroskaTrack = {
  /** In the blocks; 1 to 126. */
  readonly number: number;
  /** Matroska's name of the codec. */
  readonly codec: string;
  /** What the decoder needs before the first block. */
  readonly codecPrivate?: Uint8Array;
} & (
  | {
      readonly kind: 'video';
      /** Pixels. */
      readonly width: number;
      /** Pixels. */
      readonly height: number;
      /** Frames per second, where they are known. */
      readonly frameRate?: number;
      /** FourCC of raw frames. */
      readonly colourSpace?: string;
    }
  | {
      readonly kind: 'audio';
      /** Hz. */
      readonly sampleRate: number;
      readonly channels: number;
      /** Of raw samples. */
      readonly bitDepth?: number;
    }
);

/** The two tracks of a raw stream as they stand in the header. */
export function rawTracks(format: RawStreamFormat): readonly MatroskaTrack[] {
  const { width, height, frameRate, sampleRate, channels } = format;
  return [
    {
      kind: 'video',
      number: RAW_VIDEO_TRACK,
      codec: 'V_UNCOMPRESSED',
      width,
      height,
      frameRate,
      colourSpace: 'I420',
    },
    { kind: 'audio', number: RAW_AUDIO_TRACK, codec: 'A_PCM/INT/LIT', sampleRate, channels, bitDepth: 16 },
  ];
}

/** Track number of the video in the blocks. */
export const RAW_VIDEO_TRACK = 1;

/** Track number of the audio in the blocks. */
export const RAW_AUDIO_TRACK = 2;

/** Microseconds per tick of the blocks' times. */
export const RAW_TICK_US = 100;

/** Block times are 16 signed bits relative to their cluster. */
const CLUSTER_TICKS_MAX = 20_000;

const ID = {
  ebml: 0x1a45dfa3,
  ebmlVersion: 0x4286,
  ebmlReadVersion: 0x42f7,
  ebmlMaxIdLength: 0x42f2,
  ebmlMaxSizeLength: 0x42f3,
  docType: 0x4282,
  docTypeVersion: 0x4287,
  docTypeReadVersion: 0x4285,
  segment: 0x18538067,
  info: 0x1549a966,
  timestampScale: 0x2ad7b1,
  muxingApp: 0x4d80,
  writingApp: 0x5741,
  tracks: 0x1654ae6b,
  trackEntry: 0xae,
  trackNumber: 0xd7,
  trackUid: 0x73c5,
  trackType: 0x83,
  flagLacing: 0x9c,
  defaultDuration: 0x23e383,
  codecId: 0x86,
  codecPrivate: 0x63a2,
  video: 0xe0,
  pixelWidth: 0xb0,
  pixelHeight: 0xba,
  colourSpace: 0x2eb524,
  audio: 0xe1,
  samplingFrequency: 0xb5,
  channels: 0x9f,
  bitDepth: 0x6264,
  cluster: 0x1f43b675,
  timestamp: 0xe7,
  simpleBlock: 0xa3,
} as const;

/** Stateful only in where its current cluster began; the bytes go wherever the caller sends them. */
export class MatroskaWriter {
  readonly #tracks: readonly MatroskaTrack[];
  #clusterTicks: number | undefined;

  /** Nothing is written yet: send `header()` first. */
  constructor(tracks: readonly MatroskaTrack[]) {
    this.#tracks = tracks;
  }

  /** The bytes before the first block. */
  header(): Uint8Array {
    const head = element(ID.ebml, [
      number(ID.ebmlVersion, 1),
      number(ID.ebmlReadVersion, 1),
      number(ID.ebmlMaxIdLength, 4),
      number(ID.ebmlMaxSizeLength, 8),
      text(ID.docType, 'matroska'),
      number(ID.docTypeVersion, 4),
      number(ID.docTypeReadVersion, 2),
    ]);
    const info = element(ID.info, [
      number(ID.timestampScale, RAW_TICK_US * 1000),
      text(ID.muxingApp, 'freshet'),
      text(ID.writingApp, 'freshet'),
    ]);
    return concat([
      head,
      idBytes(ID.segment),
      UNKNOWN_SIZE,
      info,
      element(ID.tracks, this.#tracks.map(trackEntry)),
    ]);
  }

  /** One frame or block of samples at `ticks` (units of `RAW_TICK_US`); opens a new cluster where one is due. */
  block(track: number, ticks: number, payload: Uint8Array): Uint8Array {
    const head = this.blockHead(track, ticks, { payloadBytes: payload.length, isKeyframe: true });
    return concat([head, payload]);
  }

  /** The same without the payload, which is to follow as it is. */
  blockHead(track: number, ticks: number, frame: { payloadBytes: number; isKeyframe: boolean }): Uint8Array {
    const parts: Uint8Array[] = [];
    let clusterTicks = this.#clusterTicks;
    if (clusterTicks === undefined || Math.abs(ticks - clusterTicks) > CLUSTER_TICKS_MAX) {
      clusterTicks = ticks;
      this.#clusterTicks = ticks;
      parts.push(idBytes(ID.cluster), UNKNOWN_SIZE, number(ID.timestamp, ticks));
    }
    const relative = ticks - clusterTicks;
    const flags = frame.isKeyframe ? KEYFRAME_FLAG : 0;
    const blockHead = Uint8Array.of(0x80 | track, (relative >> 8) & 0xff, relative & 0xff, flags);
    parts.push(idBytes(ID.simpleBlock), sizeBytes(blockHead.length + frame.payloadBytes), blockHead);
    return concat(parts);
  }
}

const KEYFRAME_FLAG = 0x80;

const UNKNOWN_SIZE = Uint8Array.of(0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff);

function trackEntry(track: MatroskaTrack): Uint8Array {
  const children = [
    number(ID.trackNumber, track.number),
    number(ID.trackUid, track.number),
    number(ID.trackType, track.kind === 'video' ? 1 : 2),
    number(ID.flagLacing, 0),
    text(ID.codecId, track.codec),
  ];
  if (track.codecPrivate !== undefined) children.push(element(ID.codecPrivate, [track.codecPrivate]));
  if (track.kind === 'video') {
    if (track.frameRate !== undefined)
      children.push(number(ID.defaultDuration, Math.round(1e9 / track.frameRate)));
    const video = [number(ID.pixelWidth, track.width), number(ID.pixelHeight, track.height)];
    if (track.colourSpace !== undefined) video.push(text(ID.colourSpace, track.colourSpace));
    children.push(element(ID.video, video));
  } else {
    const audio = [float(ID.samplingFrequency, track.sampleRate), number(ID.channels, track.channels)];
    if (track.bitDepth !== undefined) audio.push(number(ID.bitDepth, track.bitDepth));
    children.push(element(ID.audio, audio));
  }
  return element(ID.trackEntry, children);
}

function element(id: number, children: readonly Uint8Array[]): Uint8Array {
  const body = concat(children);
  return concat([idBytes(id), sizeBytes(body.length), body]);
}

function number(id: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return element(id, [bytes]);
}

function float(id: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return element(id, [bytes]);
}

const text = (id: number, value: string): Uint8Array => element(id, [new TextEncoder().encode(value)]);

function idBytes(id: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = id; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Uint8Array.from(bytes);
}

/** Always eight bytes long: simple, and small beside a frame. */
function sizeBytes(size: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(size));
  bytes[0] = 0x01;
  return bytes;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
