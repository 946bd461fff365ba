/**
 * Virtual WebRTC data channels between two hosts: pieces unordered and lost for good, control messages ordered and
 * sent again, both through the hosts' shared lines.
 */

import { FrameKind } from '@freshet/proto';
import type { Host, LossChain, Network } from './network.js';
import type { VirtualClock, Wakeable } from './virtual-clock.js';
import { LINK_BROKEN, type LinkEnd, type Outlet, type SentListener } from './virtual-link.js';

/** A message that finds more than this waiting in its channel is dropped, and its sender is told. */
export const DATAGRAM_BUFFERED_BYTES_MAX: number = 1024 * 1024;

/** `maxPacketLifeTime` of the channel for pieces: one that would wait longer is never sent. */
export const PIECE_LIFETIME_MS = 300;

/** The threshold of `bufferedamountlow`; besides, the owner is told whenever the queue is empty. */
const LOW_BYTES = 32 * 1024;

/** What a page that vanished is noticed by: consent checks that stay unanswered (RFC 7675). */
export const CONSENT_MS = 8_000;

const TAG_WRITABLE = 0;
const TAG_OVERFLOW = 1;
const TAG_ARRIVAL = 0;
const TAG_ADMITTED = 1;

/** A message under way. */
class Datagram implements Wakeable {
  readonly #to: LinkEnd;
  readonly #host: Host;
  readonly #clock: VirtualClock;
  readonly #bytes: Uint8Array;

  constructor(to: LinkEnd, host: Host, clock: VirtualClock, bytes: Uint8Array) {
    this.#to = to;
    this.#host = host;
    this.#clock = clock;
    this.#bytes = bytes;
  }

  wake(tag: number): void {
    if (!this.#to.isOpen) return;
    if (tag === TAG_ARRIVAL) {
      const at = this.#host.admit(this.#clock.now, this.#bytes.length);
      if (at > this.#clock.now) return this.#clock.schedule(at, this, TAG_ADMITTED);
    }
    this.#to.owner.onMessage(this.#to, this.#bytes);
  }
}

/** What a pair of channels is made of. */
export type DatagramParts = {
  readonly clock: VirtualClock;
  readonly network: Network;
  readonly ends: readonly [LinkEnd, LinkEnd];
  readonly hosts: readonly [Host, Host];
  readonly onSent: SentListener;
};

/** One direction. */
class DatagramPipe implements Outlet, Wakeable {
  readonly #clock: VirtualClock;
  readonly #network: Network;
  readonly #from: LinkEnd;
  readonly #to: LinkEnd;
  readonly #fromHost: Host;
  readonly #toHost: Host;
  readonly #onSent: SentListener;
  readonly #losses: LossChain;
  readonly #pathMs: number;
  /** Messages that have not left, as times of leaving and lengths, from {@link #head} on. */
  #leaves: number[] = [];
  #lengths: number[] = [];
  #head = 0;
  #buffered = 0;
  #controlLast = 0;
  #isWritableDue = false;
  #isOverflowDue = false;

  constructor(parts: DatagramParts, fromIndex: 0 | 1) {
    const toIndex = fromIndex === 0 ? 1 : 0;
    this.#clock = parts.clock;
    this.#network = parts.network;
    this.#from = parts.ends[fromIndex];
    this.#to = parts.ends[toIndex];
    this.#fromHost = parts.hosts[fromIndex];
    this.#toHost = parts.hosts[toIndex];
    this.#onSent = parts.onSent;
    this.#losses = parts.network.createLosses();
    this.#pathMs = parts.network.pathMs(this.#fromHost, this.#toHost);
  }

  get bufferedBytes(): number {
    const { now } = this.#clock;
    while (this.#head < this.#leaves.length && (this.#leaves[this.#head] ?? 0) <= now) {
      this.#buffered -= this.#lengths[this.#head] ?? 0;
      this.#head++;
    }
    if (this.#head === this.#leaves.length && this.#head > 0) {
      this.#leaves = [];
      this.#lengths = [];
      this.#head = 0;
    }
    return this.#buffered;
  }

  send(bytes: Uint8Array): void {
    const { now } = this.#clock;
    const { length } = bytes;
    if (this.bufferedBytes > DATAGRAM_BUFFERED_BYTES_MAX) return this.#overflow();
    const isControl = bytes[0] === FrameKind.control;
    if (!isControl && this.#fromHost.uplinkWaitMs(now) > PIECE_LIFETIME_MS) return;
    this.#onSent(this.#from, bytes);
    const leaves = this.#fromHost.leave(now, length);
    this.#leaves.push(leaves);
    this.#lengths.push(length);
    this.#buffered += length;
    if (!this.#isWritableDue) this.#awaitWritable();
    let arrival = leaves + this.#pathMs + this.#network.hopMs() + length / this.#toHost.downBytesPerMs;
    const isLost = this.#losses.isLost();
    if (isControl) {
      if (isLost) arrival += this.#network.retransmitMs(this.#pathMs);
      arrival = Math.max(arrival, this.#controlLast);
      this.#controlLast = arrival;
    } else if (isLost) return;
    this.#clock.schedule(arrival, new Datagram(this.#to, this.#toHost, this.#clock, bytes), TAG_ARRIVAL);
  }

  end(code: number, reason: string): void {
    // The note of the close goes over the channel for control messages, behind them.
    const arrival = Math.max(this.#controlLast, this.#clock.now + this.#pathMs);
    this.#closeOther(arrival, code, reason);
  }

  /** The page is gone: the other end hears nothing until its consent checks fail. */
  break(): void {
    this.#from.isOpen = false;
    this.#closeOther(this.#clock.now + CONSENT_MS, LINK_BROKEN, '');
  }

  wake(tag: number): void {
    if (tag === TAG_OVERFLOW) {
      this.#isOverflowDue = false;
      if (this.#from.isOpen) this.#from.owner.onOverflow(this.#from);
      return;
    }
    this.#isWritableDue = false;
    if (!this.#from.isOpen) return;
    const buffered = this.bufferedBytes;
    if (buffered > 0) this.#awaitWritable();
    // More was sent since this moment was worked out.
    if (buffered <= LOW_BYTES) this.#from.owner.onWritable(this.#from, buffered);
  }

  #closeOther(at: number, code: number, reason: string): void {
    const to = this.#to;
    const notice: Wakeable = {
      wake: () => {
        if (!to.isOpen) return;
        to.isOpen = false;
        to.owner.onClosed(to, code, reason);
      },
    };
    this.#clock.schedule(at, notice, 0);
  }

  #overflow(): void {
    if (!this.#isOverflowDue) this.#clock.schedule(this.#clock.now, this, TAG_OVERFLOW);
    this.#isOverflowDue = true;
  }

  /** At the message that takes the queue to the threshold, or at the last one when it is below. */
  #awaitWritable(): void {
    this.#isWritableDue = true;
    let at = this.#leaves.at(-1) ?? 0;
    if (this.#buffered > LOW_BYTES) {
      let left = this.#buffered;
      for (let index = this.#head; index < this.#leaves.length; index++) {
        left -= this.#lengths[index] ?? 0;
        at = this.#leaves[index] ?? at;
        if (left <= LOW_BYTES) break;
      }
    }
    this.#clock.schedule(at, this, TAG_WRITABLE);
  }
}

/** Joins two open ends. */
export function createDatagramLink(parts: DatagramParts): void {
  const [first, second] = parts.ends;
  first.connect(new DatagramPipe(parts, 0), second);
  second.connect(new DatagramPipe(parts, 1), first);
}
