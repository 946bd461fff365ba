/** What a viewer remembers of each link that pieces come or are asked over. */

import type { LinkId } from '../session/io.js';
import type { MonoMs } from '../time.js';
import type { Standing } from './choose.js';
import { areApart, type CaptureRange } from './gap.js';
import { LAG_TOLERANCE_MS_MIN, STANDINGS_MAX } from './limits.js';

/** What a source owes since it was last heard. */
export type Debt = {
  /** When the first of it should usually have come. */
  readonly dueAt: number;
  readonly captured: CaptureRange;
  /** When a second chunk of it has not come either; infinite while there is none, for one alone may be lost. */
  proofAt: number;
};

/** One link. */
export type LinkRecord = Standing & {
  heardAt: number;
  debt: Debt | undefined;
  /** When a piece of its was last marked late. */
  lateAt: number;
};

/** Records by link, at most {@link STANDINGS_MAX}: the one known longest goes first, and is made anew if needed. */
export class LinkBook {
  readonly #records = new Map<LinkId, LinkRecord>();

  /** For the choice of whom to ask. */
  get standings(): ReadonlyMap<LinkId, Standing> {
    return this.#records;
  }

  /** The record of a link. */
  of(link: LinkId): LinkRecord {
    const known = this.#records.get(link);
    if (known) return known;
    const [oldest] = this.#records.keys();
    if (this.#records.size >= STANDINGS_MAX && oldest !== undefined) this.#records.delete(oldest);
    const never = Number.NEGATIVE_INFINITY;
    const record = { openCount: 0, failures: 0, heardAt: never, debt: undefined, lateAt: never };
    this.#records.set(link, record);
    return record;
  }

  /** A piece came over the link. */
  heard(now: MonoMs, link: LinkId): void {
    const record = this.of(link);
    record.heardAt = now;
    record.debt = undefined;
  }

  /** The link owes a piece that should usually be here at `dueAt`. */
  owes(link: LinkId, dueAt: number, captured: CaptureRange): void {
    const record = this.of(link);
    record.debt ??= { dueAt, captured, proofAt: Number.POSITIVE_INFINITY };
    if (areApart(record.debt.captured, captured))
      record.debt.proofAt = Math.min(record.debt.proofAt, dueAt + LAG_TOLERANCE_MS_MIN);
  }

  /** Nothing is owed: after a sleep of this node, or a pause. */
  remit(): void {
    for (const record of this.#records.values()) record.debt = undefined;
  }

  /** A request to the link is over. `moot`: the piece came some other way, which says nothing of this link. */
  close(link: LinkId, how: 'served' | 'failed' | 'moot'): void {
    const record = this.of(link);
    record.openCount = Math.max(0, record.openCount - 1);
    if (how === 'served') record.failures = 0;
    else if (how === 'failed') record.failures++;
  }

  /** The link is gone. */
  forget(link: LinkId): void {
    this.#records.delete(link);
  }
}
