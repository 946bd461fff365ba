/** What a viewer sends to its neighbours: pieces as they come, repairs as they are asked for. */

import { OVERDUE_ANSWER_MS } from '../../limits.js';
import type { Piece } from '../../piece/piece.js';
import { PushQueue } from '../../push/index.js';
import { RepairBudget } from '../../repair/index.js';
import { type MonoMs, monoMs } from '../../time.js';
import { UplinkMeter } from '../../uplink/index.js';
import type { SessionContext } from '../context.js';
import type { LinkId } from '../io.js';
import type { Neighbour } from './neighbour.js';

/** Bits per second of uplink that a viewer counts on before anything was measured. */
const UPLINK_BPS_START = 4_000_000;

/** Owns the queue, the meter of the uplink and the budgets of those who ask. */
export class Pushing {
  readonly #context: SessionContext;
  readonly #queue: PushQueue;
  readonly #budget: RepairBudget;
  readonly #meter: UplinkMeter;
  /** Those who take or asked for something. */
  readonly #children = new Map<LinkId, Neighbour>();
  #bufferedBytes = 0;
  #bytesSent = 0;
  #followedBps = 0;

  constructor(context: SessionContext, capBps: number) {
    this.#context = context;
    this.#meter = new UplinkMeter({ startBps: Math.min(capBps, UPLINK_BPS_START), capBps });
    const uplinkBps = this.#meter.estimateBps;
    this.#queue = new PushQueue({ uplinkBps });
    this.#budget = new RepairBudget({ uplinkBps });
  }

  /** Piece bytes handed to neighbours' links. */
  get bytesSent(): number {
    return this.#bytesSent;
  }

  /** Pieces dropped because they were late or too many. */
  get piecesDropped(): number {
    const { droppedLate, droppedOverflow } = this.#queue.stats;
    return droppedLate + droppedOverflow;
  }

  /** Usable uplink as measured. */
  get uplinkBps(): number {
    return this.#meter.estimateBps;
  }

  /** Whether the relay should be told anew what the uplink is. */
  isUplinkChanged(): boolean {
    return this.#meter.isChanged(this.#context.now);
  }

  /** The person set another limit. */
  setCap(capBps: number): void {
    this.#meter.setCap(capBps);
    this.#followMeter();
  }

  /** The relay has measured the uplink: counts until it is measured here. */
  learn(uplinkBps: number): void {
    if (uplinkBps > 0) this.#meter.setStart(uplinkBps);
    this.#followMeter();
  }

  /** The neighbour takes stripes from now on, or is of another weight. */
  setChild(neighbour: Neighbour): void {
    this.#children.set(neighbour.link, neighbour);
    this.#queue.setChild(neighbour.link, Math.max(1, neighbour.plan.weight), neighbour.rttMs / 2);
  }

  /** The neighbour takes nothing any more, or is gone. */
  removeChild(neighbour: Neighbour): void {
    this.#queue.removeChild(neighbour.link);
  }

  /** The link is gone. */
  forget(neighbour: Neighbour): void {
    this.removeChild(neighbour);
    this.#children.delete(neighbour.link);
    this.#budget.forget(neighbour.link);
    this.#bufferedBytes -= neighbour.bufferedBytes;
    neighbour.bufferedBytes = 0;
  }

  /** Queues a piece unless it went over this link before. */
  push(neighbour: Neighbour, piece: Piece, deadline: MonoMs): void {
    const { sequence } = piece.header;
    if (neighbour.exchanged.has(sequence)) return;
    neighbour.exchanged.add(sequence);
    this.#queue.push(this.#context.now, neighbour.link, { bytes: piece.message, deadline, isRepair: false });
  }

  /** Queues a piece that the neighbour asked for, as far as its budget goes. */
  repair(neighbour: Neighbour, piece: Piece, deadline: MonoMs): 'ok' | 'flood' {
    const { now } = this.#context;
    if (!this.#budget.allow(now, neighbour.link, piece.message.length))
      return this.#budget.isFlood(neighbour.link) ? 'flood' : 'ok';
    neighbour.exchanged.add(piece.header.sequence);
    this.setChild(neighbour);
    // Who asks for what is overdue still has a use for it.
    const until = monoMs(Math.max(deadline, now + OVERDUE_ANSWER_MS));
    this.#queue.push(now, neighbour.link, { bytes: piece.message, deadline: until, isRepair: true });
    return 'ok';
  }

  /** A neighbour's link holds so much. */
  buffered(neighbour: Neighbour, bufferedBytes: number): void {
    const { now } = this.#context;
    this.#bufferedBytes += bufferedBytes - neighbour.bufferedBytes;
    neighbour.bufferedBytes = bufferedBytes;
    this.#queue.buffered(neighbour.link, bufferedBytes);
    this.#meter.buffered(now, this.#bufferedBytes);
    this.#followMeter();
  }

  /** Sends what may go out now. */
  drain(): void {
    const { now } = this.#context;
    for (let job = this.#queue.poll(now); job; job = this.#queue.poll(now)) {
      this.#bytesSent += job.bytes.length;
      this.#meter.sent(now, job.link, job.bytes.length);
      this.#bufferedBytes += job.bytes.length;
      const child = this.#children.get(job.link);
      // Until the adapter has reported, what it was given counts as waiting.
      if (child) child.bufferedBytes += job.bytes.length;
      this.#context.emit({ kind: 'transmit', link: job.link, bytes: job.bytes });
    }
  }

  /** When {@link drain} has something to do though nothing came. */
  nextTimeout(): MonoMs | undefined {
    return this.#queue.nextTimeout();
  }

  #followMeter(): void {
    const uplinkBps = this.#meter.estimateBps;
    if (uplinkBps === this.#followedBps) return;
    this.#followedBps = uplinkBps;
    this.#queue.setUplink(uplinkBps);
    this.#budget.setUplink(this.#context.now, uplinkBps);
  }

  /** Children that cannot take what is pushed to them; each is told once. */
  takeSlowChildren(): readonly number[] {
    return this.#queue.takeSlowChildren();
  }
}
