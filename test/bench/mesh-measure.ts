/**
 * What a running cell does: how much of the stream its viewers carry, how late the picture is, and what happens when the
 * viewer that feeds most others dies without a word.
 */

import { setTimeout as delay } from 'node:timers/promises';
import type { MeshStats, PeerId } from '@freshet/proto';
import { AppViewer, type MeshBroadcast, type MeshViewer, PageViewer } from '../e2e/mesh-rig.js';
import { percentile, round } from './bench.js';

/** A cell that is running. */
export type MeshCell = {
  readonly broadcast: MeshBroadcast;
  readonly viewers: readonly MeshViewer[];
  /** Length of the measurement before the death, and the same after it. */
  readonly seconds: number;
  readonly note: (line: string) => void;
};

/** What is printed. */
export type MeshResult = {
  readonly viewers: number;
  /** Bytes of pieces that came from viewers, of all that came, at all viewers, before the death. */
  readonly offload: number;
  /** In all pages, before and after the death. */
  readonly glassToGlassMs: { readonly p50: number; readonly p99: number };
  /** Times that a picture stood still after the cell had settled, in all pages but a dead one. */
  readonly stalls: number;
  /**
   * From the death to the first piece from somebody else, a repair included, in the stripe and at the viewer where that
   * took longest; `null` when a stripe never came back, or none was fed by the dead viewer any more.
   */
  readonly recoverMs: number | null;
};

/** Unchanged sources for so long count as settled. */
const SETTLED_MS = 5_000;

/** Longest wait for that; then it is measured as it is. */
const SETTLE_MS_MAX = 60_000;

const LOOK_MS = 500;

type Look = { readonly viewer: MeshViewer; readonly mesh: MeshStats };

/** Waits until the cell has settled, then measures it. */
export async function measureMesh({ broadcast, viewers, seconds, note }: MeshCell): Promise<MeshResult> {
  await settle(viewers, note);
  const pages = viewers.filter((viewer) => viewer instanceof PageViewer);
  const joinStalls = (await Promise.all(pages.map((page) => page.stalls()))).reduce((a, b) => a + b, 0);
  const guests = await broadcast.metric('freshet_cell_guest_feeds');
  note(
    `settled; ${joinStalls} stalls while joining; ${guests} stripes fed outside the plan; ${await reportsOf(broadcast)}`,
  );
  for (const { page } of pages) await page.evaluate('freshetBench.reset()');

  const before = await lookAt(viewers);
  await delay(seconds * 1000);
  const after = await lookAt(viewers);
  for (const line of describe(before, after)) note(line);
  note(
    `${await broadcast.metric('freshet_cell_guest_feeds')} stripes fed outside the plan; ${await reportsOf(broadcast)}`,
  );
  const victim = findVictim(after);
  const killedMs = Date.now();
  await victim.viewer.kill();
  note(`${victim.viewer.name} fed ${victim.edges} stripes of others and is killed`);
  const left = viewers.filter((viewer) => viewer !== victim.viewer);
  await delay(seconds * 1000);
  const recoverMs = recoveryOf(victim.peer, killedMs, after, await lookAt(left), note);

  note(await reportsOf(broadcast));
  const latencies: number[] = [];
  let stalls = 0;
  for (const viewer of left) {
    if (viewer instanceof AppViewer) note(`${viewer.name}: ${await viewer.stalls()} gaps`);
    if (!(viewer instanceof PageViewer)) continue;
    const bench = await viewer.page.evaluate<{ latenciesMs: number[]; stalls: number }>(
      '({ latenciesMs: freshetBench.latenciesMs, stalls: freshetBench.stalls })',
    );
    const { latenciesMs } = bench;
    note(`${viewer.name}: ${latenciesMs.length} frames, ${quantiles(latenciesMs)}, ${bench.stalls} stalls`);
    latencies.push(...latenciesMs);
    stalls += bench.stalls;
  }
  return {
    viewers: viewers.length,
    offload: round(offloadOf(before, after), 3),
    glassToGlassMs: {
      p50: round(percentile(latencies, 0.5), 1),
      p99: round(percentile(latencies, 0.99), 1),
    },
    stalls,
    recoverMs,
  };
}

async function lookAt(viewers: readonly MeshViewer[]): Promise<readonly Look[]> {
  const looks = await Promise.all(viewers.map(async (viewer) => ({ viewer, mesh: await viewer.mesh() })));
  return looks.flatMap(({ viewer, mesh }) => (mesh ? [{ viewer, mesh }] : []));
}

/** What viewers have reported about each other. */
async function reportsOf(broadcast: MeshBroadcast): Promise<string> {
  const kinds = ['unreachable', 'silent', 'late', 'forged', 'overloaded'];
  const counts = await Promise.all(
    kinds.map((why) => broadcast.metric(`freshet_cell_reports_total{why="${why}"}`)),
  );
  return `reports: ${kinds.map((why, index) => `${why} ${counts[index]}`).join(', ')}`;
}

async function settle(viewers: readonly MeshViewer[], note: (line: string) => void): Promise<void> {
  const startedMs = performance.now();
  let last = '';
  let sinceMs = startedMs;
  while (performance.now() - startedMs < SETTLE_MS_MAX) {
    const looks = await lookAt(viewers);
    const now = JSON.stringify(looks.map(({ mesh }) => mesh.sources));
    if (now !== last || looks.length < viewers.length || looks.some(({ mesh }) => mesh.stripeCount === 0))
      sinceMs = performance.now();
    last = now;
    if (performance.now() - sinceMs >= SETTLED_MS) return;
    await delay(LOOK_MS);
  }
  note(`not settled after ${SETTLE_MS_MAX / 1000} s`);
}

function offloadOf(before: readonly Look[], after: readonly Look[]): number {
  let fromPeers = 0;
  let all = 0;
  for (const { viewer, mesh } of after) {
    const start = before.find((look) => look.viewer === viewer)?.mesh;
    const peers = mesh.bytesFromPeers - (start?.bytesFromPeers ?? 0);
    fromPeers += peers;
    all += peers + mesh.bytesFromRelay - (start?.bytesFromRelay ?? 0);
  }
  return fromPeers / Math.max(1, all);
}

type Victim = { readonly viewer: MeshViewer; readonly peer: PeerId; readonly edges: number };

/** The viewer that feeds most stripes of others; of equals the one that comes last. */
function findVictim(looks: readonly Look[]): Victim {
  let most: Victim | undefined;
  for (const { viewer, mesh } of looks) {
    const edges = looks.flatMap((look) => look.mesh.sources).filter((peer) => peer === mesh.peer).length;
    if (!most || edges >= most.edges) most = { viewer, peer: mesh.peer, edges };
  }
  if (!most || most.edges === 0) throw new Error('no viewer feeds another: there is nothing to measure');
  return most;
}

function recoveryOf(
  victim: PeerId,
  killedMs: number,
  before: readonly Look[],
  after: readonly Look[],
  note: (line: string) => void,
): number | null {
  let longestMs: number | undefined;
  let isLost = false;
  for (const { viewer, mesh } of after) {
    const fed = before.find((look) => look.viewer === viewer)?.mesh.sources ?? [];
    for (const [stripe, source] of fed.entries()) {
      if (source !== victim) continue;
      const later = mesh.handovers.filter((one) => one.stripe === stripe && one.atMs >= killedMs);
      // Where a repair had come just before the death, the next piece is no handover from the dead one.
      const first = later.find((one) => one.from === victim) ?? later[0];
      if (first) longestMs = Math.max(longestMs ?? 0, first.atMs - killedMs);
      else if (mesh.sources[stripe] === victim) isLost = true;
      const how = first
        ? `${round(first.atMs - killedMs, 0)} ms (gap ${round(first.gapMs, 0)} ms)`
        : 'taken from another before the death';
      note(`${viewer.name} stripe ${stripe}: ${how}`);
    }
  }
  return isLost || longestMs === undefined ? null : round(longestMs, 1);
}

function quantiles(latenciesMs: readonly number[]): string {
  return `p50 ${round(percentile(latenciesMs, 0.5), 0)} ms, p99 ${round(percentile(latenciesMs, 0.99), 0)} ms`;
}

function describe(before: readonly Look[], after: readonly Look[]): string[] {
  return after.map(({ viewer, mesh }) => {
    const start = before.find((look) => look.viewer === viewer)?.mesh;
    const peers = mesh.bytesFromPeers - (start?.bytesFromPeers ?? 0);
    const relay = mesh.bytesFromRelay - (start?.bytesFromRelay ?? 0);
    const share = round((100 * peers) / Math.max(1, peers + relay), 0);
    const up = round(mesh.uplinkBps / 1e6, 1);
    return `${viewer.name}: ${share} % from viewers, feeds ${mesh.helpedCount}, uplink ${up} Mbit/s, ${mesh.piecesRequested} requested, ${mesh.piecesRepaired} repaired, ${mesh.piecesDropped} dropped, ${mesh.sourceSwitches} switches`;
  });
}
