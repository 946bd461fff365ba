/**
 * Builds what the commands and tests run: generated codecs into `dist/`, TypeScript, then the browser pages.
 * `npm ci` calls it through `prepare`, so it needs nothing but the installed packages and prints little.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { copyGenerated } from './generated.mjs';
import { findTool, ROOT, runCommand, runNode } from './tool.mjs';

const USAGE = `Usage: node scripts/build.mjs [--no-page]

  --no-page  compile only; leave the browser pages as they are
  --help     show this text`;

const fail = (sentence) => {
  console.error(sentence);
  return 1;
};

const build = async ({ page }) => {
  const compiler = findTool('typescript', 'tsc');
  if (compiler === undefined) {
    const isBuilt = existsSync(join(ROOT, 'broadcaster', 'dist', 'index.js'));
    if (isBuilt) return 0;
    return fail('Cannot build: the development packages are missing. Run "npm ci" without --omit=dev.');
  }
  // Before the compiler: the other packages read proto's declarations from dist.
  copyGenerated();
  if ((await runNode(compiler, ['-b'])) !== 0) {
    return fail('Build failed: the TypeScript errors above must be fixed first.');
  }
  for (const name of page ? ['viewer', 'broadcaster'] : []) {
    if ((await runNode(join(ROOT, name, 'build.mjs'))) !== 0)
      return fail(`Build failed: the browser page could not be bundled (${name}/build.mjs, errors above).`);
  }
  return 0;
};

await runCommand(() => {
  const { values } = parseArgs({
    options: { 'no-page': { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
  });
  if (!values.help) return build({ page: !values['no-page'] });
  console.log(USAGE);
  return 0;
});
