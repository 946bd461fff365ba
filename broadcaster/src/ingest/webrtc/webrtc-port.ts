/**
 * The UDP port at which browsers and WHIP clients deliver media. As an ICE-lite end (RFC 8445 §2.5) it only answers:
 * it asks no server for its address, and everything a client must know of it exists before the client says a word.
 */

import type { Socket } from 'node:dgram';
import {
  bindEdgeSocket,
  createEdgeCertificate,
  decodeIceCheck,
  type EdgeCertificate,
  encodeIceAnswer,
  SourceLimiter,
} from '@freshet/relay-node';
import { type EndpointHandlers, type EndpointHome, type Route, WebrtcEndpoint } from './webrtc-endpoint.js';

/** Endpoints open at once: the publisher on air, the one that takes over, and some that failed to come. */
export const ENDPOINTS_MAX = 8;

/** Checks before anything is proven: a client sends twenty a second from each of its interfaces. */
const CHECK_LIMITS = { burst: 400, perSecond: 200, totalPerSecond: 2_000 };

/** Between two looks at what is due. Retransmissions are asked for in these steps at the latest. */
const TICK_MS = 10;

/** Where the port is. */
export type WebrtcPortOptions = {
  /** UDP port; 0 for a free one. */
  readonly port: number;
  /** IP address to listen on; all of them if left out. */
  readonly host?: string | undefined;
  /** IP addresses at which clients reach this machine, the likeliest first. */
  readonly addresses: readonly string[];
};

/** One address of an ICE end, as mediasoup has it. */
export type IceCandidate = {
  readonly foundation: string;
  readonly priority: number;
  readonly ip: string;
  readonly port: number;
  readonly protocol: 'udp';
  readonly type: 'host';
};

/** The open port. */
export class WebrtcPort {
  readonly port: number;
  /** SHA-256 of the certificate, `AB:CD:...`, as in SDP. */
  readonly fingerprint: string;
  readonly candidates: readonly IceCandidate[];
  readonly #socket: Socket;
  readonly #home: EndpointHome;
  readonly #endpoints = new Set<WebrtcEndpoint>();
  readonly #routes = new Map<string, WebrtcEndpoint>();
  readonly #limiter = new SourceLimiter(CHECK_LIMITS);
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  /** Use {@link openWebrtcPort}. */
  constructor(
    socket: Socket,
    certificate: EdgeCertificate,
    werift: EndpointHome['werift'],
    addresses: readonly string[],
  ) {
    this.#socket = socket;
    this.port = socket.address().port;
    const hex = Buffer.from(certificate.fingerprint).toString('hex').toUpperCase();
    this.fingerprint = (hex.match(/../g) ?? []).join(':');
    this.candidates = addresses.map((ip, index) => ({
      foundation: `${index + 1}`,
      // Type preference of a host, then the order given (RFC 8445 §5.1.2.1).
      priority: 126 * 2 ** 24 + (65_535 - index) * 2 ** 8 + 255,
      ip,
      port: this.port,
      protocol: 'udp',
      type: 'host',
    }));
    const emit = (datagram: Uint8Array, to: Route): void => {
      if (!this.#isClosed) socket.send(datagram, to.port, to.address);
    };
    this.#home = { werift, certificate, emit, onFreed: (endpoint) => this.#free(endpoint) };
    socket.on('message', (datagram, from) => this.#handleDatagram(datagram, from));
    // A datagram socket reports what became of single datagrams; a lost one is asked for again.
    socket.on('error', () => undefined);
  }

  /** A new endpoint for one client; `undefined` when there are too many. */
  createEndpoint(handlers: EndpointHandlers): WebrtcEndpoint | undefined {
    if (this.#isClosed || this.#endpoints.size >= ENDPOINTS_MAX) return undefined;
    const endpoint = new WebrtcEndpoint(this.#home, handlers, performance.now());
    this.#endpoints.add(endpoint);
    this.#timer ??= setInterval(() => this.#handleTime(), TICK_MS);
    return endpoint;
  }

  /** Ends every endpoint and frees the port. Safe to call again. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    for (const endpoint of this.#endpoints) endpoint.close();
    clearInterval(this.#timer);
    this.#isClosed = true;
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()));
  }

  #handleDatagram(datagram: Buffer, from: Route): void {
    const first = datagram[0] ?? 0xff;
    // The kinds of datagram that share a port are told apart by their first byte (RFC 7983).
    if (first <= 3) return this.#handleStun(datagram, from);
    this.#routes.get(keyOf(from))?.receive(performance.now(), datagram, from);
  }

  #handleStun(datagram: Buffer, from: Route): void {
    const nowMs = performance.now();
    if (!this.#limiter.allow(nowMs, from.address)) return;
    for (const endpoint of this.#endpoints) {
      for (const credentials of endpoint.credentialsHeld) {
        const check = decodeIceCheck(datagram, credentials);
        if (!check) continue;
        this.#socket.send(encodeIceAnswer(datagram, from, credentials.password), from.port, from.address);
        if (endpoint.handleCheck(nowMs, from, check.isNominated)) this.#routes.set(keyOf(from), endpoint);
        return;
      }
    }
  }

  #handleTime(): void {
    const nowMs = performance.now();
    for (const endpoint of this.#endpoints) endpoint.handleTime(nowMs);
  }

  #free(endpoint: WebrtcEndpoint): void {
    this.#endpoints.delete(endpoint);
    for (const [key, held] of this.#routes) if (held === endpoint) this.#routes.delete(key);
    if (this.#endpoints.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

/** Opens it. Rejects with relay-node's EdgeError when the port cannot be had. */
export async function openWebrtcPort(options: WebrtcPortOptions): Promise<WebrtcPort> {
  const certificate = await createEdgeCertificate();
  // Loaded only where it is wanted: it costs 30 MiB.
  const werift = await import('werift');
  const socket = await bindEdgeSocket(options);
  return new WebrtcPort(socket, certificate, werift, options.addresses);
}

const keyOf = ({ address, port }: Route): string => `${address} ${port}`;
