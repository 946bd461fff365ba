import { describe, expect, it } from 'vitest';
import {
  exitReason,
  inputTrouble,
  isCodecRefusedLine,
  isPortTakenLine,
  isWrongKeyLine,
  lastComplaint,
  readInputReport,
} from '../../../broadcaster/src/ingest/ffmpeg-lines.js';

const film = [
  "Input #0, mov,mp4,m4a,3gp,3g2,mj2, from 'film.mp4':",
  '  Duration: 00:00:04.00, start: 0.000000, bitrate: 855 kb/s',
  '  Stream #0:0[0x1](und): Video: h264 (High) (avc1 / 0x31637661), yuv420p(tv, bt709, progressive), 1280x720 [SAR 1:1 DAR 16:9], 700 kb/s, 29.97 fps, 29.97 tbr, 30k tbn (default)',
  '  Stream #0:1[0x2](und): Audio: ac3 (ac-3 / 0x332D6361), 48000 Hz, stereo, fltp, 192 kb/s (default)',
  'Stream mapping:',
  '  Stream #0:0 -> #0:0 (copy)',
];

describe('readInputReport', () => {
  it('reads what ffmpeg says of a file', () => {
    expect(readInputReport(film)).toEqual({
      isOpened: true,
      format: 'mov,mp4,m4a,3gp,3g2,mj2',
      hasDuration: true,
      durationMs: 4_000,
      hasVideo: true,
      hasAudio: true,
      videoCodec: 'h264',
      audioCodec: 'ac3',
      width: 1280,
      height: 720,
      isInterlaced: false,
      frameRateMilli: 29_970,
    });
  });

  it('tells a live stream by its missing duration', () => {
    const live = ["Input #0, hls, from 'x':", '  Duration: N/A, start: 1.4, bitrate: N/A', film[2] ?? ''];
    expect(readInputReport(live)).toMatchObject({ hasDuration: false, hasVideo: true });
  });

  it('does not take a cover for video', () => {
    const song = [
      "Input #0, mp3, from 'song.mp3':",
      '  Stream #0:0: Audio: mp3, 44100 Hz, stereo, fltp, 128 kb/s',
      '  Stream #0:1: Video: png, rgb24(pc), 500x500, 90k tbr, 90k tbn (attached pic)',
    ];
    const report = readInputReport(song);
    expect(report).toMatchObject({ hasVideo: false, hasAudio: true });
    expect(inputTrouble(report, song, 'song.mp3')).toMatchObject({
      kind: 'no-video',
      message: 'song.mp3 has sound but no video track; choose one that has video.',
    });
  });

  it('refuses pictures, texts and what ffmpeg cannot open', () => {
    const picture = [
      "Input #0, png_pipe, from 'a.png':",
      '  Stream #0:0: Video: png, rgb24(pc), 8x8, 25 tbr',
    ];
    expect(inputTrouble(readInputReport(picture), picture, 'a.png')?.kind).toBe('not-media');
    const noise = ['noise.mp4: Invalid data found when processing input'];
    expect(inputTrouble(readInputReport(noise), noise, 'noise.mp4')?.kind).toBe('not-media');
    const cut = ['[mov,mp4 @ 0x5] moov atom not found', 'pipe:0: Invalid data found when processing input'];
    expect(inputTrouble(readInputReport(cut), cut, 'It')?.message).toContain('index is missing');
  });
});

describe('single lines', () => {
  it('knows a publisher with another key or application', () => {
    expect(isWrongKeyLine('[rtmp @ 0x55d0] Unexpected stream WRONG, expecting RIGHT')).toBe(true);
    expect(isWrongKeyLine("[rtmp @ 0x55d0] App field don't match up: live <-> other")).toBe(true);
    expect(isWrongKeyLine("Input #0, data, from 'rtmp://127.0.0.1:1935/live/KEY':")).toBe(false);
  });

  it('picks the complaint that says why, without the address, which may hold a password', () => {
    const lines = [
      '[https @ 0x1] HTTP error 404 Not Found',
      'https://me:pw@host/film?key=1: Server returned 404 Not Found',
    ];
    expect(lastComplaint(lines)).toBe('Server returned 404 Not Found');
    expect(
      exitReason({ isClean: false, isKilled: false, message: 'ffmpeg exited with code 1: a\nb', lines: [] }),
    ).toBe('ffmpeg exited with code 1');
  });

  it('knows a taken port and a refused codec', () => {
    expect(isPortTakenLine('[tcp @ 0x1] bind failed: Address already in use')).toBe(true);
    const refusal =
      '[mp4 @ 0x1] Could not find tag for codec vp8 in stream #0, codec not currently supported in container';
    expect(isCodecRefusedLine(refusal)).toBe(true);
  });
});
