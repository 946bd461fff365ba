/** Finding relays of a channel whose link names none. How is the program's business; here is what it must be able to do. */

import { parseLink } from '@freshet/proto';
import type { Command } from 'commander';
import { WatchError } from './watch-error.js';

/** What is looked for. */
export type RelaySearchRequest = {
  readonly channelKey: Uint8Array;
  /** The command's options, those of {@link RelaySearch.addOptions} among them. */
  readonly flags: object;
  /** Ends the search early. */
  readonly signal: AbortSignal;
  /** Takes a line for the person. */
  readonly log: (line: string) => void;
};

/** A way to find relays. */
export type RelaySearch = {
  readonly addOptions: (command: Command) => void;
  /** Origins of relays that may carry the channel, best first; none when nobody is found. */
  readonly find: (request: RelaySearchRequest) => Promise<readonly string[]>;
};

/** How long the search goes on, unless the person gives up before. */
const SEARCH_MS = 20_000;

/** The relays of a channel as the search finds them. Rejects with a WatchError when nobody is found. */
export async function searchRelays(
  search: RelaySearch,
  link: string,
  flags: object,
  log: (line: string) => void,
): Promise<readonly string[]> {
  const parsed = parseLink(link);
  if (!parsed.ok) throw new WatchError('bad-link', parsed.why);
  const abort = new AbortController();
  const stop = (): void => abort.abort();
  const timer = setTimeout(stop, SEARCH_MS);
  process.once('SIGINT', stop);
  log('The link names no relay: looking for some that carry the channel.');
  try {
    const { channelKey } = parsed.link;
    const found = await search.find({ channelKey, flags, signal: abort.signal, log });
    if (found.length > 0) return found;
  } finally {
    clearTimeout(timer);
    process.off('SIGINT', stop);
  }
  const why =
    'Nobody was found who carries this channel. Is it live? If you know a relay, add --relay https://host.';
  throw new WatchError('unreachable', why);
}
