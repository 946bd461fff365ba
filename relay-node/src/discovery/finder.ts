/**
 * Finds relays that carry a channel, from nothing but its key: in the DHT and in the LAN. A relay uses it for its parents and to
 * be found, an app whose link names no relay to begin at all.
 */

import { randomUUID } from 'node:crypto';
import {
  CANDIDATES_MAX,
  type ChannelItem,
  encodeAddress,
  type FoundRelays,
  mergeCandidates,
  Prng,
} from '@freshet/proto';
import { PROCESS_CLOCK } from './chores.js';
import {
  type ChannelSigner,
  type Dht,
  type DhtSettings,
  type DhtStats,
  SEARCHES_MAX,
  startDht,
} from './dht.js';
import { type Mdns, type MdnsSettings, type MdnsStats, startMdns } from './mdns.js';
import { RefusalCounts } from './refusals.js';
import { secureOriginOf } from './secure-origin.js';

/** Once something is known, better is waited for so long, unless the channel's own item has come. */
export const SETTLE_MS = 1_500;

/** A search listens to the LAN for so long: whoever is there answers at once, or when asked again. */
export const LAN_SEARCH_MS = 3_000;

/** Searches for different relays' sake that run at once; a further one ends at once with nothing. */
export const PARENT_SEARCHES_MAX: number = SEARCHES_MAX / 2;

/** What was found is handed out again for so long instead of searching anew. */
export const FOUND_FRESH_MS = 20_000;

/** Channels whose finds are kept; beyond it the oldest are forgotten. */
export const FOUND_CHANNELS_MAX = 256;

/** How relays are looked for. A part that is left out is not used. */
export type FinderSettings = {
  readonly dht?: DhtSettings | undefined;
  readonly mdns?: MdnsSettings | undefined;
  /** Origins of this very relay, which are no parents for it. */
  readonly own?: readonly string[] | undefined;
  /** Authorities in PEM that vouch for relays with TLS, in place of those that the process trusts. */
  readonly ca?: string | undefined;
  /** Takes a line for the operator. */
  readonly log: (line: string) => void;
};

/** Figures for metrics. */
export type FinderStats = {
  /** Everything that was refused since the start, by kind; every kind is there. */
  readonly refused: Readonly<Record<string, number>>;
  readonly dht: DhtStats | undefined;
  readonly mdns: MdnsStats | undefined;
  /** Searches that found a relay, and those that ended without. */
  readonly foundCount: number;
  readonly unfoundCount: number;
};

/** Opens what the settings name. Rejects with a DiscoveryError when the DHT's port cannot be opened. */
export async function createFinder(settings: FinderSettings): Promise<Finder> {
  const refusals = new RefusalCounts();
  const { log } = settings;
  const prng = new Prng(randomUUID());
  const dht = settings.dht && (await startDht(settings.dht, { refusals, prng, wallNow: Date.now }));
  const name = randomUUID().replaceAll('-', '');
  const mdns = settings.mdns && (await startMdns(settings.mdns, { refusals, name, log }));
  return new Finder(settings, { dht, mdns, refusals });
}

type FinderParts = {
  readonly dht: Dht | undefined;
  readonly mdns: Mdns | undefined;
  readonly refusals: RefusalCounts;
};

/** Made by {@link createFinder}. Nothing of it rejects or throws for what comes from the network. */
export class Finder {
  readonly #settings: FinderSettings;
  readonly #parts: FinderParts;
  readonly #closed = new AbortController();
  /** By channel address, the latest last. */
  readonly #found = new Map<string, { readonly found: FoundRelays; readonly atMs: number }>();
  #searching = 0;
  #foundCount = 0;
  #unfoundCount = 0;

  constructor(settings: FinderSettings, parts: FinderParts) {
    this.#settings = settings;
    this.#parts = parts;
  }

  /** UDP port of the DHT; `undefined` without it. */
  get dhtPort(): number | undefined {
    return this.#parts.dht?.port;
  }

  /** Its figures. */
  stats(): FinderStats {
    return {
      refused: this.#parts.refusals.all(),
      dht: this.#parts.dht?.stats(),
      mdns: this.#parts.mdns?.stats(),
      foundCount: this.#foundCount,
      unfoundCount: this.#unfoundCount,
    };
  }

  /**
   * Origins of relays that may carry the channel, best first: those that the channel names, announced ones, those of the LAN. They
   * are claims: a parent proves itself by what it sends.
   *
   * Resolves as soon as the channel's item has come, or {@link SETTLE_MS} after the start if something is known by then and asked
   * for its certificate, else with the first that comes; with none when the search is over or aborted. While it goes on, `onBetter` is told each longer or
   * better list, also after that. What was found less than {@link FOUND_FRESH_MS} ago is handed out again.
   */
  parentsOf(
    channelKey: Uint8Array,
    signal: AbortSignal,
    onBetter?: (origins: readonly string[]) => void,
  ): Promise<readonly string[]> {
    const known = this.#fresh(channelKey);
    if (known.length > 0) return Promise.resolve(known);
    if (this.#searching >= PARENT_SEARCHES_MAX) {
      this.#parts.refusals.add('too-many-searches');
      return Promise.resolve([]);
    }
    this.#searching += 1;
    return new Promise((resolve) => {
      const search = new Search({
        channelKey,
        dht: this.#parts.dht,
        mdns: this.#parts.mdns,
        signal: AbortSignal.any([signal, this.#closed.signal]),
        merge: (found) => this.#merge(found),
        secure: (origin, signal) => secureOriginOf({ origin, signal, ca: this.#settings.ca }),
        onBetter,
        onFirst: resolve,
        onEnd: (found) => {
          this.#searching -= 1;
          this.#remember(channelKey, found);
        },
      });
      search.start();
    });
  }

  /**
   * Says that a relay on this machine carries the channel, in the DHT and the LAN, again and again until withdrawn. This is what a
   * machine can do that holds a session key only. `port` is the TCP port where it serves, with TLS or not, as others reach it.
   */
  announce(channelKey: Uint8Array, port: number): void {
    void this.#parts.dht?.announce(channelKey, port);
    this.#parts.mdns?.announce(channelKey, port);
  }

  /**
   * Publishes the channel's own word about its relays, which goes before all others'. Only the channel key can sign it. Resolves
   * with the number of DHT nodes that took it.
   */
  publish(signer: ChannelSigner, item: ChannelItem): Promise<number> {
    return this.#parts.dht?.publish(signer, item) ?? Promise.resolve(0);
  }

  /** Takes back what this machine said of the channel, as far as that is possible. */
  withdraw(channelKey: Uint8Array): void {
    this.#parts.dht?.withdraw(channelKey);
    this.#parts.mdns?.withdraw(channelKey);
  }

  /** Ends searches with what they have and leaves DHT and LAN; no handle is left. Idempotent. */
  async close(): Promise<void> {
    this.#closed.abort();
    await this.#parts.mdns?.close();
    await this.#parts.dht?.close();
  }

  #merge(found: FoundRelays): readonly string[] {
    const isPrivateAllowed = this.#settings.dht?.isPrivateAllowed ?? false;
    return mergeCandidates(found, { isPrivateAllowed, own: this.#settings.own ?? [] });
  }

  #fresh(channelKey: Uint8Array): readonly string[] {
    const entry = this.#found.get(encodeAddress(channelKey));
    return entry && PROCESS_CLOCK.now() - entry.atMs < FOUND_FRESH_MS ? this.#merge(entry.found) : [];
  }

  #remember(channelKey: Uint8Array, found: FoundRelays): void {
    if (this.#merge(found).length === 0) {
      this.#unfoundCount += 1;
      return;
    }
    this.#foundCount += 1;
    const address = encodeAddress(channelKey);
    this.#found.delete(address);
    this.#found.set(address, { found, atMs: PROCESS_CLOCK.now() });
    const [oldest] = this.#found.keys();
    if (this.#found.size > FOUND_CHANNELS_MAX && oldest !== undefined) this.#found.delete(oldest);
  }
}

type SearchOptions = {
  readonly channelKey: Uint8Array;
  readonly dht: Dht | undefined;
  readonly mdns: Mdns | undefined;
  readonly signal: AbortSignal;
  readonly merge: (found: FoundRelays) => readonly string[];
  /** The origin of a relay with TLS, where only its address is known. */
  readonly secure: (origin: string, signal: AbortSignal) => Promise<string | undefined>;
  readonly onBetter: ((origins: readonly string[]) => void) | undefined;
  /** Told once what the caller gets. */
  readonly onFirst: (origins: readonly string[]) => void;
  /** Told once what was found in all. */
  readonly onEnd: (found: FoundRelays) => void;
};

/** One search in everything there is. */
class Search {
  readonly #options: SearchOptions;
  readonly #end = new AbortController();
  #found: FoundRelays = { item: [], announced: [], lan: [] };
  #origins: readonly string[] = [];
  /** Relays that were asked for their certificate, by what is known of them: their origin with TLS, or the same. */
  readonly #secured = new Map<string, string>();
  readonly #asking = new Map<string, Promise<void>>();
  #isSettled = false;
  #hasResolved = false;

  constructor(options: SearchOptions) {
    this.#options = options;
  }

  start(): void {
    const { channelKey, dht, mdns } = this.#options;
    const signal = AbortSignal.any([this.#options.signal, this.#end.signal]);
    const stopSettling = PROCESS_CLOCK.after(SETTLE_MS, () => {
      this.#isSettled = true;
      this.#resolveIfGood();
    });
    const inDht = dht && [
      dht.find(channelKey, signal, (item) => this.#take({ item: item.relays })),
      dht.lookup(channelKey, signal, (announced) => this.#take({ announced })),
    ];
    mdns?.lookup(channelKey, signal, (lan) => this.#take({ lan }));
    // The LAN has no end of its own.
    const waits: Promise<unknown>[] = [
      ...(inDht ?? []),
      ...(mdns ? [untilAborted(signal, LAN_SEARCH_MS)] : []),
    ];
    const asked = async (): Promise<void> => {
      await Promise.all(waits);
      await Promise.all(this.#asking.values());
    };
    void asked().then(() => {
      stopSettling();
      this.#end.abort();
      this.#resolve();
      this.#options.onEnd(this.#known());
    });
  }

  #take(more: Partial<FoundRelays>): void {
    this.#found = { ...this.#found, ...more };
    const origins = this.#options.merge(this.#known());
    for (const origin of origins) this.#askIfAnnounced(origin);
    if (origins.join() === this.#origins.join()) return;
    this.#origins = origins;
    this.#options.onBetter?.(origins);
    this.#resolveIfGood();
  }

  /** What was found, relays with TLS by their names. */
  #known(): FoundRelays {
    const named = (origins: readonly string[]): string[] =>
      origins.map((origin) => this.#secured.get(origin) ?? origin);
    return { item: this.#found.item, announced: named(this.#found.announced), lan: named(this.#found.lan) };
  }

  /** An announcement does not say whether there is TLS. Of candidates there are few, so that this is bounded. */
  #askIfAnnounced(origin: string): void {
    const { announced, lan } = this.#found;
    if (!announced.includes(origin) && !lan.includes(origin)) return;
    if (this.#secured.has(origin) || this.#asking.size >= CANDIDATES_MAX) return;
    this.#secured.set(origin, origin);
    const signal = AbortSignal.any([this.#options.signal, this.#end.signal]);
    const asking = this.#options.secure(origin, signal).then((secured) => {
      this.#asking.delete(origin);
      if (secured !== undefined) this.#secured.set(origin, secured);
      this.#take({});
      this.#resolveIfGood();
    });
    this.#asking.set(origin, asking);
  }

  #resolveIfGood(): void {
    const isGood = this.#found.item.length > 0 || (this.#isSettled && this.#asking.size === 0);
    if (isGood && this.#origins.length > 0) this.#resolve();
  }

  #resolve(): void {
    if (this.#hasResolved) return;
    this.#hasResolved = true;
    this.#options.onFirst(this.#origins);
  }
}

function untilAborted(signal: AbortSignal, msMax: number): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const cancel = PROCESS_CLOCK.after(msMax, resolve);
    signal.addEventListener('abort', () => {
      cancel();
      resolve();
    });
  });
}
