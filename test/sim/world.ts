/** A whole network in one process: one channel, its publisher, relays and viewers, on one virtual clock. */

import {
  decodeControl,
  FrameKind,
  type LinkId,
  type MonoMs,
  Prng,
  type SessionEvent,
  socketUrl,
} from '@freshet/proto';
import { type Checker, SafetyError } from './checkers/checker.js';
import { HOST_STREAM_LIMITS, HostRoute } from './host-route.js';
import { Ledger } from './ledger.js';
import { type MeasurementOptions, Measurements } from './measurements.js';
import type { Host, Network } from './network.js';
import { PeerConnections } from './peer-connections.js';
import type { HostProfile } from './population.js';
import { CachedScheme, type SigningScheme, TagScheme } from './signing-scheme.js';
import { type NodeOptions, SimNode } from './sim-node.js';
import { WALL_START_MS } from './source.js';
import { type LineSink, Trace } from './trace.js';
import { VirtualClock, type Wakeable } from './virtual-clock.js';
import {
  createLink,
  createStream,
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
  /** Makes the network; nodes that have a host of it are linked through it, the others by profiles. */
  readonly network?: (prng: Prng) => Network;
  readonly measurements?: Partial<MeasurementOptions> | undefined;
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
  readonly measurements: Measurements;
  readonly network: Network | undefined;
  /** Connections between viewers, where there is a network. */
  readonly peers: PeerConnections | undefined;
  readonly scheme: SigningScheme;
  readonly channelKeys: ReturnType<SigningScheme['createKeys']>;
  readonly seed: string;
  /** What a scenario expected at its end and did not find, where the figures are worth having all the same. */
  readonly unmet: string[] = [];
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
  readonly #onSent = (from: LinkEnd, bytes: Uint8Array): void => {
    if (from.owner instanceof SimNode && from.owner.options.role === 'relay') this.#noteRelaySent(bytes);
    for (const checker of this.#checkers) checker.onSent?.(from, bytes);
  };
  #nextEnd = 0;
  #steps = 0;

  constructor(options: WorldOptions) {
    this.seed = options.seed;
    this.prng = new Prng(options.seed);
    this.#linkPrng = this.prng.fork('links');
    this.trace = new Trace(options.onLine);
    this.measurements = new Measurements(options.measurements);
    this.network = options.network?.(this.prng.fork('network'));
    this.peers =
      this.network &&
      new PeerConnections({
        clock: this.clock,
        network: this.network,
        nextEnd: () => this.#nextEnd++,
        onSent: this.#onSent,
      });
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

  /** Hosts of the viewers that have one, in order of joining. */
  get viewerHosts(): HostProfile[] {
    const hosts: HostProfile[] = [];
    for (const { options } of this.#nodes.values())
      if (options.role === 'viewer' && options.host) hosts.push(options.host.profile);
    return hosts;
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
    if (options.role === 'viewer')
      this.measurements.join(options.name, this.clock.now, options.isHonest ?? true, options.playoutLagMs);
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
    const to = this.#nodes.get(parentName)?.options.host;
    const hosts = dialler.options.host && to ? { from: dialler.options.host, to } : undefined;
    const latencyMs = hosts ? (this.network?.pathMs(hosts.from, hosts.to) ?? 0) : profile.latencyMs;
    const openMs = OPENING_ROUND_TRIPS * 2 * latencyMs;
    const attempt: Wakeable = {
      wake: () => {
        const parent = this.#nodes.get(parentName);
        if (!dialler.isUp) return;
        const isCut = this.#partitions.has(`${dialler.name} ${parentName}`);
        if (!parent?.isUp || isCut) return dialler.onDialFailed(link);
        this.join(dialler, link, parent, profile, hosts);
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
    hosts?: { readonly from: Host; readonly to: Host } | undefined,
  ): LinkEnd {
    const dialled = new LinkEnd(dialler, link, this.#nextEnd++);
    const answered = new LinkEnd(parent, parent.nextChildId(), this.#nextEnd++);
    const parts = {
      clock: this.clock,
      prng: this.#linkPrng,
      dialled,
      answered,
      onSent: this.#onSent,
    };
    const { network } = this;
    const made =
      network && hosts
        ? createStream({
            ...parts,
            limits: HOST_STREAM_LIMITS,
            up: new HostRoute(network, hosts.from, hosts.to),
            down: new HostRoute(network, hosts.to, hosts.from),
          })
        : createLink({ ...parts, profile });
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
        this.measurements.refuse(event.why);
        break;
      case 'parent-lost':
        this.trace.note(now, node.name, 'parent-lost', event.code, event.retryInMs);
        break;
      default:
        this.trace.note(now, node.name, event.kind);
    }
  }

  /** A viewer goes for good: by closing its page, or by vanishing. */
  removeViewer(name: string, how: 'leaves' | 'vanishes'): void {
    const node = this.node(name);
    if (!node.isUp) return;
    this.trace.note(this.clock.now, name, how);
    if (how === 'leaves') node.leave();
    else node.crash();
    this.measurements.leave(name, this.clock.now, this.newestCaptureMs);
  }

  /** The run is over: settles what is measured. */
  finish(): void {
    this.measurements.finish(this.clock.now, this.newestCaptureMs);
  }

  /** Capture time of the newest published chunk, in the world's time. */
  get newestCaptureMs(): number {
    return this.ledger.newestCaptureMs - WALL_START_MS;
  }

  #noteRelaySent(bytes: Uint8Array): void {
    this.measurements.sendFromRelay(this.clock.now, bytes.length);
    if (bytes[0] !== FrameKind.control) return;
    if (decodeControl(bytes)?.kind === 'plan') this.measurements.plan(this.clock.now);
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
