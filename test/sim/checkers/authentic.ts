import type { MediaChunk } from '@freshet/proto';
import type { SimNode } from '../sim-node.js';
import type { World } from '../world.js';
import type { Checker } from './checker.js';

/** Nothing is delivered that the publisher did not publish, byte for byte. */
export class AuthenticChecker implements Checker {
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  onChunk(node: SimNode, chunk: MediaChunk): void {
    const published = this.#world.ledger.chunkBytes(chunk);
    if (published && (published === chunk.bytes || Buffer.compare(published, chunk.bytes) === 0)) return;
    this.#world.measurements.forgedPlayed++;
    this.#world.fail('authentic', node.name, `chunk ${chunk.epoch}/${chunk.chunkNumber} is not as published`);
  }
}
