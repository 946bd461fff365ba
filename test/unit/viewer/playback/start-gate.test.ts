import { describe, expect, it } from 'vitest';
import { BURST_MS_MAX, BURST_SILENCE_MS, StartGate } from '../../../../viewer/src/playback/start-gate.js';
import { at, CHUNK_MS } from './chunks.js';

describe('start gate', () => {
  it('stays closed before anything arrived', () => {
    expect(new StartGate().opens(at(10_000))).toBe(false);
  });

  it('stays closed while a burst comes in', () => {
    const gate = new StartGate();
    for (let n = 0; n < 30; n += 1) gate.noteArrival(at(100 + n), CHUNK_MS);
    expect(gate.opens(at(130))).toBe(false);
  });

  it('opens once after a silence', () => {
    const gate = new StartGate();
    gate.noteArrival(at(100), CHUNK_MS);
    expect(gate.opens(at(100 + BURST_SILENCE_MS))).toBe(true);
    expect(gate.opens(at(101 + BURST_SILENCE_MS))).toBe(false);
    expect(gate.isOpen).toBe(true);
  });

  it('opens when chunks come at the pace they are made', () => {
    const gate = new StartGate();
    for (let n = 0; n < 3; n += 1) gate.noteArrival(at(100 + n * CHUNK_MS), CHUNK_MS);
    expect(gate.opens(at(100 + 2 * CHUNK_MS))).toBe(true);
  });

  it('opens at the latest after its limit, however long the burst', () => {
    const gate = new StartGate();
    for (let ms = 0; ms <= BURST_MS_MAX; ms += 5) gate.noteArrival(at(ms), CHUNK_MS);
    expect(gate.opens(at(BURST_MS_MAX))).toBe(true);
  });

  it('waits for the next burst after a restart', () => {
    const gate = new StartGate();
    gate.noteArrival(at(0), CHUNK_MS);
    gate.opens(at(1000));
    gate.restart();
    expect(gate.isOpen).toBe(false);
    expect(gate.opens(at(2000))).toBe(false);
  });
});
