import { describe, expect, it } from 'vitest';
import { plain } from './scenarios/calm.js';
import { forger } from './scenarios/hostile.js';
import { MESH_SCENARIOS, RELAY_SCENARIOS } from './scenarios/index.js';
import { play } from './scenarios/scenario.js';
import { swarm } from './scenarios/swarm.js';
import { Ed25519Scheme } from './signing-scheme.js';

/** Runs take seconds each: small audiences here, large ones by `npm run simulate`. */
const VIEWERS_MAX = 100;
const TIMEOUT_MS = 60_000;
const MESH_VIEWERS = 30;
const MESH_SECONDS = 12;

describe('every scenario keeps its rules and ends well', () => {
  for (const scenario of RELAY_SCENARIOS)
    for (const seed of ['1', '2'])
      it(
        `${scenario.name}, seed ${seed}`,
        () => {
          const viewers = Math.min(VIEWERS_MAX, scenario.viewersDefault);
          expect(scenario.run({ seed, viewers }).measurements.delivered).toBeGreaterThan(0);
        },
        TIMEOUT_MS,
      );
});

describe('every scenario of the mesh keeps its rules, with a few viewers and for a short time,', () => {
  for (const scenario of MESH_SCENARIOS)
    it(
      `${scenario.name}`,
      () => {
        const figures = play(scenario, { seed: '1', viewers: MESH_VIEWERS, seconds: MESH_SECONDS });
        expect(figures.unmet).toEqual([]);
        expect(figures.forgedPlayed).toBe(0);
        expect(figures.peerBytes).toBeGreaterThan(0);
      },
      TIMEOUT_MS,
    );
});

describe('the swarm, with other faults for each seed,', () => {
  for (const seed of ['3', '5', '8', '13'])
    it(`recovers from those of seed ${seed}`, () => void swarm.run({ seed, viewers: 6 }), TIMEOUT_MS);
});

describe('a run', () => {
  it('is the same event by event whenever its seed is the same', () => {
    const hashOf = (seed: string): string => swarm.run({ seed, viewers: 4 }).trace.hash;
    expect(hashOf('same')).toBe(hashOf('same'));
    expect(hashOf('same')).not.toBe(hashOf('other'));
  }, 60_000);

  it('writes the same trace whenever its seed is the same, and one line an event', () => {
    const linesOf = (): string[] => {
      const lines: string[] = [];
      const world = plain.run({ seed: 'trace', viewers: 2, onLine: (line) => lines.push(line) });
      expect(lines).toHaveLength(world.trace.count);
      return lines;
    };
    expect(linesOf()).toEqual(linesOf());
  });

  it('goes the same way with real signatures', () => {
    const world = forger.run({ seed: 'ed25519', viewers: 4, scheme: new Ed25519Scheme() });
    expect(world.measurements.delivered).toBeGreaterThan(0);
  });
});
