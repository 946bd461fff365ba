/** One list of possible parents from all that was found. */

import { CANDIDATES_LAN_MIN, CANDIDATES_MAX, ITEM_RELAYS_MAX } from './limits.js';
import { canonicalOrigin, isPublicOrigin } from './origin.js';

/** Origins of relays by where they come from, each best first. */
export type FoundRelays = {
  /** Named by the channel itself, in its signed item. */
  readonly item: readonly string[];
  /** Announced in the DHT by anybody. */
  readonly announced: readonly string[];
  /** Seen in the same LAN. */
  readonly lan: readonly string[];
};

/** What does not become a candidate. */
export type CandidateRules = {
  /** Takes private and loopback addresses from the DHT as well: for a DHT within a private network, and for tests. */
  readonly isPrivateAllowed: boolean;
  /** Origins of this very relay. */
  readonly own: readonly string[];
};

/**
 * The candidates, best first, each once: those that the channel names, then announced ones, then those of the LAN. At most
 * {@link CANDIDATES_MAX}; a few places are kept for the LAN, which still works when the internet does not.
 */
export function mergeCandidates(found: FoundRelays, rules: CandidateRules): readonly string[] {
  const taken = new Set(rules.own.flatMap((origin) => canonicalOrigin(origin) ?? []));
  const take = (origins: readonly string[], countMax: number, isPrivateAllowed: boolean): string[] => {
    const chosen: string[] = [];
    for (const text of origins) {
      if (chosen.length >= countMax) break;
      const origin = canonicalOrigin(text);
      if (origin === undefined || taken.has(origin)) continue;
      if (!isPrivateAllowed && !isPublicOrigin(origin)) continue;
      taken.add(origin);
      chosen.push(origin);
    }
    return chosen;
  };
  const item = take(found.item, ITEM_RELAYS_MAX, rules.isPrivateAllowed);
  const lanPlaces = Math.min(found.lan.length, CANDIDATES_LAN_MIN);
  const announced = take(found.announced, CANDIDATES_MAX - item.length - lanPlaces, rules.isPrivateAllowed);
  const lan = take(found.lan, CANDIDATES_MAX - item.length - announced.length, true);
  return [...item, ...announced, ...lan];
}
