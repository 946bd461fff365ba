/** The UDP socket that the DHT library gets: it sees well-formed datagrams only, at a bounded rate, and cannot throw through it. */

import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { EventEmitter } from 'node:events';
import { isIPv4 } from 'node:net';
import { isPublicHost } from '@freshet/proto';
import { SourceLimiter, type SourceLimits } from '../stun/source-limiter.js';
import { judgeDhtMessage } from './dht-message.js';
import { DiscoveryError } from './discovery-error.js';
import type { Refusal } from './refusals.js';

/** Datagrams that one address may send; the burst is what a lookup through a busy node brings back. */
export const DHT_RATE: SourceLimits = { burst: 400, perSecond: 100, totalPerSecond: 3_000 };

/** How the socket behaves. */
export type DhtSocketOptions = {
  /** UDP port; 0 for a free one. */
  readonly port: number;
  /** Address to listen on; all IPv4 ones unless given. */
  readonly host?: string | undefined;
  /** Sends to private and loopback addresses as well, to which a stranger's answer could otherwise direct this node. */
  readonly isPrivateAllowed: boolean;
  readonly rate: SourceLimits;
  /** Told of each datagram that is dropped. */
  readonly onRefused: (why: Refusal) => void;
};

/** Opens the port. Rejects with a DiscoveryError. */
export async function openDhtSocket(options: DhtSocketOptions): Promise<DhtSocket> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => {
    socket.once('error', (cause) => {
      socket.close();
      reject(errorFrom(cause, options.port));
    });
    const { port, host } = options;
    socket.bind({ port, ...(host === undefined ? {} : { address: host }) }, () => {
      socket.removeAllListeners('error');
      resolve();
    });
  });
  return new DhtSocket(socket, options);
}

/** What the library takes for a socket of node:dgram, already bound. */
export class DhtSocket extends EventEmitter {
  readonly #socket: Socket;
  readonly #options: DhtSocketOptions;
  readonly #limiter: SourceLimiter;
  #isClosed = false;

  constructor(socket: Socket, options: DhtSocketOptions) {
    super();
    this.#socket = socket;
    this.#options = options;
    this.#limiter = new SourceLimiter(options.rate);
    socket.on('message', (datagram, from) => this.#receive(datagram, from));
    // What became of single datagrams; the library times out.
    socket.on('error', () => options.onRefused('not-sent'));
  }

  /** The library asks for a port that is open already. */
  bind(...options: readonly unknown[]): void {
    const done = options.at(-1);
    if (typeof done === 'function') this.once('listening', () => done());
    queueMicrotask(() => this.emit('listening'));
  }

  /** Where it listens. */
  address(): { readonly address: string; readonly port: number } {
    return this.#socket.address();
  }

  /** Sends one datagram, or drops it and tells so. */
  send(
    bytes: Uint8Array,
    offset: number,
    length: number,
    port: number,
    host: string,
    done: (error: Error | null) => void,
  ): void {
    const isAllowed = isIPv4(host) && port > 0 && (this.#options.isPrivateAllowed || isPublicHost(host));
    if (this.#isClosed || !isAllowed) {
      if (!isAllowed) this.#options.onRefused('private-destination');
      queueMicrotask(() => done(null));
      return;
    }
    this.#socket.send(bytes, offset, length, port, host, done);
  }

  /** Frees the port. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#socket.close(() => this.emit('close'));
  }

  #receive(datagram: Buffer, from: RemoteInfo): void {
    const { onRefused } = this.#options;
    if (!this.#limiter.allow(performance.now(), from.address)) return onRefused('too-many-messages');
    const verdict = judgeDhtMessage(datagram);
    if (verdict !== 'query' && verdict !== 'reply') return onRefused(verdict);
    try {
      this.emit('message', datagram, from);
    } catch {
      // The checks above know of no such message; a stranger must not end the process with one.
      onRefused('library-threw');
    }
  }
}

function errorFrom(cause: Error, port: number): DiscoveryError {
  const code = 'code' in cause ? cause.code : '';
  if (code === 'EADDRINUSE') {
    const message = `UDP port ${port} is already in use. Choose another with --dht-port, or 0 for any.`;
    return new DiscoveryError('port-taken', message, cause);
  }
  if (code === 'EACCES') {
    const message = `UDP port ${port} needs rights this user does not have. Choose one above 1023 with --dht-port.`;
    return new DiscoveryError('port-denied', message, cause);
  }
  const message = `UDP port ${port} could not be opened for the DHT. Choose another with --dht-port.`;
  return new DiscoveryError('listen-failed', message, cause);
}
