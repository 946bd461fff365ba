import { describe, expect, it } from 'vitest';
import { REGION_DELAYS_MS } from '../population.js';
import { type BoundInput, type BoundViewer, isSustainable, lowerBoundMs } from './bound.js';

const RELAY_ACCESS_MS = 5;

type Host = { readonly accessMs: number; readonly bytesPerMs: number; readonly downBytesPerMs: number };

const viewersOf = (hosts: readonly Host[]): BoundViewer[] =>
  hosts.map((host) => ({ ...host, relayPathMs: RELAY_ACCESS_MS + host.accessMs }));

/**
 * The least worst delay over all orders in which single senders can send single pieces to single receivers, each copy
 * at full uplink. Sending two copies at the same time never helps: the first is later, the second no sooner.
 */
function bestByExhaustion(input: BoundInput): number {
  const count = input.viewers.length;
  const pieces = input.pieceBytes;
  // have[node][piece]: when it is there; node 0 is the relay.
  const have = Array.from({ length: count + 1 }, (_, node) => pieces.map(() => (node === 0 ? 0 : Infinity)));
  const free = new Array<number>(count + 1).fill(0);
  const down = new Array<number>(count + 1).fill(0);
  let best = Infinity;
  let relayBytes = input.relayCopies * pieces.reduce((sum, bytes) => sum + bytes, 0);
  const rate = (node: number): number =>
    node === 0 ? input.relayBytesPerMs : (input.viewers[node - 1]?.bytesPerMs ?? 0);
  const access = (node: number): number =>
    node === 0 ? RELAY_ACCESS_MS : (input.viewers[node - 1]?.accessMs ?? 0);
  const search = (worst: number, left: number): void => {
    if (worst >= best) return;
    if (left === 0) {
      best = worst;
      return;
    }
    for (let from = 0; from <= count; from++)
      for (let to = 1; to <= count; to++)
        for (const [piece, bytes] of pieces.entries()) trySend(from, to, piece, bytes, worst, left);
  };
  const trySend = (
    from: number,
    to: number,
    piece: number,
    bytes: number,
    worst: number,
    left: number,
  ): void => {
    const since = have[from]?.[piece] ?? Infinity;
    const target = have[to];
    if (!target || target[piece] !== Infinity || since === Infinity || rate(from) === 0) return;
    if (from === 0 && relayBytes < bytes) return;
    const freeBefore = free[from] ?? 0;
    const downBefore = down[to] ?? 0;
    const leftMs = Math.max(since, freeBefore) + bytes / rate(from);
    const takesMs = bytes / (input.viewers[to - 1]?.downBytesPerMs ?? 1);
    const atMs = Math.max(leftMs + access(from) + access(to) - takesMs, downBefore) + takesMs;
    free[from] = leftMs;
    down[to] = atMs;
    target[piece] = atMs;
    if (from === 0) relayBytes -= bytes;
    search(Math.max(worst, atMs), left - 1);
    if (from === 0) relayBytes += bytes;
    free[from] = freeBefore;
    down[to] = downBefore;
    target[piece] = Infinity;
  };
  search(0, count * pieces.length);
  return best;
}

describe('the lower bound', () => {
  it('is exact where one relay feeds one viewer', () => {
    const input: BoundInput = {
      viewers: viewersOf([{ accessMs: 20, bytesPerMs: 0, downBytesPerMs: 1_000 }]),
      pieceBytes: [1_000, 1_000],
      relayBytesPerMs: 1_000,
      relayCopies: 1,
    };
    // The first piece leaves in 1 ms and travels 25 ms, the second comes 1 ms behind it.
    expect(lowerBoundMs(input)).toBeCloseTo(27, 6);
    expect(bestByExhaustion(input)).toBeCloseTo(27, 6);
  });

  it('is never above the best of all schedules of a tiny cell, and not far below it', () => {
    let state = 7;
    const draw = (bound: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return (state >>> 8) % bound;
    };
    let ratioSum = 0;
    const rounds = 60;
    for (let round = 0; round < rounds; round++) {
      const pieceCount = 1 + (round % 2);
      const hosts = Array.from({ length: pieceCount === 1 ? 4 : 3 }, (_, index) => ({
        accessMs: 1 + draw(30),
        bytesPerMs: index === 0 ? 1_000 : draw(4) * 400,
        downBytesPerMs: 2_000 + draw(8_000),
      }));
      const input: BoundInput = {
        viewers: viewersOf(hosts),
        pieceBytes: pieceCount === 1 ? [16_000] : [16_000, 4_000 + draw(12_000)],
        relayBytesPerMs: 10_000,
        relayCopies: 1 + draw(2),
      };
      const best = bestByExhaustion(input);
      const bound = lowerBoundMs(input);
      expect(bound).toBeLessThanOrEqual(best + 1e-9);
      if (best < Infinity) ratioSum += bound / best;
    }
    expect(ratioSum / rounds).toBeGreaterThan(0.6);
  });

  it('rises as uplinks shrink, as the relay sends less, and as somebody is farther away', () => {
    const hosts = Array.from({ length: 50 }, (_, index) => ({
      accessMs: 5 + (index % 10),
      bytesPerMs: 500,
      downBytesPerMs: 5_000,
    }));
    const input: BoundInput = {
      viewers: viewersOf(hosts),
      pieceBytes: [16_000, 16_000, 16_000],
      relayBytesPerMs: 125_000,
      relayCopies: 4,
    };
    const base = lowerBoundMs(input);
    const slower = viewersOf(hosts.map((host) => ({ ...host, bytesPerMs: 250 })));
    const farther = viewersOf(hosts.map((host, index) => ({ ...host, accessMs: index === 0 ? 300 : 5 })));
    expect(lowerBoundMs({ ...input, viewers: slower })).toBeGreaterThan(base);
    expect(lowerBoundMs({ ...input, relayCopies: 1 })).toBeGreaterThan(base);
    expect(lowerBoundMs({ ...input, viewers: farther })).toBeGreaterThan(305);
  });

  it('is infinite where nobody can send the rest, and says when a stream cannot last', () => {
    const viewers = viewersOf([
      { accessMs: 1, bytesPerMs: 0, downBytesPerMs: 1_000 },
      { accessMs: 1, bytesPerMs: 0, downBytesPerMs: 1_000 },
    ]);
    const input: BoundInput = { viewers, pieceBytes: [1_000], relayBytesPerMs: 1_000, relayCopies: 1 };
    expect(lowerBoundMs(input)).toBe(Infinity);
    expect(isSustainable(input, 500)).toBe(false);
    expect(isSustainable({ ...input, relayCopies: 2 }, 500)).toBe(true);
  });

  it('rests on delays between regions that obey the triangle inequality', () => {
    for (const [a, row] of REGION_DELAYS_MS.entries())
      for (const [b, direct] of row.entries())
        for (const [via, first] of row.entries())
          expect(direct, `${a} ${b} ${via}`).toBeLessThanOrEqual(first + (REGION_DELAYS_MS[via]?.[b] ?? 0));
  });
});
