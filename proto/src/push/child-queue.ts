/** What waits for one child, and what is in flight to it. */

import type { LinkId } from '../session/io.js';
import type { MonoMs } from '../time.js';
import { PUSH_STUCK_MS } from './limits.js';
import { dueMs, type PushRank } from './order.js';
import { PushHeap, TardyLine } from './push-heap.js';

/** A message for one child. The bytes are sent as they are, never copied. */
export type PushJob = {
  readonly bytes: Uint8Array;
  /** When it must be at the child, on this node's clock. What cannot be there by then is dropped. */
  readonly deadline: MonoMs;
  /** The child asked for this piece: nobody below it is known to wait for it. */
  readonly isRepair: boolean;
};

/** A job in its place. */
export type PushEntry = PushRank & { readonly bytes: Uint8Array; readonly pushedAt: MonoMs };

/** One child's jobs: those in time by their due times, those that fell behind apart. */
export class ChildQueue {
  readonly link: LinkId;
  weight = 0;
  /** From the end of the sending here to the arrival there. */
  delayMs = 0;
  inFlightBytes = 0;
  /** Jobs dropped in a row. */
  drops = 0;
  readonly #timely = new PushHeap<PushEntry>();
  readonly #tardy = new TardyLine<PushEntry>();
  #queuedBytes = 0;
  /** Last time at which the link's queue was seen to move; `undefined`: it moved since the last look. */
  #movedAt: MonoMs | undefined;

  constructor(link: LinkId) {
    this.link = link;
  }

  /** Bytes that wait. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Jobs that wait. */
  get size(): number {
    return this.#timely.size + this.#tardy.size;
  }

  /** The job that goes next. */
  get head(): PushEntry | undefined {
    return this.#timely.head ?? this.#tardy.head;
  }

  /** Whether {@link head} is past its due time. */
  get isTardy(): boolean {
    return this.#timely.size === 0;
  }

  /** The job with the least chance to arrive in time. */
  get victim(): PushEntry | undefined {
    return this.#tardy.last ?? this.#timely.head;
  }

  /** Adds a job. */
  push(now: MonoMs, job: PushJob, order: number): void {
    const weight = job.isRepair ? 0 : this.weight;
    const { bytes, deadline } = job;
    this.#timely.push({
      bytes,
      pushedAt: now,
      deadlineMs: deadline,
      dueMs: dueMs(deadline, weight),
      weight,
      order,
    });
    this.#queuedBytes += bytes.length;
  }

  /** Takes {@link head}. */
  take(): PushEntry | undefined {
    return this.#account(this.#timely.pop() ?? this.#tardy.pop());
  }

  /** Takes {@link victim}. */
  takeVictim(): PushEntry | undefined {
    return this.#account(this.#tardy.shift() ?? this.#timely.pop());
  }

  /** Sets aside what can no longer leave by its due time, if it is sent after `waitMs` at the soonest. */
  setBack(now: MonoMs, waitMs: number): void {
    const soonest = now + waitMs + this.delayMs;
    for (let head = this.#timely.head; head !== undefined && head.dueMs < soonest; head = this.#timely.head) {
      // Without a subtree the due time is the deadline: the job is late, not tardy, and its turn shows it.
      if (head.dueMs >= head.deadlineMs) return;
      this.#timely.pop();
      this.#tardy.push(head);
    }
  }

  /** Bytes went out to the link. */
  sent(now: MonoMs, bytes: number): void {
    if (this.inFlightBytes === 0) this.#movedAt = now;
    this.inFlightBytes += bytes;
  }

  /** The link reports its queue. */
  reported(bufferedBytes: number): void {
    if (bufferedBytes < this.inFlightBytes) this.#movedAt = undefined;
    this.inFlightBytes = bufferedBytes;
  }

  /** When the link counts as stuck if its queue does not move; `undefined` while it holds nothing. */
  stuckAt(now: MonoMs): number | undefined {
    this.#movedAt ??= now;
    return this.inFlightBytes > 0 ? this.#movedAt + PUSH_STUCK_MS : undefined;
  }

  #account(entry: PushEntry | undefined): PushEntry | undefined {
    if (entry) this.#queuedBytes -= entry.bytes.length;
    return entry;
  }
}
