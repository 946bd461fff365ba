/** A small sample of the relays that announced themselves, fair however many false ones there are. */

import type { Prng } from '../prng.js';
import { smallNetworkOf } from './ip-address.js';
import { NETWORK_RELAYS_MAX, PRIVATE_NETWORK_RELAYS_MAX, SAMPLE_NETWORKS_MAX } from './limits.js';
import { isPublicHost, plainOriginOf } from './origin.js';

/** How the sample chooses. */
export type SampleSettings = {
  /** Draws the lots. Its seed must be unknown to whoever announces. */
  readonly prng: Prng;
  /** Takes private and loopback addresses as well: for a DHT within a private network, and for tests. */
  readonly isPrivateAllowed: boolean;
};

/** What became of an announcement; `kept` may still be displaced, `known` is kept already, `dropped` has lost the draw. */
export type SampleVerdict = 'kept' | 'known' | 'dropped' | 'private-address' | 'malformed';

type Drawn = { readonly name: string; readonly lot: number };
type Network = Drawn & { readonly relays: Drawn[]; readonly relaysMax: number };

/**
 * Every network and every relay has a lot that depends on its name and the seed, and the lowest lots stay. So saying the
 * same often, or early, or with many addresses of one network, makes nobody likelier to be kept, and an announcement
 * costs one draw.
 */
export class AnnouncedSample {
  readonly #settings: SampleSettings;
  /** By lot, lowest first. */
  readonly #networks: Network[] = [];

  constructor(settings: SampleSettings) {
    this.#settings = settings;
  }

  /** Takes what the DHT says into account: an address and a port of a relay without TLS. Any text and number may come. */
  add(host: string, port: number): SampleVerdict {
    const isPublic = isPublicHost(host);
    const origin = plainOriginOf(host, port);
    if (origin === undefined) return 'malformed';
    if (!isPublic && !this.#settings.isPrivateAllowed) return 'private-address';
    const network = this.#networkOf(smallNetworkOf(host), isPublic);
    if (!network) return 'dropped';
    return insert(network.relays, this.#draw(origin), network.relaysMax);
  }

  /** The sample: one relay of every network, then the second ones, by lot. */
  origins(): readonly string[] {
    const rounds: string[] = [];
    for (let round = 0; round < PRIVATE_NETWORK_RELAYS_MAX; round++)
      for (const network of this.#networks) {
        const relay = network.relays[round];
        if (relay) rounds.push(relay.name);
      }
    return rounds;
  }

  /** The network in the sample; `undefined` when its lot is too high. */
  #networkOf(name: string, isPublic: boolean): Network | undefined {
    const known = this.#networks.find((network) => network.name === name);
    if (known) return known;
    const relaysMax = isPublic ? NETWORK_RELAYS_MAX : PRIVATE_NETWORK_RELAYS_MAX;
    const network: Network = { ...this.#draw(name), relays: [], relaysMax };
    return insert(this.#networks, network, SAMPLE_NETWORKS_MAX) === 'kept' ? network : undefined;
  }

  #draw(name: string): Drawn {
    return { name, lot: this.#settings.prng.fork(name).uint32() };
  }
}

/** Puts an entry in its place by lot and drops the highest beyond `countMax`. */
function insert<Entry extends Drawn>(
  entries: Entry[],
  entry: Entry,
  countMax: number,
): 'kept' | 'known' | 'dropped' {
  if (entries.some((other) => other.name === entry.name)) return 'known';
  if (entries.length === countMax && entry.lot >= (entries.at(-1)?.lot ?? 0)) return 'dropped';
  const at = entries.findIndex((other) => other.lot > entry.lot);
  entries.splice(at < 0 ? entries.length : at, 0, entry);
  if (entries.length > countMax) entries.pop();
  return 'kept';
}
