import { describe, expect, it } from 'vitest';
import {
  capacityOf,
  demotionMs,
  isGuilty,
  isOffererOf,
  isSuspect,
  mayMeet,
  PlanLimits,
  reachOf,
  strengthOf,
  type ViewerProfile,
} from '../../../../proto/src/plan/index.js';

const viewer = (uplinkMbps: number, rttMs = 40, linksMax = 16): ViewerProfile => ({
  uplinkBps: uplinkMbps * 1e6,
  linksMax,
  rttMs,
  network: '',
});
const slotsOf = (profile: ViewerProfile): number => capacityOf(profile, 1e6, PlanLimits.SLOTS_MAX).slots;

describe('the capacity of a viewer', () => {
  it('is what its uplink carries with headroom', () => {
    expect(slotsOf(viewer(10.5))).toBe(7);
    expect(slotsOf(viewer(3.5))).toBe(2);
  });

  it('is nothing below one stripe, and for one that only receives', () => {
    expect(slotsOf(viewer(1))).toBe(0);
    expect(slotsOf(viewer(0))).toBe(0);
  });

  it('is bounded by its own limit and by that of all', () => {
    expect(slotsOf(viewer(1_000))).toBe(PlanLimits.SLOTS_MAX);
    expect(slotsOf(viewer(1_000, 40, 5))).toBe(5);
    expect(capacityOf(viewer(1_000, 40, 0), 1e6, 16)).toEqual({ slots: 0, slotsHard: 0 });
  });

  it('leaves room for stand-ins, but never beyond the uplink', () => {
    expect(capacityOf(viewer(10.5), 1e6, 16).slotsHard).toBe(10);
    expect(capacityOf(viewer(3.5), 1e6, 16).slotsHard).toBe(3);
  });

  it('is not fooled by senseless claims', () => {
    expect(slotsOf(viewer(Number.NaN))).toBe(0);
    expect(slotsOf(viewer(-5))).toBe(0);
    expect(slotsOf(viewer(Number.POSITIVE_INFINITY))).toBe(0);
  });

  it('counts for more the faster and the nearer the viewer is', () => {
    expect(strengthOf(viewer(70), 16)).toBeGreaterThan(strengthOf(viewer(28), 16));
    expect(strengthOf(viewer(28, 20), 16)).toBeGreaterThan(strengthOf(viewer(28, 120), 16));
    expect(strengthOf(viewer(0), 0)).toBe(0);
  });
});

describe('a verdict', () => {
  it('on forgery needs a share of those served, and two at least', () => {
    expect(isGuilty({ forgery: 1, slow: 0, served: 1 })).toBe(false);
    expect(isGuilty({ forgery: 2, slow: 0, served: 6 })).toBe(true);
    expect(isGuilty({ forgery: 2, slow: 0, served: 16 })).toBe(false);
    expect(isGuilty({ forgery: 3, slow: 2, served: 16 })).toBe(true);
  });

  it('on slowness needs a share of those served, and two at least', () => {
    expect(isGuilty({ forgery: 0, slow: 1, served: 1 })).toBe(false);
    expect(isGuilty({ forgery: 0, slow: 2, served: 3 })).toBe(true);
    expect(isGuilty({ forgery: 0, slow: 4, served: 16 })).toBe(false);
    expect(isGuilty({ forgery: 0, slow: 5, served: 16 })).toBe(true);
  });

  it('lasts twice as long each time, up to a limit', () => {
    expect(demotionMs(1)).toBe(2 * demotionMs(0));
    expect(demotionMs(1_000)).toBe(PlanLimits.DEMOTION_MS_MAX);
  });

  it('goes against a reporter that accuses one parent after another', () => {
    expect(isSuspect(PlanLimits.ACCUSED_MAX)).toBe(false);
    expect(isSuspect(PlanLimits.ACCUSED_MAX + 1)).toBe(true);
  });
});

describe('the reach of a viewer', () => {
  it('is hard when a share of its pairs failed', () => {
    expect(reachOf(2, 2)).toBe('open');
    expect(reachOf(3, 20)).toBe('hard');
    expect(reachOf(3, 100)).toBe('open');
  });

  it('is cut off when nearly all failed', () => {
    expect(reachOf(6, 6)).toBe('cut-off');
    expect(reachOf(6, 12)).toBe('hard');
  });

  it('keeps two apart that are both hard to reach', () => {
    expect(mayMeet('hard', 'open')).toBe(true);
    expect(mayMeet('hard', 'hard')).toBe(false);
    expect(mayMeet('open', 'cut-off')).toBe(false);
  });
});

it('makes exactly one of two viewers the offerer', () => {
  for (let a = 1; a < 12; a++)
    for (let b = a + 1; b < 12; b++) expect(isOffererOf(a, b)).toBe(!isOffererOf(b, a));
});
