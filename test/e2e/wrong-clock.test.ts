/** A relay whose wall clock is an hour wrong, in a process of its own; everybody else's is right. */

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FreshetProcess } from '../freshet-process.js';
import { originOf, RelayTreeRig } from './relay-tree-rig.js';

const HOUR_MS = 3_600_000;
const SETTLED = { timeout: 20_000, interval: 50 };

/** Where Debian's package "faketime" puts its library. Not its command, which would stand between us and the signals. */
const library = readdirSync('/usr/lib', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => join('/usr/lib', name, 'faketime', 'libfaketime.so.1'))
  .find(existsSync);
const title = 'a relay whose clock is wrong';
const reason = library === undefined ? ' (needs faketime: install with "apt-get install faketime")' : '';

/** Shifts the wall clock of a process, and not the monotonic one, as a wrongly set machine has it. */
const shiftedBy = (hours: string): NodeJS.ProcessEnv => ({
  LD_PRELOAD: library,
  FAKETIME: `${hours}h`,
  FAKETIME_DONT_FAKE_MONOTONIC: '1',
});

/** How far a process with this environment is off. */
const shiftOf = (env: NodeJS.ProcessEnv): number => {
  const { stdout } = spawnSync(process.execPath, ['-p', 'Date.now()'], { env: { ...process.env, ...env } });
  return Number(stdout.toString()) - Date.now();
};

describe.skipIf(library === undefined)(`${title}${reason}`, () => {
  let rig: RelayTreeRig;
  let relay: FreshetProcess | undefined;
  beforeEach(async () => {
    rig = await RelayTreeRig.start();
  });
  afterEach(async () => {
    // Viewers first: a relay that stops waits for them to find another.
    await rig.close();
    await relay?.stop();
  });

  it.each(['+1', '-1'])(
    'by %s h feeds viewers and relays, lets others join, and tells the right time',
    async (hours) => {
      const env = shiftedBy(hours);
      expect(Math.abs(shiftOf(env) - Number(hours) * HOUR_MS)).toBeLessThan(HOUR_MS / 2);
      const here = ['--host', '127.0.0.1', '--port', '0', '--json'];
      relay = new FreshetProcess(['relay', '--parent', rig.publisher.link, ...here], env);
      const { port } = await relay.waitFor(({ event }) => event === 'ready');
      const origin = `http://127.0.0.1:${String(port)}`;
      const first = rig.viewer(origin);
      const below = await rig.relay([origin]);
      await expect.poll(() => first.chunks.length, SETTLED).toBeGreaterThan(60);
      const second = rig.viewer(origin);
      const third = rig.viewer(originOf(below));
      const before = first.chunks.length;
      await expect.poll(() => second.chunks.length, SETTLED).toBeGreaterThan(60);
      await expect.poll(() => third.chunks.length, SETTLED).toBeGreaterThan(60);
      expect(first.chunks.length).toBeGreaterThan(before);
      expect([first, second, third].map(({ missing }) => missing)).toEqual([0, 0, 0]);
      const metrics = await (await fetch(`${origin}/metrics`)).text();
      // What it refuses would show that it holds pieces, catalogs or epochs against its own wall clock.
      expect(
        [...metrics.matchAll(/^freshet_refused_total\{why="([^"]+)"\} [1-9]/gm)].map(([, why]) => why),
      ).toEqual([]);
      const delayOf = (name: string): number =>
        Number(new RegExp(`^freshet_piece_delay_seconds_${name} (.+)$`, 'm').exec(metrics)?.[1]);
      expect(delayOf('count')).toBeGreaterThan(60);
      expect(Math.abs(delayOf('sum') / delayOf('count'))).toBeLessThan(60);
    },
  );
});
