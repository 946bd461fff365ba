/** Drives one channel's session over real sockets: carries out its outputs, hands in what happens. */

import {
  CloseCode,
  closeCodeName,
  createAudience,
  equalBytes,
  type Output,
  Session,
  type SessionEvent,
  type SessionOptions,
  SessionRunner,
  type SessionStats,
  type SignedCatalog,
  type Summary,
  type WallMs,
} from '@freshet/proto';
import { sha256, verifyNow } from './crypto/ed25519.js';
import { DelayCounts } from './delay-counts.js';
import { type DialedLink, dialLink } from './link/dial.js';
import type { LinkServer, ServerLink } from './link/link-server.js';
import type { OriginClaim } from './tree/ask-origin.js';

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
  /** Called when a child relay says where others reach it; {@link ChannelHost.proveOrigin} is the answer. */
  readonly onClaim?: ((claim: ChildClaim) => void) | undefined;
};

/** A child relay's word about itself. */
export type ChildClaim = OriginClaim & {
  /** The child's link. */
  readonly link: number;
};

/** A picture and its digest. */
type Poster = { readonly picture: Uint8Array; readonly digest: Uint8Array };

/** One channel at this relay. Lives until {@link close}. */
export class ChannelHost {
  readonly address: string;
  readonly channelKey: Uint8Array;
  readonly #runner: SessionRunner;
  readonly #server: LinkServer;
  readonly #onEvent: (event: SessionEvent) => void;
  readonly #onPiece: ((message: Uint8Array) => void) | undefined;
  readonly #onClaim: ((claim: ChildClaim) => void) | undefined;
  readonly #children = new Map<number, ServerLink<LinkOwner>>();
  /** Where children that have said nothing yet come from. */
  readonly #newcomers = new Map<number, string>();
  /** By which parents recognise this relay at its origin. */
  readonly originToken: string | undefined;
  readonly #parents = new Map<number, DialedLink>();
  /** Links attached per topic, for the egress count: the fan-out itself happens out of sight. */
  readonly #subscribers = new Map<string, number>();
  #egressBytes = 0;
  /** From the capture of a piece to its passing on here. */
  readonly pieceDelays: DelayCounts = new DelayCounts();
  readonly #holds = new Set<{ readonly renditions: 'first' | 'all' }>();
  #poster: Poster | undefined;

  constructor(options: ChannelHostOptions) {
    const { address, server, onEvent, onPiece, onClaim, ...session } = options;
    this.address = address;
    this.channelKey = session.channelKey;
    this.#server = server;
    this.#onEvent = onEvent;
    this.#onPiece = onPiece;
    this.#onClaim = onClaim;
    this.originToken = session.tree?.originToken;
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
  get session(): Pick<Session, 'catalog' | 'state' | 'childCount' | 'childCounts' | 'originsBelow'> {
    return this.#runner.session;
  }

  /** Whether a child takes the channel, or somebody {@link hold holds} it. */
  get isWanted(): boolean {
    return this.#holds.size > 0 || this.session.childCount > 0;
  }

  /** Further parents to dial, as WebSocket addresses, best first. */
  addParents(urls: readonly string[]): void {
    if (urls.length === 0) return;
    this.#runner.handle({ kind: 'add-parents', urls });
    // Without a parent no timer runs: the first one is dialled now.
    this.#runner.handle({ kind: 'timeout' });
  }

  /**
   * Wants the channel's first rendition, or all of them, without being a child, for what is made of it here. Returns
   * what ends that.
   */
  hold(renditions: 'first' | 'all' = 'first'): () => void {
    const hold = { renditions };
    this.#holds.add(hold);
    this.#tellHolds();
    return () => {
      if (this.#holds.delete(hold)) this.#tellHolds();
    };
  }

  #tellHolds(): void {
    const takesAll = [...this.#holds].some(({ renditions }) => renditions === 'all');
    this.#runner.handle({ kind: 'hold', isHeld: this.#holds.size > 0, takesAll });
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

  /** The picture that stands for the broadcast: the one that the catalog in force names; `undefined` while it is not here. */
  get poster(): Poster | undefined {
    const named = this.session.catalog?.posterDigest;
    return named && this.#poster && equalBytes(this.#poster.digest, named) ? this.#poster : undefined;
  }

  /** Takes a picture if it is the one that the catalog in force names, and hands it on to child relays. */
  takePoster(picture: Uint8Array): void {
    const named = this.session.catalog?.posterDigest;
    if (!named || this.poster) return;
    const digest = sha256(picture);
    if (!equalBytes(digest, named)) return;
    // A copy: what came over a link is a view of a buffer that would be kept with it.
    this.#poster = { picture: picture.slice(), digest };
    this.#runner.handle({ kind: 'set-poster', picture });
  }

  /** A child's link has opened at the server, from this IP address; `network` says coarsely where that is. */
  open(link: ServerLink<LinkOwner>, network: string, remoteAddress: string): void {
    this.#children.set(link.id, link);
    this.#newcomers.set(link.id, remoteAddress);
    this.#runner.handle({ kind: 'child-opened', link: link.id, network });
  }

  /** A child's message. */
  receive(link: ServerLink<LinkOwner>, bytes: Uint8Array): void {
    this.#runner.handle({ kind: 'received', link: link.id, bytes, bufferedBytes: link.bufferedBytes });
    // The hello is what matters: whoever has said it is asked no more where it comes from.
    this.#newcomers.delete(link.id);
  }

  /** The child relay of the link answers at the origin that it claimed. */
  proveOrigin(link: number): void {
    this.#runner.handle({ kind: 'origin-proven', link });
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
    this.#newcomers.delete(link.id);
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
        return this.#countDelay(output.captureMs);
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
        if (output.event.kind === 'poster') return this.takePoster(output.event.picture);
        return this.#tell(output.event);
      case 'connect':
      case 'signal':
        // Viewers connect to each other; relays carry their signals as messages.
        return;
    }
  }

  #tell(event: SessionEvent): void {
    if (event.kind === 'origin-claimed') {
      const { link, origin, token } = event;
      this.#onClaim?.({ link, origin, token, from: this.#newcomers.get(link) ?? '' });
    }
    this.#onEvent(event);
  }

  /** After the piece has gone out: nobody waits for the count. Catalogs are published as well, and are not captured. */
  #countDelay(captureMs: WallMs | undefined): void {
    const nowMs = this.#runner.session.broadcastNow(this.#runner.now());
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
