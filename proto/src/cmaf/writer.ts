/** Writes CMAF: an initialisation segment for H.264 and AAC, and chunks of one fragment. */

/** H.264 video, as a track to write. */
export type VideoTrackSetup = {
  readonly kind: 'video';
  /** `track_ID`, from 1. */
  readonly id: number;
  /** Ticks per second. */
  readonly timescale: number;
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
  /** `AVCDecoderConfigurationRecord`. */
  readonly avcConfig: Uint8Array;
};

/** AAC audio, as a track to write. */
export type AudioTrackSetup = {
  readonly kind: 'audio';
  /** `track_ID`, from 1. */
  readonly id: number;
  /** Ticks per second; the sample rate. */
  readonly timescale: number;
  /** Number of channels. */
  readonly channels: number;
  /** `AudioSpecificConfig`. */
  readonly aacConfig: Uint8Array;
};

/** One frame, to write. */
export type SampleToWrite = {
  readonly bytes: Uint8Array;
  /** Ticks. */
  readonly duration: number;
  /** Presentation minus decode time, in ticks; may be negative. */
  readonly compositionOffset: number;
  /** Decoding can begin here. */
  readonly isSync: boolean;
};

/** The frames of one track in a fragment, to write. */
export type TrackToWrite = {
  readonly trackId: number;
  /** Decode time of the first frame, in ticks. */
  readonly baseMediaDecodeTime: number;
  /** At least one. */
  readonly samples: readonly SampleToWrite[];
};

const SYNC_FLAGS = 0x0200_0000;
const NON_SYNC_FLAGS = 0x0101_0000;

/**
 * `ftyp` + `moov` without any duration (no `mehd`, zero `mvhd`): players then take the stream for a live one, and
 * Chromium takes its low-delay path.
 */
export function writeInit(tracks: readonly (VideoTrackSetup | AudioTrackSetup)[]): Uint8Array {
  const movieHeader = full('mvhd', 0, 0, [
    zeros(8),
    u32(1000),
    u32(0),
    u32(0x1_0000),
    u16(0x0100),
    zeros(10),
    UNITY_MATRIX,
    zeros(24),
    u32(tracks.length + 1),
  ]);
  const extends_ = box(
    'mvex',
    tracks.map((track) =>
      full('trex', 0, 0, [
        u32(track.id),
        u32(1),
        u32(0),
        u32(0),
        u32(track.kind === 'audio' ? SYNC_FLAGS : 0),
      ]),
    ),
  );
  return concat([
    box('ftyp', [ascii('iso6'), u32(0), ascii('iso6cmfcmp41')]),
    box('moov', [movieHeader, ...tracks.map(trackBox), extends_]),
  ]);
}

/** `moof` + `mdat` that holds the tracks' frames one track after the other, in the order given. */
export function writeFragment(sequenceNumber: number, tracks: readonly TrackToWrite[]): Uint8Array {
  // Data offsets count from the start of `moof`, whose size does not depend on their values.
  const moofBytes = moofBox(sequenceNumber, tracks, 0).length;
  const moof = moofBox(sequenceNumber, tracks, moofBytes + 8);
  const payload = tracks.flatMap((track) => track.samples.map((sample) => sample.bytes));
  return concat([moof, box('mdat', payload)]);
}

function moofBox(sequenceNumber: number, tracks: readonly TrackToWrite[], dataStart: number): Uint8Array {
  let offset = dataStart;
  const fragments = tracks.map((track) => {
    const fragment = trackFragment(track, offset);
    offset += track.samples.reduce((sum, sample) => sum + sample.bytes.length, 0);
    return fragment;
  });
  return box('moof', [full('mfhd', 0, 0, [u32(sequenceNumber)]), ...fragments]);
}

const DEFAULT_BASE_IS_MOOF = 0x2_0000;
const TRUN_OFFSET_DURATION_SIZE_FLAGS = 0x701;
const TRUN_COMPOSITION = 0x800;

function trackFragment(track: TrackToWrite, dataOffset: number): Uint8Array {
  const hasOffsets = track.samples.some((sample) => sample.compositionOffset !== 0);
  const runFlags = TRUN_OFFSET_DURATION_SIZE_FLAGS | (hasOffsets ? TRUN_COMPOSITION : 0);
  const entries = track.samples.flatMap((sample) => [
    u32(sample.duration),
    u32(sample.bytes.length),
    u32(sample.isSync ? SYNC_FLAGS : NON_SYNC_FLAGS),
    ...(hasOffsets ? [u32(sample.compositionOffset)] : []),
  ]);
  return box('traf', [
    full('tfhd', 0, DEFAULT_BASE_IS_MOOF, [u32(track.trackId)]),
    full('tfdt', 1, 0, [u64(track.baseMediaDecodeTime)]),
    full('trun', 1, runFlags, [u32(track.samples.length), u32(dataOffset), ...entries]),
  ]);
}

function trackBox(track: VideoTrackSetup | AudioTrackSetup): Uint8Array {
  const isVideo = track.kind === 'video';
  const header = full('tkhd', 0, 7, [
    zeros(8),
    u32(track.id),
    zeros(16),
    u16(0),
    u16(isVideo ? 0 : 1),
    u16(isVideo ? 0 : 0x0100),
    u16(0),
    UNITY_MATRIX,
    u32(isVideo ? track.width * 0x1_0000 : 0),
    u32(isVideo ? track.height * 0x1_0000 : 0),
  ]);
  const media = box('mdia', [
    full('mdhd', 0, 0, [zeros(8), u32(track.timescale), u32(0), u16(UNDETERMINED_LANGUAGE), u16(0)]),
    full('hdlr', 0, 0, [u32(0), ascii(isVideo ? 'vide' : 'soun'), zeros(12), zeros(1)]),
    box('minf', [
      isVideo ? full('vmhd', 0, 1, [zeros(8)]) : full('smhd', 0, 0, [zeros(4)]),
      box('dinf', [full('dref', 0, 0, [u32(1), full('url ', 0, 1, [])])]),
      box('stbl', [
        full('stsd', 0, 0, [u32(1), isVideo ? videoEntry(track) : audioEntry(track)]),
        full('stts', 0, 0, [u32(0)]),
        full('stsc', 0, 0, [u32(0)]),
        full('stsz', 0, 0, [u32(0), u32(0)]),
        full('stco', 0, 0, [u32(0)]),
      ]),
    ]),
  ]);
  return box('trak', [header, media]);
}

/** Packed ISO 639 code `und`. */
const UNDETERMINED_LANGUAGE = 0x55c4;
const RESOLUTION_72_DPI = 0x48_0000;
const DEPTH_24_BIT = 0x18;

function videoEntry(track: VideoTrackSetup): Uint8Array {
  return box('avc1', [
    zeros(6),
    u16(1),
    zeros(16),
    u16(track.width),
    u16(track.height),
    u32(RESOLUTION_72_DPI),
    u32(RESOLUTION_72_DPI),
    u32(0),
    u16(1),
    zeros(32),
    u16(DEPTH_24_BIT),
    u16(0xffff),
    box('avcC', [track.avcConfig]),
  ]);
}

function audioEntry(track: AudioTrackSetup): Uint8Array {
  const decoderInfo = descriptor(0x05, [track.aacConfig]);
  // Object type 0x40 is MPEG-4 audio, 0x15 an audio stream (ISO/IEC 14496-1 §7.2.6.6).
  const decoder = descriptor(0x04, [Uint8Array.of(0x40, 0x15, 0, 0, 0), u32(0), u32(0), decoderInfo]);
  const stream = descriptor(0x03, [
    u16(track.id),
    Uint8Array.of(0),
    decoder,
    descriptor(0x06, [Uint8Array.of(2)]),
  ]);
  return box('mp4a', [
    zeros(6),
    u16(1),
    zeros(8),
    u16(track.channels),
    u16(16),
    u32(0),
    u32(track.timescale < 0x1_0000 ? track.timescale * 0x1_0000 : 0),
    full('esds', 0, 0, [stream]),
  ]);
}

function descriptor(tag: number, parts: readonly Uint8Array[]): Uint8Array {
  const body = concat(parts);
  const length = body.length;
  return concat([
    Uint8Array.of(tag, 0x80 | ((length >> 21) & 0x7f), 0x80 | ((length >> 14) & 0x7f)),
    Uint8Array.of(0x80 | ((length >> 7) & 0x7f), length & 0x7f),
    body,
  ]);
}

function box(type: string, parts: readonly Uint8Array[]): Uint8Array {
  const size = parts.reduce((sum, part) => sum + part.length, 8);
  return concat([u32(size), ascii(type), ...parts]);
}

const full = (type: string, version: number, flags: number, parts: readonly Uint8Array[]): Uint8Array =>
  box(type, [u32(version * 0x100_0000 + flags), ...parts]);

const u16 = (value: number): Uint8Array => Uint8Array.of(value >> 8, value);

const u32 = (value: number): Uint8Array => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);

const u64 = (value: number): Uint8Array =>
  concat([u32(Math.floor(value / 0x1_0000_0000)), u32(value % 0x1_0000_0000)]);

const zeros = (count: number): Uint8Array => new Uint8Array(count);

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const UNITY_MATRIX: Uint8Array = concat(
  [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000].map((value) => u32(value)),
);
