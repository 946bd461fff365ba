/** Time in the simulator: a binary heap of who is to be woken when. Nothing ever waits for a real clock. */

import { type MonoMs, monoMs } from '@freshet/proto';

/** Something that asked to be woken; `tag` is the number it gave when it asked. */
export interface Wakeable {
  wake(tag: number): void;
}

/**
 * Events in order of their time, and of being scheduled where times are equal. Held as parallel arrays, so that an
 * event costs no object. An event cannot be taken back: whoever is woken checks whether it still wants to be.
 */
export class VirtualClock {
  #now: MonoMs = monoMs(0);
  #size = 0;
  #scheduled = 0;
  #at = new Float64Array(1024);
  #order = new Float64Array(1024);
  #tag = new Float64Array(1024);
  readonly #target: (Wakeable | undefined)[] = [];

  /** Milliseconds since the world began. */
  get now(): MonoMs {
    return this.#now;
  }

  /** When the next event is due; infinity when there is none. */
  get nextAt(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : (this.#at[0] ?? 0);
  }

  /** Wakes `target` at `at`, or now when that has passed. */
  schedule(at: number, target: Wakeable, tag: number): void {
    if (this.#size === this.#at.length) this.#grow();
    let slot = this.#size++;
    const time = Math.max(at, this.#now);
    const order = this.#scheduled++;
    while (slot > 0) {
      const parent = (slot - 1) >> 1;
      // A new event has the highest order: among equal times it stays behind.
      if ((this.#at[parent] ?? 0) <= time) break;
      this.#move(parent, slot);
      slot = parent;
    }
    this.#put(slot, time, order, tag, target);
  }

  /** Runs the next event and sets the time to it; `false` when there is none. */
  step(): boolean {
    if (this.#size === 0) return false;
    const target = this.#target[0];
    const tag = this.#tag[0] ?? 0;
    this.#now = monoMs(this.#at[0] ?? 0);
    this.#size--;
    this.#sinkLast();
    target?.wake(tag);
    return true;
  }

  /** Sets the time forward without an event; never past {@link nextAt}. */
  advanceTo(time: number): void {
    this.#now = monoMs(Math.min(Math.max(this.#now, time), this.nextAt));
  }

  /** Puts the last event into the empty root and lets it sink to its place. */
  #sinkLast(): void {
    const last = this.#size;
    const time = this.#at[last] ?? 0;
    const order = this.#order[last] ?? 0;
    const tag = this.#tag[last] ?? 0;
    const target = this.#target[last];
    this.#target[last] = undefined;
    if (last === 0) return;
    let slot = 0;
    for (;;) {
      let child = 2 * slot + 1;
      if (child >= last) break;
      if (child + 1 < last && this.#isBefore(child + 1, this.#at[child] ?? 0, this.#order[child] ?? 0))
        child++;
      if (!this.#isBefore(child, time, order)) break;
      this.#move(child, slot);
      slot = child;
    }
    this.#put(slot, time, order, tag, target);
  }

  #isBefore(slot: number, time: number, order: number): boolean {
    const at = this.#at[slot] ?? 0;
    return at < time || (at === time && (this.#order[slot] ?? 0) < order);
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#at[from] ?? 0, this.#order[from] ?? 0, this.#tag[from] ?? 0, this.#target[from]);
  }

  #put(slot: number, at: number, order: number, tag: number, target: Wakeable | undefined): void {
    this.#at[slot] = at;
    this.#order[slot] = order;
    this.#tag[slot] = tag;
    this.#target[slot] = target;
  }

  #grow(): void {
    const grown = (old: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> => {
      const bigger = new Float64Array(old.length * 2);
      bigger.set(old);
      return bigger;
    };
    this.#at = grown(this.#at);
    this.#order = grown(this.#order);
    this.#tag = grown(this.#tag);
  }
}
