/** A binary heap of jobs by {@link comparePush}, and the line of those that fell behind. */

import { comparePush, type PushRank } from './order.js';

/** First in, first out by {@link comparePush}; push and pop cost O(log n). */
export class PushHeap<T extends PushRank> {
  readonly #items: T[] = [];

  /** Jobs held. */
  get size(): number {
    return this.#items.length;
  }

  /** The job that goes first. */
  get head(): T | undefined {
    return this.#items[0];
  }

  /** Adds a job. */
  push(item: T): void {
    const items = this.#items;
    let index = items.length;
    items.push(item);
    while (index > 0) {
      const above = (index - 1) >>> 1;
      const parent = items[above];
      if (parent === undefined || comparePush(parent, item) <= 0) break;
      items[index] = parent;
      index = above;
    }
    items[index] = item;
  }

  /** Takes the job that goes first. */
  pop(): T | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) return first;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const a = items[left];
      if (a === undefined) break;
      const b = items[left + 1];
      const isRight = b !== undefined && comparePush(b, a) < 0;
      const least = isRight ? b : a;
      if (comparePush(last, least) <= 0) break;
      items[index] = least;
      index = isRight ? left + 1 : left;
    }
    items[index] = last;
    return first;
  }
}

/**
 * Jobs past their due time, in the order in which they fell behind, which is that of their deadlines. The newest is
 * taken at the end, the one with the least chance at the front; both cost O(1), amortised.
 */
export class TardyLine<T extends PushRank> {
  #items: T[] = [];
  #front = 0;

  /** Jobs held. */
  get size(): number {
    return this.#items.length - this.#front;
  }

  /** The latest job. */
  get head(): T | undefined {
    return this.size > 0 ? this.#items[this.#items.length - 1] : undefined;
  }

  /** The earliest job, which has the least chance. */
  get last(): T | undefined {
    return this.#items[this.#front];
  }

  /** Adds a job that fell behind. */
  push(item: T): void {
    this.#items.push(item);
  }

  /** Takes the latest job. */
  pop(): T | undefined {
    const item = this.size > 0 ? this.#items.pop() : undefined;
    this.#compact();
    return item;
  }

  /** Takes the earliest job. */
  shift(): T | undefined {
    const item = this.#items[this.#front];
    if (item !== undefined) this.#front++;
    this.#compact();
    return item;
  }

  /** What was taken at the front is let go once it is the greater part. */
  #compact(): void {
    if (this.#front * 2 <= this.#items.length) return;
    this.#items = this.#items.slice(this.#front);
    this.#front = 0;
  }
}
