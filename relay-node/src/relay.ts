/** A relay: one port, any number of channels. Embedded in the broadcaster and stand-alone it is the same class. */

import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloseCode,
  createCell,
  decodeAddress,
  encodeAddress,
  Prng,
  type Role,
  type SessionEvent,
  type SignedCatalog,
  socketUrl,
} from '@freshet/proto';
import type { Registry } from 'prom-client';
import { ChannelHost, type LinkOwner } from './channel-host.js';
import { startEdge } from './edge/edge.js';
import { keepEdgeCertificate } from './edge/edge-certificate.js';
import { EdgeError } from './edge/edge-error.js';
import { withEdge } from './edge/with-edge.js';
import { EgressMeter, offloadOf } from './egress-meter.js';
import { RelayHls, type WindowSettings } from './hls/relay-hls.js';
import { createRelayRoutes } from './http/relay-routes.js';
import { createRouter } from './http/router.js';
import { createStaticAssets, readAssetFolder } from './http/static-assets.js';
import { createLinkServer } from './link/create-link-server.js';
import type { LinkLimits } from './link/link-limits.js';
import type { LinkEngine, LinkHandlers, LinkServer } from './link/link-server.js';
import { networkOf } from './link/network-of.js';
import { createMetrics, type RelayFigures } from './metrics.js';
import type { PortRange } from './settings/setting-kind.js';
import type { StandAloneOptions } from './settings/stand-alone-options.js';
import { SourceLimiter, type SourceLimits } from './stun/source-limiter.js';
import { StunError, type StunServer, startStunServer } from './stun/stun-server.js';
import { onFirstFree } from './stun/udp-ports.js';
import { askOrigin } from './tree/ask-origin.js';
import { OnDemandChannels, type Taken, TICK_MS, type Upstream } from './tree/on-demand.js';
import { OriginProver } from './tree/origin-prover.js';
import { TicketGate } from './tree/ticket-gate.js';

/** Name and version of this program, as hellos and `/health` say them. */
export const AGENT = 'freshet/0.1.0';

/** What a relay is made of. */
export type RelayOptions = StandAloneOptions & {
  /** 0 for any free one. */
  readonly port: number;
  /** Address to listen on; every interface when left out. */
  readonly host?: string | undefined;
  /** UDP ports of which the first free one is taken for STUN and the edge, in place of the number of {@link port}. */
  readonly udpPorts?: PortRange | undefined;
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
  /** Where viewers and other relays reach this one, as an origin; without it nobody is sent here. */
  readonly publicOrigin?: string | undefined;
  /** Takes private addresses as origins of child relays: for a network of one's own. A child's own address is always taken. */
  readonly isPrivateAllowed?: boolean | undefined;
  /** Viewers that are served at once, in all channels; further ones are told where else to go. */
  readonly childrenMax?: number | undefined;
  /** The same for child relays. */
  readonly relaysMax?: number | undefined;
  /** Bits per second that may be sent in all; while more is sent, newcomers are told where else to go. */
  readonly egressMaxBps?: number | undefined;
  /** Finds parents for channels that somebody asks for; without it and without {@link parents} none is taken on demand. */
  readonly upstream?: Upstream | undefined;
  /** Origins of relays that are asked for any such channel. */
  readonly parents?: readonly string[] | undefined;
  /** Whether a channel may be taken on demand, by its address; any if left out. */
  readonly mayCarry?: ((address: string) => boolean) | undefined;
  /** Carries channels on demand only while their catalogs hold a valid ticket of the operator with this public key. */
  readonly ticketOperator?: Uint8Array | undefined;
  /** Takes viewers by WebRTC as well, on the UDP port of the same number. */
  readonly edge?: RelayEdge | undefined;
  /** Keeps channels that are not carried on demand on disk. */
  readonly window?: WindowSettings | undefined;
};

/** Where viewers reach the relay's UDP port, and what it proves itself with. */
export type RelayEdge = {
  /** IP address. */
  readonly address: string;
  /** The certificate is kept in this file, so that the edge address survives a restart; made if there is none. */
  readonly certificateFile: string;
};

/** How long a relay that stops waits for its children to find another parent. */
export const DRAIN_MS_MAX = 15_000;

/** How often it looks whether they have. */
const DRAIN_LOOK_MS = 50;

/** Links that one address may open: an office, or a part of a mobile network behind one address, and then some a second. */
export const OPEN_LIMITS: SourceLimits = { burst: 600, perSecond: 50, totalPerSecond: 5_000 };

/** See {@link RelayOptions.headsMax}; chosen by simulation (ARCHITECTURE.md). */
export const HEADS_DEFAULT = 8;

/** How the broadcaster feeds its embedded relay. */
export interface ChannelPublisher {
  /** Puts a signed catalog into force and passes it on. */
  publishCatalog(signed: SignedCatalog): void;
  /** Passes the picture on whose digest the catalog in force names; any other is ignored. */
  publishPoster(picture: Uint8Array): void;
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
  readonly #onDemand: OnDemandChannels<ChannelHost>;
  readonly #hls: RelayHls;
  readonly #origins: OriginProver;
  readonly #tickets: TicketGate | undefined;
  readonly #egress = new EgressMeter();
  #edgeAddress: string | undefined;
  /** Of the edge. */
  #stunPort = 0;
  #ticker: NodeJS.Timeout | undefined;
  #isDraining = false;

  constructor(options: RelayOptions) {
    this.#options = options;
    this.#onDemand = new OnDemandChannels({
      parents: options.parents ?? [],
      upstream: options.upstream,
      mayCarry: options.mayCarry ?? (() => true),
      origin: options.publicOrigin,
      open: (channelKey) => this.#host({ channelKey, role: 'relay', isOnDemand: true }),
      close: (address, code, reason) => this.#close(address, code, reason),
      now: () => performance.now(),
    });
    this.#origins = new OriginProver({
      ask: (claim) => askOrigin(claim, options.isPrivateAllowed ?? false),
      now: () => performance.now(),
    });
    const { ticketOperator } = options;
    this.#tickets = ticketOperator && new TicketGate({ operatorKey: ticketOperator, wallNow: Date.now });
    this.#hls = new RelayHls({
      carry: (channelKey) => this.carry(channelKey),
      window: options.window,
      log: options.log,
    });
    this.#opens = new SourceLimiter(options.openLimits ?? OPEN_LIMITS);
    this.#metrics = createMetrics({
      hosts: () => this.#hosts.values(),
      server: () => this.server,
      opensRefused: () => this.#opensRefused,
      figures: () => this.#figures(),
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
      isDraining: () => this.#isDraining,
      tickets: this.#tickets,
      problems: this.#options.problems,
      region: this.#options.region,
    });
    this.#server = createLinkServer<LinkOwner>({
      port: this.#options.port,
      host: this.#options.host,
      engine: this.#options.engine,
      limits: this.#options.limits,
      tls: this.#options.tls,
      trustedProxies: this.#options.trustedProxies,
      log: this.#options.log,
      acceptLink: (path) => path.startsWith(CHANNEL_PATH),
      handlers: this.#createHandlers(),
      handleHttp: createRouter({ ...routes, routes: [...routes.routes, ...this.#hls.routes] }),
    });
    this.#port = (await this.#server.listen()).port;
    this.#ticker = setInterval(() => {
      this.#measureEgress();
      this.#hls.tick();
      this.#onDemand.tick();
      this.#origins.tick();
      for (const address of this.#hosts.keys()) this.#checkTicket(address);
    }, TICK_MS).unref();
    await this.#openEdge();
    if (this.#edgeAddress === undefined) this.#stun = await this.#openStun();
  }

  /** Where viewers reach it by WebRTC; `undefined` where it has no edge. */
  get edgeAddress(): string | undefined {
    return this.#edgeAddress;
  }

  /** Carries a channel that comes from parents, given as origins (`https://host`), best first. */
  follow(channelKey: Uint8Array, parents: readonly string[]): ChannelHost {
    const urls = parents.map((origin) => socketUrl(origin, channelKey));
    const address = encodeAddress(channelKey);
    const taken = this.#hosts.get(address);
    this.#onDemand.release(address);
    taken?.addParents(urls);
    return taken ?? this.#host({ channelKey, role: 'relay', parents: urls });
  }

  /**
   * The channel, taken on demand if the relay does not carry it and may; `undefined` if not. For what asks for it without
   * a link of its own: {@link ChannelHost.hold} keeps it.
   */
  carry(channelKey: Uint8Array): ChannelHost | undefined {
    const taken = this.#take(channelKey, 'own');
    return taken.ok ? taken.host : undefined;
  }

  /** Carries a channel whose broadcaster is this process; `wallAtZeroMs` is the wall time at monotonic time 0. */
  publish(channelKey: Uint8Array, wallAtZeroMs: number): ChannelPublisher {
    const address = encodeAddress(channelKey);
    // Whoever asked before the broadcast began comes back to it.
    if (this.#onDemand.release(address))
      this.#close(address, CloseCode.goingAway, 'the broadcast begins here');
    const channel = this.#host({ channelKey, role: 'publisher', wallAtZeroMs });
    return {
      channel,
      publishCatalog: (signed) => channel.publishCatalog(signed),
      publishPoster: (picture) => channel.takePoster(picture),
      publishPiece: (message) => channel.publishPiece(message),
    };
  }

  /**
   * Stops in peace: newcomers are turned away, children are told over a few seconds where else to go, and fed until they have
   * another parent. Resolves when all have gone, after {@link DRAIN_MS_MAX}, or when `signal` says so; {@link close} then.
   */
  async drain(signal?: AbortSignal): Promise<void> {
    this.#isDraining = true;
    for (const host of this.#hosts.values()) host.drain();
    const until = performance.now() + DRAIN_MS_MAX;
    while (this.childCount > 0 && performance.now() < until && !signal?.aborted) await sleep(DRAIN_LOOK_MS);
  }

  /** Children of all channels together. */
  get childCount(): number {
    let count = 0;
    for (const { session } of this.#hosts.values()) count += session.childCount;
    return count;
  }

  /** Whether {@link drain} has been asked for. */
  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Ends every link with its code, closes the port, leaves no handle. Idempotent. */
  async close(): Promise<void> {
    clearInterval(this.#ticker);
    this.#onDemand.close();
    this.#origins.close();
    await this.#hls.close();
    for (const host of this.#hosts.values()) host.close();
    this.#hosts.clear();
    this.#metrics.clear();
    await this.#stun?.close();
    await this.#server?.close();
  }

  #figures(): RelayFigures {
    const hosts = [...this.#hosts.values()];
    return {
      hops: hosts.map((host) => host.stats().hopCount),
      pieceDelays: hosts.map((host) => host.pieceDelays),
      refused: { ...this.#origins.refused, ...this.#tickets?.refused },
      isDraining: this.#isDraining,
      egressBps: this.#egress.bps,
      offload: this.#offload(),
    };
  }

  /** UDP port of STUN and the edge; 0 where none could be opened. */
  get udpPort(): number {
    return this.#stun?.port ?? this.#stunPort;
  }

  /** It answers STUN as well, and so takes the STUN server's place. Without it the relay serves WebSockets alone. */
  async #openEdge(): Promise<void> {
    const { edge, host, log } = this.#options;
    if (!edge) return;
    try {
      const certificate = await keepEdgeCertificate(edge.certificateFile);
      const opened = await onFirstFree(this.#udpRange, log, (port) =>
        startEdge<LinkOwner>({
          port,
          host,
          certificate,
          acceptLink: (path) => path.startsWith(CHANNEL_PATH),
          handlers: this.#createHandlers(),
        }),
      );
      this.#server = withEdge(this.server, opened);
      this.#edgeAddress = opened.addressAt(edge.address);
      this.#stunPort = opened.port;
    } catch (cause) {
      if (!(cause instanceof EdgeError)) throw cause;
      log(`Viewers cannot connect by WebRTC: ${cause.message}`);
    }
  }

  /** The UDP port of the same number unless others are named, so that one number is to be opened in a firewall. */
  get #udpRange(): PortRange {
    return this.#options.udpPorts ?? { first: this.#port, last: this.#port };
  }

  /** Where nobody named ports, any does if the one is taken. */
  async #openStun(): Promise<StunServer | undefined> {
    const { host, log, udpPorts } = this.#options;
    const ranges = udpPorts ? [udpPorts] : [this.#udpRange, { first: 0, last: 0 }];
    for (const range of ranges) {
      try {
        return await onFirstFree(range, log, (port) => startStunServer({ port, host }));
      } catch (cause) {
        if (!(cause instanceof StunError)) throw cause;
        if (range === ranges.at(-1)) log(`Viewers behind NAT cannot find each other: ${cause.message}`);
      }
    }
    return undefined;
  }

  #host(options: {
    channelKey: Uint8Array;
    role: 'publisher' | 'relay';
    parents?: readonly string[];
    wallAtZeroMs?: number;
    isOnDemand?: boolean;
  }): ChannelHost {
    const { isOnDemand = false, ...session } = options;
    const address = encodeAddress(options.channelKey);
    const existing = this.#hosts.get(address);
    if (existing) return existing;
    const host = new ChannelHost({
      ...session,
      address,
      tree: {
        origin: this.#options.publicOrigin,
        originToken: this.#options.publicOrigin && crypto.randomUUID(),
        hasRoom: (role) => this.#countOf(role) < this.#maxOf(role) && this.#egressShare < 1,
        loadPermille: () => Math.round(1000 * this.#load),
        isOnDemand,
      },
      agent: AGENT,
      prng: new Prng(crypto.randomUUID()),
      cell: {
        create: createCell,
        headsMax: this.#options.headsMax ?? HEADS_DEFAULT,
        stunPort: this.udpPort,
      },
      server: this.server,
      onEvent: (event) => {
        if (event.kind === 'catalog') {
          this.#hls.addCatalog(address, event.catalog);
          // Not while the session is still telling: this may end it.
          queueMicrotask(() => this.#checkTicket(address));
        }
        this.#options.onEvent?.(address, event);
      },
      onPiece: (message) => this.#hls.addPiece(address, message),
      onClaim: ({ link, ...claim }) =>
        this.#origins.add(link, {
          ...claim,
          network: networkOf(claim.from),
          onProven: () => this.#hosts.get(address)?.proveOrigin(link),
        }),
    });
    this.#hosts.set(address, host);
    this.#hls.add(host, isOnDemand);
    return host;
  }

  /** Channels that the operator named are carried without. */
  #checkTicket(address: string): void {
    const host = this.#hosts.get(address);
    const catalog = host?.session.catalog;
    if (!this.#tickets || !host || !catalog || !this.#onDemand.has(address)) return;
    const why = this.#tickets.refusalOf(host.channelKey, catalog.tickets ?? []);
    if (why !== undefined) this.#onDemand.refuse(address, why);
  }

  #close(address: string, code: number, reason: string): void {
    void this.#hls.remove(address);
    this.#hosts.get(address)?.close(code, reason);
    this.#hosts.delete(address);
  }

  #take(channelKey: Uint8Array, network: string): Taken<ChannelHost> {
    const host = this.#hosts.get(encodeAddress(channelKey));
    if (host) return { ok: true, host };
    if (this.#isDraining) return { ok: false, code: CloseCode.full, reason: 'this relay is about to stop' };
    return this.#onDemand.take(channelKey, network);
  }

  #countOf(role: Role): number {
    let count = 0;
    for (const { session } of this.#hosts.values()) count += session.childCounts[role];
    return count;
  }

  #maxOf(role: Role): number {
    const { childrenMax, relaysMax } = this.#options;
    return (role === 'viewer' ? childrenMax : relaysMax) ?? Number.POSITIVE_INFINITY;
  }

  /** Bytes of HLS are nobody's channel here: a place of their own. */
  #measureEgress(): void {
    const sent = new Map([['', this.#hls.servedBytes]]);
    for (const [address, host] of this.#hosts) sent.set(address, host.egressBytes);
    this.#egress.tick(performance.now(), sent);
  }

  /** What is sent, of what may be. */
  get #egressShare(): number {
    const { egressMaxBps } = this.#options;
    return egressMaxBps === undefined ? 0 : this.#egress.bps / egressMaxBps;
  }

  get #load(): number {
    return Math.max(this.#loadOf('viewer'), this.#loadOf('relay'), Math.min(1, this.#egressShare));
  }

  #offload(): number | undefined {
    let [egressBps, wantedBps] = [0, 0];
    for (const [address, { session }] of this.#hosts) {
      egressBps += this.#egress.bpsOf(address);
      wantedBps += session.childCounts.viewer * (session.catalog?.renditions[0]?.bitrate ?? 0);
    }
    return offloadOf(egressBps, 1, wantedBps);
  }

  #loadOf(role: Role): number {
    return Math.min(1, this.#countOf(role) / Math.max(1, this.#maxOf(role)));
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
        if (!decoded.ok) return link.close(CloseCode.unknownChannel, 'this is no address of a channel');
        const network = networkOf(request.remoteAddress);
        const taken = this.#take(decoded.channelKey, network);
        if (!taken.ok) return link.close(taken.code, taken.reason);
        link.context = taken.host;
        taken.host.open(link, network, request.remoteAddress);
      },
      onMessage: (link, bytes) => link.context?.receive(link, bytes),
      onWritable: (link, bufferedBytes) => link.context?.writable(link, bufferedBytes),
      onOverflow: (link) => link.context?.overflowed(link),
      onClose: (link, code, reason) => {
        this.#origins.forget(link.id);
        link.context?.closed(link, code, reason);
      },
    };
  }
}

/** Makes a relay and opens its port. Rejects with a ListenError that says what to do. */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  const relay = new Relay(options);
  await relay.listen();
  return relay;
}
