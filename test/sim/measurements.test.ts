import { type MediaChunk, mediaUs, wallMs } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { Measurements } from './measurements.js';
import { WALL_START_MS } from './source.js';

const chunkAt = (chunkNumber: number): MediaChunk => ({
  epoch: 1,
  renditionId: 1,
  chunkNumber,
  isKeyframe: chunkNumber === 0,
  mediaTimeUs: mediaUs(0),
  durationUs: 100_000,
  captureMs: wallMs(WALL_START_MS + chunkNumber * 100),
  bytes: new Uint8Array(1),
});

describe('measurements', () => {
  it('forget what was before the measured span, but for the first chunks', () => {
    const measurements = new Measurements({ chunkMs: 100 });
    measurements.join('viewer', 0);
    measurements.deliver('viewer', 50, chunkAt(0));
    // 900 ms late: a stall, before the span.
    measurements.deliver('viewer', 1_000, chunkAt(1));
    measurements.receive(1_000, 100, false);
    measurements.sendFromRelay(1_000, 100);
    measurements.measureFrom(2_000);
    measurements.receive(2_100, 30, true);
    measurements.receive(2_100, 10, false);
    measurements.sendFromRelay(2_100, 40);
    for (let chunk = 2; chunk < 30; chunk++) measurements.deliver('viewer', 2_900 + chunk, chunkAt(chunk));
    const record = measurements.viewers.get('viewer');
    expect(record?.firstChunkMs).toBe(50);
    expect([measurements.peerBytes, measurements.relayBytes, measurements.relayEgressBytes]).toEqual([
      30, 10, 40,
    ]);
    expect(measurements.delays.count).toBe(28);
    expect(record?.playout.stalls).toBe(0);
  });

  it('leave what was captured before a viewer joined out of the delays', () => {
    const measurements = new Measurements({ chunkMs: 100 });
    measurements.join('viewer', 150);
    for (const chunk of [0, 1, 2]) measurements.deliver('viewer', 300, chunkAt(chunk));
    expect(measurements.delays.count).toBe(1);
    expect(measurements.delayMs(1)).toBe(100);
  });
});
