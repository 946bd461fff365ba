/** What a scenario is, and the stage that they all play on. */

import { AuthenticChecker } from '../checkers/authentic.js';
import { LimitsChecker } from '../checkers/limits.js';
import { staleViewers } from '../checkers/liveness.js';
import { OncePerLinkChecker } from '../checkers/once-per-link.js';
import { OrderChecker } from '../checkers/order.js';
import { type Figures, figuresOf } from '../figures.js';
import type { SigningScheme } from '../signing-scheme.js';
import type { NodeOptions, SimNode } from '../sim-node.js';
import { SOURCE_DEFAULT, Source, type SourceOptions, WALL_START_MS } from '../source.js';
import type { LineSink } from '../trace.js';
import { FAST_LINK, type LinkProfile } from '../virtual-link.js';
import { World } from '../world.js';

/** What a run is started with. */
export type ScenarioOptions = {
  readonly seed: string;
  readonly viewers: number;
  /** Takes the trace's lines. */
  readonly onLine?: LineSink | undefined;
  readonly scheme?: SigningScheme | undefined;
  /** Seconds of stream after everybody has joined, where the scenario leaves that open. */
  readonly seconds?: number | undefined;
  /** How far behind the capture players are. */
  readonly lagMs?: number | undefined;
  /** Cells of the network that this run is one of. */
  readonly cells?: number | undefined;
};

/** What a scenario wants of its figures; returns a sentence for each wish that was not met. */
export type Judge = (figures: Figures) => readonly string[];

/** One story that a network goes through. */
export type Scenario = {
  readonly name: string;
  /** One sentence for people. */
  readonly summary: string;
  readonly viewersDefault: number;
  /** Plays it to its end. Throws a SafetyError or a ScenarioError when a rule or an expectation is broken. */
  readonly run: (options: ScenarioOptions) => World;
  /** What the whole network must reach, all its cells together. */
  readonly judge?: Judge;
  /** A larger audience is split into cells of at most so many, which run apart. */
  readonly cellViewersMax?: number;
};

/** Plays one cell to its end and takes its figures. */
export function play(scenario: Scenario, options: ScenarioOptions): Figures {
  return figuresOf(scenario.run(options), SOURCE_DEFAULT.bitrate);
}

/** A run ended otherwise than its scenario expects. The seed repeats it. */
export class ScenarioError extends Error {
  readonly kind = 'scenario';
  readonly seed: string;

  constructor(message: string, seed: string) {
    super(message);
    this.name = 'ScenarioError';
    this.seed = seed;
  }
}

/** Stops the run unless `condition` holds. */
export function expect(world: World, condition: boolean, message: string): asserts condition {
  if (!condition) throw new ScenarioError(`at ${world.clock.now.toFixed(0)} ms: ${message}`, world.seed);
}

/** What a stage is set with. */
export type StageOptions = ScenarioOptions & {
  readonly publisher?: Partial<NodeOptions>;
  readonly source?: Partial<SourceOptions>;
  /** Replaces the link of single dials. */
  readonly linkProfile?: (dialler: string, parent: string) => LinkProfile | undefined;
};

const VERIFY_DELAY_MS = 6;
const PATIENCE_MS = 100;

/** A world with its checkers and a publisher named `publisher`, whose source has not begun. */
export class Stage {
  readonly world: World;
  readonly source: Source;
  readonly #verifyDelay: NodeOptions['verifyDelay'];

  constructor(options: StageOptions) {
    this.world = new World({
      seed: options.seed,
      onLine: options.onLine,
      scheme: options.scheme,
      linkProfile: (dialler, parent) =>
        options.linkProfile?.(dialler, parent) ?? this.#defaultProfile(dialler),
    });
    const { world } = this;
    world.addChecker(new AuthenticChecker(world));
    world.addChecker(new OrderChecker(world));
    world.addChecker(new OncePerLinkChecker(world));
    world.addChecker(new LimitsChecker(world, FAST_LINK.bufferedBytesMax));
    // Half of the seeds verify late and out of order, as WebCrypto does.
    this.#verifyDelay = world.prng.fork('verify').below(2) === 0 ? 'at-once' : VERIFY_DELAY_MS;
    const publisher = world.addNode({
      name: 'publisher',
      role: 'publisher',
      parents: [],
      verifyDelay: 'at-once',
      wallAtZeroMs: WALL_START_MS,
      ...options.publisher,
    });
    this.source = new Source(world, publisher, options.source ?? {});
  }

  /** Adds a relay and starts it. */
  addRelay(name: string, parents: readonly string[], more: Partial<NodeOptions> = {}): SimNode {
    return this.world.addNode({ name, role: 'relay', parents, verifyDelay: this.#verifyDelay, ...more });
  }

  /** Adds a viewer now. */
  addViewer(name: string, parents: readonly string[]): SimNode {
    const verifyDelay = this.#verifyDelay;
    return this.world.addNode({ name, role: 'viewer', parents, verifyDelay, patienceMs: PATIENCE_MS });
  }

  /** Adds viewers one after the other, evenly over `spreadMs` from now. */
  addViewers(count: number, spreadMs: number, parentsOf: (index: number) => readonly string[]): void {
    const { now } = this.world.clock;
    for (let index = 0; index < count; index++)
      this.world.at(now + (index * spreadMs) / count, () =>
        this.addViewer(`viewer-${index}`, parentsOf(index)),
      );
  }

  /** Everybody who is up sees live media at this moment. */
  expectLive(): void {
    const stale = staleViewers(this.world);
    const names = stale.slice(0, 5).join(', ');
    expect(this.world, stale.length === 0, `${stale.length} viewers are not live: ${names}`);
  }

  /** Homes differ: 5 to 40 ms away. */
  #defaultProfile(dialler: string): LinkProfile {
    if (!dialler.startsWith('viewer')) return FAST_LINK;
    const latencyMs = 5 + this.world.prng.fork(`home of ${dialler}`).below(36);
    return { ...FAST_LINK, latencyMs, jitterMs: 10, upBps: 5_000_000, downBps: 20_000_000 };
  }
}
