import { describe, expect, it } from 'vitest';
import type { NodeNumbers } from '../../../../broadcaster/src/audience/dashboard-wire.js';
import { NodeFinder } from '../../../../broadcaster/src/page/dashboard/node-finder.js';
import { SPACING } from '../../../../broadcaster/src/page/dashboard/tree-cell.js';
import { TreeLayout } from '../../../../broadcaster/src/page/dashboard/tree-layout.js';

const relay = (id: number, depth = 0, parent = 0): NodeNumbers => [id, 0, depth, 0, 0, 0, 0, parent];
const viewer = (id: number, depth: number, parent: number): NodeNumbers => [id, 1, depth, 1, 1, 3, 0, parent];
const change = (set: readonly NodeNumbers[], gone: readonly number[] = []) => ({
  isFull: false,
  stripes: 1,
  set,
  gone,
});
const crowd = (first: number, count: number, parent: number): NodeNumbers[] =>
  Array.from({ length: count }, (_, index) => viewer(first + index, 1 + (index % 3), parent));
const places = (layout: TreeLayout): Map<number, string> =>
  new Map([...layout.nodes].map(([id, { x, y }]) => [id, `${x.toFixed(3)} ${y.toFixed(3)}`]));

/** The two nodes that are nearest to each other. */
const closest = (layout: TreeLayout): number => {
  const nodes = [...layout.nodes.values()];
  let least = Number.POSITIVE_INFINITY;
  for (const [index, a] of nodes.entries())
    for (const b of nodes.slice(index + 1)) least = Math.min(least, Math.hypot(a.x - b.x, a.y - b.y));
  return least;
};

describe('the layout of the tree', () => {
  it('gives everybody a place of their own within its bounds, nearer to the relay who is nearer to it', () => {
    const layout = new TreeLayout();
    layout.apply(
      change([
        relay(1),
        relay(2, 1, 1),
        relay(3, 1, 1),
        ...crowd(100, 150, 1),
        ...crowd(300, 200, 2),
        ...crowd(600, 90, 3),
      ]),
    );
    expect(closest(layout)).toBeGreaterThan(SPACING * 0.8);
    for (const { x, y } of layout.nodes.values())
      expect(Math.hypot(x, y)).toBeLessThanOrEqual(layout.bounds.radius);
    const hub = layout.nodes.get(1);
    const far = (depth: number): number[] =>
      [...layout.nodes.values()]
        .filter((node) => node.depth === depth && node.id >= 100 && node.id < 250)
        .map(({ x, y }) => Math.hypot(x - (hub?.x ?? 0), y - (hub?.y ?? 0)));
    expect(Math.max(...far(1))).toBeLessThan(Math.min(...far(2)));
    expect(Math.max(...far(2))).toBeLessThan(Math.min(...far(3)));
  });

  it('leaves everybody in place when some go and others come', () => {
    const layout = new TreeLayout();
    layout.apply(change([relay(1), ...crowd(100, 300, 1)]));
    const before = places(layout);
    layout.apply(change(crowd(1_000, 9, 1), [100, 101, 102, 103, 104, 105, 106, 107, 108]));
    const after = places(layout);
    const moved = [...after].filter(([id, place]) => before.has(id) && before.get(id) !== place);
    expect(moved).toEqual([]);
    expect(after.size).toBe(301);
    expect(closest(layout)).toBeGreaterThan(SPACING * 0.8);
  });

  it('draws together again when most have gone', () => {
    const layout = new TreeLayout();
    layout.apply(change([relay(1), ...crowd(100, 600, 1)]));
    const { radius } = layout.bounds;
    layout.apply(
      change(
        [],
        Array.from({ length: 580 }, (_, index) => 100 + index),
      ),
    );
    expect(layout.bounds.radius).toBeLessThan(radius / 2);
    expect(closest(layout)).toBeGreaterThan(SPACING * 0.8);
  });

  it('comes to an end with words that lead in circles, to nobody, or out of the blue', () => {
    const layout = new TreeLayout();
    layout.apply(
      change([viewer(5, 9, 6), viewer(6, 200, 5), relay(7, 1, 8), relay(8, 1, 7), viewer(9, 0, 9), [], [1]]),
    );
    layout.apply(change([relay(10)], [7, 12_345]));
    expect([...layout.nodes.values()].every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toBe(
      true,
    );
  });

  it('finds the node at a point, and leads from node to node by key', () => {
    const layout = new TreeLayout();
    layout.apply(change([relay(1), viewer(2, 1, 1), viewer(3, 1, 1), viewer(4, 2, 2)]));
    const finder = new NodeFinder(layout.nodes);
    const node = layout.nodes.get(3);
    expect(finder.at((node?.x ?? 0) + 1, node?.y ?? 0, 5)?.id).toBe(3);
    expect(finder.at(9_999, 9_999, 5)).toBeUndefined();
    const root = finder.next(undefined, 'up');
    expect(root?.id).toBe(1);
    const child = finder.next(root, 'down');
    expect(child?.id).toBe(2);
    expect(finder.next(child, 'right')?.id).toBe(3);
    expect(finder.next(child, 'left')?.id).toBe(3);
    expect(finder.next(finder.next(child, 'down'), 'up')?.id).toBe(2);
  });
});
