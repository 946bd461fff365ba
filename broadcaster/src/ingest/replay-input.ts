/** Lets the beginning of a stream that can be opened only once be read twice. */

import { Duplex, PassThrough, type Readable } from 'node:stream';
import { StreamTail } from './stream-tail.js';

/** Bytes of the beginning that are kept; when they are full the look at them ends. */
export const HEAD_BYTES_MAX = 16 * 1024 * 1024;

/** Bytes that may wait in front of a reader that keeps up: a burst, such as a keyframe. */
const BURST_BYTES_MAX = 32 * 1024;

/**
 * First `openProbe` (as often as needed) to look at the beginning while it comes in, then `replay` once for all of
 * it: the beginning, and the rest as it comes. Should its reader die, `rejoin` serves another one from about now on.
 */
export class ReplayInput {
  readonly #source: Readable;
  #head: Uint8Array[] = [];
  #headBytes = 0;
  #hasEnded = false;
  #probes = new Set<PassThrough>();
  #onFirst: () => void = () => undefined;
  readonly #tail = new StreamTail();
  #whole: PassThrough | undefined;
  /** Resolves with the first bytes, or with the end of a stream that has none. */
  readonly begun: Promise<void>;

  readonly #take = (bytes: Uint8Array): void => {
    this.#onFirst();
    this.#tail.push(bytes);
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

  /** More comes than the reader takes. */
  get isBehind(): boolean {
    const source = this.#source;
    const writtenBytes = source instanceof Duplex ? source.writableLength : 0;
    const isBlocked = this.#whole?.writableNeedDrain ?? false;
    return isBlocked && source.readableLength + writtenBytes > BURST_BYTES_MAX;
  }

  /** All of it. No look works afterwards. */
  replay(): Readable {
    this.#source.off('data', this.#take);
    this.#source.pause();
    this.#endProbes();
    const head = this.#head;
    this.#head = [];
    // What is piped goes by here first, so that nothing is missing in between.
    this.#source.on('data', (bytes: Uint8Array) => this.#tail.push(bytes));
    return this.#serve(head);
  }

  /** `rejoin` has something to give. */
  get canRejoin(): boolean {
    return !this.#hasEnded && this.#tail.canBegin;
  }

  /** For another reader after `replay`, from the last keyframe on; `undefined` when the stream cannot be joined. */
  rejoin(): Readable | undefined {
    const begin = this.#hasEnded ? undefined : this.#tail.begin();
    return begin && this.#serve(begin);
  }

  #serve(begin: readonly Uint8Array[]): Readable {
    if (this.#whole) {
      this.#source.unpipe(this.#whole);
      this.#whole.destroy();
    }
    const whole = new PassThrough();
    this.#whole = whole;
    whole.on('error', () => undefined);
    for (const bytes of begin) whole.write(bytes);
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
