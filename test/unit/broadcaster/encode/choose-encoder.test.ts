import { describe, expect, it } from 'vitest';
import {
  chooseEncoder,
  type EncoderTest,
  likelyHardware,
} from '../../../../broadcaster/src/encode/find-encoder.js';
import {
  encoderOptions,
  VIDEO_ENCODERS,
  type VideoEncoder,
} from '../../../../broadcaster/src/encode/video-encoder.js';

const tests = (...working: VideoEncoder[]): EncoderTest[] =>
  VIDEO_ENCODERS.map((encoder) =>
    working.includes(encoder) ? { encoder, works: true } : { encoder, works: false, why: 'no such device' },
  );

describe('chooseEncoder', () => {
  it('takes hardware that works by itself, and x264 where none does', () => {
    expect(chooseEncoder('auto', tests('x264', 'vaapi', 'qsv'))).toBe('qsv');
    expect(chooseEncoder('auto', tests('x264'))).toBe('x264');
    expect(chooseEncoder('auto', tests())).toBe('x264');
  });

  it('takes what was asked for, or says what failed and what works', () => {
    expect(chooseEncoder('vaapi', tests('x264', 'vaapi', 'nvenc'))).toBe('vaapi');
    expect(() => chooseEncoder('nvenc', tests('x264', 'vaapi'))).toThrow(
      'The encoder nvenc does not work on this machine (no such device); what works is vaapi, x264; leave --encoder out to have one chosen.',
    );
  });
});

describe('likelyHardware', () => {
  it('tests nothing without its device', () => {
    expect(likelyHardware('linux', () => false)).toEqual([]);
    expect(likelyHardware('linux', (path) => path === '/dev/dri')).toEqual(['qsv', 'vaapi']);
    expect(likelyHardware('linux', (path) => path === '/dev/dxg')).toEqual(['nvenc']);
    expect(likelyHardware('darwin', () => false)).toEqual(['videotoolbox']);
  });
});

describe('encoderOptions', () => {
  it('asks every encoder for a steady rate without B-frames', () => {
    for (const encoder of VIDEO_ENCODERS) {
      const options = encoderOptions({ encoder, preset: 'veryfast', kbps: 1000 });
      expect(options[options.indexOf('-bf') + 1]).toBe('0');
      expect(options[options.indexOf('-maxrate') + 1]).toBe('1000k');
    }
  });
});
