/** Who feeds each stripe of a viewer now, and who is to take it over: make before break. */

import {
  REST_MS_MAX,
  REST_MS_MIN,
  SOURCE_PENDING_MS_MAX,
  SPARE_MS_MIN,
  TIGHT_RUN_MAX,
} from '../../limits.js';
import { type PeerId, RELAY } from '../../plan/index.js';
import { addMs, type MonoMs } from '../../time.js';
import type { Neighbour } from './neighbour.js';

/** A neighbour, or the relay. */
export type Feeding = Neighbour | typeof RELAY;

type StripeSource = {
  current: Feeding;
  /** Asked for the stripe; takes over with its first piece. */
  pending: Feeding | undefined;
  pendingSince: MonoMs;
  /** As the plan wants it; `undefined` before it said anything. */
  planned: PeerId | undefined;
  /** Pieces in a row that the present source delivered with hardly any time left. */
  tightRun: number;
  /** Until when no neighbour is asked for it, after so long a rest, because they kept being too late. */
  restUntil: MonoMs;
  restMs: number;
};

/** The stripes of one viewer. The relay feeds every stripe until a neighbour does. */
export class StripeSources {
  readonly #sources: StripeSource[];
  #version = 0;

  constructor(stripeCount: number, now: MonoMs) {
    this.#sources = Array.from({ length: stripeCount }, () => ({
      current: RELAY,
      pending: undefined,
      pendingSince: now,
      planned: undefined,
      tightRun: 0,
      restUntil: now,
      restMs: 0,
    }));
  }

  /** Rises with every change of who sends what. */
  get version(): number {
    return this.#version;
  }

  /** How many there are. */
  get count(): number {
    return this.#sources.length;
  }

  /** Stripes that a neighbour feeds. */
  get fedByPeers(): number {
    return this.#sources.filter(({ current }) => current !== RELAY).length;
  }

  /** Who feeds each stripe. */
  get peers(): PeerId[] {
    return this.#sources.map(({ current }) => (current === RELAY ? RELAY : current.peer));
  }

  /** Stripes that a neighbour is to feed. */
  get plannedFromPeers(): number {
    return this.#sources.filter(({ planned }) => planned !== undefined && planned !== RELAY).length;
  }

  /** Stripes that the relay must send: those it feeds, and those it is to take over. */
  get relayMask(): number {
    return this.#mask(({ current, pending }) => current === RELAY || pending === RELAY);
  }

  /** Stripes that this neighbour must send. */
  maskOf(neighbour: Neighbour): number {
    return this.#mask(({ current, pending }) => current === neighbour || pending === neighbour);
  }

  /** Stripes that only this neighbour sends. */
  fedBy(neighbour: Feeding): number[] {
    return this.#stripes(({ current }) => current === neighbour);
  }

  /** The source of a stripe. */
  current(stripe: number): Feeding {
    return this.#sources[stripe]?.current ?? RELAY;
  }

  /** Who is to take it over. */
  pending(stripe: number): Feeding | undefined {
    return this.#sources[stripe]?.pending;
  }

  /** Who feeds it by the plan. */
  planned(stripe: number): PeerId | undefined {
    return this.#sources[stripe]?.planned;
  }

  /** Sets what the plan says. */
  plan(stripe: number, peer: PeerId | undefined): void {
    const source = this.#sources[stripe];
    if (source) source.planned = peer;
  }

  /** Asks `next` to take the stripe over. */
  await(stripe: number, next: Feeding, now: MonoMs): void {
    const source = this.#sources[stripe];
    if (!source) return;
    this.#version++;
    source.pending = source.current === next ? undefined : next;
    source.pendingSince = now;
  }

  /** A piece of the stripe came from `from`. Returns whether that makes it the source. */
  promote(stripe: number, from: Feeding): boolean {
    const source = this.#sources[stripe];
    if (source?.pending !== from) return false;
    this.#version++;
    source.current = from;
    source.pending = undefined;
    source.tightRun = 0;
    return true;
  }

  /** The stripe is taken from `next` without waiting for the present source. */
  replace(stripe: number, next: Feeding): void {
    const source = this.#sources[stripe];
    if (!source) return;
    this.#version++;
    source.current = next;
    source.tightRun = 0;
    if (source.pending === next) source.pending = undefined;
  }

  /**
   * A piece came so long before its deadline; 0 if it had to be fetched from others. Returns whether the present source,
   * a neighbour, has been cutting it fine for so many pieces that the stripe should come from elsewhere: the next loss
   * could not be repaired in time.
   */
  noteSpare(stripe: number, spareMs: number): boolean {
    const source = this.#sources[stripe];
    if (!source || source.current === RELAY) return false;
    source.tightRun = spareMs < SPARE_MS_MIN ? source.tightRun + 1 : 0;
    if (source.tightRun < TIGHT_RUN_MAX) return false;
    source.tightRun = 0;
    return true;
  }

  /**
   * The stripe goes back to the relay because it came too late from neighbours, and stays there for a while: where one
   * is too late, the next mostly is too. Twice as long each time, until a calm of {@link REST_MS_MAX} is behind it.
   */
  rest(stripe: number, now: MonoMs): void {
    const source = this.#sources[stripe];
    if (!source) return;
    const isCalm = now >= addMs(source.restUntil, REST_MS_MAX);
    source.restMs = isCalm || source.restMs === 0 ? REST_MS_MIN : Math.min(REST_MS_MAX, 2 * source.restMs);
    source.restUntil = addMs(now, source.restMs);
  }

  /** Whether the stripe is to stay with the relay for now. */
  isResting(stripe: number, now: MonoMs): boolean {
    const source = this.#sources[stripe];
    return source !== undefined && now < source.restUntil;
  }

  /** Gives up waiting for whoever is asked and does not deliver; returns who that was. */
  expire(stripe: number, now: MonoMs): Feeding | undefined {
    const source = this.#sources[stripe];
    if (source?.pending === undefined || now < addMs(source.pendingSince, SOURCE_PENDING_MS_MAX))
      return undefined;
    return this.dropPending(stripe);
  }

  /** Nobody is waited for any more; returns who was. */
  dropPending(stripe: number): Feeding | undefined {
    const source = this.#sources[stripe];
    const pending = source?.pending;
    this.#version++;
    if (source) source.pending = undefined;
    return pending;
  }

  #mask(isMeant: (source: StripeSource) => boolean): number {
    let mask = 0;
    // Not by shifting: bit 31 is a sign to JavaScript.
    for (const stripe of this.#stripes(isMeant)) mask += 2 ** stripe;
    return mask;
  }

  #stripes(isMeant: (source: StripeSource) => boolean): number[] {
    const stripes: number[] = [];
    for (const [stripe, source] of this.#sources.entries()) if (isMeant(source)) stripes.push(stripe);
    return stripes;
  }
}
