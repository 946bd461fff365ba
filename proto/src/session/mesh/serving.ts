/** What a viewer grants its neighbours: stripes that they subscribe to, pieces that they miss. */

import { PLAYOUT_LAG_MS } from '../../limits.js';
import { stripeOf } from '../../piece/header.js';
import type { Piece } from '../../piece/piece.js';
import { addMs, type MonoMs } from '../../time.js';
import type { Subscribe } from '../../wire/control.js';
import type { MeshMessage } from '../../wire/mesh-messages.js';
import type { ClockSync } from '../clock-sync.js';
import type { SessionContext } from '../context.js';
import type { PieceWindow } from '../window.js';
import type { Neighbour } from './neighbour.js';
import type { Neighbours } from './neighbours.js';
import type { Pushing } from './pushing.js';
import type { StripeSources } from './stripe-sources.js';

/** What is being served. */
export type Served = {
  readonly renditionId: number;
  /** Announced bits per second. */
  readonly bitrate: number;
  readonly sources: StripeSources;
};

/** Answers neighbours' subscriptions and requests, and pushes what comes. */
export class Serving {
  /** How far behind the capture this viewer plays, for want of a better guess its neighbours too. */
  lagMs: number = PLAYOUT_LAG_MS;
  /** Whether anything may be uploaded at all. */
  isAllowed: boolean;
  served: Served | undefined;
  readonly #context: SessionContext;
  readonly #clock: ClockSync;
  readonly #neighbours: Neighbours;
  readonly #pushing: Pushing;
  readonly #window: (renditionId: number) => PieceWindow | undefined;

  constructor(parts: {
    context: SessionContext;
    clock: ClockSync;
    neighbours: Neighbours;
    pushing: Pushing;
    window: (renditionId: number) => PieceWindow | undefined;
    isAllowed: boolean;
  }) {
    this.#context = parts.context;
    this.#clock = parts.clock;
    this.#neighbours = parts.neighbours;
    this.#pushing = parts.pushing;
    this.#window = parts.window;
    this.isAllowed = parts.isAllowed;
  }

  /** When the picture that a piece belongs to is shown, on this node's clock. */
  deadline(captureMs: number): MonoMs {
    const { now } = this.#context;
    const broadcastMs = this.#clock.broadcastAt(now) ?? captureMs;
    return addMs(now, captureMs + this.lagMs - broadcastMs);
  }

  /** A new piece: to every neighbour that takes its stripe, but the one it came from. Returns its deadline. */
  push(piece: Piece, stripe: number, from: Neighbour | undefined): MonoMs {
    const deadline = this.deadline(piece.header.captureMs);
    for (const child of this.#neighbours.takers(stripe))
      if (child !== from) this.#pushing.push(child, piece, deadline);
    this.#pushing.drain();
    return deadline;
  }

  /**
   * A neighbour asks for stripes: those that the plan gives it, and as a stand-in what the uplink has room for. One that
   * is fed already goes on being fed while nothing new may be uploaded: the relay finds it another parent.
   */
  feed(neighbour: Neighbour, { renditionId, stripeMask, from }: Subscribe): void {
    const { served } = this;
    if (!served || renditionId !== served.renditionId)
      return this.#neighbours.say(neighbour, { kind: 'declined', renditionId, stripeMask });
    const { sources } = served;
    let declined = 0;
    let taken = 0;
    let extraCount = 0;
    for (let stripe = 0; stripe < sources.count; stripe++) {
      const bit = 2 ** stripe;
      if ((stripeMask & bit) === 0) continue;
      const isFed = (neighbour.takenMask & bit) !== 0;
      const isPlanned = this.isAllowed && (neighbour.plan.childMask & bit) !== 0;
      // Who feeds this viewer the stripe cannot get it from here.
      const isCircle = sources.current(stripe) === neighbour;
      if (isCircle || !(isFed || isPlanned || this.#hasRoom(served, extraCount)))
        declined = (declined | bit) >>> 0;
      else {
        taken = (taken | bit) >>> 0;
        if (!isFed) extraCount++;
      }
    }
    const added = taken & ~neighbour.takenMask;
    neighbour.takenMask = taken;
    this.#neighbours.updateTakers();
    this.#pushing.setChild(neighbour);
    if (declined !== 0)
      this.#neighbours.say(neighbour, { kind: 'declined', renditionId, stripeMask: declined });
    if (from !== undefined && added !== 0) this.#catchUp(neighbour, served, added, from);
  }

  /** A neighbour takes nothing any more. */
  unfeed(neighbour: Neighbour): void {
    neighbour.takenMask = 0;
    this.#neighbours.updateTakers();
    this.#pushing.removeChild(neighbour);
  }

  /** A neighbour misses pieces. One that asks for far too much is left. */
  repair(neighbour: Neighbour, { renditionId, sequences }: Extract<MeshMessage, { kind: 'request' }>): void {
    const window = this.isAllowed ? this.#window(renditionId) : undefined;
    const missing: number[] = [];
    for (const sequence of sequences) {
      const piece = window?.get(sequence);
      if (!piece) {
        missing.push(sequence);
        continue;
      }
      if (this.#pushing.repair(neighbour, piece, this.deadline(piece.header.captureMs)) === 'ok') continue;
      return this.#neighbours.flooded(neighbour);
    }
    if (missing.length > 0)
      this.#neighbours.say(neighbour, { kind: 'missing', renditionId, sequences: missing });
    this.#pushing.drain();
  }

  #catchUp(neighbour: Neighbour, served: Served, added: number, from: number): void {
    for (const piece of this.#window(served.renditionId)?.piecesFrom(from) ?? []) {
      const bit = 2 ** stripeOf(piece.header.sequence, served.sources.count);
      if ((added & bit) === 0) continue;
      const deadline = this.deadline(piece.header.captureMs);
      if (deadline > this.#context.now) this.#pushing.push(neighbour, piece, deadline);
    }
    this.#pushing.drain();
  }

  /** Whether one more stripe can be fed, beside those that are and so many more. */
  #hasRoom({ bitrate, sources }: Served, extraCount: number): boolean {
    const stripeBps = bitrate / sources.count;
    const count = this.#neighbours.takenCount + extraCount + 1;
    return this.isAllowed && count * stripeBps <= this.#pushing.uplinkBps;
  }
}
