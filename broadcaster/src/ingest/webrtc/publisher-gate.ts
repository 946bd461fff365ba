/** Who may publish into the broadcast from a browser or by WHIP: one at a time. */

import type { MediaFrame } from '../rtp/index.js';

/** A publisher that drops has this long to come back before it counts as gone. */
export const COMEBACK_MS = 120_000;

/** One that delivers media. */
export interface Publisher {
  /** The same for the same studio page after a reconnect; anything new for others. */
  readonly id: string;
  readonly via: 'studio' | 'WHIP';
  /** It has lost its place; `why` is a sentence for the person behind it. */
  dismiss(why: string): void;
  /** A keyframe is needed. */
  requestKeyframe(): void;
}

/** What becomes of one that wants to publish. */
export type GateAnswer = { readonly ok: true } | { readonly ok: false; readonly why: string };

/** Whether somebody publishes. */
export type GateStatus =
  | { readonly state: 'empty' }
  | { readonly state: 'publishing'; readonly via: Publisher['via'] }
  | { readonly state: 'away'; readonly via: Publisher['via']; readonly msLeft: number };

/** Where the frames go, and who takes note of changes. */
export type GateSink = {
  onFrame(frame: MediaFrame): void;
  /** The publisher is another, or the same anew. */
  onEnter(publisher: Publisher): void;
  /** Nobody publishes; `why` fits after "waiting". */
  onLeave(why: string): void;
};

/** Pure but for its callbacks; `nowMs` is of any clock that does not go back. */
export class PublisherGate {
  readonly #isTakeover: boolean;
  readonly #listeners = new Set<() => void>();
  #sink: GateSink | undefined;
  #current: Publisher | undefined;
  #away: { readonly via: Publisher['via']; readonly untilMs: number } | undefined;

  /** With `isTakeover`, whoever comes last publishes; else whoever came first. */
  constructor(options: { readonly isTakeover: boolean }) {
    this.#isTakeover = options.isTakeover;
  }

  /** The one source that the media goes to; one that is there already is told of. */
  connect(sink: GateSink): void {
    this.#sink = sink;
    if (this.#current) sink.onEnter(this.#current);
  }

  /** Calls `listener` after every change, until the result is called. */
  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The one that publishes now. */
  get current(): Publisher | undefined {
    return this.#current;
  }

  /** Whether somebody with this id would get in. */
  admits(id: string): GateAnswer {
    const current = this.#current;
    if (!current || current.id === id || this.#isTakeover) return { ok: true };
    const why = `Somebody is publishing already, by ${current.via === 'WHIP' ? 'WHIP' : 'a studio page'}. Stop that one first, or start with --takeover.`;
    return { ok: false, why };
  }

  /** Lets a publisher in, or says why not. The one before loses its place. */
  enter(publisher: Publisher): GateAnswer {
    const answer = this.admits(publisher.id);
    if (!answer.ok || this.#current === publisher) return answer;
    const before = this.#current;
    this.#current = publisher;
    this.#away = undefined;
    before?.dismiss(
      before.id === publisher.id
        ? 'The broadcast goes on from a newer connection.'
        : 'Somebody else has taken over the broadcast.',
    );
    this.#sink?.onEnter(publisher);
    this.#tell();
    return answer;
  }

  /** A publisher is gone; does nothing for one that has lost its place before. */
  leave(nowMs: number, publisher: Publisher, why: string): void {
    if (this.#current !== publisher) return;
    this.#current = undefined;
    this.#away = { via: publisher.via, untilMs: nowMs + COMEBACK_MS };
    this.#sink?.onLeave(why);
    this.#tell();
  }

  /** Passes media on; that of anybody but the publisher is dropped. */
  push(publisher: Publisher, frame: MediaFrame): void {
    if (this.#current === publisher) this.#sink?.onFrame(frame);
  }

  /** Who publishes, or for how long somebody is still expected back. */
  status(nowMs: number): GateStatus {
    if (this.#current) return { state: 'publishing', via: this.#current.via };
    const away = this.#away;
    if (!away || nowMs >= away.untilMs) return { state: 'empty' };
    return { state: 'away', via: away.via, msLeft: away.untilMs - nowMs };
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
