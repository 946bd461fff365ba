/** Leaves the source of a stripe that has failed, for whoever can have the next piece here in time. */

import { type PeerId, RELAY, type ReportKind } from '../../plan/index.js';
import { answerMs, RepairLimits, type StripeWatch } from '../../repair/index.js';
import type { MonoMs } from '../../time.js';
import type { ControlMessage } from '../../wire/control.js';
import type { ClockSync } from '../clock-sync.js';
import type { SessionContext } from '../context.js';
import type { LinkId } from '../io.js';
import type { Neighbour } from './neighbour.js';
import type { Neighbours } from './neighbours.js';
import type { RelayTalk } from './relay-talk.js';
import { chooseStandIn } from './stand-in.js';
import type { Feeding, StripeSources } from './stripe-sources.js';

/** What it works with. */
export type FailOverParts = {
  readonly context: SessionContext;
  readonly clock: ClockSync;
  readonly neighbours: Neighbours;
  readonly talk: RelayTalk;
  readonly relayLink: () => LinkId | undefined;
  readonly sayRelay: (message: ControlMessage) => void;
  /** The stripes of what is played, and the watch on them; of one rendition and epoch. */
  readonly flow: () => {
    readonly sources: StripeSources | undefined;
    readonly watch: StripeWatch | undefined;
  };
};

/** See the module's header. */
export class FailOver {
  readonly #parts: FailOverParts;
  #count = 0;

  constructor(parts: FailOverParts) {
    this.#parts = parts;
  }

  /** How often a source was left. */
  get count(): number {
    return this.#count;
  }

  /** The stripe's source has failed, which is reported if `why` says how: a stand-in takes the stripe, or the relay, or `to`. */
  leave(stripe: number, why: ReportKind | undefined, to?: Feeding): void {
    const { context, neighbours, talk, relayLink, sayRelay } = this.#parts;
    const { sources, watch } = this.#parts.flow();
    if (!sources) return;
    const failed = sources.current(stripe);
    if (failed !== RELAY) {
      failed.noteFailure(stripe, context.now);
      if (why) talk.report(failed.peer, why);
    }
    const relay = relayLink();
    const next = to ?? this.#standIn(stripe, failed) ?? RELAY;
    // Without a relay there may be nobody left: who is there stays, and the relay is dialled again. One that is gone does
    // not: the stripe is the relay's, and will be asked of the next one.
    const isGone = failed !== RELAY && neighbours.get(failed.link) === undefined;
    if (next === failed || (next === RELAY && relay === undefined && !isGone)) return;
    this.#count++;
    sources.replace(stripe, next);
    watch?.setSource(context.now, stripe, next === RELAY ? relay : next.link);
    const parent: PeerId = next === RELAY ? RELAY : next.peer;
    sayRelay({ kind: 'moved', stripe, parent });
  }

  /** Sources that do not answer are asked once more, then left: with them nothing may come that shows what they owe. */
  leaveMute(isLive: boolean): void {
    const { now } = this.#parts.context;
    for (const [stripe, source] of this.#answerable(isLive)) {
      const { askAgainAt, muteAt } = source;
      if (askAgainAt !== undefined && now >= askAgainAt) this.#parts.neighbours.probe(source);
      if (muteAt === undefined || now < muteAt) continue;
      // So much too late, this node slept: the answers may be there.
      if (now - muteAt > RepairLimits.SLEEP_MS) source.forgive();
      else this.leave(stripe, 'silent');
    }
  }

  /** When {@link leaveMute} has something to do. */
  nextTimeout(isLive: boolean): MonoMs | undefined {
    let earliest: MonoMs | undefined;
    for (const [, source] of this.#answerable(isLive)) {
      const due = source.askAgainAt ?? source.muteAt;
      if (due !== undefined && (earliest === undefined || due < earliest)) earliest = due;
    }
    return earliest;
  }

  /** Neighbours that feed a stripe and have not failed to. In a pause nobody owes anything. */
  *#answerable(isLive: boolean): Iterable<readonly [number, Neighbour]> {
    const { sources } = isLive ? this.#parts.flow() : {};
    for (let stripe = 0; sources && stripe < sources.count; stripe++) {
      const source = sources.current(stripe);
      if (source !== RELAY && !source.hasFailed(stripe, this.#parts.context.now)) yield [stripe, source];
    }
  }

  /** A neighbour, unless only the relay can have the next piece here in time. */
  #standIn(stripe: number, failed: Feeding): Neighbour | undefined {
    const { context, clock, neighbours, relayLink, flow } = this.#parts;
    const isRelayThere = relayLink() !== undefined;
    const standIn = chooseStandIn(neighbours, failed, stripe, context.now, isRelayThere);
    if (!standIn || !isRelayThere) return standIn;
    const twoTriesMs = answerMs(standIn.rttMs) + answerMs(clock.rttMs ?? 0);
    return (flow().watch?.spareMs(context.now, stripe) ?? 0) < twoTriesMs ? undefined : standIn;
  }
}
