import { Limits } from '@freshet/proto';
import type { SimNode } from '../sim-node.js';
import type { LinkEnd } from '../virtual-link.js';
import type { World } from '../world.js';
import type { Checker } from './checker.js';

/** No session holds more than its limits allow, and no link's queue more than its own and one message. */
export class LimitsChecker implements Checker {
  readonly #world: World;
  readonly #bufferedBytesMax: number;

  /** `bufferedBytesMax`: the largest of any link in the world. */
  constructor(world: World, bufferedBytesMax: number) {
    this.#world = world;
    this.#bufferedBytesMax = bufferedBytesMax;
  }

  afterStep(node: SimNode): void {
    const { windowBytes, piecesWaiting, verifying } = node.session.holdings;
    this.#check(node.name, 'window bytes', windowBytes, Limits.WINDOW_BYTES_MAX * Limits.RENDITIONS_MAX);
    this.#check(node.name, 'waiting pieces', piecesWaiting, Limits.PENDING_PIECES_MAX);
    const verifyingMax = Limits.PENDING_PIECES_MAX + Limits.PENDING_CATALOGS_MAX;
    this.#check(node.name, 'verifications', verifying, verifyingMax);
  }

  onSent(from: LinkEnd): void {
    const max = this.#bufferedBytesMax + Limits.MESSAGE_BYTES_MAX;
    this.#check(`link ${from.number}`, 'queued bytes', from.bufferedBytes, max);
  }

  #check(where: string, what: string, value: number, max: number): void {
    if (value > max) this.#world.fail('limits', where, `${value} ${what}, at most ${max}`);
  }
}
