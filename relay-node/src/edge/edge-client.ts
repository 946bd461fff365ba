/** One browser at the edge: its DTLS and SCTP, and the addresses it is seen at. */

import { randomBytes } from 'node:crypto';
import { DtlsSession, type Werift } from './dtls-session.js';
import type { EdgeCertificate } from './edge-certificate.js';
import { SctpAssociation } from './sctp-association.js';
import type { ReceiveFault } from './sctp-receiver.js';

/** Where datagrams come from and go to, as Node's dgram has it. */
export type EdgeRoute = { readonly address: string; readonly port: number };

/** A path that was silent for this long may be left on the word of a check alone. */
export const PATH_SILENT_MS = 5_000;

/** What all clients of an edge share. */
export type EdgeClientHome = {
  readonly werift: Werift;
  readonly certificate: EdgeCertificate;
  readonly messageBytesMax: number;
  readonly emit: (datagram: Buffer, to: EdgeRoute) => void;
};

/** What a client does to its owner. None may throw. */
export type EdgeClientHandlers = {
  /** Messages can be sent. */
  onOpen(): void;
  onMessage(bytes: Buffer): void;
  /** The client is gone (`undefined`) or broke the rules. Nothing follows. */
  onEnd(fault: ReceiveFault | undefined): void;
};

/** One client. Methods of one that has ended do nothing. */
export class EdgeClient {
  /** The name it has given itself. */
  readonly peerUfrag: string;
  readonly startedAtMs: number;
  readonly #handlers: EdgeClientHandlers;
  readonly #dtls: DtlsSession;
  readonly #association: SctpAssociation;
  #route: EdgeRoute;
  #heardAtMs: number;
  /** Of what is under way; nothing below has a clock of its own. */
  #nowMs: number;
  #isOpen = false;
  #isEnded = false;

  constructor(
    home: EdgeClientHome,
    peer: { readonly ufrag: string; readonly route: EdgeRoute; readonly nowMs: number },
    handlers: EdgeClientHandlers,
  ) {
    this.#handlers = handlers;
    this.peerUfrag = peer.ufrag;
    this.#route = peer.route;
    this.startedAtMs = peer.nowMs;
    this.#heardAtMs = peer.nowMs;
    this.#nowMs = peer.nowMs;
    this.#dtls = new DtlsSession(home.werift, home.certificate, {
      emit: (datagram) => home.emit(datagram, this.#route),
      onOpen: () => {
        this.#isOpen = true;
      },
      onData: (packet) => this.#association.handlePacket(this.#nowMs, packet),
      onEnd: () => this.#end(undefined),
    });
    const random = randomBytes(24);
    const seed = {
      // A tag must not be 0.
      tag: (random.readUInt32BE(0) | 1) >>> 0,
      firstTsn: random.readUInt32BE(4),
      cookie: random.subarray(8),
    };
    this.#association = new SctpAssociation(seed, home.messageBytesMax, {
      emit: (packet) => this.#dtls.send(packet),
      onOpen: () => handlers.onOpen(),
      onMessage: (bytes) => handlers.onMessage(bytes),
      onEnd: (fault) => this.#end(fault),
    });
  }

  /** Where datagrams go at the moment. */
  get route(): EdgeRoute {
    return this.#route;
  }

  /** When it was last heard of. */
  get heardAtMs(): number {
    return this.#heardAtMs;
  }

  /** Bytes of messages that have not been sent once. */
  get waitingBytes(): number {
    return this.#isEnded ? 0 : this.#association.waitingBytes;
  }

  /** Everything sent has arrived. */
  get isIdle(): boolean {
    return this.#isEnded || this.#association.isIdle;
  }

  /** Sends a message, not empty. */
  send(nowMs: number, bytes: Uint8Array): void {
    if (!this.#isEnded) this.#association.send(nowMs, bytes);
  }

  /**
   * Takes a datagram from one of its addresses. Once the hands are shaken, only a record that is proven to be the
   * client's moves the link to another address.
   */
  receive(nowMs: number, datagram: Buffer, route: EdgeRoute): void {
    if (this.#isEnded) return;
    this.#nowMs = nowMs;
    if (!this.#isOpen) this.#route = route;
    this.#dtls.receive(datagram, () => {
      this.#route = route;
      this.#heardAtMs = nowMs;
    });
  }

  /** Takes note of a check that held. A page's choice moves the link only when the path so far is silent. */
  handleCheck(nowMs: number, route: EdgeRoute, isNominated: boolean): void {
    const { address, port } = this.#route;
    if (route.address === address && route.port === port) this.#heardAtMs = nowMs;
    else if (isNominated && nowMs - this.#heardAtMs > PATH_SILENT_MS) {
      this.#route = route;
      this.#heardAtMs = nowMs;
    }
  }

  /** Sends again what was lost. */
  handleTime(nowMs: number): void {
    this.#nowMs = nowMs;
    const { deadlineMs } = this.#association;
    if (!this.#isEnded && deadlineMs !== undefined && nowMs >= deadlineMs)
      this.#association.handleTimeout(nowMs);
  }

  /** Tells the client and ends. No handler runs afterwards. */
  close(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#association.abort();
    this.#dtls.close();
  }

  #end(fault: ReceiveFault | undefined): void {
    if (this.#isEnded) return;
    this.close();
    this.#handlers.onEnd(fault);
  }
}
