/** Virtual WebSockets: ordered and reliable until they break, with delay, rate and a bounded send queue. */

import type { LinkId, MonoMs, Prng } from '@freshet/proto';
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

/** Told of every message that a link takes. */
export type SentListener = (from: LinkEnd, bytes: Uint8Array) => void;

const WRITABLE_STEP_BYTES = 64 * 1024;
const TAG_ARRIVAL = 0;
const TAG_WRITABLE = 1;
const TAG_OVERFLOW = 2;

type Parcel = {
  /** `undefined`: the link ends here. */
  readonly bytes: Uint8Array | undefined;
  readonly arrival: number;
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
  #out: Pipe | undefined;

  constructor(owner: LinkOwner, id: LinkId, number: number) {
    this.owner = owner;
    this.id = id;
    this.number = number;
  }

  /** Connects the end to what carries its messages away. */
  connect(out: Pipe): void {
    this.#out = out;
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

/** One direction of a link. */
class Pipe implements Wakeable {
  readonly #clock: VirtualClock;
  readonly #prng: Prng;
  readonly #profile: LinkProfile;
  readonly #from: LinkEnd;
  readonly #to: LinkEnd;
  readonly #onSent: SentListener;
  readonly #bytesPerMs: number;
  #parcels: Parcel[] = [];
  #head = 0;
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
    profile: LinkProfile;
    bps: number;
    from: LinkEnd;
    to: LinkEnd;
    onSent: SentListener;
  }) {
    this.#clock = parts.clock;
    this.#prng = parts.prng;
    this.#profile = parts.profile;
    this.#bytesPerMs = parts.bps / 8000;
    this.#from = parts.from;
    this.#to = parts.to;
    this.#onSent = parts.onSent;
  }

  get bufferedBytes(): number {
    return Math.max(0, Math.round((this.#busyUntil - this.#clock.now) * this.#bytesPerMs));
  }

  send(bytes: Uint8Array): void {
    if (this.bufferedBytes > this.#profile.bufferedBytesMax) {
      if (!this.#isOverflowDue) this.#clock.schedule(this.#clock.now, this, TAG_OVERFLOW);
      this.#isOverflowDue = true;
      return;
    }
    if (this.#profile.breakChance > 0 && this.#prng.next() < this.#profile.breakChance) return this.break();
    this.#onSent(this.#from, bytes);
    this.#busyUntil = Math.max(this.#clock.now, this.#busyUntil) + bytes.length / this.#bytesPerMs;
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
      this.#clock.schedule(this.#clock.now + this.#profile.latencyMs, notice, 0);
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
    const leaves: MonoMs | number = Math.max(this.#clock.now, this.#busyUntil);
    const jitterMs = this.#profile.jitterMs === 0 ? 0 : this.#prng.next() * this.#profile.jitterMs;
    const arrival = Math.max(this.#arrivalLast, leaves + this.#profile.latencyMs + jitterMs);
    this.#arrivalLast = arrival;
    this.#parcels.push({ bytes, arrival, code, reason });
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
    const stepMs = Math.min(WRITABLE_STEP_BYTES, this.bufferedBytes) / this.#bytesPerMs;
    this.#clock.schedule(this.#clock.now + stepMs, this, TAG_WRITABLE);
  }

  #arrive(): void {
    this.#isArrivalDue = false;
    if (this.#isStalled) return;
    const parcel = this.#parcels[this.#head];
    if (!parcel) return;
    this.#head++;
    if (this.#head > 64 && this.#head * 2 > this.#parcels.length) {
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

/** A link with both its ends. */
export type VirtualLink = {
  readonly dialled: LinkEnd;
  readonly answered: LinkEnd;
  /** Stops both directions, or lets them go on. Neither end is told. */
  readonly setStalled: (isStalled: boolean) => void;
};

/** What a link is made of beside its profile. */
export type LinkParts = {
  readonly clock: VirtualClock;
  readonly prng: Prng;
  readonly profile: LinkProfile;
  readonly dialled: LinkEnd;
  readonly answered: LinkEnd;
  readonly onSent: SentListener;
};

/** Joins two ends by a link. */
export function createLink(parts: LinkParts): VirtualLink {
  const { profile, dialled, answered } = parts;
  const up = new Pipe({ ...parts, bps: profile.upBps, from: dialled, to: answered });
  const down = new Pipe({ ...parts, bps: profile.downBps, from: answered, to: dialled });
  dialled.connect(up);
  answered.connect(down);
  const setStalled = (isStalled: boolean): void => {
    up.setStalled(isStalled);
    down.setStalled(isStalled);
  };
  return { dialled, answered, setStalled };
}
