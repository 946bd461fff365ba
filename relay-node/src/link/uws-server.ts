import { createServer } from 'node:net';
import { textReply } from '../http/http-message.js';
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
import { addressFromBytes } from './remote-address.js';
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

/** What hangs on a native socket: the request until it opens, the link afterwards. */
type SocketData<Context> = { link: UwsLink<Context> | undefined; request: LinkRequest | undefined };

/** How uWebSockets.js words the closing of a link whose message was too long; it has no code of its own for it. */
const TOO_LONG_REASON = 'Received too big message';

const decoder = new TextDecoder();

class UwsLink<Context> implements ServerLink<Context> {
  readonly id = nextLinkId();
  context: Context | undefined = undefined;
  #ws: UwsSocket<SocketData<Context>> | undefined;

  constructor(ws: UwsSocket<SocketData<Context>>) {
    this.#ws = ws;
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
  readonly #app: UwsApp;
  readonly #options: LinkServerOptions<Context>;
  readonly #handlers: LinkHandlers<Context>;
  readonly #limits: LinkLimits;
  readonly #links = new Set<UwsLink<Context>>();
  /** Messages of this turn of the event loop: what the sockets' receive buffers held, no more. */
  #inbox: [UwsLink<Context>, Uint8Array][] = [];
  readonly #overflow: OverflowNotices<UwsLink<Context>>;
  #listenSocket: UwsListenSocket | undefined;
  #connectionCount = 0;
  #pendingCount = 0;
  #closing: Promise<void> | undefined;

  /** Nothing is open until `listen`. */
  constructor(uws: UwsModule, options: LinkServerOptions<Context>) {
    this.#uws = uws;
    this.#options = options;
    this.#handlers = options.handlers;
    this.#limits = resolveLimits(options.limits ?? {});
    this.#overflow = new OverflowNotices((link) => this.#handlers.onOverflow(link));
    this.#app = uws.App();
    this.#route();
  }

  get linkCount(): number {
    return this.#links.size;
  }

  async listen(): Promise<{ port: number }> {
    const { host, port } = this.#options;
    let opened: UwsListenSocket | false = false;
    const done = (socket: UwsListenSocket | false): void => {
      opened = socket;
    };
    // Said outright, since some versions share a port by default: two relays would split the viewers without a word.
    const exclusive = this.#uws.LIBUS_LISTEN_EXCLUSIVE_PORT;
    if (host === undefined) this.#app.listen(port, exclusive, done);
    else this.#app.listen(host, port, exclusive, done);
    if (opened === false) throw await explainListenFailure(host, port);
    this.#listenSocket = opened;
    return { port: this.#uws.us_socket_local_port(opened) };
  }

  publish(topic: string, bytes: Uint8Array): void {
    if (this.#closing === undefined) this.#app.publish(topic, bytes, true, false);
  }

  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  #route(): void {
    const limits = this.#limits;
    this.#app.ws<SocketData<Context>>('/*', {
      maxPayloadLength: limits.messageBytesMax,
      maxBackpressure: limits.bufferedBytesMax,
      idleTimeout: Math.round(limits.idleMs / 1000),
      maxLifetime: 0,
      sendPingsAutomatically: true,
      closeOnBackpressureLimit: false,
      compression: 0,
      upgrade: (res, req, context) => this.#handleUpgrade(res, req, context),
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
    this.#app.any('/*', (res, req) =>
      serveUwsRequest(res, req, {
        handler: this.#options.handleHttp,
        bodyBytesMax: limits.httpBodyBytesMax,
        log: this.#options.log,
        onPending: (change) => {
          this.#pendingCount += change;
        },
      }),
    );
    const countConnection = (res: UwsResponse, change: number): void => {
      this.#connectionCount += change;
      if (change > 0 && this.#connectionCount > limits.httpConnectionsMax) res.close();
    };
    this.#app.filter(countConnection);
  }

  #handleUpgrade(res: UwsResponse, req: UwsRequest, context: UwsContext): void {
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
    const request: LinkRequest = {
      path,
      query: req.getQuery() ?? '',
      remoteAddress: addressFromBytes(new Uint8Array(res.getRemoteAddress())),
      origin: req.getHeader('origin') || undefined,
      forwardedFor: req.getHeader('x-forwarded-for') || undefined,
    };
    const data: SocketData<Context> = { link: undefined, request };
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
    const link = new UwsLink<Context>(ws);
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
    this.#handlers.onClose(link, isTooLong ? LINK_CLOSE.tooLong : code, reason);
  }

  async #shutDown(): Promise<void> {
    if (this.#listenSocket !== undefined) this.#uws.us_listen_socket_close(this.#listenSocket);
    this.#listenSocket = undefined;
    const isBusy = this.#links.size > 0 || this.#pendingCount > 0;
    for (const link of [...this.#links]) link.close(LINK_CLOSE.goingAway, 'the relay is closing');
    this.#overflow.close();
    // Closing the app cuts every connection, so close frames and last replies get a moment to leave.
    if (isBusy) await new Promise((resolve) => setTimeout(resolve, this.#limits.closeGraceMs));
    this.#app.close();
  }
}

/** uWebSockets.js says only that it failed, so Node is asked for the reason. */
const explainListenFailure = (host: string | undefined, port: number): Promise<ListenError> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (cause) => resolve(listenErrorFrom(cause, { host, port })));
    probe.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      probe.close(() => resolve(listenErrorFrom(undefined, { host, port })));
    });
  });
