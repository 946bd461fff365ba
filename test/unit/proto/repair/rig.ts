/** A viewer's watch on a synthetic timeline: a stream of which everything is known, and links that lose and delay. */

import { monoMs, Prng } from '@freshet/proto';
import { type NeighbourView, StripeWatch } from '../../../../proto/src/repair/index.js';

export const STRIPES = 4;
export const RELAY_LINK = 1;
/** The broadcaster's clock is that much ahead. */
const CLOCK_OFFSET_MS = 1_000_000;
const FRAME_MS = 1000 / 30;
const KEYFRAME_PIECES = 6;

export type RigLink = {
  readonly rttMs: number;
  /** From capture to arrival as this link pushes it; `undefined`: it does not. */
  delay: (at: number, sequence: number) => number | undefined;
  /** Whether a request is answered with the piece, refused, or not answered. */
  answer: (at: number, sequence: number) => 'piece' | 'missing' | 'nothing';
};

type Event = { readonly at: number; readonly order: number; readonly run: () => void };

/** See the module's header. Links 2 to 5 feed stripes 0 to 3 unless told otherwise; link 1 is the relay. */
export class Rig {
  readonly prng: Prng;
  readonly watch: StripeWatch;
  readonly links = new Map<number, RigLink>();
  readonly sources: (number | undefined)[] = [];
  readonly switches: { at: number; stripe: number; why: string; from: number | undefined }[] = [];
  readonly probes: { at: number; sequences: readonly number[] }[] = [];
  readonly requests: { at: number; link: number; sequences: readonly number[] }[] = [];
  /** By sequence: when it came first, and when it was captured. */
  readonly cameAt = new Map<number, number>();
  readonly capturedAt = new Map<number, number>();
  readonly lagMs: number;
  duplicates = 0;
  isClockKnown = true;
  /** Whether the relay hears what it is asked in a quiet. */
  isRelayAsked = true;
  /** Whom a stripe is taken from next; `undefined`: the switch is not heeded. */
  standIn: (stripe: number, failed: number | undefined) => number | undefined = () => undefined;
  #now = 0;
  #order = 0;
  #events: Event[] = [];
  #framesUntil = 0;
  #frame = 0;
  #sequence = 0;

  constructor(seed: string, lagMs = 600) {
    this.prng = new Prng(seed);
    this.lagMs = lagMs;
    this.watch = new StripeWatch({ stripeCount: STRIPES, playoutLagMs: lagMs });
    this.addLink(RELAY_LINK, 40, 30);
    for (let stripe = 0; stripe < STRIPES; stripe++) {
      this.addLink(2 + stripe, 30 + 10 * stripe, 80 + 15 * stripe);
      this.sources[stripe] = 2 + stripe;
      this.watch.setSource(monoMs(0), stripe, 2 + stripe);
    }
  }

  get now(): number {
    return this.#now;
  }

  /** A link whose pushes take `lagMs` from capture, with 10 ms of jitter, and that answers every request. */
  addLink(link: number, rttMs: number, lagMs: number): void {
    this.links.set(link, {
      rttMs,
      delay: () => lagMs + this.prng.next() * 10,
      answer: () => 'piece',
    });
  }

  link(link: number): RigLink {
    const found = this.links.get(link);
    if (!found) throw new Error(`no link ${link}`);
    return found;
  }

  /** The owner's side of a switch. */
  take(stripe: number, link: number | undefined): void {
    this.sources[stripe] = link;
    const from = this.watch.nextNeeded(stripe);
    this.watch.setSource(monoMs(this.#now), stripe, link);
    if (link === undefined) return;
    let at = this.#now + this.link(link).rttMs;
    for (let sequence = from; sequence < this.#sequence; sequence += STRIPES) {
      at += 13;
      this.#arrive(at, sequence, link);
    }
  }

  /** Runs until `until`; frames are captured all the while, but from `stopAt` on none. */
  run(until: number, stopAt = until): void {
    this.#framesUntil = stopAt;
    this.#schedule(Math.max(this.#now, this.#frame * FRAME_MS), () => this.#capture());
    for (let idle = 0; ; ) {
      const first = this.#events[0];
      const timeout = this.watch.nextTimeout() ?? Number.POSITIVE_INFINITY;
      const next = Math.min(first?.at ?? Number.POSITIVE_INFINITY, timeout);
      if (next > until) break;
      idle = next > this.#now ? 0 : idle + 1;
      if (idle > 1_000) throw new Error(`the watch asks to be woken at ${timeout} again and again`);
      this.#now = Math.max(this.#now, next);
      if (first && first.at <= this.#now) {
        this.#events.shift();
        first.run();
      }
      this.drain();
    }
    this.#now = until;
  }

  /** Jumps without looking: the node slept. What arrived meanwhile is handled afterwards. */
  sleepUntil(at: number): void {
    this.#now = at;
  }

  drain(): void {
    const views: NeighbourView[] = [...this.links].map(([link, { rttMs }]) => ({
      link,
      canServe: 0xf,
      rttMs,
      isRelay: link === RELAY_LINK,
    }));
    const now = monoMs(this.#now);
    for (let action = this.watch.poll(now, views); action; action = this.watch.poll(now, views)) {
      if (action.kind === 'request') this.#ask(action.link, action.sequences);
      else if (action.kind === 'probe') {
        this.probes.push({ at: this.#now, sequences: action.sequences });
        if (this.isRelayAsked) this.#answer(RELAY_LINK, action.sequences);
      } else {
        const { stripe, why } = action;
        this.switches.push({ at: this.#now, stripe, why, from: this.sources[stripe] });
        const link = this.standIn(stripe, this.sources[stripe]);
        if (link !== undefined) this.take(stripe, link);
      }
    }
  }

  /** Share of the pieces captured in [from, to) that came by their deadline. */
  onTime(from: number, to: number): number {
    let all = 0;
    let good = 0;
    for (const [sequence, capturedAt] of this.capturedAt) {
      if (capturedAt < from || capturedAt >= to) continue;
      all++;
      if ((this.cameAt.get(sequence) ?? Number.POSITIVE_INFINITY) <= capturedAt + this.lagMs) good++;
    }
    return good / all;
  }

  /** Sequences asked for in [from, to). */
  requested(from = 0, to = Number.POSITIVE_INFINITY): number {
    let count = 0;
    for (const { at, sequences } of this.requests) if (at >= from && at < to) count += sequences.length;
    return count;
  }

  #capture(): void {
    if (this.#frame * FRAME_MS >= this.#framesUntil) return;
    const at = this.#frame * FRAME_MS;
    const isKeyframe = this.#frame++ % 30 === 0;
    const count = isKeyframe ? KEYFRAME_PIECES : 1 + (this.prng.next() < 0.35 ? 1 : 0);
    for (let i = 0; i < count; i++) {
      const sequence = this.#sequence++;
      const link = this.sources[sequence % STRIPES];
      this.capturedAt.set(sequence, at);
      const delayMs = link === undefined ? undefined : this.links.get(link)?.delay(at, sequence);
      // A parent serves several children: the second piece of a burst waits for the first.
      const queueMs = Math.floor(i / STRIPES) * 60;
      if (delayMs !== undefined && link !== undefined) this.#arrive(at + delayMs + queueMs, sequence, link);
    }
    this.#schedule(this.#frame * FRAME_MS, () => this.#capture());
  }

  #arrive(at: number, sequence: number, link: number): void {
    this.#schedule(at, () => {
      const now = monoMs(this.#now);
      if (this.cameAt.has(sequence)) {
        this.duplicates++;
        this.watch.duplicate(now, sequence, link);
        return;
      }
      this.cameAt.set(sequence, this.#now);
      const captureMs = (this.capturedAt.get(sequence) ?? 0) + CLOCK_OFFSET_MS;
      const broadcastNow = this.isClockKnown ? this.#now + CLOCK_OFFSET_MS : undefined;
      this.watch.arrived(now, { sequence, captureMs }, link, broadcastNow);
    });
  }

  #ask(link: number, sequences: readonly number[]): void {
    this.requests.push({ at: this.#now, link, sequences });
    this.#answer(link, sequences);
  }

  #answer(link: number, sequences: readonly number[]): void {
    const { rttMs, answer } = this.link(link);
    const at = this.#now + rttMs + this.prng.next() * 5;
    const missing: number[] = [];
    for (const sequence of sequences) {
      const kind = sequence < this.#sequence ? answer(this.#now, sequence) : 'missing';
      if (kind === 'piece') this.#arrive(at, sequence, link);
      if (kind === 'missing') missing.push(sequence);
    }
    if (missing.length > 0) this.#schedule(at, () => this.watch.missing(monoMs(this.#now), link, missing));
  }

  #schedule(at: number, run: () => void): void {
    const event = { at, order: this.#order++, run };
    let index = this.#events.length;
    while (index > 0 && (this.#events[index - 1]?.at ?? 0) > at) index--;
    this.#events.splice(index, 0, event);
  }
}
