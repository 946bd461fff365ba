import { beforeEach, describe, expect, it } from 'vitest';
import {
  ARRIVALS_TRUSTED,
  ArrivalMeter,
  JITTER_UNKNOWN_MS,
} from '../../../../viewer/src/playback/arrival.js';
import { at, CHUNK_MS, makeChunk } from './chunks.js';

describe('arrival meter', () => {
  let meter: ArrivalMeter;
  /** Chunks come at their pace, each `lateMs(n)` late. */
  const arrive = (from: number, count: number, lateMs: (number: number) => number = () => 0): void => {
    for (let n = from; n < from + count; n += 1)
      meter.note(at(5000 + n * CHUNK_MS + lateMs(n)), makeChunk(n));
  };

  beforeEach(() => {
    meter = new ArrivalMeter();
  });

  it('is careful until it has seen enough', () => {
    arrive(0, ARRIVALS_TRUSTED - 10);
    expect(meter.jitterMs).toBe(JITTER_UNKNOWN_MS);
  });

  it('finds no jitter where there is none', () => {
    arrive(0, 100);
    expect(meter.jitterMs).toBeLessThan(1);
  });

  it('finds the spread of late arrivals', () => {
    arrive(0, 200, (n) => (n % 10 === 0 ? 12 : 0));
    expect(meter.jitterMs).toBeCloseTo(12, 0);
  });

  it('takes the whole lateness of a batch from its first chunk', () => {
    arrive(0, 100);
    for (let n = 100; n < 104; n += 1) meter.note(at(5000 + 104 * CHUNK_MS), makeChunk(n));
    arrive(105, 60);
    expect(meter.jitterMs).toBeLessThan(1);
    for (let batch = 0; batch < 15; batch += 1) {
      const first = 165 + batch * 10;
      for (let n = first; n < first + 4; n += 1) meter.note(at(5000 + (first + 4) * CHUNK_MS), makeChunk(n));
      arrive(first + 5, 5);
    }
    expect(meter.jitterMs).toBeGreaterThan(3.5 * CHUNK_MS);
  });

  it('does not take the burst of a join for jitter', () => {
    for (let n = 0; n < 30; n += 1) meter.note(at(6000 + n / 10), makeChunk(n));
    arrive(31, 100);
    expect(meter.jitterMs).toBeLessThan(1);
  });

  it('does not take the first moments of a page that still loads for jitter', () => {
    arrive(0, 8, () => 300);
    arrive(20, 100);
    expect(meter.jitterMs).toBeLessThan(1);
  });

  it('does not take an outage for jitter', () => {
    arrive(0, 100);
    arrive(100, 100, () => 3000);
    meter.restart();
    arrive(200, 100, () => 3000);
    expect(meter.jitterMs).toBeLessThan(1);
  });

  it('knows how long a chunk is', () => {
    arrive(0, 10);
    expect(meter.chunkMs).toBeCloseTo(CHUNK_MS, 1);
  });
});
