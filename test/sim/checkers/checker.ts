/** What watches a run from outside of the code under test. */

import type { MediaChunk } from '@freshet/proto';
import type { SimNode } from '../sim-node.js';
import type { LinkEnd } from '../virtual-link.js';

/** Sees what happens and throws when it must not. Each method is optional. */
export interface Checker {
  /** A node has taken an input and carried out what followed. */
  afterStep?(node: SimNode): void;
  /** A viewer's session handed out a chunk. */
  onChunk?(node: SimNode, chunk: MediaChunk): void;
  /** A link took a message. */
  onSent?(from: LinkEnd, bytes: Uint8Array): void;
}

/** A rule was broken. The seed repeats the run. */
export class SafetyError extends Error {
  readonly kind = 'safety';
  readonly seed: string;

  constructor(message: string, seed: string) {
    super(message);
    this.name = 'SafetyError';
    this.seed = seed;
  }
}
