import { describe, expect, it } from 'vitest';
import {
  bitrateKbpsFor,
  type EncodePlan,
  encodedFrameRate,
  outputOptions,
  rateMilliOf,
} from '../../../broadcaster/src/encode/encode-plan.js';
import type { Ffmpeg } from '../../../broadcaster/src/encode/find-ffmpeg.js';

const ffmpeg: Ffmpeg = {
  path: 'ffmpeg',
  origin: 'PATH',
  version: '5.1',
  hasSrt: true,
  hasRtmp: true,
  hasX264: true,
  hasAac: true,
  hasFpsMode: true,
};

const plan: EncodePlan = {
  video: 'copy',
  audio: 'copy',
  reasons: [],
  frameRateMilli: 29_968,
  width: 1280,
  height: 720,
  bitrate: 0,
  isInterlaced: false,
};

const optionOf = (options: readonly string[], name: string): string | undefined =>
  options[options.indexOf(name) + 1];

describe('outputOptions', () => {
  it('touches nothing that is passed through', () => {
    const options = outputOptions(plan, {}, ffmpeg);
    expect(optionOf(options, '-c:v')).toBe('copy');
    expect(optionOf(options, '-c:a')).toBe('copy');
    for (const name of ['-r', '-vf', '-b:v', '-ar']) expect(options).not.toContain(name);
  });

  it('encodes groups of one second without B-frames, at the rate the source really has', () => {
    const options = outputOptions({ ...plan, video: 'encode' }, {}, ffmpeg);
    expect(optionOf(options, '-force_key_frames')).toBe('expr:gte(t,n_forced*1)');
    expect(optionOf(options, '-bf')).toBe('0');
    expect(optionOf(options, '-r')).toBe('30000/1001');
    expect(optionOf(options, '-pix_fmt')).toBe('yuv420p');
    expect(optionOf(options, '-c:a')).toBe('copy');
    expect(optionOf(options, '-fps_mode')).toBe('cfr');
  });

  it('speaks to an old ffmpeg in its own words', () => {
    const options = outputOptions({ ...plan, video: 'encode' }, {}, { ...ffmpeg, hasFpsMode: false });
    expect(optionOf(options, '-vsync')).toBe('cfr');
    expect(options).not.toContain('-fps_mode');
  });

  it('takes the bit rate that was asked for', () => {
    const options = outputOptions({ ...plan, video: 'encode' }, { bitrateKbps: 1234 }, ffmpeg);
    expect(optionOf(options, '-b:v')).toBe('1234k');
  });

  it('weaves fields together only where there are any', () => {
    const encode = { ...plan, video: 'encode' as const };
    expect(optionOf(outputOptions(encode, {}, ffmpeg), '-vf')).not.toContain('yadif');
    const woven = outputOptions({ ...encode, isInterlaced: true }, {}, ffmpeg);
    expect(optionOf(woven, '-vf')).toContain('yadif');
  });

  it('maps no sound where there is none', () => {
    const options = outputOptions({ ...plan, audio: 'none' }, {}, ffmpeg);
    expect(options).toContain('-an');
    expect(options).not.toContain('0:a:0');
  });
});

describe('encodedFrameRate', () => {
  it('takes a measured rate for the common one beside it, keeps an uncommon one, and caps at 60', () => {
    expect(encodedFrameRate(23_980)).toBe('24000/1001');
    expect(encodedFrameRate(25_010)).toBe('25');
    expect(encodedFrameRate(15_000)).toBe('15000/1000');
    expect(encodedFrameRate(120_000)).toBe('60');
    expect(encodedFrameRate(0)).toBe('30');
    expect(rateMilliOf('30000/1001')).toBe(29_970);
  });
});

describe('bitrateKbpsFor', () => {
  it('grows with the picture and its rate, and never beyond what 1080p takes', () => {
    expect(bitrateKbpsFor(640, 360, 30_000)).toBe(1052);
    expect(bitrateKbpsFor(1280, 720, 30_000)).toBe(2974);
    expect(bitrateKbpsFor(1280, 720, 60_000)).toBe(4164);
    expect(bitrateKbpsFor(3840, 2160, 30_000)).toBe(bitrateKbpsFor(1920, 1080, 30_000));
    expect(bitrateKbpsFor(64, 64, 30_000)).toBe(300);
  });
});
