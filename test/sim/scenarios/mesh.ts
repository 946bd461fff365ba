/** The mesh with an audience as it is: nobody cheats, hosts and networks do what they do. */

import { judgeBy } from './aims.js';
import { MeshStage } from './mesh-stage.js';
import type { Scenario } from './scenario.js';

/** A hundred viewers a second, as a thousand in ten seconds. */
const JOIN_MS_EACH = 10;
const JOIN_MS_MIN = 2_000;

/** Time that joining takes. */
export const joinMs = (viewers: number): number => Math.max(JOIN_MS_MIN, viewers * JOIN_MS_EACH);

/** The measure of all others. */
export const steady: Scenario = {
  name: 'steady',
  summary: 'A cell of viewers on ordinary hosts carries the stream itself.',
  viewersDefault: 1_000,
  judge: judgeBy({ offload: 0.95, offloadSmall: 0.4, stallFree: 0.995, onTime: 0.999, startMsP95: 1_000 }),
  run: (options) => {
    const stage = new MeshStage(options);
    return stage.watch(joinMs(options.viewers));
  },
};

/** Ten seconds, however many. */
const CROWD_MS = 10_000;

/** Everybody at once. */
export const flashCrowd: Scenario = {
  name: 'flash-crowd',
  summary: 'Ten thousand viewers join within ten seconds, in cells of a thousand.',
  viewersDefault: 10_000,
  cellViewersMax: 1_000,
  judge: judgeBy({ offloadSmall: 0.4, stallFree: 0.995, startMsP95: 1_000 }),
  run: (options) => {
    const stage = new MeshStage({ ...options, seconds: options.seconds ?? 10 });
    return stage.watch(CROWD_MS);
  },
};

const VANISH_SHARE = 0.3;
const VANISH_MS = 1_000;

/** The failure that trees fear most. Measured from the moment it begins, over those who stay. */
export const massLeave: Scenario = {
  name: 'mass-leave',
  summary: 'Three viewers in ten vanish within one second without a word.',
  viewersDefault: 1_000,
  judge: judgeBy({ stallFree: 0.999, stalledShare: 0.001, onTime: 0.999 }),
  run: (options) => {
    const stage = new MeshStage(options);
    const { world } = stage;
    stage.joinAll(joinMs(options.viewers));
    stage.runFor(stage.watchMs / 3);
    const prng = world.prng.fork('vanish');
    const startMs = world.clock.now;
    world.measurements.measureFrom(startMs);
    for (const name of stage.present)
      if (prng.next() < VANISH_SHARE)
        world.at(startMs + prng.next() * VANISH_MS, () => {
          world.removeViewer(name, 'vanishes');
          world.measurements.exclude(name);
        });
    stage.runFor((stage.watchMs * 2) / 3);
    stage.expectLive();
    return stage.world;
  },
};

const STAY_MEDIAN_MS = 180_000;
/** The others close their page, which tells their neighbours. */
const VANISHING_SHARE = 0.3;
/** Joined so late, nobody can be live at the end. */
const SETTLE_MS = 3_000;

/** Coming and going. */
export const churn: Scenario = {
  name: 'churn',
  summary: 'Viewers stay for three minutes in the median; as many come as go.',
  viewersDefault: 1_000,
  judge: judgeBy({ offload: 0.93, offloadSmall: 0.3, stallFree: 0.995, onTime: 0.999, startMsP95: 1_000 }),
  run: (options) => {
    const stage = new MeshStage(options);
    const { world } = stage;
    stage.joinAll(joinMs(options.viewers));
    const prng = world.prng.fork('churn');
    const endMs = world.clock.now + stage.watchMs;
    const meanGapMs = STAY_MEDIAN_MS / Math.LN2 / options.viewers;
    let next = options.viewers;
    // Stays without memory: at any time each viewer is as likely to go as any other.
    const turn = (): void => {
      const { present } = stage;
      const leaver = present[prng.below(present.length)];
      if (leaver !== undefined)
        world.removeViewer(leaver, prng.next() < VANISHING_SHARE ? 'vanishes' : 'leaves');
      stage.addViewer(next++);
      const atMs = world.clock.now - Math.log(1 - prng.next()) * meanGapMs;
      if (atMs < endMs - SETTLE_MS) world.at(atMs, turn);
    };
    world.at(world.clock.now + meanGapMs, turn);
    world.runUntil(endMs);
    stage.expectLive();
    return stage.world;
  },
};

/** Little to give. */
export const weakUplinks: Scenario = {
  name: 'weak-uplinks',
  summary: 'Half of the viewers upload nothing.',
  viewersDefault: 1_000,
  judge: judgeBy({ offload: 0.9, offloadSmall: 0.3, stallFree: 0.995, onTime: 0.999, startMsP95: 1_000 }),
  run: (options) => {
    const stage = new MeshStage({ ...options, population: { downloadOnlyShare: 0.5 } });
    return stage.watch(joinMs(options.viewers));
  },
};

/** The cell loses its head. */
export const relayLoss: Scenario = {
  name: 'relay-loss',
  summary: "The cell's relay dies for good; a second one from the catalog takes over.",
  viewersDefault: 1_000,
  judge: judgeBy({ stallFree: 0.99, onTime: 0.995 }),
  run: (options) => {
    const stage = new MeshStage({ ...options, relays: ['relay', 'relay-b'] });
    const { world } = stage;
    stage.joinAll(joinMs(options.viewers));
    stage.runFor(stage.watchMs / 3);
    world.measurements.measureFrom(world.clock.now);
    world.node('relay').crash();
    stage.runFor((stage.watchMs * 2) / 3);
    stage.expectLive();
    const attached = world.node('relay-b').session.childCount;
    const wanted = stage.present.length;
    stage.expect(attached === wanted, `${attached} of ${wanted} viewers are with the second relay`);
    return stage.world;
  },
};

/** One relay, everywhere. */
export const global: Scenario = {
  name: 'global',
  summary: 'Viewers on four continents with 80 to 150 ms between them, one relay on one of them.',
  viewersDefault: 1_000,
  judge: judgeBy({ offload: 0.9, offloadSmall: 0.3, stallFree: 0.99, onTime: 0.995, startMsP95: 2_000 }),
  run: (options) => {
    const stage = new MeshStage({ ...options, population: { regions: 4 } });
    return stage.watch(joinMs(options.viewers));
  },
};
