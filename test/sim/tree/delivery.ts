/**
 * One piece down one stripe's tree, by arithmetic: viewers come in tree order, so a parent's time is known before its
 * children's, and nothing waits in a heap. Pieces are taken in order of sequence; a {@link Calendar} lets a piece that is
 * at a host before an earlier piece of another stripe use the time before that one.
 */

import { RepairLimits, requestAt } from '../../../proto/src/repair/index.js';
import { Calendar } from './calendar.js';
import type { CellHosts } from './cell-hosts.js';
import type { Draws } from './draws.js';
import { Lateness } from './lateness.js';
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

/** A piece about to be delivered. */
export type PieceInFlight = {
  readonly number: number;
  readonly stripe: number;
  readonly bytes: number;
  /** When the relay has it. */
  readonly relayMs: number;
  readonly captureMs: number;
  /** When the relay has the next piece, and the next of the same stripe: by these a viewer sees that it misses this one. */
  readonly nextMs: number;
  readonly nextOfStripeMs: number;
};

/** What the delivery of one cell works with. */
export type DeliveryOptions = {
  readonly hosts: CellHosts;
  readonly stripeCount: number;
  readonly draws: Draws;
  readonly relayBps: number;
  /** By viewer: how far behind the capture it plays. */
  readonly playoutLagMs: Float64Array;
  readonly relayPathMs: (viewer: number) => number;
  readonly pathMs: (a: number, b: number) => number;
  /** This stripe's source has failed, or is too slow to leave time for a repair: the viewer leaves it. */
  readonly onFailure: (
    viewer: number,
    stripe: number,
    atMs: number,
    why: 'late' | 'silent' | 'tight',
  ) => void;
};

/** The hosts' queues and what each viewer knows about its stripes. */
export class Delivery {
  readonly options: DeliveryOptions;
  traffic: Traffic = noTraffic();
  /** When each viewer has the piece in hand; {@link NEVER} when it will not. */
  readonly arrivals: Float64Array;
  /** What viewers know of their sources. */
  readonly lateness: Lateness;
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
  /** By viewer: the last piece that it had late, so that its children were passed over. */
  readonly #lastLate: Int32Array;
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
    this.lateness = new Lateness(hosts.count, stripeCount);
    this.#lossLeft = new Uint8Array(stripeCount * hosts.count);
    this.#lastLate = new Int32Array(hosts.count).fill(-1);
    this.relayMsPerByte = 8000 / options.relayBps;
  }

  /** Who has fed the stripe so far does so no more. */
  resetSource(viewer: number, stripe: number, nowMs: number): void {
    this.lateness.reset(stripe * this.options.hosts.count + viewer, nowMs);
  }

  /** When the viewer plays the piece. */
  deadlineMs(piece: PieceInFlight, viewer: number): number {
    return piece.captureMs + (this.options.playoutLagMs[viewer] ?? 0);
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

  /** When the viewer has the piece, as far as that is computed; else when it usually would. */
  haveMs(piece: PieceInFlight, viewer: number): number {
    if (this.#lastLate[viewer] === piece.number) return this.arrivals[viewer] ?? NEVER;
    return piece.relayMs + this.lateness.lagMs(piece.stripe * this.options.hosts.count + viewer);
  }

  /** Takes a piece down the tree. Afterwards {@link arrivals} holds for every viewer of the order when it has it. */
  deliver(piece: PieceInFlight, order: StripeOrder): void {
    const { viewers, parents, length } = order;
    const { arrivals, lateness } = this;
    const offset = piece.stripe * this.options.hosts.count;
    if (this.relayFreeMs < piece.relayMs) this.relayFreeMs = piece.relayMs;
    this.#advance(piece.relayMs);
    for (let index = 0; index < length; index++) {
      const viewer = viewers[index] ?? 0;
      const parent = parents[index] ?? ABSENT;
      const entry = offset + viewer;
      const isFromRelay = parent < 0;
      const pushed = isFromRelay
        ? this.#fromRelay(piece, viewer, entry)
        : this.#fromViewer(piece, parent, viewer, entry);
      const lag = pushed - piece.relayMs;
      let arrival = pushed;
      if (lag > (lateness.limitMs[entry] ?? 0) || this.#lastLate[parent] === piece.number)
        arrival = this.#late(piece, viewer, parent, pushed);
      else {
        lateness.onTime(entry);
        this.#count(piece, !isFromRelay);
        lateness.learn(entry, lag, 0);
      }
      if (!isFromRelay && pushed <= arrival && pushed < NEVER) this.#noteSpare(piece, viewer, entry, arrival);
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
    // What cannot arrive by the deadline, as the parent knows it, is dropped, never queued.
    const beginMs = this.#next[parent] ?? NEVER;
    const pathMs = this.options.pathMs(parent, viewer);
    if (beginMs + pathMs > this.deadlineMs(piece, parent)) return NEVER;
    const leftMs = this.leave(parent, beginMs, piece.bytes);
    this.#next[parent] = leftMs;
    const atMs = leftMs + pathMs + this.options.draws.hopMs();
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

  #count(piece: PieceInFlight, isFromViewer: boolean): void {
    const { traffic } = this;
    traffic.delivered++;
    if (isFromViewer) traffic.fromViewersBytes += piece.bytes;
    else traffic.fromRelayBytes += piece.bytes;
  }

  #noteSpare(piece: PieceInFlight, viewer: number, entry: number, arrivalMs: number): void {
    if (this.lateness.isTight(entry, this.deadlineMs(piece, viewer) - arrivalMs))
      this.options.onFailure(viewer, piece.stripe, arrivalMs, 'tight');
  }

  /**
   * The slow path: the piece may be late in its viewer's eyes, which sees that it misses one when a later one comes. Then
   * it asks elsewhere. Whatever comes first counts; what comes second is a duplicate.
   */
  #late(piece: PieceInFlight, viewer: number, parent: number, pushed: number): number {
    const { lateness } = this;
    const entry = piece.stripe * this.options.hosts.count + viewer;
    const usualMs = lateness.lagMs(entry);
    const nextMs = piece.nextOfStripeMs + usualMs;
    // A source pushes in order, so what follows passes over a piece that was lost, or that the source itself lacked.
    const isPassed = pushed === NEVER || this.#lastLate[parent] === piece.number;
    const knownMs = Math.max(piece.relayMs, piece.nextMs) + lateness.shortestLagMs(viewer);
    const allowedMs = Math.max(piece.relayMs + usualMs, knownMs) + lateness.toleranceMs(entry);
    const lateMs = isPassed ? Math.min(allowedMs, nextMs + lateness.reorderMs(entry)) : allowedMs;
    const isLate = pushed > lateMs;
    if (isLate) this.#lastLate[viewer] = piece.number;
    else lateness.onTime(entry);
    const deadlineMs = this.deadlineMs(piece, viewer);
    const reserveMs = Math.max(
      RepairLimits.REPAIR_RESERVE_MS,
      2 * (this.#relayPaths[viewer] ?? 0) + RepairLimits.REPAIR_RESERVE_RTT_MS,
    );
    const askMs = Math.max(
      requestAt(knownMs, lateMs, deadlineMs, reserveMs),
      requestAt(knownMs, lateness.holdUntilMs(entry), deadlineMs, reserveMs),
    );
    if (isLate && parent >= 0) this.#noteLate(piece, viewer, parent, { pushed, lateMs, askMs });
    if (pushed < NEVER)
      lateness.learn(entry, pushed - piece.relayMs, isPassed ? Math.max(0, pushed - nextMs) : 0);
    if (pushed > askMs && this.repair) return this.repair.mend(piece, viewer, pushed, askMs);
    if (pushed < NEVER) this.#count(piece, parent >= 0);
    else this.traffic.missed++;
    return pushed;
  }

  /** Whoever owes a piece that others are asked for is asked whether it is there: it has failed, or the piece was lost. */
  #noteLate(
    piece: PieceInFlight,
    viewer: number,
    parent: number,
    when: { pushed: number; lateMs: number; askMs: number },
  ): void {
    const { draws, pathMs, onFailure } = this.options;
    const entry = piece.stripe * this.options.hosts.count + viewer;
    const left = this.#lossLeft[entry] ?? 0;
    if (left > 0) this.#lossLeft[entry] = left - 1;
    const pongMs = left > 0 ? NEVER : when.askMs + 2 * pathMs(parent, viewer) + draws.hopMs();
    const heardMs = Math.min(when.pushed, pongMs);
    const why = this.lateness.late(entry, { captureMs: piece.captureMs, lateMs: when.lateMs, heardMs });
    if (why) onFailure(viewer, piece.stripe, when.lateMs, why);
  }
}

/** Delayed acknowledgements and the reordering that a sender waits for (RFC 8985). */
const RETRANSMIT_MARGIN_MS = 30;

/** How much later a lost message of a reliable channel comes; the event simulator's figure. */
export const retransmitMs = (pathMs: number): number => 2 * pathMs + RETRANSMIT_MARGIN_MS;
