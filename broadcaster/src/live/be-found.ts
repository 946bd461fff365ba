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

/** A broadcast that tells where it is. */
export type Found = {
  /** Names relays in the channel's item, best first; without the channel key nothing is named. Never rejects. */
  publish(relays: readonly string[]): void;
  /** Takes everything back, as far as that is possible. */
  close(): Promise<void>;
};

/** Tells of the machine itself, as far as others reach it. Ports that cannot be opened are said, and done without. */
export async function beFound(options: BeFoundOptions): Promise<Found> {
  const { key, relay, host, origin, discovery, log } = options;
  // Who listens on this machine only can be reached by nobody else; a DHT of the machine's own is for trying things out.
  const isOwnDht = discovery.dht?.isPrivateAllowed === true;
  const isHere = isLoopbackHost(host);
  const dht = isHere && !isOwnDht ? undefined : discovery.dht;
  // An announcement makes the address public: only for those who have one, and said so.
  const isAnnounced = origin !== undefined || isOwnDht;
  const open = async (parts: DiscoveryOptions): Promise<Finder | undefined> => {
    if (!parts.dht && !parts.mdns) return undefined;
    try {
      return await createFinder({ ...parts, own: origin === undefined ? [] : [origin], log });
    } catch (cause) {
      log(
        `Nobody can find this broadcast by its key alone: ${cause instanceof Error ? cause.message : cause}`,
      );
      return undefined;
    }
  };
  const channelKey = channelKeyOf(key);
  const finder = await open({
    ...(dht && isAnnounced && { dht }),
    ...(discovery.mdns && !isHere && { mdns: discovery.mdns }),
  });
  finder?.announce(channelKey, relay.port);
  // Behind a NAT the DHT is joined once there is a relay to be named there.
  let publishing = isAnnounced ? Promise.resolve(finder) : undefined;
  const epoch = wallMs(Date.now());
  let isClosed = false;
  return {
    publish: (relays) => {
      // The item is the channel's own word: with a session key only, the relay is announced without it.
      if (key.kind !== 'channel-key' || !dht || isClosed) return;
      publishing ??= open({ dht });
      void publishing
        .then((by) => by?.publish({ channelKey, sign: key.channel.sign }, { epoch, relays }))
        .catch((cause: unknown) => log(`The DHT does not know the broadcast yet: ${String(cause)}`));
    },
    close: async () => {
      isClosed = true;
      await finder?.close();
      await (await publishing)?.close();
    },
  };
}
