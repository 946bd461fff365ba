/** The links towards the broadcaster: dialling, hello, subscriptions, pings, failure, and who stands in. */

import { equalBytes } from '../bytes.js';
import { decodeCatalog } from '../catalog.js';
import { socketUrl } from '../identity/link.js';
import { CHANGE_MS_MIN, CHOICE_MS, GAP_REST_MS, HOPS_MAX, RACE_JUDGE_MS, WARM_AFTER_MS } from '../limits.js';
import type { PieceHeader } from '../piece/header.js';
import { addMs, type MonoMs } from '../time.js';
import { CloseCode } from '../wire/close-code.js';
import type { ControlMessage, Hello } from '../wire/control.js';
import type { Path, Redirect } from '../wire/tree-messages.js';
import { agree, Capability, versionMismatch } from '../wire/version.js';
import type { ClockSync } from './clock-sync.js';
import type { SessionContext } from './context.js';
import { ownHello } from './hello.js';
import type { LinkId } from './io.js';
import { Overlap, type OverlapReason } from './overlap.js';
import { ParentBook, type ParentEntry } from './parent-book.js';
import type { ParentHooks } from './parent-hooks.js';
import { ParentLink } from './parent-link.js';
import { isClearlyBetter } from './parent-score.js';
import { ParentVoice, type Wanted } from './parent-voice.js';
import { isPrivateHost } from './private-host.js';
import { raceDue } from './race.js';
import type { TreePlace } from './tree-place.js';

/** Parents' link numbers start here; adapters number children below. */
export const PARENT_LINK_FIRST: LinkId = 2 ** 40;

/** A parent that is leaving, or that would fail together with the one in use, is not dialled for so long. */
const REST_MS = 30_000;

/**
 * Keeps one parent in use. A relay keeps a second one warm beside it, open and asked for nothing, which takes over in the
 * instant in which the first fails. A viewer opens a second one only when the first says that it leaves, or takes long to
 * open: whichever opens first feeds, and the better of the two is kept.
 */
export class ParentSide {
  readonly #context: SessionContext;
  readonly #clock: ClockSync;
  readonly #hooks: ParentHooks;
  readonly #book: ParentBook;
  readonly #place: TreePlace;
  readonly #isRelay: boolean;
  readonly #voice: ParentVoice;
  #active: ParentLink | undefined;
  /** The warm parent, or the one that is to take over. */
  #second: ParentLink | undefined;
  /** Both feed at this moment. */
  #overlap: Overlap | undefined;
  #nextLink: LinkId = PARENT_LINK_FIRST;
  /** A second parent is not dialled sooner. */
  #nextSecond: MonoMs;
  #nextChoice: MonoMs;
  /** The slower one of a viewer's race may stay until then. */
  #raceUntil: MonoMs | undefined;
  /** No jump over pieces is looked into before. */
  #nextGap: MonoMs;
  #changedAt: MonoMs;

  constructor(context: SessionContext, clock: ClockSync, place: TreePlace, hooks: ParentHooks) {
    this.#context = context;
    this.#clock = clock;
    this.#place = place;
    this.#hooks = hooks;
    const { parents = [], prng, role } = context.options;
    this.#book = new ParentBook(parents, prng.fork('parents'));
    this.#isRelay = role === 'relay';
    this.#voice = new ParentVoice(context, clock, hooks);
    this.#nextSecond = context.now;
    this.#nextChoice = context.now;
    this.#nextGap = context.now;
    this.#changedAt = context.now;
  }

  /** The known parents and what is held against them. */
  get book(): ParentBook {
    return this.#book;
  }

  /** Whether a parent has said hello and is in use. */
  get isReady(): boolean {
    return this.#active?.phase === 'ready';
  }

  /** The link of the parent in use, if its hello was accepted. */
  get readyLink(): LinkId | undefined {
    return this.#active?.phase === 'ready' ? this.#active.link : undefined;
  }

  /** Parents whose hello was accepted. */
  get readyCount(): number {
    return [this.#active, this.#second].filter((parent) => parent?.phase === 'ready').length;
  }

  /** Times that another parent took over without a wait. */
  changes = 0;

  /** The link of the parent in use, if its hello was accepted and it plans the mesh. */
  get meshLink(): LinkId | undefined {
    const active = this.#active;
    return active?.phase === 'ready' && active.hasMesh ? active.link : undefined;
  }

  /** Address of the parent in use; empty without one. */
  get url(): string {
    return this.#active?.entry.url ?? '';
  }

  /** Whether the link is one to a parent. */
  owns(link: LinkId): boolean {
    return this.#of(link) !== undefined;
  }

  /** Adds parents that the catalog or the owner names. */
  learn(urls: readonly string[]): void {
    for (const url of urls) this.#book.add(url);
  }

  /** Asks for these renditions, each once. While no link is open nothing is asked: opening one asks for all. */
  follow(wanted: readonly Wanted[]): void {
    for (const each of wanted) this.subscribe(each);
  }

  /** Asks for a rendition, once. */
  subscribe(wanted: Wanted): void {
    for (const parent of this.#feeding()) this.#voice.ask(parent, wanted);
  }

  /** Asks for nothing but these renditions any more; with none at all, no second parent is kept for it. */
  keepOnly(wanted: readonly Wanted[]): void {
    if (!this.#keepsSecond && this.#second) this.#drop(this.#second, 'nobody takes this channel here');
    const ids = new Set(wanted.map(({ renditionId }) => renditionId));
    for (const parent of this.#feeding())
      for (const renditionId of [...parent.subscribed])
        if (!ids.has(renditionId)) this.#voice.unsubscribe(parent, renditionId);
  }

  /** Asks the parent for these stripes of a rendition instead of those before; for none with an empty mask. */
  setStripes(renditionId: number, stripeMask: number, from: number | undefined): void {
    const active = this.#active;
    if (!active) return;
    active.subscribed.delete(renditionId);
    if (stripeMask === 0) this.#voice.say(active, { kind: 'unsubscribe', renditionId });
    else this.#voice.ask(active, { renditionId, stripeMask, from }, false);
  }

  /** Asks to stop sending a rendition. */
  unsubscribe(renditionId: number): void {
    for (const parent of this.#feeding()) this.#voice.unsubscribe(parent, renditionId);
  }

  /** The dialled link is open: hello and the first subscriptions go out together, to save a round trip. */
  handleOpened(link: LinkId): void {
    const parent = this.#of(link);
    if (parent?.phase !== 'dialling') return;
    parent.phase = 'hello';
    parent.lastHeard = this.#context.now;
    const { options } = this.#context;
    // To parents alone: others could pass it on as their own.
    this.#voice.say(parent, { ...ownHello(options), originToken: options.tree?.originToken });
    if (parent === this.#active) this.#voice.askAll(parent);
    this.#voice.ping(parent, parent === this.#active);
  }

  /** Takes a message of a parent. */
  handleControl(link: LinkId, message: ControlMessage): void {
    const parent = this.#of(link);
    if (!parent) return;
    if (message.kind === 'hello') return this.#handleHello(parent, message);
    if (parent.phase !== 'ready') return this.violated(link);
    switch (message.kind) {
      case 'catalog':
        parent.epoch = decodeCatalog(message.signed.catalog)?.epoch;
        if (!this.#hooks.onCatalog(link, message.signed)) return this.violated(link);
        return this.#handleAnswer(parent);
      case 'absent':
        if (parent === this.#active) this.#hooks.onAbsent();
        return this.#handleAnswer(parent);
      case 'pong':
        return this.#handlePong(parent, message);
      case 'path':
        if (!parent.hasTree || !this.#isRelay) return this.violated(link);
        return this.#handlePath(parent, message);
      case 'poster':
        if (!this.#isRelay) return this.violated(link);
        return this.#hooks.onPoster(message.picture);
      case 'redirect':
        if (!parent.hasTree) return this.violated(link);
        return this.#handleRedirect(parent, message);
      default:
        if (parent !== this.#active || !this.#hooks.onMesh(message)) this.violated(link);
    }
  }

  /** Sends a message to the parent in use, if there is one that answered. */
  say(message: ControlMessage): void {
    if (this.#active?.phase === 'ready') this.#voice.say(this.#active, message);
  }

  /** Whether the parent in use hears how its viewers play. */
  get hearsPlaying(): boolean {
    return this.#active?.phase === 'ready' && this.#active.hasAudience;
  }

  /** Anything at all came from the parent: it is alive. */
  heard(link: LinkId): void {
    const parent = this.#of(link);
    if (parent) parent.lastHeard = this.#context.now;
  }

  /** The parent delivered something verified, or a copy of something held. */
  delivered(link: LinkId, isNew: boolean, header: PieceHeader): void {
    const parent = this.#of(link);
    if (!parent) return;
    const { now } = this.#context;
    this.#book.succeeded(parent.entry);
    if (isNew) parent.deliveredNew(now);
    const hasSkipped = this.#isRelay && parent.skipped.take(header);
    const isSecond = parent === this.#second;
    const overlap = this.#overlap;
    if (!overlap && hasSkipped && !isSecond && this.#hasAlternative && now >= this.#nextGap)
      return this.#overlapFor('gaps');
    overlap?.note(now, isSecond, isNew, header);
    // Whoever was chosen takes over as soon as it delivers; whether the other has failed shows in a while.
    if (isSecond && overlap?.isSettled) this.#change();
  }

  /** The parent broke the protocol: it is closed, and asked again like one that failed. */
  violated(link: LinkId): void {
    this.#context.refuse(link, 'malformed');
    const parent = this.#of(link);
    if (parent) this.#leave(parent, CloseCode.protocolViolation, 'malformed message');
  }

  /** The parent sent something forged: it is closed and not asked again for long. */
  forged(link: LinkId): void {
    const parent = this.#of(link);
    if (!parent) return;
    this.#book.distrust(parent.entry, this.#context.now);
    this.#leave(parent, CloseCode.badSignature, 'signature does not hold');
  }

  /** The link is gone. */
  handleClosed(link: LinkId, code: number, reason: string): void {
    const parent = this.#of(link);
    if (!parent) return;
    if (code === CloseCode.unknownChannel) this.#book.judge(parent.entry, 'unknown-channel', reason);
    else if (code === CloseCode.versionUnsupported) this.#book.judge(parent.entry, 'incompatible', reason);
    this.#lost(parent, code);
  }

  /** Ends the links to parents for good; no parent is dialled afterwards until {@link handleTimeout}. */
  close(): void {
    for (const parent of [this.#active, this.#second])
      if (parent) this.#voice.close(parent, CloseCode.goingAway, 'done');
    this.#active = undefined;
    this.#second = undefined;
    this.#overlap = undefined;
  }

  /** Dials, pings, reports the audience, notices silence and chooses, each when it is due. */
  handleTimeout(): void {
    const { now } = this.#context;
    for (const parent of [this.#second, this.#active])
      if (parent && now >= parent.silenceDeadline)
        this.#leave(parent, CloseCode.timeout, 'the parent has gone silent');
    if (!this.#active) return this.#dialFirst();
    if (now >= (raceDue(this.#book, this.#active, this.#second) ?? now + 1)) this.#race();
    if (now >= (this.#raceUntil ?? now + 1)) this.#judgeRace();
    for (const parent of [this.#active, this.#second])
      if (parent && parent.phase !== 'dialling' && now >= parent.nextPing)
        this.#voice.ping(parent, parent === this.#active);
    if (this.#active.phase === 'ready' && now >= this.#active.nextAudience)
      this.#voice.reportAudience(this.#active);
    if (now >= (this.#secondDue() ?? now + 1)) this.#dialSecond();
    this.#judgeFlow();
    if (now >= (this.#choiceDue() ?? now + 1)) this.#choose();
  }

  /** When {@link handleTimeout} has something to do. */
  nextTimeout(): MonoMs | undefined {
    const active = this.#active;
    if (!active) return this.#book.nextTimeout();
    const isReporting = active.phase === 'ready' && this.#isRelay;
    const times = [
      isReporting ? active.nextAudience : undefined,
      this.#second?.silenceDeadline,
      active.phase === 'dialling' ? undefined : active.nextPing,
      this.#second && this.#second.phase !== 'dialling' ? this.#second.nextPing : undefined,
      raceDue(this.#book, active, this.#second),
      this.#raceUntil,
      this.#secondDue(),
      this.#silentDue(),
      this.#overlap?.decideAt,
      this.#choiceDue(),
    ];
    let earliest = active.silenceDeadline;
    for (const time of times) if (time !== undefined && time < earliest) earliest = time;
    return earliest;
  }

  #of(link: LinkId): ParentLink | undefined {
    if (this.#active?.link === link) return this.#active;
    return this.#second?.link === link ? this.#second : undefined;
  }

  /** Parents that are asked for media at this moment. */
  #feeding(): ParentLink[] {
    const second = this.#overlap ? this.#second : undefined;
    return [this.#active, second].filter((parent) => parent !== undefined);
  }

  #dialFirst(): void {
    const entry = this.#book.pick(this.#context.now);
    if (entry) this.#active = this.#dial(entry);
  }

  #race(): void {
    const rival = this.#second;
    const entry = this.#book.pick(this.#context.now, this.#active?.entry, rival?.entry);
    if (!entry) return;
    if (rival) this.#leave(rival, CloseCode.timeout, 'no answer for long');
    this.#second = this.#dial(entry);
  }

  /** The slower one is kept only if it is the better one, which shows when it delivers. */
  #judgeRace(): void {
    this.#raceUntil = undefined;
    const [active, second] = [this.#active, this.#second];
    if (!active || !second || active.isLeaving || this.#overlap) return;
    if (second.isAnswered && isClearlyBetter(second.entry, active.entry)) return this.#overlapFor('better');
    this.#drop(second, 'another relay was faster');
  }

  /** When a second parent is to be dialled; `undefined` while none is wanted, or nobody else is known. */
  #secondDue(): MonoMs | undefined {
    const active = this.#active;
    if (this.#second || active?.phase !== 'ready' || !this.#keepsSecond) return undefined;
    const known = this.#book.nextTimeout(active.entry);
    return known !== undefined && known < this.#nextSecond ? this.#nextSecond : known;
  }

  /**
   * A relay on demand that nobody takes anything from stands by with its first parent alone: two such relays, each warm for
   * the other, would keep each other for ever.
   */
  get #keepsSecond(): boolean {
    if (this.#active?.isLeaving) return true;
    const isOnDemand = this.#context.options.tree?.isOnDemand === true;
    return this.#isRelay && (!isOnDemand || this.#hooks.wanted().length > 0);
  }

  #dialSecond(): void {
    const entry = this.#book.pick(this.#context.now, this.#active?.entry);
    if (!entry) return;
    this.#second = this.#dial(entry);
    this.#second.isSuccessor = true;
  }

  #dial(entry: ParentEntry): ParentLink {
    const link = this.#nextLink++;
    this.#context.emit({ kind: 'dial', link, url: entry.url });
    return new ParentLink(link, entry, this.#context.now);
  }

  #handleHello(parent: ParentLink, hello: Hello): void {
    const own = ownHello(this.#context.options);
    if (parent.phase !== 'hello') return this.violated(parent.link);
    if (!equalBytes(hello.channelKey, own.channelKey)) {
      this.#book.judge(parent.entry, 'unknown-channel', 'this relay answers for another channel');
      return this.#leave(parent, CloseCode.unknownChannel, 'this link carries another channel');
    }
    const agreement = agree(own, hello);
    if (!agreement) {
      this.#book.judge(parent.entry, 'incompatible', versionMismatch(own, hello));
      return this.#leave(parent, CloseCode.versionUnsupported, 'no common protocol version');
    }
    parent.phase = 'ready';
    parent.agent = hello.agent;
    parent.hasMesh = agreement.capabilities.has(Capability.mesh);
    parent.hasTree = agreement.capabilities.has(Capability.tree);
    parent.hasAudience = agreement.capabilities.has(Capability.audience);
    parent.origin = hello.origin;
    parent.entry.verdict = undefined;
    if (parent === this.#active) return this.#use(parent);
    const slower = this.#active;
    if (slower === undefined || slower.phase === 'ready') return;
    this.#voice.setAside(slower);
    this.#active = parent;
    this.#second = slower;
    this.#use(parent);
  }

  /** The parent, which has said hello, is in use from now on. */
  #use(parent: ParentLink): void {
    const { now } = this.#context;
    this.#nextSecond = parent.isLeaving ? now : addMs(now, WARM_AFTER_MS);
    this.#nextChoice = addMs(now, CHOICE_MS);
    if (this.#second) this.#second.isSuccessor = true;
    if (this.#second && !this.#isRelay) this.#raceUntil = addMs(now, RACE_JUDGE_MS);
    this.#context.event({ kind: 'parent-ready', url: parent.entry.url, agent: parent.agent });
    this.#voice.askAll(parent);
    this.#settlePlace();
    this.#hooks.onReady();
    this.#hooks.onChange();
  }

  /** The parent has said what it has: now it is known from which piece it can go on. */
  #handleAnswer(parent: ParentLink): void {
    parent.isAnswered = true;
    // What came may have been a forgery, and the parent gone.
    if (parent === this.#active) this.#voice.askAll(parent);
    else if (parent === this.#second && this.#active?.isLeaving && !this.#overlap)
      this.#overlapFor('leaving');
  }

  #handlePong(parent: ParentLink, pong: Extract<ControlMessage, { kind: 'pong' }>): void {
    const { now } = this.#context;
    parent.addRoundTrip(now - pong.sentMs);
    // Only the parent in use tells the time: two clocks that differ would take turns.
    if (parent === this.#active && pong.broadcastMs !== undefined)
      this.#clock.addSample(pong.sentMs, now, pong.broadcastMs);
  }

  #handlePath(parent: ParentLink, path: Path): void {
    const isBelow = path.nodes.includes(this.#place.nodeId);
    if (isBelow || path.nodes.length >= HOPS_MAX) {
      this.#context.refuse(parent.link, 'loop');
      this.#book.looped(parent.entry, this.#context.now);
      const reason = isBelow ? 'this parent is below its child' : 'the path to the publisher is too long';
      return this.#leave(parent, CloseCode.loop, reason);
    }
    parent.place = path;
    if (parent === this.#active) this.#settlePlace();
    if (this.#second) this.#reviewSecond(this.#second);
  }

  /** A second parent that hangs on the first would fall together with it: another one is tried, if there is any. */
  #reviewSecond(second: ParentLink): void {
    const { now } = this.#context;
    const above = this.#active?.path.at(-1);
    if (this.#overlap || above === undefined || !second.path.includes(above)) return;
    const other = this.#book.entries.find(
      (entry) =>
        entry !== second.entry &&
        entry !== this.#active?.entry &&
        entry.failures === 0 &&
        entry.notBefore <= now,
    );
    if (!other) return;
    this.#book.rest(second.entry, now, REST_MS);
    this.#drop(second, 'another parent is more independent');
    this.#nextSecond = now;
  }

  /** Says once for each link where else to go. A parent that is leaving goes on until another one delivers. */
  #handleRedirect(parent: ParentLink, { relays, isLeaving }: Redirect): void {
    if (parent.hasRedirected) return;
    parent.hasRedirected = true;
    this.#tell(parent, relays, parent.entry.depth + 1);
    if (!isLeaving) return;
    parent.isLeaving = true;
    this.#book.rest(parent.entry, this.#context.now, REST_MS);
    if (parent === this.#second) return this.#drop(parent, 'the parent is leaving');
    this.#nextSecond = this.#context.now;
    if (this.#second?.phase === 'ready' && this.#second.isAnswered) this.#overlapFor('leaving');
  }

  /** Remembers whom a parent names. One on the internet sends nobody into a private network. */
  #tell({ entry }: ParentLink, origins: readonly string[], depth: number): void {
    const { channelKey, tree } = this.#context.options;
    for (const origin of origins) {
      if (origin === tree?.origin || (isPrivateHost(origin) && !isPrivateHost(entry.url))) continue;
      this.#book.tell(socketUrl(origin, channelKey), depth, this.#context.now);
    }
  }

  /** A warm parent that has said what it has. */
  get #hasAlternative(): boolean {
    return this.#isRelay && this.#second?.phase === 'ready' && this.#second.isAnswered;
  }

  /** When the parent in use is to be taken for silent: it owes pieces, and there is another one to ask. */
  #silentDue(): MonoMs | undefined {
    const liveAt = this.#hooks.broadcast()?.liveAt;
    if (!this.#hasAlternative || this.#overlap || liveAt === undefined) return undefined;
    return this.#active?.flowDeadline(liveAt);
  }

  #judgeFlow(): void {
    const { now } = this.#context;
    const silentDue = this.#silentDue();
    if (silentDue !== undefined && now >= silentDue) return this.#overlapFor('silent');
    const overlap = this.#overlap;
    if (!overlap || now < (overlap.decideAt ?? now + 1)) return;
    const verdict = overlap.verdict;
    if (verdict === 'change') return this.#change();
    if (verdict === 'left' && this.#active)
      return this.#leave(this.#active, CloseCode.timeout, 'the parent does not deliver what others have');
    if (overlap.reason === 'gaps') this.#nextGap = addMs(now, GAP_REST_MS);
    this.#overlap = undefined;
    // Or it would look silent again at once, and the second be asked and let go by turns.
    this.#active?.kept(now);
    if (!this.#second) return;
    if (this.#keepsSecond) this.#voice.unsubscribeAll(this.#second);
    else this.#drop(this.#second, 'the other relay delivers');
  }

  #choiceDue(): MonoMs | undefined {
    return this.#hasAlternative && !this.#overlap && this.#active?.phase === 'ready'
      ? this.#nextChoice
      : undefined;
  }

  /** Keeps the better of the two parents. */
  #choose(): void {
    const { now } = this.#context;
    this.#nextChoice = addMs(now, CHOICE_MS);
    if (!this.#active || !this.#second || now < addMs(this.#changedAt, CHANGE_MS_MIN)) return;
    if (isClearlyBetter(this.#second.entry, this.#active.entry)) this.#overlapFor('better');
  }

  /** Lets the second parent feed as well. Without anything to feed there is nothing to wait for. */
  #overlapFor(reason: OverlapReason): void {
    if (!this.#second || !this.#active) return;
    this.#overlap = new Overlap(reason, this.#context.now, this.#active.skipped);
    this.#voice.askAll(this.#second);
    if (this.#hooks.wanted().length === 0 && this.#overlap.isSettled) this.#change();
  }

  /** The second parent, which feeds, takes over; the first becomes the warm one, unless it leaves or may not be kept. */
  #change(): void {
    const before = this.#active;
    const next = this.#second;
    if (!before || !next) return;
    this.#overlap = undefined;
    const isKept = this.#isRelay && !before.isLeaving;
    this.#second = isKept ? before : undefined;
    if (isKept) this.#voice.setAside(before);
    else this.#voice.close(before, CloseCode.goingAway, 'another parent feeds this node');
    // In between there is no relay: what the mesh has to say of the old one is nothing for the new one.
    this.#active = undefined;
    if (!isKept) this.#hooks.onLost(before.link, true);
    this.#active = next;
    this.#changedAt = this.#context.now;
    this.changes++;
    this.#use(next);
  }

  /** Ends a second parent that has done nothing wrong. */
  #drop(second: ParentLink, reason: string): void {
    this.#voice.close(second, CloseCode.goingAway, reason);
    this.#second = undefined;
    this.#overlap = undefined;
    this.#hooks.onLost(second.link, false);
  }

  #leave(parent: ParentLink, code: number, reason: string): void {
    this.#voice.close(parent, code, reason);
    this.#lost(parent, code);
  }

  #lost(parent: ParentLink, code: number): void {
    const { now } = this.#context;
    const retryInMs = this.#book.failed(parent.entry, now);
    const wasUsed = parent === this.#active;
    const next = this.#second;
    this.#overlap = undefined;
    this.#second = undefined;
    this.#nextSecond = now;
    if (!wasUsed) return this.#hooks.onLost(parent.link, false);
    this.#active = undefined;
    if (parent.hasDelivered) this.#book.forgiveLoops(now);
    // The others below a lost parent may have one that still delivers.
    this.#tell(parent, parent.siblings, parent.entry.depth + 1);
    this.#hooks.onLost(parent.link, true);
    this.#active = next;
    if (next?.phase !== 'ready') this.#settlePlace();
    this.#context.event({ kind: 'parent-lost', url: parent.entry.url, code, retryInMs });
    if (next?.phase === 'ready') {
      this.changes++;
      this.#changedAt = now;
      this.#use(next);
    } else if (next?.phase === 'hello') this.#voice.askAll(next);
    this.#hooks.onChange();
  }

  #settlePlace(): void {
    const active = this.#active;
    if (active?.phase === 'ready')
      this.#place.above = { nodes: active.path, siblings: active.siblings, origin: active.origin };
    else this.#place.clear();
    this.#hooks.onPlace();
  }
}
