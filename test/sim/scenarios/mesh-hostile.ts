/** The mesh with viewers who cheat: each of them watches like anybody else, and harms those it should feed. */

import { encodeControl, FrameKind, Limits } from '@freshet/proto';
import type { HostProfile } from '../population.js';
import type { NodeOptions, Tamper } from '../sim-node.js';
import type { LinkEnd } from '../virtual-link.js';
import type { World } from '../world.js';
import { judgeBy } from './aims.js';
import { joinMs } from './mesh.js';
import { MeshStage } from './mesh-stage.js';
import type { Scenario, ScenarioOptions } from './scenario.js';

const HOSTILE_SHARE = 0.2;
const DELAY_MS = 400;

const isPieceToPeer = (bytes: Uint8Array, end: LinkEnd): boolean =>
  end.isDatagram && bytes[0] === FrameKind.piece;

/** Changes one bit of each piece. */
const forge: Tamper = (bytes, node, end) => {
  if (!isPieceToPeer(bytes, end)) return [bytes];
  const forged = bytes.slice();
  const at = 1 + node.prng.below(bytes.length - 1);
  forged[at] = (forged[at] ?? 0) ^ (1 << node.prng.below(8));
  return [forged];
};

/** Takes part in everything and feeds nobody. */
const withhold: Tamper = (bytes, _node, end) => (isPieceToPeer(bytes, end) ? [] : [bytes]);

/** Says nothing at all over its channels. */
const beSilent: Tamper = (bytes, _node, end) => (end.isDatagram ? [] : [bytes]);

/** Feeds in order, but late. */
const delayIn =
  (world: World): Tamper =>
  (bytes, _node, end) => {
    if (!isPieceToPeer(bytes, end)) return [bytes];
    world.at(world.clock.now + DELAY_MS, () => end.send(bytes));
    return [];
  };

const FLOOD_MESSAGES = 20;

/** Asks for everything again and again with each message that it sends. */
const floodIn =
  (world: World): Tamper =>
  (bytes, _node, end) => {
    if (!end.isDatagram || bytes[0] !== FrameKind.control) return [bytes];
    const newest = world.ledger.sequenceOf(world.ledger.pieceCount - 1);
    const first = Math.max(0, newest - Limits.REQUEST_SEQUENCES_MAX + 1);
    const sequences = Array.from({ length: newest - first + 1 }, (_, index) => first + index);
    const request = encodeControl({ kind: 'request', renditionId: 1, sequences });
    return [bytes, ...new Array<Uint8Array>(FLOOD_MESSAGES).fill(request)];
  };

type Villain = {
  readonly node: Partial<NodeOptions>;
  readonly host?: Partial<HostProfile>;
};

/** Plays an audience in which every fifth viewer, drawn by lot, is one of the villains in turn. */
function runWith(options: ScenarioOptions, villainsOf: (world: World) => readonly Villain[]): MeshStage {
  const stage = new MeshStage(options);
  const { world } = stage;
  const villains = villainsOf(world);
  const prng = world.prng.fork('villains');
  let count = 0;
  const spreadMs = joinMs(options.viewers);
  const startMs = world.clock.now;
  for (let index = 0; index < options.viewers; index++) {
    const isVillain = prng.next() < HOSTILE_SHARE;
    const villain = isVillain ? villains[count++ % villains.length] : undefined;
    const changes: Partial<NodeOptions> = villain ? { ...villain.node, isHonest: false } : {};
    world.at(startMs + (index * spreadMs) / options.viewers, () =>
      stage.addViewer(index, changes, villain?.host),
    );
  }
  world.runUntil(startMs + spreadMs);
  world.measurements.measureFrom(world.clock.now);
  stage.runFor(stage.watchMs);
  stage.expectLive();
  return stage;
}

/** All three ways of harming those below. A host that would not upload is no parent, so villains all do. */
export const hostile: Scenario = {
  name: 'hostile',
  summary: 'A fifth of the viewers forge, withhold or delay what they should pass on, a third of them each.',
  viewersDefault: 1_000,
  judge: judgeBy({ onTime: 0.999 }),
  run: (options) => {
    const host = { isDownloadOnly: false };
    const stage = runWith(options, (world) =>
      [forge, withhold, delayIn(world)].map((tamper) => ({ node: { tamper }, host })),
    );
    const { world } = stage;
    const forged = world.measurements.refusedByKind.get('bad-signature') ?? 0;
    stage.expect(forged > 0, 'no forgery was ever refused');
    return stage.world;
  },
};

/** Claims a hundred megabits and has one. */
export const uplinkLies: Scenario = {
  name: 'uplink-lies',
  summary: 'A fifth of the viewers claim an uplink of 100 Mbit/s and have 1 Mbit/s.',
  viewersDefault: 200,
  judge: judgeBy({ onTime: 0.999, stallFree: 0.99 }),
  run: (options) =>
    runWith(options, () => [
      {
        node: { mesh: { linksMax: 64, uplinkBps: 100_000_000 } },
        host: { uplinkBps: 1_000_000, isDownloadOnly: false },
      },
    ]).world,
};

/** Asks for everything. */
export const requestFlood: Scenario = {
  name: 'request-flood',
  summary: 'A fifth of the viewers flood their neighbours with requests for repair.',
  viewersDefault: 200,
  judge: judgeBy({ onTime: 0.999, stallFree: 0.99 }),
  run: (options) => {
    const stage = runWith(options, (world) => [{ node: { tamper: floodIn(world) } }]);
    const { world } = stage;
    const refused = world.measurements.refusedByKind.get('flood') ?? 0;
    stage.expect(refused > 0, 'no flood was ever refused');
    return stage.world;
  },
};

/** Opens channels and says nothing. */
export const silentChannels: Scenario = {
  name: 'silent-channels',
  summary: 'A fifth of the viewers open every channel and never say a word over it.',
  viewersDefault: 200,
  judge: judgeBy({ onTime: 0.999, stallFree: 0.99 }),
  run: (options) => runWith(options, () => [{ node: { tamper: beSilent } }]).world,
};
