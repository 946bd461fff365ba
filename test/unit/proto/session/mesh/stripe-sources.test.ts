import { Limits, type MonoMs, monoMs } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { RELAY } from '../../../../../proto/src/plan/index.js';
import { Neighbour } from '../../../../../proto/src/session/mesh/neighbour.js';
import { StripeSources } from '../../../../../proto/src/session/mesh/stripe-sources.js';

const at = (ms: number): MonoMs => monoMs(1_000 + ms);
const neighbour = (peer: number): Neighbour =>
  new Neighbour(
    peer,
    { peer, parentMask: 0, childMask: 0, standbyMask: 0, weight: 1, isOfferer: false },
    at(0),
  );
const A = neighbour(1);
const B = neighbour(2);

describe('the stripes of a viewer', () => {
  it('all come from the relay at first', () => {
    const sources = new StripeSources(4, at(0));
    expect(sources.count).toBe(4);
    expect(sources.relayMask).toBe(0b1111);
    expect(sources.fedByPeers).toBe(0);
    expect(sources.fedBy(RELAY)).toEqual([0, 1, 2, 3]);
    expect(sources.planned(0)).toBeUndefined();
  });

  it('have masks for all 32 of them', () => {
    const sources = new StripeSources(32, at(0));
    expect(sources.relayMask).toBe(0xffffffff);
    sources.replace(31, A);
    expect(sources.maskOf(A)).toBe(0x80000000);
  });

  it('that are none are nobody’s, and change nothing', () => {
    const sources = new StripeSources(2, at(0));
    sources.plan(2, 7);
    sources.await(2, A, at(0));
    sources.replace(2, A);
    expect(sources.promote(2, RELAY)).toBe(false);
    expect(sources.expire(2, at(9_999))).toBeUndefined();
    expect(sources.dropPending(2)).toBeUndefined();
    expect(sources.current(2)).toBe(RELAY);
    expect(sources.relayMask).toBe(0b11);
    expect(sources.plannedFromPeers).toBe(0);
  });

  it('count as planned from neighbours when the plan names one', () => {
    const sources = new StripeSources(3, at(0));
    sources.plan(0, 7);
    sources.plan(1, RELAY);
    expect(sources.plannedFromPeers).toBe(1);
    expect(sources.planned(0)).toBe(7);
    sources.plan(0, undefined);
    expect(sources.plannedFromPeers).toBe(0);
  });
});

describe('a stripe that is taken over', () => {
  it('comes from both until the new source has delivered', () => {
    const sources = new StripeSources(2, at(0));
    sources.await(0, A, at(0));
    expect(sources.relayMask).toBe(0b11);
    expect(sources.maskOf(A)).toBe(0b01);
    expect(sources.current(0)).toBe(RELAY);
    expect(sources.fedBy(A)).toEqual([]);
    expect(sources.promote(0, A)).toBe(true);
    expect(sources.relayMask).toBe(0b10);
    expect(sources.current(0)).toBe(A);
    expect(sources.pending(0)).toBeUndefined();
    expect(sources.fedByPeers).toBe(1);
  });

  it('is not taken over by a piece from somebody else', () => {
    const sources = new StripeSources(2, at(0));
    sources.await(0, A, at(0));
    expect(sources.promote(0, B)).toBe(false);
    expect(sources.promote(0, RELAY)).toBe(false);
    expect(sources.promote(1, A)).toBe(false);
    expect(sources.pending(0)).toBe(A);
  });

  it('goes to whoever was asked last', () => {
    const sources = new StripeSources(1, at(0));
    sources.await(0, A, at(0));
    sources.await(0, B, at(1));
    expect(sources.promote(0, A)).toBe(false);
    expect(sources.promote(0, B)).toBe(true);
    expect(sources.maskOf(A)).toBe(0);
  });

  it('stays where it is when its own source is asked again', () => {
    const sources = new StripeSources(1, at(0));
    sources.replace(0, A);
    sources.await(0, B, at(0));
    sources.await(0, A, at(1));
    expect(sources.pending(0)).toBeUndefined();
    expect(sources.maskOf(B)).toBe(0);
  });

  it('goes back to the relay the same way', () => {
    const sources = new StripeSources(1, at(0));
    sources.replace(0, A);
    expect(sources.relayMask).toBe(0);
    sources.await(0, RELAY, at(0));
    expect(sources.relayMask).toBe(1);
    expect(sources.maskOf(A)).toBe(1);
    expect(sources.promote(0, RELAY)).toBe(true);
    expect(sources.maskOf(A)).toBe(0);
  });
});

describe('waiting for a new source', () => {
  it('ends after its time, and tells for whom it was', () => {
    const sources = new StripeSources(1, at(0));
    sources.await(0, A, at(500));
    expect(sources.expire(0, at(500 + Limits.SOURCE_PENDING_MS_MAX - 1))).toBeUndefined();
    expect(sources.expire(0, at(500 + Limits.SOURCE_PENDING_MS_MAX))).toBe(A);
    expect(sources.pending(0)).toBeUndefined();
    expect(sources.current(0)).toBe(RELAY);
    expect(sources.expire(0, at(99_999))).toBeUndefined();
  });

  it('for the relay ends too', () => {
    const sources = new StripeSources(1, at(0));
    sources.replace(0, A);
    sources.await(0, RELAY, at(0));
    expect(sources.expire(0, at(Limits.SOURCE_PENDING_MS_MAX))).toBe(RELAY);
    expect(sources.current(0)).toBe(A);
  });

  it('goes on when the present source is given up for another', () => {
    const sources = new StripeSources(1, at(0));
    sources.replace(0, A);
    sources.await(0, B, at(0));
    sources.replace(0, RELAY);
    expect(sources.current(0)).toBe(RELAY);
    expect(sources.pending(0)).toBe(B);
  });

  it('is over when the one who is waited for takes the stripe at once', () => {
    const sources = new StripeSources(1, at(0));
    sources.await(0, B, at(0));
    sources.replace(0, B);
    expect(sources.pending(0)).toBeUndefined();
    expect(sources.current(0)).toBe(B);
    expect(sources.dropPending(0)).toBeUndefined();
  });
});

describe('a stripe that came too late from neighbours', () => {
  it('rests with the relay, longer each time, and as short as at first after a calm', () => {
    const sources = new StripeSources(2, at(0));
    const restFrom = (ms: number): number => {
      sources.rest(0, at(ms));
      let until = ms;
      while (sources.isResting(0, at(until))) until += 500;
      return until - ms;
    };
    expect(sources.isResting(0, at(0))).toBe(false);
    const rests: number[] = [];
    let now = 10;
    for (let i = 0; i < 7; i++) {
      rests.push(restFrom(now));
      now += (rests.at(-1) ?? 0) + 1_000;
    }
    expect(rests).toEqual([3_000, 6_000, 12_000, 24_000, 48_000, 60_000, 60_000]);
    expect(restFrom(now + Limits.REST_MS_MAX)).toBe(Limits.REST_MS_MIN);
    expect(sources.isResting(1, at(now))).toBe(false);
  });
});
