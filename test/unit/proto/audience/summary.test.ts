import {
  addSummaries,
  believable,
  bucketOf,
  decodeSummary,
  EMPTY_SUMMARY,
  encodeSummary,
  joinTrees,
  LATENCY_MS_BOUNDS,
  Limits,
  quantileOf,
  STALL_MS_BOUNDS,
  type Summary,
  type TreeSample,
} from '@freshet/proto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FULL_SUMMARY, SUMMARY } from './summaries.js';

const BITRATE = 4_000_000;
const { tree: _, ...SUMS } = SUMMARY;

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
const count = fc.nat(0xffffffff);
const anySummary: fc.Arbitrary<Summary> = fc.record({
  viewers: count,
  relays: count,
  joins: count,
  leaves: count,
  egressBps: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
  relayBps: fc.nat(),
  peerBps: fc.nat(),
  latency: fc.array(count, {
    minLength: LATENCY_MS_BOUNDS.length + 1,
    maxLength: LATENCY_MS_BOUNDS.length + 1,
  }),
  stalls: fc.array(count, { minLength: STALL_MS_BOUNDS.length + 1, maxLength: STALL_MS_BOUNDS.length + 1 }),
  renditions: fc
    .array(fc.tuple(fc.integer({ min: 1, max: 9 }), count), { maxLength: 9 })
    .map((pairs) => new Map(pairs)),
  rows: fc.constant(SUMMARY.rows),
  tree: fc.constant(undefined),
});

describe('a summary', () => {
  it('travels as it is', () => {
    expect(decodeSummary(encodeSummary(SUMMARY))).toEqual(SUMMARY);
    expect(decodeSummary(encodeSummary(FULL_SUMMARY))).toEqual(FULL_SUMMARY);
  });

  it('of no bytes is nobody', () => {
    expect(decodeSummary(new Uint8Array())).toEqual(EMPTY_SUMMARY);
  });

  it('with one node, row or rendition too many is refused', () => {
    const tree = FULL_SUMMARY.tree ?? { stripes: 1, nodes: [] };
    const [node = tree.nodes[0]] = tree.nodes;
    const nodes = node ? [...tree.nodes, node] : [];
    expect(decodeSummary(encodeSummary({ ...FULL_SUMMARY, tree: { ...tree, nodes } }))).toBeUndefined();
    const [row] = FULL_SUMMARY.rows;
    const rows = row ? [...FULL_SUMMARY.rows, row] : [];
    expect(decodeSummary(encodeSummary({ ...FULL_SUMMARY, rows }))).toBeUndefined();
    const renditions = new Map([...FULL_SUMMARY.renditions, [99, 1]]);
    expect(decodeSummary(encodeSummary({ ...FULL_SUMMARY, renditions }))).toBeUndefined();
  });

  it('with a parent beyond the list, or a rate that is none, is refused', () => {
    const tree: TreeSample = {
      stripes: 1,
      nodes: SUMMARY.tree?.nodes.slice(0, 1).map((node) => ({ ...node, parents: [9] })) ?? [],
    };
    expect(decodeSummary(encodeSummary({ ...SUMMARY, tree }))).toBeUndefined();
    for (const egressBps of [-1, Number.NaN, Number.POSITIVE_INFINITY])
      expect(decodeSummary(encodeSummary({ ...SUMMARY, egressBps }))).toBeUndefined();
  });

  it('adds up in any order, as long as numbers are exact', () => {
    fc.assert(
      fc.property(anySummary, anySummary, anySummary, (a, b, c) => {
        const exact = (summary: Summary): Summary => ({ ...summary, egressBps: 0 });
        const left = addSummaries(addSummaries(exact(a), exact(b)), exact(c));
        const right = addSummaries(exact(a), addSummaries(exact(b), exact(c)));
        expect(left).toEqual(right);
      }),
      { numRuns: 50 },
    );
  });
});

describe('what is believed of a child', () => {
  it('is all of what an honest one says', () => {
    expect(believable(SUMMARY, BITRATE)).toEqual({ ...SUMS, tree: SUMMARY.tree });
  });

  it('stays within what may be below one link, whatever it says', () => {
    fc.assert(
      fc.property(anySummary, (said) => {
        const { viewers, relays, joins, leaves, egressBps, peerBps, latency, stalls, renditions } =
          believable(said, BITRATE);
        expect(relays).toBeLessThanOrEqual(Limits.RELAYS_BELOW_MAX);
        const most = relays * Limits.RELAY_VIEWERS_MAX;
        expect(viewers).toBeLessThanOrEqual(most);
        expect(Math.max(joins, leaves)).toBeLessThanOrEqual(most);
        expect(egressBps).toBeLessThanOrEqual((viewers + relays) * BITRATE * Limits.CLAIMED_RATE_MAX);
        expect(peerBps).toBeLessThanOrEqual(viewers * BITRATE * Limits.CLAIMED_RATE_MAX);
        for (const counts of [latency, stalls, [...renditions.values()]])
          expect(sum(counts)).toBeLessThanOrEqual(viewers);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a histogram', () => {
  it('has a bucket for everything', () => {
    expect(bucketOf(LATENCY_MS_BOUNDS, 1)).toBe(0);
    expect(bucketOf(LATENCY_MS_BOUNDS, 100)).toBe(0);
    expect(bucketOf(LATENCY_MS_BOUNDS, 101)).toBe(1);
    expect(bucketOf(LATENCY_MS_BOUNDS, 1e9)).toBe(LATENCY_MS_BOUNDS.length);
    expect(bucketOf(STALL_MS_BOUNDS, 0)).toBe(0);
  });

  it('tells quantiles to within their bucket', () => {
    const counts = LATENCY_MS_BOUNDS.map(() => 0);
    expect(quantileOf(LATENCY_MS_BOUNDS, [...counts, 0], 0.5)).toBeUndefined();
    counts[3] = 10;
    expect(quantileOf(LATENCY_MS_BOUNDS, [...counts, 0], 0.5)).toBe(250);
    expect(quantileOf(LATENCY_MS_BOUNDS, [...LATENCY_MS_BOUNDS.map(() => 0), 4], 0.5)).toBe(10_000);
  });
});

describe('trees', () => {
  const chain = (id: number, length: number): TreeSample => ({
    stripes: 1,
    nodes: Array.from({ length }, (__, index) => ({
      id: id + index,
      kind: index === 0 ? 'relay' : 'viewer',
      depth: index,
      uplink: 0,
      carried: 0,
      latency: 0,
      isStalled: false,
      parents: [index],
    })),
  });

  it('hang below the first node of the own one, their parents kept', () => {
    const { nodes } = joinTrees(chain(10, 2), [chain(20, 3)], 100);
    expect(nodes.map(({ id }) => id)).toEqual([10, 11, 20, 21, 22]);
    expect(nodes.map(({ parents }) => parents[0])).toEqual([0, 1, 1, 3, 4]);
    expect(nodes.map(({ depth }) => depth)).toEqual([0, 1, 1, 2, 3]);
  });

  it('are cut in proportion from the far end, and never beyond the limit', () => {
    const { nodes } = joinTrees(chain(100, 50), [chain(200, 100), chain(400, 50)], 40);
    expect(nodes.length).toBeLessThanOrEqual(40);
    const from = (low: number, high: number): number =>
      nodes.filter(({ id }) => id >= low && id < high).length;
    expect(from(200, 400)).toBeGreaterThan(from(100, 200));
    expect(from(400, 500)).toBeGreaterThan(5);
    for (const { parents } of nodes) expect(parents[0]).toBeLessThanOrEqual(nodes.length);
  });
});
