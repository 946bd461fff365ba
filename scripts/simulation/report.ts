/** What is said about a run that has ended. */

import { Limits } from '@freshet/proto';
import {
  delayMsOf,
  type Figures,
  offloadOf,
  onTimeOf,
  relayEgressOf,
  stalledShareOf,
  stallFreeOf,
  startMsOf,
} from '../../test/sim/figures.js';
import type { RunArguments } from './arguments.js';

const rounded = (value: number, digits: number): number => Math.round(value * 10 ** digits) / 10 ** digits;

/** Milliseconds as JSON takes them: `null` for never. */
const msOf = (value: number): number | null => (Number.isFinite(value) ? rounded(value, 1) : null);

/** A run that has ended. */
export type Outcome = {
  readonly figures: Figures;
  /** No way of spreading the stream over these hosts has everything everywhere sooner; `undefined` without hosts. */
  readonly boundMs: number | undefined;
  readonly wallSec: number;
};

/** Everything about a run in the one line that `--json` ends with; the same fields for both models. */
export function reportOf(run: RunArguments, { figures, boundMs, wallSec }: Outcome): Record<string, unknown> {
  let [hops, pieces, depthMax, planMessages] = [0, 0, 0, 0];
  for (const second of figures.seconds) {
    hops += second.hops;
    pieces += second.pieces;
    depthMax = Math.max(depthMax, second.hopsMax);
    planMessages += second.planMessages;
  }
  return {
    scenario: run.scenario.name,
    viewers: run.viewers,
    seed: run.seed,
    offload: rounded(offloadOf(figures), 4),
    stallFree: rounded(stallFreeOf(figures), 5),
    stalledShare: rounded(stalledShareOf(figures), 7),
    startMs: { p50: msOf(startMsOf(figures, 0.5)), p95: msOf(startMsOf(figures, 0.95)) },
    delayMs: { p50: delayMsOf(figures, 0.5), p99: delayMsOf(figures, 0.99), max: delayMsOf(figures, 1) },
    boundMs: msOf(boundMs ?? Number.NaN),
    relayEgressX: rounded(relayEgressOf(figures), 2),
    onTime: rounded(onTimeOf(figures), 6),
    forgedPlayed: figures.forgedPlayed,
    wallSec: rounded(wallSec, 1),
    // The peak: threads that have ended had their part in it.
    rssMiB: Math.round(process.resourceUsage().maxRSS / 1024),
    cells: figures.cells,
    present: figures.present,
    stalledMs: rounded(figures.stalledMs, 0),
    delivered: figures.delivered,
    skipped: figures.skipped,
    refused: figures.refused,
    peersOpened: figures.peersOpened,
    peersFailed: figures.peersFailed,
    depth: { mean: pieces === 0 ? 0 : rounded(hops / pieces, 2), max: depthMax },
    planMessages,
    lagMs: run.lagMs ?? Limits.PLAYOUT_LAG_MS,
    events: figures.events,
    traceHash: figures.traceHash,
  };
}

/** The same for people. */
export function summaryOf(run: RunArguments, { figures, wallSec }: Outcome): string {
  const ms = (value: number): string => (Number.isFinite(value) ? `${value.toFixed(0)} ms` : 'never');
  const percent = (value: number): string => `${(100 * value).toFixed(2)} %`;
  const refused = Object.entries(figures.refused).map(([why, count]) => `${count} ${why}`);
  const delays = [0.5, 0.99, 1].map((share) => ms(delayMsOf(figures, share)));
  const cells = figures.cells === 1 ? '' : ` in ${figures.cells} cells`;
  return [
    `${run.scenario.name}: ${run.scenario.summary}`,
    `  ${run.viewers} viewers${cells}, ${(figures.worldMs / 1000).toFixed(0)} s of the world in ${wallSec.toFixed(1)} s, seed ${run.seed}`,
    `  from viewers: ${percent(offloadOf(figures))} of the bytes; a relay sends ${relayEgressOf(figures).toFixed(1)} times the bitrate`,
    `  without a stall: ${percent(stallFreeOf(figures))} of ${figures.present} viewers; on time: ${percent(onTimeOf(figures))} of the chunks`,
    `  first frame: half ${ms(startMsOf(figures, 0.5))}, 95 % ${ms(startMsOf(figures, 0.95))}`,
    `  delay: half ${delays[0]}, 99 % ${delays[1]}, all ${delays[2]}`,
    `  refused: ${refused.join(', ') || 'nothing'}`,
    `  ${figures.events} events, hash ${figures.traceHash}`,
  ].join('\n');
}
