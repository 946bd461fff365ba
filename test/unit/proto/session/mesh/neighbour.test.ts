import { Limits, type MonoMs, monoMs } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { Neighbour, SentWindow } from '../../../../../proto/src/session/mesh/neighbour.js';

const at = (ms: number): MonoMs => monoMs(1_000 + ms);
const PLAN = {
  peer: 7,
  parentMask: 0b0011,
  childMask: 0b0100,
  standbyMask: 0b0110,
  weight: 3,
  isOfferer: true,
};

describe('the pieces that went over a link', () => {
  it('are remembered, and no others', () => {
    const sent = new SentWindow();
    for (const sequence of [0, 5, 511]) sent.add(sequence);
    expect([0, 5, 511].map((sequence) => sent.has(sequence))).toEqual([true, true, true]);
    expect([1, 4, 6, 510, 512].map((sequence) => sent.has(sequence))).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  it('are none at first, not even piece 0', () => {
    const sent = new SentWindow();
    for (const sequence of [0, 1, Limits.SENT_WINDOW_PIECES, 4_294_967_295])
      expect(sent.has(sequence), `${sequence}`).toBe(false);
  });

  it('are forgotten when as many newer ones have gone', () => {
    const sent = new SentWindow();
    for (let sequence = 100; sequence < 100 + Limits.SENT_WINDOW_PIECES; sequence++) sent.add(sequence);
    expect(sent.has(100)).toBe(true);
    sent.add(100 + Limits.SENT_WINDOW_PIECES);
    expect(sent.has(100)).toBe(false);
    expect(sent.has(101)).toBe(true);
  });

  it('are remembered by their whole number, over the sign of a 32-bit word too', () => {
    const sent = new SentWindow();
    for (const sequence of [2 ** 31 - 1, 2 ** 31, 2 ** 32 - 2]) {
      sent.add(sequence);
      expect(sent.has(sequence), `${sequence}`).toBe(true);
    }
  });

  it('are all forgotten in a new epoch', () => {
    const sent = new SentWindow();
    sent.add(0);
    sent.add(9);
    sent.clear();
    expect(sent.has(0) || sent.has(9)).toBe(false);
  });
});

describe('a neighbour', () => {
  it('begins unconnected, heard of now, asked for nothing', () => {
    const neighbour = new Neighbour(3, PLAN, at(0));
    expect(neighbour).toMatchObject({ link: 3, peer: 7, lastHeard: at(0), sourceMask: 0, takenMask: 0 });
    expect(neighbour.isReady).toBe(false);
    neighbour.phase = 'hello';
    expect(neighbour.isReady).toBe(false);
    neighbour.phase = 'ready';
    expect(neighbour.isReady).toBe(true);
  });

  it('may be asked for what it is planned to feed and to stand in for, not for what it takes', () => {
    const neighbour = new Neighbour(3, PLAN, at(0));
    expect(neighbour.servesMask).toBe(0b0111);
    neighbour.plan = { ...PLAN, parentMask: 0, standbyMask: 2 ** 31 };
    expect(neighbour.servesMask).toBe(2 ** 31);
  });

  it('that failed is spared for that stripe alone, and not for ever', () => {
    const neighbour = new Neighbour(3, PLAN, at(0));
    expect(neighbour.hasFailed(1, at(0))).toBe(false);
    neighbour.noteFailure(1, at(0));
    expect(neighbour.hasFailed(1, at(Limits.NEIGHBOUR_FAILED_MS - 1))).toBe(true);
    expect(neighbour.hasFailed(0, at(1))).toBe(false);
    expect(neighbour.hasFailed(1, at(Limits.NEIGHBOUR_FAILED_MS))).toBe(false);
  });

  it('that failed again is spared from then on', () => {
    const neighbour = new Neighbour(3, PLAN, at(0));
    neighbour.noteFailure(1, at(0));
    neighbour.noteFailure(1, at(3_000));
    expect(neighbour.hasFailed(1, at(Limits.NEIGHBOUR_FAILED_MS + 2_999))).toBe(true);
  });

  it('that leaves two pings unanswered becomes doubtful, then mute; whatever it says ends that', () => {
    const neighbour = new Neighbour(3, PLAN, at(0));
    neighbour.rttMs = 40;
    expect([neighbour.isDoubtful(at(9_999)), neighbour.askAgainAt, neighbour.muteAt]).toEqual([
      false,
      undefined,
      undefined,
    ]);
    neighbour.notePing(at(0));
    const answerMs = 40 * Limits.DOUBT_RTTS + Limits.DOUBT_MS;
    expect(neighbour.isDoubtful(at(answerMs - 1))).toBe(false);
    expect(neighbour.isDoubtful(at(answerMs))).toBe(true);
    expect(neighbour.askAgainAt).toBe(at(Limits.NEIGHBOUR_PROBE_MS));
    expect(neighbour.muteAt).toBeUndefined();
    neighbour.notePing(at(100));
    neighbour.notePing(at(150));
    expect(neighbour.askAgainAt).toBeUndefined();
    expect(neighbour.muteAt).toBe(at(100 + answerMs));
    neighbour.forgive();
    expect([neighbour.isDoubtful(at(9_999)), neighbour.muteAt, neighbour.lastHeard]).toEqual([
      false,
      undefined,
      at(0),
    ]);
    neighbour.notePing(at(150));
    neighbour.noteHeard(at(160));
    expect([neighbour.isDoubtful(at(9_999)), neighbour.lastHeard]).toEqual([false, at(160)]);
  });
});
