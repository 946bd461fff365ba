/** Reads H.264 decoder configurations and sequence parameter sets. */

import { BitReader } from './bit-reader.js';
import { ByteCursor } from './byte-cursor.js';

/** What a sequence parameter set says about the picture (ITU-T H.264 §7.3.2.1.1). */
export type H264Picture = {
  /** `profile_idc`: 66 baseline, 77 main, 100 high, 110 high 10. */
  readonly profile: number;
  /** `chroma_format_idc`: 1 is 4:2:0, 2 is 4:2:2, 3 is 4:4:4. */
  readonly chromaFormat: number;
  /** Bits per luma sample. */
  readonly bitDepth: number;
  /** Pixels after cropping. */
  readonly width: number;
  /** Pixels after cropping. */
  readonly height: number;
  /** Frames may be coded as two fields. */
  readonly isInterlaced: boolean;
  /** Frames per 1,000 seconds as the encoder announced them; 0 when it did not. */
  readonly frameRateMilli: number;
};

/** An `AVCDecoderConfigurationRecord` (ISO/IEC 14496-15 §5.3.3.1). */
export type AvcConfig = {
  /** `avc1.64001f`. */
  readonly codec: string;
  /** `undefined` when the parameter set is missing or broken. */
  readonly picture: H264Picture | undefined;
};

/** Profiles whose parameter set states chroma format and bit depth. */
const HIGH_PROFILES: ReadonlySet<number> = new Set([
  100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135,
]);

const EXTENDED_ASPECT_RATIO = 255;
const ORDER_COUNT_CYCLE_MAX = 255;

/** Reads the record that lies between `start` and `end`; `undefined` when it is cut short. */
export function parseAvcConfig(bytes: Uint8Array, start: number, end: number): AvcConfig | undefined {
  const cursor = new ByteCursor(bytes, start, end);
  cursor.skip(1);
  const codec = `avc1.${hexByte(cursor.u8())}${hexByte(cursor.u8())}${hexByte(cursor.u8())}`;
  cursor.skip(1);
  const spsCount = cursor.u8() & 0x1f;
  if (!cursor.isValid) return undefined;
  const spsBytes = spsCount > 0 ? cursor.u16() : 0;
  const spsEnd = Math.min(cursor.position + spsBytes, end);
  return { codec, picture: parseSps(bytes, cursor.position, spsEnd) };
}

/** Reads the parameter set NAL unit between `start` and `end`; `undefined` when it is broken. */
export function parseSps(bytes: Uint8Array, start: number, end: number): H264Picture | undefined {
  const bits = new BitReader(bytes, start + 1, end);
  const profile = bits.bits(8);
  bits.bits(16);
  bits.unsigned();
  let chromaFormat = 1;
  let bitDepth = 8;
  let isSeparatePlanes = false;
  if (HIGH_PROFILES.has(profile)) {
    chromaFormat = bits.unsigned();
    if (chromaFormat === 3) isSeparatePlanes = bits.bit() === 1;
    bitDepth = bits.unsigned() + 8;
    bits.unsigned();
    bits.bit();
    if (bits.bit() === 1) skipScalingMatrix(bits, chromaFormat === 3 ? 12 : 8);
  }
  bits.unsigned();
  skipOrderCount(bits);
  bits.unsigned();
  bits.bit();
  const macroblocksWide = bits.unsigned() + 1;
  const mapUnitsHigh = bits.unsigned() + 1;
  const isInterlaced = bits.bit() === 0;
  if (isInterlaced) bits.bit();
  bits.bit();
  const crop = bits.bit() === 1 ? [0, 0, 0, 0].map(() => bits.unsigned()) : [0, 0, 0, 0];
  const fieldFactor = isInterlaced ? 2 : 1;
  const cropX = chromaFormat === 1 || chromaFormat === 2 ? 2 : 1;
  const cropY = (chromaFormat === 1 && !isSeparatePlanes ? 2 : 1) * fieldFactor;
  const width = macroblocksWide * 16 - ((crop[0] ?? 0) + (crop[1] ?? 0)) * cropX;
  const height = mapUnitsHigh * 16 * fieldFactor - ((crop[2] ?? 0) + (crop[3] ?? 0)) * cropY;
  if (!bits.isValid || width <= 0 || height <= 0) return undefined;
  const frameRateMilli = bits.bit() === 1 ? announcedFrameRate(bits) : 0;
  return { profile, chromaFormat, bitDepth, width, height, isInterlaced, frameRateMilli };
}

function skipScalingMatrix(bits: BitReader, listCount: number): void {
  for (let list = 0; list < listCount; list++) {
    if (bits.bit() === 0) continue;
    const size = list < 6 ? 16 : 64;
    let last = 8;
    let next = 8;
    for (let index = 0; index < size && bits.isValid; index++) {
      if (next !== 0) next = (last + bits.signed() + 256) % 256;
      if (next !== 0) last = next;
    }
  }
}

function skipOrderCount(bits: BitReader): void {
  const type = bits.unsigned();
  if (type === 0) bits.unsigned();
  if (type !== 1) return;
  bits.bit();
  bits.signed();
  bits.signed();
  const count = Math.min(bits.unsigned(), ORDER_COUNT_CYCLE_MAX);
  for (let index = 0; index < count && bits.isValid; index++) bits.signed();
}

/** `vui_parameters` up to its timing (ITU-T H.264 §E.1.1). */
function announcedFrameRate(bits: BitReader): number {
  if (bits.bit() === 1 && bits.bits(8) === EXTENDED_ASPECT_RATIO) bits.bits(32);
  if (bits.bit() === 1) bits.bit();
  if (bits.bit() === 1) {
    bits.bits(4);
    if (bits.bit() === 1) bits.bits(24);
  }
  if (bits.bit() === 1) {
    bits.unsigned();
    bits.unsigned();
  }
  if (bits.bit() === 0) return 0;
  const unitsInTick = bits.bits(32);
  const timeScale = bits.bits(32);
  if (!bits.isValid || unitsInTick === 0) return 0;
  return Math.round((timeScale * 1000) / (2 * unitsInTick));
}

const hexByte = (value: number): string => value.toString(16).padStart(2, '0');
