/**
 * Who really feeds whom in a cell at each moment: the planner's wishes, delayed by what it takes to open channels.
 * Make before break: the old source of a stripe goes on until the new one delivers. A wish that would close a
 * circle with an old source waits until that source has moved, and the relay feeds the stripe meanwhile.
 */

import { Limits, type MonoMs, monoMs, Prng } from '@freshet/proto';
import { ICE_FAILED_MS } from '../peer-connections.js';
import { REGION_DELAYS_MS, RELAY_ACCESS_MS } from '../population.js';
import { Agenda } from './agenda.js';
import type { CellHosts } from './cell-hosts.js';
import { type CellPlan, type PlannedLink, type PlanProfile, RELAY } from './cell-plan.js';
import { ABSENT } from './stripe-order.js';

const SETUP_ROUND_TRIPS_MIN = 2;
const SETUP_ROUND_TRIPS_MAX = 4;
/** TCP, WebSocket and hello, in round trips, until the relay begins to send. */
const JOIN_ROUND_TRIPS = 3;
/** How often a wish that would close a circle is looked at again. */
const CIRCLE_RETRY_MS = 50;
/** A planner that wants to be called at once, for ever, is called this often. */
const TICK_MS_MIN = 1;

type Event =
  | { readonly kind: 'join' | 'proven'; readonly viewer: number }
  | { readonly kind: 'switch'; readonly viewer: number; readonly stripe: number; readonly parent: number }
  | { readonly kind: 'unreachable'; readonly reporter: number; readonly accused: number }
  | {
      readonly kind: 'failed';
      readonly viewer: number;
      readonly stripe: number;
      readonly parent: number;
      readonly why: SourceFailure;
    };

/** Why a viewer leaves a source: late pieces, silence, or pieces that leave no time for a repair. */
export type SourceFailure = 'late' | 'silent' | 'tight';

type WiringCounters = {
  changes: number;
  switches: number;
  circles: number;
  unreachable: number;
  opened: number;
  plans: number;
};

/** What a wiring is made of. */
export type WiringOptions = {
  readonly hosts: CellHosts;
  readonly plan: CellPlan;
  readonly stripeCount: number;
  readonly seed: string;
  /** Most neighbours that a viewer may feed. */
  readonly linksMax: number;
  /** Bits per second that the viewer's uplink is known to carry once it is measured; 0 when it gives nothing. */
  readonly provenBps: (viewer: number) => number;
  /** The relay has taken a viewer in and begins to send. */
  readonly onJoined: (viewer: number, nowMs: number) => void;
  /** The stripe comes from somebody else from now on. */
  readonly onNewSource: (viewer: number, stripe: number, nowMs: number) => void;
};

/** The wiring of one cell. */
export class Wiring {
  /** By stripe and viewer: the peer that feeds it, {@link ABSENT} before it is there. */
  readonly sources: Int32Array;
  /** By stripe: the order has to be made anew. */
  readonly isDirty: Uint8Array;
  /**
   * Changes of source, switches by viewers themselves, wishes that had to wait, pairs that could not connect and that
   * could, messages of the planner.
   */
  readonly counters: WiringCounters = {
    changes: 0,
    switches: 0,
    circles: 0,
    unreachable: 0,
    opened: 0,
    plans: 0,
  };
  readonly #options: WiringOptions;
  readonly #prng: Prng;
  readonly #agenda = new Agenda<Event>();
  readonly #wishes: Int32Array;
  /** By pair: when its channel is open, infinity when it never will be. */
  readonly #openMs = new Map<number, number>();
  /** By viewer: stripes for which a neighbour may stand in. */
  readonly #standbys: Map<number, number>[];
  /** By viewer: until when a neighbour that failed in a stripe is not asked for it. */
  readonly #failures: Map<number, number>[];
  /** By viewer: its uplink is measured. */
  readonly #isProven: Uint8Array;
  #lastTickMs = Number.NEGATIVE_INFINITY;

  constructor(options: WiringOptions) {
    const { hosts, stripeCount } = options;
    this.#options = options;
    this.#prng = new Prng(options.seed).fork('wiring');
    this.sources = new Int32Array(stripeCount * hosts.count).fill(ABSENT);
    this.#wishes = new Int32Array(stripeCount * hosts.count).fill(RELAY);
    this.isDirty = new Uint8Array(stripeCount).fill(1);
    this.#standbys = Array.from({ length: hosts.count }, () => new Map());
    this.#failures = Array.from({ length: hosts.count }, () => new Map());
    this.#isProven = new Uint8Array(hosts.count);
    for (let viewer = 0; viewer < hosts.count; viewer++) {
      const asksMs = hosts.joinMs[viewer] ?? 0;
      this.#agenda.add(asksMs + JOIN_ROUND_TRIPS * 2 * this.relayPathMs(viewer), { kind: 'join', viewer });
    }
  }

  /** One-way delay between relay and viewer. The relay lies in the core of region 0. */
  relayPathMs(viewer: number): number {
    const { accessMs, region } = this.#options.hosts;
    return RELAY_ACCESS_MS + (accessMs[viewer] ?? 0) + (REGION_DELAYS_MS[0]?.[region[viewer] ?? 0] ?? 0);
  }

  /** One-way delay between two viewers. */
  pathMs(a: number, b: number): number {
    const { accessMs, region } = this.#options.hosts;
    const between = REGION_DELAYS_MS[region[a] ?? 0]?.[region[b] ?? 0] ?? 0;
    return (accessMs[a] ?? 0) + (accessMs[b] ?? 0) + between;
  }

  /** Does everything that is due up to `untilMs`. */
  advance(untilMs: number): void {
    for (;;) {
      const wantedMs = this.#options.plan.nextTimeout() ?? Number.POSITIVE_INFINITY;
      const tickMs = Math.max(wantedMs, this.#lastTickMs + TICK_MS_MIN);
      const { nextMs } = this.#agenda;
      if (Math.min(tickMs, nextMs) > untilMs) return;
      if (tickMs <= nextMs) {
        this.#lastTickMs = tickMs;
        this.#options.plan.tick(monoMs(tickMs));
        this.#drain(monoMs(tickMs));
        continue;
      }
      const due = this.#agenda.take();
      if (due) this.#act(monoMs(due.atMs), due.what);
    }
  }

  /** The stripe's source has failed: the viewer will leave it. */
  leaveSource(viewer: number, stripe: number, atMs: number, why: SourceFailure): void {
    const parent = this.sources[stripe * this.#options.hosts.count + viewer] ?? RELAY;
    if (parent > RELAY) this.#agenda.add(atMs, { kind: 'failed', viewer, stripe, parent, why });
  }

  /** Calls `take` with every neighbour that may stand in for the stripe and has a channel that is open. */
  eachStandby(viewer: number, stripe: number, nowMs: number, take: (peer: number) => void): void {
    for (const [peer, mask] of this.#standbys[viewer] ?? [])
      if ((mask & (1 << stripe)) !== 0 && this.#openedMs(viewer, peer) <= nowMs) take(peer);
  }

  /** Whether `ancestor` feeds `viewer` in this stripe, over any number of hops. */
  isAbove(stripe: number, ancestor: number, viewer: number): boolean {
    const { count } = this.#options.hosts;
    let peer = this.sources[stripe * count + viewer] ?? ABSENT;
    for (let hops = 0; peer > RELAY && hops <= count; hops++) {
      if (peer === ancestor + 1) return true;
      peer = this.sources[stripe * count + peer - 1] ?? ABSENT;
    }
    return false;
  }

  #act(now: MonoMs, event: Event): void {
    const { plan } = this.#options;
    switch (event.kind) {
      case 'join':
        this.#join(now, event.viewer);
        break;
      case 'switch':
        this.#switch(now, event.viewer, event.stripe, event.parent);
        break;
      case 'unreachable':
        this.counters.unreachable++;
        plan.report(now, event.reporter, event.accused, 'unreachable');
        break;
      case 'proven':
        this.#isProven[event.viewer] = 1;
        plan.update(now, event.viewer + 1, this.#profileOf(event.viewer));
        break;
      case 'failed':
        this.#leave(now, event);
    }
    this.#drain(now);
  }

  #join(now: MonoMs, viewer: number): void {
    const { stripeCount, plan, provenBps, onJoined } = this.#options;
    for (let stripe = 0; stripe < stripeCount; stripe++) this.#setSource(now, viewer, stripe, RELAY);
    onJoined(viewer, now);
    plan.join(now, viewer + 1, this.#profileOf(viewer));
    const uplinkBps = provenBps(viewer);
    if (uplinkBps === 0) return;
    const probeMs = Math.min(Limits.PROBE_MS_MAX, (Limits.PROBE_BYTES * 8000) / uplinkBps);
    this.#agenda.add(now + 2 * this.relayPathMs(viewer) + probeMs, { kind: 'proven', viewer });
  }

  /** The viewer has measured its uplink anew and told the relay. */
  updateUplink(nowMs: number, viewer: number): void {
    if (!this.#isProven[viewer]) return;
    const now = monoMs(nowMs);
    this.#options.plan.update(now, viewer + 1, this.#profileOf(viewer));
    this.#drain(now);
  }

  #profileOf(viewer: number): PlanProfile {
    return {
      uplinkBps: this.#isProven[viewer] ? this.#options.provenBps(viewer) : 0,
      linksMax: this.#options.linksMax,
      rttMs: 2 * this.relayPathMs(viewer),
      network: `${this.#options.hosts.region[viewer]}.${viewer % NETWORKS}`,
    };
  }

  #drain(now: MonoMs): void {
    for (let told = this.#options.plan.poll(); told; told = this.#options.plan.poll()) {
      this.counters.plans++;
      for (const link of told.links) this.#take(now, told.peer - 1, link);
    }
  }

  /** A viewer hears of a neighbour. */
  #take(now: MonoMs, viewer: number, link: PlannedLink): void {
    const { hosts, stripeCount } = this.#options;
    const knownMs = now + this.relayPathMs(viewer);
    if (link.peer !== RELAY) this.#takePair(now, viewer, link);
    for (let stripe = 0; stripe < stripeCount; stripe++) {
      const entry = stripe * hosts.count + viewer;
      const isWished = (link.parentMask & (1 << stripe)) !== 0;
      if (isWished && this.#wishes[entry] !== link.peer) {
        this.#wishes[entry] = link.peer;
        this.#awaitSource(knownMs, viewer, stripe, link.peer);
      } else if (!isWished && link.peer !== RELAY && this.#wishes[entry] === link.peer) {
        // Nobody else was named yet: the relay feeds it, unless this same message names another.
        this.#wishes[entry] = RELAY;
        this.#agenda.add(knownMs, { kind: 'switch', viewer, stripe, parent: RELAY });
      }
    }
  }

  #takePair(now: MonoMs, viewer: number, link: PlannedLink): void {
    const pair = this.#pairOf(viewer, link.peer - 1);
    if ((link.parentMask | link.childMask | link.standbyMask) === 0) {
      this.#openMs.delete(pair);
      this.#standbys[viewer]?.delete(link.peer);
      return;
    }
    this.#standbys[viewer]?.set(link.peer, link.standbyMask);
    if (!this.#openMs.has(pair)) this.#openMs.set(pair, this.#open(now, viewer, link.peer - 1));
  }

  /** Opens a channel: both hear of it, offer and answer go through the relay, then the channel's own round trips. */
  #open(now: number, a: number, b: number): number {
    const { isBehindNat } = this.#options.hosts;
    const aMs = this.relayPathMs(a);
    const bMs = this.relayPathMs(b);
    const spread = SETUP_ROUND_TRIPS_MAX - SETUP_ROUND_TRIPS_MIN;
    const roundTrips = SETUP_ROUND_TRIPS_MIN + spread * this.#prng.next();
    if (isBehindNat[a] && isBehindNat[b]) {
      const atMs = now + Math.max(aMs, bMs) + ICE_FAILED_MS;
      this.#agenda.add(atMs, { kind: 'unreachable', reporter: a + 1, accused: b + 1 });
      return Number.POSITIVE_INFINITY;
    }
    this.counters.opened++;
    const signalledMs = now + Math.max(aMs, bMs) + 2 * (aMs + bMs);
    return signalledMs + roundTrips * 2 * this.pathMs(a, b);
  }

  /** The child subscribes as soon as it knows and the channel is open; the first piece follows. */
  #awaitSource(knownMs: number, viewer: number, stripe: number, parent: number): void {
    if (parent === RELAY) {
      this.#agenda.add(knownMs, { kind: 'switch', viewer, stripe, parent });
      return;
    }
    const openMs = this.#openMs.get(this.#pairOf(viewer, parent - 1)) ?? knownMs;
    if (openMs === Number.POSITIVE_INFINITY) {
      this.#agenda.add(knownMs, { kind: 'switch', viewer, stripe, parent: RELAY });
      return;
    }
    const atMs = Math.max(knownMs, openMs) + this.pathMs(viewer, parent - 1);
    this.#agenda.add(atMs, { kind: 'switch', viewer, stripe, parent });
  }

  #switch(now: MonoMs, viewer: number, stripe: number, parent: number): void {
    const entry = stripe * this.#options.hosts.count + viewer;
    if (parent === RELAY) {
      // The relay takes over from a parent that the planner took away; a new parent may be on its way.
      const wish = this.#wishes[entry] ?? RELAY;
      if (wish === RELAY) this.#setSource(now, viewer, stripe, RELAY);
      else if (this.#isNever(viewer, wish)) this.#setSource(now, viewer, stripe, RELAY);
      return;
    }
    if (this.#wishes[entry] !== parent || this.sources[entry] === parent) return;
    if (this.isAbove(stripe, viewer, parent - 1)) {
      this.counters.circles++;
      this.#setSource(now, viewer, stripe, RELAY);
      this.#agenda.add(now + CIRCLE_RETRY_MS, { kind: 'switch', viewer, stripe, parent });
      return;
    }
    this.#setSource(now, viewer, stripe, parent);
  }

  #isNever(viewer: number, peer: number): boolean {
    return this.#openMs.get(this.#pairOf(viewer, peer - 1)) === Number.POSITIVE_INFINITY;
  }

  #openedMs(viewer: number, peer: number): number {
    return this.#openMs.get(this.#pairOf(viewer, peer - 1)) ?? Number.POSITIVE_INFINITY;
  }

  /**
   * Takes the stripe from the nearest standby with an open channel, else from the relay, and tells the planner. A source
   * that is only slow is left for the relay at once, and not complained of.
   */
  #leave(now: MonoMs, { viewer, stripe, parent, why }: Extract<Event, { kind: 'failed' }>): void {
    const { hosts, stripeCount, plan } = this.#options;
    const entry = stripe * hosts.count + viewer;
    if (this.sources[entry] !== parent || this.#wishes[entry] !== parent) return;
    const failures = this.#failures[viewer];
    failures?.set(parent * stripeCount + stripe, now + Limits.NEIGHBOUR_FAILED_MS);
    let standby = RELAY;
    let bestMs = Number.POSITIVE_INFINITY;
    const consider = (peer: number): void => {
      const pathMs = this.pathMs(viewer, peer - 1);
      if (peer === parent || pathMs >= bestMs || this.isAbove(stripe, viewer, peer - 1)) return;
      if ((failures?.get(peer * stripeCount + stripe) ?? 0) > now) return;
      standby = peer;
      bestMs = pathMs;
    };
    if (why !== 'tight') this.eachStandby(viewer, stripe, now, consider);
    this.counters.switches++;
    this.#wishes[entry] = standby;
    const pathMs = standby === RELAY ? this.relayPathMs(viewer) : bestMs;
    this.#agenda.add(now + 2 * pathMs, { kind: 'switch', viewer, stripe, parent: standby });
    if (why !== 'tight') plan.report(now, viewer + 1, parent, why);
    plan.moved(now, viewer + 1, stripe, standby);
  }

  #setSource(now: number, viewer: number, stripe: number, source: number): void {
    const entry = stripe * this.#options.hosts.count + viewer;
    if (this.sources[entry] === source) return;
    this.sources[entry] = source;
    this.isDirty[stripe] = 1;
    this.counters.changes++;
    this.#options.onNewSource(viewer, stripe, now);
  }

  #pairOf(a: number, b: number): number {
    return Math.min(a, b) * this.#options.hosts.count + Math.max(a, b);
  }
}

/** Hosts are spread over this many networks of each region. */
const NETWORKS = 64;
