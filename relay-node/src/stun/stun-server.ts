/**
 * Tells viewers the address they are seen at, so that they find each other through their NATs without a third
 * party. Of STUN (RFC 8489) only the binding request over UDP, in code of its own: werift's classes would cost the
 * relay 30 MiB and answer more than is asked.
 */

import { createSocket, type Socket } from 'node:dgram';
import { isIPv4 } from 'node:net';
import { SourceLimiter, STUN_LIMITS } from './source-limiter.js';
import { encodeBindingResponse, isBindingRequest } from './stun-message.js';

/** Why the STUN server did not start. */
export type StunErrorKind = 'port-taken' | 'port-denied' | 'listen-failed';

/** The UDP port could not be opened; the message says so in one sentence, with the way out. */
export class StunError extends Error {
  readonly kind: StunErrorKind;
  constructor(kind: StunErrorKind, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'StunError';
    this.kind = kind;
  }
}

/** Where to listen. */
export type StunOptions = {
  /** UDP port; 0 for a free one. */
  readonly port: number;
  /** Address to listen on; all of them, IPv4 and IPv6, unless given. */
  readonly host?: string | undefined;
};

/** A running STUN server. */
export type StunServer = {
  readonly port: number;
  /** Requests answered so far. */
  readonly answeredCount: number;
  /** Datagrams left unanswered so far: no binding request, or too many from their source. */
  readonly ignoredCount: number;
  /** Frees the port; twice does no harm. */
  close(): Promise<void>;
};

/** Starts answering; rejects with a StunError. */
export async function startStunServer({ port, host }: StunOptions): Promise<StunServer> {
  if (host !== undefined) return new RunningServer(await bind(isIPv4(host) ? 'udp4' : 'udp6', port, host));
  try {
    return new RunningServer(await bind('udp6', port, undefined));
  } catch (cause) {
    if (systemCodeOf(cause) !== 'EAFNOSUPPORT') throw cause;
    // A machine without IPv6.
    return new RunningServer(await bind('udp4', port, undefined));
  }
}

class RunningServer implements StunServer {
  readonly port: number;
  answeredCount = 0;
  ignoredCount = 0;
  readonly #socket: Socket;
  readonly #limiter = new SourceLimiter(STUN_LIMITS);
  #closing: Promise<void> | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.port = socket.address().port;
    socket.on('message', (request, from) => {
      if (!isBindingRequest(request) || !this.#limiter.allow(performance.now(), from.address)) {
        this.ignoredCount += 1;
        return;
      }
      this.answeredCount += 1;
      const response = encodeBindingResponse(request, from.address, from.port);
      socket.send(response, from.port, from.address, ignoreLoss);
    });
    // A datagram socket reports what became of single datagrams; there is nobody to tell.
    socket.on('error', ignoreLoss);
  }

  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => this.#socket.close(() => resolve()));
    return this.#closing;
  }
}

/** An answer that could not be sent is a lost one: the viewer asks again. */
function ignoreLoss(): void {
  // Nothing follows from it.
}

function bind(type: 'udp4' | 'udp6', port: number, host: string | undefined): Promise<Socket> {
  const socket = createSocket({ type });
  return new Promise((resolve, reject) => {
    socket.once('error', (cause) => {
      socket.close();
      reject(stunErrorFrom(cause, port, host));
    });
    socket.bind({ port, ...(host === undefined ? {} : { address: host }) }, () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
  });
}

function stunErrorFrom(cause: unknown, port: number, host: string | undefined): StunError {
  const code = systemCodeOf(cause);
  if (code === 'EADDRINUSE') {
    return new StunError('port-taken', `UDP port ${port} is already in use. Choose another for STUN.`, cause);
  }
  if (code === 'EACCES') {
    const message = `UDP port ${port} needs rights this user does not have. Choose one above 1023 for STUN.`;
    return new StunError('port-denied', message, cause);
  }
  const where = host === undefined ? '' : ` of ${host}`;
  const message = `UDP port ${port}${where} could not be opened for STUN. Choose another address or port.`;
  return new StunError('listen-failed', message, cause);
}

function systemCodeOf(cause: unknown): string {
  const inner = cause instanceof StunError ? cause.cause : cause;
  return inner instanceof Error && 'code' in inner && typeof inner.code === 'string' ? inner.code : '';
}
