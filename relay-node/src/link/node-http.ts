import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { type BlockList, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  carriesBody,
  type HttpHandler,
  type HttpReply,
  type HttpRequest,
  isBodiless,
  textReply,
} from '../http/http-message.js';
import { runHandler } from '../http/run-handler.js';
import type { TlsSource } from '../tls/tls-identity.js';
import { ConnectionGate } from './connection-gate.js';
import type { LinkLimits } from './link-limits.js';
import { clientAddress, shortAddress } from './remote-address.js';

/** Time for a client to finish a body, counted from the first byte of its request. */
const REQUEST_MS_MAX = 60_000;

/** How often Node looks for clients that are too slow. */
const TIMEOUT_CHECK_MS = 1_000;

const NO_BODY = new Uint8Array(0);

/** Splits what a client asked for into path and query; a target that is not a path becomes `/`. */
export const splitTarget = (target: string | undefined): { path: string; query: string } => {
  const whole = target?.startsWith('/') === true ? target : '/';
  const mark = whole.indexOf('?');
  return mark < 0 ? { path: whole, query: '' } : { path: whole.slice(0, mark), query: whole.slice(mark + 1) };
};

/** One header of Node's, its repetitions joined; `undefined` when it was not sent. */
export const headerOf = (request: IncomingMessage, name: string): string | undefined => {
  const value = request.headers[name.toLowerCase()];
  return Array.isArray(value) ? value.join(', ') : value;
};

/** Resolves with `undefined` as soon as the body is longer than allowed; rejects when the client goes away. */
const collectBody = (request: IncomingMessage, bytesMax: number): Promise<Uint8Array | undefined> =>
  new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let bodyBytes = 0;
    request.on('data', (part: Buffer) => {
      bodyBytes += part.length;
      if (bodyBytes > bytesMax) {
        parts.length = 0;
        resolve(undefined);
      } else {
        parts.push(part);
      }
    });
    request.once('end', () => resolve(Buffer.concat(parts)));
    request.once('error', reject);
    request.once('close', () => reject(new Error('the client went away')));
  });

const writeReply = (response: ServerResponse, reply: HttpReply, isHead: boolean): void => {
  if (response.destroyed) return;
  const bytes = typeof reply.body === 'string' ? Buffer.from(reply.body) : reply.body;
  const headers: Record<string, string | number> = { ...reply.headers };
  if (!isBodiless(reply.status)) headers['Content-Length'] = bytes.length;
  response.writeHead(reply.status, headers);
  if (isHead || isBodiless(reply.status)) response.end();
  else response.end(bytes);
};

/** Refuses an upgrade, on a connection that has no response object, and lets go of it. */
export const refuseUpgrade = (socket: Duplex, statusLine: string, text: string): void => {
  socket.once('error', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${statusLine}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(text) + 1}\r\n\r\n${text}\n`,
  );
};

/** What Node's HTTP server is made of. */
export type NodeHttpOptions = {
  readonly handler: HttpHandler;
  readonly limits: LinkLimits;
  readonly log: (line: string) => void;
  readonly tls?: TlsSource | undefined;
  readonly trustedProxies?: BlockList | undefined;
  readonly isLoopbackLimited?: boolean | undefined;
};

/** Node's server, over TLS where there is a certificate; a new certificate counts from the next connection on. */
const createNodeServer = ({ limits, tls }: NodeHttpOptions): Server | TlsServer => {
  const times = {
    headersTimeout: limits.handshakeMs,
    requestTimeout: REQUEST_MS_MAX,
    keepAliveTimeout: limits.handshakeMs,
    connectionsCheckingInterval: TIMEOUT_CHECK_MS,
  };
  if (tls === undefined) return createServer(times);
  const { certPem: cert, keyPem: key } = tls.current;
  const server = createTlsServer({ ...times, cert, key, handshakeTimeout: limits.handshakeMs });
  tls.onRenewed(({ certPem, keyPem }) => server.setSecureContext({ cert: certPem, key: keyPem }));
  server.on('tlsClientError', (_cause, socket) => socket.destroy());
  return server;
};

/** Tells connections apart; under TLS the raw socket and the one on top of it are one connection. */
const connectionKey = (socket: Duplex): string =>
  socket instanceof Socket ? `${socket.remoteAddress} ${socket.remotePort} ${socket.localAddress}` : '';

/** Node's HTTP server with the relay's limits; connections it holds are counted until one becomes a link. */
export class NodeHttp {
  /** For listening, and for its `upgrade` events. */
  readonly server: Server | TlsServer;
  readonly #connections = new Set<string>();
  readonly #handler: HttpHandler;
  readonly #limits: LinkLimits;
  readonly #log: (line: string) => void;
  readonly #trustedProxies: BlockList | undefined;
  readonly #gate: ConnectionGate;

  constructor(options: NodeHttpOptions) {
    this.#handler = options.handler;
    this.#limits = options.limits;
    this.#log = options.log;
    const { isLoopbackLimited, limits, trustedProxies } = options;
    this.#trustedProxies = trustedProxies;
    this.#gate = new ConnectionGate({ limits, trustedProxies, isLoopbackLimited });
    this.server = createNodeServer(options);
    // A client that stops reading its reply is let go; a link has its own pings.
    this.server.timeout = options.limits.idleMs;
    this.server.on('connection', (socket) => this.#handleConnection(socket));
    this.server.on('request', (request, response) => this.#handleRequest(request, response));
    this.server.on('clientError', (_cause, socket) => {
      if (socket instanceof Socket && socket.writable && socket.bytesWritten === 0) {
        refuseUpgrade(socket, '400 Bad Request', 'This request cannot be understood.');
      } else socket.destroy();
    });
  }

  /** Connections closed unanswered so far because their address opened too many. */
  get connectsRefused(): number {
    return this.#gate.refusedCount;
  }

  /** Who sent a request. */
  clientOf(request: IncomingMessage): string {
    const peer = shortAddress(request.socket.remoteAddress ?? '');
    return clientAddress(peer, headerOf(request, 'x-forwarded-for'), this.#trustedProxies);
  }

  /** The connection now belongs to a link, or to nobody. */
  release(socket: Duplex): void {
    this.#connections.delete(connectionKey(socket));
  }

  #handleConnection(socket: Socket): void {
    if (!this.#gate.admits(shortAddress(socket.remoteAddress ?? ''), this.#connections.size)) {
      socket.destroy();
      return;
    }
    const key = connectionKey(socket);
    this.#connections.add(key);
    socket.once('close', () => this.#connections.delete(key));
  }

  #handleRequest(incoming: IncomingMessage, response: ServerResponse): void {
    const method = incoming.method ?? 'GET';
    const head: Omit<HttpRequest, 'body'> = {
      method,
      ...splitTarget(incoming.url),
      header: (name) => headerOf(incoming, name),
      remoteAddress: this.clientOf(incoming),
    };
    const run = async (): Promise<void> => {
      let body: Uint8Array | undefined = NO_BODY;
      if (carriesBody(method)) {
        try {
          body = await collectBody(incoming, this.#limits.httpBodyBytesMax);
        } catch {
          // The client went away in the middle of its request: nobody is left to answer.
          return;
        }
      }
      const reply =
        body === undefined
          ? textReply(413, `This is more than the ${this.#limits.httpBodyBytesMax} bytes taken here.`, {
              Connection: 'close',
            })
          : await runHandler(this.#handler, { ...head, body }, this.#log);
      if (this.#gate.isCrowded(this.#connections.size)) response.setHeader('Connection', 'close');
      writeReply(response, reply, method === 'HEAD');
    };
    void run();
  }
}
