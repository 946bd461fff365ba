/**
 * The control room: the broadcaster's own small server, for the studio, the dashboard and WHIP. It listens on this
 * machine only unless it has a password.
 */

import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import {
  createRouter,
  createStaticAssets,
  type HttpHandler,
  type HttpReply,
  type HttpRequest,
  headerOf,
  isLoopbackHost,
  jsonReply,
  LINK_LIMITS,
  NodeHttp,
  type Route,
  readAssetFolder,
  refuseUpgrade,
  splitTarget,
  textReply,
} from '@freshet/relay-node';
import { WebSocketServer } from 'ws';
import { ControlError } from './control-error.js';
import { ControlLock, type Entry } from './control-lock.js';
import type { ControlPart } from './control-part.js';
import { loginPage } from './login-page.js';

/** How the control room is opened. */
export type ControlOptions = {
  /** One of those from {@link CONTROL_PORT_DEFAULT} on, or any free one, if left out; 0 for any. */
  readonly port?: number | undefined;
  /** This machine only if left out; anything else needs a password. */
  readonly host?: string | undefined;
  readonly password?: string | undefined;
  readonly parts: readonly ControlPart[];
  readonly log: (line: string) => void;
};

/** An open control room. */
export interface ControlRoom {
  readonly port: number;
  /** For this machine's browser, without a slash at the end. */
  readonly origin: string;
  close(): Promise<void>;
}

/** Port that is tried first when none was asked for. */
export const CONTROL_PORT_DEFAULT = 8180;

const PORTS_TRIED = 10;
const HOST_DEFAULT = '127.0.0.1';

/** Longest message on a socket: a session description of a browser with many codecs has some 20 KiB. */
const MESSAGE_BYTES_MAX = 256 * 1024;

/** Sockets open at once: dashboards left open on many screens. One more is answered 503. */
const SOCKETS_MAX = 64;

const SECURE_PROXY = 'x-forwarded-proto';

/** Opens it. Rejects with a ControlError. */
export async function openControlRoom(options: ControlOptions): Promise<ControlRoom> {
  const host = options.host ?? HOST_DEFAULT;
  if (!isLoopbackHost(host) && !options.password)
    throw new ControlError(
      'bad-option',
      `On ${host} the control room can be reached by others: give it a password with --control-password-file, or leave --control-host out.`,
    );
  const assets = createStaticAssets(await readPages());
  const lock = new ControlLock(options.password, () => performance.now());
  const handler = createHandler(options.parts, assets, lock);
  for (const port of portsToTry(options.port)) {
    const room = new Room(options, handler, lock);
    try {
      return await room.listen(host, port);
    } catch (cause) {
      const isTaken = cause instanceof ControlError && cause.kind === 'port-taken';
      if (!isTaken || options.port !== undefined) throw cause;
    }
  }
  throw new ControlError(
    'port-taken',
    'No port is free for the control room. Choose one with --control-port.',
  );
}

/** Nobody who did not ask for a port misses the control room because the usual ones are taken. */
function portsToTry(port: number | undefined): readonly number[] {
  if (port !== undefined) return [port];
  return [...Array.from({ length: PORTS_TRIED }, (_, index) => CONTROL_PORT_DEFAULT + index), 0];
}

async function readPages() {
  const folder = fileURLToPath(new URL('../../dist/page', import.meta.url));
  try {
    return await readAssetFolder(folder, '/');
  } catch (cause) {
    throw new ControlError('not-built', 'The studio pages are missing: run "npm run build" first.', cause);
  }
}

const LOGIN_PATH = '/login';

function createHandler(
  parts: readonly ControlPart[],
  assets: ReturnType<typeof createStaticAssets>,
  lock: ControlLock,
): HttpHandler {
  const pages: Readonly<Record<string, string>> = Object.assign({}, ...parts.map((part) => part.pages ?? {}));
  const listing: Route = {
    method: 'GET',
    pattern: '/api/pages',
    handler: () => jsonReply(200, Object.keys(pages)),
  };
  const locked = createRouter({
    routes: [listing, ...parts.flatMap((part) => part.routes ?? [])],
    assets,
    aliases: pages,
  });
  const open = createRouter({ routes: parts.flatMap((part) => part.openRoutes ?? []) });
  const isOpenPath = openPaths(parts);
  const login = createRouter({
    routes: [
      { method: 'GET', pattern: LOGIN_PATH, handler: () => loginPage(undefined) },
      { method: 'POST', pattern: LOGIN_PATH, handler: (request) => takePassword(request, lock) },
    ],
  });
  return (request) => {
    if (isOpenPath(request.path)) return open(request);
    const isLogin = lock.hasPassword && request.path === LOGIN_PATH;
    const entry = lock.judge(request);
    if (entry === 'foreign') return refusal(entry);
    if (isLogin) return login(request);
    if (entry === 'open') return locked(request);
    const wantsPage = request.method === 'GET' && (request.header('accept') ?? '').includes('text/html');
    return wantsPage ? textReply(303, 'A password is needed.', { Location: LOGIN_PATH }) : refusal(entry);
  };
}

function openPaths(parts: readonly ControlPart[]): (path: string) => boolean {
  const patterns = parts.flatMap((part) => part.openRoutes ?? []).map(({ pattern }) => pattern);
  return (path) =>
    patterns.some((pattern) =>
      pattern.endsWith('/*') ? path.startsWith(pattern.slice(0, -1)) : pattern === path,
    );
}

function refusal(entry: Exclude<Entry, 'open'>): HttpReply {
  return entry === 'login'
    ? textReply(401, 'A password is needed: log in on the start page.')
    : textReply(
        403,
        'The control room answers this machine only. Open it as http://localhost, or set a password.',
      );
}

function takePassword(request: HttpRequest, lock: ControlLock): HttpReply {
  const form = new URLSearchParams(Buffer.from(request.body).toString('utf8'));
  const result = lock.login(form.get('password') ?? '', request.header(SECURE_PROXY) === 'https');
  if (result.kind === 'in') return textReply(303, 'Welcome.', { Location: '/', 'Set-Cookie': result.cookie });
  return loginPage(
    result.kind === 'wrong' ? 'That is not the password.' : 'Too many tries: wait a few seconds.',
  );
}

class Room implements ControlRoom {
  readonly #http: NodeHttp;
  readonly #sockets: WebSocketServer;
  readonly #handlers: NonNullable<ControlPart['sockets']>;
  readonly #lock: ControlLock;
  readonly #log: (line: string) => void;
  #host: string = HOST_DEFAULT;
  #port = 0;

  constructor(options: ControlOptions, handler: HttpHandler, lock: ControlLock) {
    this.#lock = lock;
    this.#log = options.log;
    this.#http = new NodeHttp({ handler, limits: LINK_LIMITS, log: options.log });
    this.#handlers = Object.assign({}, ...options.parts.map((part) => part.sockets ?? {}));
    this.#sockets = new WebSocketServer({ noServer: true, maxPayload: MESSAGE_BYTES_MAX });
    this.#http.server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  get port(): number {
    return this.#port;
  }

  get origin(): string {
    const isLocal = this.#host === HOST_DEFAULT || this.#host === '0.0.0.0' || this.#host === '::';
    return `http://${isLocal ? 'localhost' : this.#host.includes(':') ? `[${this.#host}]` : this.#host}:${this.#port}`;
  }

  listen(host: string, port: number): Promise<ControlRoom> {
    this.#host = host;
    const { server } = this.#http;
    return new Promise((resolve, reject) => {
      const fail = (cause: Error): void => reject(listenFailure(cause, port));
      server.once('error', fail);
      server.listen({ host, port }, () => {
        server.off('error', fail);
        server.on('error', (cause) => this.#log(`The control room's port reported: ${cause.message}`));
        const address: AddressInfo | string | null = server.address();
        this.#port = typeof address === 'object' && address !== null ? address.port : port;
        resolve(this);
      });
    });
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#sockets.close();
    const { server } = this.#http;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { path } = splitTarget(request.url);
    const accept = Object.hasOwn(this.#handlers, path) ? this.#handlers[path] : undefined;
    if (!accept) return refuseUpgrade(socket, '404 Not Found', 'There is nothing at this address.');
    const entry = this.#lock.judge({ method: 'GET', header: (name) => headerOf(request, name) }, true);
    if (entry !== 'open') {
      const status = entry === 'login' ? '401 Unauthorized' : '403 Forbidden';
      return refuseUpgrade(socket, status, 'The control room is not open to this page.');
    }
    if (this.#sockets.clients.size >= SOCKETS_MAX)
      return refuseUpgrade(socket, '503 Service Unavailable', 'Too many pages are open. Close one.');
    this.#sockets.handleUpgrade(request, socket, head, (opened) => {
      this.#http.release(socket);
      opened.on('error', (cause) => this.#log(`A page of the control room broke off: ${cause.message}`));
      accept(opened);
    });
  }
}

function listenFailure(cause: Error, port: number): ControlError {
  if ('code' in cause && cause.code === 'EADDRINUSE')
    return new ControlError(
      'port-taken',
      `Port ${port} is already in use. Choose another with --control-port.`,
      cause,
    );
  return new ControlError(
    'listen-failed',
    `The control room's port ${port} could not be opened (${cause.message}). Choose another with --control-port.`,
    cause,
  );
}
