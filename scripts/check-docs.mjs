/**
 * `node scripts/check-docs.mjs`: every exported symbol has a docstring, and the close codes of PROTOCOL.md
 * are those of the code. The parts are in scripts/docs/.
 */

import { register } from 'tsx/esm/api';
import { ROOT, runCommand } from './tool.mjs';

register();
const { main } = await import('./docs/main.ts');
await runCommand(() => main(process.argv.slice(2), ROOT));
