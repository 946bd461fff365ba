/** A clock for work that is done again and again, moved by hand. */

import type { ChoreClock } from '../../../../relay-node/src/discovery/chores.js';

/** A clock that stands until it is told to go on. */
export class HandClock implements ChoreClock {
  #nowMs = 0;
  #timer: { readonly atMs: number; readonly run: () => void } | undefined;

  readonly now = (): number => this.#nowMs;
  readonly after = (delayMs: number, run: () => void): (() => void) => {
    const timer = { atMs: this.#nowMs + delayMs, run };
    this.#timer = timer;
    return () => {
      if (this.#timer === timer) this.#timer = undefined;
    };
  };

  /** When the one timer rings; `undefined` without one. */
  get dueAtMs(): number | undefined {
    return this.#timer?.atMs;
  }

  /** Goes on to the timer, lets it ring, and waits for what follows. */
  async ring(): Promise<void> {
    const timer = this.#timer;
    this.#timer = undefined;
    this.#nowMs = timer?.atMs ?? this.#nowMs;
    timer?.run();
    for (let turn = 0; turn < 8; turn++) await Promise.resolve();
  }
}
