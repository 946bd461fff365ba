/**
 * `node scripts/tidy.mjs`: the house rules that neither compiler nor linter knows, as a program.
 * Each finding is a `file:line` and says what to write instead. The rules are in scripts/tidy/.
 */

import { register } from 'tsx/esm/api';
import { ROOT, runCommand } from './tool.mjs';

register();
const { main } = await import('./tidy/main.ts');
await runCommand(() => main(process.argv.slice(2), ROOT));
