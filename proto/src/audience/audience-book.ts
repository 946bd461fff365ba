/** What one relay knows of its audience: its own viewers one by one, and the relays below it by their summaries. */

import { CLAIMED_RATE_MAX, PLAYING_MS, SUMMARY_ROWS_MAX, SUMMARY_STALE_MS } from '../limits.js';
import { addMs, type MonoMs } from '../time.js';
import type { Playing } from '../wire/playing.js';
import { bucketOf, emptyCounts, LATENCY_MS_BOUNDS, RATE_BPS_BOUNDS, STALL_MS_BOUNDS } from './buckets.js';
import { addSummaries, believable, EMPTY_SUMMARY, rowsBelow, type Summary } from './summary.js';
import type { TreeNode, TreeSample } from './topology.js';

/** Time over which a stall is forgotten, evenly. */
const STALL_MEMORY_MS = 60_000;

/** Reports are of a span of at least this: a shorter one would make any rate of a few bytes. */
const SPAN_MS_MIN = 500;

/** One viewer, as far as it is counted. Kept small: a relay holds ten thousands of them. */
export type Watcher = {
  /** By which the tree's sample calls it, drawn by lot. */
  readonly alias: number;
  readonly isApp: boolean;
  /** Place among the latency buckets, -1 before it has said. */
  latency: number;
  stall: number;
  stalledMs: number;
  renditionId: number;
  relayBps: number;
  peerBps: number;
  givenBps: number;
};

type RelayBelow = { summary: Summary; tree: TreeSample | undefined; at: MonoMs };

/** Sums up an audience. Whatever viewers and child relays say moves the sums by a bounded amount only. */
export class AudienceBook<Link> {
  readonly #watchers = new Map<Link, Watcher>();
  readonly #relays = new Map<Link, RelayBelow>();
  readonly #latency = emptyCounts(LATENCY_MS_BOUNDS);
  readonly #stalls = emptyCounts(STALL_MS_BOUNDS);
  readonly #renditions = new Map<number, number>();
  #relayBps = 0;
  #peerBps = 0;
  #joins = 0;
  #leaves = 0;

  /** The viewers attached here, in order of joining. */
  get watchers(): ReadonlyMap<Link, Watcher> {
    return this.#watchers;
  }

  /** A viewer has come. */
  join(link: Link, alias: number, isApp: boolean): void {
    if (this.#watchers.has(link)) return;
    this.#joins++;
    const watcher: Watcher = {
      alias,
      isApp,
      latency: -1,
      stall: 0,
      stalledMs: 0,
      renditionId: 0,
      relayBps: 0,
      peerBps: 0,
      givenBps: 0,
    };
    this.#watchers.set(link, watcher);
    this.#count(watcher, 1);
  }

  /** A child is gone; one that was never counted makes no difference. */
  leave(link: Link): void {
    this.#relays.delete(link);
    const watcher = this.#watchers.get(link);
    if (!watcher) return;
    this.#watchers.delete(link);
    this.#leaves++;
    this.#count(watcher, -1);
  }

  /** A viewer says how it plays a stream of `bitrate` bits per second. It can claim no more bits than that stream may take. */
  report(link: Link, said: Playing, bitrate: number): void {
    const watcher = this.#watchers.get(link);
    if (!watcher) return;
    this.#count(watcher, -1);
    const spanMs = Math.min(Math.max(said.spanMs, SPAN_MS_MIN), PLAYING_MS * 4);
    const bpsOf = (bytes: number, most: number): number =>
      Math.round(Math.min((bytes * 8000) / spanMs, most));
    const most = bitrate * CLAIMED_RATE_MAX;
    watcher.relayBps = bpsOf(said.relayBytes, most);
    watcher.peerBps = bpsOf(said.peerBytes, most);
    watcher.givenBps = bpsOf(said.givenBytes, Number.MAX_SAFE_INTEGER);
    watcher.renditionId = said.renditionId;
    watcher.latency = said.latencyMs > 0 ? bucketOf(LATENCY_MS_BOUNDS, said.latencyMs) : -1;
    const kept = watcher.stalledMs * Math.max(0, 1 - spanMs / STALL_MEMORY_MS);
    watcher.stalledMs = kept + Math.min(said.stallMs, spanMs);
    // What is nearly forgotten is: a stall would never quite end otherwise.
    if (watcher.stalledMs < 20) watcher.stalledMs = 0;
    watcher.stall = bucketOf(STALL_MS_BOUNDS, watcher.stalledMs);
    this.#count(watcher, 1);
  }

  /** A child relay's summary of a stream of `bitrate`; one of no relays at all says that its audience is elsewhere. */
  addSummary(now: MonoMs, link: Link, said: Summary, bitrate: number): void {
    if (said.relays === 0) {
      this.#relays.delete(link);
      return;
    }
    const { joins, leaves, tree, ...sums } = believable(said, bitrate);
    this.#joins += joins;
    this.#leaves += leaves;
    const nodesMax = sums.viewers + sums.relays;
    const cut = tree && { ...tree, nodes: tree.nodes.slice(0, nodesMax) };
    const summary = { ...sums, joins: 0, leaves: 0, tree: undefined };
    this.#relays.set(link, { summary, tree: cut ?? this.#relays.get(link)?.tree, at: now });
  }

  /** Everybody here and below. Joins and leaves are those since the last call; the tree is left out. */
  take(now: MonoMs, own: { readonly id: number; readonly egressBps: number }): Summary {
    const viewers = this.#watchers.size;
    const rates = { egressBps: own.egressBps, relayBps: this.#relayBps, peerBps: this.#peerBps };
    let sum: Summary = {
      ...EMPTY_SUMMARY,
      ...rates,
      viewers,
      relays: 1,
      joins: this.#joins,
      leaves: this.#leaves,
      latency: [...this.#latency],
      stalls: [...this.#stalls],
      renditions: new Map(this.#renditions),
    };
    const rows = [{ id: own.id, parent: 0, depth: 0, viewers, ...rates }];
    for (const { summary } of this.#fresh(now)) {
      sum = addSummaries(sum, summary);
      rows.push(...rowsBelow(summary.rows, own.id));
    }
    this.#joins = 0;
    this.#leaves = 0;
    rows.sort((a, b) => a.depth - b.depth);
    return { ...sum, rows: rows.slice(0, SUMMARY_ROWS_MAX) };
  }

  /** Samples of the trees below, as their relays told them last. */
  treesBelow(now: MonoMs): TreeSample[] {
    return this.#fresh(now)
      .map(({ tree }) => tree)
      .filter((tree) => tree !== undefined);
  }

  #fresh(now: MonoMs): RelayBelow[] {
    for (const [link, { at }] of this.#relays)
      if (now > addMs(at, SUMMARY_STALE_MS)) this.#relays.delete(link);
    return [...this.#relays.values()];
  }

  #count(watcher: Watcher, change: 1 | -1): void {
    const { latency, stall, renditionId } = watcher;
    if (latency >= 0) this.#latency[latency] = (this.#latency[latency] ?? 0) + change;
    this.#stalls[stall] = (this.#stalls[stall] ?? 0) + change;
    const takers = (this.#renditions.get(renditionId) ?? 0) + change;
    if (takers > 0) this.#renditions.set(renditionId, takers);
    else this.#renditions.delete(renditionId);
    this.#relayBps += change * watcher.relayBps;
    this.#peerBps += change * watcher.peerBps;
  }
}

/** A viewer as a node of the tree, apart from its parents. */
export function nodeOf(
  watcher: Watcher,
  place: { readonly depth: number; readonly uplinkBps: number },
): Omit<TreeNode, 'parents'> {
  return {
    id: watcher.alias,
    kind: watcher.isApp ? 'app' : 'viewer',
    depth: place.depth,
    uplink: bucketOf(RATE_BPS_BOUNDS, place.uplinkBps),
    carried: bucketOf(RATE_BPS_BOUNDS, watcher.givenBps),
    latency: watcher.latency + 1,
    isStalled: watcher.stall > 0,
  };
}
