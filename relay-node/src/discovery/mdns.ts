/** Relays of one LAN find each other without any help from outside, over multicast DNS. IPv4 only. */

import { encodeAddress, isPublicHost, plainOriginOf } from '@freshet/proto';
import type { MulticastDNS, QueryPacket, ResponsePacket } from 'multicast-dns';
import { SourceLimiter, type SourceLimits } from '../stun/source-limiter.js';
import { PROCESS_CLOCK } from './chores.js';
import { LanBook } from './lan-book.js';
import {
  askedOf,
  concernsLanService,
  LAN_CHANNELS_MAX,
  LAN_TTL_SECONDS,
  lanAnswersOf,
  lanQuestionOf,
  readLanRelay,
} from './lan-record.js';
import type { RefusalCounts } from './refusals.js';

/** The port of multicast DNS. */
export const MDNS_PORT = 5353;

/** Packets about Freshet that one address may send; a relay asks twice per search and answers each question once. */
export const MDNS_RATE: SourceLimits = { burst: 60, perSecond: 10, totalPerSecond: 300 };

/** Between the two questions of a search: the first one may be lost. */
const ASK_AGAIN_MS = 700;

/** Between two unasked tellings of what this relay carries; a half of the time for which they hold. */
const TELL_MS: number = (LAN_TTL_SECONDS * 1_000) / 2;

/** Channels that one relay shows in the LAN; a further one is not shown. */
export const LAN_CARRIED_MAX = 256;

/** Before a channel that is new here is told of: others may follow at once, and share a packet. */
const TELL_SOON_MS = 50;

/** How this relay takes part. */
export type MdnsSettings = {
  /** IPv4 address of the interface to use; the system's choice, and membership in all, unless given. */
  readonly interface?: string | undefined;
  /** UDP port; {@link MDNS_PORT} unless given. Another one is for tests. */
  readonly port?: number | undefined;
};

/** What it needs beside its settings. */
export type MdnsParts = {
  readonly refusals: RefusalCounts;
  /** Name of this relay in the LAN, up to 32 letters and digits; of its own for each process. */
  readonly name: string;
  /** Takes a line when multicast does not work here; finding goes on without it. */
  readonly log: (line: string) => void;
};

/** Figures of the LAN. */
export type MdnsStats = {
  readonly relayCount: number;
  readonly answeredCount: number;
  /** `false` when the last that was to be sent could not be. */
  readonly isWorking: boolean;
};

/** Joins the LAN's group. Does not reject: without multicast it finds nothing, and says so once. */
export async function startMdns(settings: MdnsSettings, parts: MdnsParts): Promise<Mdns> {
  const { default: multicastDns } = await import('multicast-dns');
  const { interface: address, port = MDNS_PORT } = settings;
  // Bound to the interface's address, a socket would not get what is sent to the group.
  const options = address === undefined ? {} : { interface: address, bind: '0.0.0.0' };
  const mdns = new Mdns(multicastDns({ port, loopback: true, ...options }), parts);
  await mdns.started;
  return mdns;
}

/** One member of the group. Made by {@link startMdns}. */
export class Mdns {
  /** Settles once the socket is open, or is known not to open. */
  readonly started: Promise<void>;
  readonly #library: MulticastDNS;
  readonly #parts: MdnsParts;
  readonly #book = new LanBook();
  readonly #limiter = new SourceLimiter(MDNS_RATE);
  readonly #carried = new Map<string, number>();
  readonly #listeners = new Set<() => void>();
  #stopTelling: (() => void) | undefined;
  #answeredCount = 0;
  #isWorking = true;
  #hasComplained = false;
  #closing: Promise<void> | undefined;

  constructor(library: MulticastDNS, parts: MdnsParts) {
    this.#library = library;
    this.#parts = parts;
    this.started = new Promise((resolve) => {
      library.once('ready', () => resolve());
      library.on('error', (cause: Error) => {
        this.#fail(cause);
        resolve();
      });
    });
    // Of an interface that has no multicast, or of a datagram that is not DNS; others may still work.
    library.on('warning', (cause: Error) => {
      if (!('syscall' in cause)) parts.refusals.add('malformed-record');
    });
    library.on('query', (packet, from) => this.#handleQuery(packet, from.address));
    library.on('response', (packet, from) => this.#handleResponse(packet, from.address));
  }

  /** Its figures. */
  stats(): MdnsStats {
    return {
      relayCount: this.#book.size,
      answeredCount: this.#answeredCount,
      isWorking: this.#isWorking,
    };
  }

  /** Tells the LAN that a relay on this machine carries the channel, at the TCP port where it serves without TLS. */
  announce(channelKey: Uint8Array, port: number): void {
    const address = encodeAddress(channelKey);
    if (!this.#carried.has(address) && this.#carried.size >= LAN_CARRIED_MAX)
      return this.#parts.refusals.add('too-many-channels');
    this.#carried.set(address, port);
    this.#planTelling(TELL_SOON_MS);
  }

  /** No longer tells of the channel. */
  withdraw(channelKey: Uint8Array): void {
    this.#carried.delete(encodeAddress(channelKey));
  }

  /** Origins of relays in the LAN that are known to carry the channel. */
  relaysOf(channelKey: Uint8Array): readonly string[] {
    return this.#book.originsOf(encodeAddress(channelKey), PROCESS_CLOCK.now());
  }

  /** Asks the LAN for the channel, and says what is known of it whenever that changes, until the signal aborts. */
  lookup(channelKey: Uint8Array, signal: AbortSignal, onChange: (origins: readonly string[]) => void): void {
    if (signal.aborted || this.#closing !== undefined) return;
    let known = '';
    const report = (): void => {
      const origins = this.relaysOf(channelKey);
      if (origins.join() === known) return;
      known = origins.join();
      onChange(origins);
    };
    this.#listeners.add(report);
    report();
    this.#ask(channelKey);
    const stopAsking = PROCESS_CLOCK.after(ASK_AGAIN_MS, () => this.#ask(channelKey));
    const end = (): void => {
      stopAsking();
      this.#listeners.delete(report);
    };
    signal.addEventListener('abort', end, { once: true });
  }

  /** Says that this relay is leaving, and frees the socket. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#leave();
    return this.#closing;
  }

  async #leave(): Promise<void> {
    this.#stopTelling?.();
    this.#listeners.clear();
    for (const port of new Set(this.#carried.values())) await this.#tell('any', port, [], 0);
    await new Promise<void>((resolve) => this.#library.destroy(() => resolve()));
  }

  #planTelling(delayMs: number): void {
    if (this.#closing !== undefined) return;
    this.#stopTelling?.();
    this.#stopTelling = PROCESS_CLOCK.after(delayMs, () => {
      for (const port of new Set(this.#carried.values())) {
        const channels = this.#channelsAt(port);
        for (let at = 0; at < channels.length; at += LAN_CHANNELS_MAX)
          void this.#tell('any', port, channels.slice(at, at + LAN_CHANNELS_MAX));
      }
      this.#planTelling(TELL_MS);
    });
  }

  #channelsAt(port: number): readonly string[] {
    return [...this.#carried].flatMap(([channel, itsPort]) => (itsPort === port ? [channel] : []));
  }

  /** Tells everybody, asked or not. What could not be sent is lost; it is told again. */
  #tell(
    asked: string,
    port: number,
    channels: readonly string[],
    ttlSeconds = LAN_TTL_SECONDS,
  ): Promise<void> {
    const answers = lanAnswersOf({ name: this.#parts.name, port, channels, ttlSeconds }, asked);
    return new Promise((resolve) => {
      this.#library.respond([...answers], (error) => {
        this.#noteSent(error);
        resolve();
      });
    });
  }

  #ask(channelKey: Uint8Array): void {
    if (this.#closing !== undefined) return;
    this.#library.query([lanQuestionOf(channelKey)], (error) => this.#noteSent(error));
  }

  #handleQuery(packet: QueryPacket, from: string): void {
    const asked = askedOf(packet.questions, new Set(this.#carried.keys()));
    if (asked === undefined || this.#closing !== undefined || !this.#mayTalk(from)) return;
    this.#answeredCount += 1;
    const port = this.#carried.get(asked) ?? [...this.#carried.values()][0];
    if (port !== undefined) void this.#tell(asked, port, this.#channelsAt(port));
  }

  #handleResponse(packet: ResponsePacket, from: string): void {
    if (this.#closing !== undefined || !concernsLanService(packet) || !this.#mayTalk(from)) return;
    const relay = readLanRelay(packet);
    if (!relay) return this.#parts.refusals.add('malformed-record');
    if (relay.name === this.#parts.name) return;
    // Where it is, is where it sends from: a record cannot lead anybody elsewhere.
    const origin = isPublicHost(from) ? undefined : plainOriginOf(from, relay.port);
    if (origin === undefined) return this.#parts.refusals.add('foreign-record');
    const nowMs = PROCESS_CLOCK.now();
    const { channels, ttlSeconds } = relay;
    this.#book.note({ address: from, origin, channels, untilMs: nowMs + ttlSeconds * 1_000 }, nowMs);
    for (const report of this.#listeners) report();
  }

  #mayTalk(from: string): boolean {
    if (this.#limiter.allow(PROCESS_CLOCK.now(), from)) return true;
    this.#parts.refusals.add('too-many-messages');
    return false;
  }

  /** A network that is not there may come later: what follows is tried all the same. */
  #noteSent(error: Error | null | undefined): void {
    if (error) this.#fail(error);
    else this.#isWorking = true;
  }

  #fail(cause: Error): void {
    this.#isWorking = false;
    if (this.#hasComplained) return;
    this.#hasComplained = true;
    this.#parts.log(
      `Relays in this network cannot be found by multicast (${cause.message}); --no-mdns leaves it alone.`,
    );
  }
}
