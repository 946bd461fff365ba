import { describe, expect, it } from 'vitest';
import {
  allSilentMs,
  chooseServer,
  isCommonLateness,
  lagAllowanceMs,
  type NeighbourView,
  RepairLimits,
  reorderWindowMs,
  requestAt,
  requestRate,
} from '../../../../proto/src/repair/index.js';

const { LAG_TOLERANCE_MS_MIN: LEAST, LAG_TOLERANCE_MS_MAX: MOST } = RepairLimits;

describe('when a piece is overdue', () => {
  it('follows mean and deviation between a least and a most', () => {
    expect(lagAllowanceMs(100, 1, 0)).toBe(100 + LEAST);
    expect(lagAllowanceMs(100, 20, 0)).toBe(180);
    expect(lagAllowanceMs(100, 500, 0)).toBe(100 + MOST);
    expect(lagAllowanceMs(100, undefined, 0)).toBe(100 + MOST);
    expect(lagAllowanceMs(100, 1, 80)).toBeCloseTo(100 + 80 * RepairLimits.PEAK_MARGIN);
    expect(lagAllowanceMs(5_000, 1, 0)).toBe(RepairLimits.LAG_MEAN_MS_MAX + LEAST);
  });

  it('waits for as much reordering as was seen', () => {
    expect(reorderWindowMs(0)).toBe(RepairLimits.REORDER_MS);
    expect(reorderWindowMs(60)).toBeCloseTo(72);
    expect(reorderWindowMs(1_000)).toBe(MOST);
  });

  it('is sooner where the deadline is near, but never before jitter can explain it', () => {
    expect(requestAt(1_000, 1_200, 5_000)).toBe(1_200);
    expect(requestAt(1_000, 1_200, 1_250)).toBe(1_250 - RepairLimits.REPAIR_RESERVE_MS);
    expect(requestAt(1_000, 1_200, 1_050)).toBe(1_000 + LEAST);
  });

  it('takes silence of all for longer where pieces are rare', () => {
    expect(allSilentMs(22, 10)).toBe(RepairLimits.ALL_SILENT_MS);
    expect(allSilentMs(400, 50)).toBe(600);
    expect(allSilentMs(60_000, 0)).toBe(RepairLimits.ALL_SILENT_MS_MAX);
  });

  it('is nobody’s fault when most sources are late together', () => {
    expect([isCommonLateness(1, 1), isCommonLateness(1, 4), isCommonLateness(2, 4)]).toEqual([
      false,
      false,
      false,
    ]);
    expect([isCommonLateness(2, 2), isCommonLateness(3, 4)]).toEqual([true, true]);
  });

  it('allows requests in proportion to the pieces that come', () => {
    expect(requestRate(0)).toBe(RepairLimits.REQUEST_RATE_MIN);
    expect(requestRate(400)).toBe(400 * RepairLimits.REQUEST_SHARE);
  });
});

describe('of whom a piece is asked', () => {
  const near: NeighbourView = { link: 2, canServe: 0b0001, rttMs: 20, isRelay: false };
  const far: NeighbourView = { link: 3, canServe: 0b0011, rttMs: 60, isRelay: false };
  const relay: NeighbourView = { link: 1, canServe: -1, rttMs: 10, isRelay: true };
  const all = [relay, near, far];
  const want = { stripe: 0, source: 9, tried: [], timeLeftMs: 400 };
  const none = new Map();
  const linkOf = (choice: ReturnType<typeof chooseServer>): number | string =>
    choice.kind === 'ask' ? choice.link : choice.kind;

  it('is the nearest that has the stripe, the relay only when no other is left', () => {
    expect(linkOf(chooseServer(want, all, none))).toBe(2);
    expect(linkOf(chooseServer({ ...want, stripe: 1 }, all, none))).toBe(3);
    expect(linkOf(chooseServer({ ...want, stripe: 2 }, all, none))).toBe(1);
    expect(linkOf(chooseServer({ ...want, tried: [2] }, all, none))).toBe(3);
    expect(linkOf(chooseServer({ ...want, tried: [2, 3] }, all, none))).toBe(1);
    expect(linkOf(chooseServer({ ...want, tried: [2, 3, 1] }, all, none))).toBe('exhausted');
  });

  it('is not who owes it', () => {
    expect(linkOf(chooseServer({ ...want, source: 2 }, all, none))).toBe(3);
    expect(linkOf(chooseServer({ ...want, source: 2 }, [near], none))).toBe('exhausted');
  });

  it('is another when one has much to answer or has failed', () => {
    expect(linkOf(chooseServer(want, all, new Map([[2, { openCount: 5, failures: 0 }]])))).toBe(3);
    expect(linkOf(chooseServer(want, all, new Map([[2, { openCount: 0, failures: 1 }]])))).toBe(3);
    const failed = new Map([2, 3].map((link) => [link, { openCount: 0, failures: 99 }]));
    expect(linkOf(chooseServer(want, all, failed))).toBe(2);
  });

  it('is the relay when there is no time for two tries, whoever can make it when the relay cannot', () => {
    expect(linkOf(chooseServer({ ...want, timeLeftMs: 80 }, all, none))).toBe(1);
    const slowRelay = { ...relay, rttMs: 200 };
    expect(linkOf(chooseServer({ ...want, timeLeftMs: 80 }, [slowRelay, near, far], none))).toBe(2);
  });

  it('is the relay while the picture waits', () => {
    expect(linkOf(chooseServer({ ...want, timeLeftMs: -50 }, all, none))).toBe(1);
    expect(linkOf(chooseServer({ ...want, timeLeftMs: -50, tried: [1] }, all, none))).toBe(2);
  });

  it('is nobody when no answer can come in time to be of use', () => {
    const lastMs = 8 - RepairLimits.REPAIR_OVERTIME_MS;
    expect(linkOf(chooseServer({ ...want, timeLeftMs: lastMs }, all, none))).toBe('hopeless');
    expect(linkOf(chooseServer({ ...want, timeLeftMs: lastMs + 5 }, all, none))).toBe(1);
    expect(linkOf(chooseServer(want, [], none))).toBe('exhausted');
  });
});
