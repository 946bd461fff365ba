/**
 * One piece down one stripe's tree, by arithmetic: viewers come in tree order, so a parent's time is known before its
 * children's, and nothing waits in a heap. Pieces are taken in order of sequence; a {@link Calendar} lets a piece that is
 * at a host before an earlier piece of another stripe use the time before that one.
 */

import { Calendar } from './calendar.js';
import type { CellHosts } from './cell-hosts.js';
import type { Draws } from './draws.js';
import type { Repair } from './repair.js';
import { ABSENT, type StripeOrder } from './stripe-order.js';

/** Bytes and messages of the time that is measured. */
export type Traffic = {
  /** Received from viewers, from the relay; each piece once. */
  fromViewersBytes: number;
  fromRelayBytes: number;
  /** Received a second time, after a repair. */
  duplicateBytes: number;
  relayEgressBytes: number;
  /** Pieces delivered, lost on the way, repaired by a viewer, by the relay, by parity, and never delivered. */
  delivered: number;
  lost: number;
  repairedByViewer: number;
  repairedByRelay: number;
  repairedByParity: number;
  missed: number;
};

/** Nothing yet. */
export const noTraffic = (): Traffic => ({
  fromViewersBytes: 0,
  fromRelayBytes: 0,
  duplicateBytes: 0,
  relayEgressBytes: 0,
  delivered: 0,
  lost: 0,
  repairedByViewer: 0,
  repairedByRelay: 0,
  repairedByParity: 0,
  missed: 0,
});

/** A piece that never comes. */
export const NEVER: number = Number.POSITIVE_INFINITY;

/** How late beyond its usual lag a piece is overdue: four deviations (RFC 6298), at least what is configured, at most this. */
export const OVERDUE_MS_MAX = 150;

/** What a new source may take until its first piece shows its lag. */
const UNKNOWN_LAG_MS = 250;

const LAG_GAIN = 1 / 8;
const DEVIATION_GAIN = 1 / 4;

/** A piece about to be delivered. */
export type PieceInFlight = {
  readonly number: number;
  readonly stripe: number;
  readonly bytes: number;
  /** When the relay has it. */
  readonly relayMs: number;
  /** When viewers play it. */
  readonly deadlineMs: number;
};

/** What the delivery of one cell works with. */
export type DeliveryOptions = {
  readonly hosts: CellHosts;
  readonly stripeCount: number;
  readonly draws: Draws;
  readonly relayBps: number;
  /** The least time beyond its usual lag after which a piece is overdue. */
  readonly overdueMsMin: number;
  /** Late pieces in a row that make a viewer leave its source. */
  readonly lateRunMax: number;
  readonly relayPathMs: (viewer: number) => number;
  readonly pathMs: (a: number, b: number) => number;
  /** Two late pieces in a row from this stripe's source. */
  readonly onLate: (viewer: number, stripe: number, atMs: number) => void;
};

/** The hosts' queues and what each viewer knows about its stripes. */
export class Delivery {
  readonly options: DeliveryOptions;
  traffic: Traffic = noTraffic();
  /** When each viewer has the piece in hand; {@link NEVER} when it will not. */
  readonly arrivals: Float64Array;
  /** By stripe and viewer: usual lag behind the relay, and its mean deviation. */
  readonly lagMs: Float64Array;
  readonly lagDeviationMs: Float64Array;
  /** Milliseconds that a byte takes through each uplink; set once a second. */
  msPerByte: Float64Array;
  readonly relayMsPerByte: number;
  /** When the relay's uplink is free. */
  relayFreeMs = 0;
  repair: Repair | undefined;
  readonly #uplinks: Calendar;
  readonly #downlinks: Calendar;
  /** When the next copy of this piece can begin to leave. */
  readonly #next: Float64Array;
  readonly #downMsPerByte: Float64Array;
  /** The relay's connections deliver in order: nothing arrives before this. */
  readonly #socketMs: Float64Array;
  readonly #lossLeft: Uint8Array;
  readonly #lateRun: Uint8Array;
  readonly #isLagKnown: Uint8Array;
  readonly #relayPaths: Float64Array;

  constructor(options: DeliveryOptions) {
    const { hosts, stripeCount } = options;
    this.options = options;
    const column = (): Float64Array => new Float64Array(hosts.count);
    this.arrivals = column();
    this.msPerByte = column();
    this.#uplinks = new Calendar(hosts.count);
    this.#downlinks = new Calendar(hosts.count);
    this.#next = column();
    this.#socketMs = column();
    this.#downMsPerByte = hosts.downBytesPerMs.map((rate) => 1 / rate);
    this.#relayPaths = column().map((_, viewer) => options.relayPathMs(viewer));
    const entries = stripeCount * hosts.count;
    this.lagMs = new Float64Array(entries);
    this.lagDeviationMs = new Float64Array(entries);
    this.#lossLeft = new Uint8Array(entries);
    this.#lateRun = new Uint8Array(entries);
    this.#isLagKnown = new Uint8Array(entries);
    this.relayMsPerByte = 8000 / options.relayBps;
  }

  /** A viewer has a new source of a stripe: its lag is unknown, so it gets the longest grace. */
  resetLag(viewer: number, stripe: number): void {
    const entry = stripe * this.options.hosts.count + viewer;
    this.lagMs[entry] = UNKNOWN_LAG_MS;
    this.lagDeviationMs[entry] = OVERDUE_MS_MAX / 4;
    this.#isLagKnown[entry] = 0;
    this.#lateRun[entry] = 0;
  }

  /** The relay sends a newcomer what the group has so far: its downlink is taken until that is in. Returns that time. */
  burst(viewer: number, nowMs: number, bytes: number): number {
    const leftMs = Math.max(nowMs, this.relayFreeMs) + bytes * this.relayMsPerByte;
    this.traffic.relayEgressBytes += bytes;
    this.traffic.fromRelayBytes += bytes;
    this.#advance(nowMs);
    const workMs = bytes * (this.#downMsPerByte[viewer] ?? 0);
    return Math.max(leftMs, this.#downlinks.book(viewer, nowMs + (this.#relayPaths[viewer] ?? 0), workMs));
  }

  /** Takes a piece down the tree. Afterwards {@link arrivals} holds for every viewer of the order when it has it. */
  deliver(piece: PieceInFlight, order: StripeOrder): void {
    const { viewers, parents, length } = order;
    const { arrivals } = this;
    const { overdueMsMin } = this.options;
    const offset = piece.stripe * this.options.hosts.count;
    if (this.relayFreeMs < piece.relayMs) this.relayFreeMs = piece.relayMs;
    this.#advance(piece.relayMs);
    for (let index = 0; index < length; index++) {
      const viewer = viewers[index] ?? 0;
      const parent = parents[index] ?? ABSENT;
      const entry = offset + viewer;
      const pushed =
        parent < 0 ? this.#fromRelay(piece, viewer, entry) : this.#fromViewer(piece, parent, viewer, entry);
      const lag = pushed - piece.relayMs;
      const margin = Math.min(OVERDUE_MS_MAX, Math.max(overdueMsMin, 4 * (this.lagDeviationMs[entry] ?? 0)));
      const overdue = (this.lagMs[entry] ?? 0) + margin;
      let arrival = pushed;
      if (lag > overdue) arrival = this.#overdue(piece, viewer, pushed, piece.relayMs + overdue);
      else {
        this.#lateRun[entry] = 0;
        this.#count(piece, parent >= 0);
      }
      if (lag < NEVER) this.#learnLag(entry, lag);
      arrivals[viewer] = arrival;
      this.#next[viewer] = arrival;
    }
  }

  /** Sends one message at `atMs` or as soon as there is room. Returns when its last byte has left. */
  leave(viewer: number, atMs: number, bytes: number): number {
    return this.#uplinks.book(viewer, atMs, bytes * (this.msPerByte[viewer] ?? 0));
  }

  /** A message's last byte would be in at `atMs` if nothing else came. Returns when it really is. */
  admit(viewer: number, atMs: number, bytes: number): number {
    const takesMs = bytes * (this.#downMsPerByte[viewer] ?? 0);
    return this.#downlinks.book(viewer, atMs - takesMs, takesMs);
  }

  #advance(nowMs: number): void {
    this.#uplinks.advance(nowMs);
    this.#downlinks.advance(nowMs);
  }

  #fromRelay(piece: PieceInFlight, viewer: number, entry: number): number {
    this.relayFreeMs += piece.bytes * this.relayMsPerByte;
    this.traffic.relayEgressBytes += piece.bytes;
    const pathMs = this.#relayPaths[viewer] ?? 0;
    let atMs = this.relayFreeMs + pathMs + this.options.draws.hopMs();
    if (this.#isLost(entry)) atMs += retransmitMs(pathMs);
    if (atMs < (this.#socketMs[viewer] ?? 0)) atMs = this.#socketMs[viewer] ?? 0;
    this.#socketMs[viewer] = atMs;
    return this.admit(viewer, atMs, piece.bytes);
  }

  #fromViewer(piece: PieceInFlight, parent: number, viewer: number, entry: number): number {
    // What cannot leave before the deadline is dropped, never queued.
    const beginMs = this.#next[parent] ?? NEVER;
    if (beginMs > piece.deadlineMs) return NEVER;
    const leftMs = this.leave(parent, beginMs, piece.bytes);
    this.#next[parent] = leftMs;
    const atMs = leftMs + this.options.pathMs(parent, viewer) + this.options.draws.hopMs();
    if (this.#isLost(entry)) {
      this.traffic.lost++;
      return NEVER;
    }
    return this.admit(viewer, atMs, piece.bytes);
  }

  #isLost(entry: number): boolean {
    const left = this.#lossLeft[entry] ?? 0;
    if (left > 0) {
      this.#lossLeft[entry] = left - 1;
      return true;
    }
    const burst = this.options.draws.burst();
    if (burst === 0) return false;
    this.#lossLeft[entry] = burst - 1;
    return true;
  }

  #learnLag(entry: number, lag: number): void {
    if (!this.#isLagKnown[entry]) {
      this.#isLagKnown[entry] = 1;
      this.lagMs[entry] = lag;
      return;
    }
    const difference = lag - (this.lagMs[entry] ?? 0);
    this.lagMs[entry] = (this.lagMs[entry] ?? 0) + LAG_GAIN * difference;
    const deviation = this.lagDeviationMs[entry] ?? 0;
    this.lagDeviationMs[entry] = deviation + DEVIATION_GAIN * (Math.abs(difference) - deviation);
  }

  #count(piece: PieceInFlight, isFromViewer: boolean): void {
    const { traffic } = this;
    traffic.delivered++;
    if (isFromViewer) traffic.fromViewersBytes += piece.bytes;
    else traffic.fromRelayBytes += piece.bytes;
  }

  /** The slow path: the viewer asks elsewhere. Whatever comes first counts; what comes second is a duplicate. */
  #overdue(piece: PieceInFlight, viewer: number, pushed: number, overdueMs: number): number {
    const { hosts, onLate } = this.options;
    const entry = piece.stripe * hosts.count + viewer;
    const run = Math.min(255, (this.#lateRun[entry] ?? 0) + 1);
    this.#lateRun[entry] = run;
    if (run === this.options.lateRunMax) onLate(viewer, piece.stripe, overdueMs);
    return this.repair ? this.repair.mend(piece, viewer, pushed, overdueMs) : pushed;
  }
}

/** Delayed acknowledgements and the reordering that a sender waits for (RFC 8985). */
const RETRANSMIT_MARGIN_MS = 30;

/** How much later a lost message of a reliable channel comes; the event simulator's figure. */
export const retransmitMs = (pathMs: number): number => 2 * pathMs + RETRANSMIT_MARGIN_MS;
