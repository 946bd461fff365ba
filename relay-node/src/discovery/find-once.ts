/** For whoever has nothing but a channel's key, and needs to know once where to begin. */

import { DiscoveryError } from './discovery-error.js';
import { type DiscoveryFlags, readDiscoveryOptions } from './discovery-options.js';
import { createFinder } from './finder.js';

/** What is looked for, and how. */
export type FindOnceRequest = {
  readonly channelKey: Uint8Array;
  readonly flags: DiscoveryFlags;
  /** Ends the search early. */
  readonly signal: AbortSignal;
  /** Takes a line for the operator. */
  readonly log: (line: string) => void;
};

/**
 * Origins of relays that may carry the channel, best first; none when nobody is found. Leaves the DHT and the LAN again. Rejects with
 * a DiscoveryError when the flags contradict each other or the DHT's port cannot be opened.
 */
export async function findRelaysOnce(request: FindOnceRequest): Promise<readonly string[]> {
  const { channelKey, flags, signal, log } = request;
  const read = readDiscoveryOptions(flags);
  if (!read.ok) throw new DiscoveryError('bad-option', read.why);
  const finder = await createFinder({ ...read.options, log });
  try {
    return await finder.parentsOf(channelKey, signal);
  } finally {
    await finder.close();
  }
}
