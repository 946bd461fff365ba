/** A media element and a network, simulated: what the playout controller steers. */

import { Playout, type PlayoutDecision } from '../../../../viewer/src/playback/playout.js';
import { at, CHUNK_MS } from './chunks.js';

/** How the simulated world behaves. */
export type World = {
  /** Lateness of chunk `n`, in milliseconds. */
  readonly lateMs?: (chunkNumber: number) => number;
  readonly jitterMs?: number;
  readonly hasAudio?: boolean;
  /** Media in hand below which the element stalls: its own read-ahead. */
  readonly needsMs?: number;
  /** Buffered when it begins. */
  readonly startMs?: number;
};

/** Runs a playhead against arrivals in steps of 10 ms. */
export class SimulatedPlayer {
  readonly playout = new Playout();
  readonly decisions: PlayoutDecision[] = [];
  /** Buffer at each step, in milliseconds. */
  readonly bufferMs: number[] = [];
  stallCount = 0;
  seekCount = 0;
  readonly #world: World;
  #nowMs = 0;
  #playheadMs = 0;
  #rate = 1;
  #isStalled = false;

  constructor(world: World = {}) {
    this.#world = world;
    this.#playheadMs = -(world.startMs ?? 100);
  }

  /** Media that has arrived in order, in milliseconds; chunk `n` is complete at `(n + 1) * CHUNK_MS`. */
  get #endMs(): number {
    let arrived = Math.floor(this.#nowMs / CHUNK_MS);
    const lateMs = this.#world.lateMs ?? (() => 0);
    while (arrived > 0 && (arrived - 1) * CHUNK_MS + CHUNK_MS + lateMs(arrived - 1) > this.#nowMs)
      arrived -= 1;
    return arrived * CHUNK_MS;
  }

  /** Lets `ms` pass. */
  run(ms: number): this {
    for (let step = 0; step < ms / 10; step += 1) this.#step();
    return this;
  }

  /** Lets the page sleep: time passes, the playhead does not move, nobody decides. */
  sleep(ms: number): this {
    this.#nowMs += ms;
    return this;
  }

  #step(): void {
    this.#nowMs += 10;
    const endMs = this.#endMs;
    const buffered = endMs - this.#playheadMs;
    const needsMs = this.#world.needsMs ?? 0;
    if (this.#isStalled) this.#isStalled = buffered < needsMs + CHUNK_MS;
    else if (buffered - 10 * this.#rate < needsMs) {
      this.#isStalled = true;
      this.stallCount += 1;
      this.playout.noteStall(at(this.#nowMs));
    }
    if (!this.#isStalled) this.#playheadMs += 10 * this.#rate;
    const decision = this.playout.decide({
      nowMs: at(this.#nowMs),
      currentTimeS: this.#playheadMs / 1000,
      ranges: [{ startS: -100, endS: endMs / 1000 }],
      isPlaying: true,
      isFollowing: true,
      isStalled: this.#isStalled,
      hasAudio: this.#world.hasAudio ?? false,
      targetFloorMs: 0,
      chunkMs: CHUNK_MS,
      jitterMs: this.#world.jitterMs ?? 0,
    });
    this.#rate = decision.rate;
    if (decision.seekToS !== undefined) {
      this.seekCount += 1;
      this.#playheadMs = decision.seekToS * 1000;
    }
    this.decisions.push(decision);
    this.bufferMs.push(endMs - this.#playheadMs);
  }
}
