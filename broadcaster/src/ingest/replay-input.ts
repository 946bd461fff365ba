/** Lets the beginning of a stream that can be opened only once be read twice. */

import { PassThrough, type Readable } from 'node:stream';

/** Bytes of the beginning that are kept; when they are full the look at them ends. */
export const HEAD_BYTES_MAX = 16 * 1024 * 1024;

/**
 * First `openProbe` (as often as needed) to look at the beginning while it comes in, then `replay` once for all of
 * it: the beginning, and the rest as it comes.
 */
export class ReplayInput {
  readonly #source: Readable;
  #head: Uint8Array[] = [];
  #headBytes = 0;
  #hasEnded = false;
  #probes = new Set<PassThrough>();
  #onFirst: () => void = () => undefined;
  /** Resolves with the first bytes, or with the end of a stream that has none. */
  readonly begun: Promise<void>;

  readonly #take = (bytes: Uint8Array): void => {
    this.#onFirst();
    this.#head.push(bytes);
    this.#headBytes += bytes.length;
    for (const probe of this.#probes) probe.write(bytes);
    if (this.#headBytes < HEAD_BYTES_MAX) return;
    this.#source.pause();
    this.#endProbes();
  };

  readonly #end = (): void => {
    this.#hasEnded = true;
    this.#onFirst();
    this.#endProbes();
  };

  /** Reads from `source` at once. */
  constructor(source: Readable) {
    this.#source = source;
    this.begun = new Promise((resolve) => {
      this.#onFirst = resolve;
    });
    source.on('data', this.#take);
    source.once('end', this.#end);
    source.once('error', this.#end);
    source.once('close', this.#end);
  }

  /** Nothing has come, and nothing will. */
  get isEmpty(): boolean {
    return this.#hasEnded && this.#headBytes === 0;
  }

  /** The beginning, and what comes until `replay`, the end or the limit. */
  openProbe(): Readable {
    const probe = new PassThrough({ highWaterMark: HEAD_BYTES_MAX });
    probe.on('error', () => undefined);
    for (const bytes of this.#head) probe.write(bytes);
    if (this.#hasEnded || this.#headBytes >= HEAD_BYTES_MAX) probe.end();
    else this.#probes.add(probe);
    return probe;
  }

  /** All of it. No look works afterwards. */
  replay(): Readable {
    this.#source.off('data', this.#take);
    this.#source.pause();
    this.#endProbes();
    const head = this.#head;
    this.#head = [];
    const whole = new PassThrough();
    whole.on('error', () => undefined);
    for (const bytes of head) whole.write(bytes);
    if (this.#hasEnded) {
      whole.end();
    } else {
      const finish = (): void => void whole.end();
      this.#source.once('end', finish);
      this.#source.once('error', finish);
      this.#source.once('close', finish);
      this.#source.pipe(whole, { end: false });
    }
    return whole;
  }

  #endProbes(): void {
    for (const probe of this.#probes) probe.end();
    this.#probes.clear();
  }
}
