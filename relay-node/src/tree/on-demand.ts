/** Channels that a relay takes because somebody asks for them, and lets go when nobody does any more. */

import { CloseCode, encodeAddress, type SessionStats, socketUrl } from '@freshet/proto';
import type { ChannelHost } from '../channel-host.js';

/** Finds parents for a channel. */
export interface Upstream {
  /**
   * Origins of relays that may carry the channel, best first; none when nobody is known. Is asked again while the channel
   * is wanted and no parent answers. `signal` ends the search; a rejection counts as an empty answer.
   */
  parentsOf(channelKey: Uint8Array, signal: AbortSignal): Promise<readonly string[]>;
}

/** Channels carried on demand at once; one more turns the first that nobody takes away, or is refused as `full`. */
export const CHANNELS_MAX = 256;

/** Channels that no parent has shown a catalog of yet; one more is refused as `full`. */
export const CHANNELS_PENDING_MAX = 64;

/** Of those, how many one network may have asked for; one more is refused as `tooManyMessages`. */
export const PENDING_PER_NETWORK_MAX = 8;

/** A channel that had no child for so long is let go. */
export const IDLE_MS = 30_000;

/** A channel whose parents have not answered after so long is given up. */
export const HOPELESS_MS = 15_000;

/** How long a channel that nobody knows is refused without a search. */
export const UNKNOWN_MS = 10_000;

/** Such channels that are remembered; beyond it the oldest is forgotten. */
export const UNKNOWN_MAX = 4_096;

/** One search for parents takes at most so long. */
export const SEARCH_MS_MAX = 10_000;

/** A channel without a parent is searched for again so often. */
export const SEARCH_AGAIN_MS = 5_000;

/** How often {@link OnDemandChannels.tick} is to be called. */
export const TICK_MS = 1_000;

/** What is asked of a channel at the relay. */
export type DemandedHost = Pick<ChannelHost, 'isWanted' | 'addParents'> & {
  readonly session: Pick<ChannelHost['session'], 'catalog' | 'state'>;
  stats(): Pick<SessionStats, 'parentCount'>;
};

/** What the channels are made with. */
export type OnDemandOptions<Host extends DemandedHost> = {
  /** Origins that are asked for any channel. */
  readonly parents: readonly string[];
  readonly upstream: Upstream | undefined;
  /** Whether the relay carries a channel for others at all, by its address. */
  readonly mayCarry: (address: string) => boolean;
  /** This relay's own origin, which is nobody's parent here. */
  readonly origin: string | undefined;
  /** Opens a channel at the relay, without parents. */
  readonly open: (channelKey: Uint8Array) => Host;
  /** Takes a channel from the relay and closes its children's links. */
  readonly close: (address: string, code: number, reason: string) => void;
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
};

/** A channel, or the close code for whoever asked and a sentence. */
export type Taken<Host> =
  | { readonly ok: true; readonly host: Host }
  | { readonly ok: false; readonly code: number; readonly reason: string };

type Carried<Host> = {
  readonly host: Host;
  readonly channelKey: Uint8Array;
  readonly network: string;
  readonly openedAt: number;
  readonly search: AbortController;
  isSearching: boolean;
  searchedAt: number;
  idleSince: number;
};

const REFUSED: Taken<never> = {
  ok: false,
  code: CloseCode.unknownChannel,
  reason: 'this relay does not carry the channel',
};
const FULL: Taken<never> = {
  ok: false,
  code: CloseCode.full,
  reason: 'this relay carries no further channel',
};
const TOO_MANY: Taken<never> = {
  ok: false,
  code: CloseCode.tooManyMessages,
  reason: 'too many unknown channels from this network',
};

/** See the module's header. Every table here is bounded by the constants above. */
export class OnDemandChannels<Host extends DemandedHost> {
  readonly #options: OnDemandOptions<Host>;
  readonly #carried = new Map<string, Carried<Host>>();
  /** Until when each channel that nobody knew, or that may not be carried, is refused, and how; oldest first. */
  readonly #unknown = new Map<string, { readonly until: number; readonly why: Taken<never> }>();

  constructor(options: OnDemandOptions<Host>) {
    this.#options = options;
  }

  /** Channels carried on demand. */
  get size(): number {
    return this.#carried.size;
  }

  /** Opens a channel that somebody in `network` asks for and that the relay does not carry. */
  take(channelKey: Uint8Array, network: string): Taken<Host> {
    const { upstream, parents, mayCarry, open, now } = this.#options;
    const address = encodeAddress(channelKey);
    if ((!upstream && parents.length === 0) || !mayCarry(address)) return REFUSED;
    const unknown = this.#unknown.get(address);
    if (unknown && now() < unknown.until) return unknown.why;
    this.#unknown.delete(address);
    const pending = [...this.#carried.values()].filter(({ host }) => !host.session.catalog);
    if (pending.length >= CHANNELS_PENDING_MAX) return FULL;
    if (pending.filter((other) => other.network === network).length >= PENDING_PER_NETWORK_MAX)
      return TOO_MANY;
    if (this.#carried.size >= CHANNELS_MAX && !this.#makeRoom()) return FULL;
    const carried: Carried<Host> = {
      host: open(channelKey),
      channelKey,
      network,
      openedAt: now(),
      search: new AbortController(),
      isSearching: false,
      searchedAt: now(),
      idleSince: now(),
    };
    this.#carried.set(address, carried);
    this.#addParents(carried, parents);
    if (upstream) void this.#search(address, carried, upstream);
    return { ok: true, host: carried.host };
  }

  /** The owner wants this channel by itself: it is not let go any more. Returns whether it was carried on demand. */
  release(address: string): boolean {
    this.#carried.get(address)?.search.abort();
    return this.#carried.delete(address);
  }

  /** Lets go of what nobody takes and of what nobody knows, and searches again where no parent is left. */
  tick(): void {
    const now = this.#options.now();
    for (const [address, { until }] of this.#unknown) {
      if (now < until) break;
      this.#unknown.delete(address);
    }
    for (const [address, carried] of this.#carried) this.#review(address, carried, now);
  }

  /** Ends every search. The channels themselves are the relay's to close. */
  close(): void {
    for (const { search } of this.#carried.values()) search.abort();
    this.#carried.clear();
  }

  #review(address: string, carried: Carried<Host>, now: number): void {
    const { host } = carried;
    if (host.isWanted) carried.idleSince = now;
    const { state, catalog } = host.session;
    const isFound = catalog !== undefined || carried.isSearching;
    if (!isFound && state === 'unknown-channel') return this.#forgetUnknown(address);
    if (!isFound && state === 'connecting' && now - carried.openedAt >= HOPELESS_MS)
      return this.#let(address, CloseCode.goingAway, 'no parent of this channel answers');
    if (now - carried.idleSince >= IDLE_MS)
      return this.#let(address, CloseCode.goingAway, 'nobody takes this channel here');
    const { upstream } = this.#options;
    const isDue = !carried.isSearching && now - carried.searchedAt >= SEARCH_AGAIN_MS;
    if (upstream && isDue && host.stats().parentCount === 0) void this.#search(address, carried, upstream);
  }

  async #search(address: string, carried: Carried<Host>, upstream: Upstream): Promise<void> {
    carried.isSearching = true;
    const signal = AbortSignal.any([carried.search.signal, AbortSignal.timeout(SEARCH_MS_MAX)]);
    let found: readonly string[] = [];
    try {
      found = await upstream.parentsOf(carried.channelKey, signal);
    } catch {
      // Nobody was found in time: as if nobody were there.
      found = [];
    }
    if (this.#carried.get(address) !== carried) return;
    carried.isSearching = false;
    carried.searchedAt = this.#options.now();
    this.#addParents(carried, found);
    const isNobodyKnown = found.length === 0 && this.#options.parents.length === 0;
    if (isNobodyKnown && !carried.host.session.catalog) this.#forgetUnknown(address);
  }

  #addParents({ host, channelKey }: Carried<Host>, origins: readonly string[]): void {
    const others = origins.filter((origin) => origin !== this.#options.origin);
    host.addParents(others.map((origin) => socketUrl(origin, channelKey)));
  }

  /** Whether the channel is carried because somebody asked. */
  has(address: string): boolean {
    return this.#carried.has(address);
  }

  /** Lets a channel go that turned out not to be carried here, and refuses it for {@link UNKNOWN_MS} with this reason. */
  refuse(address: string, reason: string): void {
    this.#remember(address, { ok: false, code: CloseCode.unknownChannel, reason });
    this.#let(address, CloseCode.unknownChannel, reason);
  }

  #forgetUnknown(address: string): void {
    this.#remember(address, REFUSED);
    this.#let(address, CloseCode.unknownChannel, 'nobody here knows this channel');
  }

  #remember(address: string, why: Taken<never>): void {
    this.#unknown.delete(address);
    this.#unknown.set(address, { until: this.#options.now() + UNKNOWN_MS, why });
    if (this.#unknown.size > UNKNOWN_MAX) {
      for (const oldest of this.#unknown.keys()) {
        this.#unknown.delete(oldest);
        break;
      }
    }
  }

  #makeRoom(): boolean {
    for (const [address, { host }] of this.#carried) {
      if (host.isWanted) continue;
      this.#let(address, CloseCode.goingAway, 'nobody takes this channel here');
      return true;
    }
    return false;
  }

  #let(address: string, code: number, reason: string): void {
    this.release(address);
    this.#options.close(address, code, reason);
  }
}
