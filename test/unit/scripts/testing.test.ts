import { describe, expect, it } from 'vitest';
import { describeMissing, findMissingPrograms, findProgram } from '../../../scripts/testing/real-programs.js';
import { countTests, formatTotals, includeExitCode, isGoodRun } from '../../../scripts/testing/totals.js';

const file = (status: string, ...statuses: string[]): unknown => ({
  status,
  assertionResults: statuses.map((each, index) => ({ status: each, fullName: `test ${index}` })),
});
const totalsOf = (...files: unknown[]): ReturnType<typeof countTests> => countTests({ testResults: files });

describe('test totals', () => {
  it('add up the tests of all files', () => {
    const totals = totalsOf(file('passed', 'passed', 'passed'), file('failed', 'passed', 'failed'));
    expect(formatTotals(totals)).toBe('3 passed, 1 failed');
    expect(isGoodRun(totals)).toBe(false);
  });

  it('name skipped tests only when there are some', () => {
    const totals = totalsOf(file('passed', 'passed', 'skipped', 'todo', 'pending'));
    expect(formatTotals(totals)).toBe('1 passed, 0 failed, 3 skipped');
    expect(totals.skippedNames).toEqual(['test 1', 'test 2', 'test 3']);
    expect(isGoodRun(totals)).toBe(true);
  });

  // An import that fails leaves a file without tests: it must not look like nothing to run.
  it('count a file that could not be loaded as a failure', () => {
    expect(formatTotals(totalsOf(file('passed', 'passed'), file('failed')))).toBe('1 passed, 1 failed');
  });

  it('count a failure that no test reported, such as an unhandled rejection', () => {
    const totals = totalsOf(file('passed', 'passed'));
    expect(formatTotals(includeExitCode(totals, 1))).toBe('1 passed, 1 failed');
    expect(includeExitCode(totals, 0)).toEqual(totals);
    const failing = totalsOf(file('failed', 'passed', 'failed', 'failed'));
    expect(formatTotals(includeExitCode(failing, 1))).toBe('1 passed, 2 failed');
  });

  it('are not good when nothing ran, or when the report makes no sense', () => {
    expect(isGoodRun(countTests({ testResults: [] }))).toBe(false);
    expect(isGoodRun(countTests(null))).toBe(false);
    expect(isGoodRun(totalsOf(file('passed', 'skipped')))).toBe(false);
  });
});

describe('programs for real tests', () => {
  const executable = process.execPath;

  it('come from their variable before PATH', () => {
    expect(findProgram('ffmpeg', { FFMPEG_PATH: executable, PATH: '' })).toBe(executable);
  });

  it('are missing when the variable names no program, whatever PATH holds', () => {
    const environment = { CHROMIUM_PATH: '/nowhere/chromium', PATH: process.env.PATH };
    expect(findProgram('chromium', environment)).toBeUndefined();
  });

  it('are named in one sentence with the way to get them', () => {
    const missing = findMissingPrograms(['ffmpeg', 'chromium'], { PATH: '' });
    expect(missing).toEqual(['ffmpeg', 'chromium']);
    expect(describeMissing(missing)).toBe(
      'needs ffmpeg and chromium: install with "apt-get install ffmpeg chromium" or set FFMPEG_PATH and CHROMIUM_PATH',
    );
  });
});
