/** The relay's side of the mesh: who is in the cell, what each can carry, who feeds whom, who calls whom. */

import type { Catalog } from '../catalog.js';
import { BITRATE_DEFAULT, PLAN_LINKS_MAX, PROBE_BYTES } from '../limits.js';
import { CellPlanner, type PeerId, type PlanLink, RELAY, type ReportKind } from '../plan/index.js';
import { RepairBudget } from '../repair/index.js';
import type { MonoMs } from '../time.js';
import { type ControlMessage, encodeControl } from '../wire/control.js';
import type { MeshMessage } from '../wire/mesh-messages.js';
import type { CellOptions, SessionContext } from './context.js';
import type { CellStats, LinkId } from './io.js';
import { UplinkProof } from './uplink-proof.js';
import type { PieceWindow } from './window.js';

/** Of the relay's uplink, what repairs are reckoned from, in bits per second. */
const REPAIR_UPLINK_BPS = 1_000_000_000;

/** What follows for the child that a message came from. */
export type CellVerdict = 'ok' | 'violated' | 'flood';

type Share = Extract<MeshMessage, { kind: 'share' }>;

type Member = {
  readonly link: LinkId;
  readonly peer: PeerId;
  readonly secret: number;
  readonly network: string;
  proof: UplinkProof;
  share: Share;
  /** The rendition whose trees it is in; 0 while it is in none. */
  renditionId: number;
  /** Whom it may signal. */
  readonly neighbours: Set<PeerId>;
};

/** See {@link CellSide.placeOf}. */
export type CellPlace = {
  /** Of the stripe in which it is nearest to the relay: 1 when that feeds it. */
  readonly depth: number;
  readonly parents: readonly (LinkId | undefined)[];
  readonly uplinkBps: number;
};

/** Makes a relay's side of the mesh; see {@link createCell}. */
export type CreateCell = (
  context: SessionContext,
  options: CellOptions,
  window: (renditionId: number) => PieceWindow | undefined,
) => CellSide;

/** Plans the trees of a relay's viewers, rendition by rendition, and carries their signals. */
export class CellSide {
  readonly #context: SessionContext;
  readonly #options: CellOptions;
  readonly #window: (renditionId: number) => PieceWindow | undefined;
  readonly #members = new Map<LinkId, Member>();
  readonly #byPeer = new Map<PeerId, Member>();
  readonly #networks = new Map<LinkId, string>();
  /** Viewers whose share was refused; what they say of the mesh is not heard. */
  readonly #strangers = new Set<LinkId>();
  readonly #planners = new Map<number, CellPlanner>();
  /** Members whose uplink is being measured, oldest first. */
  readonly #probing = new Set<Member>();
  readonly #budget = new RepairBudget({ uplinkBps: REPAIR_UPLINK_BPS });
  #catalog: Catalog | undefined;
  #isPlanning = false;
  #planMessages = 0;
  #signalsForwarded = 0;
  #repairsServed = 0;
  readonly #reports: Record<ReportKind, number> = {
    unreachable: 0,
    silent: 0,
    late: 0,
    forged: 0,
    overloaded: 0,
  };

  constructor(
    context: SessionContext,
    options: CellOptions,
    window: (renditionId: number) => PieceWindow | undefined,
  ) {
    this.#context = context;
    this.#options = options;
    this.#window = window;
  }

  /** The planner of a rendition's trees, for metrics and simulation. */
  planner(renditionId: number): CellPlanner | undefined {
    return this.#planners.get(renditionId);
  }

  /**
   * Where a viewer stands in the trees, and what its uplink is worth: for each stripe the link of who feeds it, `undefined`
   * for the relay. `undefined` for a viewer that the relay feeds alone.
   */
  placeOf(link: LinkId, stripes: number): CellPlace | undefined {
    const member = this.#members.get(link);
    if (!member) return undefined;
    const planner = this.#planners.get(member.renditionId);
    const parents: (LinkId | undefined)[] = [];
    let depth = Number.POSITIVE_INFINITY;
    for (let stripe = 0; stripe < stripes; stripe++) {
      const parent = planner?.parentOf(member.peer, stripe) ?? RELAY;
      parents.push(this.#byPeer.get(parent)?.link);
      depth = Math.min(depth, planner?.depthOf(member.peer, stripe) ?? 1);
    }
    return { depth, parents, uplinkBps: member.proof.provenBps };
  }

  /** Counters for metrics. */
  get stats(): CellStats {
    let guestFeeds = 0;
    for (const planner of this.#planners.values()) guestFeeds += planner.guests;
    return {
      viewerCount: this.#members.size,
      guestFeeds,
      planMessages: this.#planMessages,
      signalsForwarded: this.#signalsForwarded,
      repairsServed: this.#repairsServed,
      reports: { ...this.#reports },
    };
  }

  /** A child's link comes from this network. */
  setNetwork(link: LinkId, network: string): void {
    this.#networks.set(link, network);
  }

  /** A catalog came into force: where stripes or renditions changed, the trees begin anew. */
  setCatalog(catalog: Catalog): void {
    const stripesBefore = this.#catalog?.stripeCount;
    this.#catalog = catalog;
    const ids = new Set(catalog.renditions.map(({ id }) => id));
    for (const id of this.#planners.keys())
      if (catalog.stripeCount !== stripesBefore || !ids.has(id)) this.#planners.delete(id);
    const lasting = new Set(this.#planners.keys());
    for (const member of this.#members.values()) {
      if (lasting.has(member.renditionId)) continue;
      member.renditionId = 0;
      member.neighbours.clear();
      this.#enter(member);
    }
    this.#tell();
  }

  /** Takes a message of the mesh from a child that is a viewer. */
  handle(link: LinkId, message: ControlMessage): CellVerdict {
    const verdict = this.#take(link, message);
    this.#tell();
    return verdict;
  }

  /** The child is gone. */
  leave(link: LinkId): void {
    this.#networks.delete(link);
    this.#strangers.delete(link);
    this.#budget.forget(link);
    const member = this.#members.get(link);
    if (!member) return;
    this.#remove(member);
    this.#tell();
  }

  /** Ends measurements and improves the plans. */
  handleTimeout(): void {
    const { now } = this.#context;
    for (const member of this.#probing) {
      if (!member.proof.isOver(now)) break;
      this.#conclude(member);
    }
    for (const planner of this.#planners.values()) planner.tick(now);
    this.#tell();
  }

  /** When {@link handleTimeout} has something to do. */
  nextTimeout(): MonoMs | undefined {
    const [probing] = this.#probing;
    let earliest = probing?.proof.deadline;
    for (const planner of this.#planners.values()) {
      const due = planner.nextTimeout();
      if (due !== undefined && (earliest === undefined || due < earliest)) earliest = due;
    }
    return earliest;
  }

  #take(link: LinkId, message: ControlMessage): CellVerdict {
    if (message.kind === 'share') return this.#share(link, message);
    if (message.kind === 'request') return this.#serve(link, message.renditionId, message.sequences);
    const member = this.#members.get(link);
    if (!member) return this.#strangers.has(link) ? 'ok' : 'violated';
    const { now } = this.#context;
    const planner = this.#planners.get(member.renditionId);
    switch (message.kind) {
      case 'probe':
        if (!member.proof.receive(now, message.padding.length)) return 'violated';
        if (member.proof.isOver(now)) this.#conclude(member);
        return 'ok';
      case 'signal':
        this.#forward(member, message.peer, message.body);
        return 'ok';
      case 'report':
        this.#reports[message.why]++;
        planner?.report(now, member.peer, message.peer, message.why);
        return 'ok';
      case 'moved':
        if (message.stripe >= (this.#catalog?.stripeCount ?? 0)) return 'violated';
        planner?.moved(now, member.peer, message.stripe, message.parent);
        return 'ok';
      default:
        return 'violated';
    }
  }

  #share(link: LinkId, share: Share): CellVerdict {
    const existing = this.#members.get(link);
    if (existing) {
      if (existing.peer !== share.peer) return 'violated';
      const hasOffered = existing.proof.isAsked;
      existing.share = share;
      existing.proof.announce(this.#context.now, share.uplinkBps, this.#usedBps(existing));
      if (!hasOffered) this.#probe(existing);
      this.#enter(existing);
      return 'ok';
    }
    const other = this.#byPeer.get(share.peer);
    // A number that is another's already: whoever of the two owns it, this one stays outside and is fed by the relay.
    if (other && other.secret !== share.secret) {
      this.#context.refuse(link, 'impostor');
      this.#strangers.add(link);
      return 'ok';
    }
    // The viewer's earlier link is half open: this one counts.
    if (other) this.#remove(other);
    const member: Member = {
      link,
      peer: share.peer,
      secret: share.secret,
      network: this.#networks.get(link) ?? '',
      proof: new UplinkProof(this.#context.now, 0, 0),
      share,
      renditionId: 0,
      neighbours: new Set(),
    };
    this.#members.set(link, member);
    this.#byPeer.set(member.peer, member);
    this.#probe(member);
    this.#enter(member);
    return 'ok';
  }

  /** What a member is planned to carry for others, in bits per second. */
  #usedBps({ renditionId, peer }: Member): number {
    const bitrate =
      this.#catalog?.renditions.find(({ id }) => id === renditionId)?.bitrate || BITRATE_DEFAULT;
    const used = this.#planners.get(renditionId)?.loadOf(peer)?.used ?? 0;
    return (used * bitrate) / (this.#catalog?.stripeCount ?? 1);
  }

  /** Has the uplink measured that a member offers; one that offers none is asked when it does. */
  #probe(member: Member): void {
    const { uplinkBps } = member.share;
    if (uplinkBps === 0) return;
    member.proof = new UplinkProof(this.#context.now, uplinkBps, PROBE_BYTES);
    this.#probing.add(member);
    this.#say(member.link, { kind: 'probe', bytes: PROBE_BYTES, padding: new Uint8Array() });
  }

  /** Puts a member into the trees of its rendition, or tells them what it can carry now. */
  #enter(member: Member): void {
    const catalog = this.#catalog;
    if (!catalog || !this.#mustPlan()) return;
    const renditionId = member.share.renditionId || (catalog.renditions[0]?.id ?? 0);
    const { now } = this.#context;
    if (member.renditionId !== 0 && member.renditionId !== renditionId) {
      this.#planners.get(member.renditionId)?.leave(now, member.peer);
      member.renditionId = 0;
      member.neighbours.clear();
    }
    const planner = this.#plannerOf(renditionId, catalog);
    if (!planner) return;
    const { linksMax, rttMs, kept } = member.share;
    const profile = { uplinkBps: member.proof.provenBps, linksMax, rttMs, network: member.network };
    if (member.renditionId === renditionId) return planner.update(now, member.peer, profile);
    member.renditionId = renditionId;
    planner.join(now, member.peer, profile, kept);
  }

  /**
   * An audience of no more than the relay feeds anyway stays with the relay, a tenth of a second behind the source. Once
   * it was larger it stays planned: neither way of being fed is left for one viewer's coming and going.
   */
  #mustPlan(): boolean {
    const { headsMax, directMax = headsMax } = this.#options;
    if (this.#isPlanning || this.#members.size <= directMax) return this.#isPlanning;
    this.#isPlanning = true;
    for (const member of this.#members.values()) this.#enter(member);
    return true;
  }

  #plannerOf(renditionId: number, catalog: Catalog): CellPlanner | undefined {
    const known = this.#planners.get(renditionId);
    const rendition = catalog.renditions.find(({ id }) => id === renditionId);
    if (known || !rendition) return known;
    const { stripeCount } = catalog;
    const planner = new CellPlanner({
      stripeCount,
      stripeBps: (rendition.bitrate || BITRATE_DEFAULT) / stripeCount,
      headsMax: this.#options.headsMax,
      prng: this.#context.options.prng.fork(`plan ${renditionId}`),
    });
    this.#planners.set(renditionId, planner);
    return planner;
  }

  #conclude(member: Member): void {
    member.proof.conclude();
    this.#probing.delete(member);
    this.#enter(member);
    const uplinkBps = Math.round(member.proof.provenBps);
    this.#say(member.link, { kind: 'plan', links: [], stunPort: this.#options.stunPort, uplinkBps });
  }

  #remove(member: Member): void {
    this.#probing.delete(member);
    this.#members.delete(member.link);
    if (this.#byPeer.get(member.peer) === member) this.#byPeer.delete(member.peer);
    this.#planners.get(member.renditionId)?.leave(this.#context.now, member.peer);
  }

  /** A signal to somebody who is no neighbour any more is dropped: the plan has changed on its way. */
  #forward(from: Member, peer: PeerId, body: Uint8Array): void {
    const target = this.#byPeer.get(peer);
    if (!target || !from.neighbours.has(peer)) return;
    this.#signalsForwarded++;
    this.#say(target.link, { kind: 'signal', peer: from.peer, body });
  }

  #serve(link: LinkId, askedId: number, sequences: readonly number[]): CellVerdict {
    const renditionId = askedId || (this.#catalog?.renditions[0]?.id ?? 0);
    const window = this.#window(renditionId);
    const missing: number[] = [];
    for (const sequence of sequences) {
      const piece = window?.get(sequence);
      if (!piece) {
        missing.push(sequence);
        continue;
      }
      if (!this.#budget.allow(this.#context.now, link, piece.message.length)) {
        if (this.#budget.isFlood(link)) return 'flood';
        continue;
      }
      this.#repairsServed++;
      this.#context.emit({ kind: 'transmit', link, bytes: piece.message });
    }
    if (missing.length > 0) this.#say(link, { kind: 'missing', renditionId: askedId, sequences: missing });
    return 'ok';
  }

  /** Tells viewers what changed for them. */
  #tell(): void {
    for (const planner of this.#planners.values())
      for (let change = planner.poll(); change; change = planner.poll()) {
        const member = this.#byPeer.get(change.peer);
        if (!member) continue;
        for (const link of change.links) noteNeighbour(member, link);
        for (let start = 0; start < change.links.length; start += PLAN_LINKS_MAX) {
          const links = change.links.slice(start, start + PLAN_LINKS_MAX);
          this.#planMessages++;
          const uplinkBps = Math.round(member.proof.provenBps);
          this.#say(member.link, { kind: 'plan', links, stunPort: this.#options.stunPort, uplinkBps });
        }
      }
  }

  #say(link: LinkId, message: ControlMessage): void {
    this.#context.emit({ kind: 'transmit', link, bytes: encodeControl(message) });
  }
}

function noteNeighbour(member: Member, link: PlanLink): void {
  if (link.peer === RELAY) return;
  const isNeighbour = (link.parentMask | link.childMask | link.standbyMask) !== 0;
  if (isNeighbour) member.neighbours.add(link.peer);
  else member.neighbours.delete(link.peer);
}

/** For a relay's session options. */
export const createCell: CreateCell = (context, options, window) => new CellSide(context, options, window);
