/** Notices that encoding is slower than time goes by. Pure. */

/** Speed below which encoding falls behind; 1 is real time. */
export const SPEED_MIN = 0.97;

/** It must have been below for this long: a moment's load is caught up with. */
export const SLOW_MS_MAX = 3_000;

/** An ffmpeg that has just begun is not judged. */
export const SETTLE_MS = 2_000;

/** One run of ffmpeg. */
export class SpeedWatch {
  readonly #startedMs: number;
  #lastMs: number;
  #slowSinceMs: number | undefined;

  /** Begins at `nowMs`, monotonic. */
  constructor(nowMs: number) {
    this.#startedMs = nowMs;
    this.#lastMs = nowMs;
  }

  /**
   * Takes the speed since the sample before; true when it is time to do less. `isInputLimiting`: ffmpeg had nothing
   * more to encode, so its speed says nothing about the machine.
   */
  take(sample: {
    readonly nowMs: number;
    readonly speed: number;
    readonly isInputLimiting: boolean;
  }): boolean {
    const { nowMs, speed, isInputLimiting } = sample;
    const sinceMs = this.#lastMs;
    this.#lastMs = nowMs;
    const isSettling = sinceMs - this.#startedMs < SETTLE_MS;
    if (isSettling || isInputLimiting || speed >= SPEED_MIN) {
      this.#slowSinceMs = undefined;
      return false;
    }
    this.#slowSinceMs ??= sinceMs;
    return nowMs - this.#slowSinceMs >= SLOW_MS_MAX;
  }
}
