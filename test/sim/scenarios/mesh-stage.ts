/** The stage of the mesh's scenarios: a cell of viewers on hosts drawn from the seed. */

import { createCell, type Prng, playoutLagMs } from '@freshet/proto';
import { AuthenticChecker } from '../checkers/authentic.js';
import { LimitsChecker } from '../checkers/limits.js';
import { staleViewers } from '../checkers/liveness.js';
import { OncePerLinkChecker } from '../checkers/once-per-link.js';
import { OrderChecker } from '../checkers/order.js';
import { DATAGRAM_BUFFERED_BYTES_MAX } from '../datagram-link.js';
import { Network, type NetworkOptions } from '../network.js';
import { PLAYOUT_LAG_MS } from '../playout.js';
import {
  drawHost,
  type HostProfile,
  POPULATION_DEFAULT,
  type PopulationOptions,
  relayHost,
} from '../population.js';
import type { NodeOptions, SimNode } from '../sim-node.js';
import { SOURCE_DEFAULT, Source, WALL_START_MS } from '../source.js';
import { World } from '../world.js';
import type { ScenarioOptions } from './scenario.js';

/** What a stage is set with. */
export type MeshStageOptions = ScenarioOptions & {
  readonly population?: Partial<PopulationOptions>;
  readonly network?: Partial<NetworkOptions>;
  /** Relays that the catalog names, best first; `['relay']` if left out. */
  readonly relays?: readonly string[];
};

/** When the first viewer comes. */
export const JOIN_FROM_MS = 2_000;

/** Stream after everybody has joined, unless the run is told otherwise. */
export const WATCH_SECONDS = 60;

/** Viewers that a relay feeds in each stripe. */
const HEADS_MAX = 8;

/** Neighbours that a browser holds well. */
const LINKS_MAX = 16;

/** What a viewer offers who set no limit: nobody knows the own uplink. */
const UPLINK_CAP_BPS = 50_000_000;

const NODE_NAME = /^viewer-/;

/** A world with a network, its checkers, the publisher and the cell's relay, at the time {@link JOIN_FROM_MS}. */
export class MeshStage {
  readonly world: World;
  readonly network: Network;
  readonly source: Source;
  readonly options: MeshStageOptions;
  readonly #population: PopulationOptions;
  readonly #hostPrng: Prng;

  constructor(options: MeshStageOptions) {
    this.options = options;
    const { seed, onLine, scheme, lagMs = PLAYOUT_LAG_MS } = options;
    const made: Network[] = [];
    this.world = new World({
      seed,
      onLine,
      scheme,
      measurements: { lagMs, chunkMs: 1000 / SOURCE_DEFAULT.chunksPerSecond },
      network: (prng) => {
        const network = new Network(prng, options.network);
        made.push(network);
        return network;
      },
    });
    const { world } = this;
    this.network = made[0] ?? new Network(world.prng, options.network);
    world.addChecker(new AuthenticChecker(world));
    world.addChecker(new OrderChecker(world));
    world.addChecker(new OncePerLinkChecker(world));
    world.addChecker(new LimitsChecker(world, DATAGRAM_BUFFERED_BYTES_MAX));
    this.#population = { ...POPULATION_DEFAULT, ...options.population };
    this.#hostPrng = world.prng.fork('population');
    const { relays = ['relay'] } = options;
    // The cells of a network share its publisher: each has its part of the uplink.
    const publisherBps = 1_000_000_000 / (options.cells ?? 1);
    const publisher = world.addNode({
      name: 'publisher',
      role: 'publisher',
      parents: [],
      verifyDelay: 'at-once',
      wallAtZeroMs: WALL_START_MS,
      host: this.network.addRelay(relayHost(0, publisherBps), 'publisher'),
    });
    this.source = new Source(world, publisher, { relays });
    for (const name of relays) this.addRelay(name);
    this.source.begin();
    world.runUntil(JOIN_FROM_MS);
  }

  /** Adds a relay below the publisher that plans a cell. */
  addRelay(name: string): SimNode {
    return this.world.addNode({
      name,
      role: 'relay',
      parents: ['publisher'],
      verifyDelay: 'at-once',
      host: this.network.addRelay(relayHost(), name),
      cell: { create: createCell, headsMax: HEADS_MAX, stunPort: 0 },
    });
  }

  /** Adds viewer number `index` now; what is not given is as its host and an honest viewer have it. */
  addViewer(
    index: number,
    changes: Partial<NodeOptions> = {},
    hostChanges: Partial<HostProfile> = {},
  ): SimNode {
    const host = { ...drawHost(this.#hostPrng, index, this.#population), ...hostChanges };
    const name = `viewer-${index}`;
    const home = this.network.addHome(host, name);
    const relay = this.world.node(this.options.relays?.[0] ?? 'relay').options.host ?? home;
    return this.world.addNode({
      name,
      role: 'viewer',
      parents: [this.options.relays?.[0] ?? 'relay'],
      verifyDelay: 'at-once',
      host: home,
      mesh: { linksMax: LINKS_MAX, uplinkBps: host.isDownloadOnly ? 0 : UPLINK_CAP_BPS },
      playoutLagMs: this.options.lagMs ?? playoutLagMs(2 * this.network.pathMs(home, relay)),
      ...changes,
    });
  }

  /** Lets everybody join, evenly over `spreadMs`, then measures from that moment on. */
  joinAll(spreadMs: number, changesOf: (index: number) => Partial<NodeOptions> = () => ({})): void {
    const { world, options } = this;
    const startMs = world.clock.now;
    for (let index = 0; index < options.viewers; index++)
      world.at(startMs + (index * spreadMs) / options.viewers, () => this.addViewer(index, changesOf(index)));
    world.runUntil(startMs + spreadMs);
    world.measurements.measureFrom(world.clock.now);
  }

  /** Milliseconds to watch for after everybody has joined. */
  get watchMs(): number {
    return (this.options.seconds ?? WATCH_SECONDS) * 1000;
  }

  /** The whole of a scenario without an event: everybody joins and watches, and is live at the end. */
  watch(spreadMs: number): World {
    this.joinAll(spreadMs);
    this.runFor(this.watchMs);
    this.expectLive();
    return this.world;
  }

  /** Runs on for so long. */
  runFor(ms: number): void {
    this.world.runUntil(this.world.clock.now + ms);
  }

  /** Names of the viewers that are there. */
  get present(): string[] {
    const names: string[] = [];
    for (const { name, isUp } of this.world.nodes) if (isUp && NODE_NAME.test(name)) names.push(name);
    return names;
  }

  /** Every viewer who is up sees live media at this moment. */
  expectLive(): void {
    const stale = staleViewers(this.world);
    this.expect(stale.length === 0, `${stale.length} viewers are not live: ${stale.slice(0, 5).join(', ')}`);
  }

  /** Notes what the end should be like and is not: the run's figures are still wanted. */
  expect(condition: boolean, message: string): void {
    if (!condition) this.world.unmet.push(message);
  }
}
