/** What happens to a packet between two hosts: rate, queue, bursts of loss, delay. Pure; the hub process drives it. */

import type { Prng } from '../../../proto/src/prng.js';

/** How a host is connected. What is left out does not limit. */
export type HubHost = {
  /** One-way delay between this host and the middle of the network; two hosts are apart by the sum of theirs. */
  readonly delayMs?: number;
  /** Random addition of up to so much, per packet; the order of a pair's packets is kept. */
  readonly jitterMs?: number;
  readonly upBps?: number;
  readonly downBps?: number;
  /** Share of the packets it sends that are lost, in bursts. */
  readonly loss?: number;
  /** Packets of a usual burst. */
  readonly lossBurst?: number;
};

/** Time that may wait in a queue; a packet beyond it is dropped (a usual home router holds 100 to 300 ms). */
const QUEUE_MS_MAX = 200;

/** Packets of a usual burst of loss, unless the host says. */
const LOSS_BURST = 3;

/** One direction of a host's line: a queue that drains at a rate. */
class Line {
  readonly #bps: number;
  #freeAtMs = 0;

  constructor(bps: number) {
    this.#bps = bps;
  }

  /** When a packet that comes now is through; `undefined` when the queue is full. */
  pass(nowMs: number, byteLength: number): number | undefined {
    const startMs = Math.max(nowMs, this.#freeAtMs);
    if (startMs - nowMs > QUEUE_MS_MAX) return undefined;
    this.#freeAtMs = startMs + (byteLength * 8_000) / this.#bps;
    return this.#freeAtMs;
  }
}

type Port = { readonly host: HubHost; readonly up: Line; readonly down: Line; isLosing: boolean };

/** The network in the middle. */
export class HubModel {
  readonly #ports: readonly Port[];
  readonly #prng: Prng;
  readonly #lastAtMs = new Map<string, number>();

  constructor(hosts: readonly HubHost[], prng: Prng) {
    this.#prng = prng;
    this.#ports = hosts.map((host) => ({
      host,
      up: new Line(host.upBps ?? Number.POSITIVE_INFINITY),
      down: new Line(host.downBps ?? Number.POSITIVE_INFINITY),
      isLosing: false,
    }));
  }

  /** When a packet of one host comes to the line of another; `undefined` when it is lost on the way. */
  leave(
    nowMs: number,
    way: { readonly from: number; readonly to: number },
    byteLength: number,
  ): number | undefined {
    const from = this.#ports[way.from];
    const to = this.#ports[way.to];
    if (from === undefined || to === undefined) return undefined;
    const sentMs = from.up.pass(nowMs, byteLength);
    if (sentMs === undefined || this.#isLost(from)) return undefined;
    const jitterMs = this.#prng.next() * ((from.host.jitterMs ?? 0) + (to.host.jitterMs ?? 0));
    const atMs = sentMs + (from.host.delayMs ?? 0) + (to.host.delayMs ?? 0) + jitterMs;
    const pair = `${way.from}>${way.to}`;
    const inOrderMs = Math.max(atMs, this.#lastAtMs.get(pair) ?? 0);
    this.#lastAtMs.set(pair, inOrderMs);
    return inOrderMs;
  }

  /** When a packet that has come to a host's line is through it; `undefined` when the queue there is full. */
  arrive(nowMs: number, to: number, byteLength: number): number | undefined {
    return this.#ports[to]?.down.pass(nowMs, byteLength);
  }

  /** Gilbert's model: in the bad state everything is lost, and the mean stay in it is one burst. */
  #isLost(port: Port): boolean {
    const loss = port.host.loss ?? 0;
    if (loss <= 0) return false;
    if (loss >= 1) return true;
    const leave = 1 / (port.host.lossBurst ?? LOSS_BURST);
    const enter = (leave * loss) / (1 - loss);
    port.isLosing = port.isLosing ? this.#prng.next() >= leave : this.#prng.next() < enter;
    return port.isLosing;
  }
}
