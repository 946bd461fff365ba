/** The links to a viewer's neighbours: made as the plan says, greeted, kept alive, dropped. */

import { equalBytes } from '../../bytes.js';
import {
  NEIGHBOUR_CONNECT_MS_MAX,
  NEIGHBOUR_DROP_MS,
  NEIGHBOUR_PING_MS,
  NEIGHBOUR_PROBE_MS,
  NEIGHBOUR_SILENCE_MS_MAX,
  NEIGHBOURS_MAX,
} from '../../limits.js';
import type { PeerId, PlanLink, ReportKind } from '../../plan/index.js';
import { addMs, type MonoMs } from '../../time.js';
import { CloseCode } from '../../wire/close-code.js';
import { type ControlMessage, encodeControl, type Hello } from '../../wire/control.js';
import { agree } from '../../wire/version.js';
import type { SessionContext } from '../context.js';
import { ownHello } from '../hello.js';
import type { LinkId } from '../io.js';
import { Neighbour } from './neighbour.js';

/** Neighbours' link numbers start here: above the parents'. */
export const NEIGHBOUR_LINK_FIRST: LinkId = 2 ** 41;

/** What the table asks of the mesh. */
export type NeighboursHooks = {
  readonly relayUrl: () => string;
  /** A neighbour can exchange pieces now. */
  readonly onReady: () => void;
  /** A neighbour is gone; `why` is for the relay. */
  readonly onGone: (neighbour: Neighbour, why: ReportKind | undefined) => void;
  /** It has answered a ping. */
  readonly onPong: (neighbour: Neighbour) => void;
  /** Something changed that repairs should know: who is there, and for what. */
  readonly onChange: () => void;
};

/** The table of neighbours of one viewer. */
export class Neighbours {
  /** UDP port of the relay's STUN service, 0 for none. */
  stunPort = 0;
  readonly #context: SessionContext;
  readonly #hooks: NeighboursHooks;
  readonly #byLink = new Map<LinkId, Neighbour>();
  readonly #byPeer = new Map<PeerId, Neighbour>();
  /** Neighbours that take each stripe. */
  #takers: Neighbour[][] = [];
  #nextLink: LinkId = NEIGHBOUR_LINK_FIRST;
  #tickedAt: MonoMs;

  constructor(context: SessionContext, hooks: NeighboursHooks) {
    this.#context = context;
    this.#hooks = hooks;
    this.#tickedAt = context.now;
  }

  /** All of them, connected or not. */
  [Symbol.iterator](): Iterator<Neighbour> {
    return this.#byLink.values();
  }

  /** How many there are, connected or not. */
  get size(): number {
    return this.#byLink.size;
  }

  /** How many can exchange pieces. */
  get readyCount(): number {
    return this.#count(({ isReady }) => isReady);
  }

  /** How many take a stripe from this viewer. */
  get takingCount(): number {
    return this.#count(({ takenMask }) => takenMask !== 0);
  }

  /** Stripes that all of them take. */
  get takenCount(): number {
    let count = 0;
    for (const takers of this.#takers) count += takers.length;
    return count;
  }

  /** The neighbour of a link. */
  get(link: LinkId): Neighbour | undefined {
    return this.#byLink.get(link);
  }

  /** The neighbour of that number. */
  byPeer(peer: PeerId): Neighbour | undefined {
    return this.#byPeer.get(peer);
  }

  /** Neighbours that take the stripe. */
  takers(stripe: number): readonly Neighbour[] {
    return this.#takers[stripe] ?? [];
  }

  /** Some neighbour takes other stripes now. */
  updateTakers(): void {
    const takers: Neighbour[][] = Array.from({ length: 32 }, () => []);
    for (const neighbour of this.#byLink.values())
      for (let stripe = 0; stripe < 32; stripe++)
        if ((neighbour.takenMask & (1 << stripe)) !== 0) takers[stripe]?.push(neighbour);
    this.#takers = takers;
  }

  /** The plan names a neighbour, or says something else of it, or drops it. */
  plan(link: PlanLink): void {
    const { now } = this.#context;
    const isWanted = (link.parentMask | link.childMask | link.standbyMask) !== 0;
    const known = this.#byPeer.get(link.peer);
    this.#hooks.onChange();
    if (known) {
      known.plan = link;
      known.droppedAt = isWanted ? undefined : (known.droppedAt ?? now);
      if (!isWanted) this.#dropIfUnused(known);
      return;
    }
    if (!isWanted || this.#byLink.size >= NEIGHBOURS_MAX) return;
    const neighbour = new Neighbour(this.#nextLink++, link, now);
    this.#byLink.set(neighbour.link, neighbour);
    this.#byPeer.set(neighbour.peer, neighbour);
    this.#context.emit({
      kind: 'connect',
      link: neighbour.link,
      peer: neighbour.peer,
      isOfferer: link.isOfferer,
      relayUrl: this.#hooks.relayUrl(),
      stunPort: this.stunPort,
    });
  }

  /** The relay whose plan this was is gone: what flows goes on flowing, the rest is dropped in time. */
  forgetPlan(): void {
    for (const neighbour of this.#byLink.values()) neighbour.droppedAt ??= this.#context.now;
  }

  /** The connection is open: greet. */
  handleOpened(link: LinkId): void {
    const neighbour = this.#byLink.get(link);
    if (neighbour?.phase !== 'connecting') return;
    const { now } = this.#context;
    neighbour.phase = 'hello';
    neighbour.since = now;
    neighbour.noteHeard(now);
    this.say(neighbour, ownHello(this.#context.options));
    this.#ping(neighbour);
  }

  /** The connection is gone. */
  handleClosed(link: LinkId): void {
    const neighbour = this.#byLink.get(link);
    if (neighbour) this.#remove(neighbour, neighbour.phase === 'connecting' ? 'unreachable' : undefined);
  }

  /** Takes what belongs to the link itself. `false` for everything else. */
  handleControl(neighbour: Neighbour, message: ControlMessage): boolean {
    const { now } = this.#context;
    if (message.kind === 'hello') {
      this.#greet(neighbour, message);
      return true;
    }
    if (neighbour.phase !== 'ready') {
      // A ping may overtake nothing: the hello comes first on the same channel.
      this.violated(neighbour);
      return true;
    }
    if (message.kind === 'ping') {
      this.say(neighbour, { kind: 'pong', sentMs: message.sentMs, broadcastMs: undefined });
      return true;
    }
    if (message.kind !== 'pong') return false;
    const rttMs = now - message.sentMs;
    if (rttMs >= 0 && rttMs < NEIGHBOUR_SILENCE_MS_MAX) neighbour.rttMs += (rttMs - neighbour.rttMs) / 2;
    this.#hooks.onChange();
    this.#hooks.onPong(neighbour);
    return true;
  }

  /** Asks whether it is there, unless it was asked a moment ago. */
  probe(neighbour: Neighbour): void {
    if (this.#context.now >= addMs(neighbour.pingedAt, NEIGHBOUR_PROBE_MS)) this.#ping(neighbour);
  }

  /** The same of everybody that feeds one of these stripes, or may stand in for it. */
  probeAll(stripeMask: number): void {
    for (const neighbour of this.#byLink.values())
      if (neighbour.isReady && ((neighbour.servesMask | neighbour.sourceMask) & stripeMask) !== 0)
        this.probe(neighbour);
  }

  /** It broke the protocol. */
  violated(neighbour: Neighbour): void {
    this.#context.refuse(neighbour.link, 'malformed');
    this.#close(neighbour, CloseCode.protocolViolation, 'malformed message', 'silent');
  }

  /** It sent a forged piece; the relay has been told. */
  forged(neighbour: Neighbour): void {
    this.#close(neighbour, CloseCode.badSignature, 'signature does not hold', undefined);
  }

  /** It asked for too much, or says too much. */
  flooded(neighbour: Neighbour): void {
    this.#context.refuse(neighbour.link, 'flood');
    this.#close(neighbour, CloseCode.tooManyMessages, 'too many messages', 'overloaded');
  }

  /** Looks after deadlines, silence and pings. */
  tick(): void {
    const { now } = this.#context;
    const hasSlept = now >= addMs(this.#tickedAt, NEIGHBOUR_PING_MS);
    this.#tickedAt = now;
    // Silence while this node slept proves nothing: everybody gets a ping, and time to answer.
    if (hasSlept)
      for (const neighbour of this.#byLink.values())
        if (neighbour.isReady) {
          neighbour.noteHeard(now);
          neighbour.nextPing = now;
        }
    for (const neighbour of [...this.#byLink.values()]) {
      const { phase, since, lastHeard, droppedAt } = neighbour;
      if (phase !== 'ready' && now >= addMs(since, NEIGHBOUR_CONNECT_MS_MAX))
        this.#close(neighbour, CloseCode.timeout, 'no connection', 'unreachable');
      else if (phase === 'ready' && now >= addMs(lastHeard, NEIGHBOUR_SILENCE_MS_MAX))
        this.#close(neighbour, CloseCode.timeout, 'nothing was heard for too long', 'silent');
      else if (droppedAt !== undefined) this.#dropIfUnused(neighbour);
      if (phase === 'ready' && now >= neighbour.nextPing) this.#ping(neighbour);
    }
  }

  /** Ends every link. */
  close(): void {
    for (const neighbour of this.#byLink.values())
      this.#context.emit({ kind: 'close', link: neighbour.link, code: CloseCode.goingAway, reason: 'done' });
    this.#byLink.clear();
    this.#byPeer.clear();
    this.#takers = [];
  }

  /** Sends a control message to a neighbour. */
  say(neighbour: Neighbour, message: ControlMessage): void {
    this.#context.emit({ kind: 'transmit', link: neighbour.link, bytes: encodeControl(message) });
  }

  #greet(neighbour: Neighbour, hello: Hello): void {
    const own = ownHello(this.#context.options);
    const isMate = hello.role === 'viewer' && equalBytes(hello.channelKey, own.channelKey);
    if (neighbour.phase !== 'hello' || !isMate) return this.violated(neighbour);
    if (!agree(own, hello))
      return this.#close(
        neighbour,
        CloseCode.versionUnsupported,
        'no common protocol version',
        'unreachable',
      );
    neighbour.phase = 'ready';
    neighbour.since = this.#context.now;
    this.#hooks.onChange();
    this.#hooks.onReady();
  }

  #ping(neighbour: Neighbour): void {
    const { now } = this.#context;
    neighbour.notePing(now);
    neighbour.nextPing = addMs(now, NEIGHBOUR_PING_MS);
    this.say(neighbour, { kind: 'ping', sentMs: now });
  }

  #dropIfUnused(neighbour: Neighbour): void {
    const { sourceMask, takenMask, droppedAt } = neighbour;
    const isUnused = (sourceMask | takenMask) === 0;
    // Before a new relay has planned, feeding goes on for as long as it flows.
    const isForgotten = (neighbour.plan.parentMask | neighbour.plan.childMask) !== 0;
    const isOverdue =
      droppedAt !== undefined && !isForgotten && this.#context.now >= addMs(droppedAt, NEIGHBOUR_DROP_MS);
    const isIdle =
      droppedAt !== undefined && this.#context.now >= addMs(droppedAt, isForgotten ? NEIGHBOUR_DROP_MS : 0);
    if (isOverdue || (isUnused && isIdle))
      this.#close(neighbour, CloseCode.goingAway, 'no neighbours any more', undefined);
  }

  #close(neighbour: Neighbour, code: number, reason: string, why: ReportKind | undefined): void {
    this.#context.emit({ kind: 'close', link: neighbour.link, code, reason });
    this.#remove(neighbour, why);
  }

  #remove(neighbour: Neighbour, why: ReportKind | undefined): void {
    this.#byLink.delete(neighbour.link);
    if (this.#byPeer.get(neighbour.peer) === neighbour) this.#byPeer.delete(neighbour.peer);
    this.updateTakers();
    this.#hooks.onChange();
    this.#hooks.onGone(neighbour, why);
  }

  #count(isMeant: (neighbour: Neighbour) => boolean): number {
    let count = 0;
    for (const neighbour of this.#byLink.values()) if (isMeant(neighbour)) count++;
    return count;
  }
}
