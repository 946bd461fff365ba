/** Virtual WebSockets: ordered and reliable until they break, with delay, rate and a bounded send queue. */

import type { LinkId, Prng } from '@freshet/proto';
import type { VirtualClock, Wakeable } from './virtual-clock.js';

/** How a link behaves; "up" is from the one that dialled to the one that answered. */
export type LinkProfile = {
  readonly latencyMs: number;
  /** Added to the latency of each message, 0 to this; order is kept. */
  readonly jitterMs: number;
  readonly upBps: number;
  readonly downBps: number;
  /** A message that finds more than this waiting is dropped, and its sender is told. */
  readonly bufferedBytesMax: number;
  /** Chance for each message that the link breaks instead of carrying it: what loss is to a WebSocket. */
  readonly breakChance: number;
};

/** A link inside one data centre. */
export const FAST_LINK: LinkProfile = {
  latencyMs: 15,
  jitterMs: 5,
  upBps: 20_000_000,
  downBps: 100_000_000,
  bufferedBytesMax: 1024 * 1024,
  breakChance: 0,
};

/** Close code of a link that ended without a close frame (RFC 6455 §7.4.1). */
export const LINK_BROKEN = 1006;

/** Whoever holds one end of a link. */
export interface LinkOwner {
  onMessage(end: LinkEnd, bytes: Uint8Array): void;
  /** Waiting bytes went out. As relays' sockets do: only told if more than 64 KiB were waiting. */
  onWritable(end: LinkEnd, bufferedBytes: number): void;
  /** A message was dropped. Never runs inside `send`. */
  onOverflow(end: LinkEnd): void;
  /** The other end closed, or the link broke. Does not run for the own `close`. */
  onClosed(end: LinkEnd, code: number, reason: string): void;
}

/** What carries messages away from one end. */
export interface Outlet {
  /** Bytes that have not left yet. */
  readonly bufferedBytes: number;
  send(bytes: Uint8Array): void;
  /** The owner closed the link. */
  end(code: number, reason: string): void;
  /** The owner is gone, or the link was cut. */
  break(): void;
}

/** How the messages of one direction travel. Times are milliseconds, whole messages. */
export interface Route {
  /** Bytes a millisecond that one link carries when it has the line for itself. */
  readonly bytesPerMs: number;
  /** Puts a message into what the sender's links share. Returns when its last byte has left that. */
  leave(now: number, bytes: number): number;
  /** From there to the other end: delay, jitter, retransmissions. */
  delayMs(): number;
  /** Between the ends without any of that. */
  readonly latencyMs: number;
  /** A message would be in at `now`; returns when it is. */
  admit(now: number, bytes: number): number;
}

/** Told of every message that a link takes. */
export type SentListener = (from: LinkEnd, bytes: Uint8Array) => void;

const WRITABLE_STEP_BYTES = 64 * 1024;
const TAG_ARRIVAL = 0;
const TAG_WRITABLE = 1;
const TAG_OVERFLOW = 2;

type Parcel = {
  /** `undefined`: the link ends here. */
  readonly bytes: Uint8Array | undefined;
  /** When its last byte is out of the sender's hands. */
  readonly leaves: number;
  arrival: number;
  isAdmitted: boolean;
  readonly code: number;
  readonly reason: string;
};

/** One end of a link, as its owner sees it. */
export class LinkEnd {
  readonly owner: LinkOwner;
  /** The owner's name for it. */
  readonly id: LinkId;
  /** Unique in the world. */
  readonly number: number;
  isOpen = true;
  /** Whether messages may be lost and overtake each other: a data channel's end. */
  readonly isDatagram: boolean;
  #out: Outlet | undefined;
  #other: LinkEnd | undefined;

  constructor(owner: LinkOwner, id: LinkId, number: number, isDatagram = false) {
    this.owner = owner;
    this.id = id;
    this.number = number;
    this.isDatagram = isDatagram;
  }

  /** Connects the end to the other one, by what carries its messages there. */
  connect(out: Outlet, other: LinkEnd): void {
    this.#out = out;
    this.#other = other;
  }

  /** The end that messages go to. */
  get other(): LinkEnd | undefined {
    return this.#other;
  }

  /** Bytes that have not left yet. */
  get bufferedBytes(): number {
    return this.isOpen ? (this.#out?.bufferedBytes ?? 0) : 0;
  }

  /** Sends one message; nothing once closed. */
  send(bytes: Uint8Array): void {
    if (this.isOpen) this.#out?.send(bytes);
  }

  /** Ends the link; the other end hears of it after everything sent before. */
  close(code: number, reason: string): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.#out?.end(code, reason);
  }

  /** Cuts the link: neither end hears what is under way, both that it broke. */
  break(): void {
    this.#out?.break();
  }
}

/** A line of its own: the link shares it with nobody. */
class OwnLine implements Route {
  readonly bytesPerMs: number;
  readonly latencyMs: number;
  readonly #jitterMs: number;
  readonly #prng: Prng;

  constructor(profile: LinkProfile, bps: number, prng: Prng) {
    this.bytesPerMs = bps / 8000;
    this.latencyMs = profile.latencyMs;
    this.#jitterMs = profile.jitterMs;
    this.#prng = prng;
  }

  leave(now: number): number {
    return now;
  }

  delayMs(): number {
    return this.latencyMs + (this.#jitterMs === 0 ? 0 : this.#prng.next() * this.#jitterMs);
  }

  admit(now: number): number {
    return now;
  }
}

/** One direction of a link. */
class Pipe implements Wakeable, Outlet {
  readonly #clock: VirtualClock;
  readonly #prng: Prng;
  readonly #limits: StreamLimits;
  readonly #route: Route;
  readonly #from: LinkEnd;
  readonly #to: LinkEnd;
  readonly #onSent: SentListener;
  #parcels: Parcel[] = [];
  #head = 0;
  /** Of the parcels, the first that has not left; and what it and those behind it hold. */
  #waiting = 0;
  #waitingBytes = 0;
  /** When the last byte queued so far has left. */
  #busyUntil = 0;
  #arrivalLast = 0;
  #isWritableDue = false;
  #isOverflowDue = false;
  #isArrivalDue = false;
  #isStalled = false;

  constructor(parts: {
    clock: VirtualClock;
    prng: Prng;
    limits: StreamLimits;
    route: Route;
    from: LinkEnd;
    to: LinkEnd;
    onSent: SentListener;
  }) {
    this.#clock = parts.clock;
    this.#prng = parts.prng;
    this.#limits = parts.limits;
    this.#route = parts.route;
    this.#from = parts.from;
    this.#to = parts.to;
    this.#onSent = parts.onSent;
  }

  get bufferedBytes(): number {
    this.#settle();
    return this.#waitingBytes;
  }

  /** Takes out of the count what has left. */
  #settle(): void {
    const { now } = this.#clock;
    for (; this.#waiting < this.#parcels.length; this.#waiting++) {
      const parcel = this.#parcels[this.#waiting];
      if (parcel && parcel.leaves > now) break;
      this.#waitingBytes -= parcel?.bytes?.length ?? 0;
    }
  }

  send(bytes: Uint8Array): void {
    if (this.bufferedBytes > this.#limits.bufferedBytesMax) {
      if (!this.#isOverflowDue) this.#clock.schedule(this.#clock.now, this, TAG_OVERFLOW);
      this.#isOverflowDue = true;
      return;
    }
    const { breakChance } = this.#limits;
    if (breakChance > 0 && this.#prng.next() < breakChance) return this.break();
    this.#onSent(this.#from, bytes);
    const { now } = this.#clock;
    const alone = Math.max(now, this.#busyUntil) + bytes.length / this.#route.bytesPerMs;
    this.#busyUntil = Math.max(alone, this.#route.leave(now, bytes.length));
    this.#post(bytes, 0, '');
    if (!this.#isWritableDue && this.bufferedBytes > WRITABLE_STEP_BYTES) this.#awaitWritable();
  }

  end(code: number, reason: string): void {
    this.#post(undefined, code, reason);
  }

  /** Both ends hear of it as soon as they can. */
  break(): void {
    for (const end of [this.#from, this.#to]) {
      if (!end.isOpen) continue;
      end.isOpen = false;
      const notice = { wake: (): void => end.owner.onClosed(end, LINK_BROKEN, '') };
      this.#clock.schedule(this.#clock.now + this.#route.latencyMs, notice, 0);
    }
  }

  /** While stalled nothing arrives; afterwards all of it does, in order, as over TCP. */
  setStalled(isStalled: boolean): void {
    this.#isStalled = isStalled;
    if (!isStalled) this.#awaitArrival();
  }

  wake(tag: number): void {
    if (tag === TAG_ARRIVAL) this.#arrive();
    else if (tag === TAG_OVERFLOW) {
      this.#isOverflowDue = false;
      if (this.#from.isOpen) this.#from.owner.onOverflow(this.#from);
    } else {
      this.#isWritableDue = false;
      if (!this.#from.isOpen) return;
      if (this.bufferedBytes > 0) this.#awaitWritable();
      this.#from.owner.onWritable(this.#from, this.bufferedBytes);
    }
  }

  #post(bytes: Uint8Array | undefined, code: number, reason: string): void {
    const leaves = Math.max(this.#clock.now, this.#busyUntil);
    const arrival = Math.max(this.#arrivalLast, leaves + this.#route.delayMs());
    this.#arrivalLast = arrival;
    this.#waitingBytes += bytes?.length ?? 0;
    this.#parcels.push({ bytes, leaves, arrival, isAdmitted: false, code, reason });
    this.#awaitArrival();
  }

  #awaitArrival(): void {
    const next = this.#parcels[this.#head];
    if (!next || this.#isArrivalDue) return;
    this.#isArrivalDue = true;
    this.#clock.schedule(next.arrival, this, TAG_ARRIVAL);
  }

  #awaitWritable(): void {
    this.#isWritableDue = true;
    const stepMs = Math.min(WRITABLE_STEP_BYTES, this.bufferedBytes) / this.#route.bytesPerMs;
    this.#clock.schedule(this.#clock.now + stepMs, this, TAG_WRITABLE);
  }

  #arrive(): void {
    this.#isArrivalDue = false;
    if (this.#isStalled) return;
    const parcel = this.#parcels[this.#head];
    if (!parcel) return;
    if (parcel.bytes && !parcel.isAdmitted) {
      parcel.isAdmitted = true;
      parcel.arrival = this.#route.admit(this.#clock.now, parcel.bytes.length);
      if (parcel.arrival > this.#clock.now) return this.#awaitArrival();
    }
    this.#head++;
    if (this.#head > 64 && this.#head * 2 > this.#parcels.length) {
      // What has arrived has left, so the first that waits is behind the head.
      this.#settle();
      this.#waiting -= this.#head;
      this.#parcels = this.#parcels.slice(this.#head);
      this.#head = 0;
    }
    this.#awaitArrival();
    if (!this.#to.isOpen) return;
    if (parcel.bytes) return this.#to.owner.onMessage(this.#to, parcel.bytes);
    this.#to.isOpen = false;
    this.#to.owner.onClosed(this.#to, parcel.code, parcel.reason);
  }
}

/** What a link over routes does when its queue is full, and how it may fail. */
export type StreamLimits = Pick<LinkProfile, 'bufferedBytesMax' | 'breakChance'>;

/** A link with both its ends. */
export type VirtualLink = {
  readonly dialled: LinkEnd;
  readonly answered: LinkEnd;
  /** Stops both directions, or lets them go on. Neither end is told. */
  readonly setStalled: (isStalled: boolean) => void;
};

/** What every link is made of. */
export type LinkParts = {
  readonly clock: VirtualClock;
  readonly prng: Prng;
  readonly dialled: LinkEnd;
  readonly answered: LinkEnd;
  readonly onSent: SentListener;
};

/** Joins two ends by a link over two routes, up and down. */
export function createStream(
  parts: LinkParts & { readonly limits: StreamLimits; readonly up: Route; readonly down: Route },
): VirtualLink {
  const { dialled, answered } = parts;
  const up = new Pipe({ ...parts, route: parts.up, from: dialled, to: answered });
  const down = new Pipe({ ...parts, route: parts.down, from: answered, to: dialled });
  dialled.connect(up, answered);
  answered.connect(down, dialled);
  const setStalled = (isStalled: boolean): void => {
    up.setStalled(isStalled);
    down.setStalled(isStalled);
  };
  return { dialled, answered, setStalled };
}

/** Joins two ends by a link that has its lines for itself. */
export function createLink(parts: LinkParts & { readonly profile: LinkProfile }): VirtualLink {
  const { profile, prng } = parts;
  const up = new OwnLine(profile, profile.upBps, prng);
  const down = new OwnLine(profile, profile.downBps, prng);
  return createStream({ ...parts, limits: profile, up, down });
}
