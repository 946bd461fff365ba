/** Finds the programs that only tests of the real thing need: ffmpeg and Chromium. */

import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs that a test may need. */
export type RealProgram = 'ffmpeg' | 'chromium';

type Candidates = { readonly variable: string; readonly names: readonly string[] };

const CANDIDATES: Readonly<Record<RealProgram, Candidates>> = {
  ffmpeg: { variable: 'FFMPEG_PATH', names: ['ffmpeg'] },
  chromium: {
    variable: 'CHROMIUM_PATH',
    names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  },
};

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    // Not there, or not ours to run: either way it is no candidate.
    return false;
  }
};

/** The program's path: from `FFMPEG_PATH` or `CHROMIUM_PATH` when set, else from `PATH`; `undefined` without one. */
export const findProgram = (
  program: RealProgram,
  environment: NodeJS.ProcessEnv = process.env,
): string | undefined => {
  const { variable, names } = CANDIDATES[program];
  const chosen = environment[variable];
  if (chosen !== undefined && chosen !== '') return isProgram(chosen) ? chosen : undefined;
  const folders = (environment.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
};

/** Which of the programs are not on this machine. */
export const findMissingPrograms = (
  programs: readonly RealProgram[],
  environment: NodeJS.ProcessEnv = process.env,
): RealProgram[] => programs.filter((program) => findProgram(program, environment) === undefined);

/** One sentence with the way out: which programs are missing and how to get them. */
export const describeMissing = (missing: readonly RealProgram[]): string => {
  const variables = missing.map((program) => CANDIDATES[program].variable).join(' and ');
  return `needs ${missing.join(' and ')}: install with "apt-get install ${missing.join(' ')}" or set ${variables}`;
};
