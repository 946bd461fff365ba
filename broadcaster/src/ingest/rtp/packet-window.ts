/** The packets of one track in sequence order, from the first that has not been used to the newest. */

import { PACKETS_WAITING_MAX } from './limits.js';

/** A packet that waits. */
export type WaitingPacket = {
  /** 32 bits, wrapping. */
  readonly timestamp: number;
  readonly hasMarker: boolean;
  /** Empty for padding, which takes a sequence number all the same. */
  readonly payload: Uint8Array;
  /** Milliseconds. */
  readonly arrivedAt: number;
};

/** A ring; sequence numbers are unwrapped. */
export class PacketWindow {
  readonly #slots: (WaitingPacket | undefined)[] = Array.from({ length: PACKETS_WAITING_MAX });
  #head: number;
  #highest: number;

  /** Nothing has arrived; `highest` counts as the last that is behind. */
  constructor(head: number, highest: number) {
    this.#head = head;
    this.#highest = highest;
  }

  /** The next packet to be used. */
  get head(): number {
    return this.#head;
  }

  /** The newest that has arrived. */
  get highest(): number {
    return this.#highest;
  }

  /** Whether `sequence` would need more room than there is. */
  isBeyond(sequence: number): boolean {
    return sequence - this.#head >= PACKETS_WAITING_MAX;
  }

  /** Keeps a packet; false for a late one, a duplicate, and one that `isBeyond`. */
  insert(sequence: number, packet: WaitingPacket): boolean {
    if (sequence < this.#head || this.isBeyond(sequence) || this.at(sequence) !== undefined) return false;
    this.#slots[sequence & (PACKETS_WAITING_MAX - 1)] = packet;
    if (sequence > this.#highest) this.#highest = sequence;
    return true;
  }

  /** The packet, where it waits. */
  at(sequence: number): WaitingPacket | undefined {
    if (sequence < this.#head || sequence > this.#highest) return undefined;
    return this.#slots[sequence & (PACKETS_WAITING_MAX - 1)];
  }

  /** Takes the packet at the head; `undefined` when it is missing. */
  take(): WaitingPacket | undefined {
    const packet = this.at(this.#head);
    if (packet !== undefined) this.#drop();
    return packet;
  }

  /** Gives up everything in front of `sequence` (at most `highest + 1`); the number of packets that were there. */
  skipTo(sequence: number): number {
    let dropped = 0;
    while (this.#head < sequence && this.#head <= this.#highest) {
      if (this.at(this.#head) !== undefined) dropped += 1;
      this.#drop();
    }
    return dropped;
  }

  /** The first packet that waits behind the gap at the head. */
  firstWaiting(): number | undefined {
    for (let sequence = this.#head; sequence <= this.#highest; sequence++) {
      if (this.at(sequence) !== undefined) return sequence;
    }
    return undefined;
  }

  #drop(): void {
    this.#slots[this.#head & (PACKETS_WAITING_MAX - 1)] = undefined;
    this.#head += 1;
  }
}
