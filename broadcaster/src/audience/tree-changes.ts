/** The tree as the page is told of it: at first all of it, then what changed. */

import type { TreeNode, TreeSample } from '@freshet/proto';
import type { NodeNumbers, TreeChange } from './dashboard-wire.js';

const KINDS: Readonly<Record<TreeNode['kind'], number>> = { relay: 0, viewer: 1, app: 2 };

/** Remembers the newest sample, node by node. */
export class TreeChanges {
  #stripes = 1;
  #nodes = new Map<number, NodeNumbers>();

  /** Everything at this moment. */
  get full(): TreeChange {
    return { isFull: true, stripes: this.#stripes, set: [...this.#nodes.values()], gone: [] };
  }

  /** Takes a new sample; `undefined` when nothing changed. Of two nodes of one number, which only a liar makes, the first counts. */
  take({ stripes, nodes }: TreeSample): TreeChange | undefined {
    const before = this.#nodes;
    const isFull = stripes !== this.#stripes;
    const now = new Map<number, NodeNumbers>();
    const set: NodeNumbers[] = [];
    for (const node of nodes) {
      if (now.has(node.id)) continue;
      const numbers = numbersOf(node, nodes);
      const known = before.get(node.id);
      const isSame = known !== undefined && !isFull && numbers.every((number, at) => number === known[at]);
      now.set(node.id, isSame ? known : numbers);
      if (!isSame) set.push(numbers);
    }
    const gone: number[] = [];
    for (const id of before.keys()) if (!now.has(id)) gone.push(id);
    this.#nodes = now;
    this.#stripes = stripes;
    return set.length + gone.length > 0 || isFull ? { isFull, stripes, set, gone } : undefined;
  }
}

function numbersOf(node: TreeNode, nodes: readonly TreeNode[]): NodeNumbers {
  const { id, kind, depth, uplink, carried, latency, isStalled, parents } = node;
  const numbers = [id, KINDS[kind], depth, uplink, carried, latency, isStalled ? 1 : 0];
  for (const parent of parents) numbers.push(nodes[parent - 1]?.id ?? 0);
  return numbers;
}
