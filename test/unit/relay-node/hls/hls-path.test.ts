import { encodeAddress } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import {
  fileNames,
  parseDirectives,
  parseHlsTarget,
  splitHlsPath,
} from '../../../../relay-node/src/hls/hls-path.js';

const ADDRESS = encodeAddress(new Uint8Array(32).fill(7));

describe('addresses of HLS', () => {
  it('are read as they are written', () => {
    expect(parseHlsTarget('index.m3u8')).toEqual({ kind: 'multivariant', scope: 'live' });
    expect(parseHlsTarget('window.m3u8')).toEqual({ kind: 'multivariant', scope: 'window' });
    expect(parseHlsTarget('2/live.m3u8')).toEqual({ kind: 'playlist', renditionId: 2, scope: 'live' });
    expect(parseHlsTarget('2/window.m3u8')).toEqual({ kind: 'playlist', renditionId: 2, scope: 'window' });
    expect(parseHlsTarget(`2/${fileNames.map(9)}`)).toEqual({ kind: 'map', renditionId: 2, epoch: 9 });
    const segment = { kind: 'segment', renditionId: 2, sequence: 5, captureMs: 1234 };
    expect(parseHlsTarget(`2/${fileNames.segment(5, 1234)}`)).toEqual(segment);
    const part = { kind: 'part', renditionId: 2, run: 77, part: 0 };
    expect(parseHlsTarget(`2/${fileNames.part(77, 0)}`)).toEqual(part);
  });

  it('belong to a channel whose address checks', () => {
    expect(splitHlsPath(`/hls/${ADDRESS}/1/live.m3u8`)).toEqual({ address: ADDRESS, rest: '1/live.m3u8' });
    expect(splitHlsPath(`/hls/${ADDRESS.slice(0, -1)}b/1/live.m3u8`)).toBeUndefined();
    expect(splitHlsPath(`/hls/${ADDRESS}`)).toBeUndefined();
    expect(splitHlsPath(`/other/${ADDRESS}/index.m3u8`)).toBeUndefined();
  });

  it.each([
    '',
    '..',
    '../index.m3u8',
    '1/../../etc/passwd',
    '1/..%2f..%2fetc%2fpasswd',
    '1/segment-1-2.m4s/..',
    '1/segment-01-2.m4s',
    '1/segment--1-2.m4s',
    '1/segment-1e3-2.m4s',
    '1/segment-99999999999999999999-2.m4s',
    '1/part-1.m4s',
    '1/init-1.mp4\0',
    '1//live.m3u8',
    'window-0000000000.bin',
    '1\\live.m3u8',
    'index.m3u8/',
    'INDEX.M3U8',
  ])('are nothing else: %j', (rest) => {
    expect(parseHlsTarget(rest)).toBeUndefined();
  });

  it('take the delivery directives of clause 6.2.5, and refuse what is none', () => {
    const none = { sequence: undefined, part: undefined, isDelta: false };
    expect(parseDirectives('')).toEqual(none);
    expect(parseDirectives('token=1&_HLS_unknown=x')).toEqual(none);
    expect(parseDirectives('_HLS_msn=12&_HLS_part=3&_HLS_skip=YES')).toEqual({
      sequence: 12,
      part: 3,
      isDelta: true,
    });
    expect(parseDirectives('_HLS_skip=v2')).toEqual({ ...none, isDelta: true });
    for (const bad of ['_HLS_part=1', '_HLS_msn=-1', '_HLS_msn=', '_HLS_msn=1.5', '_HLS_msn=1&_HLS_part=x'])
      expect(parseDirectives(bad)).toBeUndefined();
    expect(parseDirectives(`_HLS_msn=${'9'.repeat(400)}`)).toBeUndefined();
  });
});
