/** Scenarios with nodes that cheat or attack. */

import { CloseCode, encodeControl, FrameKind, Limits } from '@freshet/proto';
import { RawChild } from '../raw-child.js';
import type { SimNode, Tamper } from '../sim-node.js';
import { LINK_BROKEN } from '../virtual-link.js';
import type { World } from '../world.js';
import { expect, type Scenario, Stage } from './scenario.js';

const START_MS = 2_000;

const isPiece = (bytes: Uint8Array): boolean => bytes[0] === FrameKind.piece;

/** Flips one bit in each tenth piece. */
const flipBits: Tamper = (bytes, node) => {
  if (!isPiece(bytes) || node.prng.below(10) !== 0) return [bytes];
  const forged = bytes.slice();
  const at = 1 + node.prng.below(bytes.length - 1);
  forged[at] = (forged[at] ?? 0) ^ (1 << node.prng.below(8));
  return [forged];
};

function statesOf(world: World, prefix: string): Set<string> {
  const states = new Set<string>();
  for (const node of world.nodes) if (node.name.startsWith(prefix)) states.add(node.session.state);
  return states;
}

/** Half of the viewers know an honest relay beside the forger, half know the forger only. */
export const forger: Scenario = {
  name: 'forger',
  summary: 'A relay flips bits: nobody plays them; viewers go on elsewhere or say that they trust nobody.',
  viewersDefault: 20,
  run: (options) => {
    const stage = new Stage(options);
    const { world } = stage;
    stage.addRelay('forger', ['publisher'], { tamper: flipBits });
    stage.addRelay('honest', ['publisher']);
    stage.source.begin();
    world.runUntil(START_MS);
    stage.addViewers(options.viewers, 1_000, () => ['forger', 'honest']);
    world.runUntil(START_MS + 10_000);
    stage.expectLive();
    const isBadSignature = ({ node, code }: { node: string; code: number }): boolean =>
      node.startsWith('viewer') && code === CloseCode.badSignature;
    expect(world, world.closings.some(isBadSignature), 'nobody closed the forger as badSignature');
    const captives = ['captive-0', 'captive-1', 'captive-2'];
    for (const name of captives) {
      stage.addViewer(name, ['forger']);
      world.measurements.exclude(name);
    }
    world.runUntil(world.clock.now + 8_000);
    const states = statesOf(world, 'captive');
    expect(world, states.size === 1 && states.has('untrusted'), `captives say ${[...states].join(', ')}`);
    stage.expectLive();
    return world;
  },
};

/** Remembers pieces, and sends old ones again among the new. */
function createReplayer(): Tamper {
  const kept: Uint8Array[] = [];
  return (bytes, node) => {
    if (!isPiece(bytes)) return [bytes];
    if (kept.length < 400) kept.push(bytes);
    // Copies: to the checkers a replay is a message of its own.
    const old = kept[node.prng.below(kept.length)];
    return old ? [bytes, old.slice()] : [bytes];
  };
}

/** The source returns under a higher epoch, over a relay that replays the old one. */
export const newEpoch: Scenario = {
  name: 'new-epoch',
  summary: 'The source returns under a higher epoch; a hostile relay replays pieces of the old one in vain.',
  viewersDefault: 10,
  run: (options) => {
    const stage = new Stage(options);
    const { world } = stage;
    stage.addRelay('relay', ['publisher'], { tamper: createReplayer() });
    stage.source.begin();
    world.runUntil(START_MS);
    stage.addViewers(options.viewers, 1_000, () => ['relay']);
    world.runUntil(START_MS + 6_000);
    stage.source.pause();
    world.runUntil(START_MS + 8_000);
    stage.source.begin();
    world.runUntil(START_MS + 14_000);
    stage.expectLive();
    for (const [name, { epoch }] of world.measurements.viewers) {
      expect(world, epoch === stage.source.epoch, `${name} still plays epoch ${epoch}`);
      const { refused } = world.node(name).session.stats(world.node(name).now());
      expect(world, refused['wrong-epoch'] > 0, `${name} was never sent an old piece`);
    }
    return world;
  },
};

type Attack = {
  readonly name: string;
  readonly expected: number;
  /** When the close must have come, counted from the attack. */
  readonly withinMs: number;
  readonly play: (child: RawChild, world: World) => void;
};

function attacks(world: World): readonly Attack[] {
  const prng = world.prng.fork('attacks');
  const hello = (channelKey: Uint8Array, version = 1): Uint8Array =>
    encodeControl({
      kind: 'hello',
      versionMin: version,
      versionMax: version,
      capabilities: [],
      channelKey,
      role: 'viewer',
      agent: 'attacker',
    });
  const own = hello(world.channelKey);
  const ping = encodeControl({ kind: 'ping', sentMs: 1 });
  const { protocolViolation, timeout, tooManyMessages, messageTooLarge, unknownChannel, versionUnsupported } =
    CloseCode;
  const soon = 1_000;
  const say = (...messages: readonly Uint8Array[]): Attack['play'] => {
    return (child) => {
      for (const message of messages) child.say(message);
    };
  };
  return [
    {
      name: 'garbage',
      expected: protocolViolation,
      withinMs: soon,
      play: say(Uint8Array.from({ length: 300 }, () => prng.below(256))),
    },
    { name: 'silence', expected: timeout, withinMs: Limits.HELLO_TIMEOUT_MS + soon, play: () => undefined },
    { name: 'hello-only', expected: timeout, withinMs: Limits.CHILD_SILENCE_MS_MAX + soon, play: say(own) },
    {
      name: 'flood',
      expected: tooManyMessages,
      withinMs: soon,
      play: say(own, ...new Array<Uint8Array>(Limits.CONTROL_RATE_MAX + 1).fill(ping)),
    },
    {
      name: 'oversize',
      expected: messageTooLarge,
      withinMs: soon,
      play: say(own, new Uint8Array(Limits.CONTROL_BYTES_MAX + 2).fill(FrameKind.control)),
    },
    { name: 'no-hello', expected: protocolViolation, withinMs: soon, play: say(ping) },
    { name: 'two-hellos', expected: protocolViolation, withinMs: soon, play: say(own, own) },
    { name: 'other-channel', expected: unknownChannel, withinMs: soon, play: say(hello(new Uint8Array(32))) },
    { name: 'future', expected: versionUnsupported, withinMs: soon, play: say(hello(world.channelKey, 99)) },
    {
      name: 'sends-pieces',
      expected: protocolViolation,
      withinMs: soon,
      play: say(own, new Uint8Array(500).fill(FrameKind.piece)),
    },
    {
      name: 'audience-lie',
      expected: protocolViolation,
      withinMs: soon,
      play: say(own, encodeControl({ kind: 'audience', viewerCount: 1_000_000 })),
    },
  ];
}

/** Every attack at once on one relay that goes on serving its viewers. */
export const garbage: Scenario = {
  name: 'garbage',
  summary:
    'Children that send garbage, nothing or too much are closed with the right code; viewers notice nothing.',
  viewersDefault: 10,
  run: (options) => {
    const stage = new Stage(options);
    const { world } = stage;
    const relay: SimNode = stage.addRelay('relay', ['publisher']);
    stage.source.begin();
    world.runUntil(START_MS);
    stage.addViewers(options.viewers, 1_000, () => ['relay']);
    world.runUntil(START_MS + 3_000);
    const startMs = world.clock.now;
    const children = attacks(world).map((attack) => {
      const child = new RawChild(world, attack.name, relay);
      attack.play(child, world);
      return { attack, child };
    });
    world.runUntil(startMs + Limits.CHILD_SILENCE_MS_MAX + 2_000);
    for (const { attack, child } of children) {
      const code = child.closeCode ?? LINK_BROKEN;
      expect(
        world,
        code === attack.expected,
        `${attack.name} was closed with ${code}, not ${attack.expected}`,
      );
      const tookMs = (child.closedMs ?? Number.POSITIVE_INFINITY) - startMs;
      expect(world, tookMs <= attack.withinMs, `${attack.name} was closed after ${tookMs} ms only`);
    }
    const { childCount } = relay.session;
    expect(world, childCount === options.viewers, `the relay holds ${childCount} links`);
    stage.expectLive();
    expect(world, world.measurements.delayMs(1) < 1_500, 'a viewer was disturbed');
    return world;
  },
};
