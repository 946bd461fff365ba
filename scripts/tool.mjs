/** Runs the repository's own tools (compiler, linter, test runner) as child processes of a script. */

import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's top folder, without a trailing slash. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

/** The JavaScript file behind a package's command, or `undefined` when that package is not installed. */
export const findTool = (packageName, command = packageName) => {
  const folder = join(ROOT, 'node_modules', packageName);
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) return undefined;
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  const path = typeof bin === 'string' ? bin : bin?.[command];
  return path === undefined ? undefined : join(folder, path);
};

/**
 * Runs a JavaScript file with this Node and resolves to its exit code; a signal counts as 1.
 * The child shares stdout and stderr, has no standard input, and is ended when this process is told to end.
 */
export const runNode = (file, args = [], { env = {}, quiet = false } = {}) => {
  const child = spawn(process.execPath, [file, ...args], {
    cwd: ROOT,
    stdio: ['ignore', quiet ? 'ignore' : 'inherit', 'inherit'],
    env: { ...process.env, ...env },
  });
  const forward = (signal) => child.kill(signal);
  process.on('SIGINT', forward);
  process.on('SIGTERM', forward);
  return new Promise((resolve) => {
    const settle = (code) => {
      process.off('SIGINT', forward);
      process.off('SIGTERM', forward);
      resolve(code);
    };
    child.on('error', (error) => {
      console.error(`Could not start ${file}: ${error.message}`);
      settle(1);
    });
    child.on('exit', (code) => settle(code ?? 1));
  });
};

/** Runs an installed package's command, or says in one sentence that it is missing and resolves to 1. */
export const runTool = (packageName, command, args, options) => {
  const file = findTool(packageName, command);
  if (file !== undefined) return runNode(file, args, options);
  console.error(`${packageName} is not installed: run "npm ci" in the repository first.`);
  return Promise.resolve(1);
};

/**
 * Runs a command's body and makes what it returns the exit code. A flag that does not exist is the caller's slip:
 * it gets one sentence and exit code 2, not a stack trace.
 */
export const runCommand = async (body) => {
  try {
    process.exitCode = await body();
  } catch (error) {
    if (!String(error?.code).startsWith('ERR_PARSE_ARGS')) throw error;
    console.error(`${error.message.split('. ')[0]}. Try --help.`);
    process.exitCode = 2;
  }
};
