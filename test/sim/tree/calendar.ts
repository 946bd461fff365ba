/**
 * When the uplinks or downlinks of a cell are taken. Pieces come in order of sequence, not of time: one that is late in
 * one stripe must not hold up an earlier moment's work in another. So time is cut into slots, and a slot takes work
 * from where the last work in it ended, whoever comes first. What would fit before that within the same 4 ms goes behind:
 * never too early, at most a slot too late.
 */

const SLOT_MS = 4;
/** A power of two; 1,024 ms ahead. Work beyond is not booked: it is past every deadline. */
const SLOTS = 256;

/** One resource of every viewer of a cell. */
export class Calendar {
  readonly #count: number;
  /** Milliseconds from the slot's beginning that are gone: by slot, then viewer. */
  readonly #taken: Float32Array;
  /** The slot that holds the present, counted from time 0. */
  #first = 0;

  constructor(count: number) {
    this.#count = count;
    this.#taken = new Float32Array(count * SLOTS);
  }

  /** Nothing is booked before `nowMs` any more. */
  advance(nowMs: number): void {
    const first = Math.floor(nowMs / SLOT_MS);
    const passed = Math.min(SLOTS, first - this.#first);
    for (let slot = 0; slot < passed; slot++) {
      const from = ((this.#first + slot) & (SLOTS - 1)) * this.#count;
      this.#taken.fill(0, from, from + this.#count);
    }
    if (first > this.#first) this.#first = first;
  }

  /** Books `workMs` at `atMs` or as soon after as there is room; work may be split. Returns when it is done. */
  book(viewer: number, atMs: number, workMs: number): number {
    const end = this.#first + SLOTS;
    let slot = Math.max(this.#first, Math.floor(atMs / SLOT_MS));
    let nowMs = atMs;
    let left = workMs;
    for (; slot < end; slot++) {
      const entry = (slot & (SLOTS - 1)) * this.#count + viewer;
      const slotMs = slot * SLOT_MS;
      const fromMs = Math.max(nowMs, slotMs + (this.#taken[entry] ?? 0));
      const room = slotMs + SLOT_MS - fromMs;
      if (room <= 0) continue;
      if (left <= room) {
        this.#taken[entry] = fromMs + left - slotMs;
        return fromMs + left;
      }
      this.#taken[entry] = SLOT_MS;
      left -= room;
      nowMs = slotMs + SLOT_MS;
    }
    return Math.max(nowMs, end * SLOT_MS) + left;
  }
}
