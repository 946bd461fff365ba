/** For tests of the real thing: finds ffmpeg and Chromium, and skips, aloud, where they are missing. */

import { describe } from 'vitest';
import {
  describeMissing,
  findMissingPrograms,
  findProgram,
  type RealProgram,
} from '../scripts/testing/real-programs.js';

/** An ffmpeg is on this machine (`FFMPEG_PATH`, else `PATH`). */
export const hasFfmpeg: boolean = findProgram('ffmpeg') !== undefined;

/** The path of Chromium (`CHROMIUM_PATH`, else `PATH`), or `undefined` where there is none. */
export const chromiumPath: string | undefined = findProgram('chromium');

/** A Chromium is on this machine. */
export const hasChromium: boolean = chromiumPath !== undefined;

/** Flags for a headless Chromium that talks to loopback only; pair them with an empty `--user-data-dir`. */
export const CHROMIUM_FLAGS: readonly string[] = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * `describe` for tests that need real programs. Where one is missing the tests are skipped, and the reason stands in
 * the group's name, which `npm test` prints; with `CI=true`, `npm test` refuses to start at all.
 */
export const describeIfReal = (name: string, programs: readonly RealProgram[], body: () => void): void => {
  const missing = findMissingPrograms(programs);
  const title = missing.length === 0 ? name : `${name} (${describeMissing(missing)})`;
  describe.skipIf(missing.length > 0)(title, body);
};
