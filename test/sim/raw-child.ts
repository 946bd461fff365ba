/** A child that is no session: it sends what it is told to, and remembers how it was closed. */

import type { SimNode } from './sim-node.js';
import { FAST_LINK, type LinkEnd, type LinkOwner } from './virtual-link.js';
import type { World } from './world.js';

/** Dials a node at once and plays a script. */
export class RawChild implements LinkOwner {
  readonly name: string;
  /** How the other end closed the link; `undefined` while it is open. */
  closeCode: number | undefined;
  /** When it did. */
  closedMs: number | undefined;
  /** Messages that came. */
  received = 0;
  readonly #world: World;
  readonly #end: LinkEnd;

  constructor(world: World, name: string, parent: SimNode) {
    this.name = name;
    this.#world = world;
    this.#end = world.join(this, 0, parent, FAST_LINK);
  }

  /** Sends one message, or nothing once closed. */
  say(bytes: Uint8Array): void {
    this.#end.send(bytes);
  }

  onMessage(): void {
    this.received++;
  }

  onWritable(): void {
    // It paces nothing.
  }

  onOverflow(): void {
    // Nor does it care for what is lost.
  }

  onClosed(_end: LinkEnd, code: number): void {
    this.closeCode = code;
    this.closedMs = this.#world.clock.now;
  }
}
