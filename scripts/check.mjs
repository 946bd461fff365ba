/**
 * `npm run check`: everything that can be said about the code without running it, in one go with a summary.
 * `--only NAME` (repeatable) runs single steps.
 */

import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT, runCommand, runNode, runTool } from './tool.mjs';

const script = (name, ...args) => runNode(join(ROOT, 'scripts', name), args);

const checkTypes = async () => {
  const built = await script('build.mjs', '--no-page');
  if (built !== 0) return built;
  return runTool('typescript', 'tsc', ['-p', 'test/tsconfig.json', '--noEmit']);
};

const STEPS = new Map([
  ['biome', { about: 'format and lint', run: () => runTool('@biomejs/biome', 'biome', ['check', '.']) }],
  ['types', { about: 'packages, tests and scripts compile', run: checkTypes }],
  ['gen-proto', { about: 'the codecs match the schema', run: () => script('gen-proto.mjs', '--check') }],
  ['tidy', { about: 'house rules', run: () => script('tidy.mjs') }],
  ['docs', { about: 'docstrings and protocol tables', run: () => script('check-docs.mjs') }],
  ['knip', { about: 'unused files, exports and packages', run: () => runTool('knip', 'knip', []) }],
]);

const USAGE = `Usage: node scripts/check.mjs [--only NAME]...

Steps:
${[...STEPS].map(([name, { about }]) => `  ${name.padEnd(10)} ${about}`).join('\n')}`;

const check = async (names) => {
  const results = [];
  for (const name of names) {
    const { about, run } = STEPS.get(name);
    console.log(`\n== ${name}: ${about}`);
    const startMs = performance.now();
    const code = await run();
    results.push({ name, isOk: code === 0, seconds: (performance.now() - startMs) / 1000 });
  }
  console.log('\n== summary');
  for (const { name, isOk, seconds } of results) {
    console.log(`${isOk ? 'ok    ' : 'FAILED'} ${name.padEnd(10)} ${seconds.toFixed(1)} s`);
  }
  return results.every(({ isOk }) => isOk) ? 0 : 1;
};

await runCommand(() => {
  const { values } = parseArgs({
    options: { only: { type: 'string', multiple: true }, help: { type: 'boolean', default: false } },
  });
  if (values.help) {
    console.log(USAGE);
    return 0;
  }
  const names = values.only ?? [...STEPS.keys()];
  const unknown = names.find((name) => !STEPS.has(name));
  if (unknown === undefined) return check(names);
  console.error(`There is no step "${unknown}": choose from ${[...STEPS.keys()].join(', ')}.`);
  return 2;
});
