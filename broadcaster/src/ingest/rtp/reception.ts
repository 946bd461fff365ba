/** Counts what arrives of one track, for receiver reports (RFC 3550 §6.4.1 and appendix A). */

import type { ReportBlock, SenderReport } from './rtcp-packet.js';

const JITTER_WEIGHT = 1 / 16;
const SINCE_REPORT_TICKS_PER_MS = 65.536;

/** Reception of one track's own packets; retransmissions belong to another stream and are not counted here. */
export class Reception {
  readonly #clockRate: number;
  #first: number | undefined;
  #highest = 0;
  #received = 0;
  #expectedBefore = 0;
  #receivedBefore = 0;
  #jitter = 0;
  #transit: number | undefined;
  #lastReport: { ntpMiddle: number; at: number } | undefined;

  /** `clockRate` in Hz. */
  constructor(clockRate: number) {
    this.#clockRate = clockRate;
  }

  /** Packets that arrived by themselves. */
  get received(): number {
    return this.#received;
  }

  /** Packets that did not, so far; a duplicate makes up for one. */
  get lost(): number {
    return this.#first === undefined ? 0 : this.#highest - this.#first + 1 - this.#received;
  }

  /** Variation of the time between packets, ms (RFC 3550 appendix A.8). */
  get jitterMs(): number {
    return (this.#jitter * 1000) / this.#clockRate;
  }

  /** Counts a packet; `sequence` is unwrapped, `timestamp` 32 bits. */
  handlePacket(now: number, sequence: number, timestamp: number): void {
    if (this.#first === undefined || sequence < this.#first) this.#first = sequence;
    this.#highest = this.#received === 0 ? sequence : Math.max(this.#highest, sequence);
    this.#received += 1;
    const transit = ((now * this.#clockRate) / 1000 - timestamp) | 0;
    if (this.#transit !== undefined) {
      const change = Math.abs((transit - this.#transit) | 0);
      // A clock that starts anew is no jitter.
      if (change < this.#clockRate * 10) this.#jitter += (change - this.#jitter) * JITTER_WEIGHT;
    }
    this.#transit = transit;
  }

  /** Begins anew behind a jump of the sequence numbers; the sums go on. */
  restart(sequence: number): void {
    const lost = this.lost;
    this.#first = sequence - this.#received - lost;
    this.#highest = sequence - 1;
  }

  /** Notes the report that the next block answers. */
  handleSenderReport(now: number, report: SenderReport): void {
    this.#lastReport = { ntpMiddle: report.ntpMiddle, at: now };
  }

  /** The block for a report that goes out now; `undefined` before the first packet. */
  takeReport(now: number, ssrc: number): ReportBlock | undefined {
    if (this.#first === undefined) return undefined;
    const expected = this.#highest - this.#first + 1;
    const expectedNow = expected - this.#expectedBefore;
    const lostNow = expectedNow - (this.#received - this.#receivedBefore);
    this.#expectedBefore = expected;
    this.#receivedBefore = this.#received;
    const report = this.#lastReport;
    return {
      ssrc,
      fractionLost:
        expectedNow <= 0 || lostNow <= 0 ? 0 : Math.min(255, Math.floor((lostNow * 256) / expectedNow)),
      lost: this.lost,
      highestSequence: this.#highest >>> 0,
      jitter: Math.floor(this.#jitter),
      lastReport: report?.ntpMiddle ?? 0,
      sinceLastReport:
        report === undefined ? 0 : Math.round((now - report.at) * SINCE_REPORT_TICKS_PER_MS) >>> 0,
    };
  }
}

/** Units per second, over the last whole second. */
export class RateMeter {
  #second = 0;
  #sum = 0;
  #last = 0;

  /** Adds `amount` at `now` (ms). */
  add(now: number, amount: number): void {
    this.#roll(now);
    this.#sum += amount;
  }

  /** The sum of the last whole second. */
  perSecond(now: number): number {
    this.#roll(now);
    return this.#last;
  }

  #roll(now: number): void {
    const second = Math.floor(now / 1000);
    if (second === this.#second) return;
    this.#last = second === this.#second + 1 ? this.#sum : 0;
    this.#second = second;
    this.#sum = 0;
  }
}
