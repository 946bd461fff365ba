/** A run in figures: plain data, so that the cells of one network can run apart and be put together. */

import { Histogram } from './histogram.js';
import type { SecondRecord } from './measurements.js';
import type { HostProfile } from './population.js';
import { SOURCE_DEFAULT } from './source.js';
import type { World } from './world.js';

/** Everything that a run is judged by. Counts are those of the measured span. */
export type Figures = {
  readonly cells: number;
  /** Viewers that were ever there. */
  readonly joined: number;
  /** Milliseconds from start to first chunk; infinite for those that never had one. */
  readonly starts: readonly number[];
  readonly delays: Uint32Array;
  readonly spanMs: number;
  readonly bitrate: number;
  readonly peerBytes: number;
  readonly relayBytes: number;
  readonly relayEgressBytes: number;
  /** Honest viewers of the span, and those of them whose picture never stood still. */
  readonly present: number;
  readonly stallFree: number;
  readonly stalledMs: number;
  /** Chunks that were due at honest viewers, and those that were there. */
  readonly expected: number;
  readonly onTime: number;
  readonly forgedPlayed: number;
  readonly delivered: number;
  readonly skipped: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly peersOpened: number;
  readonly peersFailed: number;
  readonly seconds: readonly SecondRecord[];
  readonly hosts: readonly HostProfile[];
  readonly events: number;
  readonly traceHash: string;
  readonly worldMs: number;
  /** Expectations of the scenario that the end did not meet. */
  readonly unmet: readonly string[];
};

/** Viewers that came later than this before the end and saw nothing are not held against the run. */
const START_PATIENCE_MS = 2_000;

/** Takes a run's figures; the run is over. */
export function figuresOf(world: World, bitrate: number): Figures {
  const { measurements, clock, trace } = world;
  world.finish();
  const { fromMs, untilMs } = measurements.span;
  let [present, stallFree, stalledMs, expected, onTime, skipped] = [0, 0, 0, 0, 0, 0];
  for (const { joinedMs, leftMs, isHonest, playout } of measurements.viewers.values()) {
    if (!isHonest || (leftMs ?? untilMs) <= fromMs) continue;
    if (!playout.isStarted && (leftMs ?? untilMs) - joinedMs < START_PATIENCE_MS) continue;
    present++;
    if (playout.isStarted && playout.stalls === 0) stallFree++;
    stalledMs += playout.stalledMs;
    expected += playout.expected;
    onTime += playout.onTime;
  }
  for (const node of world.nodes) skipped += node.session.stats(node.now()).chunksSkipped;
  return {
    cells: 1,
    joined: measurements.viewers.size,
    starts: measurements.starts(),
    delays: measurements.delays.buckets,
    spanMs: untilMs - fromMs,
    bitrate,
    peerBytes: measurements.peerBytes,
    relayBytes: measurements.relayBytes,
    relayEgressBytes: measurements.relayEgressBytes,
    present,
    stallFree,
    stalledMs,
    expected,
    onTime,
    forgedPlayed: measurements.forgedPlayed,
    delivered: measurements.delivered,
    skipped,
    refused: Object.fromEntries(measurements.refusedByKind),
    peersOpened: world.peers?.opened ?? 0,
    peersFailed: world.peers?.failed ?? 0,
    seconds: measurements.seconds,
    hosts: world.viewerHosts,
    events: trace.count,
    traceHash: trace.hash,
    worldMs: clock.now,
    unmet: world.unmet,
  };
}

function addSeconds(a: readonly SecondRecord[], b: readonly SecondRecord[]): SecondRecord[] {
  const none = { peerBytes: 0, relayBytes: 0, pieces: 0, hops: 0, hopsMax: 0, planMessages: 0 };
  return Array.from({ length: Math.max(a.length, b.length) }, (_, index) => {
    const [x, y] = [a[index] ?? none, b[index] ?? none];
    return {
      peerBytes: x.peerBytes + y.peerBytes,
      relayBytes: x.relayBytes + y.relayBytes,
      pieces: x.pieces + y.pieces,
      hops: x.hops + y.hops,
      hopsMax: Math.max(x.hopsMax, y.hopsMax),
      planMessages: x.planMessages + y.planMessages,
    };
  });
}

function addRefused(a: Figures['refused'], b: Figures['refused']): Record<string, number> {
  const sum: Record<string, number> = { ...a };
  for (const [why, count] of Object.entries(b)) sum[why] = (sum[why] ?? 0) + count;
  return sum;
}

/** Puts two cells of one network together. */
function addFigures(a: Figures, b: Figures): Figures {
  const delays = new Histogram(a.delays.slice());
  delays.merge(new Histogram(b.delays));
  return {
    cells: a.cells + b.cells,
    joined: a.joined + b.joined,
    starts: [...a.starts, ...b.starts],
    delays: delays.buckets,
    spanMs: Math.max(a.spanMs, b.spanMs),
    bitrate: a.bitrate,
    peerBytes: a.peerBytes + b.peerBytes,
    relayBytes: a.relayBytes + b.relayBytes,
    relayEgressBytes: a.relayEgressBytes + b.relayEgressBytes,
    present: a.present + b.present,
    stallFree: a.stallFree + b.stallFree,
    stalledMs: a.stalledMs + b.stalledMs,
    expected: a.expected + b.expected,
    onTime: a.onTime + b.onTime,
    forgedPlayed: a.forgedPlayed + b.forgedPlayed,
    delivered: a.delivered + b.delivered,
    skipped: a.skipped + b.skipped,
    refused: addRefused(a.refused, b.refused),
    peersOpened: a.peersOpened + b.peersOpened,
    peersFailed: a.peersFailed + b.peersFailed,
    seconds: addSeconds(a.seconds, b.seconds),
    hosts: [...a.hosts, ...b.hosts],
    events: a.events + b.events,
    traceHash: joinHashes(a.traceHash, b.traceHash),
    worldMs: Math.max(a.worldMs, b.worldMs),
    unmet: [...a.unmet, ...b.unmet],
  };
}

/** A hash of two hashes, in this order. */
function joinHashes(a: string, b: string): string {
  let [low, high] = [2166136261, 0x9e3779b9];
  for (const char of a + b) {
    low = Math.imul(low ^ char.charCodeAt(0), 16777619);
    high = Math.imul(high ^ char.charCodeAt(0) ^ (low >>> 15), 0x85ebca6b);
  }
  return [high, low].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

/** Puts the cells of one network together, in their order. */
export function mergeFigures(cells: readonly Figures[]): Figures {
  const [first, ...others] = cells;
  if (!first) throw new RangeError('A network has at least one cell.');
  return others.reduce(addFigures, first);
}

const share = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);

/** Share of the viewers' bytes that came from viewers. */
export const offloadOf = (figures: Figures): number =>
  figures.peerBytes === 0 ? 0 : figures.peerBytes / (figures.peerBytes + figures.relayBytes);

/** Share of the honest viewers whose picture never stood still. */
export const stallFreeOf = (figures: Figures): number => share(figures.stallFree, figures.present);

/** Share of the honest viewers' time in which their picture stood still: the rebuffering ratio of streaming studies. */
export const stalledShareOf = (figures: Figures): number =>
  figures.stalledMs / Math.max(1, (figures.expected * 1000) / SOURCE_DEFAULT.chunksPerSecond);

/** Share of the honest viewers' chunks that were there when they were due. */
export const onTimeOf = (figures: Figures): number => share(figures.onTime, figures.expected);

/** What a relay sent, in multiples of the bitrate; of several the mean. */
export const relayEgressOf = (figures: Figures): number =>
  (figures.relayEgressBytes * 8000) / figures.spanMs / figures.bitrate / figures.cells;

/** Milliseconds from joining to the first frame that a share of the viewers kept. */
export function startMsOf(figures: Figures, kept: number): number {
  const sorted = [...figures.starts].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * kept) - 1)] ?? 0;
}

/** Milliseconds from capture to a complete chunk that a share of the deliveries kept. */
export const delayMsOf = (figures: Figures, kept: number): number =>
  new Histogram(figures.delays).quantile(kept);
