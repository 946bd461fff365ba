/** One link towards the broadcaster: how far it has come, what was asked of it, what its other end says of itself. */

import { FLOW_SILENCE_GAPS, FLOW_SILENCE_MS, HELLO_TIMEOUT_MS, PARENT_SILENCE_MS_MAX } from '../limits.js';
import { addMs, type MonoMs } from '../time.js';
import type { NodeId, Path } from '../wire/tree-messages.js';
import type { LinkId } from './io.js';
import type { ParentEntry } from './parent-book.js';
import { SkippedPieces } from './skipped-pieces.js';

/** Weight of the newest gap between two pieces in their mean. */
const GAP_SHARE = 0.1;

/** A longer gap is a halt, not the way of the stream. */
const GAP_MS_MAX = 1_000;

/** A round trip that has become longer is believed slowly: a late answer says little. */
const RTT_RISE_SHARE = 0.1;

/** A parent that is dialled or open. */
export class ParentLink {
  readonly link: LinkId;
  readonly entry: ParentEntry;
  readonly dialledAt: MonoMs;
  phase: 'dialling' | 'hello' | 'ready' = 'dialling';
  lastHeard: MonoMs;
  nextPing: MonoMs;
  nextAudience: MonoMs;
  audienceSent = 0;
  /** Renditions asked for over this link. */
  readonly subscribed: Set<number> = new Set();
  /** Name and version of its program. */
  agent = '';
  /** It plans the mesh of its viewers. */
  hasMesh = false;
  /** It speaks of its place in the tree. */
  hasTree = false;
  /** It sums up audiences, and hears how its viewers play. */
  hasAudience = false;
  /** It has said what it has: a catalog, or that there is none. */
  isAnswered = false;
  /** The epoch of the catalog that it named last. */
  epoch: number | undefined;
  /** Its public origin. */
  origin: string | undefined;
  /** It was opened while another one was in use, and goes on where that one ends. */
  isSuccessor = false;
  /** It stops soon: another parent is looked for while it goes on. */
  isLeaving = false;
  /** It has said where else to go, which counts once. */
  hasRedirected = false;
  /** It has delivered something. */
  hasDelivered = false;
  /** What it has jumped over. */
  readonly skipped: SkippedPieces = new SkippedPieces();
  #path: Path | undefined;
  #rttMs: number | undefined;
  /** When it was first asked for something, or last delivered something new. */
  #lastNew: MonoMs | undefined;
  #gapMs = 0;
  #isBehind = false;

  constructor(link: LinkId, entry: ParentEntry, now: MonoMs) {
    this.link = link;
    this.entry = entry;
    this.dialledAt = now;
    this.lastHeard = now;
    this.nextPing = now;
    this.nextAudience = now;
  }

  /** Nodes from the publisher to this parent; empty while it has not said. */
  get path(): readonly NodeId[] {
    return this.#path?.nodes ?? [];
  }

  /** Origins of other relays below this parent. */
  get siblings(): readonly string[] {
    return this.#path?.siblings ?? [];
  }

  /** Where it stands, by its own words: remembered for the choice between parents. */
  set place(path: Path) {
    this.#path = path;
    this.entry.hopCount = path.nodes.length;
    this.entry.loadPermille = path.loadPermille;
  }

  /** A ping was answered after so long. */
  addRoundTrip(rttMs: number): void {
    if (rttMs < 0) return;
    const before = this.#rttMs ?? rttMs;
    this.#rttMs = Math.min(rttMs, before + (rttMs - before) * RTT_RISE_SHARE);
    this.entry.rttMs = this.#rttMs;
  }

  /** When it counts as gone, if nothing comes until then. */
  get silenceDeadline(): MonoMs {
    return addMs(this.lastHeard, this.phase === 'ready' ? PARENT_SILENCE_MS_MAX : HELLO_TIMEOUT_MS);
  }

  /** It was asked for a rendition. */
  asked(renditionId: number, now: MonoMs): void {
    this.subscribed.add(renditionId);
    this.skipped.forget(renditionId);
    this.#isBehind = false;
    this.#lastNew ??= now;
  }

  /** It is of no use now, since its epoch is an old one: if nothing comes of it, it is like one that is silent. */
  owes(now: MonoMs): void {
    this.#isBehind = true;
    this.#lastNew ??= now;
  }

  /** It delivers, if only what another one was a moment faster with. */
  kept(now: MonoMs): void {
    this.#lastNew = now;
  }

  /** It is not asked for anything any more. */
  unasked(): void {
    this.subscribed.clear();
    this.#isBehind = false;
    this.#lastNew = undefined;
  }

  /** It delivered a piece that was not here. */
  deliveredNew(now: MonoMs): void {
    if (this.hasDelivered && this.#lastNew !== undefined)
      this.#gapMs += (Math.min(now - this.#lastNew, GAP_MS_MAX) - this.#gapMs) * GAP_SHARE;
    this.hasDelivered = true;
    this.#lastNew = now;
  }

  /** When it owes pieces of a broadcast live since `liveAt` if none has come by then; `undefined` if none were asked for. */
  flowDeadline(liveAt: MonoMs): MonoMs | undefined {
    if (this.#lastNew === undefined || (this.subscribed.size === 0 && !this.#isBehind)) return undefined;
    const since = this.#lastNew > liveAt ? this.#lastNew : liveAt;
    return addMs(since, Math.max(FLOW_SILENCE_MS, this.#gapMs * FLOW_SILENCE_GAPS));
  }
}
