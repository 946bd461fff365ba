/** What a relay knows of a viewer's uplink: measured here, so that nobody can talk himself up. */

import { PROBE_MS_MAX, UPLINK_BPS_MAX, UPLINK_RAISE, UPLINK_RAISE_MS, UPLINK_RAISE_USED } from '../limits.js';
import { addMs, type MonoMs } from '../time.js';

/**
 * A viewer's uplink is first measured by padding that the relay asks for: the first message starts the watch, the rest
 * counts. Afterwards the viewer's own measurement lowers it at once and raises it by steps: each step takes
 * children that it feeds with most of what is believed already.
 */
export class UplinkProof {
  /** When the measurement is over at the latest. */
  readonly deadline: MonoMs;
  readonly #wantedBytes: number;
  #announcedBps: number;
  #provenBps = 0;
  #firstAt: MonoMs | undefined;
  #lastAt: MonoMs | undefined;
  #receivedBytes = 0;
  #countedBytes = 0;
  #isMeasured = false;
  #raisedAt: MonoMs;

  constructor(now: MonoMs, announcedBps: number, wantedBytes: number) {
    this.deadline = addMs(now, PROBE_MS_MAX);
    this.#announcedBps = announcedBps;
    this.#wantedBytes = wantedBytes;
    this.#raisedAt = now;
  }

  /** Whether padding was asked for. */
  get isAsked(): boolean {
    return this.#wantedBytes > 0;
  }

  /** Bits per second that the viewer may be planned with; 0 while nothing is measured. */
  get provenBps(): number {
    return Math.min(this.#provenBps, this.#announcedBps);
  }

  /** Padding came. `false` when nobody asked for it, or for less. */
  receive(now: MonoMs, bytes: number): boolean {
    if (this.#isMeasured) return this.#countLate(bytes);
    this.#receivedBytes += bytes;
    if (this.#firstAt === undefined) this.#firstAt = now;
    else this.#countedBytes += bytes;
    this.#lastAt = now;
    return this.#receivedBytes <= this.#wantedBytes;
  }

  /** Whether the measurement can be concluded. */
  isOver(now: MonoMs): boolean {
    return this.#isMeasured || this.#receivedBytes >= this.#wantedBytes || now >= this.deadline;
  }

  /** Ends the measurement with what has come. */
  conclude(): void {
    if (this.#isMeasured) return;
    this.#isMeasured = true;
    if (this.#firstAt === undefined || this.#lastAt === undefined) return;
    // Messages of one turn of the event loop come at the same time: then it was faster than can be told.
    const spanMs = Math.max(1, this.#lastAt - this.#firstAt);
    this.#provenBps = Math.min(UPLINK_BPS_MAX, (this.#countedBytes * 8000) / spanMs);
  }

  /** The viewer says what it can carry; it is planned to carry `usedBps` for others at this moment. */
  announce(now: MonoMs, uplinkBps: number, usedBps: number): void {
    this.#announcedBps = uplinkBps;
    if (!this.#isMeasured || uplinkBps <= this.#provenBps || now < addMs(this.#raisedAt, UPLINK_RAISE_MS))
      return;
    // Who carries little has shown nothing; and there is no need of more.
    if (usedBps < this.#provenBps * UPLINK_RAISE_USED) return;
    this.#raisedAt = now;
    this.#provenBps = Math.min(UPLINK_BPS_MAX, uplinkBps, this.#provenBps * UPLINK_RAISE);
  }

  /** What was under way when time was up may still come. */
  #countLate(bytes: number): boolean {
    this.#receivedBytes += bytes;
    return this.#receivedBytes <= this.#wantedBytes;
  }
}
