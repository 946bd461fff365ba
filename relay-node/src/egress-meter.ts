/** What a relay sends, as a rate: for its bandwidth limit, and for what its viewers save it. */

/** Share that a new measurement counts: a second's, smoothed over some. */
const GAIN = 0.4;

/** Counts bytes by channel; {@link tick} about every second. */
export class EgressMeter {
  readonly #before = new Map<string, number>();
  readonly #rates = new Map<string, number>();
  #tickedAt: number | undefined;

  /** Bits per second of all channels together. */
  get bps(): number {
    let total = 0;
    for (const rate of this.#rates.values()) total += rate;
    return total;
  }

  /** Bits per second of one channel; 0 for one that is not known. */
  bpsOf(channel: string): number {
    return this.#rates.get(channel) ?? 0;
  }

  /** Bytes that each channel has sent in all; one that is left out is forgotten. `nowMs` is monotonic. */
  tick(nowMs: number, sent: ReadonlyMap<string, number>): void {
    const elapsedMs = nowMs - (this.#tickedAt ?? nowMs);
    this.#tickedAt = nowMs;
    for (const channel of [...this.#before.keys()])
      if (!sent.has(channel)) {
        this.#before.delete(channel);
        this.#rates.delete(channel);
      }
    for (const [channel, bytes] of sent) {
      const before = this.#before.get(channel);
      this.#before.set(channel, bytes);
      // A channel that was let go and taken again counts from 0.
      if (before === undefined || elapsedMs <= 0 || bytes < before) continue;
      const rate = ((bytes - before) * 8_000) / elapsedMs;
      const known = this.#rates.get(channel) ?? rate;
      this.#rates.set(channel, known + GAIN * (rate - known));
    }
  }
}

/**
 * Share of what viewers get that they get from each other, where the relay sends `egressBps` to so many of a stream of
 * `bitrate`; `undefined` without viewers or a bitrate. It is an estimate: joins and repairs count as feeding.
 */
export function offloadOf(egressBps: number, viewers: number, bitrate: number): number | undefined {
  const wanted = viewers * bitrate;
  return wanted > 0 ? Math.max(0, 1 - egressBps / wanted) : undefined;
}
