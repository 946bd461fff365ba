import { expect, test } from 'vitest';
import {
  createJsonReport,
  createTextReport,
  type WatchFigures,
} from '../../../../viewer/src/app/watch-report.js';

const figures: WatchFigures = {
  latencyMs: 123.456,
  network: {
    piecesVerified: 9,
    piecesRefused: 1,
    bytesReceived: 5000,
    bitrate: 2_500_000,
    rttMs: 1.26,
    parents: 1,
  },
  watchedMs: 61_000,
  gapCount: 0,
  recording: { durationMs: 3_600_000, bytes: 1_500_000_000 },
};

const textOf = (isTerminal: boolean) => {
  const written: string[] = [];
  return { report: createTextReport((text) => written.push(text), isTerminal), written };
};

test('JSON is one object a line, with every figure', () => {
  const lines: string[] = [];
  const report = createJsonReport((text) => lines.push(text));
  report.figures(figures);
  report.figures({ ...figures, latencyMs: undefined, recording: undefined });
  report.recorded({ file: 'a.mp4', durationMs: 1, bytes: 2 });
  const [first, second, third] = lines.map((line) => JSON.parse(line));
  expect(lines.every((line) => line.indexOf('\n') === line.length - 1)).toBe(true);
  expect(first).toMatchObject({
    event: 'stats',
    latencyMs: 123.5,
    rttMs: 1.3,
    bitrate: 2_500_000,
    recordedBytes: 1_500_000_000,
  });
  expect(second).toMatchObject({ latencyMs: null });
  expect(second).not.toHaveProperty('recordedMs');
  expect(third).toEqual({ event: 'recorded', file: 'a.mp4', durationMs: 1, bytes: 2 });
});

test('a terminal gets one line of figures that is written over; a log gets none', () => {
  const terminal = textOf(true);
  terminal.report.figures(figures);
  terminal.report.figures(figures);
  terminal.report.status({ kind: 'ended' });
  expect(terminal.written).toHaveLength(3);
  expect(terminal.written[0]).toContain(
    '00:01:01 | latency 123 ms | 2.50 Mbit/s | 9 pieces verified, 1 refused',
  );
  expect(terminal.written[0]).toContain('recorded 01:00:00, 1.50 GB');
  expect(terminal.written.every((text) => text.startsWith('\r\x1b[K'))).toBe(true);
  expect(terminal.written.join('').split('\n')).toHaveLength(2);
  const log = textOf(false);
  log.report.figures(figures);
  expect(log.written).toEqual([]);
});

/** A title comes from the network; on a terminal its control characters could rewrite what is shown. */
test('a title cannot send control characters to the terminal', () => {
  const { report, written } = textOf(true);
  report.broadcast('evil\x1b]0;owned\x07\u202Etxt');
  expect(written).toEqual(['"evil ]0;owned  txt"\n']);
});

test('the same sentence is not said twice in a row', () => {
  const { report, written } = textOf(false);
  report.note('Stopping.');
  report.note('Stopping.');
  expect(written).toEqual(['Stopping.\n']);
});
