/** Codec strings (RFC 6381) and picture formats out of a sample entry's configuration box. */

import { type Box, findBox } from './box.js';
import { ByteCursor } from './byte-cursor.js';
import { parseAvcConfig } from './h264.js';

/** What a decoder must be able to do; 0 where the configuration does not say. */
export type PictureFormat = {
  /** `profile_idc` of H.264, `general_profile_idc` of HEVC. */
  readonly profile: number;
  /** Bits per luma sample. */
  readonly bitDepth: number;
  /** `chroma_format_idc`: 1 is 4:2:0, 2 is 4:2:2, 3 is 4:4:4. */
  readonly chromaFormat: number;
  /** Frames may be coded as two fields. */
  readonly isInterlaced: boolean;
};

/** A codec's MIME name and its picture format. */
export type CodecInfo = { readonly codec: string; readonly picture: PictureFormat };

const UNKNOWN_PICTURE: PictureFormat = { profile: 0, bitDepth: 0, chromaFormat: 0, isInterlaced: false };

/**
 * Reads the configuration boxes between `start` and `end` of a sample entry called `fourcc`.
 *
 * A codec that is not known, or whose configuration is broken, gives its bare fourcc.
 */
export function codecOf(bytes: Uint8Array, fourcc: string, start: number, end: number): CodecInfo {
  const config = (type: string): Box | undefined => findBox(bytes, start, end, type);
  const fallback: CodecInfo = { codec: fourcc.trim(), picture: UNKNOWN_PICTURE };
  switch (fourcc) {
    case 'avc1':
    case 'avc3': {
      const box = config('avcC');
      return (box && avcCodec(bytes, fourcc, box)) ?? fallback;
    }
    case 'hvc1':
    case 'hev1': {
      const box = config('hvcC');
      return (box && hevcCodec(bytes, fourcc, box)) ?? fallback;
    }
    case 'mp4a': {
      const box = config('esds');
      return { codec: (box && mp4aCodec(bytes, box)) ?? fallback.codec, picture: UNKNOWN_PICTURE };
    }
    case 'Opus':
      return { codec: 'opus', picture: UNKNOWN_PICTURE };
    case 'fLaC':
      return { codec: 'flac', picture: UNKNOWN_PICTURE };
    default:
      return fallback;
  }
}

function avcCodec(bytes: Uint8Array, fourcc: string, box: Box): CodecInfo | undefined {
  const config = parseAvcConfig(bytes, box.bodyStart, box.end);
  if (config === undefined) return undefined;
  const { picture } = config;
  return { codec: config.codec.replace('avc1', fourcc), picture: picture ?? UNKNOWN_PICTURE };
}

function hevcCodec(bytes: Uint8Array, fourcc: string, box: Box): CodecInfo | undefined {
  const cursor = new ByteCursor(bytes, box.bodyStart, box.end);
  cursor.skip(1);
  const profileByte = cursor.u8();
  const compatibility = cursor.u32();
  const constraints = [0, 0, 0, 0, 0, 0].map(() => cursor.u8());
  const level = cursor.u8();
  cursor.skip(3);
  const chromaFormat = cursor.u8() & 3;
  const bitDepth = (cursor.u8() & 7) + 8;
  if (!cursor.isValid) return undefined;
  while (constraints.at(-1) === 0) constraints.pop();
  const space = ['', 'A', 'B', 'C'][profileByte >> 6] ?? '';
  const tier = (profileByte & 0x20) !== 0 ? 'H' : 'L';
  const profile = profileByte & 0x1f;
  const parts = [
    fourcc,
    `${space}${profile}`,
    reverseBits(compatibility).toString(16).toUpperCase(),
    `${tier}${level}`,
    ...constraints.map((value) => value.toString(16).toUpperCase()),
  ];
  return { codec: parts.join('.'), picture: { profile, bitDepth, chromaFormat, isInterlaced: false } };
}

const ES_DESCRIPTOR = 0x03;
const DECODER_CONFIG_DESCRIPTOR = 0x04;
const DECODER_SPECIFIC_INFO = 0x05;
const MPEG4_AUDIO = 0x40;

/** `mp4a.40.2` from nested MPEG-4 descriptors (ISO/IEC 14496-1 §7.2.6). */
function mp4aCodec(bytes: Uint8Array, box: Box): string | undefined {
  const cursor = new ByteCursor(bytes, box.bodyStart + 4, box.end);
  if (cursor.u8() !== ES_DESCRIPTOR) return undefined;
  skipDescriptorLength(cursor);
  cursor.skip(2);
  const flags = cursor.u8();
  if ((flags & 0x80) !== 0) cursor.skip(2);
  if ((flags & 0x40) !== 0) cursor.skip(cursor.u8());
  if ((flags & 0x20) !== 0) cursor.skip(2);
  if (cursor.u8() !== DECODER_CONFIG_DESCRIPTOR) return undefined;
  skipDescriptorLength(cursor);
  const objectType = cursor.u8();
  cursor.skip(12);
  if (!cursor.isValid) return undefined;
  if (objectType !== MPEG4_AUDIO) return `mp4a.${objectType.toString(16)}`;
  if (cursor.u8() !== DECODER_SPECIFIC_INFO) return undefined;
  skipDescriptorLength(cursor);
  const first = cursor.u8();
  let audioType = first >> 3;
  if (audioType === 31) audioType = 32 + (((first & 7) << 3) | (cursor.u8() >> 5));
  return cursor.isValid && audioType > 0 ? `mp4a.40.${audioType}` : undefined;
}

function skipDescriptorLength(cursor: ByteCursor): void {
  for (let count = 0; count < 4; count++) {
    if ((cursor.u8() & 0x80) === 0) return;
  }
}

function reverseBits(value: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 32; bit++) {
    if (((value >>> bit) & 1) !== 0) reversed += 2 ** (31 - bit);
  }
  return reversed;
}
