/** Edges that viewers brought from an earlier relay, whose parents may come here soon. */

import { addMs, type MonoMs } from '../time.js';
import { KEPT_MAX, KEPT_WAIT_MS } from './limits.js';
import type { Seat } from './member.js';
import { type PeerId, RELAY } from './types.js';

type Waiting = { readonly seat: Seat; readonly parent: PeerId; readonly until: MonoMs };

/** Remembers at most {@link KEPT_MAX} edges for {@link KEPT_WAIT_MS}; further ones are refused. */
export class KeptEdges {
  readonly #byParent = new Map<PeerId, Seat[]>();
  /** In the order of their ends, since each waits for the same time. */
  #waiting: Waiting[] = [];
  #next = 0;

  /** The seat awaits this parent. False when there is no room to remember it. */
  add(now: MonoMs, seat: Seat, parent: PeerId): boolean {
    if (this.#waiting.length - this.#next >= KEPT_MAX) return false;
    seat.awaits = parent;
    this.#waiting.push({ seat, parent, until: addMs(now, KEPT_WAIT_MS) });
    const seats = this.#byParent.get(parent);
    if (seats) seats.push(seat);
    else this.#byParent.set(parent, [seat]);
    return true;
  }

  /** The seats that await this viewer, which has come; they are forgotten here. */
  take(parent: PeerId): readonly Seat[] {
    const seats = this.#byParent.get(parent) ?? [];
    this.#byParent.delete(parent);
    return seats.filter((seat) => seat.awaits === parent && seat.member.isHere);
  }

  /** The next seat whose parent did not come in time, or `undefined`. */
  pollExpired(now: MonoMs): Seat | undefined {
    for (let entry = this.#waiting[this.#next]; entry; entry = this.#waiting[this.#next]) {
      if (entry.until > now) return undefined;
      this.#next++;
      if (this.#next > 1_000 && this.#next * 2 > this.#waiting.length) {
        this.#waiting = this.#waiting.slice(this.#next);
        this.#next = 0;
      }
      const { seat, parent } = entry;
      this.#forget(seat, parent);
      if (seat.awaits === parent && parent !== RELAY && seat.member.isHere) return seat;
    }
    return undefined;
  }

  #forget(seat: Seat, parent: PeerId): void {
    const seats = this.#byParent.get(parent);
    // Both lists are in the order of arrival, so the one that expires is the first.
    if (seats?.[0] !== seat) return;
    seats.shift();
    if (seats.length === 0) this.#byParent.delete(parent);
  }
}
