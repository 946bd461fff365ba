/** The shape of the trees, for measurements: looks at every viewer. */

import type { Cell } from './cell.js';
import { STANDBYS_WANTED } from './limits.js';
import { countStandbys } from './standby.js';
import type { TreeQuality } from './types.js';

/** Measures the trees as they are. O(viewers * stripes * depth). */
export function treeQuality(cell: Cell): TreeQuality {
  const depths = cell.trees.map((): number[] => []);
  const interior = cell.trees.map(() => 0);
  let interiorInSeveral = 0;
  let distinct = 0;
  let withStandbys = 0;
  let delayMsMax = 0;
  for (const member of cell.list) {
    let interiorCount = 0;
    for (const seat of member.seats) {
      const { level, delayMs } = cell.treeOf(seat).placeOf(seat);
      const row = depths[seat.stripe] ?? [];
      while (row.length <= level) row.push(0);
      row[level] = (row[level] ?? 0) + 1;
      delayMsMax = Math.max(delayMsMax, delayMs);
      if (seat.children.length === 0) continue;
      interiorCount++;
      interior[seat.stripe] = (interior[seat.stripe] ?? 0) + 1;
    }
    if (interiorCount > 1) interiorInSeveral++;
    if (!member.seats.some((seat) => cell.hasDuplicate(seat))) distinct++;
    if (countStandbys(cell, member, STANDBYS_WANTED) >= STANDBYS_WANTED) withStandbys++;
  }
  const count = Math.max(1, cell.list.length);
  return {
    depths,
    interior,
    guests: cell.trees.map(({ guests }) => guests.length),
    interiorInSeveral,
    distinctParents: distinct / count,
    withTwoStandbys: withStandbys / count,
    delayMsMax,
  };
}
