/** A drawn-up audience for the dashboard: relays below the broadcaster that tell of their viewers, who come and go. */

import {
  EMPTY_SUMMARY,
  emptyCounts,
  LATENCY_MS_BOUNDS,
  Prng,
  STALL_MS_BOUNDS,
  type Summary,
  type TreeNode,
} from '@freshet/proto';

const STRIPES = 2;
const HEADS = 8;
const DEGREE = 5;
const BITRATE = 2_500_000;

type Guest = {
  id: number;
  latency: number;
  isStalled: boolean;
  uplink: number;
  readonly isApp: boolean;
};

/** One relay's cell. */
export class DrawnCell {
  readonly #prng: Prng;
  readonly #id: number;
  readonly #guests: Guest[] = [];
  #joins = 0;
  #leaves = 0;

  constructor(seed: string, viewers: number) {
    this.#prng = new Prng(seed);
    this.#id = this.#prng.uint32();
    for (let index = 0; index < viewers; index++) this.#join();
  }

  /** A second passes: some go, others come, and some figures change. */
  step(): void {
    const { length } = this.#guests;
    const moves = this.#prng.below(1 + Math.ceil(length / 80));
    for (let move = 0; move < moves && length > 0; move++) {
      this.#guests.splice(this.#prng.below(this.#guests.length), 1);
      this.#leaves++;
      this.#join();
    }
    for (let change = 0; change < length / 50; change++) {
      const guest = this.#guests[this.#prng.below(this.#guests.length)];
      if (guest) Object.assign(guest, this.#mood());
    }
  }

  /** What this relay tells now; it has fewer viewers than a sample holds. */
  summary(): Summary {
    const latency = emptyCounts(LATENCY_MS_BOUNDS);
    const stalls = emptyCounts(STALL_MS_BOUNDS);
    for (const guest of this.#guests) {
      latency[guest.latency - 1] = (latency[guest.latency - 1] ?? 0) + 1;
      const stall = guest.isStalled ? 3 : 0;
      stalls[stall] = (stalls[stall] ?? 0) + 1;
    }
    const viewers = this.#guests.length;
    const relayBps = Math.min(viewers, HEADS + viewers * 0.03) * BITRATE;
    const rates = { egressBps: relayBps * 1.04, relayBps, peerBps: viewers * BITRATE - relayBps };
    const nodes = [this.#self(), ...this.#guests.map((guest, index) => this.#node(guest, index))];
    const told: Summary = {
      ...EMPTY_SUMMARY,
      ...rates,
      viewers,
      relays: 1,
      joins: this.#joins,
      leaves: this.#leaves,
      latency,
      stalls,
      renditions: new Map([
        [1, Math.ceil(viewers * 0.7)],
        [2, Math.floor(viewers * 0.3)],
      ]),
      rows: [{ id: this.#id, parent: 0, depth: 0, viewers, ...rates }],
      tree: { stripes: STRIPES, nodes },
    };
    this.#joins = 0;
    this.#leaves = 0;
    return told;
  }

  #join(): void {
    this.#joins++;
    this.#guests.push({
      id: this.#prng.uint32(),
      isApp: this.#prng.below(9) === 0,
      ...this.#mood(),
    });
  }

  #mood(): Pick<Guest, 'latency' | 'isStalled' | 'uplink'> {
    const lot = this.#prng.below(8) + this.#prng.below(5);
    return {
      latency: 3 + Math.floor(lot / 2.2),
      isStalled: this.#prng.below(90) === 0,
      uplink: this.#prng.below(6),
    };
  }

  #self(): TreeNode {
    const figures = { uplink: 0, carried: 0, latency: 0, isStalled: false };
    return { id: this.#id, kind: 'relay', depth: 0, ...figures, parents: [0, 0] };
  }

  /** Guest number `index` hangs in each stripe's own tree of degree {@link DEGREE}. */
  #node(guest: Guest, index: number): TreeNode {
    const count = this.#guests.length;
    const places = [index, count - 1 - index];
    const depths = places.map(depthOf);
    const parents = places.map((place, stripe) => {
      if (place < HEADS) return 1;
      const above = Math.floor((place - HEADS) / DEGREE);
      return 2 + (stripe === 0 ? above : count - 1 - above);
    });
    const carried = places.some((place) => place * DEGREE + HEADS < count) ? 1 + (guest.uplink % 4) : 0;
    const { id, isApp, uplink, latency, isStalled } = guest;
    const depth = Math.min(...depths);
    return { id, kind: isApp ? 'app' : 'viewer', depth, uplink, carried, latency, isStalled, parents };
  }
}

function depthOf(place: number): number {
  let depth = 1;
  for (let at = place; at >= HEADS; at = Math.floor((at - HEADS) / DEGREE)) depth++;
  return depth;
}
