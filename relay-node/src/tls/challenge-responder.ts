/** Answers the questions by which a certificate authority sees that a domain leads here (RFC 8555 §8.3, HTTP-01). */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { listenErrorFrom } from '../link/listen-error.js';

/** Path in front of the token. */
const CHALLENGE_PATH = '/.well-known/acme-challenge/';

/** Connections at once; authorities ask from a handful of places. More are closed. */
const CONNECTIONS_MAX = 128;

/** Time for a client to ask, and to take the answer. */
const REQUEST_MS_MAX = 5_000;

/** Open only while certificates are ordered: {@link open} it, {@link put} answers in, {@link close} it. */
export class ChallengeResponder {
  readonly #answers = new Map<string, string>();
  readonly #server: Server;

  constructor() {
    const times = { headersTimeout: REQUEST_MS_MAX, requestTimeout: REQUEST_MS_MAX, keepAliveTimeout: 1 };
    this.#server = createServer(times, (request, response) => this.#answer(request, response));
    this.#server.maxConnections = CONNECTIONS_MAX;
    this.#server.timeout = REQUEST_MS_MAX;
    this.#server.on('clientError', (_cause, socket) => socket.destroy());
  }

  /** Opens the port and resolves with its number. Rejects with a ListenError. */
  open(host: string | undefined, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', (cause) => reject(listenErrorFrom(cause, { host, port })));
      this.#server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
        const address = this.#server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  }

  /** From now on a token is answered by this text. */
  put(token: string, text: string): void {
    this.#answers.set(token, text);
  }

  /** From now on it is not. */
  remove(token: string): void {
    this.#answers.delete(token);
  }

  /** Frees the port. Twice does no harm. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '';
    const text = path.startsWith(CHALLENGE_PATH)
      ? this.#answers.get(path.slice(CHALLENGE_PATH.length))
      : undefined;
    response.writeHead(text === undefined ? 404 : 200, {
      'Content-Type': 'application/octet-stream',
      Connection: 'close',
    });
    response.end(text ?? '');
  }
}
