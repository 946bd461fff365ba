import { decodeControl, FrameKind } from '@freshet/proto';
import type { LinkEnd } from '../virtual-link.js';
import type { World } from '../world.js';
import type { Checker } from './checker.js';

const PIECES_AT_FIRST = 512;
/** A link may carry pieces older than its first one, but none older than sessions hold. */
const PIECES_BEFORE = 1024;
const ASKS_COUNTED_MAX = 100;
/** A subscription asks for what is published until it is served as well: at the latest after this. */
const ASK_MS_MAX = 2_000;
const ASKS_REMEMBERED_MAX = 16;

/** A subscription on its way: which pieces it asks for beside those that existed when it was made. */
type OpenAsk = { readonly from: number; readonly atMs: number };

/** For each published piece from `first` on, how often it was sent over a link less how often it was asked for. */
class Balance {
  readonly #first: number;
  #counts: Int8Array = new Int8Array(PIECES_AT_FIRST);

  constructor(piece: number) {
    this.#first = Math.max(0, piece - PIECES_BEFORE);
  }

  /** Adds one copy or takes away one ask. Returns what follows. */
  change(piece: number, by: 1 | -1): number {
    const index = piece - this.#first;
    if (index < 0) return 0;
    if (index >= this.#counts.length) {
      const longer = new Int8Array(Math.max(this.#counts.length * 2, index + 1));
      longer.set(this.#counts);
      this.#counts = longer;
    }
    const after = Math.max(-ASKS_COUNTED_MAX, (this.#counts[index] ?? 0) + by);
    this.#counts[index] = after;
    return after;
  }
}

/**
 * A piece travels once over a link, and once more each time that it was asked for: by a `request` that names it, or
 * by a `subscribe` that begins at or before it. An ask may cross the piece, and two asks may be on their way at once;
 * each may be answered. What was changed on the way is another message and not counted.
 */
export class OncePerLinkChecker implements Checker {
  readonly #world: World;
  /** By the number of the sending end: numbers are dense. */
  readonly #balances: (Balance | undefined)[] = [];
  readonly #asks = new Map<number, OpenAsk[]>();

  constructor(world: World) {
    this.#world = world;
  }

  onSent(from: LinkEnd, bytes: Uint8Array): void {
    if (bytes[0] === FrameKind.control) return this.#noteAsk(from, bytes);
    const piece = this.#world.ledger.pieceNumber(bytes);
    if (piece === undefined) return;
    const copies = this.#balanceOf(from, piece).change(piece, 1);
    if (copies > 1 && copies > 1 + this.#openAsks(from, piece))
      this.#world.fail('once per link', `link ${from.number}`, `piece ${piece} once more, unasked`);
  }

  #balanceOf(end: LinkEnd, piece: number): Balance {
    let balance = this.#balances[end.number];
    if (!balance) {
      balance = new Balance(piece);
      this.#balances[end.number] = balance;
    }
    return balance;
  }

  #noteAsk({ other }: LinkEnd, bytes: Uint8Array): void {
    if (!other) return;
    const message = decodeControl(bytes);
    const { ledger } = this.#world;
    if (message?.kind === 'request') {
      for (const sequence of message.sequences) {
        const piece = ledger.pieceAt(sequence);
        this.#balanceOf(other, piece).change(piece, -1);
      }
    } else if (message?.kind === 'subscribe' && message.from !== undefined) {
      for (let piece = ledger.pieceAt(message.from); piece < ledger.pieceCount; piece++)
        this.#balanceOf(other, piece).change(piece, -1);
      const asks = this.#asks.get(other.number) ?? [];
      asks.push({ from: ledger.pieceCount, atMs: this.#world.clock.now });
      this.#asks.set(other.number, asks.slice(-ASKS_REMEMBERED_MAX));
    }
  }

  #openAsks(end: LinkEnd, piece: number): number {
    const since = this.#world.clock.now - ASK_MS_MAX;
    const asks = this.#asks.get(end.number) ?? [];
    return asks.filter(({ from, atMs }) => from <= piece && atMs >= since).length;
  }
}
