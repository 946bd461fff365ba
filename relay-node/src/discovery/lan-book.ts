/** Relays seen in the LAN, for as long as they say. */

/** Relays remembered; beyond it the one not heard of for longest is forgotten. */
export const LAN_RELAYS_MAX = 64;

/** Relays of one address; beyond it its oldest is forgotten, so that no single machine fills the book. */
export const LAN_RELAYS_PER_ADDRESS_MAX = 8;

/** Channels remembered of one relay; beyond it the one named longest ago is forgotten. */
export const LAN_CHANNELS_PER_RELAY_MAX = 256;

/** What was heard of a relay. */
export type LanSighting = {
  readonly address: string;
  readonly origin: string;
  readonly channels: readonly string[];
  /** Monotonic milliseconds; a time that is over takes the relay out of the book. */
  readonly untilMs: number;
};

type Entry = { readonly address: string; readonly origin: string; readonly channels: Map<string, number> };

/** The book. */
export class LanBook {
  /** By origin; the one heard of last is at the end. */
  readonly #relays = new Map<string, Entry>();

  /** Relays in it, also those whose time is over. */
  get size(): number {
    return this.#relays.size;
  }

  /** Writes down what a relay said. One record names a few of its channels only, so that the others are kept. */
  note({ address, origin, channels, untilMs }: LanSighting, nowMs: number): void {
    const entry = this.#relays.get(origin) ?? { address, origin, channels: new Map<string, number>() };
    this.#relays.delete(origin);
    if (untilMs <= nowMs) return;
    for (const channel of channels) {
      entry.channels.delete(channel);
      entry.channels.set(channel, untilMs);
      dropFirstBeyond(entry.channels, LAN_CHANNELS_PER_RELAY_MAX);
    }
    const ofAddress = [...this.#relays.values()].filter((other) => other.address === address);
    if (ofAddress.length >= LAN_RELAYS_PER_ADDRESS_MAX) this.#relays.delete(ofAddress[0]?.origin ?? '');
    this.#relays.set(origin, entry);
    dropFirstBeyond(this.#relays, LAN_RELAYS_MAX);
  }

  /** Origins of relays that carry the channel, the one heard of last first. */
  originsOf(channel: string, nowMs: number): readonly string[] {
    return [...this.#relays.values()]
      .filter(({ channels }) => (channels.get(channel) ?? 0) > nowMs)
      .map(({ origin }) => origin)
      .reverse();
  }
}

function dropFirstBeyond(entries: Map<string, unknown>, countMax: number): void {
  const [first] = entries.keys();
  if (entries.size > countMax && first !== undefined) entries.delete(first);
}
