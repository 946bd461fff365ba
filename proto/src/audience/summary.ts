/** The audience of a relay and of those below it, in sums. Adding is associative; nothing names a viewer. */

import {
  CLAIMED_RATE_MAX,
  HOPS_MAX,
  RELAY_VIEWERS_MAX,
  RELAYS_BELOW_MAX,
  RENDITIONS_MAX,
  SUMMARY_ROWS_MAX,
} from '../limits.js';
import { emptyCounts, LATENCY_MS_BOUNDS, STALL_MS_BOUNDS } from './buckets.js';
import type { TreeSample } from './topology.js';

/** One relay's own figures, those below it not counted. */
export type RelayRow = {
  /** Drawn by itself for as long as it runs. */
  readonly id: number;
  /** Its parent's number; 0: the receiver of the summary. */
  readonly parent: number;
  /** Links to the node whose summary it is in: 0 is that node. */
  readonly depth: number;
  readonly viewers: number;
  readonly egressBps: number;
  readonly relayBps: number;
  readonly peerBps: number;
};

/** An audience in sums. */
export type Summary = {
  readonly viewers: number;
  /** The node itself and the relays below; 0: the audience is somebody else's now. */
  readonly relays: number;
  /** Since the summary before. */
  readonly joins: number;
  readonly leaves: number;
  /** Bits per second that relays send. */
  readonly egressBps: number;
  /** Bits per second that viewers get from relays, and from each other, as they say. */
  readonly relayBps: number;
  readonly peerBps: number;
  /** Viewers by `LATENCY_MS_BOUNDS`; those that have not said are in none. */
  readonly latency: readonly number[];
  /** Viewers by `STALL_MS_BOUNDS`. */
  readonly stalls: readonly number[];
  /** Viewers by the rendition that they take, by number. */
  readonly renditions: ReadonlyMap<number, number>;
  /** Nearest relays first, the node itself in front. */
  readonly rows: readonly RelayRow[];
  /** `undefined`: as it was. */
  readonly tree: TreeSample | undefined;
};

/** Nobody at all. */
export const EMPTY_SUMMARY: Summary = {
  viewers: 0,
  relays: 0,
  joins: 0,
  leaves: 0,
  egressBps: 0,
  relayBps: 0,
  peerBps: 0,
  latency: emptyCounts(LATENCY_MS_BOUNDS),
  stalls: emptyCounts(STALL_MS_BOUNDS),
  renditions: new Map(),
  rows: [],
  tree: undefined,
};

/** Both audiences together, without their trees. The rows of `b` are taken as they are, after those of `a`. */
export function addSummaries(a: Summary, b: Summary): Summary {
  const renditions = new Map(a.renditions);
  for (const [id, viewers] of b.renditions)
    if (renditions.has(id) || renditions.size < RENDITIONS_MAX)
      renditions.set(id, (renditions.get(id) ?? 0) + viewers);
  return {
    viewers: a.viewers + b.viewers,
    relays: a.relays + b.relays,
    joins: a.joins + b.joins,
    leaves: a.leaves + b.leaves,
    egressBps: a.egressBps + b.egressBps,
    relayBps: a.relayBps + b.relayBps,
    peerBps: a.peerBps + b.peerBps,
    latency: a.latency.map((count, bucket) => count + (b.latency[bucket] ?? 0)),
    stalls: a.stalls.map((count, bucket) => count + (b.stalls[bucket] ?? 0)),
    renditions,
    rows: [...a.rows, ...b.rows].slice(0, SUMMARY_ROWS_MAX),
    tree: undefined,
  };
}

/**
 * A child's rows as its parent tells them on: one link farther away, the child's own below `parent`. Rows that would be
 * farther away than a tree is deep are left out: whoever is told of them would refuse the lot.
 */
export function rowsBelow(rows: readonly RelayRow[], parent: number): RelayRow[] {
  return rows
    .filter(({ depth }) => depth < HOPS_MAX)
    .map((row) => ({ ...row, parent: row.depth === 0 ? parent : row.parent, depth: row.depth + 1 }));
}

/**
 * What is believed of a child relay's words: no more relays and viewers than may be below one link, nobody counted twice in
 * a histogram, and no more bits than such an audience can take of a stream of `bitrate` bits per second.
 */
export function believable(said: Summary, bitrate: number): Summary {
  const relays = Math.min(said.relays, RELAYS_BELOW_MAX);
  const viewersMax = relays * RELAY_VIEWERS_MAX;
  const viewers = Math.min(said.viewers, viewersMax);
  const takenBps = (count: number): number => count * bitrate * CLAIMED_RATE_MAX;
  const rows = said.rows.map((row) => {
    const own = Math.min(row.viewers, RELAY_VIEWERS_MAX, viewers);
    return {
      ...row,
      viewers: own,
      egressBps: Math.min(row.egressBps, takenBps(viewers + relays)),
      relayBps: Math.min(row.relayBps, takenBps(own)),
      peerBps: Math.min(row.peerBps, takenBps(own)),
    };
  });
  return {
    viewers,
    relays,
    joins: Math.min(said.joins, viewersMax),
    leaves: Math.min(said.leaves, viewersMax),
    egressBps: Math.min(said.egressBps, takenBps(viewers + relays)),
    relayBps: Math.min(said.relayBps, takenBps(viewers)),
    peerBps: Math.min(said.peerBps, takenBps(viewers)),
    latency: within(said.latency, viewers),
    stalls: within(said.stalls, viewers),
    renditions: new Map(
      within([...said.renditions.values()], viewers).map((count, index) => [
        [...said.renditions.keys()][index] ?? 0,
        count,
      ]),
    ),
    rows,
    tree: said.tree,
  };
}

/** Counts of which all together are at most `total`: what is beyond it is taken off the last ones. */
function within(counts: readonly number[], total: number): number[] {
  let left = total;
  return counts.map((count) => {
    const kept = Math.min(count, left);
    left -= kept;
    return kept;
  });
}
