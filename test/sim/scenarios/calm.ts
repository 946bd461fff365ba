/** Scenarios without faults: the network as it should be. */

import { expect, type Scenario, Stage } from './scenario.js';

const START_MS = 2_000;
const WATCH_MS = 12_000;

/** Publisher, one relay, its viewers. */
export const plain: Scenario = {
  name: 'plain',
  summary: 'A publisher, one relay and its viewers; nothing goes wrong.',
  viewersDefault: 50,
  run: (options) => {
    const stage = new Stage({ ...options, source: { relays: ['relay'] } });
    stage.addRelay('relay', ['publisher']);
    stage.source.begin();
    stage.world.runUntil(START_MS);
    stage.addViewers(options.viewers, 2_000, () => ['relay']);
    stage.world.runUntil(START_MS + WATCH_MS);
    stage.expectLive();
    expect(stage.world, stage.world.measurements.refused === 0, 'something was refused');
    expect(stage.world, stage.world.measurements.delayMs(1) < 1_500, 'somebody is late');
    return stage.world;
  },
};

/** Publisher, relay, relay, viewers at both. */
export const twoRelays: Scenario = {
  name: 'two-relays',
  summary: 'Two relays in a row, half of the viewers at each.',
  viewersDefault: 20,
  run: (options) => {
    const stage = new Stage(options);
    stage.addRelay('relay-near', ['publisher']);
    stage.addRelay('relay-far', ['relay-near']);
    stage.source.begin();
    stage.world.runUntil(START_MS);
    stage.addViewers(options.viewers, 1_000, (index) => [index % 2 === 0 ? 'relay-near' : 'relay-far']);
    stage.world.runUntil(START_MS + WATCH_MS);
    stage.expectLive();
    const { world } = stage;
    const counted = world.node('publisher').session.stats(world.node('publisher').now()).viewerCount;
    expect(world, counted === options.viewers, `the publisher counts ${counted} viewers`);
    return world;
  },
};

/** Everybody comes in the same second. */
export const flash: Scenario = {
  name: 'flash',
  summary: 'Every viewer joins within one second.',
  viewersDefault: 500,
  run: (options) => {
    const stage = new Stage(options);
    stage.addRelay('relay', ['publisher']);
    stage.source.begin();
    stage.world.runUntil(START_MS);
    stage.addViewers(options.viewers, 1_000, () => ['relay']);
    stage.world.runUntil(START_MS + 4_000);
    stage.expectLive();
    const p95 = stage.world.measurements.startMs(0.95);
    expect(stage.world, p95 <= 1_000, `95 % of the viewers start within ${p95.toFixed(0)} ms only`);
    return stage.world;
  },
};
