import { describe, expect, it } from 'vitest';
import {
  delayMsOf,
  type Figures,
  offloadOf,
  onTimeOf,
  relayEgressOf,
  stallFreeOf,
  startMsOf,
} from '../figures.js';
import { joinMs, steady } from '../scenarios/mesh.js';
import { play } from '../scenarios/scenario.js';
import { createCellHosts } from './cell-hosts.js';
import { RUN_DEFAULT, type RunOptions, scheduleOf } from './cell-run.js';
import { createRealPlan } from './real-plan.js';
import { relayArrivals } from './relay-tree.js';
import { TreeCell } from './tree-cell.js';
import { figuresOfTally } from './tree-figures.js';

const VIEWERS = 150;
const SECONDS = 10;
const TIMEOUT_MS = 60_000;

/** The model on the very hosts of a run of the event simulator. */
function playModel(events: Figures, seed: string): Figures {
  const run: RunOptions = { ...RUN_DEFAULT, seed, viewersPerCell: VIEWERS, measuredSec: SECONDS };
  const { cell, stream } = run;
  const schedule = scheduleOf(run);
  const shape = { relays: 1, fanOut: 1, publisherFanOut: 1 };
  const { arrivals } = relayArrivals(schedule, {
    ...shape,
    seed,
    network: cell.network,
    relayBps: cell.relayBps,
  });
  const tally = new TreeCell({
    seed,
    hosts: createCellHosts(events.hosts, joinMs(VIEWERS)),
    schedule,
    relayMs: arrivals[0] ?? schedule.publishMs,
    options: cell,
    measuredMs: SECONDS * 1000,
    createPlan: createRealPlan,
  }).play();
  return figuresOfTally(tally, stream.bitrate);
}

/** Links that pieces came over, on average. */
function hopsOf({ seconds }: Figures): number {
  const sum = (field: 'hops' | 'pieces'): number =>
    seconds.reduce((total, second) => total + second[field], 0);
  return sum('hops') / sum('pieces');
}

/** How many times the greater of two is the smaller. */
const factor = (a: number, b: number): number => Math.max(a, b) / Math.min(a, b);

describe('the tree model and the event simulator agree on a cell of the same hosts', () => {
  for (const seed of ['1', '2'])
    it(
      `seed ${seed}`,
      () => {
        const events = play(steady, { seed, viewers: VIEWERS, seconds: SECONDS });
        const model = playModel(events, seed);
        for (const figures of [events, model]) {
          expect(stallFreeOf(figures)).toBe(1);
          expect(onTimeOf(figures)).toBe(1);
        }
        // The model has no queue in front of the links that waits for reports, and no piece that is repaired after its
        // deadline, so the tail of its delays is shorter.
        expect(factor(delayMsOf(model, 0.5), delayMsOf(events, 0.5))).toBeLessThan(1.25);
        expect(factor(delayMsOf(model, 0.99), delayMsOf(events, 0.99))).toBeLessThan(1.8);
        expect(factor(startMsOf(model, 0.5), startMsOf(events, 0.5))).toBeLessThan(1.2);
        expect(Math.abs(offloadOf(model) - offloadOf(events))).toBeLessThan(0.05);
        expect(factor(relayEgressOf(model), relayEgressOf(events))).toBeLessThan(1.7);
        expect(factor(hopsOf(model), hopsOf(events))).toBeLessThan(1.25);
      },
      TIMEOUT_MS,
    );
});
