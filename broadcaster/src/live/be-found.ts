/** Makes a broadcast findable by its key alone: in BitTorrent's DHT and in the local network. */

import { wallMs } from '@freshet/proto';
import {
  createFinder,
  type DiscoveryOptions,
  type Finder,
  isLoopbackHost,
  type Relay,
} from '@freshet/relay-node';
import { channelKeyOf, type HeldKey } from '../keys/key-file.js';

/** What is announced, and how. */
export type BeFoundOptions = {
  readonly key: HeldKey;
  readonly relay: Relay;
  /** Address that the relay listens on; every interface when left out. */
  readonly host: string | undefined;
  /** Origin under which others reach the relay, if there is one. */
  readonly origin: string | undefined;
  /** The ways to be found that the person left on. */
  readonly discovery: DiscoveryOptions;
  readonly log: (line: string) => void;
};

/** Tells; `undefined` when there is nothing to tell, or the DHT's port cannot be opened, which is said. */
export async function beFound(options: BeFoundOptions): Promise<Finder | undefined> {
  const { key, relay, host, origin, discovery, log } = options;
  // Who listens on this machine only can be reached by nobody else; a DHT of the machine's own is for trying things out.
  const isOwnDht = discovery.dht?.isPrivateAllowed === true;
  if (isLoopbackHost(host) && !isOwnDht) return undefined;
  // The DHT makes the address public: only for those who have one, and said so.
  const dht = origin === undefined && !isOwnDht ? undefined : discovery.dht;
  const mdns = isLoopbackHost(host) ? undefined : discovery.mdns;
  if (!dht && !mdns) return undefined;
  let finder: Finder;
  try {
    finder = await createFinder({ dht, mdns, own: origin === undefined ? [] : [origin], log });
  } catch (cause) {
    log(`Nobody can find this broadcast by its key alone: ${cause instanceof Error ? cause.message : cause}`);
    return undefined;
  }
  const channelKey = channelKeyOf(key);
  finder.announce(channelKey, relay.port);
  // The item is the channel's own word: with a session key only, the relay is announced without it.
  if (key.kind === 'channel-key' && origin !== undefined && dht)
    void finder
      .publish({ channelKey, sign: key.channel.sign }, { epoch: wallMs(Date.now()), relays: [origin] })
      .catch((cause: unknown) => log(`The DHT does not know the broadcast yet: ${String(cause)}`));
  return finder;
}
