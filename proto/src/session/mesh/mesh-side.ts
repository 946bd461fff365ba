/** A viewer's part in the mesh: takes stripes from the neighbours that its relay plans, and passes them on. */

import type { Catalog } from '../../catalog.js';
import {
  BITRATE_DEFAULT,
  MESH_LAG_MS_MIN,
  MESH_TICK_MS,
  PLANS_HELD_MAX,
  SPARE_MS_MIN,
} from '../../limits.js';
import { stripeOf } from '../../piece/header.js';
import type { Piece } from '../../piece/piece.js';
import { type PeerId, RELAY, type ReportKind } from '../../plan/index.js';
import { type NeighbourView, StripeWatch } from '../../repair/index.js';
import { addMs, type MonoMs } from '../../time.js';
import { allStripes, type ControlMessage } from '../../wire/control.js';
import { FrameKind } from '../../wire/frame.js';
import type { MeshMessage } from '../../wire/mesh-messages.js';
import type { ClockSync } from '../clock-sync.js';
import type { MeshOptions, SessionContext } from '../context.js';
import type { LinkId, MeshStats } from '../io.js';
import { FailOver } from './fail-over.js';
import { Handovers } from './handovers.js';
import type { MeshHooks } from './mesh-hooks.js';
import type { Neighbour } from './neighbour.js';
import { Neighbours } from './neighbours.js';
import { playoutLagMs } from './playout-lag.js';
import { Pushing } from './pushing.js';
import { RelayTalk } from './relay-talk.js';
import { Serving } from './serving.js';
import { type Feeding, StripeSources } from './stripe-sources.js';

const UINT32_MAX = 0xffffffff;

/** One viewer's links to its neighbours, and the flow of every stripe. */
export class MeshSide {
  readonly #context: SessionContext;
  readonly #clock: ClockSync;
  readonly #hooks: MeshHooks;
  readonly #neighbours: Neighbours;
  readonly #pushing: Pushing;
  readonly #serving: Serving;
  readonly #talk: RelayTalk;
  readonly #failOver: FailOver;
  #sources: StripeSources | undefined;
  #watch: StripeWatch | undefined;
  #renditionId = 0;
  #askedId = 0;
  #epoch = 0;
  #isLive = false;
  #uplinkCapBps: number;
  #nextTick: MonoMs;
  /** What the relay was asked for last. */
  #relayMask = 0;
  #views: NeighbourView[] | undefined;
  #bytesFromRelay = 0;
  #bytesFromPeers = 0;
  /** What the neighbours and the relay were told last. */
  #settledVersion = -1;
  #isUnsettled = true;
  /** The player has said how far behind it plays. */
  #isLagTold = false;
  /** Plans that came while a catalog was being verified: they may speak of its stripes. In their order. */
  #heldPlans: Extract<MeshMessage, { kind: 'plan' }>[] = [];
  readonly #handovers = new Handovers();
  #plannedFromPeers = 0;

  constructor(context: SessionContext, clock: ClockSync, options: MeshOptions, hooks: MeshHooks) {
    this.#context = context;
    this.#clock = clock;
    this.#hooks = hooks;
    this.#talk = new RelayTalk(context, clock, options.linksMax, hooks.sayRelay);
    this.#uplinkCapBps = Math.min(options.uplinkBps, UINT32_MAX);
    this.#pushing = new Pushing(context, this.#uplinkCapBps);
    this.#nextTick = context.now;
    this.#neighbours = new Neighbours(context, {
      relayUrl: hooks.relayUrl,
      onReady: () => this.#pursue(),
      onGone: (neighbour, why) => this.#handleGone(neighbour, why),
      onPong: (neighbour) => this.#watch?.heard(context.now, neighbour.link),
      onChange: () => {
        this.#views = undefined;
        this.#isUnsettled = true;
      },
    });
    this.#failOver = new FailOver({
      context,
      clock,
      neighbours: this.#neighbours,
      talk: this.#talk,
      relayLink: hooks.feedLink,
      sayRelay: hooks.sayRelay,
      flow: () => ({ sources: this.#sources, watch: this.#watch }),
    });
    this.#serving = new Serving({
      context,
      clock,
      neighbours: this.#neighbours,
      pushing: this.#pushing,
      window: hooks.window,
      isAllowed: options.uplinkBps > 0,
    });
  }

  /** Whether the link is a neighbour's. */
  owns(link: LinkId): boolean {
    return this.#neighbours.get(link) !== undefined;
  }

  /** Counters and the present state. */
  get stats(): MeshStats {
    const watch = this.#watch?.stats;
    return {
      bytesFromRelay: this.#bytesFromRelay,
      bytesFromPeers: this.#bytesFromPeers,
      bytesToPeers: this.#pushing.bytesSent,
      neighbourCount: this.#neighbours.readyCount,
      helpedCount: this.#neighbours.takingCount,
      stripesFromPeers: this.#sources?.fedByPeers ?? 0,
      stripeCount: this.#sources?.count ?? 0,
      uplinkBps: this.#uplinkBps(),
      piecesRequested: watch?.requested ?? 0,
      piecesRepaired: watch?.repaired ?? 0,
      piecesDropped: this.#pushing.piecesDropped,
      sourceSwitches: this.#failOver.count,
      peer: this.#talk.peer,
      sources: this.#sources?.peers ?? [],
      handovers: this.#handovers.newest,
    };
  }

  /** How far behind the capture the player plays, as far as is known. */
  get lagMs(): number {
    return this.#serving.lagMs;
  }

  /** Stripes that the relay is to send, as a hello to a new one asks for them; `undefined` for all, from a keyframe. */
  relayWants(): { readonly stripeMask: number; readonly from: number } | undefined {
    if (!this.#sources || this.#sources.fedByPeers === 0) {
      this.#relayMask = this.#sources ? allStripes(this.#sources.count) : 0;
      return undefined;
    }
    this.#relayMask = this.#sources.relayMask;
    return { stripeMask: this.#relayMask, from: this.#from(this.#relayMask) };
  }

  /** The relay accepted the hello and plans. */
  handleRelayReady(): void {
    this.#isUnsettled = true;
    this.#talk.restart();
    this.#share();
    this.#pursue();
    this.#settle();
  }

  /** The relay is gone: what it fed is taken from neighbours; what they feed goes on. */
  handleRelayLost(): void {
    this.#views = undefined;
    this.#heldPlans = [];
    for (const stripe of this.#sources?.fedBy(RELAY) ?? []) this.#failOver.leave(stripe, 'silent');
    this.#neighbours.forgetPlan();
    this.#settle();
  }

  /** A catalog came into force, or another rendition is played. */
  setCatalog(catalog: Catalog, renditionId: number, askedId: number): void {
    this.#isLive = catalog.state === 'live';
    const isOther = renditionId !== this.#renditionId || catalog.stripeCount !== this.#sources?.count;
    const isNewEpoch = catalog.epoch !== this.#epoch;
    const isOtherName = askedId !== this.#askedId;
    this.#epoch = catalog.epoch;
    this.#renditionId = renditionId;
    this.#askedId = askedId;
    if (isNewEpoch || isOther) {
      this.#watch = new StripeWatch({ stripeCount: catalog.stripeCount, playoutLagMs: this.#serving.lagMs });
      for (const neighbour of this.#neighbours) neighbour.exchanged.clear();
    }
    if (isOther) this.#restart(catalog.stripeCount);
    else if (isNewEpoch) this.#nameSources();
    if (isOtherName && !isOther) this.#share();
    const bitrate = catalog.renditions.find(({ id }) => id === renditionId)?.bitrate || BITRATE_DEFAULT;
    this.#serving.served = this.#sources && { renditionId, bitrate, sources: this.#sources };
    this.#watch?.setLive(this.#context.now, this.#isLive);
    this.#settle();
  }

  /** The person, or the page, says what may be uploaded. */
  offerUplink(uplinkBps: number): void {
    this.#uplinkCapBps = Math.min(uplinkBps, UINT32_MAX);
    this.#pushing.setCap(this.#uplinkCapBps);
    this.#serving.isAllowed = uplinkBps > 0;
    this.#share();
  }

  /** The player's distance from the capture. */
  setPlayoutLag(lagMs: number): void {
    this.#isLagTold = true;
    this.#useLag(lagMs);
  }

  #useLag(lagMs: number): void {
    this.#serving.lagMs = lagMs;
    this.#watch?.setPlayoutLag(lagMs);
  }

  /** The connection to a neighbour is open. */
  handleOpened(link: LinkId): void {
    this.#neighbours.handleOpened(link);
    this.#settle();
  }

  /** The connection to a neighbour is gone, or never came to be. */
  handleClosed(link: LinkId): void {
    this.#neighbours.handleClosed(link);
    this.#settle();
  }

  /** A neighbour's connection wants something carried to its other end. */
  handleLocalSignal(link: LinkId, body: Uint8Array): void {
    const neighbour = this.#neighbours.get(link);
    if (neighbour) this.#hooks.sayRelay({ kind: 'signal', peer: neighbour.peer, body });
  }

  /** A neighbour's queue stands at so much. */
  handleWritable(link: LinkId, bufferedBytes: number): void {
    const neighbour = this.#neighbours.get(link);
    if (!neighbour) return;
    this.#pushing.buffered(neighbour, bufferedBytes);
    this.#pushing.drain();
  }

  /** A message came from a neighbour; undecodable ones come as `undefined`. */
  handleMessage(link: LinkId, bytes: Uint8Array, message: ControlMessage | undefined): void {
    const neighbour = this.#neighbours.get(link);
    if (!neighbour) return;
    // What comes first may overtake the news that the connection is open.
    if (neighbour.phase === 'connecting') this.#neighbours.handleOpened(link);
    neighbour.noteHeard(this.#context.now);
    if (bytes[0] === FrameKind.piece) {
      if (!neighbour.isReady) return this.#neighbours.violated(neighbour);
      if (!neighbour.mayBeOfUse(this.#context.now)) return this.#neighbours.flooded(neighbour);
      return this.#hooks.receivePiece(link, bytes);
    }
    if (!neighbour.isWithinRate(this.#context.now)) return this.#neighbours.flooded(neighbour);
    if (!message) return this.#neighbours.violated(neighbour);
    this.#handleNeighbour(neighbour, message);
    this.#settle();
  }

  /** A message of the mesh came from the relay. `false` when it may not come from there. */
  handleRelay(message: ControlMessage): boolean {
    switch (message.kind) {
      case 'plan':
        if (this.#hooks.isCatalogDue() && this.#heldPlans.length < PLANS_HELD_MAX) {
          this.#heldPlans.push(message);
          break;
        }
        this.#neighbours.stunPort = message.stunPort;
        this.#pushing.learn(message.uplinkBps);
        for (const link of message.links) {
          this.#planStripes(link.peer, link.parentMask);
          if (link.peer !== RELAY) this.#neighbours.plan(link);
        }
        this.#tellPlanned();
        this.#pursue();
        break;
      case 'signal': {
        const neighbour = this.#neighbours.byPeer(message.peer);
        if (neighbour?.phase === 'connecting')
          this.#context.emit({ kind: 'signal', link: neighbour.link, bytes: message.body });
        break;
      }
      case 'probe':
        if (this.#uplinkCapBps > 0) this.#talk.answerProbe(message.bytes);
        break;
      case 'missing':
        this.#handleMissing(this.#hooks.relayLink(), message);
        break;
      default:
        return false;
    }
    this.#settle();
    return true;
  }

  /** No catalog is being verified any more: plans that may speak of its stripes are carried out. */
  handleCatalogSettled(): void {
    const held = this.#heldPlans;
    this.#heldPlans = [];
    for (const plan of held) this.handleRelay(plan);
  }

  /** The relay delivered a piece message. */
  countRelayPiece(bytes: number): void {
    this.#bytesFromRelay += bytes;
  }

  /** A verified piece is new to this viewer: on to the children first, then everything else. */
  handlePiece(piece: Piece, link: LinkId): void {
    const { now } = this.#context;
    const { header } = piece;
    if (header.renditionId !== this.#renditionId || !this.#sources) return;
    const stripe = stripeOf(header.sequence, this.#sources.count);
    const from = this.#neighbours.get(link);
    if (from) {
      from.exchanged.add(header.sequence);
      from.noteNew();
      this.#bytesFromPeers += piece.message.length;
    }
    const deadline = this.#serving.push(piece, stripe, from);
    const broadcastMs = this.#clock.broadcastAt(now);
    this.#watch?.arrived(now, header, link, broadcastMs);
    this.#handovers.note(now, stripe, from?.peer ?? RELAY, broadcastMs);
    this.#promote(stripe, from ?? RELAY);
    const isSource = from !== undefined && this.#sources.current(stripe) === from;
    // What others had to deliver in its stead came in time, the source did not.
    if (this.#sources.noteSpare(stripe, isSource ? deadline - now : 0)) {
      const isTight = deadline - now < SPARE_MS_MIN;
      if (isTight) this.#sources.rest(stripe, now);
      this.#failOver.leave(stripe, undefined, isTight ? RELAY : undefined);
    }
    this.#settle();
  }

  /** A piece that is held came once more: whoever was asked for the stripe delivers. */
  handleDuplicate(piece: Piece, link: LinkId): void {
    if (piece.header.renditionId !== this.#renditionId || !this.#sources) return;
    const from = this.#neighbours.get(link);
    from?.exchanged.add(piece.header.sequence);
    this.#watch?.duplicate(this.#context.now, piece.header.sequence, link);
    this.#promote(stripeOf(piece.header.sequence, this.#sources.count), from ?? RELAY);
    this.#settle();
  }

  /** A piece over this link was forged. */
  handleForgery(link: LinkId): void {
    const neighbour = this.#neighbours.get(link);
    if (!neighbour) return;
    this.#talk.report(neighbour.peer, 'forged');
    this.#neighbours.forged(neighbour);
    this.#settle();
  }

  /** Repairs, pings, deadlines: each when it is due. */
  handleTimeout(): void {
    const { now } = this.#context;
    if (now >= this.#nextTick) {
      this.#nextTick = addMs(now, MESH_TICK_MS);
      this.#tick();
    }
    this.#failOver.leaveMute(this.#isLive);
    this.#pushing.drain();
    this.#settle();
  }

  /** When {@link handleTimeout} has something to do. */
  nextTimeout(): MonoMs | undefined {
    let earliest = this.#neighbours.size > 0 || this.#talk.hasShared ? this.#nextTick : undefined;
    for (const due of [
      this.#pushing.nextTimeout(),
      this.#watch?.nextTimeout(),
      this.#failOver.nextTimeout(this.#isLive),
    ])
      if (due !== undefined && (earliest === undefined || due < earliest)) earliest = due;
    return earliest;
  }

  /** Ends every link to neighbours. */
  close(): void {
    this.#neighbours.close();
  }

  #tick(): void {
    const { now } = this.#context;
    this.#neighbours.tick();
    if (!this.#isLagTold) this.#useLag(playoutLagMs(this.#clock.rttMs ?? 0));
    const sources = this.#sources;
    for (let stripe = 0; sources && stripe < sources.count; stripe++) {
      const expired = this.#isLive ? sources.expire(stripe, now) : undefined;
      if (expired === undefined || expired === RELAY) continue;
      expired.noteFailure(stripe, now);
      this.#talk.report(expired.peer, 'silent');
    }
    for (const link of this.#pushing.takeSlowChildren()) {
      const child = this.#neighbours.get(link);
      if (child) this.#talk.report(child.peer, 'overloaded');
    }
    if (this.#talk.hasShared && this.#pushing.isUplinkChanged()) this.#share();
    this.#pursue();
  }

  #handleNeighbour(neighbour: Neighbour, message: ControlMessage): void {
    if (this.#neighbours.handleControl(neighbour, message)) return;
    switch (message.kind) {
      case 'subscribe':
        return this.#serving.feed(neighbour, message);
      case 'unsubscribe':
        return this.#serving.unfeed(neighbour);
      case 'request':
        return this.#serving.repair(neighbour, message);
      case 'missing':
        return this.#handleMissing(neighbour.link, message);
      case 'declined':
        return this.#handleDeclined(neighbour, message.stripeMask);
      default:
        return this.#neighbours.violated(neighbour);
    }
  }

  #handleMissing(
    link: LinkId | undefined,
    { renditionId, sequences }: Extract<MeshMessage, { kind: 'missing' }>,
  ) {
    if (link === undefined || (renditionId !== this.#renditionId && renditionId !== this.#askedId)) return;
    this.#watch?.missing(this.#context.now, link, sequences);
  }

  #handleDeclined(neighbour: Neighbour, stripeMask: number): void {
    const sources = this.#sources;
    for (let stripe = 0; sources && stripe < sources.count; stripe++) {
      if ((stripeMask & (2 ** stripe)) === 0) continue;
      neighbour.noteFailure(stripe, this.#context.now);
      if (sources.pending(stripe) === neighbour) sources.dropPending(stripe);
      if (sources.current(stripe) === neighbour) this.#failOver.leave(stripe, undefined);
    }
  }

  #planStripes(peer: PeerId, parentMask: number): void {
    const sources = this.#sources;
    for (let stripe = 0; sources && stripe < sources.count; stripe++) {
      if ((parentMask & (2 ** stripe)) !== 0) sources.plan(stripe, peer);
      else if (sources.planned(stripe) === peer) sources.plan(stripe, undefined);
    }
  }

  #tellPlanned(): void {
    const stripesFromPeers = this.#sources?.plannedFromPeers ?? 0;
    if (stripesFromPeers === this.#plannedFromPeers) return;
    this.#plannedFromPeers = stripesFromPeers;
    this.#context.event({ kind: 'mesh', stripesFromPeers });
  }

  /** Asks the planned parents for their stripes, as far as they are connected and others feed them. */
  #pursue(): void {
    const sources = this.#sources;
    const { now } = this.#context;
    for (let stripe = 0; sources && stripe < sources.count; stripe++) {
      const planned = sources.planned(stripe);
      if (planned === undefined) continue;
      const next: Feeding | undefined = planned === RELAY ? RELAY : this.#neighbours.byPeer(planned);
      if (next === undefined || next === sources.current(stripe) || next === sources.pending(stripe))
        continue;
      // Before the player has enough in hand, what comes by way of others would come too late.
      const isTooSoon = this.#serving.lagMs < MESH_LAG_MS_MIN || sources.isResting(stripe, now);
      if (next !== RELAY && sources.current(stripe) === RELAY && isTooSoon) continue;
      if (
        next === RELAY ? this.#hooks.relayLink() === undefined : !next.isReady || next.hasFailed(stripe, now)
      )
        continue;
      sources.await(stripe, next, now);
    }
  }

  #promote(stripe: number, from: Feeding): void {
    const sources = this.#sources;
    if (!sources?.promote(stripe, from)) return;
    const link = from === RELAY ? this.#hooks.feedLink() : from.link;
    this.#watch?.setSource(this.#context.now, stripe, link);
  }

  #handleGone(neighbour: Neighbour, why: ReportKind | undefined): void {
    this.#pushing.forget(neighbour);
    this.#hooks.forgetLink(neighbour.link);
    this.#watch?.linkLost(this.#context.now, neighbour.link);
    if (why) this.#talk.report(neighbour.peer, why);
    const sources = this.#sources;
    for (let stripe = 0; sources && stripe < sources.count; stripe++) {
      if (sources.pending(stripe) === neighbour) sources.dropPending(stripe);
      if (sources.current(stripe) === neighbour) this.#failOver.leave(stripe, undefined);
    }
  }

  /** Carries out what the watch decides, then tells neighbours and relay what each is to send from now on. */
  #settle(): void {
    const { now } = this.#context;
    const watch = this.#watch;
    const sources = this.#sources;
    if (!watch || !sources) return;
    for (let action = watch.poll(now, this.#viewsNow()); action; action = watch.poll(now, this.#viewsNow())) {
      if (action.kind === 'switch') this.#failOver.leave(action.stripe, action.why);
      else if (action.kind === 'probe') {
        const relay = this.#hooks.relayLink();
        if (relay !== undefined && action.sequences.length > 0) this.#ask(relay, action.sequences);
        this.#neighbours.probeAll(allStripes(sources.count));
      } else {
        this.#ask(action.link, action.sequences);
        this.#probeServers(sources, action.sequences);
      }
    }
    if (!this.#isUnsettled && sources.version === this.#settledVersion) return;
    this.#isUnsettled = false;
    this.#settledVersion = sources.version;
    this.#tellSources(sources);
  }

  /** Tells neighbours and relay what each is to send from now on. */
  #tellSources(sources: StripeSources): void {
    for (const neighbour of this.#neighbours) {
      const mask = neighbour.isReady ? sources.maskOf(neighbour) : 0;
      if (mask === neighbour.sourceMask) continue;
      const added = mask & ~neighbour.sourceMask;
      neighbour.sourceMask = mask;
      const renditionId = this.#renditionId;
      if (mask === 0) this.#neighbours.say(neighbour, { kind: 'unsubscribe', renditionId });
      else
        this.#neighbours.say(neighbour, {
          kind: 'subscribe',
          renditionId,
          stripeMask: mask,
          from: added === 0 ? undefined : this.#from(added),
        });
    }
    const relayMask = sources.relayMask;
    if (relayMask === this.#relayMask || this.#hooks.feedLink() === undefined) return;
    const added = relayMask & ~this.#relayMask;
    const from = added === 0 ? undefined : this.#from(added);
    this.#relayMask = relayMask;
    this.#hooks.subscribeRelay(relayMask, from);
  }

  #ask(link: LinkId, sequences: readonly number[]): void {
    const neighbour = this.#neighbours.get(link);
    if (neighbour)
      this.#neighbours.say(neighbour, { kind: 'request', renditionId: this.#renditionId, sequences });
    else this.#hooks.sayRelay({ kind: 'request', renditionId: this.#renditionId, sequences });
  }

  /** Whoever owes what others are asked for may be gone, or its pieces were lost: its answer tells. So may a stand-in. */
  #probeServers(sources: StripeSources, sequences: readonly number[]): void {
    let mask = 0;
    for (const sequence of sequences) mask |= 1 << stripeOf(sequence, sources.count);
    this.#neighbours.probeAll(mask);
  }

  #viewsNow(): readonly NeighbourView[] {
    if (this.#views) return this.#views;
    const views: NeighbourView[] = [];
    for (const { link, servesMask, rttMs, isReady } of this.#neighbours)
      if (isReady) views.push({ link, canServe: servesMask, rttMs, isRelay: false });
    const relay = this.#hooks.relayLink();
    if (relay !== undefined)
      views.push({ link: relay, canServe: allStripes(32), rttMs: this.#clock.rttMs ?? 100, isRelay: true });
    this.#views = views;
    return views;
  }

  /** The lowest sequence number that is still needed of these stripes. */
  #from(stripeMask: number): number {
    let from = Number.POSITIVE_INFINITY;
    for (let stripe = 0; stripe < (this.#sources?.count ?? 0); stripe++)
      if ((stripeMask & (2 ** stripe)) !== 0) from = Math.min(from, this.#watch?.nextNeeded(stripe) ?? 0);
    return Number.isFinite(from) ? from : 0;
  }

  #restart(stripeCount: number): void {
    this.#sources = new StripeSources(stripeCount, this.#context.now);
    this.#isUnsettled = true;
    this.#handovers.clear();
    this.#relayMask = allStripes(stripeCount);
    for (const neighbour of this.#neighbours) this.#serving.unfeed(neighbour);
    // The relay plans anew, and names those again that stay.
    this.#neighbours.forgetPlan();
    this.#nameSources();
    this.#share();
  }

  #nameSources(): void {
    const sources = this.#sources;
    for (let stripe = 0; sources && stripe < sources.count; stripe++) {
      const current = sources.current(stripe);
      const link = current === RELAY ? this.#hooks.feedLink() : current.link;
      this.#watch?.setSource(this.#context.now, stripe, link);
    }
  }

  #share(): void {
    if (this.#hooks.relayLink() === undefined || !this.#sources) return;
    // The first time the person's limit is told: what it can carry is measured by the relay.
    const uplinkBps = this.#talk.hasShared ? this.#uplinkBps() : this.#uplinkCapBps;
    this.#talk.share(this.#sources, this.#askedId, uplinkBps);
  }

  #uplinkBps(): number {
    return Math.min(this.#uplinkCapBps, this.#pushing.uplinkBps);
  }
}
