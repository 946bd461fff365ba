/** Drives one channel's session over real sockets: carries out its outputs, hands in what happens. */

import {
  CloseCode,
  closeCodeName,
  createAudience,
  decodePiece,
  type Output,
  Session,
  type SessionEvent,
  type SessionOptions,
  SessionRunner,
  type SessionStats,
  type SignedCatalog,
  type Summary,
} from '@freshet/proto';
import { verifyNow } from './crypto/ed25519.js';
import { DelayCounts } from './delay-counts.js';
import { type DialedLink, dialLink } from './link/dial.js';
import type { LinkServer, ServerLink } from './link/link-server.js';

/** What the relay hangs on each of its links. */
export type LinkOwner = ChannelHost;

/** What a host is made of. */
export type ChannelHostOptions = Omit<SessionOptions, 'topicPrefix' | 'burstBytesMax'> & {
  /** Text form of the channel key. */
  readonly address: string;
  readonly server: LinkServer;
  /** Called for every event of the session. */
  readonly onEvent: (event: SessionEvent) => void;
  /** Called with everything that is passed on: pieces, and control messages for all. */
  readonly onPiece?: ((message: Uint8Array) => void) | undefined;
};

/** One channel at this relay. Lives until {@link close}. */
export class ChannelHost {
  readonly address: string;
  readonly #runner: SessionRunner;
  readonly #server: LinkServer;
  readonly #onEvent: (event: SessionEvent) => void;
  readonly #onPiece: ((message: Uint8Array) => void) | undefined;
  readonly #children = new Map<number, ServerLink<LinkOwner>>();
  readonly #parents = new Map<number, DialedLink>();
  /** Links attached per topic, for the egress count: the fan-out itself happens out of sight. */
  readonly #subscribers = new Map<string, number>();
  #egressBytes = 0;
  /** From the capture of a piece to its passing on here. */
  readonly pieceDelays: DelayCounts = new DelayCounts();
  #holdCount = 0;

  constructor(options: ChannelHostOptions) {
    const { address, server, onEvent, onPiece, ...session } = options;
    this.address = address;
    this.#server = server;
    this.#onEvent = onEvent;
    this.#onPiece = onPiece;
    const { burstBytesMax } = server;
    const audience = { create: createAudience, egressBytes: () => this.#egressBytes };
    const own = { ...session, topicPrefix: `${address}/`, burstBytesMax, audience };
    this.#runner = new SessionRunner(new Session(own), {
      now: () => performance.now(),
      carryOut: (output) => this.#carryOut(output),
      startTimer: (delayMs, callback) => {
        const timer = setTimeout(callback, delayMs);
        return () => clearTimeout(timer);
      },
    });
    this.#runner.handle({ kind: 'timeout' });
  }

  /** The session's catalog, state and counters; read only. */
  get session(): Pick<Session, 'catalog' | 'state' | 'childCount' | 'childCounts'> {
    return this.#runner.session;
  }

  /** Whether a child takes the channel, or somebody {@link hold holds} it. */
  get isWanted(): boolean {
    return this.#holdCount > 0 || this.session.childCount > 0;
  }

  /** Further parents to dial, as WebSocket addresses, best first. */
  addParents(urls: readonly string[]): void {
    if (urls.length === 0) return;
    this.#runner.handle({ kind: 'add-parents', urls });
    // Without a parent no timer runs: the first one is dialled now.
    this.#runner.handle({ kind: 'timeout' });
  }

  /** Wants the channel's first rendition without being a child, for what is made of it here. Returns what ends that. */
  hold(): () => void {
    let isHeld = true;
    if (this.#holdCount++ === 0) this.#runner.handle({ kind: 'hold', isHeld });
    return () => {
      if (!isHeld) return;
      isHeld = false;
      if (--this.#holdCount === 0) this.#runner.handle({ kind: 'hold', isHeld });
    };
  }

  /** Turns newcomers away, and tells the children where else to go; they are fed until they have gone. */
  drain(): void {
    this.#runner.handle({ kind: 'drain' });
  }

  /** Message bytes sent to children, as far as they were handed to the sockets. */
  get egressBytes(): number {
    return this.#egressBytes;
  }

  /** Counters as of now. */
  stats(): SessionStats {
    return this.#runner.session.stats(this.#runner.now());
  }

  /** The audience here and below, for one caller, about once a second; see `Session.takeAudience`. */
  takeAudience(): Summary | undefined {
    return this.#runner.session.takeAudience(this.#runner.now());
  }

  /** Publishes the channel's own catalog (publisher only). */
  publishCatalog(signed: SignedCatalog): void {
    this.#runner.handle({ kind: 'publish-catalog', signed });
  }

  /** Publishes one of the channel's own pieces (publisher only). */
  publishPiece(message: Uint8Array): void {
    this.#runner.handle({ kind: 'publish-piece', message });
  }

  /** A child's link has opened at the server; `network` says coarsely where it comes from. */
  open(link: ServerLink<LinkOwner>, network: string): void {
    this.#children.set(link.id, link);
    this.#runner.handle({ kind: 'child-opened', link: link.id, network });
  }

  /** A child's message. */
  receive(link: ServerLink<LinkOwner>, bytes: Uint8Array): void {
    this.#runner.handle({ kind: 'received', link: link.id, bytes, bufferedBytes: link.bufferedBytes });
  }

  /** A child's queue has shrunk. */
  writable(link: ServerLink<LinkOwner>, bufferedBytes: number): void {
    this.#runner.handle({ kind: 'writable', link: link.id, bufferedBytes });
  }

  /** A message to a child was dropped. */
  overflowed(link: ServerLink<LinkOwner>): void {
    this.#runner.handle({ kind: 'overflowed', link: link.id });
  }

  /** A child's link is gone. */
  closed(link: ServerLink<LinkOwner>, code: number, reason: string): void {
    if (!this.#children.delete(link.id)) return;
    this.#runner.handle({ kind: 'closed', link: link.id, code, reason });
  }

  /** Ends every link of the channel, children's with this code. Idempotent. */
  close(code: number = CloseCode.goingAway, reason = 'the node stops'): void {
    if (code !== CloseCode.goingAway)
      for (const id of [...this.#children.keys()]) this.#closeLink(id, code, reason);
    this.#runner.close();
  }

  #carryOut(output: Output): void {
    switch (output.kind) {
      case 'publish':
        this.#egressBytes += output.bytes.length * (this.#subscribers.get(output.topic) ?? 0);
        this.#server.publish(output.topic, output.bytes);
        this.#onPiece?.(output.bytes);
        return this.#countDelay(output.bytes);
      case 'transmit':
        return this.#transmit(output.link, output.bytes);
      case 'verify':
        return this.#runner.handle({ kind: 'verified', id: output.id, ok: verifyNow(output.request) });
      case 'attach':
        return this.#attach(output.link, output.topic);
      case 'detach':
        return this.#detach(output.link, output.topic);
      case 'dial':
        return this.#dial(output.link, output.url);
      case 'close':
        return this.#closeLink(output.link, output.code, output.reason);
      case 'event':
        return this.#onEvent(output.event);
      case 'connect':
      case 'signal':
        // Viewers connect to each other; relays carry their signals as messages.
        return;
    }
  }

  /** After the piece has gone out: nobody waits for the count. Catalogs are published as well, and are no pieces. */
  #countDelay(message: Uint8Array): void {
    const nowMs = this.#runner.session.broadcastNow(this.#runner.now());
    const captureMs = nowMs === undefined ? undefined : decodePiece(message)?.header.captureMs;
    if (nowMs !== undefined && captureMs !== undefined) this.pieceDelays.observe(nowMs - captureMs);
  }

  #transmit(id: number, bytes: Uint8Array): void {
    const child = this.#children.get(id);
    if (!child) return this.#parents.get(id)?.send(bytes);
    child.send(bytes);
    this.#egressBytes += bytes.length;
    // What the kernel has taken no longer counts against the link; the rest is reported when it has drained.
    this.#runner.handle({ kind: 'writable', link: id, bufferedBytes: child.bufferedBytes });
  }

  #attach(id: number, topic: string): void {
    this.#children.get(id)?.attach(topic);
    this.#subscribers.set(topic, (this.#subscribers.get(topic) ?? 0) + 1);
  }

  #detach(id: number, topic: string): void {
    this.#children.get(id)?.detach(topic);
    const left = (this.#subscribers.get(topic) ?? 1) - 1;
    if (left > 0) this.#subscribers.set(topic, left);
    else this.#subscribers.delete(topic);
  }

  #dial(id: number, url: string): void {
    const link = dialLink(url, {
      onOpen: () => this.#runner.handle({ kind: 'parent-opened', link: id }),
      onMessage: (from, bytes) =>
        this.#runner.handle({ kind: 'received', link: id, bytes, bufferedBytes: from.bufferedBytes }),
      onWritable: (_, bufferedBytes) => this.#runner.handle({ kind: 'writable', link: id, bufferedBytes }),
      onOverflow: () => this.#runner.handle({ kind: 'overflowed', link: id }),
      onClose: (_, code, reason) => {
        if (this.#parents.delete(id)) this.#runner.handle({ kind: 'closed', link: id, code, reason });
      },
    });
    this.#parents.set(id, link);
  }

  #closeLink(id: number, code: number, reason: string): void {
    const child = this.#children.get(id);
    this.#children.delete(id);
    child?.close(code, reason === '' ? closeCodeName(code) : reason.slice(0, 120));
    const parent = this.#parents.get(id);
    this.#parents.delete(id);
    parent?.close(code, reason.slice(0, 120));
  }
}
