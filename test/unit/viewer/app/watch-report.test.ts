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
    mesh: undefined,
  },
  watchedMs: 61_000,
  gapCount: 0,
  recording: { durationMs: 3_600_000, bytes: 1_500_000_000 },
};

const meshed: WatchFigures = {
  ...figures,
  network: {
    ...figures.network,
    mesh: {
      bytesFromRelay: 1_000,
      bytesFromPeers: 2_000,
      bytesToPeers: 4_000,
      neighbourCount: 5,
      helpedCount: 3,
      stripesFromPeers: 3,
      stripeCount: 4,
      uplinkBps: 8_000_000.4,
      piecesRequested: 2,
      piecesRepaired: 1,
      piecesDropped: 0,
      sourceSwitches: 0,
      peer: 1,
      sources: [],
      handovers: [],
    },
  },
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

test('a viewer in the mesh says what it gets from others and what it does for them', () => {
  const terminal = textOf(true);
  terminal.report.figures(meshed);
  expect(terminal.written[0]).toContain('67 % from viewers, helping 3, 5 neighbours');
  const lines: string[] = [];
  createJsonReport((text) => lines.push(text)).figures(meshed);
  expect(JSON.parse(lines[0] ?? '').mesh).toMatchObject({
    shareFromViewers: 0.667,
    bytesFromPeers: 2_000,
    bytesToPeers: 4_000,
    helpedCount: 3,
    neighbourCount: 5,
    uplinkBps: 8_000_000,
  });
});

test('a share of nothing is unknown, and a viewer outside of the mesh has none', () => {
  const { mesh } = meshed.network;
  if (!mesh) throw new Error('there are figures of the mesh');
  const early = {
    ...meshed,
    network: { ...meshed.network, mesh: { ...mesh, bytesFromRelay: 0, bytesFromPeers: 0 } },
  };
  const terminal = textOf(true);
  terminal.report.figures(early);
  terminal.report.figures(figures);
  expect(terminal.written[0]).toContain('? % from viewers');
  expect(terminal.written[1]).not.toContain('viewers');
  const lines: string[] = [];
  const report = createJsonReport((text) => lines.push(text));
  report.figures(early);
  report.figures(figures);
  expect(lines.map((line) => JSON.parse(line).mesh?.shareFromViewers ?? null)).toEqual([null, null]);
  expect(JSON.parse(lines[1] ?? '').mesh).toBeNull();
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
