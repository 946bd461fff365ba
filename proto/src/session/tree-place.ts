/** Where a publisher or relay stands in the tree: what its parent says, and what it tells its children. */

import type { Prng } from '../prng.js';
import type { NodeId } from '../wire/tree-messages.js';

/** What a parent said that concerns the children. */
export type PlaceAbove = {
  /** Nodes from the publisher to the parent in use; empty without one. */
  readonly nodes: readonly NodeId[];
  /** Other relays below that parent. */
  readonly siblings: readonly string[];
  /** The parent's own public origin. */
  readonly origin: string | undefined;
};

const NOWHERE: PlaceAbove = { nodes: [], siblings: [], origin: undefined };

/** One node's place. */
export class TreePlace {
  /** This node's number in paths, drawn anew with each run. */
  readonly nodeId: NodeId;
  above: PlaceAbove = NOWHERE;

  constructor(prng: Prng) {
    // 53 bits: what a double holds exactly.
    this.nodeId = prng.uint32() * 2 ** 21 + (prng.uint32() >>> 11);
  }

  /** Nodes from the publisher to this one. */
  get path(): readonly NodeId[] {
    return [...this.above.nodes, this.nodeId];
  }

  /** No parent is in use. */
  clear(): void {
    this.above = NOWHERE;
  }
}
