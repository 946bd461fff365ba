/** What a viewer tells its relay of its playing. */

import { PLAYING_MS } from '../limits.js';
import { addMs, type MonoMs } from '../time.js';
import type { Playing } from '../wire/playing.js';

/** Counts since the viewer began. */
export type PlayCounts = {
  readonly latencyMs: number;
  readonly stallCount: number;
  readonly stallMs: number;
  readonly relayBytes: number;
  readonly peerBytes: number;
  readonly givenBytes: number;
};

const NOTHING: PlayCounts = {
  latencyMs: 0,
  stallCount: 0,
  stallMs: 0,
  relayBytes: 0,
  peerBytes: 0,
  givenBytes: 0,
};

/** Turns counts that grow into a message about what was new. */
export class PlayReporter {
  #told = NOTHING;
  #toldAt: MonoMs | undefined;

  /** Whether it is time to tell; the first time is a quarter of the usual time after the first call. */
  isDue(now: MonoMs): boolean {
    this.#toldAt ??= addMs(now, -PLAYING_MS * 0.75);
    return now >= addMs(this.#toldAt, PLAYING_MS);
  }

  /** The message about what was new since the last one. */
  tell(now: MonoMs, renditionId: number, counts: PlayCounts): Playing {
    const told = this.#told;
    const since = (key: keyof PlayCounts): number => Math.max(0, Math.round(counts[key] - told[key]));
    const spanMs = Math.round(now - (this.#toldAt ?? now));
    this.#told = counts;
    this.#toldAt = now;
    return {
      kind: 'playing',
      renditionId,
      latencyMs: Math.max(0, Math.round(counts.latencyMs)),
      stalls: since('stallCount'),
      stallMs: since('stallMs'),
      spanMs,
      relayBytes: since('relayBytes'),
      peerBytes: since('peerBytes'),
      givenBytes: since('givenBytes'),
    };
  }
}
