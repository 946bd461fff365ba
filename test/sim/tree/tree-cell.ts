/**
 * One cell of the tree model: the real planner, joins over time, and the pieces taken down the trees by arithmetic.
 * It is the event simulator's model with these simplifications: no control messages but for their delay, no codec,
 * no verification, repair by the rules of a viewer rather than by its code, and nobody leaves.
 */

import { Prng, playoutLagMs } from '@freshet/proto';
import { NETWORK_DEFAULT, type NetworkOptions } from '../network.js';
import { USABLE_SHARE } from '../population.js';
import { lowerBoundMs } from './bound.js';
import { type CellHosts, uplinkMsPerByte } from './cell-hosts.js';
import type { CreateCellPlan } from './cell-plan.js';
import { Delivery, noTraffic } from './delivery.js';
import { Draws } from './draws.js';
import { Repair } from './repair.js';
import type { Schedule } from './schedule.js';
import { StripeOrder } from './stripe-order.js';
import { countMs, createTally, noSecond, type Tally } from './tally.js';
import { Wiring } from './wiring.js';

/** How a cell is run, apart from its hosts and its stream. */
export type CellOptions = {
  readonly bitrate: number;
  /** Edges per stripe that the relay gives to the plan. */
  readonly headsMax: number;
  /** Neighbours that a viewer may feed. */
  readonly linksMax: number;
  readonly isHedged: boolean;
  /** Share of its usable uplink that a viewer tells the planner: a meter reports a low quantile, not the mean. */
  readonly provenShare: number;
  /** Behind capture, of all viewers alike; `undefined`: of each by its distance to the relay. */
  readonly playoutLagMs: number | undefined;
  readonly relayBps: number;
  readonly network: NetworkOptions;
};

/** The defaults of the spec. */
export const CELL_DEFAULT: CellOptions = {
  bitrate: 4_000_000,
  headsMax: 8,
  linksMax: 16,
  isHedged: false,
  provenShare: 0.85,
  playoutLagMs: undefined,
  relayBps: 1_000_000_000,
  network: NETWORK_DEFAULT,
};

/** No loss, no spikes: what the lower bound can be compared with. Jitter and varying uplinks stay. */
export const CALM_NETWORK: NetworkOptions = { ...NETWORK_DEFAULT, lossShare: 0, spikeShare: 0 };

/** Everything that one run of a cell needs. */
export type CellRun = {
  readonly seed: string;
  readonly hosts: CellHosts;
  readonly schedule: Schedule;
  /** When the relay has each piece, in order of sequence. Never before the source, never falling. */
  readonly relayMs: Float64Array;
  readonly options: CellOptions;
  readonly createPlan: CreateCellPlan;
  /** How long is measured; the rest of the schedule if left out. */
  readonly measuredMs?: number | undefined;
  /** Called with every delivery: for tests. */
  readonly onDelivery?: (piece: number, viewer: number, atMs: number) => void;
};

/** A change of the uplink by this share is told to the relay. */
const UPLINK_CHANGE = 0.2;

/** What a viewer offers at most who set no limit: as in the event simulator. */
const UPLINK_CAP_BPS = 50_000_000;

/** Seconds of a run after which the uplinks begin their walk again. */
const UPLINK_SECONDS = 64;

/** Runs one cell and counts everything from the moment when everybody has a first frame. */
export class TreeCell {
  readonly #run: CellRun;
  readonly #tally: Tally = createTally();
  readonly #delivery: Delivery;
  readonly #wiring: Wiring;
  readonly #orders: StripeOrder[];
  readonly #uplinks: Float64Array;
  /** By viewer: when the chunk in hand is complete, and when the player has all up to the one before. */
  readonly #chunkDone: Float64Array;
  readonly #inOrderMs: Float64Array;
  /** By viewer: how far behind the capture it plays. */
  readonly #lagMs: Float64Array;
  readonly #lateChunks: Uint32Array;
  /** By viewer: the uplink that the planner was told. */
  readonly #toldBps: Float64Array;
  #second = -1;
  /** The counts at the beginning of the second in hand. */
  #before = { peerBytes: 0, relayBytes: 0, plans: 0 };
  /** By viewer: how far its playhead has fallen behind by stalls. */
  readonly #behindMs: Float64Array;
  #windowFromMs = 0;
  #isMeasured = false;
  #lastMs = 0;
  #joined = 0;
  readonly #hasJoined: Uint8Array;
  #fewestCopies = Number.POSITIVE_INFINITY;
  #boundChunk = -1;
  /** The piece about to be delivered. */
  #nextPiece = 0;

  constructor(run: CellRun) {
    this.#run = run;
    const { hosts, schedule, options, seed } = run;
    const { stripeCount } = schedule;
    const prng = new Prng(seed);
    this.#toldBps = hosts.lineBps.map((bps, viewer) =>
      hosts.isDownloadOnly[viewer] ? 0 : Math.min(UPLINK_CAP_BPS, bps * USABLE_SHARE * options.provenShare),
    );
    this.#uplinks = uplinkMsPerByte(hosts, {
      seed,
      seconds: UPLINK_SECONDS,
      isVarying: options.network.isUplinkVarying,
    });
    this.#orders = Array.from({ length: stripeCount }, () => new StripeOrder(hosts.count));
    this.#chunkDone = new Float64Array(hosts.count);
    this.#inOrderMs = new Float64Array(hosts.count);
    this.#behindMs = new Float64Array(hosts.count);
    this.#lateChunks = new Uint32Array(hosts.count);
    this.#hasJoined = new Uint8Array(hosts.count);
    const { headsMax, linksMax } = options;
    const dataStripes = stripeCount - Number(schedule.hasParity);
    this.#wiring = new Wiring({
      hosts,
      stripeCount,
      seed,
      plan: run.createPlan({
        seed,
        stripeCount,
        stripeBps: options.bitrate / dataStripes,
        headsMax,
        linksMax,
      }),
      linksMax,
      provenBps: (viewer) => this.#toldBps[viewer] ?? 0,
      onJoined: (viewer, nowMs) => this.#begin(viewer, nowMs),
      onNewSource: (viewer, stripe, nowMs) => this.#delivery.resetSource(viewer, stripe, nowMs),
    });
    this.#lagMs = Float64Array.from(
      this.#chunkDone,
      (_, viewer) => options.playoutLagMs ?? playoutLagMs(2 * this.#wiring.relayPathMs(viewer)),
    );
    this.#delivery = new Delivery({
      hosts,
      stripeCount,
      draws: new Draws(prng.fork('draws'), options.network),
      relayBps: options.relayBps,
      playoutLagMs: this.#lagMs,
      relayPathMs: (viewer) => this.#wiring.relayPathMs(viewer),
      pathMs: (a, b) => this.#wiring.pathMs(a, b),
      onFailure: (viewer, stripe, atMs, why) => this.#wiring.leaveSource(viewer, stripe, atMs, why),
    });
    this.#delivery.repair = new Repair({
      delivery: this.#delivery,
      wiring: this.#wiring,
      schedule,
      relayMs: run.relayMs,
      isHedged: options.isHedged,
    });
  }

  /** Plays the whole schedule. Call it once. */
  play(): Tally {
    const { schedule, hosts, measuredMs = Number.POSITIVE_INFINITY } = this.#run;
    let piece = 0;
    for (let chunk = 0; chunk < schedule.chunkCount; chunk++) {
      const end = schedule.chunkEnd[chunk] ?? 0;
      const captureMs = schedule.captureMs[chunk] ?? 0;
      this.#openWindow(captureMs);
      if (this.#isMeasured && captureMs - this.#windowFromMs >= measuredMs - ROUNDING) break;
      this.#chunkDone.fill(Number.NEGATIVE_INFINITY);
      const egressBefore = this.#delivery.traffic.relayEgressBytes;
      const isKeyframe = schedule.groupStart[piece] === piece;
      for (; piece < end; piece++) this.#deliver(piece, chunk);
      this.#judge(chunk);
      if (!this.#isMeasured) continue;
      if (isKeyframe) this.#noteCopies(chunk, this.#delivery.traffic.relayEgressBytes - egressBefore);
    }
    this.#close();
    this.#tally.viewers = hosts.count;
    this.#tally.cells = 1;
    return this.#tally;
  }

  /** The relay takes a viewer in: the group so far comes in a burst, the first chunk of it is the first frame. */
  #begin(viewer: number, nowMs: number): void {
    const { schedule, hosts, relayMs } = this.#run;
    this.#joined++;
    this.#hasJoined[viewer] = 1;
    let next = this.#nextPiece;
    while (next < schedule.pieceCount && (relayMs[next] ?? 0) < nowMs) next++;
    const first = schedule.groupStart[Math.max(0, next - 1)] ?? 0;
    const firstEnd = schedule.chunkEnd[schedule.chunkOf[first] ?? 0] ?? 0;
    let bytes = 0;
    let firstBytes = 0;
    for (let piece = first; piece < next; piece++) {
      bytes += schedule.bytes[piece] ?? 0;
      if (piece < firstEnd) firstBytes = bytes;
    }
    this.#delivery.burst(viewer, nowMs, bytes);
    const atMs = nowMs + this.#wiring.relayPathMs(viewer) + firstBytes / (hosts.downBytesPerMs[viewer] ?? 1);
    countMs(this.#tally.starts, atMs - (hosts.joinMs[viewer] ?? 0));
    this.#windowFromMs = Math.max(this.#windowFromMs, atMs);
  }

  #deliver(piece: number, chunk: number): void {
    const { schedule, hosts, relayMs, onDelivery } = this.#run;
    const stripe = piece % schedule.stripeCount;
    const atMs = relayMs[piece] ?? 0;
    this.#nextPiece = piece;
    this.#wiring.advance(atMs);
    const second = Math.floor((schedule.captureMs[chunk] ?? 0) / 1000 + ROUNDING);
    if (second !== this.#second) {
      this.#endSecond();
      this.#setUplinks(second);
      this.#measureUplinks(atMs);
    }
    const order = this.#orders[stripe];
    if (!order) return;
    if (this.#wiring.isDirty[stripe]) {
      order.rebuild(this.#wiring.sources, stripe * hosts.count);
      this.#wiring.isDirty[stripe] = 0;
    }
    this.#delivery.deliver(
      {
        number: piece,
        stripe,
        bytes: schedule.bytes[piece] ?? 0,
        relayMs: atMs,
        captureMs: schedule.captureMs[chunk] ?? 0,
        nextMs: relayMs[piece + 1] ?? atMs,
        nextOfStripeMs: relayMs[piece + schedule.stripeCount] ?? atMs,
      },
      order,
    );
    this.#tally.deliveries += order.length;
    this.#noteHops(order);
    const { viewers, length } = order;
    const { arrivals } = this.#delivery;
    if (onDelivery)
      for (let index = 0; index < length; index++)
        onDelivery(piece, viewers[index] ?? 0, arrivals[viewers[index] ?? 0] ?? 0);
    if (schedule.isParity[piece]) return;
    const done = this.#chunkDone;
    for (let index = 0; index < length; index++) {
      const viewer = viewers[index] ?? 0;
      const arrival = arrivals[viewer] ?? 0;
      if (arrival > (done[viewer] ?? 0)) done[viewer] = arrival;
    }
  }

  #noteHops(order: StripeOrder): void {
    const { seconds } = this.#tally;
    while (seconds.length <= this.#second) seconds.push(noSecond());
    const second = seconds[this.#second];
    if (!second) return;
    second.pieces += order.length;
    second.hops += order.hops;
    second.hopsMax = Math.max(second.hopsMax, order.hopsMax);
  }

  /** Books the bytes of the second that is over. */
  #endSecond(): void {
    const { fromViewersBytes, fromRelayBytes } = this.#delivery.traffic;
    const { plans } = this.#wiring.counters;
    const second = this.#tally.seconds[this.#second];
    if (second) {
      second.peerBytes += fromViewersBytes - this.#before.peerBytes;
      second.relayBytes += fromRelayBytes - this.#before.relayBytes;
      second.planMessages += plans - this.#before.plans;
    }
    this.#before = { peerBytes: fromViewersBytes, relayBytes: fromRelayBytes, plans };
  }

  #setUplinks(second: number): void {
    this.#second = second;
    const { count } = this.#run.hosts;
    const from = (second % UPLINK_SECONDS) * count;
    this.#delivery.msPerByte = this.#uplinks.subarray(from, from + count);
  }

  /** Once a second each viewer tells its uplink anew if that has changed enough. */
  #measureUplinks(nowMs: number): void {
    const { hosts, options } = this.#run;
    for (let viewer = 0; viewer < hosts.count; viewer++) {
      const told = this.#toldBps[viewer] ?? 0;
      if (told === 0) continue;
      const carriedBps = 8000 / (this.#delivery.msPerByte[viewer] ?? 1);
      const bps = Math.min(UPLINK_CAP_BPS, options.provenShare * carriedBps);
      if (Math.abs(bps - told) < UPLINK_CHANGE * told) continue;
      this.#toldBps[viewer] = bps;
      if (this.#hasJoined[viewer]) this.#wiring.updateUplink(nowMs, viewer);
    }
  }

  /** What is measured begins with the first keyframe after everybody has a first frame. */
  #openWindow(captureMs: number): void {
    const sinceKeyframe = Math.abs(captureMs / 1000 - Math.round(captureMs / 1000));
    if (this.#isMeasured || sinceKeyframe > ROUNDING) return;
    if (this.#joined < this.#run.hosts.count || captureMs < this.#windowFromMs) return;
    this.#isMeasured = true;
    this.#windowFromMs = captureMs;
    this.#endSecond();
    this.#delivery.traffic = noTraffic();
    this.#before = { ...this.#before, peerBytes: 0, relayBytes: 0 };
    this.#tally.deliveries = 0;
  }

  /** A lower bound for one keyframe's chunk is one for the worst delay of all; see {@link lowerBoundMs}. */
  #boundOf(chunk: number, relayCopies: number): number {
    const { hosts, schedule, options, relayMs } = this.#run;
    const captureMs = schedule.captureMs[chunk] ?? 0;
    this.#setUplinks(Math.floor(captureMs / 1000 + ROUNDING));
    const first = chunk === 0 ? 0 : (schedule.chunkEnd[chunk - 1] ?? 0);
    const viewers = Array.from({ length: hosts.count }, (_, viewer) => ({
      accessMs: hosts.accessMs[viewer] ?? 0,
      bytesPerMs: hosts.isDownloadOnly[viewer] ? 0 : 1 / (this.#delivery.msPerByte[viewer] ?? 1),
      downBytesPerMs: hosts.downBytesPerMs[viewer] ?? 1,
      relayPathMs: this.#wiring.relayPathMs(viewer),
    }));
    const belowMs = lowerBoundMs({
      viewers,
      pieceBytes: dataPieces(schedule, chunk),
      relayBytesPerMs: options.relayBps / 8000,
      relayCopies,
    });
    return (relayMs[first] ?? 0) - captureMs + belowMs;
  }

  /** Remembers the keyframe of which the relay itself sent the fewest copies: there the bound is tightest. */
  #noteCopies(chunk: number, egressBytes: number): void {
    const bytes = dataPieces(this.#run.schedule, chunk).reduce((sum, piece) => sum + piece, 0);
    const copies = Math.max(this.#run.options.headsMax, egressBytes / bytes);
    if (copies >= this.#fewestCopies) return;
    this.#fewestCopies = copies;
    this.#boundChunk = chunk;
  }

  /** Players take chunks in order: one that waits for a repair holds up those behind it, one that is given up until it was due. */
  #judge(chunk: number): void {
    const { schedule, hosts } = this.#run;
    const captureMs = schedule.captureMs[chunk] ?? 0;
    const tally = this.#tally;
    const isMeasured = this.#isMeasured;
    for (let viewer = 0; viewer < hosts.count; viewer++) {
      const done = this.#chunkDone[viewer] ?? 0;
      // Before a viewer is there nothing comes.
      if (done === Number.NEGATIVE_INFINITY) continue;
      const lagMs = this.#lagMs[viewer] ?? 0;
      const inOrderMs = Math.max(this.#inOrderMs[viewer] ?? 0, Math.min(done, captureMs + lagMs));
      this.#inOrderMs[viewer] = inOrderMs;
      if (!isMeasured) continue;
      if (done > captureMs + lagMs) this.#lateChunks[viewer] = (this.#lateChunks[viewer] ?? 0) + 1;
      else tally.chunksOnTime++;
      this.#stall(viewer, done - captureMs - lagMs);
      if (done === Number.POSITIVE_INFINITY) {
        tally.chunksMissed++;
        continue;
      }
      const delayMs = Math.max(inOrderMs, done) - captureMs;
      countMs(tally.delays, delayMs);
      if (delayMs > tally.delayMsMax) tally.delayMsMax = delayMs;
    }
    if (!isMeasured) return;
    this.#lastMs = captureMs;
    tally.chunksDue += hosts.count;
  }

  /** A chunk was there so long after it was due, infinity for never: the playhead waits, and catches up later. */
  #stall(viewer: number, lateMs: number): void {
    const chunkMs = this.#chunkMs();
    const behindMs = Math.max(0, (this.#behindMs[viewer] ?? 0) - chunkMs * CATCH_UP_SHARE);
    const waitMs = lateMs === Number.POSITIVE_INFINITY ? chunkMs : Math.max(0, lateMs - behindMs);
    this.#tally.stalledMs += waitMs;
    this.#behindMs[viewer] = lateMs === Number.POSITIVE_INFINITY ? behindMs : behindMs + waitMs;
  }

  #chunkMs(): number {
    const { captureMs } = this.#run.schedule;
    return (captureMs[1] ?? 0) - (captureMs[0] ?? 0);
  }

  #close(): void {
    this.#endSecond();
    const { schedule, options } = this.#run;
    const tally = this.#tally;
    for (const late of this.#lateChunks) tally.stalled += Number(late > 0);
    Object.assign(tally.traffic, this.#delivery.traffic);
    Object.assign(tally, this.#wiring.counters);
    const frames = schedule.chunkCount === 0 ? 0 : this.#lastMs - this.#windowFromMs;
    const windowSec = (frames + this.#chunkMs()) / 1000;
    tally.spanMs = windowSec * 1000;
    if (this.#isMeasured)
      tally.relayEgressX = (tally.traffic.relayEgressBytes * 8) / windowSec / options.bitrate;
    tally.relayEgressXMax = tally.relayEgressX;
    if (this.#boundChunk >= 0) tally.boundMs = this.#boundOf(this.#boundChunk, this.#fewestCopies);
    tally.boundRatioMax = tally.boundMs > 0 ? tally.delayMsMax / tally.boundMs : 0;
    for (const order of this.#orders) {
      tally.depthMax = Math.max(tally.depthMax, order.hopsMax);
      for (let index = 0; index < order.length; index++)
        tally.relayFeeds += Number((order.parents[index] ?? -1) < 0);
    }
  }
}

/** Message bytes of a chunk's pieces, parity aside. */
function dataPieces(schedule: Schedule, chunk: number): number[] {
  const pieces: number[] = [];
  const first = chunk === 0 ? 0 : (schedule.chunkEnd[chunk - 1] ?? 0);
  for (let piece = first; piece < (schedule.chunkEnd[chunk] ?? 0); piece++)
    if (!schedule.isParity[piece]) pieces.push(schedule.bytes[piece] ?? 0);
  return pieces;
}

/** A player that is behind plays 1.1 times as fast. */
const CATCH_UP_SHARE = 0.1;

/** Capture times are whole frames of 1/30 s, which no binary fraction is. */
const ROUNDING = 1e-6;
