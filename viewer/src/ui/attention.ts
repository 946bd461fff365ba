/** When the controls are in sight. Pure: times come from outside. */

/** The controls leave this long after the last movement, while the broadcast plays. */
export const HIDE_MS = 3000;

/** Remembers the last sign of a person. Times in milliseconds of one monotonic clock. */
export class Attention {
  #lastMs: number;

  constructor(nowMs: number) {
    this.#lastMs = nowMs;
  }

  /** A movement, a touch or a key. */
  note(nowMs: number): void {
    this.#lastMs = nowMs;
  }

  /** The pointer left, or a tap asked for the bare picture. */
  drop(): void {
    this.#lastMs = Number.NEGATIVE_INFINITY;
  }

  /** `isHeld`: the controls must stay, because it does not play, or a keyboard is among them, or a panel is open. */
  isShown(nowMs: number, isHeld: boolean): boolean {
    return isHeld || nowMs - this.#lastMs < HIDE_MS;
  }
}
