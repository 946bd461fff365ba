/** HLS of a relay's channels: feeds it, wants a channel for as long as a player does, keeps the windows on disk. */

import { join } from 'node:path';
import { type Catalog, decodeAddress } from '@freshet/proto';
import type { ChannelHost } from '../channel-host.js';
import type { HttpReply, HttpRequest } from '../http/http-message.js';
import type { Route } from '../http/router.js';
import { type DiskWindow, openDiskWindow } from '../window/index.js';
import type { HlsChannel } from './hls-channel.js';
import { splitHlsPath } from './hls-path.js';
import { HlsServer } from './hls-server.js';

/** How much of a channel is kept on disk, for rewinding and over a restart. */
export type WindowSettings = {
  /** In it each channel has a folder of its own. */
  readonly folder: string;
  readonly durationMs: number;
  /** Of one channel; 16 GiB if left out. */
  readonly bytesMax?: number | undefined;
};

/** What it works with. */
export type RelayHlsOptions = {
  /** The channel, taken if the relay may. */
  readonly carry: (channelKey: Uint8Array) => ChannelHost | undefined;
  readonly window: WindowSettings | undefined;
  readonly log: (line: string) => void;
};

type Kept = {
  readonly host: ChannelHost;
  readonly channel: HlsChannel;
  readonly window: Promise<DiskWindow | undefined>;
  release: (() => void) | undefined;
};

/** See the module's header. */
export class RelayHls {
  readonly #options: RelayHlsOptions;
  readonly #server = new HlsServer({ startedMs: Date.now() });
  readonly #kept = new Map<string, Kept>();

  constructor(options: RelayHlsOptions) {
    this.#options = options;
  }

  /** What it answers. */
  get routes(): readonly Route[] {
    const handler = (request: HttpRequest): Promise<HttpReply> => this.#handle(request);
    return [
      { method: 'GET', pattern: '/hls/*', handler, framing: 'anybody' },
      { method: 'OPTIONS', pattern: '/hls/*', handler },
    ];
  }

  /** Bytes handed to players so far. */
  get servedBytes(): number {
    return this.#server.servedBytes;
  }

  /** The relay carries the channel now. One that somebody only asked for is not kept on disk, or it would stay for ever. */
  add(host: ChannelHost, isOnDemand: boolean): void {
    const channel = this.#server.open(host.address);
    const window = isOnDemand ? Promise.resolve(undefined) : this.#openWindow(host.address, channel);
    this.#kept.set(host.address, { host, channel, window, release: undefined });
  }

  /** A catalog of the channel came into force. */
  addCatalog(address: string, catalog: Catalog): void {
    this.#kept.get(address)?.channel.addCatalog(catalog);
  }

  /** A piece of the channel, as it is passed on. */
  addPiece(address: string, message: Uint8Array): void {
    this.#kept.get(address)?.channel.addPiece(message);
  }

  /** Follows the players: a channel that somebody plays is wanted, though nobody is attached. Call it about every second. */
  tick(): void {
    for (const kept of this.#kept.values()) {
      const { host, channel, release } = kept;
      if (channel.isWanted === (release !== undefined)) continue;
      release?.();
      kept.release = channel.isWanted ? host.hold('all') : undefined;
    }
  }

  /** The relay does not carry the channel any more. */
  async remove(address: string): Promise<void> {
    const kept = this.#kept.get(address);
    if (!kept) return;
    this.#kept.delete(address);
    kept.release?.();
    this.#server.close(address);
    await (await kept.window)?.close();
  }

  /** Answers what waits, and finishes what is being written. */
  async close(): Promise<void> {
    const addresses = [...this.#kept.keys()];
    this.#server.closeAll();
    await Promise.all(addresses.map((address) => this.remove(address)));
  }

  #handle(request: HttpRequest): Promise<HttpReply> {
    const address = splitHlsPath(request.path)?.address;
    const decoded = address === undefined || this.#kept.has(address) ? undefined : decodeAddress(address);
    if (decoded?.ok) this.#options.carry(decoded.channelKey);
    const reply = this.#server.handle(request);
    // The request has made the channel wanted: it need not wait for the next tick.
    this.tick();
    return reply;
  }

  async #openWindow(address: string, channel: HlsChannel): Promise<DiskWindow | undefined> {
    const { window, log } = this.#options;
    if (!window) return undefined;
    const { durationMs, bytesMax } = window;
    try {
      const store = await openDiskWindow({
        folder: join(window.folder, address),
        durationMs,
        ...(bytesMax !== undefined && { bytesMax }),
        log,
      });
      channel.keepIn(store);
      return store;
    } catch (cause) {
      log(`No window is kept on disk: ${cause instanceof Error ? cause.message : String(cause)}`);
      return undefined;
    }
  }
}
