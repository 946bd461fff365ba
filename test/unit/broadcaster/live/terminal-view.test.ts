import { describe, expect, it } from 'vitest';
import { createJsonView, type LiveReady } from '../../../../broadcaster/src/live/live-view.js';
import { portOption, sizeOption, wholeNumberOption } from '../../../../broadcaster/src/live/options.js';
import {
  createTerminalView,
  formatReady,
  formatStatus,
} from '../../../../broadcaster/src/live/terminal-view.js';

const ready: LiveReady = {
  title: 'Title',
  address: 'fr1abc',
  watch: 'http://localhost:8080/watch/fr1abc',
  share: undefined,
  app: 'freshet:fr1abc',
  keyFile: 'folder/channel.key',
  isNewKey: true,
  control: undefined,
  push: { url: 'rtmp://localhost:1935/live', streamKey: 'secret' },
};
const status = { state: 'live', viewers: 1, bitrate: 2_640_000, speed: 1.02, elapsedMs: 3_725_000 } as const;

describe('the terminal view', () => {
  it('says state, time, viewers, bitrate and encoder speed in one line', () => {
    expect(formatStatus(status)).toBe('LIVE  ·  01:02:05  ·  1 viewer  ·  2.6 Mbit/s  ·  encoder 1.02x');
    expect(formatStatus({ ...status, viewers: 2, speed: undefined })).not.toMatch(/encoder/);
  });

  it('prints link, address, where to push to and where a new key lies', () => {
    const text = formatReady(ready, false);
    for (const part of [ready.watch, ready.address, 'rtmp://localhost:1935/live', 'secret', ready.keyFile])
      expect(text).toContain(part);
  });

  it('keeps one status line up to date on a terminal, and leaves it out elsewhere', () => {
    const written = (isTTY: boolean): string => {
      let text = '';
      const view = createTerminalView({ isTTY, columns: 80, write: (part) => (text += part) });
      view.status(status);
      view.status(status);
      view.note('a note');
      return text;
    };
    expect(written(true).split('\n')).toHaveLength(2);
    expect(written(true)).toMatch(/\r/);
    expect(written(false)).toBe('  a note\n');
  });
});

describe('the JSON view', () => {
  it('writes one object a line', () => {
    const lines: string[] = [];
    const view = createJsonView((line) => lines.push(line));
    view.ready(ready);
    view.status(status);
    view.ended('stopped');
    expect(lines.every((line) => line.endsWith('\n') && line.trim().split('\n').length === 1)).toBe(true);
    expect(lines.map((line) => JSON.parse(line).event)).toEqual(['ready', 'status', 'ended']);
  });
});

describe('option values', () => {
  it('take what is in range and say what they take otherwise', () => {
    expect(wholeNumberOption('--n', '7', 1, 9)).toBe(7);
    expect(() => wholeNumberOption('--n', '7.5', 1, 9)).toThrow('--n takes a whole number from 1 to 9');
    expect(portOption('--port', true, 1935)).toBe(1935);
    expect(() => portOption('--port', '70000', 0)).toThrow('--port takes');
    expect(sizeOption('--size', '1280x720')).toEqual({ width: 1280, height: 720 });
    for (const text of ['1281x720', '12x12', '1280', 'axb', '9999x9999'])
      expect(() => sizeOption('--size', text)).toThrow('--size takes');
  });
});
