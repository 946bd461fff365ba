import { Cmaf } from '@freshet/proto';
import { describe, expect, it } from 'vitest';

const bytesOf = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

/** Decoder configurations as libx264 wrote them, with what it was asked for. */
const CONFIGS = [
  {
    name: 'constrained baseline, 30 fps',
    hex: '0142c00dffe100176742c00dda05067e7c0440000003004000000f03c50aa801000468ce0fc8',
    codec: 'avc1.42c00d',
    picture: { profile: 66, chromaFormat: 1, bitDepth: 8, width: 320, height: 180, frameRateMilli: 30_000 },
    isInterlaced: false,
  },
  {
    name: 'high, cropped to a size that is no multiple of 16, 29.97 fps',
    hex: '0164000dffe100196764000dacd941519e226c04400000fa40003a9803c50a658001000668ebe3cb22c0fdf8f800',
    codec: 'avc1.64000d',
    picture: { profile: 100, chromaFormat: 1, bitDepth: 8, width: 322, height: 182, frameRateMilli: 29_970 },
    isInterlaced: false,
  },
  {
    name: 'high 10',
    hex: '016e0028ffe1001b676e0028a6cb403c0113f2e022000003000200000300641e30654001000468ce0fc8fdfafa00',
    codec: 'avc1.6e0028',
    picture: {
      profile: 110,
      chromaFormat: 1,
      bitDepth: 10,
      width: 1920,
      height: 1080,
      frameRateMilli: 25_000,
    },
    isInterlaced: false,
  },
  {
    name: '4:2:2',
    hex: '017a0028ffe1001a677a0028bcb403c0113f1380880000030008000003019078c19501000468ce0fc8fef8f800',
    codec: 'avc1.7a0028',
    picture: {
      profile: 122,
      chromaFormat: 2,
      bitDepth: 8,
      width: 1920,
      height: 1080,
      frameRateMilli: 25_000,
    },
    isInterlaced: false,
  },
  {
    name: '4:4:4',
    hex: '01f40028ffe1001b67f40028919680780227e27011000003000100000300320f1832a001000568ce0f1920fff8f800',
    codec: 'avc1.f40028',
    picture: {
      profile: 244,
      chromaFormat: 3,
      bitDepth: 8,
      width: 1920,
      height: 1080,
      frameRateMilli: 25_000,
    },
    isInterlaced: false,
  },
  {
    name: 'interlaced main',
    hex: '014d4028ffe10019674d4028f403c0227ef011000003000100000300321f162ea001000468de0fc8',
    codec: 'avc1.4d4028',
    picture: { profile: 77, chromaFormat: 1, bitDepth: 8, width: 1920, height: 1080, frameRateMilli: 25_000 },
    isInterlaced: true,
  },
];

describe('parseAvcConfig', () => {
  for (const { name, hex, codec, picture, isInterlaced } of CONFIGS) {
    it(`reads ${name}`, () => {
      const bytes = bytesOf(hex);
      expect(Cmaf.parseAvcConfig(bytes, 0, bytes.length)).toEqual({
        codec,
        picture: { ...picture, isInterlaced },
      });
    });
  }

  it('gives no picture for any cut of a parameter set before its size', () => {
    const bytes = bytesOf(CONFIGS[1]?.hex ?? '');
    for (let end = 7; end < 16; end++) {
      expect(Cmaf.parseAvcConfig(bytes.subarray(0, end), 0, end)?.picture).toBeUndefined();
    }
  });
});

describe('parseAacConfig', () => {
  it('reads AAC-LC at 48 kHz in stereo', () => {
    expect(Cmaf.parseAacConfig(bytesOf('1190'))).toEqual({
      codec: 'mp4a.40.2',
      sampleRate: 48_000,
      channels: 2,
      frameSamples: 1024,
    });
  });

  it('counts HE-AAC in its core rate', () => {
    // Type 5, 24 kHz core, stereo, 48 kHz extension, type 2.
    expect(Cmaf.parseAacConfig(bytesOf('2b118800'))).toMatchObject({
      codec: 'mp4a.40.5',
      sampleRate: 24_000,
    });
  });

  it('refuses a configuration without a sample rate', () => {
    expect(Cmaf.parseAacConfig(bytesOf('17'))).toBeUndefined();
    expect(Cmaf.parseAacConfig(bytesOf('1690'))).toBeUndefined();
  });
});
