/** Reads AAC decoder configurations. */

import { BitReader } from './bit-reader.js';

/** An `AudioSpecificConfig` (ISO/IEC 14496-3 §1.6.2.1), as far as a container needs it. */
export type AacConfig = {
  /** `mp4a.40.2`. */
  readonly codec: string;
  /** Hz that frames of `frameSamples` are counted in; for HE-AAC the core's, half of what is heard. */
  readonly sampleRate: number;
  /** 0 when the stream itself states its layout. */
  readonly channels: number;
  /** Samples per channel in a frame. */
  readonly frameSamples: number;
};

const SAMPLE_RATES = [
  96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350,
];
const EXPLICIT_RATE = 15;
const ESCAPED_TYPE = 31;
const SPECTRAL_BAND_REPLICATION = 5;
const PARAMETRIC_STEREO = 29;
const SEVEN_POINT_ONE = 7;

/** Reads the whole of `bytes`; `undefined` when it is cut short or names no sample rate. */
export function parseAacConfig(bytes: Uint8Array): AacConfig | undefined {
  const bits = new BitReader(bytes, 0, bytes.length);
  const audioType = audioObjectType(bits);
  const sampleRate = samplingFrequency(bits);
  const layout = bits.bits(4);
  if (audioType === SPECTRAL_BAND_REPLICATION || audioType === PARAMETRIC_STEREO) {
    samplingFrequency(bits);
    audioObjectType(bits);
  }
  const isShortFrame = bits.bit() === 1;
  if (!bits.isValid || sampleRate === 0 || audioType === 0) return undefined;
  return {
    codec: `mp4a.40.${audioType}`,
    sampleRate,
    channels: layout === SEVEN_POINT_ONE ? 8 : layout,
    frameSamples: isShortFrame ? 960 : 1024,
  };
}

function audioObjectType(bits: BitReader): number {
  const type = bits.bits(5);
  return type === ESCAPED_TYPE ? 32 + bits.bits(6) : type;
}

function samplingFrequency(bits: BitReader): number {
  const index = bits.bits(4);
  return index === EXPLICIT_RATE ? bits.bits(24) : (SAMPLE_RATES[index] ?? 0);
}
