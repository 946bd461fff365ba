import type { MeshStats } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { statsRows } from '../../../../viewer/src/ui/stats-rows.js';
import type { PlayerStats } from '../../../../viewer/src/ui/viewing.js';

const STATS: PlayerStats = {
  latencyP50Ms: 128,
  latencyP99Ms: 190,
  bufferMs: 90,
  targetMs: 80,
  jitterMs: 4,
  rate: 1,
  behindLiveMs: 90,
  soundLagMs: undefined,
  soundStallCount: 0,
  width: 1280,
  height: 720,
  framesPerSecond: 30,
  framesDropped: 2,
  stallCount: 1,
  jumpCount: 0,
  rebuildCount: 0,
  chunksDropped: 0,
  epoch: 3,
  firstFrameMs: 210,
  piecesVerified: 12_480,
  piecesRefused: 7,
  bytesReceived: 38_100_000,
  bitrate: 1_500_000,
  rttMs: 12,
  parents: 2,
  mesh: undefined,
  hasSound: true,
  renditionName: '720p',
  codecs: 'avc1.64001f,mp4a.40.2',
};

const MESH: MeshStats = {
  bytesFromRelay: 15_300_000,
  bytesFromPeers: 24_900_000,
  bytesToPeers: 12_400_000,
  neighbourCount: 7,
  helpedCount: 3,
  stripesFromPeers: 3,
  stripeCount: 4,
  uplinkBps: 8_120_000,
  piecesRequested: 14,
  piecesRepaired: 12,
  piecesDropped: 1,
  sourceSwitches: 1,
  peer: 1,
  sources: [],
  handovers: [],
};

const rowsOf = (stats: PlayerStats): Readonly<Record<string, string>> => Object.fromEntries(statsRows(stats));

describe('statsRows', () => {
  it('shows every figure with its unit', () => {
    expect(rowsOf(STATS)).toMatchObject({
      Target: '80 ms · jitter 4 ms',
      'Bit rate': '1.5 Mbit/s',
      Picture: '1280 × 720 · 30 fps',
      'Dropped frames': '2',
      Stalls: '1',
      'Pieces verified': '12\u2009480',
      'Pieces refused': '7',
      'Round trip': '12 ms · from 2',
      Rendition: '720p',
      Codec: 'avc1.64001f,mp4a.40.2',
      Epoch: '3',
    });
  });

  it('shows a dash for what is not known yet', () => {
    const early = rowsOf({
      ...STATS,
      epoch: undefined,
      firstFrameMs: undefined,
      renditionName: '',
      codecs: '',
    });
    for (const label of ['Epoch', 'First frame', 'Rendition', 'Codec']) expect(early[label], label).toBe('–');
  });

  it('shows what a viewer in the mesh does for others and gets from them', () => {
    expect(rowsOf({ ...STATS, mesh: MESH })).toMatchObject({
      'Passed on': '12.4 MB · to 3 viewers',
      Uplink: '8.1 Mbit/s',
      Neighbours: '7 · 3 of 4 stripes',
      Repairs: '12 of 14',
    });
  });

  it('says in words that nobody is helped and nothing uploaded', () => {
    const idle = {
      ...MESH,
      helpedCount: 0,
      bytesToPeers: 0,
      uplinkBps: 0,
      piecesRequested: 0,
      piecesRepaired: 0,
    };
    expect(rowsOf({ ...STATS, mesh: idle })).toMatchObject({
      'Passed on': '0 kB · to nobody now',
      Uplink: 'off',
      Repairs: '0',
    });
    expect(rowsOf({ ...STATS, mesh: { ...MESH, helpedCount: 1 } })['Passed on']).toContain('to 1 viewer');
  });

  it('has no rows of a mesh for a viewer that is in none', () => {
    for (const label of ['Passed on', 'Uplink', 'Neighbours', 'Repairs'])
      expect(rowsOf(STATS), label).not.toHaveProperty(label);
  });
});
