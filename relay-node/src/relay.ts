/** A relay: one port, any number of channels. Embedded in the broadcaster and stand-alone it is the same class. */

import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import {
  CloseCode,
  createCell,
  decodeAddress,
  encodeAddress,
  Prng,
  type SessionEvent,
  type SignedCatalog,
  socketUrl,
} from '@freshet/proto';
import type { Registry } from 'prom-client';
import { ChannelHost, type LinkOwner } from './channel-host.js';
import { createRelayRoutes } from './http/relay-routes.js';
import { createRouter } from './http/router.js';
import { createStaticAssets, readAssetFolder } from './http/static-assets.js';
import { createLinkServer } from './link/create-link-server.js';
import type { LinkLimits } from './link/link-limits.js';
import type { LinkEngine, LinkHandlers, LinkServer } from './link/link-server.js';
import { networkOf } from './link/network-of.js';
import { createMetrics } from './metrics.js';
import { SourceLimiter, type SourceLimits } from './stun/source-limiter.js';
import { StunError, type StunServer, startStunServer } from './stun/stun-server.js';

/** Name and version of this program, as hellos and `/health` say them. */
export const AGENT = 'freshet/0.1.0';

/** What a relay is made of. */
export type RelayOptions = {
  /** 0 for any free one. */
  readonly port: number;
  /** Address to listen on; every interface when left out. */
  readonly host?: string | undefined;
  /** Forces an engine. */
  readonly engine?: LinkEngine | undefined;
  /** Takes whole lines for the operator. */
  readonly log: (line: string) => void;
  /** What happened in a channel. */
  readonly onEvent?: (address: string, event: SessionEvent) => void;
  readonly limits?: Partial<LinkLimits> | undefined;
  /** Viewers that the relay feeds in each stripe once the others carry it; more are fed while they cannot. */
  readonly headsMax?: number | undefined;
  /** Links that one address may open; more are closed as `tooManyMessages`. Not asked of this machine's own addresses. */
  readonly openLimits?: SourceLimits | undefined;
  /** Asks it of this machine's own addresses as well; for tests. */
  readonly isLoopbackLimited?: boolean | undefined;
};

/** Links that one address may open: an office, or a part of a mobile network behind one address, and then some a second. */
export const OPEN_LIMITS: SourceLimits = { burst: 600, perSecond: 50, totalPerSecond: 5_000 };

/** See {@link RelayOptions.headsMax}; chosen by simulation (ARCHITECTURE.md). */
export const HEADS_DEFAULT = 8;

/** How the broadcaster feeds its embedded relay. */
export interface ChannelPublisher {
  /** Puts a signed catalog into force and passes it on. */
  publishCatalog(signed: SignedCatalog): void;
  /** Passes a signed piece on. */
  publishPiece(message: Uint8Array): void;
  /** The channel as the relay sees it. */
  readonly channel: ChannelHost;
}

/** Path of a channel's WebSocket, in front of its address. */
const CHANNEL_PATH = '/channel/';

/** Serves channels to viewers and child relays. Made by {@link startRelay}. */
export class Relay {
  readonly #hosts = new Map<string, ChannelHost>();
  readonly #options: RelayOptions;
  #server: LinkServer | undefined;
  #port = 0;
  readonly #metrics: Registry;
  #stun: StunServer | undefined;
  readonly #opens: SourceLimiter;
  #opensRefused = 0;
  readonly #startedAt = performance.now();

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#opens = new SourceLimiter(options.openLimits ?? OPEN_LIMITS);
    this.#metrics = createMetrics({
      hosts: () => this.#hosts.values(),
      server: () => this.server,
      opensRefused: () => this.#opensRefused,
    });
  }

  /** The port it listens on. */
  get port(): number {
    return this.#port;
  }

  /** Channels it carries, by address. */
  get hosts(): ReadonlyMap<string, ChannelHost> {
    return this.#hosts;
  }

  /** The port's engine. */
  get server(): LinkServer {
    if (!this.#server) throw new Error('the relay has not been started');
    return this.#server;
  }

  /** Opens the port. Rejects with a ListenError; use {@link startRelay}. */
  async listen(): Promise<void> {
    const folder = dirname(createRequire(import.meta.url).resolve('@freshet/viewer/page/index.html'));
    const routes = createRelayRoutes({
      hosts: this.#hosts,
      metrics: this.#metrics,
      assets: createStaticAssets(await readAssetFolder(folder, '/')),
      uptimeMs: () => performance.now() - this.#startedAt,
      engine: () => this.server.engine,
    });
    this.#server = createLinkServer<LinkOwner>({
      port: this.#options.port,
      host: this.#options.host,
      engine: this.#options.engine,
      limits: this.#options.limits,
      log: this.#options.log,
      acceptLink: (path) => path.startsWith(CHANNEL_PATH),
      handlers: this.#createHandlers(),
      handleHttp: createRouter(routes),
    });
    this.#port = (await this.#server.listen()).port;
    this.#stun = await this.#openStun();
  }

  /** Carries a channel that comes from parents, given as origins (`https://host`), best first. */
  follow(channelKey: Uint8Array, parents: readonly string[]): ChannelHost {
    const urls = parents.map((origin) => socketUrl(origin, channelKey));
    return this.#host({ channelKey, role: 'relay', parents: urls });
  }

  /** Carries a channel whose broadcaster is this process; `wallAtZeroMs` is the wall time at monotonic time 0. */
  publish(channelKey: Uint8Array, wallAtZeroMs: number): ChannelPublisher {
    const channel = this.#host({ channelKey, role: 'publisher', wallAtZeroMs });
    return {
      channel,
      publishCatalog: (signed) => channel.publishCatalog(signed),
      publishPiece: (message) => channel.publishPiece(message),
    };
  }

  /** Ends every link with its code, closes the port, leaves no handle. Idempotent. */
  async close(): Promise<void> {
    for (const host of this.#hosts.values()) host.close();
    this.#hosts.clear();
    this.#metrics.clear();
    await this.#stun?.close();
    await this.#server?.close();
  }

  /** On the UDP port of the same number, so that one number is to be opened in a firewall; else on any. */
  async #openStun(): Promise<StunServer | undefined> {
    const { host, log } = this.#options;
    for (const port of [this.#port, 0]) {
      try {
        return await startStunServer({ port, host });
      } catch (cause) {
        if (!(cause instanceof StunError)) throw cause;
        if (port === 0) log(`Viewers behind NAT cannot find each other: ${cause.message}`);
      }
    }
    return undefined;
  }

  #host(options: {
    channelKey: Uint8Array;
    role: 'publisher' | 'relay';
    parents?: readonly string[];
    wallAtZeroMs?: number;
  }): ChannelHost {
    const address = encodeAddress(options.channelKey);
    const existing = this.#hosts.get(address);
    if (existing) return existing;
    const host = new ChannelHost({
      ...options,
      address,
      agent: AGENT,
      prng: new Prng(crypto.randomUUID()),
      cell: {
        create: createCell,
        headsMax: this.#options.headsMax ?? HEADS_DEFAULT,
        stunPort: this.#stun?.port ?? 0,
      },
      server: this.server,
      onEvent: (event) => this.#options.onEvent?.(address, event),
    });
    this.#hosts.set(address, host);
    return host;
  }

  #mayOpen(address: string): boolean {
    const isOwn = address === '::1' || /^(::ffff:)?127\./.test(address);
    if (isOwn && this.#options.isLoopbackLimited !== true) return true;
    const isAllowed = this.#opens.allow(performance.now(), address);
    if (!isAllowed) this.#opensRefused++;
    return isAllowed;
  }

  #createHandlers(): LinkHandlers<LinkOwner> {
    return {
      onOpen: (link, request) => {
        if (!this.#mayOpen(request.remoteAddress))
          return link.close(CloseCode.tooManyMessages, 'too many links from this address');
        const decoded = decodeAddress(request.path.slice(CHANNEL_PATH.length));
        const host = decoded.ok ? this.#hosts.get(encodeAddress(decoded.channelKey)) : undefined;
        link.context = host;
        if (host) host.open(link, networkOf(request.remoteAddress));
        else link.close(CloseCode.unknownChannel, 'this relay does not carry the channel');
      },
      onMessage: (link, bytes) => link.context?.receive(link, bytes),
      onWritable: (link, bufferedBytes) => link.context?.writable(link, bufferedBytes),
      onOverflow: (link) => link.context?.overflowed(link),
      onClose: (link, code, reason) => link.context?.closed(link, code, reason),
    };
  }
}

/** Makes a relay and opens its port. Rejects with a ListenError that says what to do. */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const relay = new Relay(options);
  await relay.listen();
  return relay;
}
