/**
 * What WebRTC is to sessions: connections that find each other by signals which the sessions carry, and open some
 * round trips later, or never.
 */

import type { LinkId } from '@freshet/proto';
import { CloseCode } from '@freshet/proto';
import { createDatagramLink } from './datagram-link.js';
import type { Host, Network } from './network.js';
import type { VirtualClock, Wakeable } from './virtual-clock.js';
import { LINK_BROKEN, LinkEnd, type LinkOwner, type SentListener } from './virtual-link.js';

/** Whoever holds connections: a node of the world. */
export interface PeerOwner extends LinkOwner {
  /** The connection wants this carried to its neighbour. */
  onSignal(link: LinkId, bytes: Uint8Array): void;
  onPeerOpened(end: LinkEnd): void;
  /** It never opened. */
  onPeerFailed(link: LinkId, code: number): void;
}

/** Round trips between both signals and the open channels: ICE checks, DTLS, SCTP. */
const SETUP_ROUND_TRIPS_MIN = 2;
const SETUP_ROUND_TRIPS_MAX = 4;

/** Two hosts that cannot meet know it after ICE has tried everything. */
export const ICE_FAILED_MS = 3_000;

/** A connection whose other side never answers is given up. */
export const OPEN_TIMEOUT_MS = 8_000;

const OFFER = 1;
const ANSWER = 2;
const SIGNAL_BYTES = 9;

/** One side of a connection. */
export class PeerConnection {
  readonly owner: PeerOwner;
  readonly host: Host;
  readonly link: LinkId;
  readonly number: number;
  readonly isOfferer: boolean;
  /** Waits for signals, waits for the channels, or neither. */
  state: 'signalling' | 'connecting' | 'open' | 'closed' = 'signalling';
  end: LinkEnd | undefined;

  constructor(parts: { owner: PeerOwner; host: Host; link: LinkId; number: number; isOfferer: boolean }) {
    this.owner = parts.owner;
    this.host = parts.host;
    this.link = parts.link;
    this.number = parts.number;
    this.isOfferer = parts.isOfferer;
  }
}

function encodeSignal(kind: number, from: number, to: number): Uint8Array {
  const bytes = new Uint8Array(SIGNAL_BYTES);
  const view = new DataView(bytes.buffer);
  bytes[0] = kind;
  view.setUint32(1, from);
  view.setUint32(5, to);
  return bytes;
}

/** Every connection of a world. */
export class PeerConnections {
  readonly #clock: VirtualClock;
  readonly #network: Network;
  readonly #nextEnd: () => number;
  readonly #onSent: SentListener;
  readonly #byNumber = new Map<number, PeerConnection>();
  #nextNumber = 1;
  #opened = 0;
  #failed = 0;

  constructor(parts: {
    clock: VirtualClock;
    network: Network;
    nextEnd: () => number;
    onSent: SentListener;
  }) {
    this.#clock = parts.clock;
    this.#network = parts.network;
    this.#nextEnd = parts.nextEnd;
    this.#onSent = parts.onSent;
  }

  /** Pairs that opened. */
  get opened(): number {
    return this.#opened;
  }

  /** Sides that gave up. */
  get failed(): number {
    return this.#failed;
  }

  /** Makes one side; the offerer's signals at once. */
  connect(owner: PeerOwner, host: Host, link: LinkId, isOfferer: boolean): PeerConnection {
    const number = this.#nextNumber++;
    const connection = new PeerConnection({ owner, host, link, number, isOfferer });
    this.#byNumber.set(number, connection);
    if (isOfferer) this.#signal(connection, encodeSignal(OFFER, number, 0));
    this.#at(this.#clock.now + OPEN_TIMEOUT_MS, () => this.#fail(connection));
    return connection;
  }

  /** A signal came for this side. What makes no sense closes it. */
  receiveSignal(connection: PeerConnection, bytes: Uint8Array): void {
    if (connection.state === 'closed' || connection.state === 'open') return;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const kind = bytes.length === SIGNAL_BYTES ? bytes[0] : 0;
    const isExpected = connection.isOfferer ? kind === ANSWER : kind === OFFER;
    const other = isExpected ? this.#byNumber.get(view.getUint32(1)) : undefined;
    if (!isExpected) return this.#fail(connection, CloseCode.protocolViolation);
    // The other side may have been given up meanwhile: this one then waits for its own time to run out.
    if (!other || other.state === 'closed' || connection.state !== 'signalling') return;
    if (!connection.isOfferer) {
      connection.state = 'connecting';
      return this.#signal(connection, encodeSignal(ANSWER, connection.number, other.number));
    }
    if (view.getUint32(5) !== connection.number) return this.#fail(connection, CloseCode.protocolViolation);
    connection.state = 'connecting';
    this.#establish(connection, other);
  }

  /** The owner gives this side up, or is gone. */
  close(connection: PeerConnection): void {
    connection.state = 'closed';
    this.#byNumber.delete(connection.number);
  }

  #establish(offerer: PeerConnection, answerer: PeerConnection): void {
    const sides = [offerer, answerer] as const;
    if (!this.#network.canMeet(offerer.host, answerer.host)) {
      for (const side of sides) this.#at(this.#clock.now + ICE_FAILED_MS, () => this.#fail(side));
      return;
    }
    const roundTrips =
      SETUP_ROUND_TRIPS_MIN + this.#network.prng.next() * (SETUP_ROUND_TRIPS_MAX - SETUP_ROUND_TRIPS_MIN);
    const pathMs = this.#network.pathMs(offerer.host, answerer.host);
    this.#at(this.#clock.now + roundTrips * 2 * pathMs, () => this.#open(offerer, answerer));
  }

  #open(offerer: PeerConnection, answerer: PeerConnection): void {
    // One side may be gone: the other hears nothing and gives up by its own time.
    if (offerer.state !== 'connecting' || answerer.state !== 'connecting') return;
    const endOf = ({ owner, link }: PeerConnection): LinkEnd =>
      new LinkEnd(owner, link, this.#nextEnd(), true);
    const ends = [endOf(offerer), endOf(answerer)] as const;
    const [clock, network] = [this.#clock, this.#network];
    createDatagramLink({ clock, network, ends, hosts: [offerer.host, answerer.host], onSent: this.#onSent });
    this.#opened++;
    for (const [index, side] of [offerer, answerer].entries()) {
      const end = ends[index];
      if (!end) continue;
      side.state = 'open';
      side.end = end;
      this.#byNumber.delete(side.number);
    }
    // The answerer hears of it in the same round trip; both ends take messages from now on.
    answerer.owner.onPeerOpened(ends[1]);
    if (ends[0].isOpen) offerer.owner.onPeerOpened(ends[0]);
  }

  #signal(connection: PeerConnection, bytes: Uint8Array): void {
    // A connection makes its description in its own time, not inside the call that made it.
    this.#at(this.#clock.now, () => {
      if (connection.state !== 'closed') connection.owner.onSignal(connection.link, bytes);
    });
  }

  #fail(connection: PeerConnection, code: number = LINK_BROKEN): void {
    if (connection.state === 'closed' || connection.state === 'open') return;
    this.close(connection);
    this.#failed++;
    connection.owner.onPeerFailed(connection.link, code);
  }

  #at(at: number, act: () => void): void {
    const due: Wakeable = { wake: act };
    this.#clock.schedule(at, due, 0);
  }
}
