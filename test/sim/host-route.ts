/** The way of a WebSocket's messages between two hosts: TCP over their shared lines. */

import type { Host, LossChain, Network } from './network.js';
import type { Route, StreamLimits } from './virtual-link.js';

/** Socket buffers of relays and homes; nothing but crashes breaks the link. */
export const HOST_STREAM_LIMITS: StreamLimits = { bufferedBytesMax: 1024 * 1024, breakChance: 0 };

/**
 * One direction. A single link carries what the receiver's downlink does (TCP fills it), all links of the sender
 * share its uplink, and a lost message holds up those behind it until it has been sent again.
 */
export class HostRoute implements Route {
  readonly latencyMs: number;
  readonly bytesPerMs: number;
  readonly #network: Network;
  readonly #from: Host;
  readonly #to: Host;
  readonly #losses: LossChain;

  constructor(network: Network, from: Host, to: Host) {
    this.#network = network;
    this.#from = from;
    this.#to = to;
    this.#losses = network.createLosses();
    this.latencyMs = network.pathMs(from, to);
    this.bytesPerMs = to.downBytesPerMs;
  }

  leave(now: number, bytes: number): number {
    return this.#from.leave(now, bytes);
  }

  delayMs(): number {
    const repeatMs = this.#losses.isLost() ? this.#network.retransmitMs(this.latencyMs) : 0;
    return this.latencyMs + this.#network.hopMs() + repeatMs;
  }

  admit(now: number, bytes: number): number {
    return this.#to.admit(now, bytes);
  }
}
