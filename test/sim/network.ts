/** What lies between hosts: shared uplinks and downlinks, delay, jitter, bursts of loss. */

import type { Prng } from '@freshet/proto';
import { type HostProfile, REGION_DELAYS_MS, USABLE_SHARE } from './population.js';

/** How lossy and restless the network is. */
export type NetworkOptions = {
  /** Share of the messages that are lost. */
  readonly lossShare: number;
  /** Messages that a burst of loss takes on average. */
  readonly lossBurst: number;
  /** Added to the delay of each message, 0 to this. */
  readonly jitterMs: number;
  /** Share of the messages whose receiver is busy with something else first. */
  readonly spikeShare: number;
  readonly spikeMs: number;
  /** Whether usable uplinks change with time. */
  readonly isUplinkVarying: boolean;
};

/** As homes are: 0.5 % lost in bursts of two on average, 1 % held up by 20 ms. */
export const NETWORK_DEFAULT: NetworkOptions = {
  lossShare: 0.005,
  lossBurst: 2,
  jitterMs: 5,
  spikeShare: 0.01,
  spikeMs: 20,
  isUplinkVarying: true,
};

const VARIATION_MS = 1_000;
const VARIATION_RETURN = 0.3;
const VARIATION_STEP = 0.1;
const USABLE_MIN = 0.5;
/** The most of its line that a home ever uses. */
export const USABLE_MAX = 0.9;

/**
 * One host. All its links leave through one uplink, message by message in the order they were sent, and come in
 * through one downlink. Relays use all of their line, homes {@link USABLE_SHARE} of the uplink: each second that
 * share moves by up to 0.1, is drawn back to its mean, and stays between 0.5 and 0.9.
 */
export class Host {
  readonly profile: HostProfile;
  readonly #prng: Prng;
  readonly #isVarying: boolean;
  readonly #downBytesPerMs: number;
  #share: number;
  #variedMs = 0;
  #upBusyUntil = 0;
  #downBusyUntil = 0;
  #sentBytes = 0;

  constructor(profile: HostProfile, prng: Prng, options: { isRelay: boolean; isVarying: boolean }) {
    this.profile = profile;
    this.#prng = prng;
    this.#share = options.isRelay ? 1 : USABLE_SHARE;
    this.#isVarying = options.isVarying && !options.isRelay;
    this.#downBytesPerMs = profile.downlinkBps / 8000;
  }

  /** Bytes that went into the uplink so far. */
  get sentBytes(): number {
    return this.#sentBytes;
  }

  /** Bytes a millisecond that come in. */
  get downBytesPerMs(): number {
    return this.#downBytesPerMs;
  }

  /** Bits a second that the uplink carries at `now`. */
  usableBps(now: number): number {
    if (this.#isVarying) this.#vary(now);
    return this.profile.uplinkBps * this.#share;
  }

  /** How long a message sent at `now` waits before its first byte leaves. */
  uplinkWaitMs(now: number): number {
    return Math.max(0, this.#upBusyUntil - now);
  }

  /** Puts a message into the uplink. Returns when its last byte has left. */
  leave(now: number, bytes: number): number {
    this.#sentBytes += bytes;
    this.#upBusyUntil = Math.max(now, this.#upBusyUntil) + (bytes * 8000) / this.usableBps(now);
    return this.#upBusyUntil;
  }

  /** A message's last byte would be in at `now` if nothing else came. Returns when it really is. */
  admit(now: number, bytes: number): number {
    const takesMs = bytes / this.#downBytesPerMs;
    this.#downBusyUntil = Math.max(now - takesMs, this.#downBusyUntil) + takesMs;
    return this.#downBusyUntil;
  }

  #vary(now: number): void {
    while (this.#variedMs + VARIATION_MS <= now) {
      this.#variedMs += VARIATION_MS;
      const step =
        VARIATION_RETURN * (USABLE_SHARE - this.#share) + VARIATION_STEP * (this.#prng.next() * 2 - 1);
      this.#share = Math.min(USABLE_MAX, Math.max(USABLE_MIN, this.#share + step));
    }
  }
}

/**
 * Losses of one direction of one link: Gilbert 1960 with the two states as one draw a message. In the bad state
 * every message is lost.
 */
export class LossChain {
  readonly #prng: Prng;
  readonly #toBad: number;
  readonly #toGood: number;
  #isBad = false;

  constructor(prng: Prng, options: { lossShare: number; lossBurst: number }) {
    this.#prng = prng;
    this.#toGood = 1 / options.lossBurst;
    this.#toBad = options.lossShare === 0 ? 0 : (this.#toGood * options.lossShare) / (1 - options.lossShare);
  }

  /** Whether the next message is lost. */
  isLost(): boolean {
    const draw = this.#prng.next();
    this.#isBad = this.#isBad ? draw >= this.#toGood : draw < this.#toBad;
    return this.#isBad;
  }
}

/** Delays between hosts. */
export class Network {
  readonly options: NetworkOptions;
  readonly prng: Prng;

  constructor(prng: Prng, options: Partial<NetworkOptions> = {}) {
    this.prng = prng;
    this.options = { ...NETWORK_DEFAULT, ...options };
  }

  /** Makes a home's host. */
  addHome(profile: HostProfile, name: string): Host {
    const isVarying = this.options.isUplinkVarying;
    return new Host(profile, this.prng.fork(name), { isRelay: false, isVarying });
  }

  /** Makes a data centre's host. */
  addRelay(profile: HostProfile, name: string): Host {
    return new Host(profile, this.prng.fork(name), { isRelay: true, isVarying: false });
  }

  /** One-way delay between two hosts without jitter. */
  pathMs(a: Host, b: Host): number {
    const between = REGION_DELAYS_MS[a.profile.region]?.[b.profile.region] ?? 0;
    return a.profile.accessMs + b.profile.accessMs + between;
  }

  /** Jitter of one message, and what its receiver does before it. */
  hopMs(): number {
    const { jitterMs, spikeShare, spikeMs } = this.options;
    const spike = spikeShare > 0 && this.prng.next() < spikeShare ? spikeMs : 0;
    return this.prng.next() * jitterMs + spike;
  }

  /** How much later a lost message of a reliable channel comes: the loss shows after a round trip, with acknowledgements that wait. */
  retransmitMs(pathMs: number): number {
    return 2 * pathMs + RETRANSMIT_MARGIN_MS;
  }

  /** Losses of one direction of a new link. */
  createLosses(): LossChain {
    return new LossChain(this.prng, this.options);
  }

  /** Whether hosts can open a channel to each other at all. */
  canMeet(a: Host, b: Host): boolean {
    return !(a.profile.isBehindNat && b.profile.isBehindNat);
  }
}

/** Delayed acknowledgements and the reordering that a sender waits for (RFC 8985). */
const RETRANSMIT_MARGIN_MS = 30;
