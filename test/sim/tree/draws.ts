/** Chance at a few nanoseconds a draw: the tree model needs one for every delivery. */

import type { Prng } from '@freshet/proto';
import type { NetworkOptions } from '../network.js';

/** Jitter, spikes and the beginnings of bursts of loss. Rare things are drawn as the number of messages until the next. */
export class Draws {
  readonly #options: NetworkOptions;
  readonly #toGood: number;
  readonly #toBad: number;
  #state: number;
  #untilSpike: number;
  #untilBurst: number;

  constructor(prng: Prng, options: NetworkOptions) {
    this.#options = options;
    this.#toGood = 1 / options.lossBurst;
    this.#toBad = (this.#toGood * options.lossShare) / (1 - options.lossShare);
    this.#state = prng.uint32() | 1;
    this.#untilSpike = this.#gap(options.spikeShare);
    this.#untilBurst = this.#gap(this.#toBad);
  }

  /** A number in [0, 1): xorshift32 (Marsaglia 2003). */
  next(): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state;
    return (state >>> 0) / 4294967296;
  }

  /** Jitter of one message, and what its receiver does before it. */
  hopMs(): number {
    const jitterMs = this.next() * this.#options.jitterMs;
    if (--this.#untilSpike > 0) return jitterMs;
    this.#untilSpike = this.#gap(this.#options.spikeShare);
    return jitterMs + this.#options.spikeMs;
  }

  /** For a message of a link in the good state: 0, or the number of messages that the burst beginning here takes. */
  burst(): number {
    if (--this.#untilBurst > 0) return 0;
    this.#untilBurst = this.#gap(this.#toBad);
    return Math.min(BURST_MAX, this.#gap(this.#toGood));
  }

  /** Whether a single message outside any link's chain is lost. */
  isLost(): boolean {
    return this.next() < this.#options.lossShare;
  }

  /** Geometric: how many trials until one of this chance comes true. */
  #gap(chance: number): number {
    if (chance <= 0) return Number.POSITIVE_INFINITY;
    if (chance >= 1) return 1;
    return 1 + Math.floor(Math.log(1 - this.next()) / Math.log(1 - chance));
  }
}

/** What the table of bursts can hold. */
const BURST_MAX = 255;
