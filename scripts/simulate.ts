/**
 * `npm run simulate -- --scenario NAME`: plays one scenario of the simulator and says how it went. The same seed
 * plays the same run, event by event.
 */

import { writeFileSync } from 'node:fs';
import { playCells } from '../test/sim/cells.js';
import { SafetyError } from '../test/sim/checkers/checker.js';
import type { Figures } from '../test/sim/figures.js';
import { SCENARIOS } from '../test/sim/scenarios/index.js';
import { ScenarioError } from '../test/sim/scenarios/scenario.js';
import { formatRow, runSweep, SWEEP_HEADING, type SweepRow } from '../test/sim/tree/sweep.js';
import { HELP, type RunArguments, readArguments, type Wish } from './simulation/arguments.js';
import { drawRun } from './simulation/plot.js';
import { reportOf, summaryOf } from './simulation/report.js';

const EXIT_BROKEN = 1;
const EXIT_USAGE = 2;

function writePlot(run: RunArguments, figures: Figures): void {
  if (run.plot === undefined) return;
  const title = `${run.scenario.name}: ${run.viewers} viewers`;
  const detail = `${run.scenario.summary} Seed ${run.seed}.`;
  writeFileSync(run.plot, drawRun(figures, { title, detail, lagMs: run.lagMs }));
  console.log(`  drawn to ${run.plot}`);
}

function sayFailure(run: RunArguments, what: string): void {
  const { scenario, viewers, seed } = run;
  const seconds = run.seconds === undefined ? '' : ` --seconds ${run.seconds}`;
  console.error(`${scenario.name} failed: ${what}`);
  console.error(
    `Repeat it with: npm run simulate -- --scenario ${scenario.name} --viewers ${viewers} --seed ${seed}${seconds} --trace`,
  );
}

async function play(run: RunArguments): Promise<number> {
  const { scenario, viewers, seed, seconds, lagMs } = run;
  const onLine = run.isTraced ? (line: string): void => void process.stderr.write(`${line}\n`) : undefined;
  const startedMs = performance.now();
  try {
    const figures = await playCells(scenario, { seed, viewers, seconds, lagMs, onLine });
    const wallSec = (performance.now() - startedMs) / 1000;
    console.log(summaryOf(run, figures, wallSec));
    writePlot(run, figures);
    const missed = scenario.judge?.(figures) ?? [];
    for (const wish of missed) sayFailure(run, wish);
    if (run.isJson) console.log(JSON.stringify(reportOf(run, figures, wallSec)));
    return missed.length === 0 ? 0 : EXIT_BROKEN;
  } catch (error) {
    if (!(error instanceof SafetyError) && !(error instanceof ScenarioError)) throw error;
    sayFailure(run, error.message);
    return EXIT_BROKEN;
  }
}

function sweep({ viewers, seeds, isJson }: Extract<Wish, { kind: 'sweep' }>): number {
  console.log(SWEEP_HEADING);
  const onRow = (row: SweepRow): void => console.log(formatRow(row));
  const rows = runSweep({ viewers, seeds, isFull: false, isCalm: false, onRow });
  if (isJson) console.log(JSON.stringify(rows));
  return 0;
}

async function main(): Promise<number> {
  const wish = readArguments(process.argv.slice(2));
  switch (wish.kind) {
    case 'help':
      console.log(HELP);
      return 0;
    case 'list':
      for (const { name, summary } of SCENARIOS) console.log(`${name.padEnd(16)} ${summary}`);
      return 0;
    case 'problem':
      console.error(wish.problem);
      return EXIT_USAGE;
    case 'sweep':
      return sweep(wish);
    case 'run':
      return play(wish.run);
  }
}

process.exitCode = await main();
