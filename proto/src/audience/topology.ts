/** A sample of the tree: who feeds whom, of nodes that are numbers drawn by lot. */

import { TOPOLOGY_STRIPES_MAX } from '../limits.js';

/** What a node of the tree is. */
export type TreeNodeKind = 'relay' | 'viewer' | 'app';

/** A node of the tree as the broadcaster is shown it. Nothing of it tells who it is. */
export type TreeNode = {
  /** Drawn by its relay for as long as its link lasts, below 2^32. */
  readonly id: number;
  readonly kind: TreeNodeKind;
  /** Links to the node that the sample begins with, by the stripe in which it is nearest. At most 63. */
  readonly depth: number;
  /** Class of its measured uplink, see RATE_BPS_BOUNDS. */
  readonly uplink: number;
  /** Class of what it sends to others, see RATE_BPS_BOUNDS. */
  readonly carried: number;
  /** Place among the latency buckets, from 1; 0: not known. */
  readonly latency: number;
  /** It stood still within about the last minute. */
  readonly isStalled: boolean;
  /** For each stripe the place of the parent in the list, from 1; 0: none, or not in the list. */
  readonly parents: readonly number[];
};

/** Some of the nodes below a relay: itself first, then by depth as far as the list goes. */
export type TreeSample = { readonly stripes: number; readonly nodes: readonly TreeNode[] };

/** Depth that a node is said to have at most. */
export const DEPTH_MAX = 63;

const KINDS: readonly TreeNodeKind[] = ['relay', 'viewer', 'app'];
/** Numbers in a list for each node, beside its parents. */
const NODE_FIELDS = 2;

/** The sample as one list of numbers, as it travels. */
export function packTree(sample: TreeSample | undefined): number[] {
  if (!sample) return [];
  const packed = [sample.stripes];
  for (const node of sample.nodes) {
    packed.push(node.id, shapeOf(node));
    for (let stripe = 0; stripe < sample.stripes; stripe++) packed.push(node.parents[stripe] ?? 0);
  }
  return packed;
}

/** Reads such a list; `undefined` when it is none, or longer than `nodesMax`. Parents are within the list. */
export function unpackTree(packed: readonly number[], nodesMax: number): TreeSample | undefined {
  const stripes = packed[0] ?? 0;
  const width = NODE_FIELDS + stripes;
  const count = (packed.length - 1) / width;
  if (stripes < 1 || stripes > TOPOLOGY_STRIPES_MAX || !Number.isInteger(count) || count > nodesMax)
    return undefined;
  const nodes: TreeNode[] = [];
  for (let at = 1; at < packed.length; at += width) {
    const shape = shapeFrom(packed[at + 1] ?? 0);
    const parents = packed.slice(at + NODE_FIELDS, at + width);
    if (!shape || parents.some((parent) => parent > count)) return undefined;
    nodes.push({ id: packed[at] ?? 0, ...shape, parents });
  }
  return { stripes, nodes };
}

type Shape = Omit<TreeNode, 'id' | 'parents'>;

function shapeOf({ kind, depth, uplink, carried, latency, isStalled }: Shape): number {
  const small = KINDS.indexOf(kind) | (Math.min(depth, DEPTH_MAX) << 2);
  return small | (uplink << 8) | (carried << 11) | (latency << 14) | (isStalled ? 1 << 18 : 0);
}

function shapeFrom(bits: number): Shape | undefined {
  const kind = KINDS[bits & 3];
  if (!kind || bits >= 1 << 19) return undefined;
  return {
    kind,
    depth: (bits >> 2) & 63,
    uplink: (bits >> 8) & 7,
    carried: (bits >> 11) & 7,
    latency: (bits >> 14) & 15,
    isStalled: bits >> 18 === 1,
  };
}

/**
 * Hangs samples below one's own nodes: the first of `own` becomes the parent of each sample's first. With more nodes than
 * `nodesMax` each list is cut in proportion, from its far end.
 */
export function joinTrees(own: TreeSample, below: readonly TreeSample[], nodesMax: number): TreeSample {
  const all = [own, ...below];
  const total = all.reduce((sum, { nodes }) => sum + nodes.length, 0);
  const share = total <= nodesMax ? 1 : Math.max(0, nodesMax - all.length) / total;
  const { stripes } = own;
  const nodes: TreeNode[] = [];
  for (const sample of all) {
    const kept = Math.min(
      sample.nodes.length,
      share === 1 ? Infinity : 1 + Math.floor(sample.nodes.length * share),
    );
    if (nodes.length + kept > nodesMax) break;
    const before = nodes.length;
    const isOwn = sample === own;
    for (let index = 0; index < kept; index++) {
      const node = sample.nodes[index];
      if (!node) break;
      const parents = Array.from({ length: stripes }, (_, stripe) => {
        const parent = node.parents[stripe] ?? node.parents[0] ?? 0;
        if (index === 0) return isOwn ? 0 : 1;
        return parent === 0 || parent > kept ? 0 : parent + before;
      });
      nodes.push({ ...node, depth: Math.min(DEPTH_MAX, node.depth + (isOwn ? 0 : 1)), parents });
    }
  }
  return { stripes, nodes };
}
