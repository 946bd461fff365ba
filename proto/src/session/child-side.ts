/** The links away from the broadcaster: hello, subscriptions, pongs, limits. */

import { equalBytes } from '../bytes.js';
import {
  CATCH_UPS_MAX,
  CHILD_SILENCE_MS_MAX,
  CONTROL_BYTES_MAX,
  CONTROL_RATE_MAX,
  CONTROL_RATE_MS,
  HELLO_TIMEOUT_MS,
  WINDOW_MS,
} from '../limits.js';
import { addMs, type MonoMs } from '../time.js';
import { CloseCode } from '../wire/close-code.js';
import {
  type ControlMessage,
  decodeControl,
  encodeControl,
  type Hello,
  type Role,
  type Subscribe,
} from '../wire/control.js';
import { agree, Capability, versionMismatch } from '../wire/version.js';
import type { AudienceSide } from './audience-side.js';
import type { KeptCatalog } from './catalog-keeper.js';
import type { CellSide, CellVerdict } from './cell-side.js';
import { type Child, createChild, type Subscription } from './child.js';
import type { ClockSync } from './clock-sync.js';
import type { SessionContext } from './context.js';
import { Drain } from './drain.js';
import type { Feeder, FeedSource } from './feeder.js';
import { ownHello } from './hello.js';
import type { LinkId } from './io.js';
import { RelaysBelow } from './relays-below.js';
import type { TreePlace } from './tree-place.js';

/** Renditions one child may take at once; a further subscription is ignored. */
const SUBSCRIPTIONS_MAX = 16;

/** Above every sequence number: nothing that is held is meant. */
const NEVER_HELD = 0xffffffff;

/** Serves the children of one node. */
export class ChildSide {
  readonly #context: SessionContext;
  readonly #clock: ClockSync;
  readonly #feeder: Feeder;
  /** In order of when they were last heard: the first is the first to time out. */
  readonly #children = new Map<LinkId, Child>();
  /** Children that have not said hello, in order of opening. */
  readonly #silent = new Map<LinkId, Child>();
  /** How many subscriptions each rendition has. */
  readonly #takers = new Map<number, number>();
  #catalog: KeptCatalog | undefined;
  #viewerCount = 0;
  readonly #controlTopic: string;
  /** Plans the viewers' mesh; none at a viewer, and at relays that don't. */
  readonly #cell: CellSide | undefined;
  readonly #audience: AudienceSide | undefined;
  readonly #below: RelaysBelow;
  readonly #counts: Record<Role, number> = { viewer: 0, relay: 0 };
  /** The whole message, for child relays. */
  #poster: Uint8Array | undefined;
  /** Set once the node is to stop. */
  #drain: Drain | undefined;

  constructor(
    context: SessionContext,
    clock: ClockSync,
    feeder: Feeder,
    place: TreePlace,
    cell: CellSide | undefined,
    audience: AudienceSide | undefined,
  ) {
    this.#cell = cell;
    this.#audience = audience;
    this.#below = new RelaysBelow(context, place, (link, message) =>
      context.emit({ kind: 'transmit', link, bytes: encodeControl(message) }),
    );
    this.#context = context;
    this.#clock = clock;
    this.#feeder = feeder;
    this.#controlTopic = `${context.topicPrefix}control`;
  }

  /** Viewers here and below. */
  get viewerCount(): number {
    return this.#viewerCount;
  }

  /** Links that are open, said hello or not. */
  get size(): number {
    return this.#children.size + this.#silent.size;
  }

  /** Children that have said hello, by what they are. */
  get counts(): Readonly<Record<Role, number>> {
    return this.#counts;
  }

  /** Origins of child relays that are proven. */
  get originsBelow(): readonly string[] {
    return this.#below.origins;
  }

  /** A child relay answers at the origin that it named. */
  proveOrigin(link: LinkId): void {
    this.#below.prove(link);
  }

  /** This node's place in the tree has changed. */
  handlePlace(): void {
    this.#below.noteChange();
    this.#below.handleTimeout();
  }

  /** The node is to stop: newcomers are turned away, children are told to go, and fed until they have gone. */
  drain(): void {
    const leaving = [...this.#children.values()].filter(({ hasTree }) => hasTree);
    this.#drain ??= new Drain(
      leaving.map(({ link }) => link),
      this.#context.now,
    );
    this.#tellToGo();
  }

  /** Whether the link is one of the children. */
  owns(link: LinkId): boolean {
    return this.#children.has(link) || this.#silent.has(link);
  }

  /** Whether some child takes the rendition. */
  isTaken(renditionId: number): boolean {
    return this.#takers.has(renditionId);
  }

  /** A child's link has opened. */
  handleOpened(link: LinkId): void {
    this.#silent.set(link, createChild(link, this.#context.now, this.#context.burstBytesMax));
  }

  /** A message came. Children send control messages only. */
  handleMessage(link: LinkId, bytes: Uint8Array, bufferedBytes: number): void {
    const child = this.#children.get(link) ?? this.#silent.get(link);
    if (!child) return;
    if (!this.#isWithinRate(child))
      return this.#close(child, CloseCode.tooManyMessages, 'too many control messages');
    if (bytes.length > CONTROL_BYTES_MAX + 1)
      return this.#close(child, CloseCode.messageTooLarge, 'the message is too long');
    const message = decodeControl(bytes);
    if (!message) return this.#violated(child, 'malformed message');
    if (message.kind === 'hello') return this.#handleHello(child, message);
    if (child.role === undefined) return this.#violated(child, 'the first message must be a hello');
    child.lastHeard = this.#context.now;
    this.#children.delete(link);
    this.#children.set(link, child);
    this.#settleCatalog(child, bufferedBytes);
    this.#feeder.inspect(child, bufferedBytes);
    this.#handleControl(child, message);
  }

  /** The link's queue has shrunk. */
  handleWritable(link: LinkId, bufferedBytes: number): void {
    const child = this.#children.get(link);
    if (!child) return;
    this.#settleCatalog(child, bufferedBytes);
    this.#feeder.writable(child, bufferedBytes);
  }

  /** The link's queue was full. */
  handleOverflowed(link: LinkId): void {
    const child = this.#children.get(link);
    if (!child) return;
    child.owesCatalog = true;
    this.#feeder.lag(child);
  }

  /** The link is gone. */
  handleClosed(link: LinkId): void {
    const child = this.#children.get(link) ?? this.#silent.get(link);
    if (child) this.#forget(child);
  }

  /** A catalog came into force: children get it, and where it changes the topics they start anew. */
  setCatalog(kept: KeptCatalog, source: FeedSource, isNewEpoch: boolean): void {
    const isRestart = isNewEpoch || this.#catalog?.catalog.stripeCount !== kept.catalog.stripeCount;
    this.#catalog = kept;
    this.#context.emit({ kind: 'publish', topic: this.#controlTopic, bytes: kept.message });
    // The topics of the old stripes must be left before the feeder knows the new ones.
    for (const child of this.#children.values())
      for (const subscription of child.subscriptions)
        if (isRestart || subscription.renditionId !== this.#resolve(subscription.askedId))
          this.#feeder.stop(child, subscription);
    this.#feeder.setSource(source);
    for (const child of this.#children.values())
      for (const subscription of [...child.subscriptions])
        if (isRestart || subscription.renditionId !== this.#resolve(subscription.askedId))
          this.#restart(child, subscription);
  }

  /** There is another picture: child relays get it, and those that come from now on. */
  setPoster(picture: Uint8Array): void {
    this.#poster = encodeControl({ kind: 'poster', picture });
    for (const child of this.#children.values()) this.#sendPoster(child);
  }

  /** Closes those that said nothing for too long. */
  handleTimeout(): void {
    const { now } = this.#context;
    this.#below.handleTimeout();
    this.#tellToGo();
    for (const child of this.#silent.values()) {
      if (now < addMs(child.lastHeard, HELLO_TIMEOUT_MS)) break;
      this.#close(child, CloseCode.timeout, 'no hello came');
    }
    for (const child of this.#children.values()) {
      if (now < addMs(child.lastHeard, CHILD_SILENCE_MS_MAX)) break;
      this.#close(child, CloseCode.timeout, 'nothing was heard for too long');
    }
  }

  /** When {@link handleTimeout} has something to do. */
  nextTimeout(): MonoMs | undefined {
    const [silent] = this.#silent.values();
    const [oldest] = this.#children.values();
    const hello = silent && addMs(silent.lastHeard, HELLO_TIMEOUT_MS);
    const idle = oldest && addMs(oldest.lastHeard, CHILD_SILENCE_MS_MAX);
    let earliest = hello;
    for (const due of [idle, this.#below.nextTimeout(), this.#drain?.nextTimeout()])
      if (due !== undefined && (earliest === undefined || due < earliest)) earliest = due;
    return earliest;
  }

  /** Ends every link, for a node that stops. */
  close(): void {
    for (const child of [...this.#silent.values(), ...this.#children.values()])
      this.#close(child, CloseCode.goingAway, 'the node stops');
  }

  #handleHello(child: Child, hello: Hello): void {
    const { options } = this.#context;
    if (child.role !== undefined) return this.#violated(child, 'a second hello');
    if (!equalBytes(hello.channelKey, options.channelKey))
      return this.#close(child, CloseCode.unknownChannel, 'this link carries another channel');
    const own = ownHello(options);
    const agreement = agree(own, hello);
    if (!agreement) return this.#close(child, CloseCode.versionUnsupported, versionMismatch(hello, own));
    const hasTree = agreement.capabilities.has(Capability.tree);
    if (this.#drain || options.tree?.hasRoom?.(hello.role) === false)
      return this.#turnAway(child, hello, hasTree);
    child.role = hello.role;
    child.hasTree = hasTree;
    this.#counts[hello.role]++;
    child.lastHeard = this.#context.now;
    this.#silent.delete(child.link);
    this.#children.set(child.link, child);
    this.#audience?.join(child.link, hello);
    if (hello.role === 'viewer') this.#setViewerCount(child, 1);
    this.#say(child, own);
    if (this.#catalog) this.#transmit(child, this.#catalog.message);
    else this.#say(child, { kind: 'absent' });
    child.hasPoster = hello.role === 'relay' && agreement.capabilities.has(Capability.poster);
    this.#sendPoster(child);
    this.#context.emit({ kind: 'attach', link: child.link, topic: this.#controlTopic });
    if (hasTree && hello.role === 'relay') this.#below.add(child.link, hello);
    else this.#below.noteChange();
  }

  #sendPoster(child: Child): void {
    if (child.hasPoster && this.#poster) this.#transmit(child, this.#poster);
  }

  /** There is no room: the newcomer is told where there may be some. */
  #turnAway(child: Child, hello: Hello, hasTree: boolean): void {
    this.#say(child, ownHello(this.#context.options));
    if (hasTree) this.#say(child, this.#below.redirectOf(hello.role, false));
    this.#close(child, CloseCode.full, this.#drain ? 'this relay is about to stop' : 'this relay is full');
  }

  #tellToGo(): void {
    for (const link of this.#drain?.due(this.#context.now) ?? []) {
      const role = this.#children.get(link)?.role;
      if (!role) continue;
      const bytes = encodeControl(this.#below.redirectOf(role, true));
      this.#context.emit({ kind: 'transmit', link, bytes });
    }
  }

  #handleControl(child: Child, message: ControlMessage): void {
    switch (message.kind) {
      case 'subscribe':
        return this.#subscribe(child, message);
      case 'unsubscribe':
        return this.#unsubscribe(child, message.renditionId);
      case 'ping': {
        const broadcastMs = this.#clock.broadcastAt(this.#context.now);
        return this.#say(child, { kind: 'pong', sentMs: message.sentMs, broadcastMs });
      }
      case 'audience':
        if (child.role !== 'relay') return this.#violated(child, 'only relays have an audience');
        return this.#setViewerCount(child, message.viewerCount);
      case 'playing':
        if (!this.#audience || child.role !== 'viewer')
          return this.#violated(child, 'nobody hears this here');
        return this.#audience.hear(child.link, message);
      case 'summary':
        if (child.role !== 'relay' || this.#audience?.hearSummary(child.link, message.body) !== true)
          this.#violated(child, 'a summary that may not come');
        return;
      default:
        if (this.#cell === undefined || child.role !== 'viewer')
          return this.#violated(child, `a child may not send ${message.kind}`);
        return this.#apply(child, this.#cell.handle(child.link, message));
    }
  }

  #apply(child: Child, verdict: CellVerdict): void {
    if (verdict === 'violated') return this.#violated(child, 'a message of the mesh that may not come');
    if (verdict !== 'flood') return;
    this.#context.refuse(child.link, 'flood');
    this.#close(child, CloseCode.tooManyMessages, 'too many signals or requests');
  }

  #subscribe(child: Child, subscribe: Subscribe): void {
    const { renditionId: askedId, stripeMask, behindMs = 0 } = subscribe;
    // What is held may be asked for now and then; for ever, it would be sent for ever.
    const isBounded = ++child.catchUps > CATCH_UPS_MAX;
    const from = isBounded ? NEVER_HELD : subscribe.from;
    const renditionId = this.#resolve(askedId);
    const existing = child.subscriptions.find(
      (subscription) => subscription.askedId === askedId || subscription.renditionId === renditionId,
    );
    // The default and its own number are one rendition, which is sent once: the name it was given last counts.
    if (existing?.renditionId === renditionId) {
      existing.askedId = askedId;
      this.#feeder.setStripes(child, existing, stripeMask, from);
      return;
    }
    if (existing) this.#drop(child, existing);
    if (child.subscriptions.length >= SUBSCRIPTIONS_MAX) return;
    const subscription: Subscription = {
      askedId,
      renditionId,
      stripeMask,
      mode: 'waiting',
      cursor: 0,
      group: -1,
      from: from ?? 0,
      behindMs: Math.min(behindMs, WINDOW_MS),
    };
    child.subscriptions.push(subscription);
    this.#countTaker(renditionId, 1);
    if (from === undefined) this.#feeder.start(child, subscription);
    else this.#feeder.resume(child, subscription);
  }

  #unsubscribe(child: Child, askedId: number): void {
    const subscription = child.subscriptions.find((candidate) => candidate.askedId === askedId);
    if (subscription) this.#drop(child, subscription);
  }

  #drop(child: Child, subscription: Subscription): void {
    child.subscriptions.splice(child.subscriptions.indexOf(subscription), 1);
    this.#countTaker(subscription.renditionId, -1);
    this.#feeder.stop(child, subscription);
  }

  /** Begins a stopped subscription anew, with the rendition that it means under the catalog in force. */
  #restart(child: Child, subscription: Subscription): void {
    const renditionId = this.#resolve(subscription.askedId);
    this.#countTaker(subscription.renditionId, -1);
    this.#countTaker(renditionId, 1);
    subscription.renditionId = renditionId;
    subscription.mode = 'waiting';
    subscription.cursor = 0;
    subscription.group = -1;
    subscription.from = 0;
    const isTwice = child.subscriptions.some(
      (other) => other !== subscription && other.renditionId === renditionId,
    );
    if (isTwice) this.#drop(child, subscription);
    else this.#feeder.start(child, subscription);
  }

  #countTaker(renditionId: number, change: 1 | -1): void {
    const count = (this.#takers.get(renditionId) ?? 0) + change;
    if (count > 0) this.#takers.set(renditionId, count);
    else this.#takers.delete(renditionId);
  }

  #resolve(askedId: number): number {
    return askedId === 0 ? (this.#catalog?.catalog.renditions[0]?.id ?? 0) : askedId;
  }

  #isWithinRate(child: Child): boolean {
    const { now } = this.#context;
    if (now >= addMs(child.countedSince, CONTROL_RATE_MS)) {
      child.countedSince = now;
      child.controlCount = 0;
      child.catchUps = 0;
    }
    return ++child.controlCount <= CONTROL_RATE_MAX;
  }

  #setViewerCount(child: Child, viewerCount: number): void {
    this.#viewerCount += viewerCount - child.viewerCount;
    child.viewerCount = viewerCount;
  }

  #violated(child: Child, reason: string): void {
    this.#context.refuse(child.link, 'malformed');
    this.#close(child, CloseCode.protocolViolation, reason);
  }

  #close(child: Child, code: number, reason: string): void {
    this.#forget(child);
    this.#context.emit({ kind: 'close', link: child.link, code, reason });
  }

  #forget(child: Child): void {
    for (const subscription of child.subscriptions) {
      this.#countTaker(subscription.renditionId, -1);
      this.#feeder.stop(child, subscription);
    }
    if (child.role !== undefined)
      this.#context.emit({ kind: 'detach', link: child.link, topic: this.#controlTopic });
    this.#setViewerCount(child, 0);
    if (child.role !== undefined) this.#counts[child.role]--;
    this.#below.remove(child.link);
    this.#children.delete(child.link);
    this.#silent.delete(child.link);
    this.#cell?.leave(child.link);
    this.#audience?.leave(child.link);
  }

  #settleCatalog(child: Child, bufferedBytes: number): void {
    if (!child.owesCatalog || !this.#catalog || !this.#feeder.isDrained(bufferedBytes)) return;
    child.owesCatalog = false;
    this.#transmit(child, this.#catalog.message);
  }

  #say(child: Child, message: ControlMessage): void {
    this.#transmit(child, encodeControl(message));
  }

  #transmit(child: Child, bytes: Uint8Array): void {
    this.#context.emit({ kind: 'transmit', link: child.link, bytes });
  }
}
