/** The relay's figures for Prometheus. Read when asked for; nothing is counted on the way of a piece. */

import type { CellStats } from '@freshet/proto';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { ChannelHost } from './channel-host.js';
import { DELAY_MS_BOUNDS, type DelayCounts } from './delay-counts.js';
import type { LinkServer } from './link/link-server.js';

/** What the figures are read from. */
export type MetricsSource = {
  readonly hosts: () => Iterable<ChannelHost>;
  readonly server: () => LinkServer;
  /** Links that were refused because their address opened too many. */
  readonly opensRefused: () => number;
  /** What the relay knows of its place, where it knows. */
  readonly figures?: (() => RelayFigures) | undefined;
};

/** A relay's place in the tree, and how it does there. What is left out is not shown. */
export type RelayFigures = {
  /** Relays between the broadcaster and this one, of each channel; the biggest is shown. */
  readonly hops?: readonly number[];
  /** From the capture of a piece to its arrival here by the synchronised clock, of each channel. */
  readonly pieceDelays?: Iterable<DelayCounts>;
  /** What was refused outside of the sessions, by kind: redirects, announced relays, false items. */
  readonly refused?: Readonly<Record<string, number>>;
  readonly isDraining?: boolean;
  /** Bits per second sent at this moment. */
  readonly egressBps?: number;
  /** Share of what the viewers get that they get from each other. */
  readonly offload?: number | undefined;
};

/** One host's figure; `undefined` counts as 0. */
type Reading = (host: ChannelHost) => number | undefined;

/** Makes a registry of its own, so that several relays can live in one process. */
export function createMetrics(source: MetricsSource): Registry {
  const registry = new RelayRegistry(source);
  // The event loop is sampled ten times a second; the default, every 10 ms, would cost more than many a piece.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 100 });
  const gauge = (name: string, help: string, read: Reading): void => {
    new Gauge({
      name: `freshet_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(sum(source.hosts(), read));
      },
    });
  };
  const counter = (name: string, help: string, read: Reading): void => {
    new Counter({
      name: `freshet_${name}_total`,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(sum(source.hosts(), read));
      },
    });
  };
  gauge('channels', 'Channels this relay carries.', () => 1);
  gauge('viewers', 'Viewers attached here and at the relays below.', (host) => host.stats().viewerCount);
  gauge('parents', 'Parents in use.', (host) => host.stats().parentCount);
  counter('pieces_verified', 'Pieces whose signature held.', (host) => host.stats().piecesVerified);
  counter('pieces_duplicate', 'Pieces that came once more.', (host) => host.stats().piecesDuplicate);
  counter('received_bytes', 'Message bytes from parents.', (host) => host.stats().bytesReceived);
  counter('sent_bytes', 'Message bytes handed to children.', (host) => host.egressBytes);
  counter(
    'children_lagged',
    'Times a child was set forward to a keyframe.',
    (host) => host.stats().childrenLagged,
  );
  addCellMetrics(registry, source, { gauge, counter });
  new Counter({
    name: 'freshet_refused_total',
    help: 'Messages that were refused, by kind.',
    labelNames: ['why'],
    registers: [registry],
    collect() {
      this.reset();
      for (const host of source.hosts())
        for (const [why, count] of Object.entries(host.stats().refused)) this.inc({ why }, count);
      for (const [why, count] of Object.entries(source.figures?.().refused ?? {})) this.inc({ why }, count);
    },
  });
  if (source.figures) addPlaceMetrics(registry, source.figures);
  addPortMetrics(registry, source);
  return registry;
}

function addPortMetrics(registry: Registry, source: MetricsSource): void {
  new Counter({
    name: 'freshet_opens_refused_total',
    help: 'Links that were closed at once because their address opened too many.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(source.opensRefused());
    },
  });
  new Counter({
    name: 'freshet_connects_refused_total',
    help: 'Connections that were closed unanswered because their address opened too many.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(source.server().connectsRefused);
    },
  });
  new Gauge({
    name: 'freshet_links',
    help: 'Open WebSockets, viewers and child relays.',
    registers: [registry],
    collect() {
      this.set(source.server().linkCount);
    },
  });
}

type Makers = {
  readonly gauge: (name: string, help: string, read: Reading) => void;
  readonly counter: (name: string, help: string, read: Reading) => void;
};

function addCellMetrics(registry: Registry, source: MetricsSource, { gauge, counter }: Makers): void {
  gauge('cell_viewers', 'Viewers in the cells that this relay plans.', (host) => cellOf(host)?.viewerCount);
  gauge('cell_guest_feeds', 'Stripes fed to viewers outside the plan.', (host) => cellOf(host)?.guestFeeds);
  counter('cell_plan_messages', 'Plans told to viewers.', (host) => cellOf(host)?.planMessages);
  counter('cell_signals', 'Signals handed on between viewers.', (host) => cellOf(host)?.signalsForwarded);
  counter('cell_repairs', 'Pieces sent because they were requested.', (host) => cellOf(host)?.repairsServed);
  new Counter({
    name: 'freshet_cell_reports_total',
    help: 'What viewers reported about their neighbours, by kind.',
    labelNames: ['why'],
    registers: [registry],
    collect() {
      this.reset();
      for (const host of source.hosts())
        for (const [why, count] of Object.entries(cellOf(host)?.reports ?? {})) this.inc({ why }, count);
    },
  });
}

function addPlaceMetrics(registry: Registry, figures: () => RelayFigures): void {
  new Gauge({
    name: 'freshet_tree_depth',
    help: 'Relays between the broadcaster and this one, of the channel that has most.',
    registers: [registry],
    collect() {
      this.set(Math.max(0, ...(figures().hops ?? [])));
    },
  });
  new Gauge({
    name: 'freshet_draining',
    help: '1 while the relay moves its viewers to others before it stops.',
    registers: [registry],
    collect() {
      this.set(figures().isDraining === true ? 1 : 0);
    },
  });
  new Gauge({
    name: 'freshet_egress_bits_per_second',
    help: 'What the relay sends at this moment.',
    registers: [registry],
    collect() {
      this.set(figures().egressBps ?? 0);
    },
  });
  new Gauge({
    name: 'freshet_offload_ratio',
    help: 'Share of what the viewers here get that they get from each other, about.',
    registers: [registry],
    collect() {
      this.set(figures().offload ?? 0);
    },
  });
}

/** Adds a histogram that was counted elsewhere to the text: prom-client's own counts only what it is told itself. */
class RelayRegistry extends Registry {
  readonly #source: MetricsSource;

  constructor(source: MetricsSource) {
    super();
    this.#source = source;
  }

  override async metrics(): Promise<string> {
    const delays = this.#source.figures?.().pieceDelays;
    const text = await super.metrics();
    return delays === undefined ? text : `${text}\n${delayText([...delays])}`;
  }
}

/** Prometheus wants seconds, and in each class all that lies below it, too. */
function delayText(all: readonly DelayCounts[]): string {
  const name = 'freshet_piece_delay_seconds';
  const lines = [
    `# HELP ${name} From the capture of a piece to its arrival here, by the synchronised clock.`,
    `# TYPE ${name} histogram`,
  ];
  let count = 0;
  for (const [index, bound] of [...DELAY_MS_BOUNDS, undefined].entries()) {
    for (const { counts } of all) count += counts[index] ?? 0;
    lines.push(`${name}_bucket{le="${bound === undefined ? '+Inf' : bound / 1_000}"} ${count}`);
  }
  const sumMs = all.reduce((total, delays) => total + delays.sumMs, 0);
  lines.push(`${name}_sum ${sumMs / 1_000}`, `${name}_count ${count}`, '');
  return lines.join('\n');
}

function cellOf(host: ChannelHost): CellStats | undefined {
  return host.stats().cell;
}

function sum(hosts: Iterable<ChannelHost>, read: Reading): number {
  let total = 0;
  for (const host of hosts) total += read(host) ?? 0;
  return total;
}
