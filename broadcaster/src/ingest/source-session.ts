/** The life of a started source: what it says, and how it is stopped. */

import type { MediaEvent, MediaSource } from './media-event.js';
import { asSourceError, SourceError } from './source-error.js';

/** What a source's body works with. */
export class SourceSession {
  readonly #onEvent: (event: MediaEvent) => void;
  readonly #stops = new Set<() => Promise<void>>();
  readonly #wakes = new Set<() => void>();
  #isStopping = false;

  /** Events go to `onEvent` until `stop`. */
  constructor(onEvent: (event: MediaEvent) => void) {
    this.#onEvent = onEvent;
  }

  /** The body is to return soon. */
  get isStopping(): boolean {
    return this.#isStopping;
  }

  /** Says something, unless the source is being stopped. */
  emit(event: MediaEvent): void {
    if (!this.#isStopping) this.#onEvent(event);
  }

  /**
   * Runs `work` while `stop` calls `stopWork`, which must make `work` end soon. Already being stopped, it is called
   * at once.
   */
  async during<T>(stopWork: () => Promise<unknown>, work: Promise<T>): Promise<T> {
    const stop = async (): Promise<void> => {
      await stopWork();
    };
    this.#stops.add(stop);
    if (this.#isStopping) await stop();
    try {
      return await work;
    } finally {
      this.#stops.delete(stop);
    }
  }

  /** Resolves after `delayMs`, or as soon as the source is stopped. */
  async sleep(delayMs: number): Promise<void> {
    if (this.#isStopping) return;
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#wakes.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, delayMs);
      this.#wakes.add(wake);
    });
  }

  /** Stops everything that is under way. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    for (const wake of this.#wakes) wake();
    await Promise.all([...this.#stops].map((stop) => stop()));
  }
}

/** A source whose whole life is one asynchronous function, which returns when it is over or being stopped. */
export class SessionSource implements MediaSource {
  readonly #body: (session: SourceSession) => Promise<void>;
  #session: SourceSession | undefined;
  #life: Promise<void> = Promise.resolve();
  #isStopped = false;

  /** `body` may throw `SourceError`, which becomes `failed`. */
  constructor(body: (session: SourceSession) => Promise<void>) {
    this.#body = body;
  }

  start(onEvent: (event: MediaEvent) => void): void {
    if (this.#session !== undefined || this.#isStopped) return;
    const session = new SourceSession(onEvent);
    this.#session = session;
    this.#life = this.#live(session);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#session?.stop();
    await this.#life;
  }

  async #live(session: SourceSession): Promise<void> {
    // Lets `start` return before the first event.
    await Promise.resolve();
    try {
      await this.#body(session);
    } catch (error) {
      session.emit({ kind: 'failed', error: failureOf(error) });
    }
  }
}

function failureOf(error: unknown): SourceError {
  try {
    return asSourceError(error);
  } catch {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The source stopped unexpectedly (${reason}); start again.`;
    return new SourceError('ffmpeg-died', message, error);
  }
}
