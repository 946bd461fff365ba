/**
 * A viewer's usable uplink, from what it sends anyway: while a queue is never empty, what leaves it in a time is the
 * rate of the uplink (packet trains, Jain and Routhier 1986), and not the rate at which there was something to send.
 */

import type { LinkId } from '../session/io.js';
import type { MonoMs } from '../time.js';
import {
  UPLINK_CHANGE,
  UPLINK_GAP_MS,
  UPLINK_LINKS_MAX,
  UPLINK_LINKS_MS,
  UPLINK_QUANTILE,
  UPLINK_SAMPLE_AGE_MS,
  UPLINK_SAMPLE_BYTES,
  UPLINK_SAMPLE_MS,
  UPLINK_SAMPLES_MAX,
  UPLINK_SAMPLES_MIN,
  UPLINK_SWALLOWED_BYTES,
  UPLINK_TELL_MS,
} from './limits.js';

type Sample = { readonly at: MonoMs; readonly bps: number };

/** A time in which the queue was never empty. */
type Spell = {
  /** Bytes that have left since it began. */
  movedBytes: number;
  /** From where the next sample counts; `undefined` while what moves may be swallowed by a buffer. */
  mark: { readonly at: MonoMs; readonly movedBytes: number } | undefined;
  /** How long the queue was empty since the mark: short gaps do not end the spell, and are no time of sending. */
  idleMs: number;
  readonly links: Set<LinkId>;
};

/** The value below which this share of the rates lies. `rates` has one element at least. */
export function lowQuantile(rates: readonly number[], share: number): number {
  const sorted = [...rates].sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
}

/**
 * Tell it of every message handed to a link and of every change of the queues. Where nothing is ever queued nothing is
 * learnt, and the estimate stays as it is: idleness is no sign of weakness.
 */
export class UplinkMeter {
  #capBps: number;
  #estimateBps: number;
  #toldBps: number;
  #toldAt: MonoMs | undefined;
  #samples: Sample[] = [];
  #spell: Spell | undefined;
  #heldBytes = 0;
  #emptyAt: MonoMs | undefined;
  /** When several links were last in use. */
  #severalAt = Number.NEGATIVE_INFINITY;

  /** `startBps`: what is believed before anything was measured; `capBps`: what the person allows. */
  constructor(options: { readonly startBps: number; readonly capBps?: number }) {
    this.#capBps = options.capBps ?? Number.POSITIVE_INFINITY;
    this.#estimateBps = options.startBps;
    this.#toldBps = this.estimateBps;
  }

  /** Usable bits per second, never above the cap. */
  get estimateBps(): number {
    return Math.min(this.#capBps, this.#estimateBps);
  }

  /** How long what is queued now takes to leave; 0 with nothing queued. */
  get queueDelayMs(): number {
    if (this.#heldBytes === 0) return 0;
    return (this.#heldBytes * 8000) / Math.max(1, this.#estimateBps);
  }

  /** The person allows another rate. */
  setCap(capBps: number): void {
    this.#capBps = capBps;
  }

  /** A better start value than the first, as measured by somebody else; ignored once this meter knows by itself. */
  setStart(bps: number): void {
    if (this.#samples.length === 0) this.#estimateBps = bps;
  }

  /** A message was handed to a link. */
  sent(now: MonoMs, link: LinkId, bytes: number): void {
    this.#endIdleSpell(now);
    this.#spell ??= { movedBytes: 0, mark: undefined, idleMs: 0, links: new Set() };
    if (this.#emptyAt !== undefined) this.#spell.idleMs += now - this.#emptyAt;
    this.#emptyAt = undefined;
    this.#heldBytes += bytes;
    const { links } = this.#spell;
    if (links.size < UPLINK_LINKS_MAX) links.add(link);
    if (links.size > 1) this.#severalAt = now;
  }

  /**
   * All links together hold so much: what was handed out and is not yet reported as gone counts as held. What left
   * since the last report has moved; a sample ends only where something is still queued, so that no idle time is in it.
   */
  buffered(now: MonoMs, totalBufferedBytes: number): void {
    const moved = Math.max(0, this.#heldBytes - totalBufferedBytes);
    this.#heldBytes = totalBufferedBytes;
    this.#endIdleSpell(now);
    const spell = this.#spell;
    if (!spell) return;
    spell.movedBytes += moved;
    if (totalBufferedBytes === 0) {
      this.#emptyAt ??= now;
      return;
    }
    this.#emptyAt = undefined;
    if (!spell.mark) {
      if (spell.movedBytes >= UPLINK_SWALLOWED_BYTES) mark(spell, now);
      return;
    }
    const bytes = spell.movedBytes - spell.mark.movedBytes;
    const elapsedMs = now - spell.mark.at - spell.idleMs;
    if (bytes < UPLINK_SAMPLE_BYTES || elapsedMs < UPLINK_SAMPLE_MS) return;
    // Where nothing was handed over since the last sample, the queues are those of before.
    this.#addSample({ at: now, bps: (bytes * 8000) / elapsedMs }, spell.links.size !== 1);
    mark(spell, now);
    spell.links.clear();
  }

  /**
   * Whether the estimate has changed so much since it was last told that it should be told anew. The answer `true`
   * counts as telling, so the next comes after a further change, and at most once a second.
   */
  isChanged(now: MonoMs): boolean {
    const change = Math.abs(this.estimateBps - this.#toldBps);
    if (change === 0 || change < UPLINK_CHANGE * this.#toldBps) return false;
    if (this.#toldAt !== undefined && now - this.#toldAt < UPLINK_TELL_MS) return false;
    this.#toldBps = this.estimateBps;
    this.#toldAt = now;
    return true;
  }

  #endIdleSpell(now: MonoMs): void {
    if (this.#emptyAt === undefined || now - this.#emptyAt <= UPLINK_GAP_MS) return;
    this.#spell = undefined;
    this.#emptyAt = undefined;
  }

  #addSample(sample: Sample, isOfSeveral: boolean): void {
    // One link may be held up by its own path: that shows what the uplink can do at least, not at most.
    const isOneOfSeveral = !isOfSeveral && sample.at - this.#severalAt < UPLINK_LINKS_MS;
    if (isOneOfSeveral && sample.bps < this.#estimateBps) return;
    this.#samples = this.#samples.filter(({ at }) => sample.at - at <= UPLINK_SAMPLE_AGE_MS);
    this.#samples.push(sample);
    if (this.#samples.length > UPLINK_SAMPLES_MAX) this.#samples.shift();
    if (this.#samples.length < UPLINK_SAMPLES_MIN) return;
    this.#estimateBps = lowQuantile(
      this.#samples.map(({ bps }) => bps),
      UPLINK_QUANTILE,
    );
  }
}

function mark(spell: Spell, now: MonoMs): void {
  spell.mark = { at: now, movedBytes: spell.movedBytes };
  spell.idleMs = 0;
}
