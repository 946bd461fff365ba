/** The `test` command: runs vitest over all projects and ends with the totals in one line. */

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeMissing, findMissingPrograms } from './real-programs.js';
import { countTests, formatTotals, includeExitCode, isGoodRun, type Totals } from './totals.js';

/** What the command needs from its launcher: each runs a child process and resolves to its exit code. */
export type TestSteps = {
  readonly build: () => Promise<number>;
  readonly runVitest: (args: readonly string[]) => Promise<number>;
};

const USAGE = `Usage: node scripts/test.mjs [VITEST ARGUMENT]...

Builds, then runs every test: "core" (no sockets, no processes) and "real" (ffmpeg, sockets, Chromium).
All arguments go to vitest: --project core, a file, -t NAME.

  --help  show this text`;

/** Beyond this many, skipping was asked for (`-t NAME`), and the names say nothing new. */
const SKIPPED_SHOWN_MAX = 20;

const NO_TESTS: Totals = { passed: 0, failed: 0, skipped: 0, skippedNames: [] };

const isCoreOnly = (args: readonly string[]): boolean =>
  args.some((arg, index) => arg === '--project=core' || (arg === '--project' && args[index + 1] === 'core'));

/** In CI a skipped test would hide a hole, so there a missing program is a failure. */
const refuseMissingPrograms = (args: readonly string[]): boolean => {
  if (isCoreOnly(args)) return false;
  const missing = findMissingPrograms(['ffmpeg', 'chromium']);
  if (missing.length === 0) return false;
  const isCi = process.env.CI === 'true';
  console.error(`${isCi ? 'CI' : 'Some tests are skipped: this machine'} ${describeMissing(missing)}.`);
  return isCi;
};

const runTests = async (args: readonly string[], runVitest: TestSteps['runVitest']): Promise<Totals> => {
  const scratch = mkdtempSync(join(tmpdir(), 'freshet-test-'));
  try {
    const reportPath = join(scratch, 'report.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`];
    const exitCode = await runVitest(['run', ...reporters, ...args]);
    if (!existsSync(reportPath)) return NO_TESTS;
    return includeExitCode(countTests(JSON.parse(readFileSync(reportPath, 'utf8'))), exitCode);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
};

/** Runs the command and returns its exit code; the last line on stdout is `N passed, N failed`. */
export const main = async (args: readonly string[], steps: TestSteps): Promise<number> => {
  if (args.includes('--help')) {
    console.log(USAGE);
    return 0;
  }
  if (refuseMissingPrograms(args) || (await steps.build()) !== 0) {
    console.log(formatTotals(NO_TESTS));
    return 1;
  }
  const totals = await runTests(args, steps.runVitest);
  for (const name of totals.skippedNames.slice(0, SKIPPED_SHOWN_MAX)) console.log(`skipped: ${name}`);
  console.log(formatTotals(totals));
  return isGoodRun(totals) ? 0 : 1;
};
