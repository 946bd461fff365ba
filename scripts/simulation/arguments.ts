/** What `npm run simulate` was asked for. */

import { parseArgs } from 'node:util';
import { SCENARIOS } from '../../test/sim/scenarios/index.js';
import type { Scenario } from '../../test/sim/scenarios/scenario.js';

/** What `--help` says. */
export const HELP = `npm run simulate -- [--scenario NAME] [--viewers N] [--seed S] [--seconds N] [--json] [--trace]

  --scenario NAME  what to play (default: steady); --list names them all
  --viewers N      how many viewers (default: the scenario's own number)
  --seed S         any text; the same seed plays the same run (default: 1)
  --seconds N      stream after everybody has joined, at least 10 (default: the scenario's own)
  --lag MS         how far behind the capture players are (default: 600)
  --json           ends with one line of JSON
  --trace          writes one line for every event to standard error
  --plot FILE.svg  draws delays, depth and offload
  --sweep          plays the tree model over its parameters instead and prints a table; --viewers and
                   --seed (a list with commas) go with it
  --list           names the scenarios
  --help           says this`;

/** A run to be played. */
export type RunArguments = {
  readonly scenario: Scenario;
  readonly viewers: number;
  readonly seed: string;
  readonly seconds: number | undefined;
  readonly lagMs: number;
  readonly isJson: boolean;
  readonly isTraced: boolean;
  readonly plot: string | undefined;
};

/** What was asked for; `problem` is a sentence for people. */
export type Wish =
  | { readonly kind: 'run'; readonly run: RunArguments }
  | { readonly kind: 'help' | 'list' }
  | {
      readonly kind: 'sweep';
      readonly viewers: number;
      readonly seeds: readonly string[];
      readonly isJson: boolean;
    }
  | { readonly kind: 'problem'; readonly problem: string };

const SECONDS_MIN = 10;
const LAG_DEFAULT = '600';

const OPTIONS = {
  scenario: { type: 'string', default: 'steady' },
  viewers: { type: 'string' },
  seed: { type: 'string', default: '1' },
  seconds: { type: 'string' },
  lag: { type: 'string', default: LAG_DEFAULT },
  json: { type: 'boolean', default: false },
  trace: { type: 'boolean', default: false },
  plot: { type: 'string' },
  sweep: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const problem = (text: string): Wish => ({ kind: 'problem', problem: text });

const isUsageError = (error: unknown): error is TypeError =>
  error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');

/** Reads the arguments after the script's name. */
export function readArguments(args: readonly string[]): Wish {
  try {
    return readValues(parseArgs({ args: [...args], options: OPTIONS }).values);
  } catch (error) {
    if (!isUsageError(error)) throw error;
    return problem(`${error.message.split('. ')[0]}. --help says what there is.`);
  }
}

function readValues(values: ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values']): Wish {
  if (values.help) return { kind: 'help' };
  if (values.list) return { kind: 'list' };
  const scenario = SCENARIOS.find(({ name }) => name === values.scenario);
  if (!scenario) return problem(`There is no scenario "${values.scenario}"; --list names them all.`);
  const viewers = values.viewers === undefined ? scenario.viewersDefault : Number(values.viewers);
  if (!Number.isSafeInteger(viewers) || viewers < 1)
    return problem(`--viewers takes a whole number above 0, not "${values.viewers}".`);
  if (values.sweep) return { kind: 'sweep', viewers, seeds: values.seed.split(','), isJson: values.json };
  const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
  if (seconds !== undefined && !(seconds >= SECONDS_MIN && Number.isFinite(seconds)))
    return problem(`--seconds takes a number of at least ${SECONDS_MIN}, not "${values.seconds}".`);
  const lagMs = Number(values.lag);
  if (!(lagMs > 0 && Number.isFinite(lagMs)))
    return problem(`--lag takes milliseconds above 0, not "${values.lag}".`);
  const { seed, json: isJson, trace: isTraced, plot } = values;
  return { kind: 'run', run: { scenario, viewers, seed, seconds, lagMs, isJson, isTraced, plot } };
}
