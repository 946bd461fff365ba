/** What `npm run simulate` was asked for. */

import { parseArgs } from 'node:util';
import { SCENARIOS } from '../../test/sim/scenarios/index.js';
import type { Scenario } from '../../test/sim/scenarios/scenario.js';

/** What `--help` says. */
export const HELP = `npm run simulate -- [--scenario NAME] [--viewers N] [--seed S] [--seconds N] [--json] [--trace]

  --scenario NAME  what to play (default: steady); --list names them all
  --viewers N      how many viewers (default: the scenario's own number)
  --model NAME     events: every node runs the real session, every message is an event
                   tree: the real planner, and pieces go down its trees by arithmetic, in cells of a thousand below
                   a tree of relays; only steady (default: events up to 20,000 viewers, tree beyond)
  --seed S         any text; the same seed plays the same run (default: 1)
  --seconds N      stream after everybody has joined, at least 10 (default: the scenario's own; 10 by the tree model)
  --lag MS         how far behind the capture all players are (default: by their distance)
  --json           ends with one line of JSON
  --trace          writes one line for every event to standard error
  --plot FILE.svg  draws delays, depth and offload
  --calm           the tree model without loss and spikes: what the lower bound of the delay can be compared with
  --sweep          plays the tree model over its parameters instead and prints a table; --viewers,
                   --seed (a list with commas) and --calm go with it
  --list           names the scenarios
  --help           says this`;

/** Up to so many viewers a run is played event by event unless it is told otherwise: beyond, that takes hours. */
const EVENTS_VIEWERS_MAX = 20_000;

/** The one scenario that the tree model has. */
const TREE_SCENARIO = 'steady';

/** What plays a run. */
export type Model = 'events' | 'tree';

/** A run to be played. */
export type RunArguments = {
  readonly model: Model;
  readonly scenario: Scenario;
  readonly viewers: number;
  readonly seed: string;
  readonly seconds: number | undefined;
  /** For all players alike; `undefined` where each goes by its distance to the relay. */
  readonly lagMs: number | undefined;
  readonly isJson: boolean;
  readonly isTraced: boolean;
  /** Without loss and spikes; the tree model's alone. */
  readonly isCalm: boolean;
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
      readonly isCalm: boolean;
      readonly isJson: boolean;
    }
  | { readonly kind: 'problem'; readonly problem: string };

const SECONDS_MIN = 10;

const OPTIONS = {
  scenario: { type: 'string', default: 'steady' },
  viewers: { type: 'string' },
  model: { type: 'string' },
  seed: { type: 'string', default: '1' },
  seconds: { type: 'string' },
  lag: { type: 'string' },
  json: { type: 'boolean', default: false },
  trace: { type: 'boolean', default: false },
  plot: { type: 'string' },
  calm: { type: 'boolean', default: false },
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

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

/** What plays this, or a sentence on why nothing does. */
function modelOf(values: Values, scenario: Scenario, viewers: number): Model | { readonly problem: string } {
  const { model } = values;
  if (model !== undefined && model !== 'events' && model !== 'tree')
    return { problem: `--model takes events or tree, not "${model}".` };
  const hasTree = scenario.name === TREE_SCENARIO;
  if (model === 'tree' && !hasTree)
    return {
      problem: `The tree model has no "${scenario.name}", only "${TREE_SCENARIO}": leave --model out.`,
    };
  if (model === undefined && viewers > EVENTS_VIEWERS_MAX && !hasTree)
    return {
      problem: `"${scenario.name}" is played event by event, which takes hours with ${viewers} viewers: choose at most ${EVENTS_VIEWERS_MAX}, or --scenario ${TREE_SCENARIO}, or insist with --model events.`,
    };
  const chosen = model ?? (viewers > EVENTS_VIEWERS_MAX ? 'tree' : 'events');
  if (chosen === 'tree' && values.trace)
    return { problem: 'The tree model has no events to trace: leave --trace out, or add --model events.' };
  if (chosen === 'events' && values.calm)
    return { problem: '--calm is for the tree model: add --model tree.' };
  return chosen;
}

function readValues(values: Values): Wish {
  if (values.help) return { kind: 'help' };
  if (values.list) return { kind: 'list' };
  const scenario = SCENARIOS.find(({ name }) => name === values.scenario);
  if (!scenario) return problem(`There is no scenario "${values.scenario}"; --list names them all.`);
  const viewers = values.viewers === undefined ? scenario.viewersDefault : Number(values.viewers);
  if (!Number.isSafeInteger(viewers) || viewers < 1)
    return problem(`--viewers takes a whole number above 0, not "${values.viewers}".`);
  const { seed, json: isJson, trace: isTraced, calm: isCalm, plot } = values;
  if (values.sweep) return { kind: 'sweep', viewers, seeds: seed.split(','), isCalm, isJson };
  const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
  if (seconds !== undefined && !(seconds >= SECONDS_MIN && Number.isFinite(seconds)))
    return problem(`--seconds takes a number of at least ${SECONDS_MIN}, not "${values.seconds}".`);
  const lagMs = values.lag === undefined ? undefined : Number(values.lag);
  if (lagMs !== undefined && !(lagMs > 0 && Number.isFinite(lagMs)))
    return problem(`--lag takes milliseconds above 0, not "${values.lag}".`);
  const model = modelOf(values, scenario, viewers);
  if (typeof model !== 'string') return problem(model.problem);
  const run = { model, scenario, viewers, seed, seconds, lagMs, isJson, isTraced, isCalm, plot };
  return { kind: 'run', run };
}
