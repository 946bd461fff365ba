/** Everything that can go wrong, drawn from the seed; each seed leaves some of it out. */

import { Prng } from '@freshet/proto';
import { FAST_LINK, type LinkProfile } from '../virtual-link.js';
import { type Scenario, Stage } from './scenario.js';

const START_MS = 2_000;
const FAULTS_MS = 30_000;
/** The longest wait of a backoff, a dial, a hello, and one group. */
const RECOVERY_MS = 14_000;
/** A link that shares its fate with nothing heals within this. */
const PARTITION_MS_MAX = 15_000;
const RELAYS = ['relay-a', 'relay-b', 'relay-c'];

type Fault = (stage: Stage, prng: Prng, viewers: number) => void;

const relayOf = (prng: Prng): string => RELAYS[prng.below(RELAYS.length)] ?? 'relay-a';

/** A node dies and returns within two seconds. */
const crash = (stage: Stage, name: string, prng: Prng): void => {
  const { world } = stage;
  const node = world.node(name);
  if (!node.isUp) return;
  node.crash();
  world.at(world.clock.now + 100 + prng.below(2_000), () => node.restart());
};

/** Nothing passes between two nodes for a while; neither is told. */
const partition = (stage: Stage, a: string, b: string, prng: Prng): void => {
  const { world } = stage;
  world.setPartition(a, b, true);
  world.at(world.clock.now + prng.below(PARTITION_MS_MAX), () => world.setPartition(a, b, false));
};

const FAULTS: readonly Fault[] = [
  (stage, prng) => crash(stage, relayOf(prng), prng),
  (stage, prng, viewers) => crash(stage, `viewer-${prng.below(viewers)}`, prng),
  (stage, prng) => partition(stage, relayOf(prng), 'publisher', prng),
  (stage, prng, viewers) => partition(stage, `viewer-${prng.below(viewers)}`, relayOf(prng), prng),
  (stage) => stage.source.begin(),
  (stage, prng) => {
    stage.source.pause();
    stage.world.at(stage.world.clock.now + prng.below(3_000), () => stage.source.begin());
  },
  (stage) => stage.source.publishCatalog('live'),
];

/** Three relays with spare parents, and faults until they stop. */
export const swarm: Scenario = {
  name: 'swarm',
  summary:
    'Crashes, partitions, breaking and slow links, new epochs as the seed draws them; then everybody recovers.',
  viewersDefault: 12,
  run: (options) => {
    const breaking: LinkProfile = { ...FAST_LINK, breakChance: 1 / 2_000 };
    const narrow: LinkProfile = { ...FAST_LINK, downBps: 3_000_000 };
    let areLinksFaulty = true;
    const links = new Prng(options.seed).fork('faulty links');
    const stage = new Stage({
      ...options,
      linkProfile: (dialler) => {
        if (!areLinksFaulty || !dialler.startsWith('viewer')) return undefined;
        const draw = links.fork(dialler).below(4);
        return draw === 0 ? breaking : draw === 1 ? narrow : undefined;
      },
    });
    const { world } = stage;
    const prng = world.prng.fork('faults');
    stage.addRelay('relay-a', ['publisher']);
    stage.addRelay('relay-b', ['relay-a', 'publisher']);
    stage.addRelay('relay-c', ['relay-b', 'relay-a', 'publisher']);
    stage.source.begin();
    world.runUntil(START_MS);
    stage.addViewers(options.viewers, 2_000, () => [relayOf(prng), relayOf(prng)]);
    world.runUntil(START_MS + 3_000);
    const enabled = FAULTS.filter(() => prng.below(2) === 0);
    const endMs = world.clock.now + FAULTS_MS;
    while (world.clock.now < endMs) {
      enabled[prng.below(Math.max(1, enabled.length))]?.(stage, prng, options.viewers);
      world.runUntil(world.clock.now + prng.below(3_000));
    }
    areLinksFaulty = false;
    // Partitions end by themselves; the links that break or are narrow are dialled again as ordinary ones.
    world.runUntil(world.clock.now + PARTITION_MS_MAX);
    for (const node of world.nodes)
      if (node.name.startsWith('viewer') && node.isUp) for (const end of [...node.links]) end.break();
    world.runUntil(world.clock.now + RECOVERY_MS);
    stage.expectLive();
    return world;
  },
};
