import { Prng } from '@freshet/proto';
import { describe, expect, it } from 'vitest';
import { comparePush, compareTardy, dueMs, type PushRank } from '../../../../proto/src/push/index.js';
import { PushHeap, TardyLine } from '../../../../proto/src/push/push-heap.js';

const prng = new Prng('order');
const ranks: PushRank[] = Array.from({ length: 300 }, (_, order) => {
  const deadlineMs = 500 + prng.below(300);
  const weight = prng.below(6) * 10;
  return { deadlineMs, weight, order, dueMs: dueMs(deadlineMs, weight) };
});

describe('the order of pushes', () => {
  it('is a total order', () => {
    for (const compare of [comparePush, compareTardy]) {
      const sorted = [...ranks].sort(compare);
      let wrong = 0;
      for (const [i, a] of sorted.entries())
        for (const [j, b] of sorted.entries()) if (Math.sign(compare(a, b)) !== Math.sign(i - j)) wrong++;
      expect(wrong).toBe(0);
    }
  });

  it('puts the bigger subtree first among equally urgent jobs, and the more urgent job before it', () => {
    const rank = (due: number, weight: number): PushRank => ({
      dueMs: due,
      deadlineMs: 600,
      weight,
      order: 0,
    });
    expect(comparePush(rank(401, 1), rank(419, 9))).toBeGreaterThan(0);
    expect(comparePush(rank(401, 1), rank(421, 9))).toBeLessThan(0);
    expect(compareTardy(rank(0, 1), rank(0, 9))).toBeGreaterThan(0);
  });

  it('takes nothing off the deadline of a leaf or a repair', () => {
    expect(dueMs(600, 0)).toBe(600);
    expect(dueMs(600, 1)).toBe(600);
    expect(dueMs(600, 2)).toBeLessThan(600);
    expect(dueMs(600, 100)).toBeLessThan(dueMs(600, 10));
  });

  it('is that in which the heap gives jobs out', () => {
    const heap = new PushHeap<PushRank>();
    const out: PushRank[] = [];
    for (const [i, rank] of ranks.entries()) {
      heap.push(rank);
      if (i % 7 === 6) heap.push(heap.pop() ?? rank);
    }
    for (let next = heap.pop(); next; next = heap.pop()) out.push(next);
    expect(out).toEqual([...ranks].sort(comparePush));
    expect(heap.size).toBe(0);
  });

  it('takes the tardy from either end', () => {
    const line = new TardyLine<PushRank>();
    const model: PushRank[] = [];
    for (const rank of ranks) {
      line.push(rank);
      model.push(rank);
      const draw = prng.below(4);
      if (draw === 0) expect(line.pop()).toBe(model.pop());
      if (draw === 1) expect(line.shift()).toBe(model.shift());
      expect([line.head, line.last, line.size]).toEqual([model.at(-1), model[0], model.length]);
    }
    while (line.size > 0) expect(line.shift()).toBe(model.shift());
    expect([line.pop(), line.shift(), line.head, line.last]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
