/**
 * `npm test`: builds, runs all tests with vitest and ends with one line, `N passed, N failed`.
 * Arguments go to vitest. The parts are in scripts/testing/.
 */

import { join } from 'node:path';
import { register } from 'tsx/esm/api';
import { ROOT, runNode, runTool } from './tool.mjs';

const unregister = register();
const { main } = await import('./testing/main.ts');
await unregister();
process.exitCode = await main(process.argv.slice(2), {
  build: () => runNode(join(ROOT, 'scripts', 'build.mjs')),
  runVitest: (args) => runTool('vitest', 'vitest', args),
});
