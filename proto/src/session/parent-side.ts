/** The links towards the broadcaster: dialling, hello, subscriptions, pings, failure. */

import { equalBytes } from '../bytes.js';
import { AUDIENCE_MS, HELLO_TIMEOUT_MS, PARENT_SILENCE_MS_MAX, PING_FAST_MS, PING_MS } from '../limits.js';
import { addMs, type MonoMs } from '../time.js';
import { CloseCode } from '../wire/close-code.js';
import {
  type ControlMessage,
  encodeControl,
  type Hello,
  type SignedCatalog,
  type Subscribe,
} from '../wire/control.js';
import { agree, Capability, versionMismatch } from '../wire/version.js';
import type { ClockSync } from './clock-sync.js';
import type { SessionContext } from './context.js';
import { ownHello } from './hello.js';
import type { LinkId } from './io.js';
import { ParentBook, type ParentEntry } from './parent-book.js';

/** Parents' link numbers start here; adapters number children below. */
export const PARENT_LINK_FIRST: LinkId = 2 ** 40;

/** What the parent side asks of the rest of the session. */
export type ParentHooks = {
  readonly onCatalog: (link: LinkId, signed: SignedCatalog) => boolean;
  /** The parent knows the channel and has no broadcast. */
  readonly onAbsent: () => void;
  /** What to subscribe to at a new parent; rendition 0 is the parent's default. */
  readonly wanted: () => readonly Wanted[];
  /** A message that only viewers in a mesh take. `false` when it may not come. */
  readonly onMesh: (message: ControlMessage) => boolean;
  /** A parent's hello was accepted. */
  readonly onReady: () => void;
  readonly viewerCount: () => number;
  /** The link is gone; nothing that came over it is of use unless it was verified. */
  readonly onLost: (link: LinkId) => void;
  /** Something changed that may change the session's state. */
  readonly onChange: () => void;
};

/** A subscription at a parent. */
export type Wanted = Omit<Subscribe, 'kind'>;

type ActiveParent = {
  readonly link: LinkId;
  readonly entry: ParentEntry;
  phase: 'dialling' | 'hello' | 'ready';
  lastHeard: MonoMs;
  nextPing: MonoMs;
  nextAudience: MonoMs;
  audienceSent: number;
  /** Renditions asked for over this link. */
  readonly subscribed: Set<number>;
  /** It plans the mesh of its viewers. */
  hasMesh: boolean;
};

/** Keeps one parent at a time and replaces it when it fails. */
export class ParentSide {
  readonly #context: SessionContext;
  readonly #clock: ClockSync;
  readonly #hooks: ParentHooks;
  readonly #book: ParentBook;
  #active: ActiveParent | undefined;
  #nextLink: LinkId = PARENT_LINK_FIRST;

  constructor(context: SessionContext, clock: ClockSync, hooks: ParentHooks) {
    this.#context = context;
    this.#clock = clock;
    this.#hooks = hooks;
    const { parents = [], prng } = context.options;
    this.#book = new ParentBook(parents, prng.fork('parents'));
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

  /** The link of the parent in use, if its hello was accepted and it plans the mesh. */
  get meshLink(): LinkId | undefined {
    const active = this.#active;
    return active?.phase === 'ready' && active.hasMesh ? active.link : undefined;
  }

  /** Address of the parent in use; empty without one. */
  get url(): string {
    return this.#active?.entry.url ?? '';
  }

  /** Whether the link is the one to the parent in use. */
  owns(link: LinkId): boolean {
    return this.#active?.link === link;
  }

  /** Adds parents that the catalog names. */
  learn(urls: readonly string[]): void {
    for (const url of urls) this.#book.add(url);
  }

  /** Asks the parent for a rendition, once. While no link is open nothing is asked: opening one asks for all. */
  subscribe(wanted: Wanted): void {
    const active = this.#active;
    if (!active || active.phase === 'dialling' || active.subscribed.has(wanted.renditionId)) return;
    active.subscribed.add(wanted.renditionId);
    this.#say({ kind: 'subscribe', ...wanted });
  }

  /** Asks the parent for these stripes of a rendition instead of those before; for none with an empty mask. */
  setStripes(renditionId: number, stripeMask: number, from: number | undefined): void {
    this.#active?.subscribed.delete(renditionId);
    if (stripeMask === 0) this.#say({ kind: 'unsubscribe', renditionId });
    else this.subscribe({ renditionId, stripeMask, from });
  }

  /** Asks the parent to stop sending a rendition. */
  unsubscribe(renditionId: number): void {
    if (this.#active?.subscribed.delete(renditionId)) this.#say({ kind: 'unsubscribe', renditionId });
  }

  /** The dialled link is open: hello and the first subscriptions go out together, to save a round trip. */
  handleOpened(link: LinkId): void {
    const active = this.#active;
    if (active?.link !== link || active.phase !== 'dialling') return;
    active.phase = 'hello';
    active.lastHeard = this.#context.now;
    this.#say(ownHello(this.#context.options));
    for (const wanted of this.#hooks.wanted()) this.subscribe(wanted);
    this.#ping(active);
  }

  /** Takes a message of the parent in use. */
  handleControl(link: LinkId, message: ControlMessage): void {
    const active = this.#active;
    if (active?.link !== link) return;
    if (message.kind === 'hello') return this.#handleHello(active, message);
    if (active.phase !== 'ready') return this.violated(link);
    switch (message.kind) {
      case 'catalog':
        if (!this.#hooks.onCatalog(link, message.signed)) this.violated(link);
        return;
      case 'absent':
        return this.#hooks.onAbsent();
      case 'pong':
        if (message.broadcastMs !== undefined)
          this.#clock.addSample(message.sentMs, this.#context.now, message.broadcastMs);
        return;
      default:
        if (!this.#hooks.onMesh(message)) this.violated(link);
    }
  }

  /** Sends a message to the parent in use, if there is one that answered. */
  say(message: ControlMessage): void {
    if (this.isReady) this.#say(message);
  }

  /** Anything at all came from the parent: it is alive. */
  heard(): void {
    if (this.#active) this.#active.lastHeard = this.#context.now;
  }

  /** The parent delivered something verified. */
  delivered(link: LinkId): void {
    if (this.#active?.link === link) this.#book.succeeded(this.#active.entry);
  }

  /** The parent broke the protocol: it is closed, and asked again like one that failed. */
  violated(link: LinkId): void {
    this.#context.refuse(link, 'malformed');
    this.#leave(CloseCode.protocolViolation, 'malformed message');
  }

  /** The parent sent something forged: it is closed and not asked again for long. */
  forged(link: LinkId): void {
    if (this.#active?.link !== link) return;
    this.#book.distrust(this.#active.entry, this.#context.now);
    this.#leave(CloseCode.badSignature, 'signature does not hold');
  }

  /** The link is gone. */
  handleClosed(link: LinkId, code: number, reason: string): void {
    const active = this.#active;
    if (active?.link !== link) return;
    if (code === CloseCode.unknownChannel) this.#judge(active.entry, 'unknown-channel', reason);
    else if (code === CloseCode.versionUnsupported) this.#judge(active.entry, 'incompatible', reason);
    this.#lost(active, code);
  }

  /** Ends the link to the parent for good; no parent is dialled afterwards until {@link handleTimeout}. */
  close(): void {
    if (!this.#active) return;
    this.#context.emit({
      kind: 'close',
      link: this.#active.link,
      code: CloseCode.goingAway,
      reason: 'done',
    });
    this.#active = undefined;
  }

  /** Dials, pings, reports the audience and notices silence, each when it is due. */
  handleTimeout(): void {
    const { now } = this.#context;
    const active = this.#active;
    if (!active) return this.#dial();
    if (now >= this.#silenceDeadline(active))
      return this.#leave(CloseCode.timeout, 'the parent has gone silent');
    if (active.phase === 'dialling') return;
    if (now >= active.nextPing) this.#ping(active);
    if (active.phase === 'ready' && now >= active.nextAudience) this.#reportAudience(active);
  }

  /** When {@link handleTimeout} has something to do. */
  nextTimeout(): MonoMs | undefined {
    const active = this.#active;
    if (!active) return this.#book.nextTimeout();
    const silence = this.#silenceDeadline(active);
    if (active.phase === 'dialling') return silence;
    const isReporting = active.phase === 'ready' && this.#context.options.role === 'relay';
    const audience = isReporting ? active.nextAudience : silence;
    return Math.min(silence, active.nextPing, audience) as MonoMs;
  }

  #silenceDeadline(active: ActiveParent): MonoMs {
    const patienceMs = active.phase === 'ready' ? PARENT_SILENCE_MS_MAX : HELLO_TIMEOUT_MS;
    return addMs(active.lastHeard, patienceMs);
  }

  #dial(): void {
    const { now } = this.#context;
    const entry = this.#book.pick(now);
    if (!entry) return;
    const link = this.#nextLink++;
    this.#active = {
      link,
      entry,
      phase: 'dialling',
      lastHeard: now,
      nextPing: now,
      nextAudience: now,
      audienceSent: 0,
      subscribed: new Set(),
      hasMesh: false,
    };
    this.#context.emit({ kind: 'dial', link, url: entry.url });
  }

  #handleHello(active: ActiveParent, hello: Hello): void {
    const own = ownHello(this.#context.options);
    if (active.phase !== 'hello') return this.violated(active.link);
    if (!equalBytes(hello.channelKey, own.channelKey)) {
      this.#judge(active.entry, 'unknown-channel', 'this relay answers for another channel');
      return this.#leave(CloseCode.unknownChannel, 'this link carries another channel');
    }
    const agreement = agree(own, hello);
    if (!agreement) {
      this.#judge(active.entry, 'incompatible', versionMismatch(own, hello));
      return this.#leave(CloseCode.versionUnsupported, 'no common protocol version');
    }
    active.phase = 'ready';
    active.hasMesh = agreement.capabilities.has(Capability.mesh);
    active.entry.verdict = undefined;
    this.#context.event({ kind: 'parent-ready', url: active.entry.url, agent: hello.agent });
    this.#hooks.onReady();
    this.#hooks.onChange();
  }

  #judge(entry: ParentEntry, verdict: 'unknown-channel' | 'incompatible', detail: string): void {
    entry.verdict = verdict;
    entry.detail = detail;
  }

  #leave(code: number, reason: string): void {
    const active = this.#active;
    if (!active) return;
    this.#context.emit({ kind: 'close', link: active.link, code, reason });
    this.#lost(active, code);
  }

  #lost(active: ActiveParent, code: number): void {
    this.#active = undefined;
    const retryInMs = this.#book.failed(active.entry, this.#context.now);
    this.#hooks.onLost(active.link);
    this.#context.event({ kind: 'parent-lost', url: active.entry.url, code, retryInMs });
    this.#hooks.onChange();
  }

  #ping(active: ActiveParent): void {
    const { now } = this.#context;
    active.nextPing = addMs(now, this.#clock.isSettled ? PING_MS : PING_FAST_MS);
    this.#say({ kind: 'ping', sentMs: now });
  }

  #reportAudience(active: ActiveParent): void {
    active.nextAudience = addMs(this.#context.now, AUDIENCE_MS);
    // Child relays say what they like: the sum may exceed what the message can carry.
    const viewerCount = Math.min(this.#hooks.viewerCount(), 0xffffffff);
    if (this.#context.options.role !== 'relay' || viewerCount === active.audienceSent) return;
    active.audienceSent = viewerCount;
    this.#say({ kind: 'audience', viewerCount });
  }

  #say(message: ControlMessage): void {
    const link = this.#active?.link;
    if (link !== undefined) this.#context.emit({ kind: 'transmit', link, bytes: encodeControl(message) });
  }
}
