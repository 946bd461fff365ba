/** The I/O-free session that publisher, relay and viewer share. */

import type { Summary } from '../audience/summary.js';
import type { Catalog } from '../catalog.js';
import { socketUrl } from '../identity/link.js';
import { assertLimits, MESH_PATIENCE_MS, PLAYOUT_LAG_MS, RESUME_MS_MAX } from '../limits.js';
import { ChunkAssembler } from '../piece/assembler.js';
import type { Piece } from '../piece/piece.js';
import type { CellPlanner } from '../plan/index.js';
import { addMs, type MonoMs, monoMs, type WallMs } from '../time.js';
import { decodeControl, type Role, type SignedCatalog } from '../wire/control.js';
import { FrameKind } from '../wire/frame.js';
import type { AudienceSide } from './audience-side.js';
import { CatalogKeeper, type KeptCatalog } from './catalog-keeper.js';
import type { CellSide } from './cell-side.js';
import { ChildSide } from './child-side.js';
import { ClockSync } from './clock-sync.js';
import { SessionContext, type SessionOptions } from './context.js';
import { Feeder } from './feeder.js';
import type { Absence, Input, LinkId, Output, SessionHoldings, SessionStats } from './io.js';
import { MeshSide } from './mesh/mesh-side.js';
import { ParentSide } from './parent-side.js';
import type { Wanted } from './parent-voice.js';
import { PieceIntake } from './piece-intake.js';
import { PlayReporter } from './play-reporter.js';
import { TreePlace } from './tree-place.js';

type ViewerInput = Extract<
  Input,
  { readonly kind: 'peer-opened' | 'signal' | 'offer-uplink' | 'playout' | 'playing' }
>;

/**
 * One node's part in one channel.
 *
 * The drain rule: after every {@link handleInput}, call {@link pollOutput} until it returns `undefined` and carry the
 * outputs out in order; then ask {@link nextTimeout} for the time at which to call `handleInput` with `timeout`.
 * Inputs may be handed in while draining. `handleInput` never throws on any bytes: a throw is a bug here.
 *
 * The session reads no clock: `now` comes with each input, on one monotonic clock, and never goes back.
 */
export class Session {
  readonly #context: SessionContext;
  readonly #clock = new ClockSync();
  readonly #keeper: CatalogKeeper;
  readonly #intake: PieceIntake;
  readonly #feeder: Feeder;
  readonly #parents: ParentSide;
  readonly #children: ChildSide;
  /** A viewer's links to other viewers; none at relays, and at viewers that take no part. */
  readonly #mesh: MeshSide | undefined;
  /** The plan of a relay's viewers. */
  readonly #cell: CellSide | undefined;
  /** The sums of a relay's audience. */
  readonly #audience: AudienceSide | undefined;
  readonly #reporter = new PlayReporter();
  readonly #place: TreePlace;
  #assembler: ChunkAssembler;
  #chunksSkippedBefore = 0;
  #bytesReceived = 0;
  #selectedRendition = 0;
  /** What is selected, as a number of the catalog; 0 while that is not known. */
  #playedId = 0;
  /** Since when the epoch in force is live; `undefined` while it is not. */
  #liveAt: MonoMs | undefined;
  /** When the newest piece was taken. */
  #pieceAt: MonoMs = monoMs(0);
  #isAbsent = false;
  /** The owner wants the first rendition. */
  #isHeld = false;
  /** And all others, too. */
  #isAllHeld = false;
  #state: 'live' | Absence = 'connecting';

  constructor(options: SessionOptions) {
    assertLimits();
    this.#context = new SessionContext(options);
    if (options.wallAtZeroMs !== undefined) this.#clock.setSource(options.wallAtZeroMs);
    const onForgery = (link: LinkId): void => this.#handleForgery(link);
    this.#keeper = new CatalogKeeper(
      this.#context,
      (kept, isNew) => this.#setCatalog(kept, isNew),
      onForgery,
      () => this.#mesh?.handleCatalogSettled(),
    );
    this.#intake = new PieceIntake(this.#context, {
      onPiece: (piece, link) => this.#handlePiece(piece, link),
      onDuplicate: (held, link) => {
        this.#parents.delivered(link, false, held.header);
        this.#play(held);
        this.#mesh?.handleDuplicate(held, link);
      },
      onForgery,
      broadcastNow: () => this.broadcastNow(this.#context.now),
    });
    this.#feeder = new Feeder(this.#context, this.#clock);
    const window = (id: number) => this.#intake.window(id);
    this.#cell = options.cell?.create(this.#context, options.cell, window);
    const place = new TreePlace(options.prng.fork('tree'));
    this.#audience = options.audience?.create(this.#context, options.audience, this.#cell);
    const context = this.#context;
    this.#children = new ChildSide(context, this.#clock, this.#feeder, place, this.#cell, this.#audience);
    this.#parents = new ParentSide(this.#context, this.#clock, place, {
      onCatalog: (link, signed) => this.#receiveCatalog(link, signed),
      onAbsent: () => {
        this.#isAbsent = true;
        this.#updateState();
      },
      onPoster: (picture) => this.#context.event({ kind: 'poster', picture }),
      wanted: () => this.#wanted(),
      nextNeeded: (id) => this.#intake.window(this.#idOf(id))?.nextNeeded,
      isFlowing: () => this.#context.now < addMs(this.#pieceAt, RESUME_MS_MAX),
      broadcast: () => this.catalog && { epoch: this.catalog.epoch, liveAt: this.#liveAt },
      onMesh: (message) => this.#mesh?.handleRelay(message) ?? false,
      onReady: () => this.#mesh?.handleRelayReady(),
      viewerCount: () => this.#children.viewerCount,
      summary: () => this.#audience?.encode(),
      onLost: (link, wasUsed) => {
        this.#intake.forget(link);
        if (wasUsed) this.#mesh?.handleRelayLost();
      },
      onPlace: () => this.#children.handlePlace(),
      onChange: () => this.#updateState(),
    });
    this.#place = place;
    const parents = this.#parents;
    this.#mesh =
      options.mesh &&
      new MeshSide(this.#context, this.#clock, options.mesh, {
        relayLink: () => parents.meshLink,
        feedLink: () => parents.readyLink,
        isCatalogDue: () => this.#keeper.isVerifying,
        relayUrl: () => parents.url,
        sayRelay: (message) => parents.say(message),
        subscribeRelay: (mask, from) => parents.setStripes(this.#selectedRendition, mask, from),
        window,
        receivePiece: (link, message) => this.#intake.receive(link, message),
        forgetLink: (link) => this.#intake.forget(link),
      });
    this.#assembler = this.#createAssembler();
  }

  /** The catalog in force; `undefined` before the first. */
  get catalog(): Catalog | undefined {
    return this.#keeper.kept?.catalog;
  }

  /** Links of children, for the owner's limits. */
  get childCount(): number {
    return this.#children.size;
  }

  /** Children that have said hello, by what they are. */
  get childCounts(): Readonly<Record<Role, number>> {
    return this.#children.counts;
  }

  /** Origins of the child relays that proved them, each once, in the order in which they came. */
  get originsBelow(): readonly string[] {
    return this.#children.originsBelow;
  }

  /** Whether media flows, and if not why. */
  get state(): 'live' | Absence {
    return this.#state;
  }

  /** The broadcaster's wall clock at `now`; `undefined` until a parent has answered a ping. */
  broadcastNow(now: MonoMs): WallMs | undefined {
    return this.#clock.broadcastAt(now);
  }

  /** Counters at `now`. */
  stats(now: MonoMs): SessionStats {
    return {
      piecesVerified: this.#intake.piecesVerified,
      piecesDuplicate: this.#intake.piecesDuplicate,
      refused: { ...this.#context.refused },
      bytesReceived: this.#bytesReceived,
      chunksSkipped: this.#chunksSkippedBefore + this.#assembler.chunksSkipped,
      childrenLagged: this.#feeder.lagCount,
      rttMs: this.#clock.rttMs,
      parentCount: this.#parents.readyCount,
      viewerCount: this.#children.viewerCount,
      broadcastNowMs: this.broadcastNow(now),
      hopCount: this.#place.above.nodes.length,
      parentChanges: this.#parents.changes,
      mesh: this.#mesh?.stats,
      cell: this.#cell?.stats,
    };
  }

  /**
   * The audience here and below, in sums; `undefined` for a node that counts none. For the publisher's owner, about once a
   * second: joins and leaves are those since the last call.
   */
  takeAudience(now: MonoMs): Summary | undefined {
    return this.#audience?.take(now);
  }

  /** The trees of a rendition at a relay that plans them, read only: for metrics and simulation. */
  planner(renditionId: number): CellPlanner | undefined {
    return this.#cell?.planner(renditionId);
  }

  /** What is held at this moment, for checks of the limits. */
  get holdings(): SessionHoldings {
    const { windowBytes, piecesWaiting } = this.#intake;
    return { windowBytes, piecesWaiting, verifying: this.#context.verifying };
  }

  /** Takes one input at the time `now`. See the drain rule of the class. */
  handleInput(now: MonoMs, input: Input): void {
    this.#context.now = now;
    switch (input.kind) {
      case 'child-opened':
        if (input.network !== undefined) this.#cell?.setNetwork(input.link, input.network);
        this.#children.handleOpened(input.link);
        break;
      case 'parent-opened':
        this.#parents.handleOpened(input.link);
        break;
      case 'received':
        this.#receive(input.link, input.bytes, input.bufferedBytes);
        break;
      case 'writable':
        this.#mesh?.handleWritable(input.link, input.bufferedBytes);
        this.#children.handleWritable(input.link, input.bufferedBytes);
        break;
      case 'overflowed':
        this.#children.handleOverflowed(input.link);
        break;
      case 'closed':
        this.#mesh?.handleClosed(input.link);
        this.#children.handleClosed(input.link);
        this.#followChildren();
        this.#parents.handleClosed(input.link, input.code, input.reason);
        break;
      case 'verified':
        this.#context.answer(input.id, input.ok);
        break;
      case 'publish-catalog':
        this.#keeper.publish(input.signed);
        break;
      case 'set-poster':
        this.#children.setPoster(input.picture);
        break;
      case 'publish-piece':
        this.#intake.publish(input.message);
        break;
      case 'select-rendition':
        this.#select(input.renditionId);
        break;
      case 'peer-opened':
      case 'signal':
      case 'offer-uplink':
      case 'playout':
      case 'playing':
        this.#handleViewerInput(input);
        break;
      case 'add-parents':
        this.#parents.learn(input.urls);
        break;
      case 'origin-proven':
        this.#children.proveOrigin(input.link);
        break;
      case 'hold':
        this.#isHeld = input.isHeld;
        this.#isAllHeld = input.takesAll === true;
        this.#followChildren();
        break;
      case 'drain':
        this.#children.drain();
        break;
      case 'timeout':
        this.#handleTimeout();
        break;
    }
  }

  /** What only viewers hand in. */
  #handleViewerInput(input: ViewerInput): void {
    switch (input.kind) {
      case 'peer-opened':
        return this.#mesh?.handleOpened(input.link);
      case 'signal':
        return this.#mesh?.handleLocalSignal(input.link, input.bytes);
      case 'offer-uplink':
        return this.#mesh?.offerUplink(input.uplinkBps);
      case 'playout':
        return this.#mesh?.setPlayoutLag(input.lagMs);
      case 'playing':
        return this.#tellPlaying(input);
    }
  }

  /** The next thing to be done; `undefined` when everything is. */
  pollOutput(): Output | undefined {
    return this.#context.poll();
  }

  /** When `timeout` must be handed in at the latest; `undefined` while nothing is due. Changes with every input. */
  nextTimeout(): MonoMs | undefined {
    let earliest = this.#parents.nextTimeout();
    const times = [
      this.#children.nextTimeout(),
      this.#assembler.nextTimeout(),
      this.#mesh?.nextTimeout(),
      this.#cell?.nextTimeout(),
    ];
    for (const time of times)
      if (time !== undefined && (earliest === undefined || time < earliest)) earliest = time;
    return earliest;
  }

  /** Ends every link. The outputs that say so are still to be polled; hand in nothing afterwards. */
  close(): void {
    this.#mesh?.close();
    this.#parents.close();
    this.#children.close();
  }

  #receive(link: LinkId, bytes: Uint8Array, bufferedBytes: number): void {
    if (this.#parents.owns(link)) {
      this.#bytesReceived += bytes.length;
      this.#parents.heard(link);
      if (bytes[0] === FrameKind.piece) {
        this.#mesh?.countRelayPiece(bytes.length);
        return this.#intake.receive(link, bytes);
      }
      const message = decodeControl(bytes);
      return message ? this.#parents.handleControl(link, message) : this.#parents.violated(link);
    }
    if (this.#mesh?.owns(link)) {
      this.#bytesReceived += bytes.length;
      const message = bytes[0] === FrameKind.piece ? undefined : decodeControl(bytes);
      return this.#mesh.handleMessage(link, bytes, message);
    }
    this.#children.handleMessage(link, bytes, bufferedBytes);
    this.#followChildren();
  }

  #receiveCatalog(link: LinkId, signed: SignedCatalog): boolean {
    return this.#keeper.receive(link, signed);
  }

  #setCatalog(kept: KeptCatalog, isNewEpoch: boolean): void {
    const { catalog } = kept;
    const playedBefore = this.#playedId;
    this.#playedId = this.#playedRendition();
    const relays = catalog.relays.map((origin) => socketUrl(origin, this.#context.options.channelKey));
    if (this.#context.options.role === 'viewer') this.#parents.learn(relays);
    this.#isAbsent = false;
    if (catalog.state !== 'live') this.#liveAt = undefined;
    else if (isNewEpoch) this.#liveAt = this.#context.now;
    else this.#liveAt ??= this.#context.now;
    if (isNewEpoch || this.#playedId !== playedBefore) this.#restartAssembler();
    this.#context.event({ kind: 'catalog', catalog, isNewEpoch });
    const source = {
      stripeCount: catalog.stripeCount,
      bitrate: (id: number) => catalog.renditions.find((rendition) => rendition.id === id)?.bitrate ?? 0,
      window: (id: number) => this.#intake.window(id),
    };
    this.#mesh?.setCatalog(catalog, this.#playedId, this.#selectedRendition);
    this.#intake.setCatalog(kept, isNewEpoch);
    this.#children.setCatalog(kept, source, isNewEpoch);
    // After the catalog has gone out: a plan speaks of its stripes.
    this.#cell?.setCatalog(catalog);
    this.#audience?.setCatalog(catalog);
    this.#followChildren();
    this.#updateState();
  }

  #handlePiece(piece: Piece, link: LinkId | undefined): void {
    this.#pieceAt = this.#context.now;
    if (link !== undefined) this.#parents.delivered(link, true, piece.header);
    this.#feeder.feed(piece);
    if (link !== undefined) this.#mesh?.handlePiece(piece, link);
    this.#play(piece);
  }

  /** A duplicate is played too if its chunk was not: after a change of rendition the assembler starts from nothing. */
  #play(piece: Piece): void {
    if (this.#context.options.role !== 'viewer' || piece.header.renditionId !== this.#playedId) return;
    this.#assembler.add(piece);
    this.#deliver();
  }

  #deliver(): void {
    this.#assembler.patienceMs = this.#patienceMs();
    for (;;) {
      const chunk = this.#assembler.poll(this.#context.now);
      if (!chunk) return;
      this.#context.event({ kind: 'chunk', chunk });
    }
  }

  #handleTimeout(): void {
    this.#parents.handleTimeout();
    this.#children.handleTimeout();
    this.#mesh?.handleTimeout();
    this.#cell?.handleTimeout();
    this.#deliver();
    this.#updateState();
  }

  #handleForgery(link: LinkId): void {
    this.#parents.forged(link);
    this.#mesh?.handleForgery(link);
    this.#updateState();
  }

  #wanted(): readonly Wanted[] {
    const behindMs = this.#mesh ? PLAYOUT_LAG_MS : undefined;
    const stripes = this.#mesh?.relayWants();
    if (stripes?.stripeMask === 0) return [];
    return this.#wantedRenditions().map((renditionId) => ({
      renditionId,
      stripeMask: stripes?.stripeMask ?? 0,
      from: stripes?.from,
      behindMs,
    }));
  }

  /**
   * A relay takes what its children want, and unless it is on demand the default, so that a first viewer need not wait.
   * Its owner may want them all, to list them side by side.
   */
  #wantedRenditions(): readonly number[] {
    if (this.#context.options.role === 'viewer') return [this.#selectedRendition];
    const [first, ...others] = this.catalog?.renditions ?? [];
    const taken = others.map(({ id }) => id).filter((id) => this.#isAllHeld || this.#children.isTaken(id));
    const isFirstTaken = this.#children.isTaken(0) || this.#children.isTaken(first?.id ?? 0);
    return isFirstTaken || this.#isHeld || !this.#isOnDemand ? [0, ...taken] : taken;
  }

  get #isOnDemand(): boolean {
    return this.#context.options.tree?.isOnDemand === true;
  }

  #tellPlaying(input: Extract<Input, { kind: 'playing' }>): void {
    const { now } = this.#context;
    if (!this.#parents.hearsPlaying || !this.#reporter.isDue(now)) return;
    const mesh = this.#mesh?.stats;
    const bytes = {
      relayBytes: mesh?.bytesFromRelay ?? this.#bytesReceived,
      peerBytes: mesh?.bytesFromPeers ?? 0,
      givenBytes: mesh?.bytesToPeers ?? 0,
    };
    this.#parents.say(this.#reporter.tell(now, this.#playedId, { ...input, ...bytes }));
  }

  #followChildren(): void {
    if (this.#context.options.role !== 'relay') return;
    const wanted = this.#wanted();
    this.#parents.follow(wanted);
    if (this.#isOnDemand) this.#parents.keepOnly(wanted);
  }

  #select(renditionId: number): void {
    if (renditionId === this.#selectedRendition) return;
    const before = this.#selectedRendition;
    this.#selectedRendition = renditionId;
    const playedBefore = this.#playedId;
    this.#playedId = this.#playedRendition();
    // The same rendition by another name: neighbours go on feeding it.
    const stripes = this.#playedId === playedBefore ? this.#mesh?.relayWants() : undefined;
    if (stripes?.stripeMask !== 0) this.#parents.subscribe({ renditionId, stripeMask: 0, ...stripes });
    this.#parents.unsubscribe(before);
    if (this.#playedId !== playedBefore) this.#restartAssembler();
    const { catalog } = this;
    if (catalog) this.#mesh?.setCatalog(catalog, this.#playedId, renditionId);
  }

  #playedRendition(): number {
    return this.#idOf(this.#selectedRendition);
  }

  /** The number of a rendition that may have been asked for as the default. */
  #idOf(renditionId: number): number {
    return renditionId === 0 ? (this.catalog?.renditions[0]?.id ?? 0) : renditionId;
  }

  #restartAssembler(): void {
    this.#chunksSkippedBefore += this.#assembler.chunksSkipped;
    this.#assembler = this.#createAssembler();
  }

  /** A later keyframe is no reason to skip what is not even due. */
  #patienceMs(): number {
    const ownMs = this.#mesh ? MESH_PATIENCE_MS + Math.max(0, this.#mesh.lagMs - PLAYOUT_LAG_MS) : 0;
    return this.#context.options.patienceMs ?? ownMs;
  }

  #createAssembler(): ChunkAssembler {
    return new ChunkAssembler(this.#patienceMs());
  }

  #updateState(): void {
    const { state, detail } = this.#currentState();
    if (state === this.#state) return;
    this.#state = state;
    this.#context.event({ kind: 'state', state, detail });
  }

  #currentState(): { state: 'live' | Absence; detail: string } {
    const { book } = this.#parents;
    if (book.isAllDistrusted(this.#context.now)) return { state: 'untrusted', detail: '' };
    if (this.catalog) return { state: this.catalog.state, detail: '' };
    const common = book.commonVerdict();
    if (common) return { state: common.verdict, detail: common.detail };
    return { state: this.#isAbsent ? 'not-started' : 'connecting', detail: '' };
  }
}
