/**
 * BitTorrent's mainline DHT as a place where channels say where they can be had (BEP 44) and relays say what they carry
 * (BEP 5). This node takes part in it as any other does.
 */

import { createHash } from 'node:crypto';
import {
  AnnouncedSample,
  announceHashOf,
  type ChannelItem,
  encodeItem,
  ITEM_SALT,
  nextSequence,
  type Prng,
  type SignEffect,
  toHex,
  wallMs,
} from '@freshet/proto';
import type { Client as LibraryDht, LibraryItem } from 'bittorrent-dht';
import { sha256, verifyNow } from '../crypto/ed25519.js';
import type { SourceLimits } from '../stun/source-limiter.js';
import { type ChoreClock, Chores } from './chores.js';
import { DHT_RATE, openDhtSocket } from './dht-socket.js';
import { type FoundItem, ItemJudge } from './item-judge.js';
import type { RefusalCounts } from './refusals.js';

/** Where a node that knows nobody asks first. */
export const BOOTSTRAP_DEFAULT: readonly DhtAddress[] = [
  { host: 'router.bittorrent.com', port: 6881 },
  { host: 'router.utorrent.com', port: 6881 },
  { host: 'dht.transmissionbt.com', port: 6881 },
];

/** Between two publications of an item: BEP 44 says hourly, and nodes forget it after two hours. */
export const REPUBLISH_MS: number = 3_600_000;

/** Between two announcements: nodes forget a relay after half an hour. */
export const REANNOUNCE_MS: number = 15 * 60_000;

/** How long announced relays are remembered for others. */
const ANNOUNCED_AGE_MS: number = 30 * 60_000;

/** Before a publication or an announcement that reached nobody is repeated. */
export const RETRY_MS = 60_000;

/** A search ends after this long with what it has found: a dead node costs two seconds, and there may be several in a row. */
export const SEARCH_MS_MAX = 15_000;

/** Searches that run at once; a further one ends at once with nothing. */
export const SEARCHES_MAX = 16;

/** Channels that one relay announces or publishes; a further one is not. */
export const CHANNELS_ANNOUNCED_MAX = 256;

/** Announced relays that this node hands out in one answer, by lot: all of them may not fit in a datagram. */
const ANNOUNCED_PER_ANSWER_MAX = 50;

/** Announced relays that one node's answers may name in a search; further ones are ignored. */
const ANNOUNCED_PER_NODE_MAX = 100;

/** Of other people's data: announced relays, items and lookup tables kept; the oldest are dropped. */
const LIBRARY_LIMITS = { maxPeers: 5_000, maxValues: 500, maxTables: 500 } as const;

/** Questions under way at once, further ones wait: four a search, of which dead nodes hold one for two seconds each. */
const CONCURRENCY = 64;

/** Where a DHT node is. */
export type DhtAddress = { readonly host: string; readonly port: number };

/** How this node takes part. */
export type DhtSettings = {
  /** UDP port; 0 for a free one. */
  readonly port: number;
  /** Address to listen on; all IPv4 ones unless given. */
  readonly host?: string | undefined;
  /** Nodes to ask first; empty for the first node of a network. */
  readonly bootstrap: readonly DhtAddress[];
  /** Takes and uses private and loopback addresses: for a DHT within a private network, and for tests. */
  readonly isPrivateAllowed: boolean;
  /** Datagrams that one address may send; {@link DHT_RATE} unless given. */
  readonly rate?: SourceLimits | undefined;
};

/** What the node needs beside its settings. */
export type DhtParts = {
  readonly refusals: RefusalCounts;
  /** Draws the sample of announced relays; its seed must be unknown to others. */
  readonly prng: Prng;
  /** Unix milliseconds. */
  readonly wallNow: () => number;
  /** What repeated publications go by; this process's clock unless given. */
  readonly clock?: ChoreClock | undefined;
};

/** Who can sign a channel's item: the channel key alone. A machine that holds only a session key announces, and no more. */
export type ChannelSigner = {
  readonly channelKey: Uint8Array;
  /** Signs with the channel key. */
  readonly sign: SignEffect;
};

/** Figures of the node. */
export type DhtStats = {
  /** Other nodes it knows. */
  readonly nodeCount: number;
  /** Items and announcements that at least one node took. */
  readonly storedCount: number;
  /** Items and announcements that no node took. */
  readonly unstoredCount: number;
  /** Searches begun. */
  readonly searchCount: number;
};

/** Opens the port and joins. Rejects with a DiscoveryError. */
export async function startDht(settings: DhtSettings, parts: DhtParts): Promise<Dht> {
  const { port, host, isPrivateAllowed, rate = DHT_RATE } = settings;
  const onRefused = parts.refusals.add.bind(parts.refusals);
  const socket = await openDhtSocket({ port, host, isPrivateAllowed, rate, onRefused });
  // Loaded when it is used: a relay without it starts without it.
  const { Client } = await import('bittorrent-dht');
  const library = new Client({
    socket,
    bootstrap: settings.bootstrap,
    verify: (signature, message, publicKey) => verifyNow({ publicKey, message, signature }),
    maxAge: ANNOUNCED_AGE_MS,
    concurrency: CONCURRENCY,
    ...LIBRARY_LIMITS,
  });
  // All of them would not fit in a datagram, so that whoever announces thousands silenced this node about the channel.
  const announced = library._peers;
  const getAnnounced = announced.get.bind(announced);
  announced.get = (name, count = ANNOUNCED_PER_ANSWER_MAX) => getAnnounced(name, count);
  // Of the network, and counted already: a port that could not be opened is known above.
  library.on('error', () => onRefused('library-threw'));
  await new Promise<void>((resolve) => library.listen(port, host, resolve));
  return new Dht(library, socket.address().port, { ...parts, isPrivateAllowed });
}

/** One node. Made by {@link startDht}. Nothing of it rejects or throws for what comes from the network. */
export class Dht {
  /** The UDP port. */
  readonly port: number;
  readonly #library: LibraryDht;
  readonly #parts: DhtParts & { readonly isPrivateAllowed: boolean };
  readonly #chores: Chores;
  readonly #closed = new AbortController();
  #storedCount = 0;
  #unstoredCount = 0;
  #searchCount = 0;
  #searching = 0;
  #closing: Promise<void> | undefined;

  constructor(library: LibraryDht, port: number, parts: DhtParts & { readonly isPrivateAllowed: boolean }) {
    this.#library = library;
    this.port = port;
    this.#parts = parts;
    this.#chores = new Chores(parts.clock);
    // Each search listens for announced relays of its own.
    library.setMaxListeners(SEARCHES_MAX + 8);
  }

  /** Its figures. */
  stats(): DhtStats {
    return {
      nodeCount: this.#library.nodes.count(),
      storedCount: this.#storedCount,
      unstoredCount: this.#unstoredCount,
      searchCount: this.#searchCount,
    };
  }

  /**
   * Publishes the channel's item, at once and then hourly with a new number, until it is published anew, withdrawn or the
   * node closed. Resolves with the number of nodes that took it the first time; 0 is repeated after a minute.
   */
  publish(signer: ChannelSigner, item: ChannelItem): Promise<number> {
    const value = encodeItem(item);
    return this.#keep(`publish ${toHex(signer.channelKey)}`, REPUBLISH_MS, (signal) =>
      this.#put(signer, value, signal),
    );
  }

  /**
   * Announces that a relay at this machine's address carries the channel, at the TCP port where it serves. Again
   * every quarter of an hour, until withdrawn. Resolves with the number of nodes that took it the first time.
   */
  announce(channelKey: Uint8Array, port: number): Promise<number> {
    const hash = Buffer.from(announceHashOf(channelKey, sha256));
    return this.#keep(`announce ${toHex(channelKey)}`, REANNOUNCE_MS, (signal) =>
      this.#until(signal, 0, (resolve) => {
        this.#library.announce(hash, port, (error, count) => resolve(error ? 0 : (count ?? 0)));
      }),
    );
  }

  /** No longer publishes or announces the channel. What is stored already is forgotten within two hours. */
  withdraw(channelKey: Uint8Array): void {
    this.#chores.delete(`publish ${toHex(channelKey)}`);
    this.#chores.delete(`announce ${toHex(channelKey)}`);
  }

  /**
   * Looks for the channel's item. Resolves with the newest one when the search is over, is aborted or takes too long;
   * `onItem` is told of each that is newer than those before, as soon as it comes.
   */
  async find(
    channelKey: Uint8Array,
    signal: AbortSignal,
    onItem?: (item: FoundItem) => void,
  ): Promise<FoundItem | undefined> {
    const judge = await this.#search(channelKey, signal, onItem);
    return judge?.best;
  }

  /**
   * Looks for relays that announced the channel. Resolves with a small sample of their origins when the search is over, is
   * aborted or takes too long; `onChange` is told the sample whenever it changes.
   */
  async lookup(
    channelKey: Uint8Array,
    signal: AbortSignal,
    onChange?: (origins: readonly string[]) => void,
  ): Promise<readonly string[]> {
    const { prng, isPrivateAllowed } = this.#parts;
    const sample = new AnnouncedSample({ prng, isPrivateAllowed });
    if (!this.#beginSearch()) return [];
    const hash = Buffer.from(announceHashOf(channelKey, sha256));
    const countByNode = new Map<string, number>();
    const onPeer = (peer: DhtAddress, of: Buffer, from: RemoteNode | null): void => {
      if (!hash.equals(of) || !this.#isWithinShare(countByNode, from)) return;
      if (this.#addTo(sample, peer)) onChange?.(sample.origins());
    };
    this.#library.on('peer', onPeer);
    await this.#until(signal, undefined, (resolve) => this.#library.lookup(hash, () => resolve(undefined)));
    this.#library.off('peer', onPeer);
    this.#searching -= 1;
    return sample.origins();
  }

  /** Leaves the DHT; no handle is left. Idempotent. */
  close(): Promise<void> {
    this.#chores.close();
    this.#closed.abort();
    this.#closing ??= new Promise((resolve) => this.#library.destroy(resolve));
    return this.#closing;
  }

  /** Keeps one publication or announcement alive. */
  #keep(name: string, everyMs: number, store: (signal: AbortSignal) => Promise<number>): Promise<number> {
    if (!this.#chores.has(name) && this.#chores.size >= CHANNELS_ANNOUNCED_MAX) {
      this.#parts.refusals.add('too-many-channels');
      return Promise.resolve(0);
    }
    return new Promise((resolve) => {
      const kept = this.#chores.set(name, async (signal) => {
        const count = await store(signal);
        if (count > 0) this.#storedCount += 1;
        else this.#unstoredCount += 1;
        resolve(count);
        return count > 0 ? everyMs : RETRY_MS;
      });
      if (kept.aborted) resolve(0);
      else kept.addEventListener('abort', () => resolve(0), { once: true });
    });
  }

  /** Stores an item under a number above all that are known; resolves with the number of nodes that took it. */
  async #put(signer: ChannelSigner, value: Uint8Array, signal: AbortSignal): Promise<number> {
    const known = await this.#search(signer.channelKey, signal);
    const sequence = nextSequence(wallMs(this.#parts.wallNow()), known?.sequenceSeen);
    const item = {
      k: Buffer.from(signer.channelKey),
      v: Buffer.from(value),
      salt: Buffer.from(ITEM_SALT),
      seq: sequence,
      sign: (message: Uint8Array) => Buffer.from(signer.sign(message)),
    };
    return this.#until(signal, 0, (resolve) => {
      this.#library.put(item, (error, _key, count) => resolve(error ? 0 : (count ?? 0)));
    });
  }

  /** Lets a judge see every item of the channel that can be found. */
  async #search(
    channelKey: Uint8Array,
    signal: AbortSignal,
    onItem?: (item: FoundItem) => void,
  ): Promise<ItemJudge | undefined> {
    if (!this.#beginSearch()) return undefined;
    const { refusals, wallNow } = this.#parts;
    const onRefused = refusals.add.bind(refusals);
    const judge = new ItemJudge({ channelKey, wallNow, onRefused, onItem });
    const salt = Buffer.from(ITEM_SALT);
    const target = createHash('sha1').update(channelKey).update(salt).digest();
    await this.#until(signal, undefined, (resolve) => {
      // All items are shown to the judge, and the library keeps none: it would take the highest number.
      const verify = (signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean => {
        judge.judge(signature, message, publicKey);
        return false;
      };
      this.#library.get(target, { salt, cache: false, verify }, (_error, stored) => {
        // What others have stored at this very node is not shown by the library, but given in the end.
        if (stored?.sig && stored.k) judge.judge(stored.sig, signedItemOf(stored), stored.k);
        resolve(undefined);
      });
    });
    this.#searching -= 1;
    return judge;
  }

  #beginSearch(): boolean {
    if (this.#searching >= SEARCHES_MAX) {
      this.#parts.refusals.add('too-many-searches');
      return false;
    }
    this.#searching += 1;
    this.#searchCount += 1;
    return true;
  }

  #isWithinShare(countByNode: Map<string, number>, from: RemoteNode | null): boolean {
    const node = from ? `${from.address ?? from.host}:${from.port}` : '';
    const count = (countByNode.get(node) ?? 0) + 1;
    countByNode.set(node, count);
    if (count <= ANNOUNCED_PER_NODE_MAX) return true;
    this.#parts.refusals.add('too-many-announced');
    return false;
  }

  #addTo(sample: AnnouncedSample, peer: DhtAddress): boolean {
    const verdict = sample.add(peer.host, peer.port);
    if (verdict === 'private-address') this.#parts.refusals.add('private-address');
    if (verdict === 'malformed') this.#parts.refusals.add('malformed-address');
    return verdict === 'kept';
  }

  /** Starts something of the library, which may never call back; settles with `otherwise` when it takes too long. */
  #until<Result>(
    signal: AbortSignal,
    otherwise: Result,
    start: (resolve: (result: Result) => void) => void,
  ): Promise<Result> {
    const stop = AbortSignal.any([signal, this.#closed.signal]);
    if (stop.aborted) return Promise.resolve(otherwise);
    return new Promise((resolve) => {
      const settle = (result: Result): void => {
        clearTimeout(timer);
        stop.removeEventListener('abort', giveUp);
        resolve(result);
      };
      const giveUp = (): void => settle(otherwise);
      const timer = setTimeout(giveUp, SEARCH_MS_MAX);
      stop.addEventListener('abort', giveUp);
      start(settle);
    });
  }
}

/** What BEP 44 signs of an item under Freshet's salt; nothing that holds if its value is no text. */
function signedItemOf({ v, seq = 0 }: LibraryItem): Uint8Array {
  if (!(v instanceof Uint8Array)) return new Uint8Array();
  const salt = `4:salt${ITEM_SALT.length}:${Buffer.from(ITEM_SALT)}`;
  return Buffer.concat([Buffer.from(`${salt}3:seqi${seq}e1:v${v.length}:`), v]);
}

/** Who sent an answer, as the library says it: a node of its table, or the sender of a datagram. */
type RemoteNode = { readonly host?: string; readonly address?: string; readonly port: number };
