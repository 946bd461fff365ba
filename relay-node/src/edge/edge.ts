/**
 * The relay's edge: WebRTC data channels for pages that came from elsewhere, on one UDP port, without signalling. A
 * page that knows the edge address writes the relay's answer itself; the relay hears of it by its first check.
 */

import type { Socket } from 'node:dgram';
import { edgeCredentials, encodeEdgeAddress } from '@freshet/proto';
import { LINK_CLOSE, type LinkHandlers } from '../link/link-server.js';
import { OverflowNotices } from '../link/overflow-notices.js';
import { Topics } from '../link/topics.js';
import { SourceLimiter, type SourceLimits, STUN_LIMITS } from '../stun/source-limiter.js';
import { encodeBindingResponse, isBindingRequest } from '../stun/stun-message.js';
import { createEdgeCertificate, type EdgeCertificate } from './edge-certificate.js';
import { type EdgeRoute, PATH_SILENT_MS } from './edge-client.js';
import { type EdgeLimits, resolveEdgeLimits } from './edge-limits.js';
import { EdgeLink, type EdgeLinkHome } from './edge-link.js';
import { bindEdgeSocket, type EdgePlace } from './edge-socket.js';
import { decodeIceCheck, encodeIceAnswer, type IceCredentials } from './ice-message.js';
import { type Path, RoutePlan } from './route-plan.js';

/** Checks from addresses that are no client's yet: a page that opens sends twenty a second from each interface. */
const CHECK_LIMITS: SourceLimits = { burst: 200, perSecond: 60, totalPerSecond: 5_000 };

/** Checks from addresses of clients: a browser sends one or two a second, and many may stand behind one address. */
const CONSENT_LIMITS: SourceLimits = { burst: 1_000, perSecond: 400, totalPerSecond: 20_000 };

/** Handshakes begun: each costs the relay 8 ms, so that all together take half of a core at most. */
const HANDSHAKE_LIMITS: SourceLimits = { burst: 30, perSecond: 3, totalPerSecond: 60 };

/** Between two looks at what is due in each link. */
const TICK_MS = 50;

/** How a relay's edge is made. */
export type EdgeOptions<Context> = EdgePlace & {
  /** Made anew unless given; `keepEdgeCertificate` keeps one in a file. */
  readonly certificate?: EdgeCertificate | undefined;
  /** Which paths take links. */
  readonly acceptLink: (path: string) => boolean;
  readonly handlers: LinkHandlers<Context>;
  /** Replaces single limits. */
  readonly limits?: Partial<EdgeLimits> | undefined;
};

/** What an edge has seen so far. */
export type EdgeCounts = {
  /** Checks of pages that were answered. */
  readonly checkCount: number;
  /** Plain STUN requests that were answered: viewers asking for their own address. */
  readonly stunCount: number;
  /** Datagrams left alone: of no known form, from nowhere, forged, or too many. */
  readonly ignoredCount: number;
  /** Handshakes that were refused for want of room. */
  readonly refusedCount: number;
};

/** A running edge. It takes the place of a STUN server on its port: plain requests are answered as well. */
export interface Edge {
  /** The UDP port. */
  readonly port: number;
  readonly certificate: EdgeCertificate;
  /** Links open now. */
  readonly linkCount: number;
  /** Clients now, those that still shake hands included. */
  readonly clientCount: number;
  /** What a burst to one link may leave waiting in it. */
  readonly burstBytesMax: number;
  readonly counts: EdgeCounts;
  /** The edge address for pages, under an IP address at which they reach this machine. */
  addressAt(host: string): string;
  /** Sends one binary message to every link attached to the topic. The bytes must not be changed afterwards. */
  publish(topic: string, bytes: Uint8Array): void;
  /** Closes every link with 1001 and frees the port. Safe to call again. */
  close(): Promise<void>;
}

/** Starts an edge; rejects with an EdgeError. */
export async function startEdge<Context>(options: EdgeOptions<Context>): Promise<Edge> {
  const certificate = options.certificate ?? (await createEdgeCertificate());
  // Loaded only where it is wanted: it costs 30 MiB.
  const werift = await import('werift');
  const socket = await bindEdgeSocket(options);
  return new RunningEdge(socket, certificate, werift, options);
}

class RunningEdge<Context> implements Edge {
  readonly port: number;
  readonly certificate: EdgeCertificate;
  readonly counts = { checkCount: 0, stunCount: 0, ignoredCount: 0, refusedCount: 0 };
  readonly #socket: Socket;
  readonly #credentials: IceCredentials;
  readonly #limits: EdgeLimits;
  readonly #home: EdgeLinkHome<Context>;
  readonly #topics = new Topics<EdgeLink<Context>>();
  readonly #routes = new RoutePlan<EdgeLink<Context>>();
  readonly #stunLimiter = new SourceLimiter(STUN_LIMITS);
  readonly #checkLimiter = new SourceLimiter(CHECK_LIMITS);
  readonly #consentLimiter = new SourceLimiter(CONSENT_LIMITS);
  readonly #handshakeLimiter = new SourceLimiter(HANDSHAKE_LIMITS);
  readonly #timer: NodeJS.Timeout;
  #closing: Promise<void> | undefined;
  #onEmpty: (() => void) | undefined;

  constructor(
    socket: Socket,
    certificate: EdgeCertificate,
    werift: typeof import('werift'),
    { handlers, acceptLink, limits = {} }: EdgeOptions<Context>,
  ) {
    this.#socket = socket;
    this.port = socket.address().port;
    this.certificate = certificate;
    this.#credentials = edgeCredentials(certificate.fingerprint);
    this.#limits = resolveEdgeLimits(limits);
    const emit = (datagram: Buffer, to: EdgeRoute): void => socket.send(datagram, to.port, to.address);
    this.#home = {
      clientHome: { werift, certificate, messageBytesMax: this.#limits.messageBytesMax, emit },
      topics: this.#topics,
      overflow: new OverflowNotices((link) => handlers.onOverflow(link)),
      limits: this.#limits,
      handlers,
      acceptLink,
      nowMs: () => performance.now(),
      onFreed: (link) => {
        this.#routes.remove(link);
        if (this.#routes.linkCount === 0) this.#onEmpty?.();
      },
    };
    socket.on('message', (datagram, from) => this.#handleDatagram(datagram, from));
    // A datagram socket reports what became of single datagrams; a lost one is sent again.
    socket.on('error', () => undefined);
    this.#timer = setInterval(() => this.#handleTime(), TICK_MS);
  }

  get linkCount(): number {
    return this.#routes.links.filter((link) => link.isOpen).length;
  }

  get clientCount(): number {
    return this.#routes.linkCount;
  }

  get burstBytesMax(): number {
    return Math.ceil(this.#limits.bufferedBytesMax / 2);
  }

  addressAt(host: string): string {
    return encodeEdgeAddress({ host, port: this.port, fingerprint: this.certificate.fingerprint });
  }

  publish(topic: string, bytes: Uint8Array): void {
    for (const link of this.#topics.membersOf(topic) ?? []) link.send(bytes);
  }

  close(): Promise<void> {
    this.#closing ??= this.#shutDown();
    return this.#closing;
  }

  #handleDatagram(datagram: Buffer, from: EdgeRoute): void {
    const first = datagram[0] ?? 0xff;
    // The kinds of datagram that share a port are told apart by their first byte (RFC 7983).
    if (first <= 3) this.#handleStun(datagram, from);
    else if (first >= 20 && first <= 63) this.#handleDtls(datagram, from);
    else this.counts.ignoredCount += 1;
  }

  #handleStun(datagram: Buffer, from: EdgeRoute): void {
    const nowMs = performance.now();
    if (isBindingRequest(datagram)) {
      if (!this.#stunLimiter.allow(nowMs, from.address)) return this.#ignore();
      this.counts.stunCount += 1;
      return this.#send(encodeBindingResponse(datagram, from.address, from.port), from);
    }
    const isKnown = this.#routes.find(from)?.link !== undefined;
    const limiter = isKnown ? this.#consentLimiter : this.#checkLimiter;
    if (!limiter.allow(nowMs, from.address)) return this.#ignore();
    const check = decodeIceCheck(datagram, this.#credentials);
    if (check === undefined) return this.#ignore();
    const path = this.#routes.note(
      from,
      check.peerUfrag,
      ({ client }) => nowMs - client.heardAtMs > PATH_SILENT_MS,
    );
    if (path === undefined) return this.#ignore();
    this.counts.checkCount += 1;
    this.#send(encodeIceAnswer(datagram, from, this.#credentials.password), from);
    path.link?.client.handleCheck(nowMs, path.route, check.isNominated);
  }

  #handleDtls(datagram: Buffer, from: EdgeRoute): void {
    const path = this.#routes.find(from);
    if (path === undefined) return this.#ignore();
    const nowMs = performance.now();
    const link = path.link ?? (isClientHello(datagram) ? this.#open(path, nowMs) : undefined);
    if (link) link.receive(nowMs, datagram, path.route);
    else this.#ignore();
  }

  #open(path: Path<EdgeLink<Context>>, nowMs: number): EdgeLink<Context> | undefined {
    const { clientsMax, clientsPerSourceMax, handshakesMax } = this.#limits;
    const { address } = path.route;
    const isFull =
      this.#closing !== undefined ||
      this.#routes.linkCount >= clientsMax ||
      this.#routes.linkCountFrom(address) >= clientsPerSourceMax ||
      this.#routes.links.filter((link) => link.isShaking).length >= handshakesMax;
    if (isFull || !this.#handshakeLimiter.allow(nowMs, address)) {
      this.counts.refusedCount += 1;
      return undefined;
    }
    const link = new EdgeLink(this.#home, { ufrag: path.peerUfrag, route: path.route, nowMs });
    this.#routes.open(path, link);
    return link;
  }

  #handleTime(): void {
    const nowMs = performance.now();
    for (const link of this.#routes.links) link.handleTime(nowMs);
  }

  #send(datagram: Uint8Array, to: EdgeRoute): void {
    this.#socket.send(datagram, to.port, to.address);
  }

  #ignore(): void {
    this.counts.ignoredCount += 1;
  }

  async #shutDown(): Promise<void> {
    for (const link of this.#routes.links) link.close(LINK_CLOSE.goingAway, 'the relay is closing');
    this.#home.overflow.close();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#limits.lingerMs);
      this.#onEmpty = () => {
        clearTimeout(timer);
        resolve();
      };
      for (const link of this.#routes.links) if (link.isShaking) link.free();
      if (this.#routes.linkCount === 0) this.#onEmpty();
    });
    for (const link of this.#routes.links) link.free();
    clearInterval(this.#timer);
    await new Promise<void>((resolve) => this.#socket.close(() => resolve()));
  }
}

/** Whether a datagram begins with the first message of a handshake. */
function isClientHello(datagram: Buffer): boolean {
  return datagram.length > 13 && datagram[0] === 22 && datagram.readUInt16BE(3) === 0 && datagram[13] === 1;
}
