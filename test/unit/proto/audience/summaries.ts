/** Summaries that the tests of wire and sums share. */

import { EMPTY_SUMMARY, Limits, type RelayRow, type Summary, type TreeNode } from '@freshet/proto';

const row = (id: number, more: Partial<RelayRow> = {}): RelayRow => ({
  id,
  parent: 0,
  depth: 0,
  viewers: 3,
  egressBps: 5_000_000,
  relayBps: 1_000_000,
  peerBps: 9_000_000,
  ...more,
});

const node = (id: number, more: Partial<TreeNode> = {}): TreeNode => ({
  id,
  kind: 'viewer',
  depth: 1,
  uplink: 2,
  carried: 1,
  latency: 4,
  isStalled: false,
  parents: [1, 1],
  ...more,
});

/** A relay with three viewers, one of them an app below the others, and a relay below. */
export const SUMMARY: Summary = {
  ...EMPTY_SUMMARY,
  viewers: 4,
  relays: 2,
  joins: 5,
  leaves: 1,
  egressBps: 12_345_678,
  relayBps: 2_000_000,
  peerBps: 8_000_000.5,
  latency: EMPTY_SUMMARY.latency.map((_, bucket) => (bucket === 3 ? 4 : 0)),
  stalls: EMPTY_SUMMARY.stalls.map((_, bucket) => (bucket < 2 ? 2 : 0)),
  renditions: new Map([[1, 4]]),
  rows: [row(7), row(8, { parent: 7, depth: 1, viewers: 1 })],
  tree: {
    stripes: 2,
    nodes: [
      node(7, { kind: 'relay', depth: 0, parents: [0, 0] }),
      node(0xffffffff),
      node(2, { isStalled: true }),
      node(3, { kind: 'app', depth: 2, parents: [2, 3] }),
    ],
  },
};

/** As long as a summary may be. */
export const FULL_SUMMARY: Summary = {
  ...EMPTY_SUMMARY,
  viewers: 0xffffffff,
  relays: 0xffffffff,
  joins: 0xffffffff,
  leaves: 0xffffffff,
  egressBps: Number.MAX_VALUE,
  latency: EMPTY_SUMMARY.latency.map(() => 0xffffffff),
  stalls: EMPTY_SUMMARY.stalls.map(() => 0xffffffff),
  renditions: new Map(Array.from({ length: Limits.RENDITIONS_MAX }, (_, id) => [id + 1, 0xffffffff])),
  rows: Array.from({ length: Limits.SUMMARY_ROWS_MAX }, () =>
    row(0xffffffff, { parent: 0xffffffff, depth: Limits.HOPS_MAX, viewers: 0xffffffff }),
  ),
  tree: {
    stripes: Limits.TOPOLOGY_STRIPES_MAX,
    nodes: Array.from({ length: Limits.SUMMARY_NODES_MAX }, () =>
      node(0xffffffff, {
        kind: 'app',
        depth: 63,
        uplink: 7,
        carried: 7,
        latency: 15,
        isStalled: true,
        parents: new Array<number>(Limits.TOPOLOGY_STRIPES_MAX).fill(Limits.SUMMARY_NODES_MAX),
      }),
    ),
  },
};
