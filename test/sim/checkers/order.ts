import type { MediaChunk, Session } from '@freshet/proto';
import type { SimNode } from '../sim-node.js';
import type { World } from '../world.js';
import type { Checker } from './checker.js';

/** Chunks are delivered in order, each once; the first and every one after a gap is a keyframe. */
export class OrderChecker implements Checker {
  readonly #world: World;
  /** A node that was restarted has a new session, which may begin anew. */
  readonly #last = new WeakMap<Session, MediaChunk>();

  constructor(world: World) {
    this.#world = world;
  }

  onChunk(node: SimNode, chunk: MediaChunk): void {
    const last = this.#last.get(node.session);
    this.#last.set(node.session, chunk);
    const place = `${chunk.epoch}/${chunk.chunkNumber}`;
    const isSameRun = last?.epoch === chunk.epoch && last.renditionId === chunk.renditionId;
    if (last && chunk.epoch < last.epoch)
      this.#world.fail('order', node.name, `${place} is of an older epoch`);
    if (isSameRun && chunk.chunkNumber <= last.chunkNumber)
      this.#world.fail('order', node.name, `${place} comes after ${last.chunkNumber}`);
    const isNext = isSameRun && chunk.chunkNumber === last.chunkNumber + 1;
    if (!isNext && !chunk.isKeyframe)
      this.#world.fail('order', node.name, `${place} follows a gap undecodably`);
  }
}
