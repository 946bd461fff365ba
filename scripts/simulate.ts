/**
 * `npm run simulate -- --scenario NAME`: plays one scenario of the simulator and says how it went. The same seed
 * plays the same run, event by event.
 */

import { parseArgs } from 'node:util';
import { SafetyError } from '../test/sim/checkers/checker.js';
import { SCENARIOS } from '../test/sim/scenarios/index.js';
import { type Scenario, ScenarioError } from '../test/sim/scenarios/scenario.js';
import type { World } from '../test/sim/world.js';

const HELP = `npm run simulate -- [--scenario NAME] [--viewers N] [--seed S] [--json] [--trace]

  --scenario NAME  what to play (default: steady); --list names them all
  --viewers N      how many viewers (default: the scenario's own number)
  --seed S         any text; the same seed plays the same run (default: 1)
  --json           ends with one line of JSON
  --trace          writes one line for every event to standard error
  --list           names the scenarios
  --help           says this`;

const EXIT_BROKEN = 1;
const EXIT_USAGE = 2;

type Arguments = {
  readonly scenario: Scenario;
  readonly viewers: number;
  readonly seed: string;
  readonly isJson: boolean;
  readonly isTraced: boolean;
};

/** Everything that is said about a run in one line of JSON. */
function reportOf(args: Arguments, world: World, wallSec: number): Record<string, unknown> {
  const { measurements } = world;
  let skipped = 0;
  for (const node of world.nodes) skipped += node.session.stats(node.now()).chunksSkipped;
  const rounded = (value: number): number => Math.round(value * 10) / 10;
  return {
    scenario: args.scenario.name,
    viewers: args.viewers,
    seed: args.seed,
    delivered: measurements.delivered,
    skipped,
    startMs: { p50: rounded(measurements.startMs(0.5)), p95: rounded(measurements.startMs(0.95)) },
    delayMs: {
      p50: measurements.delayMs(0.5),
      p99: measurements.delayMs(0.99),
      max: measurements.delayMs(1),
    },
    refused: measurements.refused,
    traceHash: world.trace.hash,
    wallSec: rounded(wallSec),
    rssMiB: Math.round(process.memoryUsage().rss / 1024 / 1024),
  };
}

function printSummary(args: Arguments, world: World, wallSec: number): void {
  const { measurements } = world;
  const ms = (value: number): string => `${value.toFixed(0)} ms`;
  console.log(`${args.scenario.name}: ${args.scenario.summary}`);
  console.log(
    `  ${args.viewers} viewers, ${(world.clock.now / 1000).toFixed(0)} s of the world in ${wallSec.toFixed(1)} s, seed ${args.seed}`,
  );
  console.log(`  delivered ${measurements.delivered} chunks; ${measurements.refused} refusals`);
  console.log(`  first chunk: p50 ${ms(measurements.startMs(0.5))}, p95 ${ms(measurements.startMs(0.95))}`);
  console.log(
    `  delay: p50 ${ms(measurements.delayMs(0.5))}, p99 ${ms(measurements.delayMs(0.99))}, max ${ms(measurements.delayMs(1))}`,
  );
  console.log(`  ${world.trace.count} events, hash ${world.trace.hash}`);
}

function play(args: Arguments): number {
  const { scenario, viewers, seed } = args;
  const onLine = args.isTraced ? (line: string): void => void process.stderr.write(`${line}\n`) : undefined;
  const startedMs = performance.now();
  try {
    const world = scenario.run({ seed, viewers, onLine });
    const wallSec = (performance.now() - startedMs) / 1000;
    printSummary(args, world, wallSec);
    if (args.isJson) console.log(JSON.stringify(reportOf(args, world, wallSec)));
    return 0;
  } catch (error) {
    if (!(error instanceof SafetyError) && !(error instanceof ScenarioError)) throw error;
    console.error(`${scenario.name} failed: ${error.message}`);
    console.error(
      `Repeat it with: npm run simulate -- --scenario ${scenario.name} --viewers ${viewers} --seed ${seed} --trace`,
    );
    return EXIT_BROKEN;
  }
}

function readArguments(): Arguments | number {
  const { values } = parseArgs({
    options: {
      scenario: { type: 'string', default: 'steady' },
      viewers: { type: 'string' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      trace: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (values.list) {
    for (const { name, summary } of SCENARIOS) console.log(`${name.padEnd(14)} ${summary}`);
    return 0;
  }
  const scenario = SCENARIOS.find(({ name }) => name === values.scenario);
  if (!scenario) {
    console.error(`There is no scenario "${values.scenario}"; --list names them all.`);
    return EXIT_USAGE;
  }
  const viewers = values.viewers === undefined ? scenario.viewersDefault : Number(values.viewers);
  if (!Number.isSafeInteger(viewers) || viewers < 1) {
    console.error(`--viewers takes a whole number above 0, not "${values.viewers}".`);
    return EXIT_USAGE;
  }
  return { scenario, viewers, seed: values.seed, isJson: values.json, isTraced: values.trace };
}

function main(): number {
  try {
    const args = readArguments();
    return typeof args === 'number' ? args : play(args);
  } catch (error) {
    const isUsage =
      error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
    if (!isUsage) throw error;
    console.error(`${error.message.split('. ')[0]}. --help says what there is.`);
    return EXIT_USAGE;
  }
}

process.exitCode = main();
