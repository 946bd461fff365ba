import { Limits } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { RepairLimits } from '../../../proto/src/repair/index.js';
import { Lateness } from './lateness.js';

/** Between two chunks of one stripe out of two, at 30 chunks a second. */
const STEP_MS = 66;
/** After the time of grace that a source begins with. */
const START_MS = 10_000;
const NEVER = Number.POSITIVE_INFINITY;

/** One viewer with so many stripes, each of which has shown its lag. */
function settled(stripeCount = 1): Lateness {
  const lateness = new Lateness(1, stripeCount);
  for (let entry = 0; entry < stripeCount; entry++) {
    lateness.reset(entry, 0);
    for (let piece = 0; piece < 200; piece++) lateness.learn(entry, 80, 0);
  }
  return lateness;
}

/** Reports chunk after chunk as late; answers to pings take `answerMs`. */
function lateChunks(lateness: Lateness, count: number, answerMs: number): (string | undefined)[] {
  return Array.from({ length: count }, (_, chunk) => {
    const captureMs = START_MS + chunk * STEP_MS;
    const lateMs = captureMs + 150;
    return lateness.late(0, { captureMs, lateMs, heardMs: lateMs + answerMs });
  });
}

describe('a viewer of the tree model', () => {
  it('leaves a source after four late chunks while it answers, after two when it is silent', () => {
    const none = undefined;
    expect(lateChunks(settled(), 4, STEP_MS / 2)).toEqual([none, none, none, 'late']);
    expect(lateChunks(settled(), 2, NEVER)).toEqual([none, 'silent']);
  });

  it('takes a keyframe that comes slowly for one late chunk', () => {
    const lateness = settled();
    for (let piece = 0; piece < 6; piece++) {
      const late = { captureMs: START_MS, lateMs: START_MS + 150, heardMs: NEVER };
      expect(lateness.late(0, late)).toBeUndefined();
    }
  });

  it('begins to count anew with a piece in time, and with a new source', () => {
    const lateness = settled();
    lateChunks(lateness, 1, NEVER);
    lateness.onTime(0);
    expect(lateChunks(lateness, 1, NEVER)).toEqual([undefined]);
    lateness.reset(0, START_MS + 300);
    expect(lateChunks(lateness, 5, NEVER)).toEqual([undefined, undefined, undefined, undefined, undefined]);
  });

  it('does not leave all its sources because they are late together', () => {
    const lateness = settled(2);
    lateness.late(1, { captureMs: START_MS, lateMs: START_MS + 300, heardMs: START_MS + 310 });
    expect(lateChunks(lateness, 4, STEP_MS / 2).at(-1)).toBeUndefined();
  });

  it('leaves a source that leaves hardly any time, after as many pieces in a row as the core', () => {
    const lateness = settled();
    const tight = (): boolean => lateness.isTight(0, Limits.SPARE_MS_MIN - 1);
    for (let piece = 1; piece < Limits.TIGHT_RUN_MAX; piece++) expect(tight()).toBe(false);
    expect(tight()).toBe(true);
    for (let piece = 1; piece < Limits.TIGHT_RUN_MAX; piece++) tight();
    expect(lateness.isTight(0, Limits.SPARE_MS_MIN)).toBe(false);
    expect(tight()).toBe(false);
  });

  it('waits for a piece within what its stripe usually takes, and longer after it has varied', () => {
    const lateness = settled();
    expect(lateness.limitMs[0]).toBeCloseTo(80 + RepairLimits.LAG_TOLERANCE_MS_MIN, 0);
    lateness.learn(0, 180, 0);
    expect(lateness.limitMs[0]).toBeGreaterThan(180);
    for (let piece = 0; piece < 300; piece++) lateness.learn(0, 80, 0);
    expect(lateness.limitMs[0]).toBeLessThan(130);
  });
});
