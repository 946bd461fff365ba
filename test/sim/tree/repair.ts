/** How an overdue piece is had after all: by parity, from a second neighbour, from the relay. */

import { RepairLimits } from '../../../proto/src/repair/index.js';
import { RELAY } from './cell-plan.js';
import { type Delivery, NEVER, type PieceInFlight, retransmitMs } from './delivery.js';
import type { Schedule } from './schedule.js';
import type { Wiring } from './wiring.js';

const { REPAIR_MARGIN_MS } = RepairLimits;

/** What repair works with. */
export type RepairOptions = {
  readonly delivery: Delivery;
  readonly wiring: Wiring;
  readonly schedule: Schedule;
  /** When the relay has each piece. */
  readonly relayMs: Float64Array;
  /** Asks two neighbours at once. */
  readonly isHedged: boolean;
};

/**
 * Mends single pieces. What other neighbours hold is judged by their usual lag unless they are known to be late with this
 * piece, since their own time of it may not be computed yet; a neighbour below the asker is not asked.
 */
export class Repair {
  readonly #options: RepairOptions;
  /** The askable neighbours of one request, nearest first, as viewers. */
  readonly #candidates: number[] = [];
  /** The neighbour asked last has said that it lacks the piece. */
  #hasAnswered = false;

  constructor(options: RepairOptions) {
    this.#options = options;
  }

  /** When the viewer has the piece: `pushed` if that comes first, {@link NEVER} if it is given up. */
  mend(piece: PieceInFlight, viewer: number, pushed: number, askMs: number): number {
    const { hosts } = this.#options.delivery.options;
    const source = this.#options.wiring.sources[piece.stripe * hosts.count + viewer] ?? RELAY;
    const { delivery, schedule } = this.#options;
    const { traffic } = delivery;
    const parityMs = schedule.hasParity ? this.#byParity(piece, viewer) : NEVER;
    if (parityMs <= askMs && parityMs <= pushed) {
      traffic.repairedByParity++;
      return this.#settle(piece, parityMs, pushed, 'parity');
    }
    this.#gather(piece.stripe, viewer, askMs);
    const asked = this.#ask(piece, viewer, askMs);
    if (parityMs < Math.min(asked.atMs, pushed)) {
      traffic.repairedByParity++;
      this.#waste(piece, asked.atMs);
      return this.#settle(piece, parityMs, pushed, 'parity');
    }
    if (asked.atMs === NEVER && pushed === NEVER) {
      traffic.missed++;
      return NEVER;
    }
    if (pushed <= asked.atMs) {
      this.#waste(piece, asked.atMs);
      return this.#settle(piece, pushed, NEVER, source === RELAY ? 'relay' : 'viewer');
    }
    if (asked.isByRelay) traffic.repairedByRelay++;
    else traffic.repairedByViewer++;
    return this.#settle(piece, asked.atMs, pushed, asked.isByRelay ? 'relay' : 'viewer');
  }

  /** Books the delivery: the piece that counted, and the push that came in vain. */
  #settle(piece: PieceInFlight, atMs: number, pushed: number, by: 'parity' | 'relay' | 'viewer'): number {
    const { traffic } = this.#options.delivery;
    traffic.delivered++;
    if (by === 'relay') traffic.fromRelayBytes += piece.bytes;
    else if (by !== 'parity') traffic.fromViewersBytes += piece.bytes;
    this.#waste(piece, pushed);
    return atMs;
  }

  #waste(piece: PieceInFlight, atMs: number): void {
    if (atMs < NEVER) this.#options.delivery.traffic.duplicateBytes += piece.bytes;
  }

  /** The rest of the row at its usual lags; a row with a second loss is of no use. */
  #byParity(piece: PieceInFlight, viewer: number): number {
    const { delivery, schedule, relayMs } = this.#options;
    const { hosts, draws } = delivery.options;
    const first = piece.number - piece.stripe;
    let atMs = 0;
    for (let stripe = 0; stripe < schedule.stripeCount; stripe++) {
      if (stripe === piece.stripe) continue;
      const number = first + stripe;
      if (number >= schedule.pieceCount || draws.isLost()) return NEVER;
      atMs = Math.max(
        atMs,
        (relayMs[number] ?? NEVER) + delivery.lateness.lagMs(stripe * hosts.count + viewer),
      );
    }
    return atMs;
  }

  /** Neighbours that may be asked for this stripe, nearest first; not those that get it through the asker, or owe it. */
  #gather(stripe: number, viewer: number, nowMs: number): void {
    const { delivery, wiring } = this.#options;
    const { hosts, stripeCount, pathMs } = delivery.options;
    const candidates = this.#candidates;
    candidates.length = 0;
    const source = wiring.sources[stripe * hosts.count + viewer] ?? RELAY;
    const consider = (peer: number): void => {
      if (peer <= RELAY || peer === source || candidates.includes(peer - 1)) return;
      if (!wiring.isAbove(stripe, viewer, peer - 1)) candidates.push(peer - 1);
    };
    for (let other = 0; other < stripeCount; other++)
      consider(wiring.sources[other * hosts.count + viewer] ?? RELAY);
    wiring.eachStandby(viewer, stripe, nowMs, consider);
    if (candidates.length > 1) candidates.sort((a, b) => pathMs(viewer, a) - pathMs(viewer, b) || a - b);
  }

  /** One neighbour after the other; the relay when none is left, or when there is no time for two tries. */
  #ask(piece: PieceInFlight, viewer: number, askMs: number): { atMs: number; isByRelay: boolean } {
    const { delivery, isHedged } = this.#options;
    const { relayPathMs, pathMs } = delivery.options;
    const deadlineMs = delivery.deadlineMs(piece, viewer);
    const relayRoundMs = 2 * relayPathMs(viewer);
    let atMs = askMs;
    let index = 0;
    while (index < this.#candidates.length) {
      const nearest = this.#candidates[index] ?? 0;
      const roundMs = 2 * pathMs(viewer, nearest);
      if (atMs + roundMs + relayRoundMs + 2 * REPAIR_MARGIN_MS > deadlineMs) break;
      let got = this.#fromNeighbour(piece, viewer, nearest, atMs);
      const second = this.#candidates[index + 1];
      if (isHedged && second !== undefined) {
        const other = this.#fromNeighbour(piece, viewer, second, atMs);
        this.#waste(piece, Math.max(got, other));
        got = Math.min(got, other);
        index++;
      }
      if (got < NEVER) return { atMs: got, isByRelay: false };
      // "Missing" comes back at once; what was lost is waited for.
      atMs += roundMs + (this.#hasAnswered ? 0 : REPAIR_MARGIN_MS);
      index++;
    }
    if (atMs + relayRoundMs > deadlineMs) return { atMs: NEVER, isByRelay: true };
    return { atMs: this.#fromRelay(piece, viewer, atMs), isByRelay: true };
  }

  #fromNeighbour(piece: PieceInFlight, viewer: number, neighbour: number, atMs: number): number {
    const { delivery } = this.#options;
    const { draws, pathMs } = delivery.options;
    const hopMs = pathMs(viewer, neighbour);
    const askedMs = atMs + hopMs;
    this.#hasAnswered = delivery.haveMs(piece, neighbour) > askedMs;
    if (this.#hasAnswered) return NEVER;
    const leftMs = delivery.leave(neighbour, askedMs, piece.bytes);
    if (draws.isLost()) return NEVER;
    return delivery.admit(viewer, leftMs + hopMs + draws.hopMs(), piece.bytes);
  }

  #fromRelay(piece: PieceInFlight, viewer: number, atMs: number): number {
    const { delivery } = this.#options;
    const { draws, relayPathMs } = delivery.options;
    const hopMs = relayPathMs(viewer);
    delivery.traffic.relayEgressBytes += piece.bytes;
    const askedMs = Math.max(atMs + hopMs, piece.relayMs);
    let gotMs = askedMs + piece.bytes * delivery.relayMsPerByte + hopMs + draws.hopMs();
    if (draws.isLost()) gotMs += retransmitMs(hopMs);
    return delivery.admit(viewer, gotMs, piece.bytes);
  }
}
