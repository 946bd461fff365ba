import { monoMs } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { FailureWatch } from '../../../../proto/src/repair/failure-watch.js';
import { areApart, type Gap, interpolateCapture } from '../../../../proto/src/repair/gap.js';
import { RepairLimits } from '../../../../proto/src/repair/index.js';
import { LinkBook } from '../../../../proto/src/repair/link-book.js';
import { StripeState } from '../../../../proto/src/repair/stripe-state.js';

const at = monoMs;
const STRIPES = 4;
const RUN = { knownAt: 1_000, chunks: 9 };

/** Links 2 to 5 feed stripes 0 to 3 and were heard just now; those given were late just now too. */
function watchAt(now: number, lateLinks: readonly number[], book = new LinkBook()) {
  const stripes = Array.from({ length: STRIPES }, (_, stripe) => {
    const state = new StripeState(STRIPES);
    state.setSource(at(0), 2 + stripe);
    book.heard(at(now), 2 + stripe);
    return state;
  });
  for (const link of lateLinks) book.of(link).lateAt = now;
  return { watch: new FailureWatch(stripes, book), book, stripes };
}

function gapOf(sequence: number, fromMs: number, toMs: number): Gap {
  return {
    sequence,
    stripe: sequence % STRIPES,
    knownAt: 1_000,
    captureMs: toMs,
    captured: { fromMs, toMs },
    lateAt: 0,
    isLate: false,
    passedAt: undefined,
    nextAt: 0,
    tries: 0,
    tried: [],
    asked: undefined,
  };
}

describe('lateness', () => {
  it('of one source, or of half of them, is theirs', () => {
    expect(watchAt(2_000, [2]).watch.late(at(2_000), 0, RUN, undefined)).toEqual({ stripe: 0, why: 'late' });
    expect(watchAt(2_000, [2, 3]).watch.late(at(2_000), 0, RUN, undefined)).toEqual({
      stripe: 0,
      why: 'late',
    });
  });

  it('of most sources is held against nobody, for a time', () => {
    const { watch, book } = watchAt(2_000, [2, 3, 4]);
    let heldUntil = 0;
    for (let now = 2_000; now < 5_000; now += 100) {
      for (const link of [2, 3, 4, 5]) book.heard(at(now), link);
      for (const link of [2, 3, 4]) book.of(link).lateAt = now;
      if (watch.late(at(now), 0, RUN, undefined)) break;
      heldUntil = now;
    }
    expect(heldUntil).toBeGreaterThanOrEqual(2_000 + RepairLimits.COMMON_LATE_MS - 100);
    expect(heldUntil).toBeLessThan(2_000 + RepairLimits.COMMON_LATE_MS);
  });

  it('of a source that was not heard since is silence, common or not', () => {
    const book = new LinkBook();
    const { watch } = watchAt(900, [2, 3, 4], book);
    expect(watch.late(at(1_200), 0, RUN, undefined)).toEqual({ stripe: 0, why: 'silent' });
  });

  it('of the relay is nobody’s: its link delivers in order', () => {
    expect(watchAt(2_000, [2]).watch.late(at(2_000), 0, RUN, 2)).toBeUndefined();
  });
});

describe('silence while paused', () => {
  it('is not reported even if the watch is looked at', () => {
    const { watch, book } = watchAt(1_000, []);
    watch.progress(at(1_000));
    book.owes(2, 1_000, { fromMs: 0, toMs: 0 });
    book.owes(2, 1_050, { fromMs: 50, toMs: 50 });
    watch.setLive(at(1_010), false);
    expect(watch.silent(at(9_000), undefined)).toBeUndefined();
    expect(watch.nextAt(undefined)).toBe(Number.POSITIVE_INFINITY);
    watch.setLive(at(9_000), true);
    expect(watch.silent(at(9_000), undefined)).toBeUndefined();
  });

  it('of the relay is waited for longer', () => {
    const { watch, book } = watchAt(1_000, []);
    book.owes(2, 1_000, { fromMs: 0, toMs: 0 });
    book.owes(2, 1_050, { fromMs: 50, toMs: 50 });
    expect(watch.nextAt(undefined)).toBe(1_000 + RepairLimits.SILENT_MS);
    expect(watch.nextAt(2)).toBe(1_000 + RepairLimits.RELAY_SILENT_MS);
  });
});

describe('a run of late pieces', () => {
  const stateAt = (): StripeState => {
    const state = new StripeState(STRIPES);
    state.setSource(at(0), 2);
    return state;
  };

  it('needs two chunks: what may be one keyframe is one', () => {
    const state = stateAt();
    expect(state.markLate(at(1_100), gapOf(8, 966, 1_000))).toBeUndefined();
    expect(state.markLate(at(1_100), gapOf(12, 1_000, 1_000))).toBeUndefined();
    expect(state.markLate(at(1_100), gapOf(16, 1_066, 1_100))).toBeDefined();
  });

  it('is broken by a piece in time, whatever the order in which it is noticed', () => {
    const state = stateAt();
    state.markLate(at(1_100), gapOf(8, 0, 0));
    state.onTime(12, 1_050);
    expect(state.markLate(at(1_100), gapOf(16, 200, 200))).toBeUndefined();
    expect(state.markLate(at(1_100), gapOf(20, 300, 300))).toBeDefined();
    const other = stateAt();
    other.markLate(at(1_100), gapOf(12, 100, 100));
    expect(other.markLate(at(1_100), gapOf(8, 0, 0))).toBeDefined();
  });

  it('does not count in the time of grace, nor what the source before owed', () => {
    const state = stateAt();
    state.setSource(at(900), 3);
    for (const sequence of [8, 12])
      expect(state.markLate(at(1_000), gapOf(sequence, sequence * 9, sequence * 9))).toBeUndefined();
    state.setSource(at(1_050), 4);
    for (const sequence of [8, 12])
      expect(state.markLate(at(9_000), gapOf(sequence, sequence * 9, sequence * 9))).toBeUndefined();
  });
});

describe('the capture of a missing piece', () => {
  it('lies between those around it', () => {
    expect(interpolateCapture(5, { sequence: 4, captureMs: 100 }, { sequence: 8, captureMs: 180 })).toBe(120);
    expect(areApart({ fromMs: 0, toMs: 33 }, { fromMs: 33, toMs: 66 })).toBe(false);
    expect(areApart({ fromMs: 0, toMs: 33 }, { fromMs: 66, toMs: 66 })).toBe(true);
  });
});
