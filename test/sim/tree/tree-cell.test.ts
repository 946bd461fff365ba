import { describe, expect, it } from 'vitest';
import type { NetworkOptions } from '../network.js';
import { type HostProfile, RELAY_ACCESS_MS } from '../population.js';
import { createCellHosts, drawCellHosts } from './cell-hosts.js';
import { fixedPlan } from './cell-plan.js';
import { playCell, RUN_DEFAULT, type RunOptions, scheduleOf } from './cell-run.js';
import { compose } from './compose.js';
import { retransmitMs } from './delivery.js';
import { createSchedule, type Schedule, STREAM_DEFAULT } from './schedule.js';
import { quantileMs, type Tally } from './tally.js';
import { CALM_NETWORK, CELL_DEFAULT, TreeCell } from './tree-cell.js';

/** Nothing is left to chance. */
const STILL: NetworkOptions = { ...CALM_NETWORK, jitterMs: 0, isUplinkVarying: false };

const host = (accessMs: number, uplinkBps: number): HostProfile => ({
  accessMs,
  uplinkBps,
  downlinkBps: 1_000_000_000,
  isBehindNat: false,
  isDownloadOnly: false,
  region: 0,
});

const streamOf = (changes: Partial<typeof STREAM_DEFAULT> = {}): Schedule =>
  createSchedule({ ...STREAM_DEFAULT, seed: 'stream', seconds: 8, ...changes });

/** Plays a fixed tree and keeps when each viewer has each piece. */
function playFixed(
  profiles: readonly HostProfile[],
  parents: readonly (readonly number[])[],
  changes: { network?: NetworkOptions; schedule?: Schedule; relayMs?: Float64Array; isHedged?: boolean } = {},
): { tally: Tally; schedule: Schedule; at: (piece: number, viewer: number) => number } {
  const schedule = changes.schedule ?? streamOf({ stripeCount: parents.length });
  const times = new Map<number, number>();
  const key = (piece: number, viewer: number): number => piece * profiles.length + viewer;
  const tally = new TreeCell({
    seed: 'fixed',
    hosts: createCellHosts(profiles),
    schedule,
    relayMs: changes.relayMs ?? schedule.publishMs,
    options: { ...CELL_DEFAULT, network: changes.network ?? STILL, isHedged: changes.isHedged ?? false },
    createPlan: () => fixedPlan(parents),
    onDelivery: (piece, viewer, atMs) => times.set(key(piece, viewer), atMs),
  }).play();
  return { tally, schedule, at: (piece, viewer) => times.get(key(piece, viewer)) ?? Number.NaN };
}

const smallRun = (changes: Partial<RunOptions> = {}): RunOptions => ({
  ...RUN_DEFAULT,
  seed: 'small',
  viewersPerCell: 120,
  ...changes,
});

const playSmall = (run: RunOptions): Tally => {
  const schedule = scheduleOf(run);
  return playCell(run, { number: 0, viewers: run.viewersPerCell, relayMs: schedule.publishMs }, schedule);
};

describe('a tree computed by hand', () => {
  it('delivers when uplinks, delays and the order of the subtrees say so', () => {
    // Relay feeds 0; 0 feeds 1 and 2; 2 feeds 3. So 2, whose subtree is larger, is served before 1.
    const profiles = [host(10, 40e6), host(4, 40e6), host(6, 20e6), host(9, 1e6)];
    const { schedule, at, tally } = playFixed(profiles, [[0, 1, 1, 3]]);
    const piece = schedule.pieceCount - 1;
    const bytes = schedule.bytes[piece] ?? 0;
    const usable = 0.7;
    const outOf = (bps: number): number => (bytes * 8000) / (bps * usable);
    const atZero = (schedule.publishMs[piece] ?? 0) + (bytes * 8000) / 1e9 + RELAY_ACCESS_MS + 10;
    const atTwo = atZero + outOf(40e6) + 16;
    expect(at(piece, 0)).toBeCloseTo(atZero, 3);
    expect(at(piece, 2)).toBeCloseTo(atTwo, 3);
    expect(at(piece, 1)).toBeCloseTo(atZero + 2 * outOf(40e6) + 14, 3);
    expect(at(piece, 3)).toBeCloseTo(atTwo + outOf(20e6) + 15, 3);
    expect(tally.depthMax).toBe(3);
    expect(tally.traffic.missed).toBe(0);
  });

  it('makes the second piece of a burst wait for the first in the shared uplink', () => {
    const { schedule, at } = playFixed([host(10, 10e6), host(4, 10e6)], [[0, 1]]);
    const second = [...schedule.chunkOf].findLastIndex(
      (chunk, piece) => chunk === schedule.chunkOf[piece - 1],
    );
    const takesMs = ((schedule.bytes[second] ?? 0) * 8000) / (10e6 * 0.7);
    // The first is still leaving when the second is there.
    expect(at(second - 1, 1) - 14).toBeGreaterThan(at(second, 0));
    expect(at(second, 1)).toBeCloseTo(at(second - 1, 1) + takesMs, 3);
  });

  it('goes on being fed by the relay until the channel is open', () => {
    const { at, schedule } = playFixed([host(10, 40e6), host(40, 40e6)], [[0, 1]]);
    const viaRelay = (piece: number): boolean =>
      at(piece, 1) - (schedule.publishMs[piece] ?? 0) < RELAY_ACCESS_MS + 40 + 5;
    const present = Array.from({ length: schedule.pieceCount }, (_, piece) => piece).filter(
      (piece) => !Number.isNaN(at(piece, 1)),
    );
    const firstByPeer = present.findIndex((piece) => !viaRelay(piece));
    expect(firstByPeer).toBeGreaterThan(0);
    expect(present.slice(0, firstByPeer).every(viaRelay)).toBe(true);
    // Not one piece between is missing.
    expect(present.every((piece, index) => index === 0 || piece === (present[index - 1] ?? 0) + 1)).toBe(
      true,
    );
  });
});

describe('loss', () => {
  const lossy: NetworkOptions = { ...STILL, lossShare: 0.05, lossBurst: 1 };
  const profiles = Array.from({ length: 8 }, (_, index) => host(5 + index, 100e6));
  // Two stripes, and parents that differ: 1 feeds everybody in the first, 2 in the second.
  const parents = [
    [0, 1, 1, 1, 1, 1, 1, 1],
    [2, 0, 2, 2, 2, 2, 2, 2].map((peer, viewer) => (viewer === 1 ? 0 : peer)),
  ];

  it('is mended before the deadline by another neighbour or by the relay', () => {
    const { tally } = playFixed(profiles, parents, { network: lossy });
    const { traffic } = tally;
    expect(traffic.lost).toBeGreaterThan(20);
    expect(traffic.repairedByViewer).toBeGreaterThan(0);
    expect(traffic.repairedByViewer + traffic.repairedByRelay).toBeGreaterThanOrEqual(traffic.lost);
    expect(traffic.missed).toBe(0);
    expect(tally.chunksOnTime).toBe(tally.chunksDue);
    expect(tally.delayMsMax).toBeGreaterThan(40);
  });

  it('only delays what comes over a WebSocket, and keeps its order', () => {
    const { at, schedule, tally } = playFixed([host(10, 1e6)], [[0]], { network: lossy });
    const usualMs = RELAY_ACCESS_MS + 10;
    let delayed = 0;
    for (let piece = schedule.pieceCount - 100; piece < schedule.pieceCount; piece++) {
      expect(at(piece, 0)).toBeGreaterThanOrEqual(at(piece - 1, 0));
      if (at(piece, 0) - (schedule.publishMs[piece] ?? 0) > usualMs + 5) delayed++;
      expect(at(piece, 0) - (schedule.publishMs[piece] ?? 0)).toBeLessThan(
        usualMs + 5 + retransmitMs(usualMs),
      );
    }
    expect(delayed).toBeGreaterThan(0);
    expect(tally.traffic.missed).toBe(0);
  });

  it('is mended by parity without asking anybody', () => {
    const schedule = streamOf({ stripeCount: 2, hasParity: true });
    const { tally } = playFixed(profiles, parents, { network: lossy, schedule });
    expect(tally.traffic.repairedByParity).toBeGreaterThan(0);
    const without = playFixed(profiles, parents, { network: lossy }).tally.traffic;
    const asked = tally.traffic.repairedByViewer + tally.traffic.repairedByRelay;
    expect(asked).toBeLessThan(without.repairedByViewer + without.repairedByRelay);
  });

  it('costs duplicates when two neighbours are asked at once', () => {
    const hosts = profiles.slice(0, 6);
    const three = [1, 2, 3].map((home) => hosts.map((_, viewer) => (viewer === home - 1 ? 0 : home)));
    const one = playFixed(hosts, three, { network: lossy }).tally.traffic;
    const two = playFixed(hosts, three, { network: lossy, isHedged: true }).tally.traffic;
    expect(two.duplicateBytes).toBeGreaterThan(one.duplicateBytes);
  });
});

describe('a cell with the real planner', () => {
  it('plays the same run from the same seed, and another from another', () => {
    const first = playSmall(smallRun());
    expect(playSmall(smallRun())).toEqual(first);
    expect(playSmall(smallRun({ seed: 'other' })).delays).not.toEqual(first.delays);
  });

  it('brings every piece to every viewer, or counts it as missed and its chunk as late', () => {
    const run = smallRun();
    const tally = playSmall(run);
    expect(tally.traffic.delivered + tally.traffic.missed).toBe(tally.deliveries);
    let counted = 0;
    for (const count of tally.delays) counted += count;
    expect(counted + tally.chunksMissed).toBe(tally.chunksDue);
    // At least 10 s of every viewer's stream is judged.
    expect(tally.chunksDue).toBeGreaterThanOrEqual(run.viewersPerCell * 300);
    expect(tally.chunksDue % run.viewersPerCell).toBe(0);
    const late = tally.chunksDue - tally.chunksOnTime;
    expect(late > 0).toBe(tally.stalled > 0);
    expect(late).toBeLessThanOrEqual(tally.stalled * (tally.chunksDue / run.viewersPerCell));
  });

  it('counts what cannot come before its deadline as missed, and the viewer as stalled', () => {
    // Most of what is lost cannot be had again within a playout lag this short.
    const network = { ...CELL_DEFAULT.network, lossShare: 0.1 };
    const tally = playSmall(smallRun({ cell: { ...CELL_DEFAULT, network, playoutLagMs: 150 } }));
    expect(tally.traffic.missed).toBeGreaterThan(100);
    expect(tally.traffic.delivered + tally.traffic.missed).toBe(tally.deliveries);
    expect(tally.stalled).toBeGreaterThan(0);
    expect(tally.chunksOnTime).toBeLessThan(tally.chunksDue);
  });

  it('accounts for every byte that viewers get', () => {
    const { traffic, deliveries } = playSmall(smallRun({ cell: { ...CELL_DEFAULT, network: STILL } }));
    const received = traffic.fromViewersBytes + traffic.fromRelayBytes;
    expect(received / deliveries).toBeGreaterThan(5_000);
    expect(received / deliveries).toBeLessThan(16_384);
    expect(traffic.relayEgressBytes).toBeGreaterThanOrEqual(traffic.fromRelayBytes);
  });

  it('is never faster than the lower bound', () => {
    for (const seed of ['a', 'b', 'c'])
      for (const network of [STILL, CALM_NETWORK, CELL_DEFAULT.network]) {
        const tally = playSmall(smallRun({ seed, viewersPerCell: 60, cell: { ...CELL_DEFAULT, network } }));
        expect(tally.boundMs).toBeGreaterThan(RELAY_ACCESS_MS);
        expect(tally.delayMsMax).toBeGreaterThanOrEqual(tally.boundMs);
      }
  });

  it('composes cells below a relay tree, each relay later than the one that feeds it', async () => {
    const run = smallRun({ viewersPerCell: 30 });
    const one = await compose({ run, viewers: 30, fanOut: 2, workers: 0 });
    const many = await compose({ run, viewers: 240, fanOut: 2, workers: 0 });
    expect(many.tally.viewers).toBe(240);
    expect(many.tally.cells).toBe(8);
    expect(many.relayDepth).toBe(3);
    expect(quantileMs(many.tally.delays, 0.5)).toBeGreaterThan(quantileMs(one.tally.delays, 0.5));
  });
});

describe('the hosts of a cell', () => {
  it('are as the population says', () => {
    const hosts = drawCellHosts({ seed: 'hosts', count: 4_000, joinSpreadMs: 1_000 });
    const shareOf = (column: Uint8Array): number =>
      column.reduce((sum, value) => sum + value, 0) / hosts.count;
    expect(shareOf(hosts.isDownloadOnly)).toBeCloseTo(0.3, 1);
    expect(shareOf(hosts.isBehindNat)).toBeCloseTo(0.2, 1);
    expect(Math.max(...hosts.joinMs)).toBeLessThan(1_000);
  });
});
