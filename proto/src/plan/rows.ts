/** An index of the seats of one tree that may have children, by level. */

import { DEPTH_MAX } from './limits.js';
import { isInterior, type RowKind, type Seat, takeOut } from './member.js';

/**
 * Every seat whose viewer may have children in the stripe stands in one row of its level: `idle` without children,
 * `open` with children and a free slot, `full` without a free slot. All operations take constant time. The level of a
 * seat is a hint: {@link Rows.relevel} puts right what a walk to the root has found.
 */
export class Rows {
  readonly #rows: Readonly<Record<RowKind, Seat[][]>> = { idle: [], open: [], full: [] };
  #freeCount = 0;

  constructor() {
    for (const rows of Object.values(this.#rows))
      for (let level = 0; level <= DEPTH_MAX; level++) rows.push([]);
  }

  /** Seats with a free slot, on any level. */
  get freeCount(): number {
    return this.#freeCount;
  }

  /** Puts the seat into the row that its state asks for, or into none. */
  review(seat: Seat): void {
    const row = rowOf(seat);
    const level = Math.min(DEPTH_MAX, seat.level);
    if (row === seat.row && (row === undefined || level === seat.rowLevel)) return;
    this.remove(seat);
    if (row === undefined) return;
    seat.row = row;
    seat.rowLevel = level;
    seat.rowIndex = this.#row(row, level).push(seat) - 1;
    if (row !== 'full') this.#freeCount++;
  }

  /** Takes the seat out of its row. */
  remove(seat: Seat): void {
    if (seat.row === undefined) return;
    const moved = takeOut(this.#row(seat.row, seat.rowLevel), seat.rowIndex);
    if (moved) moved.rowIndex = seat.rowIndex;
    if (seat.row !== 'full') this.#freeCount--;
    seat.row = undefined;
  }

  /** The seat's level as a walk has found it. */
  relevel(seat: Seat, level: number): void {
    if (seat.level === level) return;
    seat.level = level;
    this.review(seat);
  }

  /** Seats of this level with a free slot. */
  freeAt(level: number): number {
    return this.#row('open', level).length + this.#row('idle', level).length;
  }

  /** The `index`-th of them. */
  free(level: number, index: number): Seat | undefined {
    const open = this.#row('open', level);
    return index < open.length ? open[index] : this.#row('idle', level)[index - open.length];
  }

  /** Seats of this level that have children. */
  parentsAt(level: number): number {
    return this.#row('open', level).length + this.#row('full', level).length;
  }

  /** The `index`-th of them. */
  parent(level: number, index: number): Seat | undefined {
    const open = this.#row('open', level);
    return index < open.length ? open[index] : this.#row('full', level)[index - open.length];
  }

  /** Seats of this level that may have children. */
  countAt(level: number): number {
    return this.parentsAt(level) + this.#row('idle', level).length;
  }

  /** The `index`-th of them. */
  seat(level: number, index: number): Seat | undefined {
    const parents = this.parentsAt(level);
    return index < parents ? this.parent(level, index) : this.#row('idle', level)[index - parents];
  }

  /** The deepest level on which a seat has children; 0 when none has. */
  deepestParents(): number {
    for (let level = DEPTH_MAX; level > 0; level--) if (this.parentsAt(level) > 0) return level;
    return 0;
  }

  #row(kind: RowKind, level: number): Seat[] {
    return this.#rows[kind][level] ?? [];
  }
}

function rowOf(seat: Seat): RowKind | undefined {
  if (!isInterior(seat)) return undefined;
  const hasRoom = seat.member.used < seat.member.slots;
  if (seat.children.length === 0) return hasRoom ? 'idle' : undefined;
  return hasRoom ? 'open' : 'full';
}
