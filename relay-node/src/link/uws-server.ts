import { createServer } from 'node:net';
import { textReply } from '../http/http-message.js';
import { ConnectionGate } from './connection-gate.js';
import { type LinkLimits, resolveLimits } from './link-limits.js';
import {
  LINK_CLOSE,
  type LinkHandlers,
  type LinkRequest,
  type LinkServer,
  type LinkServerOptions,
  nextLinkId,
  type ServerLink,
  TEXT_REFUSED,
} from './link-server.js';
import { type ListenError, listenErrorFrom } from './listen-error.js';
import { OverflowNotices } from './overflow-notices.js';
import { addressFromBytes, clientAddress } from './remote-address.js';
import type {
  UwsApp,
  UwsContext,
  UwsListenSocket,
  UwsModule,
  UwsRequest,
  UwsResponse,
  UwsSocket,
} from './uws-api.js';
import { serveUwsRequest, writeUwsReply } from './uws-http.js';

/**
 * One native app on the port. An app's certificate is fixed for the connections that name no host, so a new
 * certificate needs a new app, which takes over the listening; the one before keeps its links.
 */
type Generation = {
  readonly app: UwsApp;
  listenSocket: UwsListenSocket | undefined;
  linkCount: number;
  /** Requests that are being answered. */
  pendingCount: number;
};

/** Apps that keep links from before a new certificate. Beyond it the oldest one's links are closed; they dial again. */
const RETIRED_MAX = 4;

/** What hangs on a native socket: the request until it opens, the link afterwards. */
type SocketData<Context> = {
  link: UwsLink<Context> | undefined;
  request: LinkRequest | undefined;
  readonly home: Generation;
};

/** How uWebSockets.js words the closing of a link whose message was too long; it has no code of its own for it. */
const TOO_LONG_REASON = 'Received too big message';

const decoder = new TextDecoder();

class UwsLink<Context> implements ServerLink<Context> {
  readonly id = nextLinkId();
  context: Context | undefined = undefined;
  readonly home: Generation;
  #ws: UwsSocket<SocketData<Context>> | undefined;

  constructor(ws: UwsSocket<SocketData<Context>>, home: Generation) {
    this.#ws = ws;
    this.home = home;
  }

  send(bytes: Uint8Array): void {
    this.#ws?.send(bytes, true, false);
  }

  attach(topic: string): void {
    this.#ws?.subscribe(topic);
  }

  detach(topic: string): void {
    this.#ws?.unsubscribe(topic);
  }

  get bufferedBytes(): number {
    return this.#ws?.getBufferedAmount() ?? 0;
  }

  close(code: number, reason: string): void {
    this.#ws?.end(code, reason);
  }

  /** The native socket is gone and must not be touched again. */
  release(): void {
    this.#ws = undefined;
  }
}

/** The port on uWebSockets.js: fan-out, framing and pings run in native code. */
export class UwsServer<Context> implements LinkServer {
  readonly engine = 'uWebSockets.js';
  /** One message: the native buffer keeps the size it once had, and `drain` comes however little waits. */
  readonly burstBytesMax = 17 * 1024;
  readonly #uws: UwsModule;
  #generation: Generation;
  /** Generations that listen no more, oldest first. */
  readonly #retired = new Set<Generation>();
  readonly #options: LinkServerOptions<Context>;
  readonly #handlers: LinkHandlers<Context>;
  readonly #limits: LinkLimits;
  readonly #links = new Set<UwsLink<Context>>();
  /** Messages of this turn of the event loop: what the sockets' receive buffers held, no more. */
  #inbox: [UwsLink<Context>, Uint8Array][] = [];
  readonly #overflow: OverflowNotices<UwsLink<Context>>;
  readonly #gate: ConnectionGate;
  #connectionCount = 0;
  #port = 0;
  #closing: Promise<void> | undefined;

  /** Nothing is open until `listen`. */
  constructor(uws: UwsModule, options: LinkServerOptions<Context>) {
    this.#uws = uws;
    this.#options = options;
    this.#handlers = options.handlers;
    this.#limits = resolveLimits(options.limits ?? {});
    this.#overflow = new OverflowNotices((link) => this.#handlers.onOverflow(link));
    const { isLoopbackLimited, trustedProxies } = options;
    this.#gate = new ConnectionGate({ limits: this.#limits, trustedProxies, isLoopbackLimited });
    this.#generation = this.#createGeneration();
    options.tls?.onRenewed(() => this.#renew());
  }

  get linkCount(): number {
    return this.#links.size;
  }

  get connectsRefused(): number {
    return this.#gate.refusedCount;
  }

  async listen(): Promise<{ port: number }> {
    const { host, port, tls } = this.#options;
    // Only a port that was asked for by its number can be listened on again while it has connections.
    this.#port = tls !== undefined && port === 0 ? await findFreePort(host) : port;
    if (!this.#startListening(this.#generation)) throw await explainListenFailure(host, this.#port);
    return { port: this.#port };
  }

  publish(topic: string, bytes: Uint8Array): void {
    if (this.#closing !== undefined) return;
    this.#generation.app.publish(topic, bytes, true, false);
    for (const { app } of this.#retired) app.publish(topic, bytes, true, false);
  }

  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  #startListening(generation: Generation): boolean {
    const { host } = this.#options;
    let opened: UwsListenSocket | false = false;
    const done = (socket: UwsListenSocket | false): void => {
      opened = socket;
    };
    // Said outright, since some versions share a port by default: two relays would split the viewers without a word.
    const exclusive = this.#uws.LIBUS_LISTEN_EXCLUSIVE_PORT;
    if (host === undefined) generation.app.listen(this.#port, exclusive, done);
    else generation.app.listen(host, this.#port, exclusive, done);
    if (opened === false) return false;
    generation.listenSocket = opened;
    this.#port = this.#uws.us_socket_local_port(opened);
    return true;
  }

  #stopListening(generation: Generation): void {
    if (generation.listenSocket !== undefined) this.#uws.us_listen_socket_close(generation.listenSocket);
    generation.listenSocket = undefined;
  }

  #createGeneration(): Generation {
    const identity = this.#options.tls?.current;
    const app =
      identity === undefined
        ? this.#uws.App()
        : this.#uws.SSLApp({ cert_file_name: identity.certFile, key_file_name: identity.keyFile });
    const generation: Generation = { app, listenSocket: undefined, linkCount: 0, pendingCount: 0 };
    this.#routeLinks(generation);
    this.#routeHttp(generation);
    return generation;
  }

  /** Serves new connections with the certificate that the files hold now. */
  #renew(): void {
    const before = this.#generation;
    if (this.#closing !== undefined || before.listenSocket === undefined) return;
    let next: Generation;
    try {
      next = this.#createGeneration();
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      this.#options.log(`The new certificate could not be loaded (${why}); the one before goes on serving.`);
      return;
    }
    this.#stopListening(before);
    if (!this.#startListening(next)) {
      const isBack = this.#startListening(before);
      const outcome = isBack ? 'the certificate before goes on serving' : 'start the relay again';
      this.#options.log(`The port could not be opened with the new certificate; ${outcome}.`);
      return;
    }
    this.#generation = next;
    this.#retired.add(before);
    const [oldest] = this.#retired;
    if (this.#retired.size > RETIRED_MAX && oldest) this.#closeLinks(oldest);
    this.#letGo(before);
  }

  /** Frees a generation that has nothing left to do, outside of native callbacks. */
  #letGo(generation: Generation): void {
    if (generation.linkCount > 0 || generation.pendingCount > 0 || !this.#retired.has(generation)) return;
    setImmediate(() => {
      if (generation.linkCount > 0 || generation.pendingCount > 0) return;
      if (this.#retired.delete(generation)) generation.app.close();
    });
  }

  #closeLinks(generation: Generation): void {
    for (const link of [...this.#links])
      if (link.home === generation) link.close(LINK_CLOSE.goingAway, 'the certificate has changed');
  }

  #routeLinks(generation: Generation): void {
    const limits = this.#limits;
    generation.app.ws<SocketData<Context>>('/*', {
      maxPayloadLength: limits.messageBytesMax,
      maxBackpressure: limits.bufferedBytesMax,
      idleTimeout: Math.round(limits.idleMs / 1000),
      maxLifetime: 0,
      sendPingsAutomatically: true,
      closeOnBackpressureLimit: false,
      compression: 0,
      upgrade: (res, req, context) => this.#handleUpgrade(generation, res, req, context),
      open: (ws) => this.#handleOpen(ws),
      message: (ws, message, isBinary) => {
        const link = ws.getUserData().link;
        if (link === undefined) return;
        if (isBinary) this.#receive(link, new Uint8Array(message.slice(0)));
        else link.close(LINK_CLOSE.text, TEXT_REFUSED);
      },
      dropped: (ws, _message, isBinary) => {
        // Pings and pongs are dropped as well, and concern nobody.
        const link = ws.getUserData().link;
        if (isBinary && link !== undefined) this.#overflow.add(link);
      },
      drain: (ws) => {
        const link = ws.getUserData().link;
        if (link !== undefined) this.#handlers.onWritable(link, ws.getBufferedAmount());
      },
      close: (ws, code, reason) => this.#handleClose(ws.getUserData(), code, decoder.decode(reason)),
    });
  }

  #routeHttp(generation: Generation): void {
    const { handleHttp: handler, log, trustedProxies } = this.#options;
    generation.app.any('/*', (res, req) =>
      serveUwsRequest(res, req, {
        handler,
        bodyBytesMax: this.#limits.httpBodyBytesMax,
        log,
        trustedProxies,
        isCrowded: () => this.#gate.isCrowded(this.#connectionCount),
        onPending: (change) => {
          generation.pendingCount += change;
          if (change < 0) this.#letGo(generation);
        },
      }),
    );
    const countConnection = (res: UwsResponse, change: number): void => {
      this.#connectionCount += change;
      if (change < 0) return;
      const address = addressFromBytes(new Uint8Array(res.getRemoteAddress()));
      if (!this.#gate.admits(address, this.#connectionCount - 1)) res.close();
    };
    generation.app.filter(countConnection);
  }

  #handleUpgrade(home: Generation, res: UwsResponse, req: UwsRequest, context: UwsContext): void {
    const path = req.getUrl();
    const how = { isHead: false, isLast: true };
    if (!this.#options.acceptLink(path)) {
      writeUwsReply(res, textReply(404, 'There is no link at this address.'), how);
      return;
    }
    if (this.#links.size >= this.#limits.linksMax || this.#closing !== undefined) {
      writeUwsReply(res, textReply(503, 'This relay is full. Try another one.'), how);
      return;
    }
    const peer = addressFromBytes(new Uint8Array(res.getRemoteAddress()));
    const forwardedFor = req.getHeader('x-forwarded-for') || undefined;
    const request: LinkRequest = {
      path,
      query: req.getQuery() ?? '',
      remoteAddress: clientAddress(peer, forwardedFor, this.#options.trustedProxies),
      origin: req.getHeader('origin') || undefined,
      forwardedFor,
    };
    const data: SocketData<Context> = { link: undefined, request, home };
    const key = req.getHeader('sec-websocket-key');
    // No subprotocol and no extension is agreed to, so nothing is ever compressed.
    res.upgrade(data, key, '', '', context);
  }

  #handleOpen(ws: UwsSocket<SocketData<Context>>): void {
    const data = ws.getUserData();
    const request = data.request;
    if (request === undefined) return;
    data.request = undefined;
    // A connection that became a link is not reported to the filter again.
    this.#connectionCount -= 1;
    const link = new UwsLink<Context>(ws, data.home);
    data.home.linkCount += 1;
    data.link = link;
    this.#links.add(link);
    this.#handlers.onOpen(link, request);
  }

  /**
   * Hands a message on outside the native callback. Inside it everything sent is gathered, and what goes beyond the
   * gathering buffer's 16 KiB passes through a buffer of the link's own, which keeps that size for the link's life:
   * 23 KiB for each viewer that joined, measured.
   */
  #receive(link: UwsLink<Context>, bytes: Uint8Array): void {
    this.#inbox.push([link, bytes]);
    if (this.#inbox.length > 1) return;
    setImmediate(() => {
      const inbox = this.#inbox;
      this.#inbox = [];
      for (const [from, message] of inbox) if (this.#links.has(from)) this.#handlers.onMessage(from, message);
    });
  }

  #handleClose(data: SocketData<Context>, code: number, reason: string): void {
    const link = data.link;
    if (link === undefined) return;
    data.link = undefined;
    link.release();
    this.#links.delete(link);
    this.#overflow.remove(link);
    const isTooLong = code === LINK_CLOSE.abnormal && reason === TOO_LONG_REASON;
    data.home.linkCount -= 1;
    this.#letGo(data.home);
    this.#handlers.onClose(link, isTooLong ? LINK_CLOSE.tooLong : code, reason);
  }

  async #shutDown(): Promise<void> {
    const generations = [this.#generation, ...this.#retired];
    this.#retired.clear();
    this.#stopListening(this.#generation);
    const isBusy = generations.some(({ linkCount, pendingCount }) => linkCount > 0 || pendingCount > 0);
    for (const link of [...this.#links]) link.close(LINK_CLOSE.goingAway, 'the relay is closing');
    this.#overflow.close();
    // Closing the app cuts every connection, so close frames and last replies get a moment to leave.
    if (isBusy) await new Promise((resolve) => setTimeout(resolve, this.#limits.closeGraceMs));
    for (const { app } of generations) app.close();
  }
}

/** A port that is free now, as Node finds it. Rejects with a ListenError. */
const findFreePort = (host: string | undefined): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (cause) => reject(listenErrorFrom(cause, { host, port: 0 })));
    probe.listen({ port: 0, ...(host === undefined ? {} : { host }) }, () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });

/** uWebSockets.js says only that it failed, so Node is asked for the reason. */
const explainListenFailure = (host: string | undefined, port: number): Promise<ListenError> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (cause) => resolve(listenErrorFrom(cause, { host, port })));
    probe.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      probe.close(() => resolve(listenErrorFrom(undefined, { host, port })));
    });
  });
