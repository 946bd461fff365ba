import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { frameBinary } from './frame.js';
import { type LinkLimits, resolveLimits } from './link-limits.js';
import {
  LINK_CLOSE,
  type LinkHandlers,
  type LinkRequest,
  type LinkServer,
  type LinkServerOptions,
  TEXT_REFUSED,
} from './link-server.js';
import { listenErrorFrom } from './listen-error.js';
import { headerOf, NodeHttp, refuseUpgrade, splitTarget } from './node-http.js';
import { OverflowNotices } from './overflow-notices.js';
import { Topics } from './topics.js';
import { WsLink, type WsLinkHome } from './ws-link.js';

/** The idle time is divided into this many sweeps; a ping goes out at half time. */
const SWEEPS_PER_IDLE = 4;

/** How long a link that was told to close may keep its connection before it is cut. */
const LINGER_SWEEPS_MAX = 2;

const asBytes = (data: RawData): Uint8Array =>
  Array.isArray(data) ? Buffer.concat(data) : data instanceof ArrayBuffer ? new Uint8Array(data) : data;

/** The port on Node's own HTTP server and the `ws` package: runs everywhere, costs more CPU per viewer. */
export class WsServer<Context> implements LinkServer {
  readonly engine = 'ws';
  /** Twice the socket's high-water mark: below that mark no `drain` comes. */
  readonly burstBytesMax = 128 * 1024;
  readonly #options: LinkServerOptions<Context>;
  readonly #handlers: LinkHandlers<Context>;
  readonly #limits: LinkLimits;
  readonly #http: NodeHttp;
  readonly #wss: WebSocketServer;
  readonly #topics = new Topics<WsLink<Context>>();
  readonly #overflow: OverflowNotices<WsLink<Context>>;
  readonly #home: WsLinkHome<Context>;
  readonly #links = new Set<WsLink<Context>>();
  /** Closed for the owner, their connections not yet gone; with the sweeps each has lived through. */
  readonly #lingering = new Map<WsLink<Context>, number>();
  #onNoneLingering: (() => void) | undefined;
  #sweepTimer: NodeJS.Timeout | undefined;
  #closing: Promise<void> | undefined;

  /** Nothing is open until `listen`. */
  constructor(options: LinkServerOptions<Context>) {
    this.#options = options;
    this.#handlers = options.handlers;
    this.#limits = resolveLimits(options.limits ?? {});
    this.#overflow = new OverflowNotices((link) => this.#handlers.onOverflow(link));
    this.#home = {
      topics: this.#topics,
      overflow: this.#overflow,
      bufferedBytesMax: this.#limits.bufferedBytesMax,
      onGone: (link, code, reason) => this.#handleGone(link, code, reason),
    };
    const { handleHttp: handler, isLoopbackLimited, log, tls, trustedProxies } = options;
    this.#http = new NodeHttp({ handler, limits: this.#limits, log, tls, trustedProxies, isLoopbackLimited });
    this.#http.server.on('upgrade', (request, socket, head) => this.#handleUpgrade(request, socket, head));
    this.#wss = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: this.#limits.messageBytesMax,
    });
  }

  get linkCount(): number {
    return this.#links.size;
  }

  get connectsRefused(): number {
    return this.#http.connectsRefused;
  }

  listen(): Promise<{ port: number }> {
    const { host, port } = this.#options;
    const server = this.#http.server;
    return new Promise((resolve, reject) => {
      const fail = (cause: Error): void => reject(listenErrorFrom(cause, { host, port }));
      server.once('error', fail);
      server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
        server.off('error', fail);
        server.on('error', (cause) => this.#options.log(`The port reported: ${cause.message}`));
        this.#sweepTimer = setInterval(() => this.#sweep(), this.#limits.idleMs / SWEEPS_PER_IDLE);
        const address: AddressInfo | string | null = server.address();
        resolve({ port: typeof address === 'object' && address !== null ? address.port : port });
      });
    });
  }

  publish(topic: string, bytes: Uint8Array): void {
    const members = this.#topics.membersOf(topic);
    if (members === undefined) return;
    const frame = frameBinary(bytes);
    for (const link of members) link.deliver(frame);
  }

  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  #handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const target = splitTarget(request.url);
    if (!this.#options.acceptLink(target.path)) {
      refuseUpgrade(socket, '404 Not Found', 'There is no link at this address.');
      return;
    }
    const linkCount = this.#links.size + this.#lingering.size;
    if (linkCount >= this.#limits.linksMax || this.#closing !== undefined) {
      refuseUpgrade(socket, '503 Service Unavailable', 'This relay is full. Try another one.');
      return;
    }
    const linkRequest: LinkRequest = {
      ...target,
      remoteAddress: this.#http.clientOf(request),
      origin: headerOf(request, 'origin'),
      forwardedFor: headerOf(request, 'x-forwarded-for'),
    };
    this.#wss.handleUpgrade(request, socket, head, (ws) => this.#handleOpen(ws, socket, linkRequest));
  }

  #handleOpen(ws: WebSocket, socket: Duplex, request: LinkRequest): void {
    this.#http.release(socket);
    const link = new WsLink<Context>(ws, socket, this.#home);
    this.#links.add(link);
    ws.on('message', (data, isBinary) => {
      if (!this.#links.has(link)) return;
      if (isBinary) this.#handlers.onMessage(link, asBytes(data));
      else link.close(LINK_CLOSE.text, TEXT_REFUSED);
    });
    ws.on('error', (cause) => {
      const isTooLong = 'code' in cause && cause.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
      link.gone(isTooLong ? LINK_CLOSE.tooLong : LINK_CLOSE.abnormal, cause.message);
      // `ws` has queued its close frame; what the other end still sends is not waited for.
      if ('destroySoon' in socket && typeof socket.destroySoon === 'function') socket.destroySoon();
      else socket.destroy();
    });
    ws.on('close', (code, reason) => {
      link.gone(code, reason.toString());
      this.#lingering.delete(link);
      if (this.#lingering.size === 0) this.#onNoneLingering?.();
    });
    socket.on('drain', () => {
      if (this.#links.has(link)) this.#handlers.onWritable(link, link.bufferedBytes);
    });
    this.#handlers.onOpen(link, request);
  }

  #handleGone(link: WsLink<Context>, code: number, reason: string): void {
    this.#links.delete(link);
    this.#lingering.set(link, 0);
    this.#handlers.onClose(link, code, reason);
  }

  #sweep(): void {
    for (const link of this.#links) {
      link.silentSweeps = link.hasSpoken() ? 0 : link.silentSweeps + 1;
      if (link.silentSweeps > SWEEPS_PER_IDLE - 1) {
        link.gone(LINK_CLOSE.abnormal, 'silent for too long');
        link.terminate();
      } else if (link.silentSweeps >= SWEEPS_PER_IDLE / 2) {
        link.ping();
      }
    }
    for (const [link, sweeps] of this.#lingering) {
      if (sweeps >= LINGER_SWEEPS_MAX) link.terminate();
      this.#lingering.set(link, sweeps + 1);
    }
  }

  async #shutDown(): Promise<void> {
    if (this.#sweepTimer !== undefined) clearInterval(this.#sweepTimer);
    const server = this.#http.server;
    const stopped = new Promise<void>((resolve) => {
      if (server.listening) server.close(() => resolve());
      else resolve();
    });
    for (const link of [...this.#links]) link.close(LINK_CLOSE.goingAway, 'the relay is closing');
    this.#overflow.close();
    const cut = setTimeout(() => {
      for (const link of this.#lingering.keys()) link.terminate();
      server.closeAllConnections();
    }, this.#limits.closeGraceMs);
    await stopped;
    // Upgraded connections do not hold the server's own close back, so they are waited for here.
    await new Promise<void>((resolve) => {
      if (this.#lingering.size === 0) resolve();
      else this.#onNoneLingering = resolve;
    });
    clearTimeout(cut);
  }
}
