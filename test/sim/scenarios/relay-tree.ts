/** Scenarios about relays in a tree: one fails, one leaves, some go round in circles. */

import type { Checker } from '../checkers/checker.js';
import type { SimNode } from '../sim-node.js';
import type { World } from '../world.js';
import { judgeBy } from './aims.js';
import { MeshStage } from './mesh-stage.js';
import { expect, type Scenario, type ScenarioOptions, Stage } from './scenario.js';

const START_MS = 2_000;

/** What a relay that has lost its parent may be without new pieces; the source sends one each 33 ms. */
const GAP_MS_MAX = 300;

/** The longest time that passes at a relay without a new piece. */
export class GapWatch implements Checker {
  readonly #world: World;
  readonly #name: string;
  #pieces = 0;
  #lastMs: number;
  #longestMs = 0;

  constructor(world: World, name: string) {
    this.#world = world;
    this.#name = name;
    this.#lastMs = world.clock.now;
  }

  /** The longest so far; the next one is counted from now on. */
  take(): number {
    const longestMs = this.#longestMs;
    this.#longestMs = 0;
    return longestMs;
  }

  afterStep(node: SimNode): void {
    if (node.name !== this.#name) return;
    const { piecesVerified } = node.session.stats(node.now());
    if (piecesVerified === this.#pieces) return;
    this.#pieces = piecesVerified;
    const { now } = this.#world.clock;
    this.#longestMs = Math.max(this.#longestMs, now - this.#lastMs);
    this.#lastMs = now;
  }
}

/** What became of the relays' children. */
export type RelayChainResult = {
  readonly world: World;
  /** Longest time without a new piece at the relay below, while nothing happened, after the crash, and in the drain. */
  readonly calmGapMs: number;
  readonly crashGapMs: number;
  readonly drainGapMs: number;
  readonly stalls: number;
  readonly chunksSkipped: number;
};

const tokenOf = (name: string): string => `token-of-a-${name}`;

const publicOf = (stage: Stage, name: string) => ({
  tree: { origin: stage.world.originOf(name), originToken: tokenOf(name) },
});

/** Publisher, three relays in a row, a spare beside them; the middle one crashes, then the spare that took over drains. */
export function playRelayChain(options: ScenarioOptions): RelayChainResult {
  const stage = new Stage(options);
  const { world } = stage;
  stage.addRelay('relay-top', ['publisher'], publicOf(stage, 'relay-top'));
  const middle = stage.addRelay('relay-middle', ['relay-top'], publicOf(stage, 'relay-middle'));
  const spare = stage.addRelay('relay-spare', ['relay-top'], publicOf(stage, 'relay-spare'));
  const last = stage.addRelay('relay-last', ['relay-middle', 'relay-spare'], publicOf(stage, 'relay-last'));
  const watch = new GapWatch(world, 'relay-last');
  world.addChecker(watch);
  stage.source.begin();
  world.runUntil(START_MS);
  stage.addViewers(options.viewers, 500, () => ['relay-last']);
  world.runUntil(START_MS + 3_000);
  world.measurements.measureFrom(world.clock.now);
  watch.take();
  world.runUntil(world.clock.now + 2_000);
  const calmGapMs = watch.take();
  middle.crash();
  world.runUntil(world.clock.now + 5_000);
  stage.expectLive();
  const crashGapMs = watch.take();
  middle.restart();
  // The middle one is dialled again after its wait, and stands by.
  world.runUntil(world.clock.now + 15_000);
  watch.take();
  spare.handle({ kind: 'drain' });
  world.runUntil(world.clock.now + 6_000);
  const drainGapMs = watch.take();
  expect(world, spare.session.childCount === 0, `${spare.session.childCount} children stayed`);
  spare.leave();
  world.runUntil(world.clock.now + 3_000);
  stage.expectLive();
  world.finish();
  let stalls = 0;
  for (const { playout } of world.measurements.viewers.values()) stalls += playout.stalls;
  const { chunksSkipped } = last.session.stats(last.now());
  return { world, calmGapMs, crashGapMs, drainGapMs, stalls, chunksSkipped };
}

/** A relay in the middle dies, its successor leaves in peace. */
export const relayChain: Scenario = {
  name: 'relay-chain',
  summary: 'Three relays in a row and a spare: the middle one dies, later the spare leaves; nobody notices.',
  viewersDefault: 20,
  run: (options) => {
    const { world, calmGapMs, crashGapMs, drainGapMs, stalls } = playRelayChain(options);
    expect(world, crashGapMs <= GAP_MS_MAX, `after the crash nothing came for ${crashGapMs.toFixed(0)} ms`);
    expect(world, drainGapMs <= calmGapMs + 50, `in the drain nothing came for ${drainGapMs.toFixed(0)} ms`);
    expect(world, stalls === 0, `${stalls} stalls`);
    return world;
  },
};

/** A silence ends when it is noticed, asked about and answered: 300 ms and two ways to the warm parent. */
const SILENCE_GAP_MS_MAX = 450;

/** The parent in use goes on answering pings and delivers nothing; then the broadcast itself halts. */
export const relaySilent: Scenario = {
  name: 'relay-silent',
  summary:
    'A relay is cut off from the publisher: the one below it turns to its warm parent; nobody leaves in a halt.',
  viewersDefault: 10,
  run: (options) => {
    const stage = new Stage(options);
    const { world } = stage;
    stage.addRelay('relay-mute', ['publisher'], publicOf(stage, 'relay-mute'));
    stage.addRelay('relay-spare', ['publisher'], publicOf(stage, 'relay-spare'));
    const last = stage.addRelay('relay-last', ['relay-mute', 'relay-spare']);
    const watch = new GapWatch(world, 'relay-last');
    world.addChecker(watch);
    stage.source.begin();
    world.runUntil(START_MS);
    stage.addViewers(options.viewers, 500, () => ['relay-last']);
    world.runUntil(START_MS + 3_000);
    watch.take();
    world.setPartition('relay-mute', 'publisher', true);
    world.runUntil(world.clock.now + 3_000);
    stage.expectLive();
    const gapMs = watch.take();
    expect(world, gapMs <= SILENCE_GAP_MS_MAX, `nothing came for ${gapMs.toFixed(0)} ms`);
    world.setPartition('relay-mute', 'publisher', false);
    world.runUntil(world.clock.now + 20_000);
    const { parentChanges } = last.session.stats(last.now());
    stage.source.pause();
    world.runUntil(world.clock.now + 5_000);
    stage.source.begin();
    world.runUntil(world.clock.now + 5_000);
    stage.expectLive();
    const after = last.session.stats(last.now()).parentChanges;
    expect(world, after === parentChanges, `the halt cost ${after - parentChanges} parents`);
    return world;
  },
};

/** Refusals as `loop` of all relays together. */
function loopsOf(world: World): number {
  let loops = 0;
  for (const node of world.nodes) loops += node.session.stats(node.now()).refused.loop;
  return loops;
}

/** Relays that name each other as parents, in a circle, of which one knows the publisher as well. */
export const relayLoop: Scenario = {
  name: 'relay-loop',
  summary:
    'Four relays name each other as parents in a circle; the circle dissolves, and the stream goes through all.',
  viewersDefault: 8,
  run: (options) => {
    const stage = new Stage(options);
    const { world } = stage;
    stage.addRelay('relay-0', ['relay-3', 'publisher']);
    for (const index of [1, 2, 3]) stage.addRelay(`relay-${index}`, [`relay-${index - 1}`]);
    stage.source.begin();
    world.runUntil(START_MS + 10_000);
    stage.addViewers(options.viewers, 500, (index) => [`relay-${index % 4}`]);
    world.runUntil(world.clock.now + 5_000);
    stage.expectLive();
    const before = loopsOf(world);
    expect(world, before > 0, 'no loop was noticed');
    world.runUntil(world.clock.now + 60_000);
    stage.expectLive();
    const more = loopsOf(world) - before;
    expect(world, more <= 8, `${more} loops in a minute: a storm`);
    return world;
  },
};

const CHURN_RELAYS = 8;
const CHURN_PARENTS = 3;
const CHURN_MS = 60_000;
/** After the last fault, waits of up to ten seconds are over and loops are dissolved. */
const CHURN_CALM_MS = 25_000;

/** Relays that know three others each, some of them the publisher; they crash, return, are cut off and drained. */
export const relayChurn: Scenario = {
  name: 'relay-churn',
  summary:
    'Eight relays that know three others each crash, return, are cut off and drained; then all are live again.',
  viewersDefault: 16,
  run: (options) => {
    const stage = new Stage(options);
    const { world } = stage;
    const prng = world.prng.fork('relay churn');
    const names = Array.from({ length: CHURN_RELAYS }, (_, index) => `relay-${index}`);
    const relays = names.map((name, index) => {
      const others = [...names.filter((other) => other !== name), 'publisher'];
      const parents: string[] = index < 2 ? ['publisher'] : [];
      while (parents.length < CHURN_PARENTS) {
        const [parent = ''] = others.splice(prng.below(others.length), 1);
        if (!parents.includes(parent)) parents.push(parent);
      }
      const isOnDemand = prng.below(2) === 0;
      return stage.addRelay(name, parents, {
        tree: { origin: world.originOf(name), originToken: tokenOf(name), isOnDemand },
      });
    });
    stage.source.begin();
    world.runUntil(START_MS);
    stage.addViewers(options.viewers, 2_000, (index) => [
      names[index % CHURN_RELAYS] ?? '',
      names[(index + 3) % CHURN_RELAYS] ?? '',
    ]);
    world.runUntil(START_MS + 3_000);
    const endMs = world.clock.now + CHURN_MS;
    while (world.clock.now < endMs) {
      const relay = relays[prng.below(CHURN_RELAYS)];
      const other = names[prng.below(CHURN_RELAYS)] ?? '';
      if (!relay) break;
      const fault = prng.below(4);
      const isCut = fault === 2 && other !== relay.name;
      if (fault === 0) relay.crash();
      else if (fault === 1) relay.handle({ kind: 'drain' });
      else if (isCut) world.setPartition(relay.name, other, true);
      world.runUntil(world.clock.now + 500 + prng.below(3_000));
      if (isCut) world.setPartition(relay.name, other, false);
      if (fault > 1) continue;
      if (fault === 1) relay.leave();
      relay.restart();
    }
    world.runUntil(world.clock.now + CHURN_CALM_MS);
    stage.expectLive();
    const loops = loopsOf(world);
    world.runUntil(world.clock.now + 60_000);
    stage.expectLive();
    // A pair of relays that stand by for each other in vain costs two dials a minute.
    const more = loopsOf(world) - loops;
    expect(world, more <= CHURN_RELAYS * CHURN_PARENTS * 3, `${more} loops in a minute: a storm`);
    return world;
  },
};

/** A cell's relay leaves, and its viewers go on in the cell of another one. */
export const relayDrain: Scenario = {
  name: 'relay-drain',
  summary: "The cell's relay is drained: viewers, who feed each other, move to a second one without a stall.",
  viewersDefault: 200,
  judge: judgeBy({ stallFree: 0.995, onTime: 0.999 }),
  run: (options) => {
    const stage = new MeshStage({ ...options, relays: ['relay', 'relay-b'] });
    const { world } = stage;
    stage.joinAll(2_000);
    stage.runFor(stage.watchMs / 3);
    world.measurements.measureFrom(world.clock.now);
    const relay = world.node('relay');
    relay.handle({ kind: 'drain' });
    stage.runFor(Math.max(8_000, stage.watchMs / 3));
    stage.expect(relay.session.childCount === 0, `${relay.session.childCount} viewers stayed`);
    relay.leave();
    stage.runFor(stage.watchMs / 3);
    stage.expectLive();
    const attached = world.node('relay-b').session.childCount;
    const wanted = stage.present.length;
    stage.expect(attached === wanted, `${attached} of ${wanted} viewers are with the second relay`);
    return world;
  },
};
