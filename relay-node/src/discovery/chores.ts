/** Work that is done again and again, one piece at a time: what a relay keeps alive in the DHT. */

/** Does it once, and says after how many milliseconds it is due again. Must not reject. */
export type Chore = (signal: AbortSignal) => Promise<number>;

type Entry = { readonly chore: Chore; readonly abort: AbortController; dueAtMs: number };

/** The clock that chores go by; a virtual one in tests. */
export type ChoreClock = {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Calls back once after a delay; the result calls it off. */
  readonly after: (delayMs: number, run: () => void) => () => void;
};

/** The clock of this process. It does not keep the process alive. */
export const PROCESS_CLOCK: ChoreClock = {
  now: () => performance.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs).unref();
    return () => clearTimeout(timer);
  },
};

/** Runs the chore that is due longest, then the next: however many there are, they never run side by side. */
export class Chores {
  readonly #clock: ChoreClock;
  readonly #entries = new Map<string, Entry>();
  #isClosed = false;
  #cancelTimer: (() => void) | undefined;
  #isRunning = false;

  constructor(clock: ChoreClock = PROCESS_CLOCK) {
    this.#clock = clock;
  }

  /** Chores that are kept. */
  get size(): number {
    return this.#entries.size;
  }

  /** Whether there is one of that name. */
  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** Keeps a chore, due now, in place of one of the same name. The signal is aborted once it is no longer kept. */
  set(name: string, chore: Chore): AbortSignal {
    this.delete(name);
    const abort = new AbortController();
    if (this.#isClosed) abort.abort();
    else this.#entries.set(name, { chore, abort, dueAtMs: this.#clock.now() });
    this.#plan();
    return abort.signal;
  }

  /** Forgets a chore, and aborts it if it is running. */
  delete(name: string): void {
    this.#entries.get(name)?.abort.abort();
    this.#entries.delete(name);
  }

  /** Forgets all, and keeps no more. */
  close(): void {
    this.#isClosed = true;
    for (const name of [...this.#entries.keys()]) this.delete(name);
    this.#cancelTimer?.();
  }

  #plan(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const next = this.#next();
    if (this.#isRunning || !next) return;
    const delayMs = Math.max(0, next.dueAtMs - this.#clock.now());
    this.#cancelTimer = this.#clock.after(delayMs, () => void this.#run());
  }

  #next(): Entry | undefined {
    let first: Entry | undefined;
    for (const entry of this.#entries.values()) if (!first || entry.dueAtMs < first.dueAtMs) first = entry;
    return first;
  }

  async #run(): Promise<void> {
    const entry = this.#next();
    if (!entry || this.#isRunning) return;
    this.#isRunning = true;
    const delayMs = await entry.chore(entry.abort.signal);
    entry.dueAtMs = this.#clock.now() + delayMs;
    this.#isRunning = false;
    this.#plan();
  }
}
