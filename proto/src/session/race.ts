/** When a parent that takes long to open is raced with another one (RFC 8305 §5, for relays in place of addresses). */

import { RACE_MS, RACE_TURN_MS } from '../limits.js';
import { addMs, type MonoMs } from '../time.js';
import type { ParentBook } from './parent-book.js';
import type { ParentLink } from './parent-link.js';

/**
 * When the next parent is to be dialled beside `active`, in the place of `rival` if there is one; `undefined` when the
 * race is over or nobody is left to dial.
 */
export function raceDue(
  book: ParentBook,
  active: ParentLink | undefined,
  rival: ParentLink | undefined,
): MonoMs | undefined {
  if (!active || active.phase === 'ready') return undefined;
  const known = book.nextTimeout(active.entry, rival?.entry);
  if (known === undefined) return undefined;
  const due = rival ? addMs(rival.dialledAt, RACE_TURN_MS) : addMs(active.dialledAt, RACE_MS);
  return known > due ? known : due;
}
