/**
 * `npm run gen-proto`: compiles `proto/schema/*.proto` into the codecs of `proto/src/wire/generated`.
 * With `--check` it only compares, and fails when the committed codecs are stale.
 */

import { register } from 'tsx/esm/api';
import { findTool, ROOT, runCommand } from './tool.mjs';

register();
const { main } = await import('./schema/main.ts');
const pbjs = findTool('protobufjs-cli', 'pbjs');
const pbts = findTool('protobufjs-cli', 'pbts');
if (pbjs === undefined || pbts === undefined) {
  console.error('protobufjs-cli is not installed: run "npm ci" in the repository first.');
  process.exitCode = 1;
} else {
  await runCommand(() => main(process.argv.slice(2), ROOT, { pbjs, pbts }));
}
