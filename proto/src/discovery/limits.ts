/** Limits of finding relays without a centre. */

/** The version that {@link encodeItem} writes; items of another are refused. */
export const ITEM_VERSION = 1;

/** Bytes of a channel's item: with the four of its bencoded length they are the 1,000 that BEP 44 allows. Longer is refused. */
export const ITEM_BYTES_MAX = 996;

/** Relays that an item names; further ones are left out, an item with more is refused. */
export const ITEM_RELAYS_MAX = 8;

/** Characters of a relay's origin in an item: its length is one byte. Longer ones are left out. */
export const ITEM_ORIGIN_LENGTH_MAX = 255;

/** An item made longer ago is refused as stale. It is made anew every hour, and clocks may be an hour wrong. */
export const ITEM_AGE_MS_MAX: number = 24 * 3_600_000;

/** An item that says it is made so much later than now is refused: twice of what a clock may be wrong. */
export const ITEM_AHEAD_MS_MAX: number = 2 * 3_600_000;

/** Networks that a sample of announced relays is drawn from; see AnnouncedSample for which are dropped. */
export const SAMPLE_NETWORKS_MAX = 16;

/** Announced relays kept of one network (/24 or /48); of more, some chosen by lot are dropped. */
export const NETWORK_RELAYS_MAX = 2;

/** The same of a private network, where private addresses are allowed: there all relays are in one. */
export const PRIVATE_NETWORK_RELAYS_MAX = 8;

/** Relays that are handed on as possible parents, as many as a session remembers; what ranks behind is dropped. */
export const CANDIDATES_MAX = 16;

/** Of these, places kept for relays of the same LAN as long as there are any. */
export const CANDIDATES_LAN_MIN = 4;
