import { AudienceBook, EMPTY_SUMMARY, Limits, monoMs, type Playing } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { SUMMARY } from './summaries.js';

const BITRATE = 1_000_000;
const NOW = monoMs(1_000);
const OWN = { id: 5, egressBps: 0 };
const said = (more: Partial<Playing> = {}): Playing => ({
  kind: 'playing',
  renditionId: 1,
  latencyMs: 120,
  stalls: 0,
  stallMs: 0,
  spanMs: 4_000,
  relayBytes: 0,
  peerBytes: 0,
  givenBytes: 0,
  ...more,
});

describe('the book of an audience', () => {
  it('counts each viewer once in each histogram, at what it said last', () => {
    const book = new AudienceBook<number>();
    book.join(1, 11, false);
    book.join(2, 12, true);
    book.join(2, 12, true);
    book.report(1, said(), BITRATE);
    book.report(1, said({ latencyMs: 90 }), BITRATE);
    const { viewers, joins, latency, stalls } = book.take(NOW, OWN);
    expect([viewers, joins]).toEqual([2, 2]);
    expect(latency.slice(0, 2)).toEqual([1, 0]);
    expect(stalls[0]).toBe(2);
    book.leave(1);
    book.leave(1);
    book.leave(2);
    const after = book.take(NOW, OWN);
    expect(after).toEqual({ ...EMPTY_SUMMARY, relays: 1, leaves: 2, rows: after.rows });
  });

  it('believes no viewer more bits than its stream can be, whatever it claims', () => {
    const book = new AudienceBook<number>();
    book.join(1, 11, false);
    for (const spanMs of [0, 1, 4_000, 0xffffffff]) {
      book.report(1, said({ relayBytes: 0xffffffff, peerBytes: 0xffffffff, spanMs }), BITRATE);
      const { relayBps, peerBps } = book.take(NOW, OWN);
      expect(Math.max(relayBps, peerBps)).toBeLessThanOrEqual(BITRATE * Limits.CLAIMED_RATE_MAX);
    }
    book.leave(1);
    expect(book.take(NOW, OWN).peerBps).toBe(0);
  });

  it('forgets a stall within a minute', () => {
    const book = new AudienceBook<number>();
    book.join(1, 11, false);
    book.report(1, said({ stallMs: 1_000 }), BITRATE);
    expect(book.take(NOW, OWN).stalls[4]).toBe(1);
    for (let told = 0; told < 60; told++) book.report(1, said(), BITRATE);
    expect(book.take(NOW, OWN).stalls[0]).toBe(1);
  });

  it('drops a child relay that has fallen silent, or says that its audience is elsewhere', () => {
    const book = new AudienceBook<number>();
    book.addSummary(NOW, 7, SUMMARY, BITRATE);
    expect(book.take(NOW, OWN)).toMatchObject({ viewers: 4, relays: 3, joins: 5, leaves: 1 });
    expect(book.take(NOW, OWN)).toMatchObject({ viewers: 4, relays: 3, joins: 0, leaves: 0 });
    book.addSummary(NOW, 7, EMPTY_SUMMARY, BITRATE);
    expect(book.take(NOW, OWN).relays).toBe(1);
    book.addSummary(NOW, 7, SUMMARY, BITRATE);
    expect(book.take(monoMs(NOW + Limits.SUMMARY_STALE_MS + 1), OWN).relays).toBe(1);
  });

  it('tells of a child relay one link farther away, below itself', () => {
    const book = new AudienceBook<number>();
    book.addSummary(NOW, 7, SUMMARY, BITRATE);
    const { rows } = book.take(NOW, OWN);
    expect(rows.map(({ id, parent, depth }) => [id, parent, depth])).toEqual([
      [5, 0, 0],
      [7, 5, 1],
      [8, 7, 2],
    ]);
  });
});
