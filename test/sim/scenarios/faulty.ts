/** Scenarios in which the network or a node fails. */

import { FAST_LINK } from '../virtual-link.js';
import { expect, type Scenario, Stage } from './scenario.js';

const START_MS = 2_000;
/** A third of the source's bitrate. */
const SLOW_BPS = 1_333_000;
/** What can wait for a slow link: the queue before it lags and a group begun meanwhile, at the slow rate. */
const SLOW_DELAY_MS_MAX = 12_000;

/** One viewer's link carries a third of the stream. */
export const slowLink: Scenario = {
  name: 'slow-link',
  summary: 'One viewer has a third of the bitrate: it skips whole groups, nobody else notices.',
  viewersDefault: 10,
  run: (options) => {
    const slow = { ...FAST_LINK, downBps: SLOW_BPS, latencyMs: 20 };
    const stage = new Stage({
      ...options,
      linkProfile: (dialler) => (dialler === 'viewer-slow' ? slow : undefined),
    });
    const { world } = stage;
    stage.addRelay('relay', ['publisher']);
    stage.source.begin();
    world.runUntil(START_MS);
    stage.addViewers(options.viewers, 1_000, () => ['relay']);
    stage.addViewer('viewer-slow', ['relay']);
    world.runUntil(START_MS + 60_000);
    // A new epoch must reach a link whose queue drops messages as well.
    stage.source.begin();
    world.runUntil(START_MS + 80_000);
    for (const [name, record] of world.measurements.viewers) {
      if (name !== 'viewer-slow')
        expect(world, record.delayMsMax < 1_500, `${name} is disturbed: ${record.delayMsMax} ms late`);
    }
    const record = world.measurements.viewers.get('viewer-slow');
    const { chunksSkipped } = world.node('viewer-slow').session.stats(world.node('viewer-slow').now());
    expect(world, record !== undefined && record.delivered > 100, 'the slow viewer gets nothing');
    expect(world, chunksSkipped > 100, `the slow viewer skips ${chunksSkipped} chunks only`);
    expect(world, record.delayMsMax < SLOW_DELAY_MS_MAX, `the slow viewer is ${record.delayMsMax} ms late`);
    expect(world, record.epoch === stage.source.epoch, 'the slow viewer never saw the new epoch');
    return world;
  },
};

/** The only relay dies, and returns knowing nothing. */
export const relayReturns: Scenario = {
  name: 'relay-returns',
  summary: 'The relay dies and returns; viewers come back with backoff and resume.',
  viewersDefault: 30,
  run: (options) => {
    const stage = new Stage(options);
    const { world } = stage;
    const relay = stage.addRelay('relay', ['publisher']);
    stage.source.begin();
    world.runUntil(START_MS);
    stage.addViewers(options.viewers, 1_000, () => ['relay']);
    world.runUntil(START_MS + 5_000);
    relay.crash();
    world.runUntil(START_MS + 10_000);
    relay.restart();
    // Five seconds of failed dials have raised the wait to at most eight.
    world.runUntil(START_MS + 22_000);
    stage.expectLive();
    // The outage is forgotten once media flows: the next loss is answered as quickly as the first.
    relay.crash();
    world.runUntil(world.clock.now + 200);
    relay.restart();
    world.runUntil(world.clock.now + 3_500);
    stage.expectLive();
    return world;
  },
};

/** A relay hears nothing for longer than any window holds, then everything goes on. */
export const longOutage: Scenario = {
  name: 'long-outage',
  summary: 'A relay is cut off from the publisher for five minutes, then the stream goes on for its viewers.',
  viewersDefault: 3,
  run: (options) => {
    const stage = new Stage({
      ...options,
      source: { chunksPerSecond: 25, bitrate: 6_000_000, chunksPerGroup: 25 },
    });
    const { world } = stage;
    stage.addRelay('relay', ['publisher']);
    stage.source.begin();
    world.runUntil(START_MS);
    stage.addViewers(options.viewers, 100, () => ['relay']);
    world.runUntil(START_MS + 2_000);
    world.setPartition('relay', 'publisher', true);
    world.runUntil(world.clock.now + 300_000);
    world.setPartition('relay', 'publisher', false);
    world.runUntil(world.clock.now + 25_000);
    stage.expectLive();
    return world;
  },
};
