/** A node of the world: a real session, and around it what an adapter is to it. */

import {
  type AudienceOptions,
  addMs,
  type CellOptions,
  type Input,
  Limits,
  type LinkId,
  type MeshOptions,
  type MonoMs,
  type Output,
  type Prng,
  Session,
  type SessionEvent,
  type SessionOptions,
  type SessionRole,
  type TreeOptions,
} from '@freshet/proto';
import type { Host } from './network.js';
import type { PeerConnection, PeerOwner } from './peer-connections.js';
import type { Wakeable } from './virtual-clock.js';
import { LINK_BROKEN, type LinkEnd } from './virtual-link.js';
import type { World } from './world.js';

/** How fast a node verifies: at once, or after up to this many milliseconds, in any order. */
export type VerifyDelay = 'at-once' | number;

/** What a node sends over a link instead of a message: for hostile ones. */
export type Tamper = (bytes: Uint8Array, node: SimNode, end: LinkEnd) => readonly Uint8Array[];

/** What a node is made of. */
export type NodeOptions = {
  readonly name: string;
  readonly role: SessionRole;
  /** Names of the nodes to dial, best first. */
  readonly parents: readonly string[];
  readonly verifyDelay: VerifyDelay;
  readonly wallAtZeroMs?: number;
  readonly patienceMs?: number;
  readonly tamper?: Tamper;
  /** The machine it runs on, for worlds with a network. */
  readonly host?: Host;
  readonly mesh?: MeshOptions;
  readonly cell?: CellOptions;
  readonly tree?: TreeOptions;
  readonly audience?: AudienceOptions;
  /** Told to the session once it runs. */
  readonly playoutLagMs?: number;
  /** Whether it does to others what it should; `true` if left out. */
  readonly isHonest?: boolean;
};

const TAG_TIMER = 0;
const HOPS_MAX = 255;

/** Runs one session by its drain rule, with its own monotonic clock, links, topics and verifier. */
export class SimNode implements PeerOwner, Wakeable {
  readonly name: string;
  readonly options: NodeOptions;
  readonly prng: Prng;
  /** When it was started, in the world's time. */
  readonly startedMs: number;
  #session: Session;
  readonly #world: World;
  /** What its own clock shows at the world's time 0. */
  readonly #clockOffsetMs: number;
  readonly #links = new Map<LinkId, LinkEnd>();
  /** Connections to neighbours that are not open yet. */
  readonly #connections = new Map<LinkId, PeerConnection>();
  readonly #topics = new Map<string, Set<LinkEnd>>();
  /** Answers that are not handed in yet, by the number of their question. */
  readonly #answers = new Map<number, boolean>();
  #nextChild: LinkId = 1;
  #timerAt = Number.POSITIVE_INFINITY;
  #isDraining = false;
  #isUp = true;
  #starts = 0;
  /** Links that the last piece of each stripe had come over, this node's own included. */
  readonly #hops = new Uint8Array(32);

  constructor(world: World, options: NodeOptions) {
    this.name = options.name;
    this.options = options;
    this.#world = world;
    this.startedMs = world.clock.now;
    this.prng = world.prng.fork(options.name);
    this.#clockOffsetMs = options.wallAtZeroMs === undefined ? this.prng.below(1_000_000) : 0;
    this.#session = this.#createSession();
  }

  /** The session in use; a restarted node has a new one. */
  get session(): Session {
    return this.#session;
  }

  /** Whether it runs. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** Links of both directions that are open here. */
  get links(): Iterable<LinkEnd> {
    return this.#links.values();
  }

  /** Its own monotonic clock. */
  now(): MonoMs {
    return addMs(this.#world.clock.now, this.#clockOffsetMs);
  }

  /** Links between the publisher's cell and this node in a stripe: 0 for relays. */
  hopsOf(stripe: number): number {
    return this.options.role === 'viewer' ? (this.#hops[stripe] ?? 0) : 0;
  }

  /** Starts the session's timers: dials the first parent. */
  start(): void {
    this.#isUp = true;
    const { playoutLagMs } = this.options;
    if (playoutLagMs !== undefined)
      this.#session.handleInput(this.now(), { kind: 'playout', lagMs: playoutLagMs });
    this.#drain();
  }

  /** Ends as a page that is closed: every link is told. */
  leave(): void {
    if (!this.#isUp) return;
    this.#session.close();
    this.#drain();
    this.crash();
  }

  /** Ends without a word: every link breaks, everything it held is gone. */
  crash(): void {
    this.#isUp = false;
    for (const end of this.#links.values()) end.break();
    for (const connection of this.#connections.values()) this.#world.peers?.close(connection);
    this.#connections.clear();
    this.#links.clear();
    this.#topics.clear();
    this.#answers.clear();
    this.#timerAt = Number.POSITIVE_INFINITY;
  }

  /** Runs again after a crash, knowing nothing. */
  restart(): void {
    this.#session = this.#createSession();
    this.start();
  }

  /** Hands an input in and carries out what follows. */
  handle(input: Input): void {
    if (!this.#isUp) return;
    this.#session.handleInput(this.now(), input);
    this.#drain();
  }

  /** A dialled node gives its end of the new link a number. */
  nextChildId(): LinkId {
    return this.#nextChild++;
  }

  /** A link opened: one that it dialled, or a child's. */
  onOpened(end: LinkEnd, isChild: boolean): void {
    if (!this.#isUp) return end.break();
    this.#links.set(end.id, end);
    this.handle({ kind: isChild ? 'child-opened' : 'parent-opened', link: end.id });
  }

  onMessage(end: LinkEnd, bytes: Uint8Array): void {
    this.#world.trace.note(this.#world.clock.now, this.name, 'received', end.id, bytes.length);
    if (this.options.role === 'viewer') this.#measure(end, bytes);
    this.handle({ kind: 'received', link: end.id, bytes, bufferedBytes: end.bufferedBytes });
  }

  onWritable(end: LinkEnd, bufferedBytes: number): void {
    this.handle({ kind: 'writable', link: end.id, bufferedBytes });
  }

  onOverflow(end: LinkEnd): void {
    this.#world.trace.note(this.#world.clock.now, this.name, 'overflowed', end.id);
    this.handle({ kind: 'overflowed', link: end.id });
  }

  onClosed(end: LinkEnd, code: number, reason: string): void {
    this.#forget(end);
    this.#world.trace.note(this.#world.clock.now, this.name, 'closed', end.id, code);
    this.#world.notePeerClosed(this, end, code);
    this.handle({ kind: 'closed', link: end.id, code, reason });
  }

  onSignal(link: LinkId, bytes: Uint8Array): void {
    this.handle({ kind: 'signal', link, bytes });
  }

  onPeerOpened(end: LinkEnd): void {
    this.#connections.delete(end.id);
    this.#links.set(end.id, end);
    this.#world.trace.note(this.#world.clock.now, this.name, 'peer-opened', end.id);
    this.handle({ kind: 'peer-opened', link: end.id });
  }

  onPeerFailed(link: LinkId, code: number): void {
    this.#connections.delete(link);
    this.#world.trace.note(this.#world.clock.now, this.name, 'peer-failed', link, code);
    this.handle({ kind: 'closed', link, code, reason: '' });
  }

  /** The dial led to nothing. */
  onDialFailed(link: LinkId): void {
    this.handle({ kind: 'closed', link, code: LINK_BROKEN, reason: '' });
  }

  wake(tag: number): void {
    if (!this.#isUp) return;
    if (tag === TAG_TIMER) {
      // A deadline that has moved on since, or a timer that an earlier one overtook.
      if (this.#world.clock.now < this.#timerAt) return;
      this.#timerAt = Number.POSITIVE_INFINITY;
      return this.handle({ kind: 'timeout' });
    }
    const ok = this.#answers.get(tag);
    this.#answers.delete(tag);
    if (ok !== undefined) this.handle({ kind: 'verified', id: tag, ok });
  }

  #createSession(): Session {
    const { role, parents, wallAtZeroMs, patienceMs, mesh, cell, tree, audience } = this.options;
    const options: SessionOptions = {
      role,
      channelKey: this.#world.channelKey,
      agent: this.name,
      prng: this.prng.fork(`session ${this.#starts++}`),
      parents: parents.map((name) => this.#world.addressOf(name)),
      ...(wallAtZeroMs === undefined ? {} : { wallAtZeroMs }),
      ...(patienceMs === undefined ? {} : { patienceMs }),
      ...(mesh === undefined ? {} : { mesh }),
      ...(cell === undefined ? {} : { cell }),
      ...(tree === undefined ? {} : { tree }),
      ...(audience === undefined ? {} : { audience }),
    };
    return new Session(options);
  }

  #drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    for (let output = this.#session.pollOutput(); output; output = this.#session.pollOutput())
      this.#carryOut(output);
    this.#isDraining = false;
    this.#arm();
    this.#world.afterStep(this);
  }

  #arm(): void {
    const due = this.#session.nextTimeout();
    if (due === undefined) return;
    const at = Math.max(due - this.#clockOffsetMs, this.#world.clock.now);
    if (at >= this.#timerAt) return;
    this.#timerAt = at;
    this.#world.clock.schedule(at, this, TAG_TIMER);
  }

  #carryOut(output: Output): void {
    switch (output.kind) {
      case 'transmit': {
        const end = this.#links.get(output.link);
        if (end) this.#send(end, output.bytes);
        break;
      }
      case 'publish':
        for (const end of this.#topics.get(output.topic) ?? []) this.#send(end, output.bytes);
        break;
      case 'attach':
        this.#attach(output.link, output.topic);
        break;
      case 'detach':
        this.#detach(output.link, output.topic);
        break;
      case 'dial':
        this.#world.dial(this, output.link, output.url);
        break;
      case 'connect':
        this.#connect(output.link, output.isOfferer);
        break;
      case 'signal':
        this.#signal(output.link, output.bytes);
        break;
      case 'close':
        this.#close(output.link, output.code, output.reason);
        break;
      case 'verify':
        this.#verify(output.id, this.#world.scheme.isValid(output.request));
        break;
      case 'event':
        this.#observe(output.event);
        // Every node of the simulation is where it says.
        if (output.event.kind === 'origin-claimed')
          this.#session.handleInput(this.now(), { kind: 'origin-proven', link: output.event.link });
        break;
    }
  }

  #observe(event: SessionEvent): void {
    this.#world.observe(this, event);
  }

  #verify(id: number, ok: boolean): void {
    const { verifyDelay } = this.options;
    if (verifyDelay === 'at-once') return this.#session.handleInput(this.now(), { kind: 'verified', id, ok });
    this.#answers.set(id, ok);
    this.#world.clock.schedule(this.#world.clock.now + this.prng.next() * verifyDelay, this, id);
  }

  #send(end: LinkEnd, bytes: Uint8Array): void {
    const { tamper } = this.options;
    if (!tamper) return end.send(bytes);
    for (const message of tamper(bytes, this, end)) end.send(message);
  }

  #attach(link: LinkId, topic: string): void {
    const end = this.#links.get(link);
    if (!end) return;
    const attached = this.#topics.get(topic);
    if (attached) attached.add(end);
    else this.#topics.set(topic, new Set([end]));
  }

  #detach(link: LinkId, topic: string): void {
    const end = this.#links.get(link);
    if (end) this.#topics.get(topic)?.delete(end);
  }

  #connect(link: LinkId, isOfferer: boolean): void {
    const { host } = this.options;
    if (!host || !this.#world.peers) throw new RangeError(`${this.name} has no network for its neighbours.`);
    this.#world.trace.note(this.#world.clock.now, this.name, 'connects', link);
    this.#connections.set(link, this.#world.peers.connect(this, host, link, isOfferer));
  }

  #signal(link: LinkId, bytes: Uint8Array): void {
    const connection = this.#connections.get(link);
    if (connection) this.#world.peers?.receiveSignal(connection, bytes);
  }

  /** Where a message to a viewer came from, and how far a piece had travelled. */
  #measure(end: LinkEnd, bytes: Uint8Array): void {
    const { measurements, ledger, clock } = this.#world;
    measurements.receive(clock.now, bytes.length, end.isDatagram);
    const piece = ledger.pieceNumber(bytes);
    const sender = end.other?.owner;
    if (piece === undefined || !(sender instanceof SimNode)) return;
    const stripe = ledger.sequenceOf(piece) % Limits.STRIPES_DEFAULT;
    const hops = Math.min(HOPS_MAX, sender.hopsOf(stripe) + 1);
    this.#hops[stripe] = hops;
    measurements.travel(clock.now, hops);
  }

  #close(link: LinkId, code: number, reason: string): void {
    const connection = this.#connections.get(link);
    if (connection) {
      this.#connections.delete(link);
      this.#world.peers?.close(connection);
    }
    const end = this.#links.get(link);
    if (!end) return;
    this.#world.trace.note(this.#world.clock.now, this.name, 'closes', link, code);
    this.#world.noteClosing(this, end, code);
    this.#forget(end);
    end.close(code, reason);
  }

  #forget(end: LinkEnd): void {
    this.#links.delete(end.id);
    for (const attached of this.#topics.values()) attached.delete(end);
  }
}
