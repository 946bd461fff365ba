/** Where requests wait for media that is to come: bounded, for each channel and in all. */

import { BLOCKED_MAX, BLOCKED_MS_MAX, BLOCKED_PER_CHANNEL_MAX } from './limits.js';

/** Time from outside, so that tests need not wait. */
export interface HlsClock {
  /** Milliseconds on a monotonic clock. */
  now(): number;
  /** Calls back once after `delayMs` unless the returned function is called before. */
  startTimer(delayMs: number, callback: () => void): () => void;
}

/** How a wait ended. */
export type WaitResult = 'ready' | 'late' | 'full';

type Waiter = { readonly isReady: () => boolean; readonly end: (result: WaitResult) => void };

/** Counts the waiting requests of all channels. */
export class WaitingRoom {
  readonly clock: HlsClock;
  readonly countMax: number;
  /** Requests that wait now. */
  count = 0;

  constructor(clock: HlsClock, countMax: number = BLOCKED_MAX) {
    this.clock = clock;
    this.countMax = countMax;
  }
}

/** The waiting requests of one channel. */
export class WaitingLine {
  readonly #room: WaitingRoom;
  readonly #countMax: number;
  readonly #waiters = new Set<Waiter>();

  constructor(room: WaitingRoom, countMax: number = BLOCKED_PER_CHANNEL_MAX) {
    this.#room = room;
    this.#countMax = countMax;
  }

  /** Resolves when `isReady` holds, at once when it does already or when no room is left, and late in the end. */
  wait(isReady: () => boolean): Promise<WaitResult> {
    const room = this.#room;
    if (isReady()) return Promise.resolve('ready');
    if (this.#waiters.size >= this.#countMax || room.count >= room.countMax) return Promise.resolve('full');
    return new Promise((resolve) => {
      let stopTimer: () => void = () => undefined;
      const waiter: Waiter = {
        isReady,
        end: (result) => {
          if (!this.#waiters.delete(waiter)) return;
          room.count--;
          stopTimer();
          resolve(result);
        },
      };
      this.#waiters.add(waiter);
      room.count++;
      stopTimer = room.clock.startTimer(BLOCKED_MS_MAX, () => waiter.end('late'));
    });
  }

  /** Something has come: those for whom it is enough go on. */
  wake(): void {
    for (const waiter of this.#waiters) if (waiter.isReady()) waiter.end('ready');
  }

  /** Nothing comes any more: all go on with what there is. */
  close(): void {
    for (const waiter of this.#waiters) waiter.end('late');
  }
}
