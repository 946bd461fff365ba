import { describe, expect, it } from 'vitest';
import { cellsOf } from './cells.js';
import {
  delayMsOf,
  type Figures,
  mergeFigures,
  offloadOf,
  onTimeOf,
  relayEgressOf,
  stalledShareOf,
  stallFreeOf,
  startMsOf,
} from './figures.js';
import { Histogram } from './histogram.js';
import { judgeBy } from './scenarios/aims.js';
import { flashCrowd, steady } from './scenarios/mesh.js';

/** A cell's figures in which every part is easy to recognise. */
function figuresWith(changes: Partial<Figures> = {}, delaysMs: readonly number[] = [100]): Figures {
  const delays = new Histogram();
  for (const ms of delaysMs) delays.add(ms);
  return {
    cells: 1,
    joined: 4,
    starts: [100, 200],
    delays: delays.buckets,
    spanMs: 10_000,
    bitrate: 4_000_000,
    peerBytes: 900,
    relayBytes: 100,
    relayEgressBytes: 20_000_000,
    present: 4,
    stallFree: 3,
    stalledMs: 50,
    expected: 1_000,
    onTime: 990,
    forgedPlayed: 0,
    delivered: 1_000,
    skipped: 1,
    refused: { flood: 2 },
    peersOpened: 5,
    peersFailed: 1,
    seconds: [{ peerBytes: 1, relayBytes: 2, pieces: 3, hops: 4, hopsMax: 5, planMessages: 6 }],
    hosts: [],
    events: 10,
    traceHash: '0123456789abcdef',
    worldMs: 20_000,
    unmet: [],
    ...changes,
  };
}

describe('the figures of a run', () => {
  it('are shares of what was counted', () => {
    const figures = figuresWith();
    expect(offloadOf(figures)).toBe(0.9);
    expect(stallFreeOf(figures)).toBe(0.75);
    expect(stalledShareOf(figures)).toBeCloseTo((figures.stalledMs * 30) / (figures.expected * 1000), 9);
    expect(onTimeOf(figures)).toBe(0.99);
    // 160 Mbit in 10 s are 16 Mbit/s.
    expect(relayEgressOf(figures)).toBe(4);
    expect([startMsOf(figures, 0.5), startMsOf(figures, 0.95)]).toEqual([100, 200]);
  });

  it('say that a viewer who never saw anything never started', () => {
    expect(startMsOf(figuresWith({ starts: [100, Number.POSITIVE_INFINITY] }), 0.95)).toBe(
      Number.POSITIVE_INFINITY,
    );
  });

  it('of several cells are those of all their viewers, and the egress of one relay', () => {
    const second = { peerBytes: 10, relayBytes: 20, pieces: 30, hops: 40, hopsMax: 2, planMessages: 60 };
    const both = mergeFigures([
      figuresWith({}, [10, 20]),
      figuresWith(
        {
          peerBytes: 100,
          relayBytes: 900,
          starts: [300],
          refused: { flood: 1, malformed: 1 },
          seconds: [second],
        },
        [30, 1_000],
      ),
    ]);
    expect(offloadOf(both)).toBe(0.5);
    expect(relayEgressOf(both)).toBe(4);
    expect([delayMsOf(both, 0.5), delayMsOf(both, 1)]).toEqual([20, 1_000]);
    expect(both.starts).toEqual([100, 200, 300]);
    expect(both.refused).toEqual({ flood: 3, malformed: 1 });
    expect(both.seconds).toEqual([
      { peerBytes: 11, relayBytes: 22, pieces: 33, hops: 44, hopsMax: 5, planMessages: 66 },
    ]);
  });

  it('have a hash that tells in which order the cells came', () => {
    const [a, b] = [figuresWith(), figuresWith({ traceHash: 'fedcba9876543210' })];
    expect(mergeFigures([a, b]).traceHash).toBe(mergeFigures([a, b]).traceHash);
    expect(mergeFigures([a, b]).traceHash).not.toBe(mergeFigures([b, a]).traceHash);
  });
});

describe('the judge of a run', () => {
  const judge = judgeBy({ offload: 0.95, offloadSmall: 0.5, stallFree: 0.7, startMsP95: 1_000 });

  it('has nothing to say when every aim is met', () => {
    expect(judge(figuresWith())).toEqual([]);
  });

  it('asks for more offload of a large audience', () => {
    expect(judge(figuresWith({ joined: 1_000 }))).toEqual(['offload is 90.00 %, at least 95.00 % wanted']);
  });

  it('names what was missed, what was not met at the end, and anything forged that was played', () => {
    const never = {
      starts: [Number.POSITIVE_INFINITY],
      stallFree: 1,
      forgedPlayed: 1,
      unmet: ['somebody left'],
    };
    expect(judge(figuresWith(never))).toHaveLength(4);
  });
});

describe('an audience', () => {
  it('that is too large for one cell is split into equal ones, each with its own seed', () => {
    const cells = cellsOf(flashCrowd, { seed: 's', viewers: 2_500 });
    expect(cells.map(({ viewers }) => viewers)).toEqual([833, 833, 834]);
    expect(cells.map(({ seed }) => seed)).toEqual(['s/cell-0', 's/cell-1', 's/cell-2']);
    expect(cells.every(({ cells: count }) => count === 3)).toBe(true);
  });

  it('that is not keeps the seed of the run', () => {
    expect(cellsOf(flashCrowd, { seed: 's', viewers: 1_000 }).map(({ seed }) => seed)).toEqual(['s']);
    expect(cellsOf(steady, { seed: 's', viewers: 5_000 })).toHaveLength(1);
  });
});
