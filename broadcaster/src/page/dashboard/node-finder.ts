/** Finds the node at a point, and the next one by key. Pure. */

import type { PlacedNode } from './tree-layout.js';

const CELL = 24;

/** The nodes by their place. */
export class NodeFinder {
  readonly #squares = new Map<string, PlacedNode[]>();
  readonly #nodes: ReadonlyMap<number, PlacedNode>;

  constructor(nodes: ReadonlyMap<number, PlacedNode>) {
    this.#nodes = nodes;
    for (const node of nodes.values()) {
      const key = keyOf(node.x, node.y);
      const square = this.#squares.get(key);
      if (square) square.push(node);
      else this.#squares.set(key, [node]);
    }
  }

  /** The nearest node within `reach` of the point, in units of the drawing. */
  at(x: number, y: number, reach: number): PlacedNode | undefined {
    // With few pixels to a unit a look at everybody is shorter than one at all squares within reach.
    const span = Math.ceil(reach / CELL);
    const near = span > 8 ? [...this.#nodes.values()] : this.#near(x, y, span);
    let best: PlacedNode | undefined;
    let bestDistance = reach;
    for (const node of near) {
      const distance = Math.hypot(node.x - x, node.y - y) - (node.kind === 'relay' ? 6 : 0);
      if (distance > bestDistance) continue;
      best = node;
      bestDistance = distance;
    }
    return best;
  }

  /** The node that an arrow key leads to: up to the parent, down to a child, to the sides among its siblings. */
  next(from: PlacedNode | undefined, direction: 'up' | 'down' | 'left' | 'right'): PlacedNode | undefined {
    if (!from) return [...this.#nodes.values()].find(({ depth }) => depth === 0);
    const parent = from.parents.find((id) => this.#nodes.has(id)) ?? 0;
    if (direction === 'up') return this.#nodes.get(parent);
    const isBelow = (node: PlacedNode, id: number): boolean => node.parents.includes(id);
    const all = [...this.#nodes.values()];
    if (direction === 'down') return all.find((node) => isBelow(node, from.id));
    const siblings = all.filter((node) => isBelow(node, parent));
    const place = siblings.findIndex(({ id }) => id === from.id);
    const step = direction === 'right' ? 1 : -1;
    return siblings[(place + step + siblings.length) % Math.max(1, siblings.length)];
  }

  #near(x: number, y: number, span: number): PlacedNode[] {
    const found: PlacedNode[] = [];
    for (let column = -span; column <= span; column++)
      for (let row = -span; row <= span; row++)
        found.push(...(this.#squares.get(keyOf(x + column * CELL, y + row * CELL)) ?? []));
    return found;
  }
}

function keyOf(x: number, y: number): string {
  return `${Math.floor(x / CELL)} ${Math.floor(y / CELL)}`;
}
