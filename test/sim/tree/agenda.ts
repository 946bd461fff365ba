/** What will happen to the wiring of a cell: few events, so a plain binary heap. Equal times keep their order. */

/** Something due. */
export type Due<T> = { readonly atMs: number; readonly number: number; readonly what: T };

const isBefore = <T>(a: Due<T>, b: Due<T>): boolean =>
  a.atMs < b.atMs || (a.atMs === b.atMs && a.number < b.number);

/** A queue by time. */
export class Agenda<T> {
  readonly #heap: Due<T>[] = [];
  #count = 0;

  /** When the next is due; infinity when nothing is. */
  get nextMs(): number {
    return this.#heap[0]?.atMs ?? Number.POSITIVE_INFINITY;
  }

  /** Adds one. */
  add(atMs: number, what: T): void {
    const entry = { atMs, number: this.#count++, what };
    let index = this.#heap.length;
    this.#heap.push(entry);
    while (index > 0) {
      const above = (index - 1) >> 1;
      const other = this.#heap[above];
      if (!other || !isBefore(entry, other)) break;
      this.#heap[index] = other;
      index = above;
    }
    this.#heap[index] = entry;
  }

  /** Takes the next out; `undefined` when there is none. */
  take(): Due<T> | undefined {
    const first = this.#heap[0];
    const last = this.#heap.pop();
    if (!first || !last || this.#heap.length === 0) return first;
    this.#sink(last);
    return first;
  }

  #sink(entry: Due<T>): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      let below = 2 * index + 1;
      let child = heap[below];
      if (!child) break;
      const right = heap[below + 1];
      if (right && isBefore(right, child)) {
        below++;
        child = right;
      }
      if (!isBefore(child, entry)) break;
      heap[index] = child;
      index = below;
    }
    heap[index] = entry;
  }
}
