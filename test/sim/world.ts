/** A whole network in one process: one channel, its publisher, relays and viewers, on one virtual clock. */

import { type LinkId, type MonoMs, Prng, type SessionEvent, socketUrl } from '@freshet/proto';
import { type Checker, SafetyError } from './checkers/checker.js';
import { Ledger } from './ledger.js';
import { Measurements } from './measurements.js';
import { CachedScheme, type SigningScheme, TagScheme } from './signing-scheme.js';
import { type NodeOptions, SimNode } from './sim-node.js';
import { type LineSink, Trace } from './trace.js';
import { VirtualClock, type Wakeable } from './virtual-clock.js';
import {
  createLink,
  FAST_LINK,
  LinkEnd,
  type LinkOwner,
  type LinkProfile,
  type VirtualLink,
} from './virtual-link.js';

/** What a world is made of. */
export type WorldOptions = {
  /** Everything that happens follows from it. */
  readonly seed: string;
  /** Takes the trace's lines; without it only their hash is kept. */
  readonly onLine?: LineSink | undefined;
  readonly scheme?: SigningScheme | undefined;
  /** The link that a node gets when it dials another; by default {@link FAST_LINK}. */
  readonly linkProfile?: (dialler: string, parent: string) => LinkProfile;
};

/** Two round trips: TCP's and the WebSocket's. */
const OPENING_ROUND_TRIPS = 2;

/** A close that was seen in the world. */
export type CloseNote = {
  readonly atMs: number;
  /** Who closed, or heard that the other end did. */
  readonly node: string;
  readonly code: number;
};

/** Holds everything of one run. */
export class World {
  readonly clock: VirtualClock = new VirtualClock();
  readonly prng: Prng;
  readonly trace: Trace;
  readonly ledger: Ledger = new Ledger();
  readonly measurements: Measurements = new Measurements();
  readonly scheme: SigningScheme;
  readonly channelKeys: ReturnType<SigningScheme['createKeys']>;
  readonly seed: string;
  /** Closes that sessions asked for, oldest first. */
  readonly closings: CloseNote[] = [];
  /** Closes that the other end or the network made, oldest first. */
  readonly peerCloses: CloseNote[] = [];
  readonly #profileOf: (dialler: string, parent: string) => LinkProfile;
  readonly #linkPrng: Prng;
  readonly #nodes = new Map<string, SimNode>();
  readonly #links: { readonly from: string; readonly to: string; readonly link: VirtualLink }[] = [];
  /** Pairs of nodes that nothing passes between, in both orders. */
  readonly #partitions = new Set<string>();
  readonly #checkers: Checker[] = [];
  #nextEnd = 0;
  #steps = 0;

  constructor(options: WorldOptions) {
    this.seed = options.seed;
    this.prng = new Prng(options.seed);
    this.#linkPrng = this.prng.fork('links');
    this.trace = new Trace(options.onLine);
    this.scheme = new CachedScheme(options.scheme ?? new TagScheme());
    this.channelKeys = this.scheme.createKeys(`channel ${options.seed}`);
    this.#profileOf = options.linkProfile ?? (() => FAST_LINK);
  }

  /** The channel that everything here is about. */
  get channelKey(): Uint8Array {
    return this.channelKeys.publicKey;
  }

  /** Every node, in order of being added. */
  get nodes(): Iterable<SimNode> {
    return this.#nodes.values();
  }

  /** Inputs that sessions have taken. */
  get steps(): number {
    return this.#steps;
  }

  /** The node of that name; throws when there is none. */
  node(name: string): SimNode {
    const node = this.#nodes.get(name);
    if (!node) throw new RangeError(`There is no node ${name} in this world.`);
    return node;
  }

  /** A node's origin, as a catalog names relays. */
  originOf(name: string): string {
    return `http://${name}`;
  }

  /** A node's address, as sessions dial it. */
  addressOf(name: string): string {
    return socketUrl(this.originOf(name), this.channelKey);
  }

  /** Adds a checker; it sees everything from now on. */
  addChecker(checker: Checker): void {
    this.#checkers.push(checker);
  }

  /** Adds a node and starts it now. */
  addNode(options: NodeOptions): SimNode {
    const node = new SimNode(this, options);
    this.#nodes.set(options.name, node);
    if (options.role === 'viewer') this.measurements.join(options.name, this.clock.now);
    node.start();
    return node;
  }

  /** Calls `act` at the given time: for faults, of which there are few. */
  at(atMs: number, act: () => void): void {
    const fault: Wakeable = { wake: act };
    this.clock.schedule(atMs, fault, 0);
  }

  /** Runs everything that is due up to `untilMs`, and sets the time to it. */
  runUntil(untilMs: number): void {
    while (this.clock.nextAt <= untilMs) this.clock.step();
    this.clock.advanceTo(untilMs);
  }

  /** A session wants a link to the parent at `url`. */
  dial(dialler: SimNode, link: LinkId, url: string): void {
    const parentName = url.replace(/^ws:\/\//, '').replace(/\/.*$/, '');
    const profile = this.#profileOf(dialler.name, parentName);
    const openMs = OPENING_ROUND_TRIPS * 2 * profile.latencyMs;
    const attempt: Wakeable = {
      wake: () => {
        const parent = this.#nodes.get(parentName);
        if (!dialler.isUp) return;
        const isCut = this.#partitions.has(`${dialler.name} ${parentName}`);
        if (!parent?.isUp || isCut) return dialler.onDialFailed(link);
        this.join(dialler, link, parent, profile);
      },
    };
    this.trace.note(this.clock.now, dialler.name, 'dials', parentName);
    this.clock.schedule(this.clock.now + openMs, attempt, 0);
  }

  /** Opens a link between a dialler, which may be no session at all, and a node. Returns the dialler's end. */
  join(
    dialler: LinkOwner & { onOpened?(end: LinkEnd, isChild: boolean): void; readonly name?: string },
    link: LinkId,
    parent: SimNode,
    profile: LinkProfile,
  ): LinkEnd {
    const dialled = new LinkEnd(dialler, link, this.#nextEnd++);
    const answered = new LinkEnd(parent, parent.nextChildId(), this.#nextEnd++);
    const made = createLink({
      clock: this.clock,
      prng: this.#linkPrng,
      profile,
      dialled,
      answered,
      onSent: (from, bytes) => {
        for (const checker of this.#checkers) checker.onSent?.(from, bytes);
      },
    });
    this.#links.push({ from: dialler.name ?? '', to: parent.name, link: made });
    parent.onOpened(answered, true);
    dialler.onOpened?.(dialled, false);
    return dialled;
  }

  /** Stalls every link between the two nodes and fails every dial, or lets them go on. */
  setPartition(a: string, b: string, isStalled: boolean): void {
    for (const pair of [`${a} ${b}`, `${b} ${a}`]) {
      if (isStalled) this.#partitions.add(pair);
      else this.#partitions.delete(pair);
    }
    for (const { from, to, link } of this.#links)
      if ((from === a && to === b) || (from === b && to === a)) link.setStalled(isStalled);
  }

  /** A node has taken an input and carried out what followed. */
  afterStep(node: SimNode): void {
    this.#steps++;
    for (const checker of this.#checkers) checker.afterStep?.(node);
  }

  /** A session reported something. */
  observe(node: SimNode, event: SessionEvent): void {
    const { now } = this.clock;
    switch (event.kind) {
      case 'chunk':
        this.trace.note(now, node.name, 'chunk', event.chunk.epoch, event.chunk.chunkNumber);
        this.measurements.deliver(node.name, now, event.chunk);
        for (const checker of this.#checkers) checker.onChunk?.(node, event.chunk);
        break;
      case 'state':
        this.trace.note(now, node.name, 'state', event.state);
        break;
      case 'refused':
        this.trace.note(now, node.name, 'refused', event.link, event.why);
        this.measurements.refuse();
        break;
      case 'parent-lost':
        this.trace.note(now, node.name, 'parent-lost', event.code, event.retryInMs);
        break;
      default:
        this.trace.note(now, node.name, event.kind);
    }
  }

  /** A session closes one of its links. */
  noteClosing(node: SimNode, _end: LinkEnd, code: number): void {
    this.closings.push({ atMs: this.clock.now, node: node.name, code });
  }

  /** A link was closed by its other end, or broke. */
  notePeerClosed(node: SimNode, _end: LinkEnd, code: number): void {
    this.peerCloses.push({ atMs: this.clock.now, node: node.name, code });
  }

  /** Stops the run: what must never happen has happened. */
  fail(rule: string, node: string, detail: string): never {
    const at: MonoMs = this.clock.now;
    throw new SafetyError(`${rule}: at ${at.toFixed(1)} ms, ${node}: ${detail}`, this.seed);
  }
}
