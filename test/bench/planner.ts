/**
 * What the planner of a cell costs and how good its trees are: steps and microseconds of a join and a leave by the size
 * of the cell, then a thousand viewers that join within ten seconds, a calm, and the loss of 30 % at once.
 */

import { CellPlanner, RELAY, type ViewerProfile } from '../../proto/src/plan/index.js';
import { Prng } from '../../proto/src/prng.js';
import { addMs, type MonoMs, monoMs } from '../../proto/src/time.js';
import { type Bench, percentile, round } from './bench.js';

const SIZES = [500, 1_000, 2_000, 5_000];
const STRIPES = 4;
const STRIPE_BPS = 1_000_000;
const HEADS_MAX = 8;
const SAMPLES = 200;
const CROWD = 1_000;
const CROWD_MS = 10_000;
/** When a pair that cannot connect is reported. */
const UNREACHABLE_MS = 3_000;

/** Uplinks in bits per second, of which 70 % is usable, and their cumulative shares. */
const UPLINKS: readonly (readonly [number, number])[] = [
  [0.1, 1e6],
  [0.35, 5e6],
  [0.7, 15e6],
  [0.9, 40e6],
  [1, 100e6],
];

/** A viewer of the simulator's population, and whether it is behind a NAT that only open viewers get through. */
const drawViewer = (prng: Prng): { profile: ViewerProfile; isBehindNat: boolean } => {
  const lot = prng.next();
  const uplinkBps = (UPLINKS.find(([share]) => lot < share)?.[1] ?? 0) * 0.7;
  // Two access delays make a one-way delay with a median of 20 ms; log-normal by Box and Muller.
  const normal = Math.sqrt(-2 * Math.log(1 - prng.next())) * Math.cos(2 * Math.PI * prng.next());
  const accessMs = 9 * Math.exp(0.85 * normal);
  const isDownloadOnly = prng.next() < 0.3;
  const profile = {
    uplinkBps: isDownloadOnly ? 0 : uplinkBps,
    linksMax: 16,
    rttMs: 2 * (accessMs + 1),
    network: `n${prng.below(40)}`,
  };
  return { profile, isBehindNat: prng.next() < 0.2 };
};

/** A planner with a crowd whose pairs behind NATs fail. */
class Crowd {
  readonly planner: CellPlanner;
  readonly #prng: Prng;
  readonly #behindNat = new Set<number>();
  #failing: { at: MonoMs; one: number; other: number }[] = [];
  now: MonoMs = monoMs(0);
  #nextPeer = 1;

  constructor(seed: string) {
    this.#prng = new Prng(seed);
    const prng = this.#prng.fork('planner');
    this.planner = new CellPlanner({
      stripeCount: STRIPES,
      stripeBps: STRIPE_BPS,
      headsMax: HEADS_MAX,
      prng,
    });
  }

  join(): number {
    const peer = this.#nextPeer++;
    const { profile, isBehindNat } = drawViewer(this.#prng);
    if (isBehindNat) this.#behindNat.add(peer);
    this.planner.join(this.now, peer, profile);
    return peer;
  }

  anybody(): number {
    const peers = this.planner.peers;
    return peers[this.#prng.below(peers.length)] ?? 0;
  }

  /** Takes the news; returns how many messages there were. */
  drain(): number {
    let count = 0;
    for (let message = this.planner.poll(); message; message = this.planner.poll()) {
      count++;
      if (!this.#behindNat.has(message.peer)) continue;
      for (const { peer, parentMask } of message.links)
        if (parentMask !== 0 && peer !== RELAY && this.#behindNat.has(peer))
          this.#failing.push({ at: addMs(this.now, UNREACHABLE_MS), one: message.peer, other: peer });
    }
    return count;
  }

  /** Lets time pass; returns how many messages there were. */
  run(ms: number): number {
    let count = 0;
    for (const end = addMs(this.now, ms); this.now < end; ) {
      this.now = addMs(this.now, 50);
      const due = this.#failing.filter(({ at }) => at <= this.now);
      this.#failing = this.#failing.filter(({ at }) => at > this.now);
      for (const { one, other } of due) this.planner.report(this.now, one, other, 'unreachable');
      this.planner.tick(this.now);
      count += this.drain();
    }
    return count;
  }
}

/** Measures the planner alone: no sockets, no pieces. */
export const benchPlanner: Bench = {
  about: "cost of the cell's planner by size, and the trees of a crowd",
  async run({ note, viewers = SIZES }) {
    const results: object[] = [];
    for (const size of viewers) {
      results.push(costAt(size));
      note(`${size} viewers measured`);
    }
    return [...results, crowdOf(CROWD)];
  },
};

function costAt(size: number): object {
  const crowd = new Crowd(`cost ${size}`);
  while (crowd.planner.size < size) {
    for (let i = 0; i < 20 && crowd.planner.size < size; i++) crowd.join();
    crowd.run(200);
  }
  crowd.run(20_000);
  const joins: Cost[] = [];
  const leaves: Cost[] = [];
  for (let i = 0; i < SAMPLES; i++) {
    const peer = crowd.anybody();
    leaves.push(costOf(crowd, () => crowd.planner.leave(crowd.now, peer)));
    joins.push(costOf(crowd, () => crowd.join()));
    crowd.run(100);
  }
  return { viewers: size, join: summary(joins), leave: summary(leaves), tickUs: tickUs(crowd) };
}

type Cost = { readonly steps: number; readonly us: number };

function costOf(crowd: Crowd, act: () => void): Cost {
  const before = crowd.planner.stats.steps;
  const start = performance.now();
  act();
  crowd.drain();
  return { us: (performance.now() - start) * 1e3, steps: crowd.planner.stats.steps - before };
}

function summary(costs: readonly Cost[]): object {
  const steps = costs.map((cost) => cost.steps);
  const us = costs.map((cost) => cost.us);
  return {
    stepsMean: round(steps.reduce((a, b) => a + b, 0) / steps.length, 0),
    stepsP99: percentile(steps, 0.99),
    usP50: round(percentile(us, 0.5), 1),
    usP99: round(percentile(us, 0.99), 1),
  };
}

function tickUs(crowd: Crowd): number {
  const times: number[] = [];
  for (let i = 0; i < 50; i++) {
    crowd.now = addMs(crowd.now, 1_000);
    const start = performance.now();
    crowd.planner.tick(crowd.now);
    times.push((performance.now() - start) * 1e3);
    crowd.drain();
  }
  return round(percentile(times, 0.5), 0);
}

function crowdOf(count: number): object {
  const crowd = new Crowd('crowd');
  let messages = 0;
  for (let i = 0; i < count; i++) {
    crowd.join();
    messages += crowd.drain();
    if (i % (count / (CROWD_MS / 50)) === 0) messages += crowd.run(50);
  }
  const joined = { ...shape(crowd), messagesPerJoin: round(messages / count, 2) };
  const settling = phases(crowd, [5, 10, 15, 30, 60]);
  const settled = shape(crowd);
  const leavers = crowd.planner.peers.filter((_, index) => index % 10 < 3);
  const start = performance.now();
  for (const peer of leavers) crowd.planner.leave(crowd.now, peer);
  const massLeaveMs = round(performance.now() - start, 1);
  crowd.drain();
  const left = shape(crowd);
  const healing = phases(crowd, [1, 5, 10, 20, 60]);
  return { crowd: count, joined, settling, settled, massLeaveMs, left, healing, healed: shape(crowd) };
}

/** Moves and messages per second in each stretch that ends so many seconds after the start. */
function phases(crowd: Crowd, endsS: readonly number[]): object[] {
  let fromS = 0;
  return endsS.map((untilS) => {
    const before = crowd.planner.stats;
    crowd.run((untilS - fromS) * 1_000);
    const { moves, messages } = crowd.planner.stats;
    const seconds = untilS - fromS;
    const movesPerS = round((moves - before.moves) / seconds, 2);
    const messagesPerS = round((messages - before.messages) / seconds, 2);
    fromS = untilS;
    return { untilS, movesPerS, messagesPerS, guests: crowd.planner.guests };
  });
}

function shape({ planner }: Crowd): object {
  const quality = planner.quality();
  return {
    viewers: planner.size,
    depths: quality.depths.map((row) => row.slice(1)),
    interior: quality.interior,
    interiorInSeveral: quality.interiorInSeveral,
    guests: planner.guests,
    distinctParents: round(quality.distinctParents, 3),
    withTwoStandbys: round(quality.withTwoStandbys, 3),
    delayMsMax: round(quality.delayMsMax, 0),
  };
}
