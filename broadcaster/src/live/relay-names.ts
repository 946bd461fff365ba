/** Decides which relays the broadcaster names, in its catalog and in the DHT, and when it says so anew. */

import { ITEM_RELAYS_MAX, isPublicOrigin, Limits } from '@freshet/proto';

/** Between two catalogs because of other relays: each goes to every viewer. */
export const CATALOG_RELAYS_MS = 10_000;

/** Between two items because of other relays: each is stored at a dozen nodes of the DHT. */
export const ITEM_RELAYS_MS = 60_000;

/** What the names are made of, and who takes them. */
export type RelayNamesOptions = {
  /** Origin of the broadcaster's own relay, if others reach it. */
  readonly own: string | undefined;
  /** Private addresses may be named in the DHT: it is one of a network of one's own. */
  readonly isPrivateAllowed: boolean;
  /** Origins of the relays below that are proven, those that came first in front. */
  readonly below: () => readonly string[];
  /** Takes the list for the catalog. */
  readonly nameInCatalog: (relays: readonly string[]) => void;
  /** Takes the list for the DHT. */
  readonly nameInItem: (relays: readonly string[]) => void;
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
};

/** Call {@link tick} about once a second. Says nothing twice, and nothing while there is nobody to name. */
export class RelayNames {
  readonly #options: RelayNamesOptions;
  readonly #catalog: Place;
  readonly #item: Place;

  constructor(options: RelayNamesOptions) {
    this.#options = options;
    this.#catalog = new Place(CATALOG_RELAYS_MS, options.nameInCatalog);
    this.#item = new Place(ITEM_RELAYS_MS, options.nameInItem);
  }

  /** Looks who is there now. */
  tick(): void {
    const { own, isPrivateAllowed, now } = this.#options;
    const below = this.#options.below();
    const open = isPrivateAllowed ? below : below.filter(isPublicOrigin);
    // A private address means something else, or nothing, to viewers elsewhere: it is for broadcasts within one house.
    const isForHouse = open.length === 0 && (own === undefined || !isPublicOrigin(own));
    this.#catalog.tell(listOf(own, isForHouse ? below : open, Limits.CATALOG_RELAYS_MAX), now());
    this.#item.tell(listOf(own, open, ITEM_RELAYS_MAX), now());
  }
}

/** Where relays are named, and what was said there last. */
class Place {
  readonly #everyMs: number;
  readonly #say: (relays: readonly string[]) => void;
  #said = '';
  #nextAt = Number.NEGATIVE_INFINITY;

  constructor(everyMs: number, say: (relays: readonly string[]) => void) {
    this.#everyMs = everyMs;
    this.#say = say;
  }

  /** Says the list if others are in it than before, as soon as it may. */
  tell(relays: readonly string[], nowMs: number): void {
    const set = [...relays].sort().join(' ');
    if (set === this.#said || nowMs < this.#nextAt) return;
    this.#said = set;
    this.#nextAt = nowMs + this.#everyMs;
    this.#say(relays);
  }
}

function listOf(own: string | undefined, others: readonly string[], countMax: number): readonly string[] {
  return [...new Set([...(own === undefined ? [] : [own]), ...others])].slice(0, countMax);
}
