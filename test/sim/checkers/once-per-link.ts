import type { LinkEnd } from '../virtual-link.js';
import type { World } from '../world.js';
import type { Checker } from './checker.js';

/** No piece travels twice over one link. What was changed on the way is another message and not counted. */
export class OncePerLinkChecker implements Checker {
  readonly #world: World;
  /** One bit for each published piece, by the number of the sending end. */
  readonly #sent = new Map<number, Uint8Array>();

  constructor(world: World) {
    this.#world = world;
  }

  onSent(from: LinkEnd, bytes: Uint8Array): void {
    const piece = this.#world.ledger.pieceNumber(bytes);
    if (piece === undefined) return;
    let bits = this.#sent.get(from.number) ?? new Uint8Array(256);
    if (piece >= bits.length * 8) {
      const longer = new Uint8Array(Math.max(bits.length * 2, (piece >> 3) + 1));
      longer.set(bits);
      bits = longer;
    }
    this.#sent.set(from.number, bits);
    const mask = 1 << (piece & 7);
    const byte = bits[piece >> 3] ?? 0;
    if ((byte & mask) !== 0)
      this.#world.fail('once per link', `link ${from.number}`, `piece ${piece} a second time`);
    bits[piece >> 3] = byte | mask;
  }
}
