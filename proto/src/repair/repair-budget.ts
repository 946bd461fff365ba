/** What a node serves to those that ask for missing pieces. */

import type { LinkId } from '../session/io.js';
import type { MonoMs } from '../time.js';
import {
  ASKER_BURST_BYTES,
  ASKER_BYTES_PER_S_MAX,
  ASKER_SHARE,
  ASKERS_MAX,
  BURST_ASKERS,
  FLOOD_MULTIPLE,
  REPAIR_UPLINK_BPS_START,
  REPAIR_UPLINK_SHARE,
} from './limits.js';
import { TokenBucket } from './token-bucket.js';

type Asker = { readonly allowance: TokenBucket; readonly patience: TokenBucket; isFlood: boolean };

/** Bytes a second that repair gets of an uplink: for all askers together, and for one. */
export function repairRates(uplinkBps: number): { readonly all: number; readonly asker: number } {
  const all = (uplinkBps / 8) * REPAIR_UPLINK_SHARE;
  return { all, asker: Math.min(all * ASKER_SHARE, ASKER_BYTES_PER_S_MAX) };
}

/**
 * Two buckets: one for each asker, one for all. Pushing comes first, so repair has its share of the uplink only, and
 * no asker can use it up alone. What counts as a flood does not depend on how much this node can give: honest nodes
 * bound their own requests, and one that asks a weak neighbour for its fair share is only refused.
 */
export class RepairBudget {
  readonly #askers = new Map<LinkId, Asker>();
  readonly #all: TokenBucket;
  #askerRate: number;
  #refused = 0;

  /** `uplinkBps`: usable bits per second. */
  constructor(options: { readonly uplinkBps?: number } = {}) {
    const rates = repairRates(options.uplinkBps ?? REPAIR_UPLINK_BPS_START);
    this.#askerRate = rates.asker;
    this.#all = new TokenBucket({ ratePerS: rates.all, burst: ASKER_BURST_BYTES * BURST_ASKERS });
  }

  /** Pieces that were not served. */
  get refused(): number {
    return this.#refused;
  }

  /** The estimate of the uplink has changed. O(askers). */
  setUplink(now: MonoMs, uplinkBps: number): void {
    const rates = repairRates(uplinkBps);
    this.#askerRate = rates.asker;
    this.#all.setRate(now, rates.all);
    for (const { allowance } of this.#askers.values()) allowance.setRate(now, rates.asker);
  }

  /**
   * Whether `bytes` may be sent to this asker; if so they are spent. Call it for what is not held too, with the bytes
   * of the answer, so that asking for nonsense is bounded as well.
   */
  allow(now: MonoMs, link: LinkId, bytes: number): boolean {
    const asker = this.#askerOf(link);
    if (asker && !asker.patience.take(now, bytes)) asker.isFlood = true;
    if (asker && !asker.isFlood && asker.allowance.available(now) >= bytes && this.#all.take(now, bytes))
      return asker.allowance.take(now, bytes);
    this.#refused++;
    return false;
  }

  /** The asker is beyond all measure: close its link. Once a flood, always one, until {@link forget}. */
  isFlood(link: LinkId): boolean {
    return this.#askers.get(link)?.isFlood ?? false;
  }

  /** The link is gone. */
  forget(link: LinkId): void {
    this.#askers.delete(link);
  }

  #askerOf(link: LinkId): Asker | undefined {
    const known = this.#askers.get(link);
    if (known || this.#askers.size >= ASKERS_MAX) return known;
    const asker = {
      allowance: new TokenBucket({ ratePerS: this.#askerRate, burst: ASKER_BURST_BYTES }),
      patience: new TokenBucket({
        ratePerS: ASKER_BYTES_PER_S_MAX * FLOOD_MULTIPLE,
        burst: ASKER_BURST_BYTES * FLOOD_MULTIPLE,
      }),
      isFlood: false,
    };
    this.#askers.set(link, asker);
    return asker;
  }
}
