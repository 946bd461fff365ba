/** Adds up a vitest JSON report into the one line that `npm test` ends with. */

/** Counts of single tests over all projects. */
export type Totals = {
  readonly passed: number;
  /** Failed tests, plus one for each file that failed outside its tests. */
  readonly failed: number;
  readonly skipped: number;
  /** Full names of the skipped tests: why one was skipped stands in its name. */
  readonly skippedNames: readonly string[];
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const listOf = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter(isRecord) : [];

/** Counts a report; a file that could not be loaded, and so reports no test, counts as one failure. */
export const countTests = (report: unknown): Totals => {
  let passed = 0;
  let failed = 0;
  const skippedNames: string[] = [];
  for (const file of listOf(isRecord(report) ? report.testResults : undefined)) {
    const tests = listOf(file.assertionResults);
    const failedHere = tests.filter(({ status }) => status === 'failed').length;
    passed += tests.filter(({ status }) => status === 'passed').length;
    failed += file.status === 'failed' ? Math.max(failedHere, 1) : failedHere;
    for (const { status, fullName } of tests) {
      if (status !== 'passed' && status !== 'failed') skippedNames.push(String(fullName));
    }
  }
  return { passed, failed, skipped: skippedNames.length, skippedNames };
};

/** Takes the runner's exit code into account: a failure that no test reported is still a failure. */
export const includeExitCode = (totals: Totals, exitCode: number): Totals =>
  exitCode !== 0 && totals.failed === 0 && totals.passed > 0 ? { ...totals, failed: 1 } : totals;

/** `12 passed, 0 failed`, with `, 3 skipped` only when some were. */
export const formatTotals = ({ passed, failed, skipped }: Totals): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

/** A run is good when something passed and nothing failed. */
export const isGoodRun = ({ passed, failed }: Totals): boolean => passed > 0 && failed === 0;
