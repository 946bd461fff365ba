/** When the burst that starts a join is over. Pure: no DOM, no clock. */

import type { MonoMs } from '@freshet/proto';

/** A silence this long ends the burst, in milliseconds. */
export const BURST_SILENCE_MS = 12;
/** The burst is taken to be over after this long at the latest. */
export const BURST_MS_MAX = 1000;

/**
 * A relay sends the current group at once, from its keyframe up to now. Playback begins with the keyframe right
 * away; once chunks come at the pace they are made the gate opens, one time, and the playhead goes to the live edge.
 */
export class StartGate {
  #firstMs: MonoMs | undefined;
  #lastMs: MonoMs | undefined;
  #paced = 0;
  #isDone = false;

  /** The burst is over. */
  get isOpen(): boolean {
    return this.#isDone;
  }

  /** Notes the arrival of a chunk of `durationMs`. */
  noteArrival(nowMs: MonoMs, durationMs: number): void {
    if (this.#isDone) return;
    const stepMs = this.#lastMs === undefined ? 0 : nowMs - this.#lastMs;
    this.#paced = stepMs > durationMs / 2 ? this.#paced + 1 : 0;
    this.#firstMs ??= nowMs;
    this.#lastMs = nowMs;
  }

  /** True once: when the burst is over. */
  opens(nowMs: MonoMs): boolean {
    if (this.#isDone || this.#firstMs === undefined || this.#lastMs === undefined) return false;
    const isOver =
      this.#paced >= 2 || nowMs - this.#lastMs >= BURST_SILENCE_MS || nowMs - this.#firstMs >= BURST_MS_MAX;
    this.#isDone = isOver;
    return isOver;
  }

  /** Waits for the next burst. */
  restart(): void {
    this.#firstMs = undefined;
    this.#lastMs = undefined;
    this.#paced = 0;
    this.#isDone = false;
  }
}
