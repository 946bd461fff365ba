/** Asks for missing pieces: whom, how many, and whom next. */

import type { LinkId } from '../session/io.js';
import { addMs, type MonoMs } from '../time.js';
import { answerMs, chooseServer, type NeighbourView } from './choose.js';
import type { Gap } from './gap.js';
import {
  REPAIR_RETRY_MS,
  REPAIR_TRIES_MAX,
  REQUEST_BURST,
  REQUEST_RATE_MIN,
  REQUEST_SEQUENCES_MAX,
  REQUEST_SHARE,
} from './limits.js';
import type { LinkBook } from './link-book.js';
import { TokenBucket } from './token-bucket.js';

/** Sequences to ask of one link, in one message. */
export type Request = { readonly link: LinkId; readonly sequences: readonly number[] };

/** Requests a second that a node may make when pieces come at this rate. */
export function requestRate(piecesPerS: number): number {
  return Math.max(REQUEST_RATE_MIN, piecesPerS * REQUEST_SHARE);
}

/** Never more than its own budget, so that a loss that hits all viewers alike cannot become a storm of requests. */
export class Requester {
  readonly #links: LinkBook;
  readonly #budget = new TokenBucket({ ratePerS: requestRate(0), burst: REQUEST_BURST });
  #requested = 0;

  constructor(links: LinkBook) {
    this.#links = links;
  }

  /** Sequences asked for, each counted as often as it was. */
  get requested(): number {
    return this.#requested;
  }

  /** The rate at which pieces come has changed. */
  setPieceRate(now: MonoMs, piecesPerS: number): void {
    this.#budget.setRate(now, requestRate(piecesPerS));
  }

  /** Whether the budget allows to ask for so many more; if so they are spent. */
  mayAsk(now: MonoMs, count: number): boolean {
    if (!this.#budget.take(now, count)) return false;
    this.#requested += count;
    return true;
  }

  /** The request is over: answered, refused, or the piece came some other way. */
  close(gap: Gap, how: 'served' | 'failed' | 'moot'): void {
    if (gap.asked === undefined) return;
    this.#links.close(gap.asked, how);
    gap.asked = undefined;
  }

  /**
   * The requests for these gaps, nearest deadline first, one message for each neighbour. Sets when each gap is looked
   * at again. What the budget does not reach waits, and what has the longest to its deadline waits longest.
   */
  plan(
    now: MonoMs,
    due: readonly { readonly gap: Gap; readonly source: LinkId | undefined; readonly timeLeftMs: number }[],
    neighbours: readonly NeighbourView[],
  ): Request[] {
    const batches = new Map<LinkId, number[]>();
    for (const { gap, source, timeLeftMs } of [...due].sort((a, b) => a.timeLeftMs - b.timeLeftMs)) {
      this.close(gap, 'failed');
      const { stripe, tried } = gap;
      const choice = chooseServer({ stripe, source, tried, timeLeftMs }, neighbours, this.#links.standings);
      if (choice.kind === 'hopeless' || gap.tries >= REPAIR_TRIES_MAX) {
        gap.nextAt = Number.POSITIVE_INFINITY;
      } else if (choice.kind === 'exhausted') {
        gap.tried = [];
        gap.nextAt = addMs(now, REPAIR_RETRY_MS);
      } else if (!this.#budget.take(now, 1)) {
        gap.nextAt = addMs(now, Math.max(1, this.#budget.waitMs(now, 1)));
      } else {
        gap.tries++;
        gap.tried.push(choice.link);
        gap.asked = choice.link;
        gap.nextAt = addMs(now, answerMs(choice.rttMs));
        this.#links.of(choice.link).openCount++;
        this.#requested++;
        const batch = batches.get(choice.link);
        if (batch) batch.push(gap.sequence);
        else batches.set(choice.link, [gap.sequence]);
      }
    }
    return [...batches].flatMap(([link, sequences]) => inMessages(link, sequences));
  }
}

function inMessages(link: LinkId, sequences: readonly number[]): Request[] {
  const requests: Request[] = [];
  for (let start = 0; start < sequences.length; start += REQUEST_SEQUENCES_MAX)
    requests.push({ link, sequences: sequences.slice(start, start + REQUEST_SEQUENCES_MAX) });
  return requests;
}
