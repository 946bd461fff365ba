/**
 * `npm run simulate -- --scenario NAME`: plays one scenario of the simulator and says how it went. The same seed
 * plays the same run, event by event.
 */

import { writeFileSync } from 'node:fs';
import { Limits } from '@freshet/proto';
import { boundMsOf } from '../test/sim/bound.js';
import { playCells } from '../test/sim/cells.js';
import { SafetyError } from '../test/sim/checkers/checker.js';
import type { Figures } from '../test/sim/figures.js';
import { SCENARIOS } from '../test/sim/scenarios/index.js';
import { ScenarioError } from '../test/sim/scenarios/scenario.js';
import { formatRow, runSweep, SWEEP_HEADING, type SweepRow } from '../test/sim/tree/sweep.js';
import { playTree } from '../test/sim/tree/tree-figures.js';
import { HELP, type RunArguments, readArguments, type Wish } from './simulation/arguments.js';
import { drawRun } from './simulation/plot.js';
import { type Outcome, reportOf, summaryOf } from './simulation/report.js';

const EXIT_BROKEN = 1;
const EXIT_USAGE = 2;

function writePlot(run: RunArguments, figures: Figures): void {
  if (run.plot === undefined) return;
  const title = `${run.scenario.name}: ${run.viewers} viewers`;
  const detail = `${run.scenario.summary} Seed ${run.seed}.`;
  writeFileSync(run.plot, drawRun(figures, { title, detail, lagMs: run.lagMs ?? Limits.PLAYOUT_LAG_MS }));
  console.log(`  drawn to ${run.plot}`);
}

function sayFailure(run: RunArguments, what: string): void {
  const { scenario, viewers, seed, model } = run;
  const more = model === 'tree' ? ' --model tree' : ' --trace';
  const seconds = run.seconds === undefined ? '' : ` --seconds ${run.seconds}`;
  console.error(`${scenario.name} failed: ${what}`);
  console.error(
    `Repeat it with: npm run simulate -- --scenario ${scenario.name} --viewers ${viewers} --seed ${seed}${seconds}${more}`,
  );
}

async function playEvents(run: RunArguments): Promise<Omit<Outcome, 'wallSec'>> {
  const onLine = run.isTraced ? (line: string): void => void process.stderr.write(`${line}\n`) : undefined;
  const figures = await playCells(run.scenario, { ...run, onLine });
  return { figures, boundMs: boundMsOf(figures) };
}

async function play(run: RunArguments): Promise<number> {
  const startedMs = performance.now();
  try {
    const played = run.model === 'tree' ? await playTree(run) : await playEvents(run);
    const outcome = { ...played, wallSec: (performance.now() - startedMs) / 1000 };
    console.log(summaryOf(run, outcome));
    writePlot(run, played.figures);
    const missed = run.scenario.judge?.(played.figures) ?? [];
    for (const wish of missed) sayFailure(run, wish);
    if (run.isJson) console.log(JSON.stringify(reportOf(run, outcome)));
    return missed.length === 0 ? 0 : EXIT_BROKEN;
  } catch (error) {
    if (!(error instanceof SafetyError) && !(error instanceof ScenarioError)) throw error;
    sayFailure(run, error.message);
    return EXIT_BROKEN;
  }
}

function sweep({ viewers, seeds, isCalm, isJson }: Extract<Wish, { kind: 'sweep' }>): number {
  console.log(SWEEP_HEADING);
  const onRow = (row: SweepRow): void => console.log(formatRow(row));
  const rows = runSweep({ viewers, seeds, isCalm, onRow });
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
