/** The loop that every adapter runs around a session: hand in, drain, set the next timer. */

import { type MonoMs, monoMs } from '../time.js';
import type { Input, Output } from './io.js';
import type { Session } from './session.js';

/** What the platform does for a session. */
export interface RunnerEffects {
  /** The platform's monotonic clock, in milliseconds. */
  now(): number;
  /** Carries out one output. May hand inputs in while it runs. */
  carryOut(output: Output): void;
  /** Calls back once after `delayMs`; returns what cancels it. */
  startTimer(delayMs: number, callback: () => void): () => void;
}

/** A timer this much behind its time is not the timer's grain. */
const TIMER_LATE_MS = 15;

/**
 * Runs one session until {@link close}. An input that comes while outputs are carried out joins the running drain, so
 * outputs are always carried out one after the other and in order.
 */
export class SessionRunner {
  readonly session: Session;
  readonly #effects: RunnerEffects;
  #isDraining = false;
  #isClosed = false;
  #cancelTimer: () => void = () => undefined;
  #timerDue = Number.POSITIVE_INFINITY;

  constructor(session: Session, effects: RunnerEffects) {
    this.session = session;
    this.#effects = effects;
  }

  /** The time, as the session sees it. */
  now(): MonoMs {
    return monoMs(this.#effects.now());
  }

  /** Hands an input in and carries out what follows. Ignored after {@link close}. */
  handle(input: Input): void {
    if (this.#isClosed) return;
    this.session.handleInput(this.now(), input);
    this.#drain();
  }

  /** Closes the session, carries out what that asks for, and stops the timer. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.session.close();
    this.#drain();
    this.#isClosed = true;
    this.#cancelTimer();
  }

  #drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    try {
      for (let output = this.session.pollOutput(); output; output = this.session.pollOutput())
        this.#effects.carryOut(output);
    } finally {
      this.#isDraining = false;
    }
    this.#arm();
  }

  /** One timer, moved only when the next deadline is earlier: a deadline that moved on costs one idle wake-up. */
  #arm(): void {
    const due = this.session.nextTimeout() ?? Number.POSITIVE_INFINITY;
    if (due >= this.#timerDue || this.#isClosed) return;
    this.#cancelTimer();
    this.#timerDue = due;
    this.#wait(due, Math.max(0, Math.ceil(due - this.#effects.now())));
  }

  /**
   * A timer that comes late says that the process was busy: what has arrived meanwhile goes first, one turn of the event
   * loop longer, or whoever sent it would look silent.
   */
  #wait(due: number, delayMs: number, isSecond: boolean = false): void {
    this.#cancelTimer = this.#effects.startTimer(delayMs, () => {
      if (!isSecond && this.#effects.now() - due > TIMER_LATE_MS) return this.#wait(due, 0, true);
      this.#timerDue = Number.POSITIVE_INFINITY;
      this.handle({ kind: 'timeout' });
    });
  }
}
