/** The broadcast as the dashboard shows it: takes the sums of each second, keeps the history, tells what changed. */

import { LATENCY_MS_BOUNDS, quantileOf, type Summary } from '@freshet/proto';
import type {
  DashboardMessage,
  DashboardState,
  EncoderFigures,
  HistorySample,
  RelayFigures,
} from './dashboard-wire.js';
import { History } from './history.js';
import { TreeChanges } from './tree-changes.js';
import { warningsOf } from './warnings.js';

/** What is known of the broadcast beside its audience. */
export type BroadcastFigures = {
  readonly state: DashboardState['state'];
  /** As the catalog in force has it; the one of the start before there is any. */
  readonly title?: string | undefined;
  readonly mediaBps: number;
  /** Names of renditions by number. */
  readonly renditionNames: ReadonlyMap<number, string>;
};

/** What other parts report, each when it has something; what is left out stays as it was. */
export type Report = {
  readonly encoder?: EncoderFigures;
  readonly extras?: Readonly<Record<string, number | string>>;
};

/** Further figures kept by name; more are ignored. */
export const EXTRAS_MAX = 32;

/** Time in which dropped frames are worth a word. */
const DROPPED_SPAN_MS = 60_000;

/** Fixed for the broadcast. */
export type ModelOptions = {
  readonly title: string;
  readonly startedMs: number;
  readonly link: string;
  readonly isLinkLocal: boolean;
};

/** Holds one broadcast. Reads no clock. */
export class AudienceModel {
  readonly history: History = new History();
  readonly #tree = new TreeChanges();
  readonly #isLinkLocal: boolean;
  #state: DashboardState;
  #encoder: EncoderFigures = {};
  #extras: Record<string, number | string> = {};
  /** Frames dropped in all, at the start of each span. */
  #dropped: readonly [atMs: number, count: number] = [0, 0];
  #droppedBefore = 0;

  constructor({ isLinkLocal, ...options }: ModelOptions) {
    this.#isLinkLocal = isLinkLocal;
    this.#state = {
      ...options,
      state: 'waiting',
      nowMs: options.startedMs,
      mediaBps: 0,
      viewers: 0,
      viewersMost: 0,
      relays: 1,
      joins: 0,
      leaves: 0,
      egressBps: 0,
      relayBps: 0,
      peerBps: 0,
      latency: [],
      stalls: [],
      renditions: [],
      rows: [],
      encoder: {},
      extras: {},
      warnings: [],
    };
  }

  /** The broadcast now. */
  get state(): DashboardState {
    return this.#state;
  }

  /** Everything, for a page that has just come. */
  get full(): DashboardMessage {
    return { state: this.#state, tree: this.#tree.full };
  }

  /** Another part's figures, shown from the next second on. */
  report({ encoder, extras }: Report): void {
    this.#encoder = { ...this.#encoder, ...encoder };
    for (const [name, value] of Object.entries(extras ?? {}))
      if (Object.hasOwn(this.#extras, name) || Object.keys(this.#extras).length < EXTRAS_MAX)
        this.#extras = { ...this.#extras, [name]: value };
  }

  /** A second has passed. Returns what pages that were told everything before are to be told now. */
  take(nowMs: number, summary: Summary, broadcast: BroadcastFigures): DashboardMessage {
    const before = this.#state;
    const latencyP50Ms = quantileOf(LATENCY_MS_BOUNDS, summary.latency, 0.5);
    const latencyP95Ms = quantileOf(LATENCY_MS_BOUNDS, summary.latency, 0.95);
    const { viewers, relays, joins, leaves, egressBps, relayBps, peerBps, latency, stalls } = summary;
    const judged = {
      ...before,
      state: broadcast.state,
      title: broadcast.title ?? before.title,
      nowMs,
      mediaBps: broadcast.mediaBps,
      viewers,
      viewersMost: Math.max(before.viewersMost, viewers),
      relays,
      joins: before.joins + joins,
      leaves: before.leaves + leaves,
      egressBps,
      relayBps,
      peerBps,
      latency,
      stalls,
      renditions: renditionsOf(summary, broadcast.renditionNames),
      rows: rowsOf(summary),
      encoder: this.#encoder,
      extras: this.#extras,
    };
    const warnings = warningsOf({
      ...judged,
      latencyP95Ms,
      isLinkLocal: this.#isLinkLocal,
      framesDroppedLately: this.#droppedLately(nowMs),
    });
    this.#state = { ...judged, warnings };
    const stalled = viewers - (stalls[0] ?? viewers);
    const { speed, framesPerSecond, framesDropped } = this.#encoder;
    const sample: HistorySample = [
      nowMs,
      ...[viewers, relays, joins, leaves, egressBps, relayBps, Math.round(peerBps)],
      rounded(latencyP50Ms),
      rounded(latencyP95Ms),
      viewers > 0 ? Math.round((1000 * stalled) / viewers) : 0,
      ...[speed ?? null, framesPerSecond ?? null, framesDropped ?? null],
    ];
    this.history.add(sample);
    const tree = summary.tree && this.#tree.take(summary.tree);
    return { state: changesOf(before, this.#state), sample, ...(tree && { tree }) };
  }

  /** Counts over spans of a minute, of which the one before and this one are looked at. */
  #droppedLately(nowMs: number): number {
    const count = this.#encoder.framesDropped ?? 0;
    const [atMs, atStart] = this.#dropped;
    if (nowMs - atMs >= DROPPED_SPAN_MS) {
      this.#droppedBefore = atMs === 0 ? 0 : count - atStart;
      this.#dropped = [nowMs, count];
      return this.#droppedBefore;
    }
    return Math.max(this.#droppedBefore, count - atStart);
  }
}

function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value);
}

function renditionsOf({ renditions }: Summary, names: ReadonlyMap<number, string>) {
  // Who has not said what it takes gets the first.
  const [first = 0] = names.keys();
  const viewersOf = new Map<number, number>([...names.keys()].map((id) => [id, 0]));
  for (const [id, viewers] of renditions) {
    const known = names.has(id) ? id : first;
    viewersOf.set(known, (viewersOf.get(known) ?? 0) + viewers);
  }
  return [...viewersOf].map(([id, viewers]) => ({ id, name: names.get(id) ?? '', viewers }));
}

/** Of rows with one number, which only a liar makes, the first counts. */
function rowsOf({ rows }: Summary): readonly RelayFigures[] {
  const byId = new Map<number, RelayFigures>();
  for (const row of rows) if (!byId.has(row.id)) byId.set(row.id, row);
  return [...byId.values()];
}

/** The members that differ. */
function changesOf(before: DashboardState, now: DashboardState): Partial<DashboardState> {
  const known = new Map<string, unknown>(Object.entries(before));
  const changed = Object.entries(now).filter(([key, value]) => {
    const old = known.get(key);
    return old !== value && (typeof value !== 'object' || JSON.stringify(old) !== JSON.stringify(value));
  });
  return Object.fromEntries(changed);
}
