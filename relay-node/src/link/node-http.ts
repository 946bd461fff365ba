import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Socket } from 'node:net';
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
import type { LinkLimits } from './link-limits.js';
import { shortAddress } from './remote-address.js';

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

/** Node's HTTP server with the relay's limits; connections it holds are counted until one becomes a link. */
export class NodeHttp {
  /** For listening, and for its `upgrade` events. */
  readonly server: Server;
  readonly #connections = new Set<Duplex>();
  readonly #handler: HttpHandler;
  readonly #limits: LinkLimits;
  readonly #log: (line: string) => void;

  constructor(options: { handler: HttpHandler; limits: LinkLimits; log: (line: string) => void }) {
    this.#handler = options.handler;
    this.#limits = options.limits;
    this.#log = options.log;
    this.server = createServer({
      headersTimeout: options.limits.handshakeMs,
      requestTimeout: REQUEST_MS_MAX,
      keepAliveTimeout: options.limits.handshakeMs,
      connectionsCheckingInterval: TIMEOUT_CHECK_MS,
    });
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

  /** The connection now belongs to a link, or to nobody. */
  release(socket: Duplex): void {
    this.#connections.delete(socket);
  }

  #handleConnection(socket: Socket): void {
    if (this.#connections.size >= this.#limits.httpConnectionsMax) {
      socket.destroy();
      return;
    }
    this.#connections.add(socket);
    socket.once('close', () => this.#connections.delete(socket));
  }

  #handleRequest(incoming: IncomingMessage, response: ServerResponse): void {
    const method = incoming.method ?? 'GET';
    const head: Omit<HttpRequest, 'body'> = {
      method,
      ...splitTarget(incoming.url),
      header: (name) => headerOf(incoming, name),
      remoteAddress: shortAddress(incoming.socket.remoteAddress ?? ''),
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
      writeReply(response, reply, method === 'HEAD');
    };
    void run();
  }
}
